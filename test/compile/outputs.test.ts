// What PostgreSQL gives for a type that an expression is said to have.
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { bigint, date, doublePrecision, integer, numeric, smallint } from 'drizzle-orm/pg-core';
import {
  Avg,
  Case,
  Cast,
  Coalesce,
  ExpressionWrapper,
  ExtractYear,
  F,
  Max,
  NullIf,
  Q,
  Round,
  Sum,
  Value,
  When,
} from 'drizzle-queryset';
import { beforeAll, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { books, defineLibrary, librarySql } from './library.js';

describeDatabases(
  'whole numbers',
  (database) => {
    let { Author } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author } = defineLibrary(database.db));
    });

    test('are cut, as Django cuts them', async () => {
      const query = Author.aobjects
        .annotate({
          int: ExpressionWrapper(F('id').mul(-0.5), { output_field: integer() }),
          small: Avg('book__id', { output_field: smallint() }),
          column: Avg('book__id', { output_field: books.year }),
          number: Avg('book__id', { output_field: bigint({ mode: 'number' }) }),
          big: Avg('book__id', { output_field: bigint({ mode: 'bigint' }) }),
        })
        .order_by('id');
      expect(await query.values_list('int', 'small', 'column', 'number', 'big')).toEqual([
        [0, 1, 1, 1, 1n],
        [-1, 3, 3, 3, 3n],
        [-1, null, null, null, null],
      ]);
    });
    test('of a rounded whole number is a number, with a precision too', async () => {
      const rounded = Author.aobjects.order_by('id').values_list(Round('id', -1), Round('id'));
      expect(await rounded).toEqual([
        [0, 1],
        [0, 2],
        [0, 3],
      ]);
    });
    test('of a sum that is read as a bigint: a fraction is its text', async () => {
      const big = Cast('id', bigint({ mode: 'bigint' }));
      const given = { half: Sum(big).div(4), sum: Sum(big), cut: Sum(big, { default: 0.5 }) };
      expect(await Author.aobjects.aggregate(given)).toEqual({ half: '1.5000000000000000', sum: 6n, cut: 6n });
      expect(await Author.aobjects.none().aggregate({ cut: Sum(big, { default: 0.5 }) })).toEqual({ cut: 0n });
    });
    test('that are said to have a fraction are compared with fractions', async () => {
      const half = { output_field: doublePrecision() };
      const query = Author.aobjects.annotate({
        one: ExpressionWrapper('id', half),
        all: Sum('id', half),
        own: ExpressionWrapper(F('id').mul(1), { output_field: numeric({ precision: 8, scale: 2 }) }),
      });
      expect(await query.filter({ one__gt: 1.5 }).count()).toBe(2);
      expect(await query.filter({ all__gt: 1.5 }).count()).toBe(2);
      expect(await query.filter({ own__range: ['1.505', '2.5'] }).count()).toBe(1);
      expect(await query.filter({ one__in: [1.5, 2] }).count()).toBe(1);
    });
    test('of a sum that is read as a number are cut, beside a bigint too', async () => {
      const half = Sum(Cast('id', bigint({ mode: 'number' }))).div(4);
      const given = { half, cut: half.mul(Value(1n)), least: Coalesce(half, Value(0n)) };
      expect(await Author.aobjects.aggregate(given)).toEqual({ half: 1, cut: 1n, least: 1n });
    });
    test('of a Case are of its column, where a literal stands in another branch', async () => {
      const price = Cast('id', numeric({ precision: 4, scale: 2 }));
      const query = Author.aobjects.order_by('id').filter({ id__lt: 3 });
      const first = Case(When({ id: 1 }, { then: price }), { default: 0.5 });
      const last = Case(When({ id: 1 }, { then: Value(0.5) }), { default: price });
      expect(await query.values_list(first, last)).toEqual([
        ['1.00', '0.5'],
        ['0.5', '2.00'],
      ]);
    });
    test('beside a literal are of its type, if that has more room', async () => {
      const big = ExpressionWrapper(NullIf('id', Value(3)), bigint({ mode: 'bigint' }));
      const query = Author.aobjects.order_by('id');
      expect(
        await query.values_list(Coalesce('id', Value(2n)), Coalesce(big, Value(1.5)), NullIf('id', Value(2n))),
      ).toEqual([
        [1n, 1, 1n],
        [2n, 2, null],
        [3n, 1.5, 3n],
      ]);
    });
    test('and fractions of no rows are what a default says', async () => {
      const float = ExpressionWrapper('id', doublePrecision());
      const given = { whole: Sum('id', { default: 1.5 }), float: Sum(float, { default: 1.5 }) };
      const expected = { whole: 1.5, float: 1.5 };
      expect(await Author.aobjects.none().aggregate(given)).toEqual(expected);
      expect(await Author.aobjects.filter({ id: -1 }).aggregate(given)).toEqual(expected);
    });
    test('and a text that stands for a Date is one, of no rows too', async () => {
      const day = Cast(Value('2019-05-06'), date({ mode: 'date' }));
      const given = {
        a: Coalesce(Max(day), Value('2020-01-31')),
        b: Max(day, { default: '2020-01-31' }),
        text: Max('name', { default: 'none' }),
      };
      const expected = { a: new Date('2020-01-31'), b: new Date('2020-01-31'), text: 'none' };
      expect(await Author.aobjects.none().aggregate(given)).toEqual(expected);
      expect(await Author.aobjects.filter({ id: -1 }).aggregate(given)).toEqual(expected);
    });
    test('are cut where a part of a date is divided, which is numeric', async () => {
      const year = ExtractYear(Value(new Date('2021-05-06T00:00:00Z')));
      const query = Author.aobjects.filter({ id: 1 });
      expect(await query.values_list(year.div(10), year.div(-3000), year.div(2).mul(2), Max(year.div(10)))).toEqual([
        [202, 0, 2021, 202],
      ]);
      const either = Case(When(Q({ id: 1 }), { then: year.div(10) }), { default: Value(0) });
      expect(await query.values_list(Coalesce(year.div(10), Value(0)), either)).toEqual([[202, 202]]);
    });
    test('are whole already where both sides are', async () => {
      const half = ExpressionWrapper(F('id').div(2), { output_field: integer() });
      expect(await Author.aobjects.annotate({ half }).order_by('id').values_list('half', { flat: true })).toEqual([
        0, 1, 1,
      ]);
      expect(await Author.aobjects.aggregate({ n: Avg('id', { output_field: integer() }), m: Sum('id') })).toEqual({
        n: 2,
        m: 6,
      });
    });
  },
  { schema: librarySql },
);

test('what is cut is cut where the driver reads decimals as numbers', async () => {
  const client = new PGlite({ parsers: { 1700: Number } });
  await client.exec(librarySql);
  const { Author } = defineLibrary(drizzle({ client }));
  const sum = Sum(Cast(F('id').mul(-1), bigint({ mode: 'number' })));
  expect(await Author.aobjects.aggregate({ some: sum.div(4), less: sum.div(7) })).toEqual({ some: -1, less: 0 });
  await client.close();
});
