// Every lookup of every family, on rows that are known: key, value, the ids that match, and those that `exclude` leaves.
import { time } from 'drizzle-orm/pg-core';
import { Cast, ExtractSecond, F, Lower, timezone, Value } from 'drizzle-queryset';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineSamples, type Loose, loosely, samplesSql } from './samples.js';

type Case = readonly [key: string, value: unknown, ids: readonly number[]];
const NULL = null;

const text: Case[] = [
  ['t', 'a_b', [3]],
  ['t', '', [10]],
  ['t', NULL, [11]],
  ['t__exact', "it's", [6]],
  ['t__exact', '日本語 😀', [13]],
  ['t__iexact', 'A_B', [3]],
  ['t__iexact', 'ÉCLAIR', [8, 9]],
  ['t__iexact', '100%', [1]],
  ['t__contains', '%', [1]],
  ['t__contains', '_', [3]],
  ['t__contains', '\\', [5]],
  ['t__contains', "'", [6]],
  ['t__contains', '"', [7]],
  ['t__contains', '\n', [12]],
  ['t__contains', '本', [13]],
  ['t__contains', '😀', [13]],
  ['t__contains', 'É', [8]],
  ['t__contains', '', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13]],
  ['t__contains', '%%', []],
  ['t__contains', '\\%', []],
  ['t__icontains', 'X', [2, 4]],
  ['t__icontains', 'É', [8, 9]],
  ['t__icontains', 'A_', [3]],
  ['t__icontains', 'K\\S', [5]],
  ['t__startswith', '100%', [1]],
  ['t__startswith', '100', [1, 2]],
  ['t__startswith', '_', []],
  ['t__startswith', 'é', [9]],
  ['t__istartswith', "IT'", [6]],
  ['t__istartswith', 'é', [8, 9]],
  ['t__istartswith', '%', []],
  ['t__endswith', '%', [1]],
  ['t__endswith', '\\slash', [5]],
  ['t__endswith', '', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13]],
  ['t__iendswith', 'XB', [4]],
  ['t__iendswith', '_B', [3]],
  ['t__in', ['100%', "it's"], [1, 6]],
  ['t__in', ['100%', NULL], [1]],
  ['t__in', [], []],
  ['t__in', [''], [10]],
  ['t__in', ['a,b', '{', '"quoted"'], [7]],
  ['t__in', new Set(['axb', 'a_b']), [3, 4]],
  ['t__gt', 'z', [8, 9, 13]],
  ['t__lt', '1', [7, 10]],
  ['t__lte', '100%', [1, 7, 10]],
  ['t__gte', 'é', [9, 13]],
  ['t__range', ['a', 'b'], [3, 4]],
  ['t__regex', '^a.b$', [3, 4]],
  ['t__regex', '\\\\', [5]],
  ['t__regex', '^$', [10]],
  ['t__regex', 'É', [8]],
  ['t__iregex', '^A', [3, 4]],
  ['t__iregex', 'ÉCLAIR', [8, 9]],
  ['t__isnull', true, [11]],
  ['t__isnull', false, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13]],
  ['t__search', 'slash', [5]],
  ['t__search', 'quoted', [7]],
  // What the database itself holds is matched by its own characters, too.
  ['t__contains', F('part'), [1, 3, 5, 7, 9, 10, 13]],
  ['t__icontains', F('part'), [1, 3, 5, 7, 8, 9, 10, 13]],
  ['t__endswith', F('part'), [1, 7, 10, 13]],
  ['t__startswith', F('part'), [7, 9, 10]],
];

