// What can match nothing, inside an expression and inside a Drizzle query.
import { sql } from 'drizzle-orm';
import { boolean } from 'drizzle-orm/pg-core';
import {
  Case,
  Coalesce,
  Count,
  Exists,
  ExpressionWrapper,
  F,
  Lower,
  NullIf,
  Q,
  Subquery,
  Sum,
  Value,
  When,
} from 'drizzle-queryset';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rowsOf } from '../support/connect.js';
import { describeDatabases } from '../support/databases.js';
import { defineLibrary, librarySql } from './library.js';

describeDatabases(
  'nothing',
  (database) => {
    let { Author, Book } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author, Book } = defineLibrary(database.db));
    });
    beforeEach(() => database.forget());
    const ids = () => Book.aobjects.none().values('id');
    const never = () => Q({ pk__in: [] });

    describe('as a value', () => {
      test('a condition is false, its negation true', async () => {
        const query = Author.aobjects.filter({ id: 1 }).annotate({
          exists: Exists(Book.aobjects.none()),
          not: Exists(Book.aobjects.none()).not(),
          wrapped: ExpressionWrapper(never(), { output_field: boolean() }),
          unwrapped: ExpressionWrapper(never().not(), { output_field: boolean() }),
        });
        expect(await query.values('exists', 'not', 'wrapped', 'unwrapped')).toEqual([
          { exists: false, not: true, wrapped: false, unwrapped: true },
        ]);
      });
      test('and is compared as such', async () => {
        const query = Author.aobjects.annotate({
          no: Exists(Book.aobjects.none()),
          yes: Exists(Book.aobjects.none()).not(),
        });
        expect(await query.filter({ no: false }).count()).toBe(3);
        expect(await query.filter({ no: true }).count()).toBe(0);
        expect(await query.filter({ yes: false }).count()).toBe(0);
        expect(await query.filter({ yes: true }).count()).toBe(3);
      });
      test('a subquery is NULL, wherever it stands', async () => {
        const query = Author.aobjects.filter({ id: 1 }).annotate({
          alone: Subquery(ids()),
          argument: Coalesce(Subquery(ids()), Value(1)),
          column: Coalesce(Subquery(ids()), 'id'),
          lower: Lower(Subquery(Book.aobjects.none().values('title'))),
          sum: F('id').add(Subquery(ids())),
          branch: Case(When({ id: 1, then: Value(2) }), { default: Subquery(ids()) }),
        });
        expect(await query.values('alone', 'argument', 'column', 'lower', 'sum', 'branch')).toEqual([
          { alone: null, argument: 1, column: 1, lower: null, sum: null, branch: 2 },
        ]);
        expect(
          await Author.aobjects
            .annotate({ n: Coalesce(Subquery(ids()), Value(1)) })
            .filter({ n: 1 })
            .count(),
        ).toBe(3);
      });
      test('a branch of Case is left out', async () => {
        const query = Author.aobjects.filter({ id: 1 }).annotate({
          never: Case(When({ pk__in: [], then: Value(1) }), { default: Value(2) }),
          always: Case(When(never().not(), { then: Value(1) }), { default: Value(2) }),
        });
        expect(await query.values_list('never', 'always')).toEqual([[2, 1]]);
      });
      test('an aggregate has no rows', async () => {
        const aggregates = {
          count: Count('book', { filter: never() }),
          more: Count('book', { filter: never() }).add(1),
          sum: Sum('book__id', { filter: never() }),
          other: Sum('book__id', { filter: never(), default: 5 }),
        };
        const expected = { count: 0, more: 1, sum: null, other: 5 };
        const grouped = Author.aobjects.filter({ id: 1 }).annotate(aggregates);
        expect(await grouped.values('count', 'more', 'sum', 'other')).toEqual([expected]);
        const { more, ...plain } = aggregates;
        expect(await Author.aobjects.aggregate(plain)).toEqual({ count: 0, sum: null, other: 5 });
      });
      test('is no order', async () => {
        expect(
          await Author.aobjects.order_by(Exists(Book.aobjects.none()), '-id').values_list('id', { flat: true }),
        ).toEqual([3, 2, 1]);
        const counted = Author.aobjects.annotate({ n: Count('book', { filter: never() }) });
        expect(await counted.order_by('n', '-id').values_list('id', { flat: true })).toEqual([3, 2, 1]);
        // A function whose name begins as NULL does is one.
        expect(await Author.aobjects.order_by(NullIf('name', Value('Ada'))).values_list('id', { flat: true })).toEqual([
          2, 3, 1,
        ]);
      });
      test('is written', async () => {
        await Book.aobjects.filter({ id: 4 }).update({ year: Coalesce(Subquery(ids()), Value(7)) });
        expect((await Book.aobjects.get({ id: 4 })).year).toBe(7);
        await Book.aobjects.filter({ id: 4 }).update({ year: null });
      });
    });

    test('its negation is every row, which is not asked for', async () => {
      expect(await Author.aobjects.filter(never().not()).count()).toBe(3);
      expect(database.statements[0]?.sql).not.toContain('WHERE');
    });

    test('is a statement inside a Drizzle query', async () => {
      const queries = [
        Author.aobjects.none(),
        Author.aobjects.filter({ pk__in: [] }),
        Author.aobjects.none().union(Author.aobjects.none()),
        Author.aobjects.all().slice(2, 2),
        Author.aobjects.filter({ book__in: Book.aobjects.none() }),
      ];
      for (const query of queries) {
        const counted = sql`select count(*)::integer as n, count(name)::integer as m from (${query.getSQL()}) found`;
        expect(await rowsOf(database.db, counted)).toEqual([{ n: 0, m: 0 }]);
      }
      const some = sql`select id from author where id in (${Author.aobjects.none().values('id')}) or id = 2`;
      expect(await rowsOf(database.db, some)).toEqual([{ id: 2 }]);
    });
  },
  { schema: librarySql },
);
