/** prefetch_related: one statement a level, its rows given to the instances that they belong to. */
import { isText, own } from '../meta/kinds.js';
import type { Query } from '../compile/query.js';
import { planSelect } from '../compile/plan.js';
import { orderOf } from '../compile/order.js';
import { ValueError, refuse } from '../errors.js';
import { runRows } from '../execute/run.js';
import type { Expression } from '../expressions/expression.js';
import { argumentsOf } from '../expressions/func.js';
import { RowNumber } from '../expressions/functions/window.js';
import { F } from '../expressions/refs.js';
import { Window } from '../expressions/window.js';
import { decoded } from '../hydrate/generate.js';
import {
  cachedForward,
  column,
  type Instance,
  keyText,
  originOf,
  Kept,
  readCache,
  setColumn,
  valuesOf,
  writeCache,
} from '../hydrate/instance.js';
import { makeReader } from '../hydrate/reader.js';
import { shown } from '../meta/codecs.js';
import type { Field, ForeignKey, Model, Relation } from '../meta/model.js';
import { choicesFor } from '../meta/suggest.js';
import { heldQuery, MODEL, modelOf, STATE } from '../meta/held.js';
import { instancesOf, listOf, plain } from './operation.js';
import type { AsyncQuerySet, Hold, Read } from './queryset.js';
import { addTo } from './row-values.js';
import { FINISH, NEXT } from './symbols.js';
import { notFound } from './exceptions.js';
import { databaseOf } from './context.js';

export interface PrefetchItem {
  readonly path: readonly string[];
  readonly queryset?: AsyncQuerySet | undefined;
  readonly toAttr?: string | undefined;
}

/** What a relation of many has prefetched. */
export interface Prefetched extends Read {
  /** The queryset of a Prefetch: the manager stands on it as long as this is kept. */
  readonly source: AsyncQuerySet | undefined;
}

/** `Prefetch(lookup, queryset, { to_attr })`. */
export class PrefetchLookup implements PrefetchItem {
  readonly path: readonly string[];
  constructor(
    lookup: string,
    readonly queryset?: AsyncQuerySet,
    readonly toAttr?: string,
  ) {
    if (!isText(lookup) || lookup === '') refuse(`Prefetch() takes the path of a relation, got ${shown(lookup)}.`);
    this.path = lookup.split('__');
    const held = heldQuery<Query>(queryset);
    if (queryset !== undefined && (!held || held.shape.query.valuesMode)) {
      refuse('Prefetch querysets cannot use raw(), values(), and values_list().');
    }
  }
}

/** @see https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-objects */
export function Prefetch(lookup: string, ...given: unknown[]): PrefetchLookup {
  const { queryset, to_attr } = argumentsOf<{ queryset: AsyncQuerySet | null; to_attr: string | null }>(
    'Prefetch',
    given,
    ['queryset', 'to_attr'],
  );
  return new PrefetchLookup(lookup, queryset ?? undefined, to_attr ?? undefined);
}

/** What is prefetched after one more `prefetch_related`: null alone takes all of it back. */
export const prefetchItems = (
  before: readonly PrefetchItem[],
  lookups: readonly unknown[],
  query: Query,
): readonly PrefetchItem[] =>
  lookups.length === 1 && lookups[0] === null
    ? []
    : [...before, ...lookups.map((lookup) => prefetchItem(lookup, query))];

/** What `prefetch_related` was given, its first names checked at once. */
function prefetchItem(lookup: unknown, query: Query): PrefetchItem {
  const item = isText(lookup) ? new PrefetchLookup(lookup) : lookup;
  if (!(item instanceof PrefetchLookup))
    refuse(`prefetch_related() takes paths and Prefetch(…), got ${shown(lookup)}.`);
  const first = item.path[0] as string;
  if (query.filteredRelations.has(first)) refuse('prefetch_related() is not supported with FilteredRelation.');
  const { model } = query;
  // A name that is none of this model's may be the to_attr of an earlier lookup: that is known when it runs.
  if (model.members.get(first)?.kind === 'field') throw notRelation(model, item.path, first);
  if (item.path.length === 1) checkToAttr(model, item.toAttr);
  return item;
}

