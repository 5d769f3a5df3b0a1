import { sql } from 'drizzle-orm';
import { MySqlDialect } from 'drizzle-orm/mysql-core';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import { drizzle as drizzleProxy } from 'drizzle-orm/pg-proxy';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js';
import { integer, pgSchema, pgTable, text } from 'drizzle-orm/pg-core';
import { Cache } from 'drizzle-orm/cache/core';
import { defineModels, ValueError } from 'drizzle-queryset';
import { expect, test } from 'vitest';
import { type AnyDatabase, describeDatabases } from '../support/databases.js';

const notes = pgTable('note "1"', { id: integer().primaryKey(), text: text() });
const others = pgSchema('more').table('other', { id: integer().primaryKey(), text: text() });

/** What Drizzle tells a user's cache. */
class Told extends Cache {
  readonly changed: unknown[] = [];
  reads = 0;
  override strategy() {
    return 'all' as const;
  }
  override async get() {
    this.reads++;
    return undefined;
  }
  override async put() {}
  override async onMutate({ tables }: { tables?: unknown }) {
    this.changed.push(tables);
  }
}

describeDatabases(
  'a database under test',
  (database) => {
    test('speaks UTC and UTF-8', async () => {
      const rows = await database.rows(
        "select current_setting('TimeZone') as zone, current_setting('server_encoding') as encoding",
      );
      expect(rows).toEqual([{ zone: 'UTC', encoding: 'UTF8' }]);
    });

    test('orders text by code point and knows letters beyond ASCII', async () => {
      const rows = await database.rows(
        "select array_to_string(array_agg(x order by x), '') as ordered, upper('çé') as upper, 'É' ilike 'é' as alike " +
          "from (values ('b'), ('A'), ('a'), ('B'), ('é')) as t(x)",
      );
      expect(rows).toEqual([{ ordered: 'ABabé', upper: 'ÇÉ', alike: true }]);
    });

    test('has the tables of its own schema alone', async () => {
      const rows = await database.rows(
        "select table_name as name from information_schema.tables where table_schema = 'public' order by 1",
      );
      expect(rows).toEqual([{ name: 'note "1"' }, { name: 'only_here' }]);
    });

    test('counts what went through Drizzle, without transaction control', async () => {
      const { statements } = await database.counted(() =>
        database.db.transaction(async (tx) => {
          await tx.execute(sql`insert into only_here (id) values (${1})`);
          await tx.transaction((inner) => inner.execute(sql`select id from only_here`));
        }),
      );
      expect(statements.map((statement) => statement.sql)).toEqual([
        'insert into only_here (id) values ($1)',
        'select id from only_here',
      ]);
    });

    test('tells the user’s cache what each write changed, and asks it for no rows', async () => {
      const cache = new Told();
      const open = { pglite: drizzlePglite, 'postgres-js': drizzlePostgresJs, 'node-postgres': drizzleNodePostgres };
      const make = open[database.driver] as unknown as (config: object) => AnyDatabase;
      const db = make({ client: database.connection.client, cache });
      const { Note, Other } = defineModels(db, { Note: notes, Other: others });
      const note = await Note.aobjects.create({ id: 1, text: 'a' });
      await Note.aobjects.bulk_create([new Note({ id: 2 })]);
      await Other.aobjects.create({ id: 1, text: 'a' });
      note.text = 'b';
      await note.asave();
      await Other.aobjects.update({ text: 'c' });
      await Note.aobjects.filter({ id: 2 }).delete();
      expect(cache.changed.map(String)).toEqual([
        ...['note "1"', 'note "1"', 'more.other', 'note "1"', 'more.other', 'note "1"'],
      ]);
      expect(await Note.aobjects.values_list('text', { flat: true })).toEqual(['b']);
      expect(cache.reads).toBe(0);
      await Note.aobjects.all().delete();
    });

    test('pg-proxy, which gives rows and no number of them', async () => {
      const client = database.connection.client as unknown as Record<string, (...args: unknown[]) => Promise<never>>;
      const ask = async (sql: string, params: unknown[], mode: string): Promise<{ rows: unknown[] }> => {
        if (database.driver === 'postgres-js') {
          const query = client['unsafe']!(sql, params) as unknown as Promise<unknown[]> & {
            values(): Promise<unknown[]>;
          };
          return { rows: [...(await (mode === 'all' ? query.values() : query))] };
        }
        const given = { text: sql, values: params, rowMode: 'array' };
        return database.driver === 'pglite'
          ? await client['query']!(sql, params, mode === 'all' ? { rowMode: 'array' } : {})
          : await client['query']!(mode === 'all' ? given : { text: sql, values: params });
      };
      const db = drizzleProxy(async (sql, params, mode) => ({ rows: (await ask(sql, params, mode)).rows as never[] }));
      const { Note } = defineModels(db, { Note: notes });
      const note = await Note.aobjects.create({ id: 1, text: 'a' });
      note.text = 'b';
      await note.asave();
      expect(await Note.aobjects.values_list('id', 'text')).toEqual([[1, 'b']]);
      expect(await Note.aobjects.filter({ id: 1 }).update({ text: 'c' })).toBe(1);
      expect(await Note.aobjects.filter({ id: 9 }).update({ text: 'c' })).toBe(0);
      expect(await Note.aobjects.all().delete()).toEqual([1, { Note: 1 }]);
    });

    test('is one of PostgreSQL', () => {
      const { session, _, transaction } = database.db as unknown as Record<string, unknown>;
      const like = { session, _, transaction, dialect: new MySqlDialect() };
      expect(() => defineModels(like as never, { Note: notes })).toThrow(ValueError);
    });
  },
  {
    schema: `create table only_here (id integer primary key); create table "note ""1""" (id integer primary key, text text);
      create schema more; create table more.other (id integer primary key, text text)`,
  },
);
