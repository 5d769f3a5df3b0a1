// One shape is one statement on the server, however often it is written. (postgres.js tells statements apart by their text.)
import { bigint, customType, integer, numeric, pgEnum, text, varchar } from 'drizzle-orm/pg-core';
import { atomic, Cast, type defineModels, ExpressionWrapper, F, Value } from 'drizzle-queryset';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { defineShop, freshRows, pizzas, schema, toppings } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

const shout = customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.toLowerCase(),
  fromDriver: (value) => `${value}!`,
});
const mood = pgEnum('mood', ['glad', 'sad']);

describeDatabases(
  'prepared statements',
  (database) => {
    let { Price } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Price } = defineShop(database.db));
    });
    const prepared = async (): Promise<unknown> =>
      (
        await database.rows(`select count(*)::int as n from pg_prepared_statements where statement like '%AS "whole"%'`)
      )[0]?.['n'];

    test('builders that are written anew in each call are one type', async () => {
      const ask = () =>
        Price.aobjects
          .annotate({
            whole: Cast('amount', integer()),
            big: Cast('amount', bigint({ mode: 'bigint' })),
            many: Value(['a', 'b'], { output_field: text().array() }),
            exact: ExpressionWrapper(F('amount').mul(2), { output_field: numeric({ precision: 12, scale: 3 }) }),
            mood: Value(null, { output_field: mood() }),
          })
          .filter({ id: 1 })
          .values_list('whole', 'big', 'many', 'exact', 'mood');
      const rows = [[10, 10n, ['a', 'b'], '19.98', null]];
      expect(await ask()).toEqual(rows);
      for (let i = 0; i < 5; i++) expect(await ask()).toEqual(rows);
      expect(await prepared()).toBe(1);
    });

    test('what is asked once is not kept', async () => {
      const kept = async () =>
        (
          await database.rows("select count(*)::int as n from pg_prepared_statements where statement like '%OFFSET%'")
        )[0];
      for (let i = 1; i < 10; i++)
        await Price.aobjects
          .filter({ id__gt: 0 })
          .order_by('id')
          .slice(i, i + 2);
      expect(await kept()).toEqual({ n: 0 });
    });

    test('a text has one name, whoever asks', async () => {
      const ask = (shop: ReturnType<typeof defineShop>) => shop.Price.aobjects.filter({ id: 1 }).count();
      const shops = Array.from({ length: 4 }, () => defineShop(database.db));
      for (const shop of shops) for (let i = 0; i < 3; i++) expect(await ask(shop)).toBe(1);
      const kept = await database.rows(
        "select count(*)::int as n from pg_prepared_statements where statement like '%count%' and statement like '%price%id% = %'",
      );
      expect(kept).toEqual([{ n: 1 }]);
    });

    test('two copies of the library, or two processes, on one connection', async () => {
      // What the other copy has named, this one must not name otherwise: each counts from its own beginning.
      const copies = [];
      for (let i = 0; i < 2; i++) {
        vi.resetModules();
        copies.push((await import('drizzle-queryset')).defineModels);
      }
      const [one, other] = copies as [typeof defineModels, typeof defineModels];
      const { Topping } = one(database.db, { Topping: toppings });
      const { Pizza } = other(database.db, { Pizza: pizzas });
      for (let i = 0; i < 3; i++) {
        expect(await Topping.aobjects.count()).toBe(3);
        expect(await Pizza.aobjects.filter({ id: 9 }).exists()).toBe(false);
      }
    });

    describe('a statement that the server lost', () => {
      /** Asked twice, so that it has a name, lost, and asked again: in and out of a transaction. */
      const ask = (Model: typeof Price) => Model.aobjects.filter({ id: 1 }).values_list('amount', { flat: true }).get();
      const within = (Model: typeof Price) => atomic(database.db as never, () => ask(Model));

      for (const lose of ['discard all', 'deallocate all', 'alter table price alter column amount type numeric(12, 2)'])
        test(lose, async () => {
          for (let i = 0; i < 3; i++) expect(await ask(Price)).toBe('9.99');
          await database.run(lose);
          expect([await ask(Price), await within(Price), await ask(Price)]).toEqual(['9.99', '9.99', '9.99']);
          await database.run('alter table price alter column amount type numeric(10, 2)');
          expect(await ask(Price)).toBe('9.99');
          await database.run(lose);
          // The transaction is broken by the first; the next finds it mended.
          await within(Price).catch(() => {});
          expect([await within(Price), await ask(Price)]).toEqual(['9.99', '9.99']);
          await database.run('alter table price alter column amount type numeric(10, 2)');
        });

      test('a write is sent again once, and counted once', async () => {
        const raise = () => Price.aobjects.filter({ id: 1 }).update({ amount: F('amount').add(1) });
        for (let i = 0; i < 2; i++) expect(await raise()).toBe(1);
        await database.run('deallocate all');
        expect(await raise()).toBe(1);
        expect(await ask(Price)).toBe('12.99');
      });
    });

    test('a custom column is a type of its own, whatever its SQL type is', async () => {
      const given = (output_field: ReturnType<typeof text> | ReturnType<typeof shout>) =>
        Price.aobjects.annotate({ v: Value('Ab', { output_field }) }).values_list('v', { flat: true })[0];
      expect([await given(text()), await given(shout()), await given(text())]).toEqual(['Ab', 'ab!', 'Ab']);
    });

    test('another mode or length is another type', async () => {
      const [row] = await Price.aobjects
        .filter({ id: 1 })
        .annotate({
          number: Cast('id', bigint({ mode: 'number' })),
          bigint: Cast('id', bigint({ mode: 'bigint' })),
          numbers: Value([1n], { output_field: bigint({ mode: 'bigint' }).array() }),
          two: Cast('currency', varchar({ length: 2 })),
          one: Cast('currency', varchar({ length: 1 })),
        })
        .values_list('number', 'bigint', 'numbers', 'two', 'one');
      expect(row).toEqual([1, 1n, [1n], 'us', 'u']);
    });
  },
  {
    schema: `create type mood as enum ('glad', 'sad'); ${schema}`,
    drivers: ['postgres-js', 'node-postgres'],
    poolSize: 1,
  },
);
