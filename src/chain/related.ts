/** The managers of related rows: reverse foreign keys, and both sides of many-to-many. */
import { getTableConfig } from 'drizzle-orm/pg-core';
import { planWrite } from '../compile/plan.js';
import { columnEncoder, writableFields } from '../compile/write.js';
import { quote } from '../meta/model.js';
import { ValueError, refuse } from '../errors.js';
import { runCount } from '../execute/run.js';
import { together } from '../execute/transaction.js';
import { isOptions, takeOptions } from '../expressions/func.js';
import {
  column,
  dropCache,
  hasValue,
  type Instance,
  keyText,
  originOf,
  readCache,
  unknownName,
  valuesOf,
  writeCache,
} from '../hydrate/instance.js';
import { listEncoder } from '../lookups/comparison.js';
import { shown } from '../meta/codecs.js';
import type { Field, ForeignKey, Model, Relation, Through } from '../meta/model.js';
import { heldQuery, modelOf, STATE } from '../meta/held.js';
import { Param } from '../meta/param.js';
import { same } from '../meta/kinds.js';
import { listOf } from './operation.js';
import { saveInstance } from './save.js';
import { filter } from './operations.js';
import { loadDeferred, type Prefetched, relatedQuerySet } from './prefetch.js';
import { NEXT } from './symbols.js';
import { AsyncManager, AsyncQuerySet, type QueryState } from './queryset.js';
import { assigned, called, columnsKey, plainValue } from './row-values.js';
import type { ModelClass } from './exceptions.js';
import { databaseOf } from './context.js';

const BULK = ['bulk'];
interface BulkOption {
  readonly bulk: boolean;
}

/** Those whose key is none of the others'. */
function without<T>(objects: readonly T[], others: readonly T[], keyOf: (object: T) => unknown): T[] {
  const textOf = (object: T) => keyText([keyOf(object)]);
  const keys = new Set(others.map(textOf));
  return objects.filter((object) => !keys.has(textOf(object)));
}
const pkOf = (object: Instance): unknown => object.pk;

/** `set()` takes a list, or a queryset that is asked for its rows. */
const rowsOf = async (objects: unknown): Promise<unknown[]> =>
  heldQuery(objects)
    ? await (objects as PromiseLike<unknown[]>)
    : listOf(objects as Iterable<unknown>, 'set() takes a list of objects');

function requireSaved(instance: Instance, fields: readonly Field[], accessor: string): void {
  for (const field of fields) {
    if (!hasValue(instance, field))
      refuse(
        `"${instance}" needs to have a value for field "${field.name}" before '${accessor}' can be used: ${originOf(instance).adding ? 'save' : 'load'} it first.`,
      );
  }
}

/** All rows of a relation, or those of them that are a queryset's too. */
function related(instance: Instance, relation: Relation, source?: AsyncQuerySet): QueryState {
  const { using, fetchMode } = originOf(instance);
  const base = source ?? relatedQuerySet(relation.target, using);
  const back = relation.inverse as Relation;
  const { shape, values, hold } = base[NEXT](filter([{ [back.name]: instance }], false, relation.kind === 'm2m'))[
    STATE
  ];
  // What select_related() joined has more of it.
  const know = (row: Instance): void => void (readCache(row, back.name) ?? writeCache(row, back.name, instance));
  const known = relation.kind === 'reverse' ? know : undefined;
  return { shape, values, hold: { ...hold, known, fetchMode } };
}

