// Expressions by Django's names: what a reader of its reference would write.
import { integer, text } from 'drizzle-orm/pg-core';
import * as library from 'drizzle-queryset';
import {
  AnyValue,
  ArrayAgg,
  ArraySubquery,
  Exists,
  F,
  Func,
  JSONArray,
  JSONObject,
  Lag,
  Lead,
  NthValue,
  Ntile,
  OuterRef,
  Q,
  RandomUUID,
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  StringAgg,
  TransactionNow,
  TrigramSimilarity,
  Value,
  Window,
} from 'drizzle-queryset';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

/** Django's names, by the modules that it documents them in. */
const NAMES = {
  'django.db.models':
    'Aggregate Avg Case Count Exists ExpressionWrapper F FilteredRelation Func Max Min OuterRef Prefetch Q RowRange StdDev Subquery Sum Value ValueRange Variance When Window AnyValue StringAgg',
  'django.db.models.functions': `Cast Coalesce Collate Greatest JSONArray JSONObject Least NullIf Extract ExtractYear ExtractIsoYear ExtractMonth ExtractDay ExtractWeekDay
    ExtractIsoWeekDay ExtractWeek ExtractQuarter ExtractHour ExtractMinute ExtractSecond Now Trunc TruncYear TruncQuarter TruncMonth TruncWeek TruncDay TruncDate TruncTime
    TruncHour TruncMinute TruncSecond Abs ACos ASin ATan ATan2 Ceil Cos Cot Degrees Exp Floor Ln Log Mod Pi Power Radians Random Round Sign Sin Sqrt Tan Chr Concat Left Length
    Lower LPad LTrim MD5 Ord Repeat Replace Reverse Right RPad RTrim SHA1 SHA224 SHA256 SHA384 SHA512 StrIndex Substr Trim Upper CumeDist DenseRank FirstValue Lag LastValue
    Lead NthValue Ntile PercentRank Rank RowNumber`,
  'django.contrib.postgres': `ArrayAgg BitAnd BitOr BitXor BoolAnd BoolOr JSONBAgg StringAgg Corr CovarPop RegrAvgX RegrAvgY RegrCount RegrIntercept RegrR2 RegrSlope RegrSXX RegrSXY RegrSYY
    ArraySubquery RandomUUID TransactionNow SearchVector SearchQuery SearchRank SearchHeadline TrigramSimilarity TrigramWordSimilarity TrigramStrictWordSimilarity TrigramDistance TrigramWordDistance TrigramStrictWordDistance`,
  exceptions: `FieldError ObjectDoesNotExist MultipleObjectsReturned DatabaseError IntegrityError DataError OperationalError ProgrammingError InternalError NotSupportedError
    TransactionManagementError SynchronousOnlyOperation NotImplementedError ProtectedError IndexError`,
  'django.db': 'atomic on_commit',
};

describe('names of the package', () => {
  // A base class in Django, of which there are no instances: here a type.
  const types = ['Aggregate'];
  test.each(Object.entries(NAMES))('%s', (_module, names) => {
    for (const name of names.split(/\s+/)) if (!types.includes(name)) expect(library, name).toHaveProperty(name);
  });
});

