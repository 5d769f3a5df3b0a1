// Django's arguments by place and by name: what is positional there may be named here, in one trailing object.
import { doublePrecision, integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import {
  Avg,
  Case,
  Cast,
  defineModels,
  ExpressionWrapper,
  Extract,
  ExtractYear,
  FirstValue,
  Lag,
  LastValue,
  F,
  Lead,
  NthValue,
  Ntile,
  type OrderBy,
  Prefetch,
  Rank,
  RawSQL,
  type Ref,
  RowRange,
  Subquery,
  Trunc,
  Value,
  When,
  Window,
} from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const readings = pgTable('reading', {
  id: serial().primaryKey(),
  place: text().notNull(),
  level: integer().notNull(),
  taken: timestamp({ withTimezone: true }).notNull(),
});

describeDatabases(
  'arguments by name',
  (database) => {
    const define = () => defineModels(database.db as never, { Reading: readings }).Reading;
    let Reading: ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate reading restart identity;
insert into reading (place, level, taken) values
  ('a', 10, '2024-02-29T23:30:00Z'), ('a', 20, '2024-03-01T10:00:00Z'), ('b', 40, '2025-03-01T10:00:00Z')`);
      Reading = define();
    });

    test('windows', async () => {
      const rows = await Reading.aobjects
        .order_by('id')
        .values_list(
          Window({ expression: Rank(), partition_by: ['place'], order_by: '-level' }),
          Window({ expression: Avg('level'), partition_by: 'place', frame: RowRange() }),
          Window({ expression: Lag({ expression: 'level', offset: 1, default: 0 }), order_by: 'id' }),
          Window(Lead('level', { offset: 2 }), { order_by: 'id' }),
          Window({ expression: NthValue({ expression: 'level', nth: 2 }), order_by: 'id', frame: RowRange() }),
          Window({ expression: FirstValue({ expression: 'place' }), order_by: 'id' }),
          Window(LastValue('place'), { order_by: 'id', frame: RowRange() }),
          Window({ expression: Ntile({ num_buckets: 3 }), order_by: 'id' }),
        );
      expectTypeOf(rows).toEqualTypeOf<
        [number, number | null, number, number | null, number | null, string | null, string | null, number][]
      >();
      expect(rows).toEqual([
        [2, 15, 0, 40, 20, 'a', 'b', 1],
        [1, 15, 10, null, 20, 'a', 'b', 2],
        [1, 40, 20, null, 20, 'a', 'b', 3],
      ]);
      // @ts-expect-error no such option
      expect(() => Window({ expression: Rank(), oder_by: 'id' })).toThrow("Window has no option 'oder_by'");
      // @ts-expect-error an offset is a number
      expect(() => Lag({ expression: 'level', offset: null })).toThrow(/positive integer for the offset/);
      // A frame that did not come from RowRange() or ValueRange() would be SQL text of somebody else.
      const forged = { frame: 'ROWS', start: '1); drop table reading; --', end: 0 } as never;
      expect(() => Window(Rank(), { frame: forged })).toThrow(/RowRange/);
      expect(() => RowRange({ start: '1' as never })).toThrow(/whole numbers/);
      // @ts-expect-error nothing is windowed
      expect(() => Window({ order_by: 'id' })).toThrow(/undefined/);
    });

    test('parts of dates, and types', async () => {
      const row = await Reading.aobjects
        .values_list(
          Extract('taken', { lookup_name: 'month', tzinfo: 'Europe/Paris' }),
          Extract('taken', 'month'),
          ExtractYear('taken', { tzinfo: 'UTC' }),
          Trunc('taken', { kind: 'month', tzinfo: 'UTC' }),
          Trunc('taken', { kind: 'date', tzinfo: 'Europe/Paris' }),
          Cast('id', { output_field: doublePrecision() }),
          Cast('id', text()),
          ExpressionWrapper('id', text()),
          ExpressionWrapper('id', { output_field: text() }),
          Value(5, text()),
          Value(5, { output_field: text() }),
          RawSQL('%s', ['7'], integer()),
          RawSQL('%s', ['7'], { output_field: integer() }),
          Subquery(Reading.aobjects.order_by('id').values('id').slice(0, 1), text()),
          Subquery(Reading.aobjects.order_by('id').values('id').slice(0, 1), { output_field: text() }),
        )
        .get({ id: 1 });
      expectTypeOf(row).toEqualTypeOf<
        [
          ...[number, number, number, Date, Date, number, string, string, string, string, string],
          ...[number, number, string | null, string | null],
        ]
      >();
      const utc = (day: string) => new Date(`${day}T00:00:00Z`);
      expect(row.slice(0, -4)).toEqual([3, 2, 2024, utc('2024-02-01'), utc('2024-03-01'), 1, '1', '1', '1', '5', '5']);
      expect(row.slice(-4)).toEqual([7, 7, '1', '1']);
      // @ts-expect-error no such option
      expect(() => RawSQL('1', [], { outputField: integer() })).toThrow("RawSQL has no option 'outputField'");
      // @ts-expect-error no such option
      expect(() => Subquery(Reading.aobjects.values('id'), { field: integer() })).toThrow("no option 'field'");
      // @ts-expect-error no such part
      expect(() => Extract('taken', { lookup_name: 'century' })).toThrow(/no kind 'century'/);
      // @ts-expect-error its name is lookup_name
      expect(() => Extract('taken', { kind: 'year' })).toThrow("Extract has no option 'kind'");
      // @ts-expect-error no type
      expect(() => Cast('id', {})).toThrow(/output_field/);
    });

    test('of querysets: a name that is none is refused, before anything is sent', async () => {
      const { aobjects } = Reading;
      database.forget();
      // @ts-expect-error no such option
      expect(() => aobjects.select_for_update({ skipLocked: true })).toThrow(
        "select_for_update() has no option 'skipLocked'. Options: nowait, skip_locked, of, no_key",
      );
      // @ts-expect-error no such option
      expect(() => aobjects.extra({ selects: { one: '1' } })).toThrow("extra() has no option 'selects'");
      // @ts-expect-error no such option
      expect(() => aobjects.iterator({ chunkSize: 10 })).toThrow("iterator() has no option 'chunkSize'");
      // @ts-expect-error no such option
      expect(() => aobjects.in_bulk({ fieldName: 'id' })).toThrow("in_bulk() has no option 'fieldName'");
      // @ts-expect-error no such option
      expect(() => aobjects.values_list('id', { flatten: true })).toThrow("values_list() has no option 'flatten'");
      // @ts-expect-error no such option
      expect(() => aobjects.union(aobjects, { every: true })).toThrow("union() has no option 'every'");
      const rows = [new Reading({ place: 'c', level: 1, taken: new Date(0) })];
      // @ts-expect-error no such option
      expect(() => aobjects.bulk_create(rows, { ignoreConflicts: true })).toThrow("no option 'ignoreConflicts'");
      // @ts-expect-error no such option
      expect(() => aobjects.bulk_update(rows, ['level'], { size: 5 })).toThrow("bulk_update() has no option 'size'");
      expect(database.statements).toEqual([]);
    });

    test('of Case and Prefetch too', () => {
      // @ts-expect-error no such option
      expect(() => Case(When({ level: 10 }, { then: 1 }), { deault: 2 })).toThrow(
        "Case has no option 'deault'. Options: default, output_field",
      );
      // @ts-expect-error no such option
      expect(() => Prefetch('owner', Reading.aobjects, { to_atttr: 'x' })).toThrow(
        "Prefetch has no option 'to_atttr'. Options: queryset, to_attr",
      );
      // @ts-expect-error no such option
      expect(() => Prefetch('owner', { query_set: Reading.aobjects })).toThrow("Prefetch has no option 'query_set'");
    });

    test('the other way round', async () => {
      const { aobjects } = Reading;
      const ordered = (order: OrderBy<Ref<'level'>>) => aobjects.order_by(order).values_list('level', { flat: true });
      expect(await ordered(F('level').desc().reverse_ordering())).toEqual([10, 20, 40]);
      expect(await ordered(F('level').asc().reverse_ordering().desc().reverse_ordering())).toEqual([10, 20, 40]);
      const { sql } = aobjects.order_by(F('level').desc({ nulls_first: true }).reverse_ordering()).toSQL();
      expect(sql).toMatch(/ASC NULLS LAST$/);
    });

    test('datetimes()', async () => {
      const { aobjects } = Reading;
      const paris = [new Date('2024-02-29T23:00:00Z'), new Date('2025-02-28T23:00:00Z')];
      expect(await aobjects.datetimes('taken', 'month', 'ASC', 'Europe/Paris')).toEqual(paris);
      expect(await aobjects.datetimes('taken', 'month', 'ASC', { tzinfo: 'Europe/Paris' })).toEqual(paris);
      expect(await aobjects.datetimes('taken', 'month', { order: 'DESC', tzinfo: 'Europe/Paris' })).toEqual(
        [...paris].reverse(),
      );
      expect(await aobjects.datetimes('taken', 'month', { tzinfo: 'Europe/Paris' })).toEqual(paris);
      // @ts-expect-error an order is ASC or DESC
      expect(() => aobjects.datetimes('taken', 'month', 'asc')).toThrow(/'order' must be/);
    });
  },
  {
    schema:
      'create table reading (id serial primary key, place text not null, level integer not null, taken timestamptz not null)',
  },
);
