// Lookups against a small interpreter with SQL's three-valued logic: null stands for unknown.
import fc from 'fast-check';
import { Q } from 'drizzle-queryset';
import { beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { FLAGS, library, NUMBERS, ROWS, type Row, TABLES, TEXTS } from './library.js';

type Truth = boolean | null;
const not = (t: Truth): Truth => (t === null ? null : !t);
const and = (ts: Truth[]): Truth => (ts.includes(false) ? false : ts.includes(null) ? null : true);
const or = (ts: Truth[]): Truth => (ts.includes(true) ? true : ts.includes(null) ? null : false);

interface Leaf {
  readonly key: string;
  readonly value: unknown;
  /** What SQL says of the row. */
  readonly truth: (row: Row) => Truth;
}
const of = <K extends keyof Row>(
  field: K,
  key: string,
  value: unknown,
  holds: (x: NonNullable<Row[K]>) => boolean,
): Leaf => ({
  key: `${field}${key}`,
  value,
  truth: (row) => (row[field] === null ? null : holds(row[field] as NonNullable<Row[K]>)),
});
const isNull = (field: keyof Row, value: boolean): Leaf => ({
  key: `${field}__isnull`,
  value,
  truth: (row) => (row[field] === null) === value,
});

const texts = TEXTS.filter((t) => t !== null);
const numbers = NUMBERS.filter((n) => n !== null);
const text = fc.constantFrom(...texts);
const number = fc.constantFrom(...numbers);
const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  text.map((v) => of('title', '', v, (x) => x === v)),
  text.map((v) => of('title', '__contains', v, (x) => x.includes(v))),
  text.map((v) => of('title', '__startswith', v, (x) => x.startsWith(v))),
  text.map((v) => of('title', '__endswith', v, (x) => x.endsWith(v))),
  text.map((v) => of('title', '__iexact', v, (x) => x.toUpperCase() === v.toUpperCase())),
  fc.array(text, { minLength: 1, maxLength: 3 }).map((v) => of('title', '__in', v, (x) => v.includes(x))),
  number.map((v) => of('pages', '__gte', v, (x) => x >= v)),
  number.map((v) => of('pages', '__lt', v, (x) => x < v)),
  fc.tuple(number, number).map(([a, b]) => of('pages', '__range', [a, b], (x) => x >= a && x <= b)),
  fc.constantFrom(...FLAGS.filter((f) => f !== null)).map((v) => of('lent', '', v, (x) => x === v)),
  fc
    .tuple(fc.constantFrom('title' as const, 'pages' as const, 'lent' as const, 'shelfId' as const), fc.boolean())
    .map(([f, v]) => isNull(f, v)),
);

type Tree = { readonly leaf: Leaf } | { readonly kind: 'and' | 'or'; readonly parts: Tree[] } | { readonly not: Tree };
const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf.map((l) => ({ leaf: l })),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
    }),
    tie('tree').map((t) => ({ not: t })),
  ),
})).tree;

/**
 * Django's meaning of a tree. Under a negation it lets through the rows whose column is NULL: `NOT (x = 1 AND x IS NOT
 * NULL)`, so that a lookup there is never unknown.
 */
function truth(t: Tree, row: Row, negated = false): Truth {
  if ('leaf' in t) {
    const value = t.leaf.truth(row);
    return negated && value === null ? false : value;
  }
  if ('not' in t) return not(truth(t.not, row, !negated));
  const parts = t.parts.map((p) => truth(p, row, negated));
  return t.kind === 'and' ? and(parts) : or(parts);
}

function condition(t: Tree): ReturnType<typeof Q> {
  if ('leaf' in t) return Q({ [t.leaf.key]: t.leaf.value } as never) as ReturnType<typeof Q>;
  if ('not' in t) return condition(t.not).not() as ReturnType<typeof Q>;
  return t.parts.map(condition).reduce((a, b) => (t.kind === 'and' ? a.and(b as never) : a.or(b as never)) as never);
}

describeDatabases(
  'lookups and three-valued logic',
  (database) => {
    let Book: ReturnType<typeof library>['Book'];
    beforeAll(async () => {
      ({ Book } = library(database.db));
      await Book.aobjects.bulk_create(ROWS.map((row) => new Book(row)));
    });

    it('a tree of conditions chooses the rows of which it is true', () =>
      fc.assert(
        fc.asyncProperty(tree, async (t) => {
          const rows = await Book.aobjects
            .filter(condition(t) as never)
            .order_by('id')
            .values_list('id', { flat: true });
          const expected = ROWS.flatMap((row, i) => (truth(t, row) === true ? [i + 1] : []));
          expect(rows).toEqual(expected);
        }),
        { numRuns: 150 },
      ));
  },
  { schema: TABLES },
);
