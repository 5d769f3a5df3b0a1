// What the properties found wrong, each as the smallest case of it, so that no seed decides whether it is looked at.
import { Count, FieldError, Q, ValueError } from 'drizzle-queryset';
import { beforeAll, describe, expect, test } from 'vitest';
import { defineLibrary, librarySql } from '../compile/library.js';
import { describeDatabases } from '../support/databases.js';
import type { Loose } from './loose.js';

describeDatabases(
  'found by properties',
  (database) => {
    let { Book } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Book } = defineLibrary(database.db));
    });
    const ids = async (query: PromiseLike<{ id: number }[]>) =>
      (await query).map((row) => row.id).sort((a, b) => a - b);
    const none = () => Book.aobjects.filter({ title__in: [] });

    describe('conditions', () => {
      test('what is left alone beside what is always true keeps its parentheses', async () => {
        const either = Q({ title: 'One' }).xor(Q({ year: 2002 }));
        expect(await ids(Book.aobjects.exclude({ title__in: [] }).filter(either))).toEqual([1, 2]);
      });
      test('xor needs no row of a relation where it is negated', async () => {
        const different = Q({ editor__name: 'x' })
          .not()
          .xor(Q({ editor__name: 'y' }).not());
        expect(await ids(Book.aobjects.exclude(different.and(Q({ title: 'One' }))))).toEqual([1, 2, 3, 4]);
      });
      test('xor needs the row of a relation that all of its parts need, and no more than that', async () => {
        const ben = Q({ editor__name: 'Ben' }).not().not();
        const either = ben.xor(Q({ editor__country: 'zz' })).or(Q({ title: 'Four' }));
        expect(await ids(Book.aobjects.filter(either))).toEqual([1, 4]);
      });
    });

    describe('combinations', () => {
      test('xor() of what has no condition', async () => {
        expect(await ids(Book.aobjects.all().xor(Book.aobjects.all()))).toEqual([]);
        const one = Book.aobjects.filter({ title: 'One' });
        expect(await ids(Book.aobjects.all().xor(one))).toEqual([2, 3, 4]);
        expect(await ids(one.xor(Book.aobjects.all()))).toEqual([2, 3, 4]);
      });
      test('a union of which one queryset is left keeps its order and its limit apart', async () => {
        expect(await Book.aobjects.all().union(none()).exists()).toBe(true);
        const last = Book.aobjects.order_by('-id').slice(0, 2);
        expect(await ids(last.union(none()).order_by('id').slice(0, 1))).toEqual([3]);
        expect(await ids(Book.aobjects.filter({ review__rating__gt: 0 }).union(none()))).toEqual([1, 1, 2, 3]);
      });
    });

    describe('untrusted input is an error with a name, before anything is sent', () => {
      const anyone = () => Book.aobjects as unknown as Record<string, (...given: unknown[]) => unknown>;
      const row = (values: object) => new (Book as unknown as Loose)(values);
      const circular: unknown[] = [];
      circular.push(circular);
      const cases: [title: string, call: () => unknown][] = [
        ['a lone surrogate, which a driver would replace', () => anyone()['filter']?.({ title: 'a\ud800' })],
        [
          'an object whose constructor has a name of its own',
          () => anyone()['filter']?.({ title: { constructor: { name: { toString: 1 } } } }),
        ],
        ['a date that is none', () => anyone()['filter']?.({ title: new Date(Number.NaN) })],
        ['a list in a list', () => anyone()['filter']?.({ title__in: circular })],
        ['null as an order', () => anyone()['order_by']?.(null)],
        ['an object as a relation', () => anyone()['select_related']?.({})],
        ['a number as a column', () => anyone()['only']?.(1n)],
        ['a list as a column', () => anyone()['defer']?.('title', circular)],
        ['what is no expression', () => anyone()['annotate']?.({ n: new Date(0) })],
        ['an aggregate of an aggregate', () => anyone()['aggregate']?.({ year: Count('id'), n: Count('year') })],
        ['no list of ids', () => anyone()['in_bulk']?.(7)],
        ['no options', () => anyone()['in_bulk']?.([1], null)],
        ['nothing to update', () => anyone()['update']?.(null)],
        ['no list of rows', () => anyone()['bulk_create']?.({})],
        ['a hole as a column', () => anyone()['bulk_update']?.([row({ id: 1 })], new Array(1))],
        ['a list as a text, of many rows', () => anyone()['bulk_create']?.([row({ title: ['a'] }), row({})])],
      ];
      test.each(cases)('%s', async (_title, call) => {
        const error = await (async () => call())().catch((thrown: unknown) => thrown);
        expect(
          [ValueError, FieldError].some((kind) => error instanceof kind),
          String(error),
        ).toBe(true);
        expect(database.connection.statements).toEqual([]);
      });

      test('iterator() takes a chunk of any size', async () => {
        const rows: unknown[] = [];
        for await (const row of Book.aobjects.iterator({ chunk_size: 2 ** 40 })) rows.push(row);
        expect(rows).toHaveLength(4);
      });
    });
  },
  { schema: librarySql, drivers: ['pglite', 'postgres-js'] },
);
