/** The terminals that read. */
import { isNumber, isText, own } from '../meta/kinds.js';
import { aggregateQuery, countQuery, emptyAggregate } from '../compile/aggregate.js';
import { planSelect } from '../compile/plan.js';
import type { DrizzleDatabase } from '../drivers/session.js';
import { NotImplementedError, NotSupportedError, TransactionManagementError, refuse } from '../errors.js';
import { runRows } from '../execute/run.js';
import { openCursor } from '../execute/cursor.js';
import type { Expression } from '../expressions/expression.js';
import { Col } from '../expressions/refs.js';
import { namedExpressions } from './operations.js';
import type { AsyncQuerySet, ReadPlan } from './queryset.js';
import { refuseCombined, refuseSliced } from '../compile/refuse.js';
import { type Query, type ValuesMode, valueNames } from '../compile/query.js';
import type { Shape } from '../state/shape.js';
import { RowIterator } from './row-iterator.js';
import { AT, CACHED, NEXT } from './symbols.js';
import { decoded } from '../hydrate/generate.js';
import { makeReader, valuesReader } from '../hydrate/reader.js';
import { column, type Instance } from '../hydrate/instance.js';
import { isOptions } from '../expressions/func.js';
import type { Field, Model } from '../meta/model.js';
import { inTransaction } from '../execute/transaction.js';
import { loadOne } from './loader.js';
import { type ModelClass, notFound } from './exceptions.js';
import { listOf, nameKey, withExpressions } from './operation.js';
import { loadDeferred } from './prefetch.js';
import { modelOf, STATE } from '../meta/held.js';
import { databaseOf } from './context.js';

/** The database that is read. Rows are locked in a transaction only. */
export function readFrom(qs: AsyncQuerySet): DrizzleDatabase {
  const { shape, hold } = qs[STATE];
  const db = databaseOf(hold);
  if (shape.query.forUpdate && !shape.query.combined && !inTransaction(db))
    throw new TransactionManagementError('select_for_update cannot be used outside of a transaction.');
  return db;
}

/** How many rows `get` looks at to say how many there were. */
const MOST = 21;

/** The only row, or undefined; more than one is an error. */
export async function findOne(qs: AsyncQuerySet, args: readonly unknown[]): Promise<unknown> {
  const { shape, hold } = qs[STATE];
  if (args.length > 0) refuseCombined(shape.query, 'get(...) with filters');
  const found = args.length === 0 ? qs.all() : qs.filter(...args);
  const { shape: filtered } = found[STATE];
  const rows = await found[AT](filtered.plan('one', () => limited(found, filtered.query))).eval();
  if (rows.length <= 1) return rows[0];
  const { model } = hold;
  throw new (model.cls as ModelClass).MultipleObjectsReturned(
    `get() returned more than one ${model.name} -- it returned ${rows.length < MOST ? rows.length : `more than ${MOST - 1}`}!`,
  );
}

/** The shape of what `get` looks at. */
function limited(found: AsyncQuerySet, query: Query): Shape<Query> {
  if (query.isSliced) return found[STATE].shape;
  // The order of the one row is no matter, unless rows were chosen by it.
  const isOrdered = query.orderBy.length > 0 || (query.defaultOrdering && query.model.ordering.length > 0);
  const unordered = isOrdered && query.distinctFields.length === 0 ? found.order_by() : found;
  return unordered.slice(0, MOST)[STATE].shape;
}

export function get(qs: AsyncQuerySet, args: readonly unknown[]): Promise<unknown> {
  const missing = () => notFound(qs[STATE].hold.model);
  let asked: ReturnType<typeof uniqueKey>;
  try {
    asked = uniqueKey(qs, args);
  } catch (error) {
    return Promise.reject(error);
  }
  if (asked) return loadOne(qs, [asked.field], [asked.value], missing);
  return findOne(qs, args).then((row) => {
    // A flat NULL is a row.
    if (row !== undefined) return row;
    throw missing();
  });
}