function checkToAttr(model: Model, toAttr = ''): void {
  // To set that one is to change what the instance is.
  if (toAttr === '__proto__' || model.members.get(toAttr)?.kind === 'field')
    refuse(`to_attr=${toAttr} conflicts with a field on the ${model.name} model.`);
}

const notRelation = (model: Model, path: readonly string[], name: string): Error =>
  new ValueError(
    `Cannot find '${name}' on ${model.name} object, '${path.join('__')}' is an invalid parameter to prefetch_related().` +
      choicesFor(name, [...model.accessors.keys()]),
  );

/**
 * Loads relations of instances that are there already; what they have is not asked for again. Gives the same instances.
 * @throws ValueError for what is no instance, for instances of several models, for a path that is none
 * @see https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related-objects
 */
export async function prefetch_related_objects(
  instances: Iterable<unknown>,
  ...lookups: unknown[]
): Promise<readonly unknown[]> {
  const given = listOf(instances, 'prefetch_related_objects() takes a list of instances');
  if (given.length === 0) return given;
  const model = modelOf(given[0]);
  if (!model) refuse(`prefetch_related_objects() takes instances, got ${shown(given[0])}.`);
  const objects = instancesOf(model, given, 'prefetch_related_objects');
  const { query } = relatedQuerySet(model, undefined)[STATE].shape;
  await prefetchObjects(
    objects,
    lookups.map((lookup) => prefetchItem(lookup, query)),
  );
  return objects;
}

/** Loads the relations of instances. */
export async function prefetchObjects(instances: readonly Instance[], items: readonly PrefetchItem[]): Promise<void> {
  if (instances.length === 0) return;
  const done = new Map<string, Instance[]>();
  for (const item of items) {
    let objects: readonly Instance[] = instances;
    let prefix = '';
    for (let level = 0; level < item.path.length && objects.length > 0; level++) {
      const isLast = level === item.path.length - 1;
      const name = item.path[level] as string;
      const stored = isLast ? (item.toAttr ?? name) : name;
      prefix += `${prefix && '__'}${stored}`;
      const known = done.get(prefix);
      if (known) {
        if (isLast && item.queryset) {
          refuse(
            `'${item.path.join('__')}' lookup was already seen with a different queryset. You may need to adjust the ordering of your lookups.`,
          );
        }
        objects = known;
        continue;
      }
      objects = await loadLevel(objects, name, isLast ? item : undefined, item);
      done.set(prefix, objects as Instance[]);
    }
  }
}

async function loadLevel(
  objects: readonly Instance[],
  name: string,
  item: PrefetchItem | undefined,
  whole: PrefetchItem,
): Promise<Instance[]> {
  const model = (objects[0] as Instance)[MODEL];
  const relation = model.accessors.get(name);
  if (!relation) {
    // An earlier to_attr: its lists are the objects of this level.
    const lists = objects.map((o) => own(o as unknown as Record<string, unknown>, name));
    if (lists.some((list) => list !== undefined) && model.members.get(name)?.kind !== 'field')
      return collectInstances(lists);
    throw notRelation(model, whole.path, name);
  }
  const toAttr = item?.toAttr;
  checkToAttr(model, toAttr);
  // Those that have it already (select_related, an assignment) are not asked again.
  const missing = toAttr === undefined ? objects.filter((o) => cachedOf(o, relation) === undefined) : objects;
  if (missing.length > 0) await loadRelation(missing, relation, item?.queryset, toAttr);
  return collectInstances(
    objects.map((o) =>
      toAttr === undefined ? cachedOf(o, relation) : (o as unknown as Record<string, unknown>)[toAttr],
    ),
  );
}

