/** Driver arrays → instances, objects, tuples or single values, by a reader that is made once per shape. */
import type { Query, ValuesMode } from '../compile/query.js';
import type { RelatedInfo } from '../compile/related.js';
import type { Layout } from '../compile/select.js';
import { decodeInteger } from '../meta/codecs.js';
import type { Relation } from '../meta/model.js';
import { type Decode, decoded, type Make, makeFill, makeObject, makeTuple, type Row } from './generate.js';
import {
  type FetchMode,
  HYDRATE,
  Instance,
  loadedFrom,
  type Origin,
  readCache,
  setOrigin,
  type Using,
  writeCache,
} from './instance.js';

export type Reader = (rows: readonly Row[], using: Using, fetchMode?: FetchMode) => unknown[];
type ValuesReader = (rows: readonly Row[]) => unknown[];
type InstanceClass = new (values: typeof HYDRATE) => Instance;

export function makeReader(layout: Layout, query: Query): Reader {
  // Whole numbers that are united come as the widest of them, of which a driver may make a text.
  const decoders = layout.items.map(
    ({ expression: { output } }) =>
      output?.decode ?? (query.combined && output?.family === 'integer' ? decodeInteger : undefined),
  );
  const mode = query.valuesMode;
  if (!mode) return instanceReader(layout, query, decoders);
  const { names, firstColumn } = layout;
  const { selectWidths } = query;
  if (!selectWidths.some((width) => width > 1)) return valuesReader(mode, names, decoders);
  // The columns of a composite key are one value: a tuple, or null where the row that they are of is missing.
  const spans: [at: number, width: number][] = [];
  for (let at = 0, i = -firstColumn; at < names.length; at += selectWidths[i++] ?? 1)
    spans.push([at, selectWidths[i] ?? 1]);
  const read = valuesReader(
    mode,
    spans.map(([at]) => names[at] as string),
    spans.map(([at, width]) => (width === 1 ? decoders[at] : undefined)),
  );
  const gather = (row: Row): Row =>
    spans.map(([at, width]) => {
      if (width === 1) return row[at];
      const key = row.slice(at, at + width);
      return key.includes(null) ? null : key.map((raw, n) => decoders[at + n]?.(raw) ?? raw);
    });
  return (rows) => read(rows.map(gather));
}

/** Rows that are no instances. */
export function valuesReader(
  mode: ValuesMode,
  names: readonly string[],
  decoders: readonly Decode[] = [],
): ValuesReader {
  if (mode.kind === 'flat') return flatReader(decoders);
  const order = mode.names ? orderOf(mode.names, names) : [...names.keys()];
  if (mode.kind === 'tuple') return tupleReader(order, decoders);
  const keys = order.map((i) => names[i] as string);
  const make = mode.kind === 'dict' ? makeObject(keys, order, decoders) : namedTuple(keys, makeTuple(order, decoders));
  return (rows) => rows.map(make);
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

const flatReader =
  ([decode]: readonly Decode[]): ValuesReader =>
  (rows) =>
    rows.map(([raw]) => decoded(raw, decode));

function tupleReader(order: readonly number[], decoders: readonly Decode[]): ValuesReader {
  const make = makeTuple(order, decoders);
  // Nothing to decode and nothing to move: the driver's own rows are the answer.
  const inPlace = order.every((at, i) => at === i && !decoders[at]);
  return (rows) => (inPlace && rows[0]?.length === order.length ? [...rows] : rows.map(make));
}

/** A tuple whose items have names too. */
function namedTuple(keys: readonly string[], make: Make): Make {
  const shape: PropertyDescriptorMap = { _fields: { value: keys } };
  keys.forEach((key, i) => {
    shape[key] = {
      get(this: unknown[]) {
        return this[i];
      },
      configurable: true,
    };
  });
  const prototype = Object.create(Array.prototype, shape) as object;
  return (row) => Object.setPrototypeOf(make(row), prototype) as unknown;
}

/** Gives an instance what it was read with. */
type Attach = (owner: Instance, row: Row, origin: Origin) => void;

function relatedReader(info: RelatedInfo, decoders: readonly Decode[]): Attach {
  const { name, isFiltered, relation, first, fields } = info;
  const cls = relation.target.cls as InstanceClass;
  const fill = makeFill(
    fields.map((f) => f.name),
    fields.map((_, i) => first + i),
    decoders,
  );
  const keyColumn =
    first +
    Math.max(
      fields.findIndex((f) => f.primaryKey),
      0,
    );
  const below = info.related.map((r) => relatedReader(r, decoders));
  const back = info.isOwn ? backName(relation) : undefined;
  return (owner, row, origin) => {
    let related: Instance | null = null;
    if (row[keyColumn] !== null) {
      related = new cls(HYDRATE);
      fill(related as unknown as Record<string, unknown>, row);
      setOrigin(related, origin);
      for (const attach of below) attach(related, row, origin);
      if (back !== undefined) writeCache(related, back, owner);
    }
    // A filtered relation has no accessor: the row that it found is a property, as an annotation is.
    if (!isFiltered) writeCache(owner, relation.accessor ?? name, related);
    else if (related) (owner as unknown as Record<string, unknown>)[name] = related;
  };
}

/** Joined rows of one relation are each other's peers. */
function makePeers(owners: readonly Instance[], related: readonly RelatedInfo[], using: Using): void {
  for (const { name, relation, related: below } of related) {
    const peers = owners
      .map((owner) => readCache(owner, relation.accessor ?? name))
      .filter((row) => row instanceof Instance);
    for (const row of peers) setOrigin(row, loadedFrom(using, 'peers', peers));
    makePeers(peers, below, using);
  }
}

/** Under which name a related object knows the object that it was read with. */
function backName(relation: Relation): string | undefined {
  const { inverse } = relation;
  if (!inverse) return undefined;
  if (inverse.kind === 'forward') return inverse.name;
  return inverse.single ? inverse.accessor : undefined;
}

function instanceReader(layout: Layout, query: Query, decoders: readonly Decode[]): Reader {
  const cls = query.model.cls as InstanceClass;
  const { names, firstColumn, columns, annotations } = layout;
  const after = firstColumn + columns;
  const at = [...names.keys()];
  // Last what was added, so that it wins over a column of its name.
  const order = [
    ...at.slice(firstColumn, after),
    ...at.slice(0, firstColumn),
    ...at.slice(after, after + annotations.length),
  ];
  const fill = makeFill(
    order.map((i) => names[i] as string),
    order,
    decoders,
  );
  const related = layout.related.map((info) => relatedReader(info, decoders));
  return (rows, using, fetchMode) => {
    const out = new Array<Instance>(rows.length);
    const origin = loadedFrom(using, fetchMode, out);
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as Row;
      const instance = new cls(HYDRATE);
      fill(instance as unknown as Record<string, unknown>, row);
      setOrigin(instance, origin);
      for (const attach of related) attach(instance, row, origin);
      out[i] = instance;
    }
    if (fetchMode === 'peers') makePeers(out, layout.related, using);
    return out;
  };
}
