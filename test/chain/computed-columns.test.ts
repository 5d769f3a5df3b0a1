// What the database works out of a row that is saved: expressions given as values, generated columns.
import { sql } from 'drizzle-orm';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { defineModels, F, Lower, Upper, Value } from 'drizzle-queryset';
import { beforeEach, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const items = pgTable('computed_item', {
  id: serial().primaryKey(),
  name: text().notNull(),
  count: integer().notNull().default(7),
  twice: integer().generatedAlwaysAs(sql`count * 2`),
});

describeDatabases('what the database works out is read back by the statement that writes it', (database) => {
  const define = () => defineModels(database.db, { Item: items });
  let { Item } = {} as ReturnType<typeof define>;
  beforeEach(async () => {
    await database.run(
      'drop table if exists computed_item; create table computed_item (id serial primary key, name text not null, ' +
        'count integer not null default 7, twice integer generated always as (count * 2) stored)',
    );
    ({ Item } = define());
    database.forget();
  });

  test('create() and asave() of a new row', async () => {
    const made = await Item.aobjects.create({ name: Lower(Value('ABC')) });
    expect({ ...made }).toEqual({ id: 1, name: 'abc', count: 7, twice: 14 });
    const item = new Item({ name: 'x', count: Value(2).add(3) });
    await item.asave();
    expect({ ...item }).toEqual({ id: 2, name: 'x', count: 5, twice: 10 });
    expect(database.statements.length).toBe(2);
  });

  test('bulk_create(), plain rows and computed ones', async () => {
    const rows = [new Item({ name: 'a' }), new Item({ name: Upper(Value('b')), count: 1 })];
    expect((await Item.aobjects.bulk_create(rows)).map((item) => [item.name, item.count, item.twice])).toEqual([
      ['a', 7, 14],
      ['B', 1, 2],
    ]);
  });

  test('asave() of a row that is there', async () => {
    const item = await Item.aobjects.create({ name: 'a', count: 1 });
    item.count = 4;
    database.forget();
    await item.asave();
    expect([item.count, item.twice]).toEqual([4, 8]);
    Object.assign(item, { count: F('count').add(10) });
    await item.asave({ update_fields: ['count'] });
    expect([item.count, item.twice]).toEqual([14, 28]);
    // The second time that nothing is left to compute, nothing is added twice.
    await item.asave();
    expect((await Item.aobjects.get({ id: item.id })).count).toBe(14);
    expect(database.statements.map(({ sql }) => sql.slice(0, 6))).toEqual(['UPDATE', 'UPDATE', 'UPDATE', 'SELECT']);
  });

  test('update_or_create()', async () => {
    await Item.aobjects.create({ name: 'a', count: 3 });
    const [item, created] = await Item.aobjects.update_or_create({ name: 'a', defaults: { count: F('count').mul(2) } });
    expect([item.count, item.twice, created]).toEqual([6, 12, false]);
  });

  test('a row that is gone is found gone', async () => {
    const item = await Item.aobjects.create({ name: 'a' });
    await Item.aobjects.all().delete();
    await expect(item.asave({ force_update: true })).rejects.toThrow('Forced update did not affect any rows.');
  });
});