abstract class RelatedManager extends AsyncManager {
  protected readonly instance: Instance;
  protected readonly relation: Relation;
  constructor(instance: Instance, relation: Relation) {
    const { shape, values, hold } = related(instance, relation);
    super(shape, values, hold);
    this.instance = instance;
    this.relation = relation;
  }
  protected override get read(): Prefetched | undefined {
    return readCache(this.instance, this.relation.accessor as string) as Prefetched | undefined;
  }
  override get [STATE](): QueryState {
    const { source } = this.read ?? {};
    return source ? related(this.instance, this.relation, source) : super[STATE];
  }
  /** The rows of this relation: those that were prefetched, if they were. */
  override all(): AsyncQuerySet {
    const { shape, values, hold } = this[STATE];
    return new AsyncQuerySet(shape, values, hold, this.read);
  }
  protected forget(): void {
    dropCache(this.instance, this.relation.accessor as string);
  }
  protected get database() {
    return databaseOf(this[STATE].hold);
  }
  protected checked(object: unknown): Instance {
    if (modelOf(object) !== this.relation.target) throw this.wrong(object, 'instance');
    return object as Instance;
  }
  protected wrong(object: unknown, wanted: string): ValueError {
    const given = modelOf(object) ? String(object) : shown(object);
    return new ValueError(`'${this.relation.target.name}' ${wanted} expected, got ${given}`);
  }
}

/** The rows whose foreign key points here. */
export class AsyncManyToOneRelatedManager extends RelatedManager {
  protected readonly key: ForeignKey;
  constructor(instance: Instance, relation: Relation) {
    requireSaved(instance, (relation.key as ForeignKey).targetColumns, relation.accessor as string);
    super(instance, relation);
    this.key = relation.key as ForeignKey;
  }
  #withKey(values: Record<string, unknown>): Record<string, unknown> {
    return { ...values, [this.key.name]: this.instance };
  }
  /** The rows as they are before the list is forgotten. */
  #forgotten(): AsyncQuerySet {
    const all = this.all();
    this.forget();
    return all;
  }
  override create(values: Record<string, unknown> = {}) {
    return this.#forgotten().create(this.#withKey(values));
  }
  override get_or_create(values: Record<string, unknown> = {}) {
    return this.#forgotten().get_or_create(this.#withKey(values));
  }
  override update_or_create(values: Record<string, unknown> = {}) {
    return this.#forgotten().update_or_create(this.#withKey(values));
  }

  /** Points these objects' keys here. */
  async add(...given: unknown[]): Promise<void> {
    const { bulk = true } = takeOptions<BulkOption>(given, 'add()', BULK);
    const objects = given.map((o) => this.checked(o));
    const { hold } = this[STATE];
    if (bulk) {
      for (const object of objects) {
        if (originOf(object).adding)
          refuse(`${object} instance isn't saved. Use bulk: false or save the object first.`);
      }
    }
    this.forget();
    if (objects.length === 0) return;
    if (!bulk) {
      await together(this.database, async () => {
        for (const object of objects) {
          this.point(object, this.instance);
          await saveInstance(object, { using: hold.using }, hold.databases);
        }
      });
      return;
    }
    for (const object of objects) this.point(object, this.instance);
    await relatedQuerySet(this.relation.target, hold.using)
      .filter({ pk__in: objects.map((o) => o.pk) })
      .update({ [this.key.name]: this.instance });
  }
  protected point(object: Instance, to: Instance | null): void {
    (object as unknown as Record<string, unknown>)[this.key.name] = to;
  }

  protected async listed(objects: unknown): Promise<Instance[]> {
    return (await rowsOf(objects)).map((o) => this.checked(o));
  }

  /** Makes these the related objects. None of the others can be let go: their keys may not be NULL. */
  async set(objects: unknown, options: { bulk?: boolean; clear?: boolean } = {}): Promise<void> {
    const list = await this.listed(objects);
    await this.add(...list, { bulk: options.bulk ?? true });
  }
}

