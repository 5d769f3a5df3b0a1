// A text beside a decimal, a date, an enum or the like is a literal of that type: Drizzle's numeric columns are texts.
import {
  type AnyPgColumn,
  date,
  integer,
  interval,
  numeric,
  pgEnum,
  pgTable,
  serial,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  ArrayAgg,
  Case,
  Coalesce,
  defineModels,
  F,
  Greatest,
  Lag,
  Lead,
  Least,
  Max,
  NullIf,
  Q,
  Sum,
  Value,
  When,
  Window,
} from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const stage = pgEnum('stage', ['draft', 'active', 'closed']);
const entries = pgTable('entry', {
  id: serial().primaryKey(),
  amount: numeric({ precision: 10, scale: 2 }).notNull(),
  whole: numeric({ precision: 20, scale: 0, mode: 'bigint' }).notNull(),
  due: date().notNull(),
  moment: timestamp({ withTimezone: true }).notNull(),
  stage: stage().notNull(),
  token: uuid().notNull(),
  took: interval().notNull(),
  parentId: integer().references((): AnyPgColumn<{ tableName: 'entry' }> => entries.id),
});
const UUID = '00000000-0000-4000-8000-000000000001';
const schema = `create type stage as enum ('draft', 'active', 'closed');
create table entry (id serial primary key, amount numeric(10, 2) not null, whole numeric(20, 0) not null, due date not null,
  moment timestamptz not null, stage stage not null, token uuid not null, took interval not null, "parentId" integer references entry(id))`;

describeDatabases(
  'literals of text',
  (database) => {
    const define = () => defineModels(database.db as never, { Entry: entries }).Entry;
    let Entry: ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate entry restart identity cascade;
insert into entry (amount, whole, due, moment, stage, token, took, "parentId") values
  (1.50, 7, '2023-05-01', '2023-05-01T10:00:00Z', 'draft', '${UUID}', '1 hour', null),
  (20.00, 8, '2025-05-01', '2025-05-01T10:00:00Z', 'active', '${UUID}', '2 hours', 1)`);
      Entry = define();
    });

    test('on the left of arithmetic, and as what stands before the first row', async () => {
      const rows = await Entry.aobjects
        .annotate({
          a: Value('2').mul(F('amount')),
          b: Window(Lag('amount', { default: Value('0') }), { order_by: 'id' }),
          c: Window(Lead('due', 1, Value('2030-01-01')), { order_by: 'id' }),
        })
        .order_by('id');
      expectTypeOf(rows[0]!.a).toEqualTypeOf<string>();
      expect(rows.map((r) => [r.a, r.b, r.c])).toEqual([
        ['3.00', '0', '2025-05-01'],
        ['40.00', '1.50', '2030-01-01'],
      ]);
    });
    test('arithmetic', async () => {
      const rows = await Entry.aobjects
        .annotate({ a: F('amount').add('1.00'), b: F('whole').mul('1.5'), c: F('took').add('30 minutes') })
        .order_by('id');
      expectTypeOf(rows[0]!.a).toEqualTypeOf<string>();
      expectTypeOf(rows[0]!.b).toEqualTypeOf<string>();
      expect(rows.map((r) => [r.a, r.b, r.c])).toEqual([
        ['2.50', '10.5', '01:30:00'],
        ['21.00', '12.0', '02:30:00'],
      ]);
      // The same shape with another value, and with one that is no number.
      expect(await Entry.aobjects.filter({ amount__gt: F('amount').sub('1') }).count()).toBe(2);
      expect(await Entry.aobjects.filter({ amount__gt: F('amount').sub('-1') }).count()).toBe(0);
      database.forget();
      await expect(async () => Entry.aobjects.filter({ amount__gt: F('amount').sub('many') })).rejects.toThrow(/many/);
      expect(database.statements).toEqual([]);
      await Entry.aobjects.filter({ id: 1 }).update({ amount: F('amount').mul('2') });
      expect((await Entry.aobjects.get({ id: 1 })).amount).toBe('3.00');
    });

    test('functions and branches', async () => {
      const rows = await Entry.aobjects
        .annotate({
          a: Greatest(F('due'), Value('2024-01-01')),
          b: Least(Value('2024-01-01T00:00:00Z'), F('moment')),
          c: Case(When({ amount__gt: '10' }, { then: Value('closed') }), { default: F('stage') }),
          d: NullIf(F('stage'), Value('draft')),
          e: NullIf(F('token'), Value(UUID)),
          f: Case(When({ id: 1, then: Value('0') }), { default: F('amount') }),
          g: Coalesce(F('parent__amount'), Value('0')),
        })
        .order_by('id');
      expect(rows.map((r) => [r.a, r.c, r.d, r.e, r.f, r.g])).toEqual([
        ['2024-01-01', 'draft', null, null, '0', '0'],
        ['2025-05-01', 'closed', 'active', null, '20.00', '1.50'],
      ]);
      expect(rows[1]!.b).toEqual(new Date('2024-01-01T00:00:00Z'));
      expect(() => Entry.aobjects.annotate({ c: NullIf(F('stage'), Value('lost')) }).toSQL()).toThrow(/lost/);
    });

    test('defaults of aggregates', async () => {
      const none = Entry.aobjects.filter({ id: -1 });
      expect(await none.aggregate({ n: Sum('amount', { default: '0' }) })).toEqual({ n: '0' });
      expect(await none.aggregate({ n: Coalesce(Sum('amount'), Value('0')) })).toEqual({ n: '0' });
      expect(await none.aggregate({ n: Max('due', { default: '2024-01-01' }) })).toEqual({ n: '2024-01-01' });
      const sums = await Entry.aobjects
        .annotate({ n: Sum('entry__amount', { default: '0.0' }) })
        .order_by('id')
        .values_list('n', { flat: true });
      expectTypeOf(sums).toEqualTypeOf<string[]>();
      expect(sums).toEqual(['20.00', '0.0']);
    });

    test('a list beside an array is an array of its kind', async () => {
      const none = Q({ id: 0 });
      const lists = await Entry.aobjects.aggregate({
        stages: ArrayAgg('stage', { filter: none, default: Value([]) }),
        given: ArrayAgg('stage', { filter: none, default: Value(['draft', 'closed']) }),
        amounts: Coalesce(ArrayAgg('amount', { filter: none }), Value(['1.5'])),
        days: Coalesce(ArrayAgg('due', { order_by: 'due' }), Value([])),
      });
      expect(lists).toEqual({
        stages: [],
        given: ['draft', 'closed'],
        amounts: ['1.5'],
        days: ['2023-05-01', '2025-05-01'],
      });
      await expect(
        Entry.aobjects.aggregate({ stages: ArrayAgg('stage', { default: Value(['no stage']) }) }),
      ).rejects.toThrow(/no stage/);
    });
  },
  { schema },
);
