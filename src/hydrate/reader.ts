/** Driver arrays → instances, objects, tuples or single values, by a reader that is made once per shape. */
import { HYDRATE, type Instance, markLoaded, type Using, writeCache } from './instance.js';
import type { Query } from '../compile/query.js';
import type { RelatedInfo } from '../compile/related.js';
import type { Layout } from '../compile/select.js';
import type { Field, Model } from '../meta/model.js';

export type Row = readonly unknown[];
export type Reader = (rows: readonly Row[], using: Using) => unknown[];
type Decode = ((raw: unknown) => unknown) | undefined;
type InstanceClass = new (values: typeof HYDRATE) => Instance;

export function makeReader(layout: Layout, query: Query): Reader {
  const decoders = layout.items.map((item) => item.expression.output?.decode);
  const mode = query.rowMode;
  if (mode.kind === 'instance') return instanceReader(layout, query, decoders);
  const { names } = layout;
  if (mode.kind === 'flat') return flatReader(decoders);
  const order = mode.names ? orderOf(mode.names, names) : names.map((_, i) => i);
  const keys = order.map((i) => names[i] as string);
  const decode = order.map((i) => decoders[i]);
  if (mode.kind === 'dict') return dictReader(keys, order, decode);
  if (mode.kind === 'tuple') return tupleReader(order, decode);
  return namedReader(keys, order, decode);
}

/** Columns in the order in which they were asked for, each time that they were; what was added later comes after. */
function orderOf(wanted: readonly string[], names: readonly string[]): number[] {
  const taken = new Set<number>();
  const order: number[] = [];
  for (const name of wanted) {
    let at = names.findIndex((n, i) => n === name && !taken.has(i));
    if (at < 0) at = names.indexOf(name);
    if (at < 0) continue;
    taken.add(at);
    order.push(at);
  }
  for (let i = 0; i < names.length; i++) if (!taken.has(i)) order.push(i);
  return order;
}

const value = (raw: unknown, decode: Decode): unknown =>
  decode === undefined || raw === null ? raw : decode(raw);

function flatReader([decode]: readonly Decode[]): Reader {
  return decode === undefined
    ? (rows) => rows.map((row) => row[0])
    : (rows) => rows.map((row) => value(row[0], decode));
}

function tupleReader(order: readonly number[], decode: readonly Decode[]): Reader {
  const width = order.length;
  const inPlace = order.every((at, i) => at === i) && decode.every((d) => d === undefined);
  // Nothing to decode and nothing to move: the driver's own rows are the answer.
  if (inPlace) return (rows) => rows.map((row) => (row.length === width ? row : row.slice(0, width)));
  return (rows) =>
    rows.map((row) => {
      const out = new Array<unknown>(width);
      for (let i = 0; i < width; i++) out[i] = value(row[order[i] as number], decode[i]);
      return out;
    });
}

function dictReader(keys: readonly string[], order: readonly number[], decode: readonly Decode[]): Reader {
  const width = keys.length;
  return (rows) =>
    rows.map((row) => {
      const out: Record<string, unknown> = {};
      for (let i = 0; i < width; i++)
        define(out, keys[i] as string, value(row[order[i] as number], decode[i]));
      return out;
    });
}

/** Sets a property whatever its name is: a column may be called `__proto__`. */
function define(target: Record<string, unknown>, key: string, item: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value: item, enumerable: true, writable: true, configurable: true });
  else target[key] = item;
}

/** A tuple whose items have names too. */
function namedReader(keys: readonly string[], order: readonly number[], decode: readonly Decode[]): Reader {
  const shape: PropertyDescriptorMap = {};
  keys.forEach((key, i) => {
    shape[key] = {
      get(this: unknown[]) {
        return this[i];
      },
      configurable: true,
    };
  });
  const prototype = Object.create(Array.prototype, { ...shape, _fields: { value: keys } }) as object;
  return (rows) =>
    rows.map(
      (row) =>
        Object.setPrototypeOf(
          order.map((at, i) => value(row[at], decode[i])),
          prototype,
        ) as unknown[],
    );
}

/** Fills an object's columns from a row. */
type Fill = (target: Record<string, unknown>, row: Row) => void;

function filler(names: readonly string[], first: number, decoders: readonly Decode[]): Fill {
  const own = names.map((_, i) => decoders[first + i]);
  const width = names.length;
  return (target, row) => {
    for (let i = 0; i < width; i++) {
      const raw = row[first + i];
      const decode = own[i];
      target[names[i] as string] = decode === undefined || raw === null ? raw : decode(raw);
    }
  };
}

interface RelatedReader {
  read(row: Row, using: Using): Instance | null;
  attach(owner: Instance, related: Instance | null): void;
}

function classOf(model: Model): InstanceClass {
  return model.cls as InstanceClass;
}

function relatedReader(info: RelatedInfo, decoders: readonly Decode[]): RelatedReader {
  const cls = classOf(info.model);
  const fill = filler(
    info.fields.map((f: Field) => f.name),
    info.first,
    decoders,
  );
  const keyAt = info.fields.findIndex((f) => f.primaryKey);
  const keyColumn = info.first + Math.max(keyAt, 0);
  const below = info.related.map((r) => relatedReader(r, decoders));
  const { relation, cacheName } = info;
  const { inverse } = relation;
  const back =
    relation.single && inverse?.single
      ? inverse.kind === 'forward'
        ? inverse.name
        : inverse.accessor
      : relation.kind === 'reverse' && inverse
        ? inverse.name
        : undefined;
  return {
    read(row, using) {
      if (row[keyColumn] === null) return null;
      const instance = new cls(HYDRATE);
      fill(instance as unknown as Record<string, unknown>, row);
      markLoaded(instance, using);
      for (const reader of below) reader.attach(instance, reader.read(row, using));
      return instance;
    },
    attach(owner, related) {
      writeCache(owner, cacheName, related);
      if (related && back !== undefined) writeCache(related, back, owner);
    },
  };
}

function instanceReader(layout: Layout, query: Query, decoders: readonly Decode[]): Reader {
  const cls = classOf(query.model);
  const { names } = layout;
  const columns = names.slice(layout.firstColumn, layout.firstColumn + layout.columns);
  const fill = filler(columns, layout.firstColumn, decoders);
  const afterColumns = layout.firstColumn + layout.columns;
  const fillAnnotations = filler(layout.annotations, afterColumns, decoders);
  const fillExtra = filler(layout.extra, 0, decoders);
  const related = layout.related.map((info) => relatedReader(info, decoders));
  const hasExtra = layout.extra.length > 0;
  const hasAnnotations = layout.annotations.length > 0;
  return (rows, using) => {
    const out = new Array<unknown>(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as Row;
      const instance = new cls(HYDRATE);
      const target = instance as unknown as Record<string, unknown>;
      fill(target, row);
      if (hasExtra) fillExtra(target, row);
      if (hasAnnotations) fillAnnotations(target, row);
      markLoaded(instance, using);
      for (const reader of related) reader.attach(instance, reader.read(row, using));
      out[i] = instance;
    }
    return out;
  };
}
