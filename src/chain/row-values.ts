/** The values of rows that are written: which are given, how they travel, what comes back. */
import type { Query } from '../compile/query.js';
import { type Assignment, type Conflict, writableField } from '../compile/write.js';
import { refuse, refuseName } from '../errors.js';
import { toOperand } from '../expressions/base.js';
import { Expression } from '../expressions/expression.js';
import { isComputed } from '../expressions/operand.js';
import { decoded } from '../hydrate/generate.js';
import { column, hasValue, type Instance, isSaved, setColumn, valuesOf } from '../hydrate/instance.js';
import { modelOf } from '../meta/held.js';
import type { Field, ForeignKey, Model } from '../meta/model.js';
import { Param } from '../meta/param.js';

/** What a value is in an assignment, and its place or expression. */
export function assigned(model: Model, name: string, value: unknown, params: Param[]): Assignment {
  const field = writableField(model, name);
  if (value === null || value === undefined) return { field, value: null };
  if (isComputed(value)) return { field, value: toOperand(value).bind(params) };
  const param = new Param(value);
  params.push(param);
  param.require((v) => void field.type.encode(v));
  return { field, value: param };
}

/** An instance given for a foreign key stands for its key. */
export function plainValue(model: Model, name: string, value: unknown): unknown {
  const given = modelOf(value);
  if (!given) return value;
  const member = model.members.get(name);
  const relation = member?.kind === 'field' ? member.relation : member;
  if (relation?.kind !== 'forward' || relation.target !== given) {
    refuse(`Cannot assign "${value}" to ${model.name}.${name}.`);
  }
  return keyColumns(model, name, value, relation.key as ForeignKey)[0];
}

/** The columns of the key of an instance that is given. */
function keyColumns(model: Model, name: string, value: unknown, key: ForeignKey): unknown[] {
  if (!isSaved(value as Instance, key))
    refuse(`${model.name}.${name} was given an unsaved ${key.target.name}: save it first.`);
  return valuesOf(value as Instance, key.targetColumns);
}

/** A composite foreign key that is given by an instance or null, as its columns; all else as it is. */
export function ownColumns(model: Model, name: string, value: unknown): [string, unknown][] {
  const member = model.members.get(name);
  const key = member?.kind === 'forward' ? member.key : undefined;
  if (!key || key.columns.length === 1 || (value !== null && modelOf(value) !== key.target)) return [[name, value]];
  const columns = value === null ? [] : keyColumns(model, name, value, key);
  return key.columns.map((field, i) => [field.name, columns[i] ?? null]);
}

/** The fields that an instance has a value for; what it lacks the database fills in. A key may make itself. */
export function givenFields(model: Model, instance: Instance): Field[] {
  for (const key of model.primaryKey)
    if (!hasValue(instance, key) && key.drizzle.defaultFn) setColumn(instance, key, key.drizzle.defaultFn());
  return model.fields.filter((f) => {
    if (f.generated) return false;
    const value = column(instance, f);
    return value !== undefined && !(value === null && f.primaryKey);
  });
}

/** What an INSERT gives back: the columns that were not given. */
export const filledFields = (model: Model, given: readonly Field[]): Field[] =>
  model.fields.filter((f) => !given.includes(f));

/** Columns that the database filled in. */
export function readBack(instance: Instance, fields: readonly Field[], row: readonly unknown[]): void {
  fields.forEach((field, i) => {
    setColumn(instance, field, decoded(row[i] ?? null, field.type.decode));
  });
}

/** An assignment resolved against the query whose rows are written. */
export function resolveAssigned(query: Query, { field, value }: Assignment, inserting = false): Assignment {
  if (!(value instanceof Expression)) return { field, value };
  const resolved = value.resolve(query, { allowJoins: false });
  if (inserting && resolved.containsColumns)
    refuse(
      `Failed to insert expression "${value}" on ${field.model.name}.${field.name}. F() expressions can only be used to update, not to insert.`,
    );
  const refused = resolved.containsAggregate ? 'Aggregate functions' : resolved.containsOver && 'Window expressions';
  if (refused) refuseName(`${refused} are not allowed in this query (${field.name}=${value}).`, field.name);
  return { field, value: resolved };
}

/** A default may be a function that makes it. */
export const called = (value: unknown): unknown => (typeof value === 'function' ? (value as () => unknown)() : value);

/**
 * Columns as part of a key, and which of them are NULL and so written as such. A name says where it ends, for it may
 * hold any sign.
 */
export function columnsKey(fields: readonly Field[], valueOf?: (field: Field) => unknown): string {
  let key = '';
  for (const field of fields) key += `${field.name.length}${valueOf?.(field) === null ? 'n' : ':'}${field.name}`;
  return key;
}

/** What is to happen to rows that are there already, as part of a key. */
export const conflictKey = (conflict: Conflict | undefined): string =>
  conflict ? `|${conflict.ignore}${columnsKey(conflict.unique)}>${columnsKey(conflict.update)}` : '';

/** Adds an item to the list of its key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, item: V): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}
