/** The base of every model's instances. Columns are own properties; all else lives on the prototype or in private fields. */
import { isArray, isObject, own } from '../meta/kinds.js';
import { inspect } from 'node:util';
import { ValueError, refuse } from '../errors.js';
import { shown } from '../meta/codecs.js';
import type { Field, ForeignKey, Model, Relation } from '../meta/model.js';
import { didYouMean } from '../meta/suggest.js';
import { MODEL, modelOf } from '../meta/held.js';
import type { DrizzleDatabase } from '../drivers/session.js';

/** Which database an instance came from: an alias, or a database given to `using`. */
export type Using = string | DrizzleDatabase | undefined;

/** Given to a constructor by the reader of rows, which fills the columns itself. */
export const HYDRATE: unique symbol = Symbol('hydrate');

export interface SaveOptions {
  readonly force_insert?: boolean;
  readonly force_update?: boolean;
  readonly using?: Using;
  readonly update_fields?: readonly string[] | null;
}

/** Where an instance comes from; one record for all rows of a query. */
export interface Origin {
  /** Not in the database yet. */
  readonly adding: boolean;
  readonly using: Using;
  readonly fetchMode: FetchMode;
  /** The rows that were loaded together: a relation of one may be fetched for all. */
  readonly peers: readonly Instance[] | undefined;
}
export type FetchMode = 'one' | 'peers' | 'raise';

const NEW: Origin = { adding: true, using: undefined, fetchMode: 'one', peers: undefined };
const LOADED: Origin = { ...NEW, adding: false };

/** The origin of rows that were read. */
export const loadedFrom = (using: Using, fetchMode: FetchMode = 'one', peers?: readonly Instance[]): Origin =>
  using === undefined && fetchMode === 'one'
    ? LOADED
    : { adding: false, using, fetchMode, peers: fetchMode === 'peers' ? peers : undefined };

export let originOf: (instance: Instance) => Origin;
export let setOrigin: (instance: Instance, origin: Origin) => void;
/** The object or list that a relation has loaded. */
export let readCache: (instance: Instance, name: string) => unknown;
export let writeCache: (instance: Instance, name: string, value: unknown) => void;
/** Forgets what a relation has loaded, or what all have. */
export let dropCache: (instance: Instance, name?: string) => void;

export abstract class Instance {
  declare readonly [MODEL]: Model;
  #origin: Origin = NEW;
  #cache: Map<string, unknown> | undefined;

  static {
    originOf = (instance) => instance.#origin;
    setOrigin = (instance, origin) => {
      instance.#origin = origin;
    };
    readCache = (instance, name) => instance.#cache?.get(name);
    writeCache = (instance, name, value) => {
      instance.#cache ??= new Map();
      instance.#cache.set(name, value);
    };
    dropCache = (instance, name) => {
      if (name === undefined) instance.#cache = undefined;
      else instance.#cache?.delete(name);
    };
  }

  constructor(values?: unknown) {
    if (values !== HYDRATE) initialize(this, values);
  }

  /** The primary key's value; an array where it has several columns. */
  get pk(): unknown {
    const keys = this[MODEL].primaryKey;
    return keys.length === 1 ? column(this, keys[0] as Field) : valuesOf(this, keys);
  }
  set pk(value: unknown) {
    const keys = this[MODEL].primaryKey;
    if (keys.length === 1) setColumn(this, keys[0] as Field, value);
    else for (const [i, f] of keys.entries()) setColumn(this, f, (value as unknown[])[i]);
  }

  /** The same row: the same model and the same primary key; unsaved instances equal themselves alone. */
  equals(other: unknown): boolean {
    const { primaryKey } = this[MODEL];
    return (
      this === other ||
      (modelOf(other) === this[MODEL] &&
        hasValues(this, primaryKey) &&
        primaryKey.every((field) => isSame(column(this, field), column(other as Instance, field))))
    );
  }

  toString(): string {
    const { pk } = this;
    return `${this[MODEL].name} object (${pk === undefined || pk === null ? 'None' : String(pk)})`;
  }

  [inspect.custom](_depth: number, options: object): string {
    return `${this[MODEL].name} ${inspect({ ...this }, options)}`;
  }
}

/** The database has it: it was read or written there. */
export function markLoaded(instance: Instance, using: Using): void {
  const { fetchMode, peers } = originOf(instance);
  setOrigin(instance, loadedFrom(using, fetchMode, peers));
}

export const column = (instance: Instance, field: Field): unknown =>
  (instance as unknown as Record<string, unknown>)[field.name];
/** Neither NULL nor left out. */
export const hasValue = (instance: Instance, field: Field): boolean => hasContent(column(instance, field));
export const valuesOf = (instance: Instance, fields: readonly Field[]): unknown[] =>
  fields.map((field) => column(instance, field));
export const hasValues = (instance: Instance, fields: readonly Field[]): boolean =>
  fields.every((field) => hasValue(instance, field));
export function setColumn(instance: Instance, field: Field, value: unknown): void {
  (instance as unknown as Record<string, unknown>)[field.name] = value;
}

/** What a column has before it is saved: its default, NULL where it may be, or nothing yet. */
function initial(field: Field): unknown {
  const { drizzle } = field;
  if (drizzle.defaultFn) return drizzle.defaultFn();
  if (drizzle.default !== undefined && !isSql(drizzle.default)) return ownCopy(drizzle.default);
  return field.nullable && !drizzle.hasDefault && !field.generated ? null : undefined;
}
/** A value that one row may change and another keep: lists and documents are copied. */
function ownCopy(value: unknown): unknown {
  if (isArray(value)) return value.map(ownCopy);
  if ((value as object | null | undefined)?.constructor !== Object) return value;
  return Object.fromEntries(Object.entries(value as object).map(([key, part]) => [key, ownCopy(part)]));
}
const isSql = (value: unknown): boolean => isObject(value) && 'queryChunks' in value;

