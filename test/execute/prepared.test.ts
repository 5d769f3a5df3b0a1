// One shape is one statement on the server, however often it is written. (postgres.js tells statements apart by their text.)
import { bigint, customType, integer, numeric, pgEnum, text, varchar } from 'drizzle-orm/pg-core';
import { Cast, ExpressionWrapper, F, Value } from 'drizzle-queryset';
import { beforeEach, expect, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
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