/** The same where the key may be NULL, so that rows can be let go. */
export class AsyncNullableManyToOneRelatedManager extends AsyncManyToOneRelatedManager {
  /** Sets these objects' keys to NULL. */
  async remove(...given: unknown[]): Promise<void> {
    const { bulk = true } = takeOptions<BulkOption>(given, 'remove()', BULK);
    if (given.length === 0) return;
    const objects = given.map((o) => this.checked(o));
    await loadDeferred(objects, this.key.columns);
    for (const object of objects) {
      if (keyText(valuesOf(object, this.key.columns)) !== keyText(valuesOf(this.instance, this.key.targetColumns))) {
        throw new (this.relation.model.cls as ModelClass).DoesNotExist(`${object} is not related to ${this.instance}.`);
      }
    }
    const rows = this.filter({ pk__in: objects.map((o) => o.pk ?? null) });
    this.forget();
    await this.#release(rows, bulk !== false);
  }
  /** Sets all keys that point here to NULL. */
  async clear(options: { bulk?: boolean } = {}): Promise<void> {
    this.forget();
    await this.#release(this.all(), options.bulk !== false);
  }
  async #release(rows: AsyncQuerySet, bulk: boolean): Promise<void> {
    if (bulk) {
      await rows.order_by().update({ [this.key.name]: null });
      return;
    }
    const { hold } = this[STATE];
    await together(this.database, async () => {
      for (const object of (await rows.eval()) as Instance[]) {
        this.point(object, null);
        await saveInstance(object, { using: hold.using, update_fields: [this.key.name] }, hold.databases);
      }
    });
  }
  /** Makes these the related objects, and no others. */
  override async set(objects: unknown, options: { bulk?: boolean; clear?: boolean } = {}): Promise<void> {
    const list = await this.listed(objects);
    const { bulk = true, clear = false } = options;
    await together(this.database, async () => {
      if (clear) {
        await this.clear({ bulk });
        await this.add(...list, { bulk });
        return;
      }
      const old = (await this.filter().eval()) as Instance[];
      await this.remove(...without(old, list, pkOf), { bulk });
      await this.add(...without(list, old, pkOf), { bulk });
    });
  }
}

/** What a new pair does that is there already, where the table between says itself that a pair is there once. */
function onConflict(model: Model, near: Field, far: Field, given: readonly Field[]): string {
  const { uniqueConstraints, primaryKeys, indexes, columns } = getTableConfig(model.table);
  const unique = indexes.map(({ config }) => config).filter(({ unique }) => unique);
  const keyOf = (columns: readonly unknown[]) => String(columns.map((c) => (c as { name?: string }).name).sort());
  const pair = keyOf([near.drizzle, far.drizzle]);
  // What is unique among some rows alone is no key of the pair, and can be in the way all the same.
  const keys = [...uniqueConstraints, ...primaryKeys, ...unique].map((u) =>
    'where' in u && u.where ? '' : keyOf(u.columns),
  );
  if (!keys.includes(pair)) return '';
  // The pair is named where something else can be in the way too: that is not passed over.
  const others =
    columns.some((c) => c.isUnique) || given.some((f) => f.drizzle.primary) || keys.some((key) => key !== pair);
  return ` ON CONFLICT ${others ? `(${quote(near.column)}, ${quote(far.column)}) ` : ''}DO NOTHING`;
}