/** `new Pizza({ … })`: columns by key, relations by instance, `pk`. */
function initialize(instance: Instance, values: unknown): void {
  const model = instance[MODEL];
  if (values !== undefined && (!isObject(values) || isArray(values))) {
    refuse(`${model.name}() takes an object of fields, got ${shown(values)}.`);
  }
  const given = (values ?? {}) as Record<string, unknown>;
  const record = instance as unknown as Record<string, unknown>;
  for (const field of model.fields) {
    const value = own(given, field.name);
    record[field.name] = value === undefined ? initial(field) : value;
  }
  for (const name of Object.keys(given)) {
    if (given[name] === undefined) continue;
    const member = model.members.get(name);
    if (member?.kind === 'field') continue;
    if (name === 'pk') instance.pk = given.pk;
    else if (member?.kind === 'forward') assignForward(record, given, member);
    else throw unknownName(model, name);
  }
}

/** A relation that is given beside its own column: the column is the later word, as in Django. */
function assignForward(record: Record<string, unknown>, given: Record<string, unknown>, relation: Relation): void {
  record[relation.name] = given[relation.name];
  for (const { name } of (relation.key as NonNullable<Relation['key']>).columns)
    if (given[name] !== undefined) record[name] = given[name];
}

/** What is said of a name that a row cannot be written by. */
export function unknownName(model: Model, name: string): TypeError {
  const names = [...model.members.keys()].filter((n) => model.isWritten(n));
  const member = model.members.get(name) as Relation | undefined;
  const why = member ? ` '${name}' is a relation of many: use its manager, a$${member.accessor}.` : '';
  return new ValueError(
    `${model.name} has no field '${name}'.${didYouMean(name, names)}${why} Choices are: ${names.join(', ')}`,
  );
}

/** What stands where an instance of a relation's other side should. */
export const wrongInstance = ({ model, target, accessor }: Relation, value: unknown): ValueError =>
  new ValueError(
    `Cannot assign ${modelOf(value) ? `"${value}"` : shown(value)}: "${model.name}.${accessor}" must be a "${target.name}" instance.`,
  );

/** The columns that hold a forward relation's key, set from an instance. */
export function assignRelated(instance: Instance, relation: Relation, value: unknown): void {
  const key = relation.key as NonNullable<Relation['key']>;
  const other = relation.inverse?.single ? relation.inverse.accessor : undefined;
  if (value === null || value === undefined) {
    const old = cachedForward(instance, relation);
    if (old && other) writeCache(old, other, null);
    for (const field of key.columns) setColumn(instance, field, null);
    writeCache(instance, relation.name, null);
    return;
  }
  if (modelOf(value) !== relation.target) throw wrongInstance(relation, value);
  key.columns.forEach((field, i) => {
    setColumn(instance, field, column(value as Instance, key.targetColumns[i] as Field) ?? null);
  });
  const object = value as Instance;
  writeCache(instance, relation.name, isSaved(object, key) ? object : new Kept(instance, key, object));
  if (other) writeCache(object, other, instance);
}

/** It has the key that a foreign key points to, and a primary key. */
export const isSaved = (object: Instance, key: ForeignKey): boolean =>
  hasValues(object, [...key.targetColumns, ...object[MODEL].primaryKey]);

/** What a relation leads to as long as its key stays: nothing, or an object that was assigned before it was saved. */
export class Kept {
  readonly #values: readonly unknown[];
  constructor(
    instance: Instance,
    readonly key: ForeignKey,
    readonly object: Instance | null,
  ) {
    this.#values = valuesOf(instance, key.columns);
  }
  isOf(instance: Instance): boolean {
    return this.key.columns.every((f, i) => isSame(column(instance, f), this.#values[i]));
  }
}

/** The cached object of a forward relation, where it still is that of the key. */
export function cachedForward(instance: Instance, relation: Relation): Instance | null | undefined {
  const cached = readCache(instance, relation.name) as Instance | Kept | null | undefined;
  const key = relation.key as NonNullable<Relation['key']>;
  if (cached === undefined) return undefined;
  if (cached instanceof Kept) return cached.isOf(instance) ? cached.object : undefined;
  if (cached === null) return hasValues(instance, key.columns) ? undefined : null;
  const same = key.columns.every((f, i) => {
    const near = column(instance, f);
    // A key that was deferred has not changed.
    return near === undefined || isSame(near, column(cached, key.targetColumns[i] as Field) ?? null);
  });
  return same ? cached : undefined;
}

/** The same row in an object of its own. */
export function copyInstance(instance: Instance): Instance {
  const cls = instance.constructor as new (values: typeof HYDRATE) => Instance;
  const copy = Object.assign(new cls(HYDRATE), ownCopy({ ...instance }));
  setOrigin(copy, originOf(instance));
  return copy;
}

/** A key as text: dates, bytes and documents are equal by what they hold. */
export const keyText = (values: readonly unknown[]): string =>
  values.length === 1 ? partText(values[0]) : JSON.stringify(values.map(partText));

function partText(value: unknown): string {
  if (!isObject(value)) return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
}

/** Two values of one column, or of a key and what it points to. */
const isSame = (a: unknown, b: unknown): boolean =>
  a === b || (hasContent(a) && hasContent(b) && partText(a) === partText(b));
const hasContent = (value: unknown): boolean => value !== null && value !== undefined;