/**
 * `get({ id: 1 })` of all rows by a unique key, outside a transaction: calls of one tick are one statement.
 * Inside a transaction every call is its own, in its order among the others.
 */
function uniqueKey(qs: AsyncQuerySet, args: readonly unknown[]): { field: Field; value: unknown } | undefined {
  const { shape, hold } = qs[STATE];
  const [lookups] = args;
  if (
    args.length !== 1 ||
    shape !== hold.root ||
    hold.prefetch.length > 0 ||
    hold.fetchMode !== 'one' ||
    !isOptions(lookups)
  )
    return undefined;
  const [name, ...more] = Object.keys(lookups);
  if (name === undefined || more.length > 0) return undefined;
  const value = lookups[name];
  if (!isNumber(value) && !isText(value)) return undefined;
  const field = name === 'pk' ? soleKey(hold.model) : hold.model.members.get(name);
  if (field?.kind !== 'field' || !field.unique) return undefined;
  if (inTransaction(databaseOf(hold))) return undefined;
  // What is wrong is this call's own error, before it joins the others.
  field.type.encode(value);
  return { field, value };
}
const soleKey = (model: Model): Field | undefined => (model.primaryKey.length === 1 ? model.primaryKey[0] : undefined);

/** By the primary key, where nothing else says which row is the first. Groups must have it, or they would be others. */
function ordered(qs: AsyncQuerySet, method: string): AsyncQuerySet {
  if (qs.ordered) return qs;
  const { groupBy, model } = qs[STATE].shape.query;
  const has = (field: Field) =>
    typeof groupBy !== 'object' || groupBy.some((group) => group instanceof Col && group.target === field);
  if (!model.primaryKey.every(has)) {
    refuse(
      `Cannot use QuerySet.${method}() on an unordered queryset performing aggregation. Add an ordering with order_by().`,
    );
  }
  return qs.order_by(...model.primaryKey.map((f) => f.name));
}

export async function first(qs: AsyncQuerySet): Promise<unknown> {
  const [row] = await ordered(qs, 'first').slice(0, 1).eval();
  return row ?? null;
}
export async function last(qs: AsyncQuerySet): Promise<unknown> {
  const [row] = await ordered(qs, 'last').reverse().slice(0, 1).eval();
  return row ?? null;
}

export async function latest(qs: AsyncQuerySet, fields: readonly string[], newest: boolean): Promise<unknown> {
  const { shape, hold } = qs[STATE];
  const order = fields.length > 0 ? fields : hold.model.getLatestBy;
  if (!order) {
    refuse(
      "earliest() and latest() require either fields as positional arguments or 'get_latest_by' in the model's Meta.",
    );
  }
  refuseSliced(shape.query, 'change a query');
  const by = qs.order_by(...order);
  return get((newest ? by.reverse() : by).slice(0, 1), []);
}

export async function count(qs: AsyncQuerySet): Promise<number> {
  const cached = qs[CACHED];
  if (cached) return cached.length;
  const { shape, values, hold } = qs[STATE];
  const plan = shape.plan('count', () => planSelect(countQuery(shape.query), shape.params));
  const [row] = await runRows(databaseOf(hold), plan.statement, values);
  return Number(row?.[0] ?? 0);
}

export async function exists(qs: AsyncQuerySet): Promise<boolean> {
  const cached = qs[CACHED];
  if (cached) return cached.length > 0;
  const { shape, values } = qs[STATE];
  const plan = shape.plan('exists', () => planSelect(shape.query.forExists(), shape.params));
  if (!plan.statement) return false;
  return (await runRows(readFrom(qs), plan.statement, values)).length > 0;
}