/** The rows on the far side of a many-to-many relation. */
export class AsyncManyToManyRelatedManager extends RelatedManager {
  readonly #through: Through;
  constructor(instance: Instance, relation: Relation) {
    requireSaved(instance, (relation.through as Through).near.targetColumns, relation.accessor as string);
    super(instance, relation);
    this.#through = relation.through as Through;
  }
  get #near(): Field {
    return this.#through.near.columns[0] as Field;
  }
  get #far(): Field {
    return this.#through.far.columns[0] as Field;
  }
  get #own(): unknown {
    return column(this.instance, this.#through.near.targetColumns[0] as Field);
  }

  /** The relation, named apart from all others of the far model. */
  get #label(): string {
    return `${this.relation.model.name}.${this.relation.name}`;
  }

  /** The keys of objects that are given as instances or as keys. What is not saved has none: it cannot be added. */
  #keys(objects: readonly unknown[], adding = true): unknown[] {
    const target = this.#through.far.targetColumns[0] as Field;
    const keys = new Map<string, unknown>();
    for (const object of objects) {
      let key: unknown = object;
      if (modelOf(object)) {
        key = column(this.checked(object), target);
        if (key === null || key === undefined) {
          if (!adding) continue;
          refuse(`Cannot add "${object}": the value for field "${this.#through.far.name}" is None. Save it first.`);
        }
      } else if (object === null || object === undefined || isOptions(object)) {
        throw this.wrong(object, 'instance or key');
      } else target.type.encode(object);
      keys.set(keyText([key]), key);
    }
    return [...keys.values()];
  }

  override async create(values?: Record<string, unknown>): Promise<Instance> {
    const { target } = this.relation;
    const [made] = await this.#added(values, async (rest) => [
      await relatedQuerySet(target, this[STATE].hold.using).create(rest),
      true,
    ]);
    return made;
  }
  // Looked for among the related rows; what is created is created on the far model, and then related.
  override get_or_create(values?: Record<string, unknown>): Promise<[Instance, boolean]> {
    return this.#added(values, (rest) => this.all().get_or_create(rest));
  }
  override update_or_create(values?: Record<string, unknown>): Promise<[Instance, boolean]> {
    return this.#added(values, (rest) => this.all().update_or_create(rest));
  }
  /** What is made is related as well. */
  async #added(
    { through_defaults, ...rest }: Record<string, unknown> = {},
    make: (rest: Record<string, unknown>) => Promise<[Instance, boolean]>,
  ): Promise<[Instance, boolean]> {
    this.#checkDefaults(through_defaults);
    return together(this.database, async () => {
      const made = await make(rest);
      if (made[1]) await this.add(made[0], { through_defaults });
      return made;
    });
  }

  /** Relates these objects; those that are related already stay as they are. */
  async add(...given: unknown[]): Promise<void> {
    const { through_defaults } = takeOptions<{ through_defaults: unknown }>(given, 'add()', ['through_defaults']);
    const keys = this.#keys(given);
    this.#checkDefaults(through_defaults);
    this.forget();
    if (keys.length === 0) return;
    await this.#insert(keys, through_defaults as Record<string, unknown> | undefined, false);
  }

  /** `through_defaults` names fields of the table between: asked before anything is sent. */
  #checkDefaults(defaults: unknown): void {
    const { model } = this.#through;
    for (const name of Object.keys(defaults ?? {})) {
      if (name !== 'pk' && !model.isWritten(name)) throw unknownName(model, name);
      if (writableFields(model, name).some((f) => f === this.#near || f === this.#far))
        refuse(`through_defaults: '${name}' is given by the relation.`);
    }
  }

  /** @param some of them are likely to be there: they are looked for, rather than tried */
  async #insert(
    keys: readonly unknown[],
    defaults: Record<string, unknown> | null | undefined,
    some: boolean,
  ): Promise<void> {
    const { model, symmetrical } = this.#through;
    const [near, far] = [this.#near, this.#far];
    const { hold } = this[STATE];
    const given: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(defaults ?? {})) {
      if (value === undefined) continue;
      given[assigned(model, name, null, []).field.name] = plainValue(model, name, called(value));
    }
    const fixed = Object.keys(given).map((name) => model.field(name));
    const made = model.fields.filter(
      (f) =>
        f !== near &&
        f !== far &&
        !(f.name in given) &&
        (f.drizzle.defaultFn !== undefined || f.drizzle.onUpdateFn !== undefined),
    );
    const own = this.#own;
    // A relation to itself is its own other direction.
    const mirrored = symmetrical ? keys.filter((key) => keyText([key]) !== keyText([own])) : [];
    const pairs: [unknown[], unknown[]] = [
      [...keys.map(() => own), ...mirrored],
      [...keys, ...mirrored.map(() => own)],
    ];
    const plan = hold.root.plan(
      `m2m|${this.#label}|${some}|${columnsKey(fixed, (f) => given[f.name])}|${columnsKey(made)}`,
      () => {
        const arrays = [near, far, ...made];
        const params = [...arrays, ...fixed].map((f) => new Param(given[f.name]));
        return planWrite(params, (places) => {
          const table = model.sqlName;
          const conflict = onConflict(model, near, far, fixed);
          const names = [...arrays, ...fixed].map((f) => quote(f.column)).join(', ');
          const lists = arrays
            .map((f, i) => `${places.mark(params[i] as Param, columnEncoder(f))}::${f.type.base}[]`)
            .join(', ');
          const values = fixed.map((f, i) =>
            given[f.name] === null
              ? 'NULL'
              : `${places.mark(params[arrays.length + i] as Param, f.type.encode)}::${f.type.base}`,
          );
          const columns = [...arrays.map((_, i) => `t.c${i}`), ...values].join(', ');
          return (
            `INSERT INTO ${table} (${names}) SELECT ${columns} FROM unnest(${lists}) AS t(${arrays.map((_, i) => `c${i}`).join(', ')})` +
            // Without a constraint that tells, what is there already must be looked for.
            `${!some && conflict ? '' : ` WHERE NOT EXISTS (SELECT 1 FROM ${table} AS e WHERE e.${quote(near.column)} = t.c0 AND e.${quote(far.column)} = t.c1)`}${conflict}`
          );
        });
      },
    );
    const more = made.map((f) => pairs[0].map(() => (f.drizzle.defaultFn ?? f.drizzle.onUpdateFn)?.()));
    await runCount(this.database, plan.statement, [...pairs, ...more, ...fixed.map((f) => given[f.name])]);
  }

  /** DELETE of this instance's rows between: of some keys, of all but some, or of all. */
  async #deleteRows(which: 'in' | 'not in' | 'all', keys: readonly unknown[]): Promise<void> {
    this.forget();
    if (which === 'in' && keys.length === 0) return;
    const { model, symmetrical } = this.#through;
    const [near, far] = [this.#near, this.#far];
    const plan = this[STATE].hold.root.plan(`m2m.delete|${this.#label}|${which}`, () => {
      const own = new Param();
      const list = new Param();
      return planWrite([own, list], (places) => {
        const side = (a: Field, b: Field) => {
          const mine = `${quote(a.column)} = ${places.mark(own, a.type.encode)}`;
          if (which === 'all') return mine;
          const any = `${quote(b.column)} = ANY(${places.mark(list, listEncoder(b.type.encode))}::${b.type.base}[])`;
          return `(${mine} AND ${which === 'in' ? any : `NOT (${any})`})`;
        };
        return `DELETE FROM ${model.sqlName} WHERE ${side(near, far)}${symmetrical ? ` OR ${side(far, near)}` : ''}`;
      });
    });
    await runCount(this.database, plan.statement, [this.#own, keys]);
  }

  /** Takes these objects out of the relation. */
  async remove(...objects: unknown[]): Promise<void> {
    return this.#deleteRows('in', this.#keys(objects, false));
  }
  /** Takes all objects out of the relation. */
  clear(): Promise<void> {
    return this.#deleteRows('all', []);
  }
  /** Makes these the related objects, and no others. */
  async set(
    objects: unknown,
    options: { clear?: boolean; through_defaults?: Record<string, unknown> } = {},
  ): Promise<void> {
    const keys = this.#keys(await rowsOf(objects));
    this.#checkDefaults(options.through_defaults);
    await together(this.database, async () => {
      if (this.read?.source && !options.clear) {
        // What a Prefetch left out is not seen, and stays.
        const seen = this.#keys(await this.filter().eval());
        await this.#deleteRows('in', without(seen, keys, same));
      } else await this.#deleteRows(options.clear || keys.length === 0 ? 'all' : 'not in', keys);
      if (keys.length > 0) await this.#insert(keys, options.through_defaults, true);
    });
  }
}