const huge = 10n ** 30n;
const most = 9223372036854775807n;
const number: Case[] = [
  ['i', 1, [1]],
  ['i', '1', [1]],
  ['i', 1n, [1]],
  ['i', NULL, [4]],
  ['i__gt', 1, [2]],
  ['i__gte', 1, [1, 2]],
  ['i__lt', 1, [3]],
  ['i__lte', 1, [1, 3]],
  // Django rounds up for gte and lt of whole numbers.
  ['i__gte', 0.5, [1, 2]],
  ['i__lt', 1.5, [1, 3]],
  ['i__gte', 1.5, [2]],
  ['i__gt', 2 ** 40, []],
  ['i__lt', 2 ** 40, [1, 2, 3]],
  ['i', huge, []],
  ['i__lt', huge, [1, 2, 3]],
  ['i__gt', -huge, [1, 2, 3]],
  ['i__in', [huge, 1], [1]],
  ['i__in', [1, -5, NULL], [1, 3]],
  ['i__in', [], []],
  ['i__range', [-5, 1], [1, 3]],
  ['i__range', [1, -5], []],
  ['i__range', [0, 2 ** 40], [1, 2]],
  ['i__isnull', true, [4]],
  ['i__isnull', false, [1, 2, 3]],
  ['i__exact', F('id'), [1]],
  ['i__lt', F('id'), [3]],
  ['b', most, [2]],
  ['b', String(most), [2]],
  ['b', most - 1n, []],
  ['b__in', [most, -most - 1n], [2, 3]],
  ['b__range', [1n, most], [1, 2]],
  ['b__gt', most - 1n, [2]],
  ['d', 0.5, [1]],
  ['d__gt', 1e299, [2]],
  ['d__lt', 0, [3]],
  ['d', -0.1, [3]],
  ['d', Number.NaN, []],
  ['d__lt', Number.POSITIVE_INFINITY, [1, 2, 3]],
  ['d__in', [0.5, -0.1], [1, 3]],
  ['n', '1.5', [1]],
  ['n', 1.5, [1]],
  ['n', '1.500000', [1]],
  ['n', '99999999999999.999999', [2]],
  ['n', '99999999999999.999998', []],
  ['n__gt', '99999999999999.999998', [2]],
  ['n__lt', 0, [3]],
  ['n__in', ['1.5', '-0.000001'], [1, 3]],
  ['n__range', ['-1', '2'], [1, 3]],
  ['n__exact', F('n'), [1, 2, 3]],
];

const utc: Case[] = [
  ['at', new Date('2024-03-31T01:30:00Z'), [3]],
  ['at', '2024-03-31 01:30:00', [3]],
  ['at', '2024-03-31T03:30:00+02:00', [3]],
  ['at', '2024-12-30 12:00:00.123456+00', [7]],
  ['at', '2024-12-30 12:00:00.123+00', []],
  ['at__lt', new Date('2024-01-01T00:00:00Z'), [1]],
  ['at__in', [new Date('2023-12-31T23:30:00Z'), '2024-10-27T00:30:00Z'], [1, 4]],
  ['at__range', [new Date('2024-01-01T00:00:00Z'), new Date('2024-06-01T00:00:00Z')], [2, 3]],
  ['at__date', '2023-12-31', [1]],
  ['at__date', new Date('2024-03-31T00:00:00Z'), [2, 3]],
  ['at__date__lt', '2024-03-31', [1]],
  ['at__date__year', 2023, [1]],
  ['at__year', 2023, [1]],
  ['at__year__gt', 2023, [2, 3, 4, 5, 7]],
  ['at__year__gte', 2024, [2, 3, 4, 5, 7]],
  ['at__year__lt', 2024, [1]],
  ['at__year__lte', 2023, [1]],
  ['at__year__in', [2023, 1999], [1]],
  ['at__year__range', [2000, 2023], [1]],
  ['at__year', '2023', [1]],
  ['at__iso_year', 2025, [7]],
  ['at__iso_year', 2023, [1]],
  ['at__iso_year__lt', 2025, [1, 2, 3, 4, 5]],
  ['at__month', 10, [4, 5]],
  ['at__month__gte', 10, [1, 4, 5, 7]],
  ['at__day', 31, [1, 2, 3]],
  ['at__day__in', [27, 30], [4, 5, 7]],
  ['at__week', 1, [7]],
  ['at__week', 52, [1]],
  ['at__week', 13, [2, 3]],
  // Sunday is 1 in Django's week_day, 7 in the ISO one.
  ['at__week_day', 1, [1, 2, 3, 4, 5]],
  ['at__week_day', 2, [7]],
  ['at__iso_week_day', 7, [1, 2, 3, 4, 5]],
  ['at__iso_week_day', 1, [7]],
  ['at__quarter', 4, [1, 4, 5, 7]],
  ['at__quarter', 1, [2, 3]],
  ['at__hour', 1, [3, 5]],
  ['at__hour__gte', 12, [1, 7]],
  ['at__minute', 30, [1, 2, 3, 4, 5]],
  ['at__second__lt', 1, [1, 2, 3, 4, 5, 7]],
  ['at__time', '12:00:00.123456', [7]],
  ['at__time__lt', '01:00', [2, 4]],
  ['at__time__range', ['23:00', '23:59'], [1]],
  ['at__isnull', true, [6]],
  ['at__date__isnull', true, [6]],
  ['day', '2024-03-31', [2, 3]],
  ['day', new Date('2024-03-31T00:00:00Z'), [2, 3]],
  ['day__lt', '2024-01-01', [1]],
  ['day__year', 2024, [2, 3, 4, 5, 7]],
  ['day__week_day', 2, [7]],
  ['day__iso_year', 2025, [7]],
  ['day__in', ['2023-12-31', '2024-12-30'], [1, 7]],
  ['day__quarter__in', [4], [1, 4, 5, 7]],
  ['local', '2023-12-31 23:30:00', [1]],
  ['local__hour', 23, [1]],
  ['local__date', '2024-12-30', [7]],
  ['local__gt', '2024-12-30 12:00:00.123455', [7]],
  ['clock', '23:30', [1]],
  ['clock__hour', 0, [2, 4]],
  ['clock__gte', '12:00', [1, 7]],
  ['clock__minute', 30, [1, 2, 3, 4, 5]],
  ['clock__second__lt', 1, [1, 2, 3, 4, 5, 7]],
];