export async function contains(qs: AsyncQuerySet, object: unknown): Promise<boolean> {
  const { shape, hold } = qs[STATE];
  refuseCombined(shape.query, 'contains()');
  if (shape.query.valuesMode) refuse('Cannot call QuerySet.contains() after .values() or .values_list().');
  const model = modelOf(object);
  if (!model) refuse("'obj' must be a model instance.");
  if (model !== hold.model) return false;
  const instance = object as Instance;
  if (instance.pk === null || instance.pk === undefined)
    refuse('QuerySet.contains() cannot be used on unsaved objects.');
  const cached = qs[CACHED];
  if (cached) return cached.some((row) => instance.equals(row));
  if (shape.query.isSliced) return (await qs.eval()).some((row) => instance.equals(row));
  return exists(qs.filter({ pk: instance.pk }));
}

export async function aggregate(qs: AsyncQuerySet, args: readonly unknown[]): Promise<Record<string, unknown>> {
  const { shape, hold } = qs[STATE];
  if (shape.query.distinctFields.length > 0)
    throw new NotImplementedError('aggregate() + distinct(fields) not implemented.');
  const named = namedExpressions(args, 'aggregate');
  const names = [...named.keys()];
  if (names.length === 0) return {};
  // A step of the trie, so that its values are checked and its plan is kept like any other.
  const operation = withExpressions(`G${nameKey(names)}`, [...named.values()], (query, bound) =>
    aggregateQuery(query, new Map(names.map((name, i) => [name, bound[i] as Expression]))),
  );
  const { shape: step, values } = qs[NEXT](operation)[STATE];
  const plan = step.plan('aggregate', () => {
    const { annotations } = step.query;
    const always = names.some((name) => (annotations.get(name) as Expression).emptyResult === undefined);
    const made = planSelect(step.query, step.params, undefined, { always });
    return {
      ...made,
      decoders: made.statement ? made.layout.items.map((i) => i.expression.output?.decode) : [],
    };
  });
  // Aggregates that are known beforehand leave a SELECT of constants, which has a row for each of the table's or none.
  const [row] = await runRows(databaseOf(hold), plan.statement, values);
  const out: Record<string, unknown> = {};
  for (const [name, expression] of named) {
    if (row) {
      const at = plan.layout.items.findIndex((item) => item.alias === name);
      out[name] = decoded(row[at] ?? null, plan.decoders[at]);
    }
    // Of this call's own expressions: a default is a value, and no part of the shape.
    else out[name] = emptyAggregate(expression, step.query.annotations.get(name)?.output);
  }
  return out;
}

export async function inBulk(
  qs: AsyncQuerySet,
  ids: Iterable<unknown> | null | undefined,
  options: { field_name?: string },
): Promise<Map<unknown, unknown>> {
  const { shape, hold } = qs[STATE];
  const { field_name = 'pk' } = options;
  if (shape.query.isSliced) refuse("Cannot use 'limit' or 'offset' with in_bulk().");
  if (field_name === 'pk' && hold.model.primaryKey.length > 1)
    throw new NotSupportedError('in_bulk() needs a key of one column: name it with field_name.');
  const field = field_name === 'pk' ? hold.model.pk : hold.model.field(field_name);
  if (
    field_name !== 'pk' &&
    !field.unique &&
    !(shape.query.distinctFields.length === 1 && shape.query.distinctFields[0] === field_name)
  ) {
    refuse(`in_bulk()'s field_name must be a unique field but '${field_name}' isn't.`);
  }
  let found = shape.query.combined ? qs.all() : qs.filter();
  if (ids !== undefined && ids !== null) {
    const list = listOf(ids, 'in_bulk() takes a list of ids');
    if (list.length === 0) return new Map();
    found = found.filter({ [`${field_name}__in`]: list });
    const { distinctFields, orderBy } = shape.query;
    // An order makes groups of what it is by. Of DISTINCT ON it says which row is meant, where it was asked for.
    if (distinctFields.length === 0 || orderBy.length === 0) found = found.order_by();
  }
  const { valuesMode } = shape.query;
  if (valuesMode) return keyedValues(found, field_name, valuesMode);
  const rows = (await found.eval()) as Instance[];
  await loadDeferred(rows, [field]);
  return new Map(rows.map((row) => [column(row, field), row]));
}

