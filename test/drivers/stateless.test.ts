// Drivers that are no connection: Drizzle's proxy, and clients that look like postgres.js. Over PGlite, one statement a call.
import { PGlite } from '@electric-sql/pglite';
import { type AnyPgColumn, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/pg-proxy';
import { atomic, defineModels, NotSupportedError } from 'drizzle-queryset';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const nodes = pgTable('node', {
  id: serial().primaryKey(),
  name: text().notNull().unique(),
  parentId: integer('parent_id').references((): AnyPgColumn<{ tableName: 'node' }> => nodes.id),
});

let client: PGlite;
beforeAll(async () => {
  client = await PGlite.create();
  await client.exec(
    'create table node (id serial primary key, name text not null unique, parent_id int references node)',
  );
});
beforeEach(() => client.exec("truncate node restart identity; insert into node (name) values ('a'), ('b'), ('c')"));
afterAll(() => client.close());

const statements: string[] = [];
type Send = Parameters<typeof drizzle>[0];
const send: Send = async (sql, params, method) => {
  statements.push(sql);
  const { rows } = await client.query(sql, params, { rowMode: method === 'all' ? 'array' : 'object' });
  return { rows };
};

describe('pg-proxy, which gives rows alone', () => {
  const db = drizzle(send);
  const { Node } = defineModels(db, { Node: nodes }, {});

  test('what a write touched is counted', async () => {
    expect(await Node.aobjects.filter({ name__in: ['a', 'b'] }).update({ parentId: 3 })).toBe(2);
    const all = await Node.aobjects.order_by('id');
    for (const node of all) node.parentId = null;
    expect(await Node.aobjects.bulk_update(all, ['parent'])).toBe(3);
    expect(await Node.aobjects.filter({ name: 'a' }).delete()).toEqual([1, { Node: 1 }]);
    expect(await all[1]?.adelete()).toEqual([1, { Node: 1 }]);
    expect(await Node.aobjects.count()).toBe(1);
  });

  test('a row that is there is updated, and not inserted anew', async () => {
    const node = await Node.aobjects.get({ name: 'a' });
    node.name = 'A';
    await node.asave();
    expect(await Node.aobjects.order_by('id').values_list('name', { flat: true })).toEqual(['A', 'b', 'c']);
    await new Node({ id: 9, name: 'new' }).asave();
    expect(await Node.aobjects.count()).toBe(4);
  });

  test('get_or_create() and bulk_create()', async () => {
    expect((await Node.aobjects.get_or_create({ name: 'd' }))[1]).toBe(true);
    expect((await Node.aobjects.get_or_create({ name: 'd' }))[1]).toBe(false);
    const made = await Node.aobjects.bulk_create([new Node({ name: 'x' }), new Node({ name: 'y' })]);
    expect(made.map(({ id }) => id)).toEqual([5, 6]);
  });

  test('iterator() reads without a cursor: no two statements are sure to meet one connection', async () => {
    statements.length = 0;
    const names: string[] = [];
    for await (const { name } of Node.aobjects.order_by('name').iterator({ chunk_size: 2 })) names.push(name);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(statements).toHaveLength(1);
  });

  test('raw() of no row, whose columns nobody names', async () => {
    expect(await Node.aobjects.raw('select * from node where id = %s', [99])).toEqual([]);
  });

  test('transactions are refused, by name', async () => {
    await expect(atomic(db, () => Node.aobjects.count())).rejects.toThrow(NotSupportedError);
    await expect(Node.aobjects.update_or_create({ name: 'a' })).rejects.toThrow('Transactions are not supported');
  });
});

test("Bun's client has unsafe(), but no cursor", async () => {
  const unsafe = (sql: string, params: unknown[]) => {
    let rowMode: 'array' | 'object' = 'object';
    const send = async () => {
      const { rows, affectedRows } = await client.query(sql, params, { rowMode });
      return Object.assign([...rows], { count: affectedRows });
    };
    const sent = Promise.resolve().then(send);
    const values = () => {
      rowMode = 'array';
      return sent;
    };
    return Object.assign(sent, { values });
  };
  const begin = async (body: (client: unknown) => unknown) => {
    await client.exec('begin');
    await body(bun);
    await client.exec('commit');
  };
  const bun = { unsafe, begin, options: { max: 2 } };
  const db = drizzle(send) as unknown as { dialect: unknown; session: unknown; _: { session?: unknown } };
  const is1 = process.env['TEST_DRIZZLE'] === '1';
  const path = `drizzle-orm/bun-sql/${is1 ? 'postgres/' : ''}session`;
  const { BunSQLSession } = (await import(/* @vite-ignore */ path)) as Record<
    string,
    new (
      ...made: unknown[]
    ) => unknown
  >;
  db.session = new BunSQLSession!(bun, db.dialect, is1 ? {} : undefined, {});
  if ('session' in db._) db._.session = db.session;
  const { Node } = defineModels(db as unknown as ReturnType<typeof drizzle>, { Node: nodes }, {});
  const names: string[] = [];
  for await (const { name } of Node.aobjects.order_by('name').iterator({ chunk_size: 2 })) names.push(name);
  expect(names).toEqual(['a', 'b', 'c']);
  expect(await Node.aobjects.update({ parentId: 1 })).toBe(3);
});