/** The same rows as a clock in Paris shows them: on the day that the clocks go back, 2:30 comes twice. */
const paris: Case[] = [
  ['at__year', 2024, [1, 2, 3, 4, 5, 7]],
  ['at__year', 2023, []],
  ['at__date', '2024-01-01', [1]],
  ['at__month', 1, [1]],
  ['at__quarter', 1, [1, 2, 3]],
  ['at__hour', 0, [1]],
  ['at__hour', 1, [2]],
  ['at__hour', 2, [4, 5]],
  ['at__hour', 3, [3]],
  ['at__hour', 13, [7]],
  ['at__day', 1, [1]],
  ['at__week_day', 2, [1, 7]],
  ['at__week', 1, [1, 7]],
  ['at__time', '02:30', [4, 5]],
  ['at__date', '2024-10-27', [4, 5]],
  ['at__iso_year', 2024, [1, 2, 3, 4, 5]],
  // What has no zone stays as it is.
  ['local__hour', 23, [1]],
  ['day', '2023-12-31', [1]],
  ['clock__hour', 23, [1]],
  ['at', new Date('2024-03-31T01:30:00Z'), [3]],
];

const rest: Case[] = [
  ['flag', true, [1, 4]],
  ['flag', false, [2, 5]],
  ['flag', NULL, [3, 6, 7]],
  ['flag__in', [true, NULL], [1, 4]],
  ['flag__isnull', false, [1, 2, 4, 5]],
  ['uid', 'AAAAAAAA-0000-4000-8000-00000000000A', [1]],
  ['uid__in', ['bbbbbbbb-0000-4000-8000-00000000000b'], [2]],
  ['uid__startswith', 'aaaa', [1]],
  ['uid__gt', 'aaaaaaaa-0000-4000-8000-00000000000a', [2]],
  ['mood', 'sad', [1]],
  ['mood__in', ['ok', 'happy'], [2, 4]],
  ['mood__gt', 'sad', [2, 4]],
  ['mood__isnull', true, [3, 5, 6, 7]],
  ['ip', '10.0.0.1', [1]],
  ['ip__startswith', '10.0.', [1, 2]],
  ['ip__in', ['10.0.0.2'], [2]],
  ['raw', Buffer.from([0, 255]), [1]],
  ['raw', new Uint8Array([]), [2]],
  ['dur', '26:00:00', [1]],
  ['dur', '1 day 02:00:00', [1]],
  ['dur__gt', '1 hour', [1]],
  ['dur__lt', '0', [4]],
];