describeDatabases(
  'functions by their names',
  (database) => {
    let { Topping, Box, Pizza } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Pizza } = defineShop(database.db));
    });

    test('Func', async () => {
      const rows = await Pizza.aobjects
        .annotate({
          a: Func('name', { function: 'UPPER' }),
          b: Func('name', { function: 'LENGTH', output_field: integer() }),
          c: Func('id', 'priceId', { function: 'GREATEST' }),
          d: Func('name', Value('!'), { template: '(%(expressions)s)', arg_joiner: ' || ' }),
          e: Func(F('box__name'), Value('none'), { function: 'COALESCE', output_field: text() }),
        })
        .order_by('id');
      expect(rows.map((r) => [r.a, r.b, r.c, r.d, r.e])).toEqual([
        ['HAWAIIAN', 8, 1, 'Hawaiian!', 'medium box'],
        ['WEIRD', 5, 2, 'Weird!', 'none'],
        ['ALOHA', 5, 3, 'Aloha!', 'medium box'],
      ]);
      expectTypeOf(rows[0]!.a).toEqualTypeOf<string>();
      expectTypeOf(rows[0]!.b).toEqualTypeOf<number>();
      expectTypeOf(rows[0]!.c).toEqualTypeOf<number>();
      expectTypeOf(rows[0]!.e).toEqualTypeOf<string | null>();
      expect(() => Func('name', { function: 'UPPER(); drop table x' })).toThrow(/function/);
      expect(() => Func('name')).toThrow(/function/);
      expect(
        await Pizza.aobjects
          .annotate({ n: Func('name', { function: 'LENGTH', output_field: integer() }) })
          .filter({ n__gt: 5 })
          .count(),
      ).toBe(1);
    });

    test('JSONArray, JSONObject', async () => {
      const row = await Pizza.aobjects
        .annotate({ a: JSONArray('id', 'name', Value(null)), o: JSONObject({ n: 'name' }) })
        .get({ id: 1 });
      expect([row.a, row.o]).toEqual([[1, 'Hawaiian', null], { n: 'Hawaiian' }]);
      expectTypeOf(row.a).toEqualTypeOf<unknown[]>();
      expectTypeOf(row.o).toEqualTypeOf<{ n: string }>();
    });

    test('ArraySubquery', async () => {
      const rows = await Box.aobjects
        .annotate({
          ids: ArraySubquery(
            Pizza.aobjects
              .filter({ box: OuterRef('pk') })
              .order_by('-id')
              .values('id'),
          ),
          names: ArraySubquery(
            Pizza.aobjects
              .filter({ box: OuterRef('pk') })
              .order_by('name')
              .values_list('name', { flat: true }),
          ),
          none: ArraySubquery(Pizza.aobjects.none().values('id')),
        })
        .order_by('id');
      expect(rows.map((r) => [r.ids, r.names, r.none])).toEqual([
        [[3, 1], ['Aloha', 'Hawaiian'], []],
        [[], [], []],
      ]);
      expectTypeOf(rows[0]!.ids).toEqualTypeOf<number[]>();
      expectTypeOf(rows[0]!.names).toEqualTypeOf<string[]>();
    });

    test('AnyValue, order_by of aggregates', async () => {
      expect(
        await Pizza.aobjects
          .values('box')
          .annotate({
            b: AnyValue('box__name'),
            s: StringAgg('name', ',', { order_by: '-name' }),
            a: ArrayAgg('name', { order_by: F('name').asc() }),
          })
          .order_by('box')
          .first(),
      ).toEqual({
        box: 1,
        b: 'medium box',
        s: 'Hawaiian,Aloha',
        a: ['Aloha', 'Hawaiian'],
      });
    });

    test('RandomUUID, TransactionNow', async () => {
      const row = await Topping.aobjects.annotate({ u: RandomUUID(), t: TransactionNow() }).get({ id: 1 });
      expect(row.u).toMatch(/^[0-9a-f-]{36}$/);
      expect(row.t).toBeInstanceOf(Date);
      expectTypeOf(row.u).toEqualTypeOf<string>();
      expectTypeOf(row.t).toEqualTypeOf<Date>();
    });

    test('functions of windows take their numbers by place or by name, and nothing else', async () => {
      const order = { order_by: 'id' } as const;
      expect(
        await Pizza.aobjects
          .order_by('id')
          .values_list(
            Window(Lag('id', 2, F('priceId')), order),
            Window(Lead('id', { default: Value(0) }), order),
            Window(NthValue('name', { nth: 2 }), order),
            Window(Ntile(2), order),
            Window(Ntile(), order),
          ),
      ).toEqual([
        [1, 2, null, 1, 1],
        [2, 3, 'Weird', 1, 1],
        [1, 0, 'Weird', 2, 1],
      ]);
      const given = (make: unknown) => make as (...args: unknown[]) => unknown;
      for (const wrong of [0, -1, Number.NaN, null, '2', [1]])
        for (const shift of [Lag, Lead])
          expect(() => given(shift)('id', wrong, 1)).toThrow(/(Lag|Lead) requires a positive integer for the offset/);
      expect(() => given(Lag)('id', null)).toThrow(/Lag requires a positive integer/);
      expect(() => given(Lag)(null)).toThrow(/Lag requires a non-null source expression/);
      expect(() => given(Lag)('id', 1, 2, 3)).toThrow(/Lag takes no more than expression, offset, default/);
      expect(() => given(Lag)('id', { nth: 1 })).toThrow(/Lag has no option 'nth'/);
      expect(() => given(NthValue)('id', null)).toThrow(/NthValue requires a positive integer as for nth/);
      expect(() => given(NthValue)('id', 1, 2)).toThrow(/NthValue takes no more than expression, nth/);
      expect(() => given(Ntile)(null)).toThrow(/num_buckets must be greater than 0/);
      expect(() => given(Ntile)(2, 3)).toThrow(/Ntile takes no more than num_buckets/);
    });
    test('Exists is a condition: with others it makes a Q', async () => {
      const boxed = Exists(Box.aobjects.filter({ id: OuterRef('boxId') }));
      const topped = Exists(Topping.aobjects.filter({ pizza: OuterRef('pk'), name: 'bacon' }));
      const ids = (condition: unknown) =>
        Pizza.aobjects
          .filter(condition as never)
          .order_by('id')
          .values_list('id', { flat: true });
      expect(await ids(boxed.and(topped))).toEqual([1]);
      expect(await ids(boxed.and(Q({ id: 3 })))).toEqual([3]);
      expect(await ids(topped.or(Q({ id: 2 })))).toEqual([1, 2]);
      expect(await ids(boxed.not().or(topped))).toEqual([1, 2]);
      expect(await ids(boxed.xor(topped))).toEqual([3]);
      expect(await ids(boxed.and(topped).not())).toEqual([2, 3]);
      expect(() => boxed.and({ id: 3 } as never)).toThrow(/Expected a condition/);
    });

    test('full-text search', async () => {
      await Topping.aobjects.bulk_create([
        new Topping({ name: 'red tomatoes' }),
        new Topping({ name: 'green olives' }),
      ]);
      const names = (qs: PromiseLike<{ name: string }[]>) =>
        Promise.resolve(qs).then((rows) => rows.map((r) => r.name));
      const vector = SearchVector('name', { config: 'english' });
      expect(
        await names(
          Topping.aobjects
            .annotate({ search: vector })
            .filter({ search: SearchQuery('tomato', { config: 'english' }) }),
        ),
      ).toEqual(['red tomatoes']);
      expect(
        await names(Topping.aobjects.annotate({ search: SearchVector('name') }).filter({ search: 'olives' })),
      ).toEqual(['green olives']);
      expect(await names(Topping.aobjects.filter({ name__search: 'olives' }))).toEqual(['green olives']);
      expect(
        await names(
          Topping.aobjects.filter({ name__search: SearchQuery('olives').or(SearchQuery('bacon')) }).order_by('id'),
        ),
      ).toEqual(['bacon', 'green olives']);
      expect(
        await names(
          Topping.aobjects
            .annotate({ search: SearchVector('name') })
            .filter({ search: SearchQuery('green').and(SearchQuery('olives').not()) }),
        ),
      ).toEqual([]);
      expect(
        await names(
          Topping.aobjects
            .annotate({ search: SearchVector('name', { weight: 'A' }).add(SearchVector('id', { weight: 'B' })) })
            .filter({ search: SearchQuery('red & tom:*', { search_type: 'raw' }) }),
        ),
      ).toEqual(['red tomatoes']);
      const ranked = await Topping.aobjects
        .annotate({
          rank: SearchRank(SearchVector('name'), SearchQuery('green'), {
            weights: [0.1, 0.2, 0.4, 1],
            normalization: 2,
            cover_density: true,
          }),
        })
        .order_by('-rank')
        .values_list('name', 'rank');
      expect(ranked[0]![0]).toBe('green olives');
      expect(ranked[0]![1]).toBeGreaterThan(0);
      expectTypeOf(ranked[0]![1]).toEqualTypeOf<number>();
      const headline = await Topping.aobjects
        .annotate({ h: SearchHeadline('name', SearchQuery('olives'), { start_sel: '<b>', stop_sel: '</b>' }) })
        .get({ name: 'green olives' });
      expect(headline.h).toBe('green <b>olives</b>');
      expect(() => SearchQuery('x', { search_type: 'nope' as never })).toThrow(/search_type/);
      expect(() => SearchVector('name', { weight: 'E' as never })).toThrow(/weight/);
      expect(
        Topping.aobjects
          .annotate({ s: TrigramSimilarity('name', 'bacn') })
          .filter({ s__gt: 0.3 })
          .toSQL().sql,
      ).toContain('SIMILARITY');
    });
  },
  { schema, drivers: ['pglite', 'postgres-js'] },
);