/** What a relation has loaded. */
export function cachedOf(object: Instance, relation: Relation): unknown {
  if (relation.kind === 'forward') return cachedForward(object, relation);
  const cached = readCache(object, relation.accessor as string);
  return relation.single ? cached : (cached as Prefetched | undefined)?.rows;
}

function collectInstances(items: readonly unknown[]): Instance[] {
  const given = items.flat().filter((item) => item !== null && item !== undefined);
  return [...new Set(given as Instance[])];
}

/** All rows of a model, from a database. */
export function relatedQuerySet(model: Model, using: Hold['using']): AsyncQuerySet {
  const { aobjects } = model.cls as { aobjects: AsyncQuerySet };
  return using === undefined ? aobjects : aobjects.using(using);
}

async function loadRelation(
  objects: readonly Instance[],
  relation: Relation,
  queryset: AsyncQuerySet | undefined,
  toAttr: string | undefined,
): Promise<void> {
  const { using, fetchMode } = originOf(objects[0] as Instance);
  let source = queryset ?? relatedQuerySet(relation.target, using).fetch_mode(fetchMode);
  if (queryset && using !== undefined && queryset[STATE].hold.using === undefined) source = source.using(using);
  const isForward = relation.kind === 'forward';
  // A slice is one of each object's rows: there is no queryset of it to go on from.
  const isFiltered = queryset !== undefined && !queryset[STATE].shape.query.isSliced;
  const key = (relation.through?.near ?? relation.key) as ForeignKey;
  const near = isForward ? key.columns : key.targetColumns;
  await loadDeferred(objects, near);
  const wanted = new Map<string, unknown[]>();
  for (const object of objects) {
    const values = valuesOf(object, near);
    if (!values.some((v) => v === null || v === undefined)) wanted.set(keyText(values), values);
  }
  const found = wanted.size > 0 ? await rowsOf(source, relation, key, [...wanted.values()]) : new Map();
  // What a row knows of the object that it was read for.
  const back = isForward
    ? relation.inverse?.single && relation.inverse.accessor
    : relation.kind === 'reverse' && key.name;
  for (const object of objects) {
    const rows: Instance[] = found.get(keyText(valuesOf(object, near))) ?? [];
    if (back) for (const row of rows) writeCache(row, back, object);
    give(object, relation, relation.single ? (rows[0] ?? null) : rows, toAttr, isFiltered ? source : undefined);
  }
}

/** Reads what only() or defer() left out of stored rows, for all of them at once; what was set since stays. */
export async function loadDeferred(objects: readonly Instance[], fields: readonly Field[]): Promise<void> {
  const stored = objects.filter((o) => !originOf(o).adding && valuesOf(o, fields).includes(undefined));
  const [first] = stored;
  if (!first) return;
  const rows = (await relatedQuerySet(first[MODEL], originOf(first).using)
    .filter({ pk__in: stored.map((o) => o.pk ?? null) })
    .only(...fields.map((field) => field.name))
    .eval()) as Instance[];
  const byKey = new Map(rows.map((row) => [keyText([row.pk]), row]));
  for (const object of stored) {
    const row = byKey.get(keyText([object.pk]));
    if (!row) throw notFound(object[MODEL]);
    for (const field of fields) if (column(object, field) === undefined) setColumn(object, field, column(row, field));
  }
}