const json: Case[] = [
  ['doc__a__b', 1, [1]],
  ['doc__a__b__gt', 0, [1]],
  ['doc__a__b__in', [1, 2], [1]],
  ['doc__a__b__isnull', false, [1]],
  // None right of a key is JSON's null; a key that is not there is isnull.
  ['doc__a', NULL, [2]],
  ['doc__a__c', NULL, [1]],
  ['doc__a__isnull', true, [3, 4, 5, 6, 7]],
  ['doc__a__isnull', false, [1, 2]],
  ['doc', NULL, [3]],
  ['doc__isnull', true, [4]],
  ['doc', 'text', [5]],
  ['doc', [], [6]],
  ['doc__exact', { a: NULL }, [2]],
  ['doc__list__0', 1, [1]],
  ['doc__list__1', 'x', [1]],
  ['doc__list__2__k', true, [1]],
  ['doc__list__9', 1, []],
  ['doc__s__startswith', '50%', [1]],
  ['doc__s__icontains', 'OFF_', [1]],
  ['doc__s__contains', '_o', []],
  ['doc__s__iexact', '50% OFF_', [1]],
  ['doc__s__regex', '^5', [1]],
  ['doc__has_key', 'a', [1, 2]],
  ['doc__has_key', `we'ird "k%`, [7]],
  ['doc__has_keys', ['a', 's'], [1]],
  ['doc__has_any_keys', ['a', '0'], [1, 2, 7]],
  ['doc__a__has_key', 'b', [1]],
  [`doc__we'ird "k%`, 1, [7]],
  ['doc__contains', { a: { b: 1 } }, [1]],
  ['doc__contains', 'text', [5]],
  ['doc__contained_by', { a: NULL, z: 1 }, [2]],
  ['doc__list__contains', [1], [1]],
];

const arrays: Case[] = [
  ['tags', ['a', 'b'], [1]],
  ['tags', [], [2]],
  ['tags', NULL, [3, 6, 7]],
  ['tags__contains', ['a'], [1, 4]],
  ['tags__contained_by', ['a', 'b', 'c'], [1, 2]],
  ['tags__overlap', ['b', 'NULL'], [1, 5]],
  ['tags__len', 2, [1, 4, 5]],
  ['tags__len', 0, [2]],
  ['tags__len__gte', 1, [1, 4, 5]],
  ['tags__0', 'a', [1, 4]],
  ['tags__1', 'b', [1]],
  ['tags__0_1', ['a'], [1, 4]],
  ['tags__0__contains', ',ird', [5]],
  ['tags__contains', ['we,ird "q" \\ {}'], [5]],
  ['tags__contains', [], [1, 2, 4, 5]],
  ['tags__contains', [Lower(Value('A'))], [1, 4]],
];

const ranges: Case[] = [
  ['span', '[1,5)', [1]],
  ['span__contains', 4, [1]],
  ['span__contains', '[6,7)', [2]],
  ['span__contained_by', '[0,6)', [1, 4]],
  ['span__overlap', '[4,6)', [1, 2]],
  ['span__fully_lt', '[5,9)', [1, 5]],
  ['span__fully_gt', '[0,5)', [2]],
  ['span__adjacent_to', '[9,10)', [2]],
  ['span__startswith', 5, [2]],
  ['span__endswith', 5, [1]],
  ['span__isempty', true, [4]],
  ['span__lower_inf', true, [5]],
  ['span__upper_inc', true, []],
  ['span__startswith__gte', 1, [1, 2]],
];

const shownValue = (value: unknown) =>
  typeof value === 'bigint'
    ? `${value}n`
    : value instanceof Set
      ? `Set ${JSON.stringify([...value])}`
      : Array.isArray(value)
        ? `[${value.map(String).join(', ')}]`
        : value !== null && typeof value === 'object' && !(value instanceof Date) && value.constructor !== Object
          ? value.constructor.name
          : JSON.stringify(value);

