/** prefetch_related: one statement a level, its rows given to the instances that they belong to. */
import type { Query } from '../compile/query.js';
import { planSelect } from '../compile/plan.js';
import { orderOf } from '../compile/select.js';
import { ValueError } from '../errors.js';
import { runRows } from '../execute/run.js';
import type { Expression } from '../expressions/expression.js';
import { RowNumber } from '../expressions/functions/window.js';
import { F } from '../expressions/refs.js';
import { Window } from '../expressions/window.js';
import { cachedForward, column, type Instance, originOf, Missing, readCache, writeCache } from '../hydrate/instance.js';
import { makeReader } from '../hydrate/reader.js';
import { shown } from '../meta/codecs.js';
import type { Field, ForeignKey, Model, Relation } from '../meta/model.js';
import { didYouMean } from '../meta/suggest.js';
import { heldQuery, MODEL, STATE } from '../meta/held.js';
import { plain } from './operations.js';
import type { AsyncQuerySet, Hold } from './queryset.js';
import { addTo } from './row-values.js';
import { FINISH, NEXT } from './symbols.js';
import { databaseOf } from './context.js';

export interface PrefetchItem {
  readonly path: readonly string[];
  readonly queryset: AsyncQuerySet | undefined;
  readonly toAttr: string | undefined;
}

/** `Prefetch(lookup, queryset, { to_attr })`. */
export class PrefetchLookup implements PrefetchItem {
  readonly path: readonly string[];
  constructor(
    lookup: string,
    readonly queryset: AsyncQuerySet | undefined,
    readonly toAttr: string | undefined,
  ) {
    if (typeof lookup !== 'string' || lookup === '')
      throw new ValueError(`Prefetch() takes the path of a relation, got ${shown(lookup)}.`);
    this.path = lookup.split('__');
    const held = heldQuery<Query>(queryset);
    if (queryset !== undefined && held?.shape.query.rowMode.kind !== 'instance') {
      throw new ValueError('Prefetch querysets cannot use raw(), values(), and values_list().');
    }
  }
}

/** @see https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-objects */
export function Prefetch(lookup: string, second?: unknown, third?: { to_attr?: string | null }): PrefetchLookup {
  const isQuerySet = heldQuery(second) !== undefined;
  const options = (isQuerySet || second === null || second === undefined ? third : second) as
    | { queryset?: AsyncQuerySet | null; to_attr?: string | null }
    | undefined;
  const queryset = isQuerySet ? (second as AsyncQuerySet) : options?.queryset;
  return new PrefetchLookup(lookup, queryset ?? undefined, options?.to_attr ?? undefined);
}

/** What `prefetch_related` was given, its first names checked at once. */
export function prefetchItem(lookup: unknown, query: Query): PrefetchItem {
  const item =
    lookup instanceof PrefetchLookup
      ? lookup
      : typeof lookup === 'string'
        ? new PrefetchLookup(lookup, undefined, undefined)
        : undefined;
  if (!item) throw new ValueError(`prefetch_related() takes paths and Prefetch(…), got ${shown(lookup)}.`);
  const first = item.path[0] as string;
  if (query.filteredRelations.has(first))
    throw new ValueError('prefetch_related() is not supported with FilteredRelation.');
  const { model } = query;
  // A name that is none of this model's may be the to_attr of an earlier lookup: that is known when it runs.
  if (model.members.get(first)?.kind === 'field') throw notRelation(model, item.path, first);
  if (item.toAttr !== undefined && model.members.get(item.toAttr)?.kind === 'field' && item.path.length === 1) {
    throw new ValueError(`to_attr=${item.toAttr} conflicts with a field on the ${model.name} model.`);
  }
  return item;
}

function notRelation(model: Model, path: readonly string[], name: string): Error {
  return new ValueError(
    `Cannot find '${name}' on ${model.name} object, '${path.join('__')}' is an invalid parameter to prefetch_related().` +
      `${didYouMean(name, model.accessors.keys())} Choices are: ${[...model.accessors.keys()].join(', ')}`,
  );
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
          throw new ValueError(
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
    const lists = objects.map(
      (o) =>
        readCache(o, name) ?? (Object.hasOwn(o, name) ? (o as unknown as Record<string, unknown>)[name] : undefined),
    );
    if (lists.some((list) => list !== undefined) && model.members.get(name)?.kind !== 'field')
      return collectInstances(lists);
    throw notRelation(model, whole.path, name);
  }
  const toAttr = item?.toAttr;
  if (toAttr !== undefined && model.members.get(toAttr)?.kind === 'field') {
    throw new ValueError(`to_attr=${toAttr} conflicts with a field on the ${model.name} model.`);
  }
  const cached = objects.map((o) => cachedOf(o, relation));
  if (!item?.queryset && toAttr === undefined && cached.every((c) => c !== undefined)) return collectInstances(cached);
  // Those that have it already (select_related, an assignment) are not asked again.
  const missing =
    item?.queryset || toAttr !== undefined || !relation.single
      ? objects
      : objects.filter((_, i) => cached[i] === undefined);
  await loadRelation(missing, relation, item?.queryset, toAttr);
  return collectInstances(
    objects.map((o) =>
      toAttr === undefined ? cachedOf(o, relation) : (o as unknown as Record<string, unknown>)[toAttr],
    ),
  );
}

