// What must hold of any queryset, whatever its conditions are.
import fc from 'fast-check';
import { Q } from 'drizzle-queryset';
import { beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { FLAGS, library, NUMBERS, ROWS, TABLES, TEXTS } from './library.js';

const word = fc.constantFrom(...TEXTS.filter((t) => t !== null));
const number = fc.constantFrom(...NUMBERS.filter((n) => n !== null));
const lookups = fc.oneof(
  fc.record({ title: fc.constantFrom(...TEXTS) }),
  fc.record({ title__icontains: word }),
  fc.record({ title__in: fc.array(word, { maxLength: 3 }) }),
  fc.record({ pages__gt: number }),
  fc.record({ pages__range: fc.tuple(number, number) }),
  fc.record({ lent: fc.constantFrom(...FLAGS) }),
  fc.record({ shelf__label: fc.constantFrom('a', 'A', null) }),
  fc.record({ shelf__isnull: fc.boolean() }),
  fc.record({ shelf__book__pages__lt: number }),
);

type Conditions = { readonly kind: 'and' | 'or'; readonly parts: object[]; readonly negated: boolean };
const conditions: fc.Arbitrary<Conditions> = fc.record({
  kind: fc.constantFrom('and' as const, 'or' as const),
  parts: fc.array(lookups, { minLength: 1, maxLength: 3 }),
  negated: fc.boolean(),
});

function condition({ kind, parts, negated }: Conditions) {
  const q = parts.map((part) => Q(part as never)).reduce((a, b) => (kind === 'and' ? a.and(b) : a.or(b)) as never);
  return negated ? q.not() : q;
}

describeDatabases(
  'the algebra of querysets',
  (database) => {
    let Book: ReturnType<typeof library>['Book'];
    beforeAll(async () => {
      ({ Book } = library(database.db));
      await Book.aobjects.bulk_create(ROWS.map((row) => new Book(row)));
    });
    const of = (c: Conditions) => Book.aobjects.filter(condition(c) as never);
    const ids = async (qs: { values_list: unknown }): Promise<number[]> =>
      (await (qs as ReturnType<typeof of>).values_list('id', { flat: true })).sort((a, b) => a - b);
    const holds = (property: (c: Conditions, d: Conditions) => Promise<void>) =>
      fc.assert(fc.asyncProperty(conditions, conditions, property), { numRuns: 40 });

    it('count() is the number of rows, exists() is whether there is one', () =>
      holds(async (c) => {
        const rows = await of(c);
        expect(await of(c).count()).toBe(rows.length);
        expect(await of(c).exists()).toBe(rows.length > 0);
      }));

    it('a.and(b) is b.and(a)', () =>
      holds(async (c, d) => {
        expect(await ids(of(c).and(of(d)))).toEqual(await ids(of(d).and(of(c))));
      }));

    it('a condition twice negated chooses the rows of which it is true', () =>
      holds(async (c) => {
        const once = new Set(await ids(of({ ...c, negated: false })));
        const twice = await ids(
          Book.aobjects.filter((condition({ ...c, negated: true }) as ReturnType<typeof Q>).not() as never),
        );
        expect(new Set(twice)).toEqual(once);
      }));

    it('reverse() twice is nothing', () =>
      holds(async (c) => {
        const qs = of(c).order_by('pages', '-id');
        const rows = await qs.values_list('id', { flat: true });
        expect(await qs.reverse().reverse().values_list('id', { flat: true })).toEqual(rows);
        expect(await qs.reverse().values_list('id', { flat: true })).toEqual([...rows].reverse());
      }));

    it('a slice of the list is the list of the slice', () =>
      fc.assert(
        fc.asyncProperty(conditions, fc.nat(70), fc.nat(70), async (c, a, b) => {
          const qs = of(c).order_by('id').distinct();
          const rows = await qs.values_list('id', { flat: true });
          const [from, to] = [Math.min(a, b), Math.max(a, b)];
          expect(await qs.values_list('id', { flat: true }).slice(from, to)).toEqual(rows.slice(from, to));
        }),
        { numRuns: 40 },
      ));

    it('filter(c) and exclude(c) share no row', () =>
      holds(async (c) => {
        const inside = new Set(await ids(of(c)));
        const outside = await ids(Book.aobjects.exclude(condition(c) as never));
        expect(outside.filter((id) => inside.has(id))).toEqual([]);
      }));
  },
  { schema: TABLES },
);
