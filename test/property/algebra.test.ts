// What must hold of every queryset, whatever its conditions, relations, orders and slices are.
import fc from 'fast-check';
import { Count, F } from 'drizzle-queryset';
import { beforeAll, describe, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { type Column, keyOf } from './columns.js';
import { columnsOf, type Library, library, librarySql, many, rowsOf, single } from './library.js';
import type { LooseInstance, LooseQuerySet } from './loose.js';
import { always, SEED, TIMEOUT } from './runs.js';
import { trees } from './trees.js';
import {
  type Call,
  chosen,
  condition,
  lookupsOf,
  relationPaths,
  relationsOfMany,
  type Row,
  type Tree,
  written,
} from './truth.js';

type Base = 'book' | 'author';

/**
 * What Django means is certain where one call asks about a relation once. Asked twice, it goes by what it has met so far:
 * whether a join is an outer one, which join of a table a negation is about (docs/differences.md).
 */
const isCertain = (tree: Tree): boolean => {
  const first = relationPaths(tree).map(([name]) => name);
  return new Set(first).size === first.length && (relationsOfMany(tree).inside.size === 0 || first.length === 1);
};

const treesOf = {
  single: { book: trees(single.book).filter(isCertain), author: trees(single.author).filter(isCertain) },
  positive: {
    book: trees(single.book, { negations: false }).filter(isCertain),
    author: trees(single.author, { negations: false }).filter(isCertain),
  },
  any: {
    book: trees(fc.oneof(single.book, many.book)).filter(isCertain),
    author: trees(fc.oneof(single.author, many.author)).filter(isCertain),
  },
};

const callsOf = (tree: fc.Arbitrary<Tree>, most = 2): fc.Arbitrary<Call[]> =>
  fc.array(
    fc
      .record({ method: fc.constantFrom('filter' as const, 'exclude' as const), tree })
      .filter((call) => isCertain(call.method === 'filter' ? call.tree : { not: call.tree })),
    { maxLength: most },
  );
interface Chain {
  readonly base: Base;
  readonly calls: readonly Call[];
}
const chainsOf = (kind: 'single' | 'any', most = 2): fc.Arbitrary<Chain> =>
  fc.oneof(
    fc.record({ base: fc.constant<Base>('book'), calls: callsOf(treesOf[kind].book, most) }),
    fc.record({ base: fc.constant<Base>('author'), calls: callsOf(treesOf[kind].author, most) }),
  );
/** Two chains over one model. */
const pairsOf = (kind: 'single' | 'any'): fc.Arbitrary<[Chain, Chain]> =>
  fc.oneof(
    ...(['book', 'author'] as const).map((base) => {
      const chain = fc.record({ base: fc.constant<Base>(base), calls: callsOf(treesOf[kind][base], 2) });
      return fc.tuple(chain, chain);
    }),
  );

const shown = ({ base, calls }: Chain): string =>
  [base, ...calls.map(({ method, tree }) => `${method}(${written(tree)})`)].join('.');
const bySize = (a: number, b: number): number => a - b;
const sorted = (ids: readonly number[]): number[] => [...ids].sort(bySize);
const asSet = (ids: readonly number[]): number[] => [...new Set(ids)].sort(bySize);

/** What rows are ordered by: relations of one, and the key at last, so that the order is total. */
const ORDERS = ['title', 'pages', 'price', 'lent', 'due', 'seen', 'author__country', 'shelf__label', 'prequel__pages'];
const orders = fc.uniqueArray(
  fc.tuple(fc.constantFrom(...ORDERS), fc.boolean()).map(([name, down]) => `${down ? '-' : ''}${name}`),
  { maxLength: 3, selector: (name) => name.replace('-', '') },
);
const bounds = fc.tuple(fc.option(fc.nat(30), { freq: 6 }), fc.option(fc.nat(30), { freq: 6 }));

/** PostgreSQL's order: NULL is larger than everything. */
function ordered(rows: readonly Row[], names: readonly string[]): Row[] {
  const valueOf = (row: Row, name: string) => {
    const path = name.replace('-', '').split('__');
    const column = path.pop() as string;
    const far = path.reduce<Row | null>((at, hop) => (at ? ((at.to[hop] as Row | null) ?? null) : null), row);
    const value = far?.columns[column] ?? null;
    const table = path.at(-1) === 'author' ? 'author' : path.at(-1) === 'shelf' ? 'shelf' : 'book';
    const kind = columnsOf(table).find((c) => c.name === column)?.kind;
    return value === null || kind === undefined ? null : keyOf(kind, value);
  };
  return [...rows].sort((a, b) => {
    for (const name of names) {
      const [x, y] = [valueOf(a, name), valueOf(b, name)];
      const sign = name.startsWith('-') ? -1 : 1;
      if (x === y) continue;
      if (x === null || y === null) return x === null ? sign : -sign;
      return x < y ? -sign : sign;
    }
    return a.id - b.id;
  });
}

describeDatabases(
  `the algebra of querysets (seed ${SEED})`,
  (database) => {
    let models: Library;
    beforeAll(async () => {
      models = await library(database.db);
    });

    const all = (base: Base) => models[base === 'book' ? 'Book' : 'Author'].aobjects;
    const querysetOf = ({ base, calls }: Chain): LooseQuerySet =>
      calls.reduce((qs: LooseQuerySet, { method, tree }) => {
        // A leaf alone is given as users give it most: as lookups.
        return qs[method]('leaf' in tree ? lookupsOf(tree.leaf) : condition(tree));
      }, all(base).all());
    const ids = async (qs: LooseQuerySet) => (await qs.values_list('id', { flat: true })) as number[];
    const idsOf = (rows: readonly unknown[]) => (rows as LooseInstance[]).map((row) => row.id);

    const holds = <T>(title: string, arbitrary: fc.Arbitrary<T>, runs: number, property: (given: T) => Promise<void>) =>
      it(title, () => always(arbitrary, runs, property), TIMEOUT);

    describe('one queryset', () => {
      holds('has the rows that its conditions say', chainsOf('any'), 60, async (chain) => {
        const expected = chosen(rowsOf(chain.base), chain.calls);
        expect(sorted(await ids(querysetOf(chain))), shown(chain)).toEqual(expected);
      });

      holds('count() is how many, exists() whether any', chainsOf('any'), 20, async (chain) => {
        const rows = await querysetOf(chain);
        expect(await querysetOf(chain).count(), shown(chain)).toBe(rows.length);
        expect(await querysetOf(chain).exists(), shown(chain)).toBe(rows.length > 0);
        expect(
          await querysetOf(chain).aggregate({ n: Count('id'), distinct: Count('id', { distinct: true }) }),
        ).toEqual({
          n: rows.length,
          distinct: new Set(idsOf(rows)).size,
        });
      });

      holds('distinct() is its set, however it is asked', chainsOf('any'), 20, async (chain) => {
        const expected = asSet(chosen(rowsOf(chain.base), chain.calls));
        const qs = () => querysetOf(chain).distinct();
        expect(idsOf(await qs().order_by('id')), shown(chain)).toEqual(expected);
        expect(await qs().count(), shown(chain)).toBe(expected.length);
        expect(await qs().exists(), shown(chain)).toBe(expected.length > 0);
      });

      holds('twice negated is itself', treesOf.single.book, 20, async (tree) => {
        const q = condition(tree);
        const rows = await ids(all('book').filter(q).order_by('id'));
        expect(await ids(all('book').filter(q.not().not()).order_by('id')), written(tree)).toEqual(rows);
        expect(await ids(all('book').exclude(q.not()).order_by('id')), written(tree)).toEqual(rows);
      });

      holds('filter() and exclude() part the rows', treesOf.positive.book, 30, async (tree) => {
        const inside = await ids(all('book').filter(condition(tree)));
        const outside = await ids(all('book').exclude(condition(tree)));
        expect(sorted([...inside, ...outside]), written(tree)).toEqual(rowsOf('book').map((row) => row.id));
      });

      holds('iterator(), values() and values_list() give the rows of eval()', chainsOf('any', 1), 16, async (chain) => {
        const qs = querysetOf(chain).order_by('-id');
        const rows = (await qs) as LooseInstance[];
        const iterated: unknown[] = [];
        for await (const row of qs.all().iterator({ chunk_size: 3 })) iterated.push({ ...(row as object) });
        expect(iterated, shown(chain)).toEqual(rows.map((row) => ({ ...row })));
        expect(await qs.values()).toEqual(rows.map((row) => ({ ...row })));
        expect(await qs.values_list()).toEqual(rows.map((row) => Object.values(row)));
        const [column] = columnsOf(chain.base) as readonly [Column, ...Column[]];
        expect(await qs.values_list(column.name, { flat: true })).toEqual(rows.map((row) => row[column.name]));
      });

      holds('in_bulk() gives those of its rows', chainsOf('any', 1), 16, async (chain) => {
        const own = asSet(chosen(rowsOf(chain.base), chain.calls));
        const asked = [3, 1, 99, 2, 1, 20];
        const found = await querysetOf(chain).in_bulk(asked);
        expect(sorted([...found.keys()] as number[]), shown(chain)).toEqual(own.filter((id) => asked.includes(id)));
        for (const [id, row] of found) expect((row as LooseInstance).id).toBe(id);
        expect(sorted([...(await querysetOf(chain).in_bulk()).keys()] as number[])).toEqual(own);
      });

      holds('contains() and get() know its rows', chainsOf('any', 1), 16, async (chain) => {
        const own = chosen(rowsOf(chain.base), chain.calls);
        const Model = models[chain.base === 'book' ? 'Book' : 'Author'];
        for (const id of [1, 2, 3]) {
          const times = own.filter((one) => one === id).length;
          expect(await querysetOf(chain).contains(new Model({ id })), shown(chain)).toBe(times > 0);
          const got = await querysetOf(chain)
            .get({ id })
            .then(
              (row) => (row as LooseInstance).id,
              (error: Error) => error.constructor.name,
            );
          expect(got, shown(chain)).toBe(times === 0 ? 'DoesNotExist' : times === 1 ? id : 'MultipleObjectsReturned');
        }
      });

      holds('is the list of its ids to `in`', chainsOf('any', 1), 20, async (chain) => {
        const own = asSet(chosen(rowsOf(chain.base), chain.calls));
        const qs = () => querysetOf(chain);
        for (const inner of [qs(), qs().values('id'), qs().values_list('pk'), qs().order_by('-id'), qs().distinct()]) {
          expect(await ids(all(chain.base).filter({ id__in: inner }).order_by('id')), shown(chain)).toEqual(own);
        }
        const others = rowsOf(chain.base).flatMap((row) => (own.includes(row.id) ? [] : [row.id]));
        expect(await ids(all(chain.base).exclude({ pk__in: qs() }).order_by('id')), shown(chain)).toEqual(others);
        const cut = qs().distinct().order_by('id').slice(1, 4);
        expect(await ids(all(chain.base).filter({ id__in: cut }).order_by('id'))).toEqual(own.slice(1, 4));
        if (chain.base === 'author') {
          const written = rowsOf('book').flatMap((row) => (own.includes((row.to['author'] as Row).id) ? [row.id] : []));
          expect(await ids(all('book').filter({ author__in: qs() }).order_by('id')), shown(chain)).toEqual(written);
          expect(await all('book').filter({ author__in: qs() }).count()).toBe(written.length);
        }
      });

      holds('update() reaches each of its rows once', chainsOf('any'), 20, async (chain) => {
        const own = asSet(chosen(rowsOf(chain.base), chain.calls));
        // To what it is already: nothing that another property reads is changed.
        const same = chain.base === 'book' ? 'shelfId' : 'country';
        expect(await querysetOf(chain).update({ [same]: F(same) }), shown(chain)).toBe(own.length);
      });
    });

    describe('order and slices', () => {
      const chains = callsOf(treesOf.single.book, 1).map((calls): Chain => ({ base: 'book', calls }));

      holds('order_by() orders as PostgreSQL does', fc.tuple(chains, orders), 20, async ([chain, names]) => {
        const own = new Set(chosen(rowsOf('book'), chain.calls));
        const expected = ordered(rowsOf('book'), names).flatMap((row) => (own.has(row.id) ? [row.id] : []));
        const qs = querysetOf(chain).order_by(...names, 'id');
        expect(await ids(qs), `${shown(chain)} ${names}`).toEqual(expected);
        expect(await ids(qs.reverse())).toEqual([...expected].reverse());
        expect(await ids(qs.reverse().reverse())).toEqual(expected);
        expect(idsOf([await qs.first(), await qs.last()].filter((row) => row !== null))).toEqual(
          expected.length === 0 ? [] : [expected[0], expected.at(-1)],
        );
      });

      holds('first() and last() of what has no order go by the key', chains, 12, async (chain) => {
        const own = chosen(rowsOf('book'), chain.calls);
        const ends = [await querysetOf(chain).first(), await querysetOf(chain).last()] as (LooseInstance | null)[];
        expect(ends.map((row) => row?.id)).toEqual([own[0], own.at(-1)]);
      });

      holds('a slice is the slice of the list', fc.tuple(chains, orders, bounds, bounds), 30, async (given) => {
        const [chain, names, [a, b], [c, d]] = given;
        const qs = querysetOf(chain).order_by(...names, 'id');
        const list = await ids(qs);
        const expected = list.slice(a ?? 0, b ?? undefined);
        const cut = () => qs.slice(a, b);
        expect(await ids(cut()), shown(chain)).toEqual(expected);
        expect(idsOf(await cut())).toEqual(expected);
        expect(await cut().count()).toBe(expected.length);
        expect(await cut().exists()).toBe(expected.length > 0);
        expect(await ids(cut().slice(c, d))).toEqual(expected.slice(c ?? 0, d ?? undefined));
        expect(await cut().slice(c, d).count()).toBe(expected.slice(c ?? 0, d ?? undefined).length);
        expect(await ids(all('book').filter({ id__in: cut() }))).toHaveLength(expected.length);
        // A slice of rows that are here already is taken of them.
        await qs;
        expect(idsOf(await qs.slice(a, b))).toEqual(expected);
        const at = await qs.item(a ?? 0).then(
          (row) => (row as LooseInstance).id,
          (error: Error) => error.constructor.name,
        );
        expect(at).toBe(list[a ?? 0] ?? 'IndexError');
      });
    });

    describe('two querysets', () => {
      holds('and() is what both have, or() what either has', pairsOf('any'), 30, async ([a, b]) => {
        const [x, y] = [a, b].map((chain) => asSet(chosen(rowsOf(chain.base), chain.calls))) as [number[], number[]];
        const both = x.filter((id) => y.includes(id));
        const either = asSet([...x, ...y]);
        const what = `${shown(a)} , ${shown(b)}`;
        expect(asSet(await ids(querysetOf(a).and(querysetOf(b)))), what).toEqual(both);
        expect(asSet(await ids(querysetOf(b).and(querysetOf(a)))), what).toEqual(both);
        expect(asSet(await ids(querysetOf(a).or(querysetOf(b)))), what).toEqual(either);
        expect(asSet(await ids(querysetOf(b).or(querysetOf(a)))), what).toEqual(either);
        expect(await querysetOf(a).or(querysetOf(b)).distinct().count(), what).toBe(either.length);
      });

      holds('xor() is what one of them has', pairsOf('single'), 16, async ([a, b]) => {
        const [x, y] = [a, b].map((chain) => chosen(rowsOf(chain.base), chain.calls)) as [number[], number[]];
        const one = sorted([...x.filter((id) => !y.includes(id)), ...y.filter((id) => !x.includes(id))]);
        expect(sorted(await ids(querysetOf(a).xor(querysetOf(b)))), `${shown(a)} , ${shown(b)}`).toEqual(one);
      });

      holds(
        'a slice stands for its rows in or()',
        fc.tuple(pairsOf('single'), bounds),
        16,
        async ([[a, b], [c, d]]) => {
          const [x, y] = [a, b].map((chain) => chosen(rowsOf(chain.base), chain.calls)) as [number[], number[]];
          const either = asSet([...x.slice(c ?? 0, d ?? undefined), ...y]);
          const cut = () => querysetOf(a).order_by('id').slice(c, d);
          expect(asSet(await ids(cut().or(querysetOf(b)))), `${shown(a)} [${c}:${d}], ${shown(b)}`).toEqual(either);
          expect(asSet(await ids(querysetOf(b).or(cut()))), `${shown(a)} [${c}:${d}], ${shown(b)}`).toEqual(either);
        },
      );

      holds('union, intersection and difference are those of their sets', pairsOf('any'), 20, async ([a, b]) => {
        const lists = [a, b].map((chain) => chosen(rowsOf(chain.base), chain.calls)) as [number[], number[]];
        const [x, y] = lists.map(asSet) as [number[], number[]];
        const what = `${shown(a)} , ${shown(b)}`;
        const expected = {
          union: asSet([...x, ...y]),
          intersection: x.filter((id) => y.includes(id)),
          difference: x.filter((id) => !y.includes(id)),
        };
        for (const operator of ['union', 'intersection', 'difference'] as const) {
          const own = expected[operator];
          const combined = () => querysetOf(a)[operator](querysetOf(b));
          expect(sorted(idsOf(await combined())), `${operator} ${what}`).toEqual(own);
          expect(await combined().count(), `${operator} ${what}`).toBe(own.length);
          expect(await combined().exists(), `${operator} ${what}`).toBe(own.length > 0);
          expect(idsOf(await combined().order_by('-id').slice(1, 5)), what).toEqual([...own].reverse().slice(1, 5));
          expect(await ids(combined().order_by('id')), what).toEqual(own);
          expect(await combined().order_by('id').values_list('id', 'pk')).toEqual(own.map((id) => [id, id]));
        }
        const every = querysetOf(a).union(querysetOf(b), { all: true });
        expect(sorted(await ids(every)), what).toEqual(sorted(lists.flat()));
        expect(await every.count(), what).toBe(lists.flat().length);
      });
    });
  },
  { schema: librarySql, drivers: ['pglite', 'postgres-js'] },
);