/** Rows of values by a key: it is asked for beside what they hold. */
async function keyedValues(qs: AsyncQuerySet, key: string, mode: ValuesMode): Promise<Map<unknown, unknown>> {
  const { query } = qs[STATE].shape;
  refuseCombined(query, 'in_bulk() of values');
  const asked = mode.names ?? [];
  const names = [...asked, ...valueNames(query).filter((name) => !asked.includes(name))];
  const rows = (await qs.values_list(key, ...names).eval()) as unknown[][];
  const values = valuesReader(mode, names)(rows.map((row) => row.slice(1)));
  return new Map(rows.map(([found], i) => [found, values[i]]));
}

/** The statement of a shape's rows, and what reads them. */
export const readPlan = (shape: Shape<Query>): ReadPlan =>
  shape.plan('select', () => {
    const plan = planSelect(shape.query, shape.params);
    return { ...plan, read: plan.statement ? makeReader(plan.layout, plan.query) : () => [] };
  });

/** Rows as they come, a chunk at a time, through a cursor on the server. */
export function iterator(
  qs: AsyncQuerySet,
  options: { chunk_size?: number },
  finish: (rows: unknown[]) => Promise<void> | undefined,
): RowIterator {
  const { chunk_size = 2000 } = options;
  if (!Number.isSafeInteger(chunk_size) || chunk_size <= 0) refuse('Chunk size must be strictly positive.');
  const { shape, values, hold } = qs[STATE];
  const plan = readPlan(shape);
  const map = async (chunk: readonly (readonly unknown[])[]) => {
    const rows = plan.read(chunk, hold.using, hold.fetchMode);
    await finish(rows);
    return rows;
  };
  // FETCH counts to here: more than that is all.
  const most = Math.min(chunk_size, 2 ** 31 - 1);
  return new RowIterator(chunks());

  async function* chunks() {
    if (plan.statement) yield* openCursor(readFrom(qs), plan.statement, values, most, map, hold.prefetch.length === 0);
    return undefined;
  }
}

/** The options that are no switch, and what they may be. */
const EXPLAIN_WORDS: Record<string, readonly string[]> = {
  format: ['TEXT', 'JSON', 'XML', 'YAML'],
  serialize: ['NONE', 'TEXT', 'BINARY'],
};
const EXPLAIN_SWITCHES = 'analyze verbose costs settings generic_plan buffers wal timing summary memory'.split(' ');

export async function explain(qs: AsyncQuerySet, options: Record<string, unknown>): Promise<string> {
  const { shape, values } = qs[STATE];
  const parts: string[] = [];
  for (const [name, value] of Object.entries(options)) {
    const words = own(EXPLAIN_WORDS, name);
    if (words) {
      if (value === null || value === undefined) continue;
      const word = String(value).toUpperCase();
      if (!words.includes(word))
        refuse(`${String(value)} is not a recognized ${name}. Allowed ${name}s: ${words.join(', ')}.`);
      parts.push(`${name.toUpperCase()} ${word}`);
      continue;
    }
    if (!/^[A-Za-z_]+$/.test(name)) refuse(`Invalid option name: ${JSON.stringify(name)}.`);
    if (!EXPLAIN_SWITCHES.includes(name.toLowerCase())) refuse(`Unknown options: ${name}`);
    parts.push(`${name.toUpperCase()} ${value ? 'true' : 'false'}`);
  }
  const prefix = `EXPLAIN ${parts.length > 0 ? `(${parts.join(', ')}) ` : ''}`;
  const plan = planSelect(shape.query, shape.params, (text) => prefix + text);
  if (!plan.statement) refuse('This queryset can match no row.');
  const rows = await runRows(readFrom(qs), plan.statement, values);
  return rows.map((row) => (isText(row[0]) ? row[0] : JSON.stringify(row[0]))).join('\n');
}