describeDatabases(
  'lookups',
  (database) => {
    let models: Record<string, Loose>;
    beforeAll(() => {
      models = loosely(defineSamples(database.db));
    });

    function table(title: string, model: string, cases: readonly Case[], zone = 'UTC') {
      describe(title, () => {
        test.each(
          cases.map(([key, value, expected]) => [`${key} = ${shownValue(value)}`, key, value, expected] as const),
        )('%s', async (_title, key, value, expected) => {
          const rows = await timezone.override(zone, () =>
            models[model]!.aobjects.filter({ [key]: value })
              .order_by('id')
              .then((r) => r),
          );
          expect(rows.map((row) => row.id)).toEqual(expected);
        });
      });
    }
    table('text', 'Word', text);
    table('numbers', 'Number', number);
    table('dates and times in UTC', 'Moment', utc);
    table('dates and times in Paris', 'Moment', paris, 'Europe/Paris');
    table('other types', 'Thing', rest);
    table('jsonb', 'Thing', json);
    table('arrays', 'Thing', arrays);
    table('ranges', 'Thing', ranges);

    test('exclude() leaves the rows whose column is NULL, as Django does', async () => {
      const left = async (lookups: object) =>
        (await models['Number']!.aobjects.exclude(lookups).order_by('id')).map((row) => row.id);
      expect(await left({ i: 1 })).toEqual([2, 3, 4]);
      expect(await left({ i__gt: 1 })).toEqual([1, 3, 4]);
      expect(await left({ i: null })).toEqual([1, 2, 3]);
      expect(await left({ i__in: [] })).toEqual([1, 2, 3, 4]);
      expect(await left({ i__in: [1, null] })).toEqual([2, 3, 4]);
      expect(await left({ i__isnull: false })).toEqual([4]);
      expect(await left({ i__gt: 0, d__lt: 1 })).toEqual([2, 3, 4]);
    });

    test('the second of a moment is a whole one', async () => {
      const { Moment } = defineSamples(database.db);
      const whole = Moment.aobjects.filter({ clock__second: 0, at__second: 0, local__second: 0 });
      expect((await whole.order_by('id')).map((row) => row.id)).toEqual([1, 2, 3, 4, 5, 7]);
      expect(await Moment.aobjects.order_by('-id').values_list('clock__second', { flat: true }).first()).toBe(0);
      const zoned = Cast('clock', time({ withTimezone: true }));
      const late = Moment.aobjects.annotate({ second: ExtractSecond(zoned) }).order_by('-id');
      expect(await late.values_list('second', { flat: true }).first()).toBe(0);
    });

    test('an array overlaps with all values of a queryset', async () => {
      const { Thing, Word } = defineSamples(database.db);
      const ids = async (rows: PromiseLike<readonly { id: number }[]>) => (await rows).map((row) => row.id);
      const arrays = Thing.aobjects.order_by('id');
      const lists = Thing.aobjects.filter({ id__in: [1, 4] }).values_list('tags', { flat: true });
      expect(await ids(arrays.filter({ tags__overlap: Word.aobjects.values('part') }))).toEqual([1, 4]);
      expect(await ids(arrays.filter({ tags__overlap: lists }))).toEqual([1, 4]);
      expect(await ids(arrays.filter({ tags__overlap: Word.aobjects.none().values('part') }))).toEqual([]);
      const outside = arrays.filter({ tags__isnull: false }).exclude({ tags__overlap: Word.aobjects.values('part') });
      expect(await ids(outside)).toEqual([2, 5]);
    });

    test('the zone is the one of the moment when the query is sent', async () => {
      const late = models['Moment']!.aobjects.filter({ at__hour: 2 });
      expect(
        await timezone.override('Europe/Paris', async () => (await late.order_by('id')).map((row) => row.id)),
      ).toEqual([4, 5]);
      expect(
        await timezone.override('Asia/Tokyo', async () => (await late.order_by('id')).map((row) => row.id)),
      ).toEqual([]);
      expect((await late.order_by('id')).length).toBe(0);
    });

    test('the same shape with other values gives other rows', async () => {
      for (const [value, expected] of [
        ['%', [1]],
        ['_', [3]],
        ['', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13]],
        ['\\', [5]],
      ] as const) {
        expect(
          (await models['Word']!.aobjects.filter({ t__contains: value }).order_by('id')).map((row) => row.id),
        ).toEqual(expected);
      }
    });

    test('values that look like SQL are values', async () => {
      for (const value of [
        "'; drop table word; --",
        "' or '1'='1",
        '$1',
        '\\x00',
        '%s',
        '{}',
        '{"a"}',
        'null',
        'NULL',
      ]) {
        expect(await models['Word']!.aobjects.filter({ t: value })).toEqual([]);
        expect(
          await models['Word']!.aobjects.filter({ t__in: [value, 'axb'] }).then((rows) => rows.map((row) => row.id)),
        ).toEqual([4]);
      }
      expect(await database.rows('select count(*)::int as n from word')).toEqual([{ n: 13 }]);
    });
  },
  { schema: samplesSql },
);