function cachedOf(object: Instance, relation: Relation): unknown {
  return relation.kind === 'forward' ? cachedForward(object, relation) : readCache(object, relation.accessor as string);
}

function collectInstances(items: readonly unknown[]): Instance[] {
  const out: Instance[] = [];
  for (const item of items.flat()) if (item !== null && item !== undefined) out.push(item as Instance);
  return [...new Set(out)];
}

/** How a related model's rows are asked for: set by define, which knows every model's manager. */
export type ManagerOf = (model: Model, hold: Pick<Hold, 'using'>) => AsyncQuerySet;
let managerOf: ManagerOf;
export function setManagerOf(make: ManagerOf): void {
  managerOf = make;
}
export function relatedQuerySet(model: Model, using: Hold['using']): AsyncQuerySet {
  return managerOf(model, { using });
}

const mark = (values: readonly unknown[]): string =>
  values.length === 1 ? keyText(values[0]) : values.map(keyText).join('\u0001');
/** A key as text: dates and buffers are equal by what they hold. */
function keyText(value: unknown): string {
  if (value instanceof Date) return `d${value.getTime()}`;
  return String(value);
}
const valuesOf = (instance: Instance, fields: readonly Field[]): unknown[] => fields.map((f) => column(instance, f));

async function loadRelation(
  objects: readonly Instance[],
  relation: Relation,
  queryset: AsyncQuerySet | undefined,
  toAttr: string | undefined,
): Promise<void> {
  const using = originOf(objects[0] as Instance).using;
  let source = queryset ?? relatedQuerySet(relation.target, using);
  if (queryset && using !== undefined && queryset[STATE].hold.using === undefined) source = source.using(using);
  if (relation.kind === 'm2m') return loadMany(objects, relation, source, toAttr);
  const key = relation.key as ForeignKey;
  const [near, far] = relation.kind === 'forward' ? [key.columns, key.targetColumns] : [key.targetColumns, key.columns];
  const wanted = new Map<string, unknown[]>();
  for (const object of objects) {
    const values = valuesOf(object, near);
    if (!values.some((v) => v === null || v === undefined)) wanted.set(mark(values), values);
  }
  const byKey = new Map<string, Instance[]>();
  if (wanted.size > 0) {
    const keys = [...wanted.values()];
    const condition =
      far.length === 1
        ? { [`${(far[0] as Field).name}__in`]: keys.map((k) => k[0]) }
        : { [`${relation.kind === 'forward' ? 'pk' : key.name}__in`]: keys };
    const rows = source[STATE].shape.query.isSliced
      ? (await slicedRows(source, condition, new F((far[0] as Field).name))).map(([row]) => row)
      : ((await source.filter(condition).eval()) as Instance[]);
    for (const row of rows) {
      addTo(byKey, mark(valuesOf(row, far)), row);
    }
  }
  const back =
    relation.kind === 'forward' ? (relation.inverse?.single ? relation.inverse.accessor : undefined) : key.name;
  for (const object of objects) {
    const found = byKey.get(mark(valuesOf(object, near))) ?? [];
    if (back !== undefined) for (const row of found) writeCache(row, back, object);
    give(object, relation, relation.single ? (found[0] ?? null) : found, toAttr);
  }
}

function give(object: Instance, relation: Relation, value: unknown, toAttr: string | undefined): void {
  if (toAttr !== undefined) (object as unknown as Record<string, unknown>)[toAttr] = value;
  else if (value === null && relation.kind === 'forward')
    writeCache(object, relation.name, new Missing(valuesOf(object, (relation.key as ForeignKey).columns)));
  else writeCache(object, relation.accessor as string, value);
}

async function loadMany(
  objects: readonly Instance[],
  relation: Relation,
  source: AsyncQuerySet,
  toAttr: string | undefined,
): Promise<void> {
  const near = relation.through?.near as ForeignKey;
  const back = relation.inverse as Relation;
  const keys = new Map<string, unknown>();
  for (const object of objects) {
    const [value] = valuesOf(object, near.targetColumns);
    if (value !== null && value !== undefined) keys.set(keyText(value), value);
  }
  const lists = new Map<string, Instance[]>();
  if (keys.size > 0) {
    for (const [row, value] of await slicedRows(
      source,
      { [`${back.name}__in`]: [...keys.values()] },
      new F(back.name),
    )) {
      addTo(lists, keyText(value), row);
    }
  }
  for (const object of objects)
    give(object, relation, lists.get(keyText(valuesOf(object, near.targetColumns)[0])) ?? [], toAttr);
}

const KEY = '__prefetch_key';
const ROW = '__prefetch_row';

/** Rows with the key that they belong to; of a sliced queryset, the slice of each key's rows. */
async function slicedRows(
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
    const { query: selected, layout, statement } = planSelect(shape.query, shape.params, cut, sliced);
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
  const rows = plan.read(raw, hold.using) as Instance[];
  await keyed[FINISH](rows);
  return rows.map((row, i) => {
    const value = raw[i]?.[plan.at] ?? null;
    return [row, value === null || plan.decode === undefined ? value : plan.decode(value)] as [Instance, unknown];
  });
}

function ordered(query: Query): Expression[] {
  const order = query.ordering.map(orderOf);
  return query.standardOrdering ? order : order.map((o) => o.reversed());
}