/** The related rows of these keys, by key. */
async function rowsOf(
  source: AsyncQuerySet,
  relation: Relation,
  key: ForeignKey,
  keys: readonly unknown[][],
): Promise<Map<string, Instance[]>> {
  const lists = new Map<string, Instance[]>();
  const far = relation.kind === 'forward' ? key.targetColumns : key.columns;
  const isMany = relation.kind === 'm2m';
  const name = isMany ? (relation.inverse as Relation).name : (far[0] as Field).name;
  // A key of several columns has a name, or its columns are asked for each: what else they bring is nobody's.
  const whole = far === key.columns ? key.name : far.every((field, i) => field === key.target.primaryKey[i]) && 'pk';
  const condition =
    far.length > 1 && whole
      ? { [`${whole}__in`]: keys }
      : Object.fromEntries(
          far.map((field, i) => [`${isMany ? name : field.name}__in`, keys.map((values) => values[i])]),
        );
  if (isMany || source[STATE].shape.query.isSliced) {
    for (const [row, value] of await keyedRows(source, condition, new F(name)))
      addTo(lists, keyText(isMany ? [value] : valuesOf(row, far)), row);
  } else {
    const rows = (await source.filter(condition).eval()) as Instance[];
    await loadDeferred(rows, far);
    for (const row of rows) addTo(lists, keyText(valuesOf(row, far)), row);
  }
  return lists;
}

/** @param source the queryset of a Prefetch */
function give(
  object: Instance,
  relation: Relation,
  value: unknown,
  toAttr: string | undefined,
  source: AsyncQuerySet | undefined,
): void {
  if (toAttr !== undefined) (object as unknown as Record<string, unknown>)[toAttr] = value;
  else if (!relation.single) {
    const list: Prefetched = { rows: value as unknown[], reading: undefined, source };
    writeCache(object, relation.accessor as string, list);
  } else if (value === null && relation.kind === 'forward')
    writeCache(object, relation.name, new Kept(object, relation.key as ForeignKey, null));
  else writeCache(object, relation.accessor as string, value);
}

const KEY = '__prefetch_key';
const ROW = '__prefetch_row';

/** Rows with the key that they belong to; of a sliced queryset, the slice of each key's rows. */
async function keyedRows(
  source: AsyncQuerySet,
  condition: Record<string, unknown>,
  key: Expression,
): Promise<[Instance, unknown][]> {
  const { query } = source[STATE].shape;
  const { low, high } = query;
  const sliced = query.isSliced;
  const whole = sliced ? source[NEXT](plain('whole', (q) => q.clearLimits())) : source;
  const keyed = whole.filter(condition)[NEXT](
    plain(`key;${key.key()}${sliced ? `;${low}:${high ?? ''}` : ''}`, (q) => {
      q.addAnnotation(key, KEY);
      if (q.groupBy !== undefined && q.groupBy !== true)
        q.groupBy = [...q.groupBy, q.annotations.get(KEY) as Expression];
      if (sliced) q.addAnnotation(Window(RowNumber(), { partition_by: [key], order_by: ordered(q) }), ROW);
    }),
  );
  const { shape, values, hold } = keyed[STATE];
  const plan = shape.plan('prefetch', () => {
    const cut = (text: string): string => {
      if (!sliced) return text;
      const most = high === undefined ? '' : ` AND "${ROW}" <= ${high}`;
      return `SELECT * FROM (${text}) "sliced" WHERE "${ROW}" > ${low}${most} ORDER BY "${ROW}"`;
    };
    const {
      query: selected,
      layout,
      statement,
    } = planSelect(shape.query, shape.params, cut, { columnAliases: sliced });
    if (!statement) return null;
    const at = layout.items.findIndex((item) => item.alias === KEY);
    const annotations = layout.annotations.filter((name) => name !== KEY && name !== ROW);
    return {
      statement,
      at,
      decode: layout.items[at]?.expression.output?.decode,
      read: makeReader({ ...layout, annotations }, selected),
    };
  });
  if (!plan) return [];
  const raw = await runRows(databaseOf(hold), plan.statement, values);
  const rows = plan.read(raw, hold.using, hold.fetchMode) as Instance[];
  await keyed[FINISH](rows);
  return rows.map((row, i) => [row, decoded(raw[i]?.[plan.at] ?? null, plan.decode)]);
}

function ordered(query: Query): Expression[] {
  const order = query.ordering.map(orderOf);
  return query.standardOrdering ? order : order.map((o) => o.reverse_ordering());
}
