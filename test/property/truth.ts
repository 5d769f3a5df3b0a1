/**
 * What Django's documentation says that a condition means, over rows in JavaScript: SQL's three-valued logic (null is
 * unknown), a relation of many joined once within one call, and an `exclude` of it that asks whether any row matches.
 */
import { inspect } from 'node:util';
import { Q } from 'drizzle-queryset';

export type Truth = boolean | null;

/** A row with its related rows: one or none, or a list. */
export interface Row {
  readonly id: number;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly to: Readonly<Record<string, Row | null | readonly Row[]>>;
}

export interface Leaf {
  /** The relations on the way. */
  readonly path: readonly string[];
  /** What follows them: a column and a lookup, or nothing. */
  readonly key: string;
  readonly value: unknown;
  /** Of the row at the end of the path, null where there is none, and the row that was started from. */
  readonly truth: (far: Row | null, start: Row) => Truth;
}

export type Tree =
  | { readonly leaf: Leaf }
  | { readonly connector: 'and' | 'or' | 'xor'; readonly parts: readonly Tree[] }
  | { readonly not: Tree };

export interface Call {
  readonly method: 'filter' | 'exclude';
  readonly tree: Tree;
}

const MANY = new Set(['review', 'tags', 'book']);
const prefixesOfMany = (path: readonly string[]): string[] =>
  path.flatMap((name, i) => (MANY.has(name) ? [path.slice(0, i + 1).join('__')] : []));

/** The relations of many that a tree asks about, inside a negation and outside of one. */
export function relationsOfMany(tree: Tree, negated = false): { outside: Set<string>; inside: Set<string> } {
  if ('not' in tree) return relationsOfMany(tree.not, true);
  if ('leaf' in tree) {
    const found = new Set(prefixesOfMany(tree.leaf.path));
    return negated ? { outside: new Set(), inside: found } : { outside: found, inside: new Set() };
  }
  const parts = tree.parts.map((part) => relationsOfMany(part, negated));
  return {
    outside: new Set(parts.flatMap((part) => [...part.outside])),
    inside: new Set(parts.flatMap((part) => [...part.inside])),
  };
}

/** The paths over relations that a tree asks about, one for each time. */
export function relationPaths(tree: Tree): readonly (readonly string[])[] {
  if ('leaf' in tree) return tree.leaf.path.length > 0 ? [tree.leaf.path] : [];
  return 'not' in tree ? relationPaths(tree.not) : tree.parts.flatMap(relationPaths);
}

type Joined = ReadonlyMap<string, Row | null>;
const rowsOf = (row: Row | null, name: string): readonly (Row | null)[] => {
  const found = row === null ? null : (row.to[name] as Row | null | readonly Row[]);
  const list = Array.isArray(found) ? (found as readonly Row[]) : [found as Row | null];
  return list.length === 0 ? [null] : list;
};

/** All rows at the end of a path; one null where there is none. */
function ends(start: Row, path: readonly string[], joined: Joined): readonly (Row | null)[] {
  let rows: readonly (Row | null)[] = [start];
  path.forEach((name, i) => {
    const known = joined.get(path.slice(0, i + 1).join('__'));
    rows = known !== undefined ? [known] : rows.flatMap((row) => rowsOf(row, name));
  });
  return rows;
}

/**
 * Under a negation a lookup is never unknown: Django writes `NOT (x = 1 AND x IS NOT NULL)`, so that rows without a
 * value are let through.
 */
function truth(tree: Tree, row: Row, joined: Joined, negated: boolean, inside: boolean): Truth {
  if ('leaf' in tree) {
    const { path, truth: of } = tree.leaf;
    if (inside && prefixesOfMany(path).length > 0)
      return ends(row, path, new Map()).some((far) => of(far, row) === true);
    const value = of(ends(row, path, joined)[0] as Row | null, row);
    return negated && value === null ? false : value;
  }
  if ('not' in tree) {
    const value = truth(tree.not, row, joined, !negated, true);
    return value === null ? null : !value;
  }
  const parts = tree.parts.map((part) => truth(part, row, joined, negated, inside));
  if (parts.length === 1) return parts[0] as Truth;
  if (tree.connector === 'xor') return parts.filter((part) => part === true).length % 2 === 1;
  const decides = tree.connector === 'or';
  return parts.includes(decides) ? decides : parts.includes(null) ? null : !decides;
}

/** How often a row is in the answer: once for each way of joining the relations of many that makes the condition true. */
function times({ method, tree }: Call, row: Row): number {
  const whole: Tree = method === 'filter' ? tree : { not: tree };
  let ways: Map<string, Row | null>[] = [new Map()];
  for (const prefix of [...relationsOfMany(whole).outside].sort((a, b) => a.length - b.length)) {
    const path = prefix.split('__');
    ways = ways.flatMap((way) => ends(row, path, way).map((far) => new Map([...way, [prefix, far]])));
  }
  return ways.filter((way) => truth(whole, row, way, false, false) === true).length;
}

/** The ids of the rows that a chain of calls chooses, in the order of the rows, repeated as SQL repeats them. */
export function chosen(rows: readonly Row[], calls: readonly Call[]): number[] {
  return rows.flatMap((row) => {
    const n = calls.reduce((product, call) => product * times(call, row), 1);
    return Array.from({ length: n }, () => row.id);
  });
}

type Condition = ReturnType<typeof Q>;

/** The tree as a user writes it. */
export function condition(tree: Tree): Condition {
  if ('leaf' in tree) return Q(lookupsOf(tree.leaf) as never) as Condition;
  if ('not' in tree) return condition(tree.not).not() as Condition;
  return tree.parts.map(condition).reduce((a, b) => a[tree.connector](b as never) as Condition);
}

export const lookupsOf = ({ path, key, value }: Leaf): Record<string, unknown> => ({
  [[...path, ...(key === '' ? [] : [key])].join('__')]: value,
});

/** A tree as a counterexample shows it. */
export function written(tree: Tree): string {
  if ('leaf' in tree) return inspect(lookupsOf(tree.leaf));
  if ('not' in tree) return `not(${written(tree.not)})`;
  return `${tree.connector}(${tree.parts.map(written).join(', ')})`;
}
