import { sql } from 'drizzle-orm';
import { MySqlDialect } from 'drizzle-orm/mysql-core';
import { integer, pgTable, text } from 'drizzle-orm/pg-core';
import { defineModels, ValueError } from 'drizzle-queryset';
import { expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const notes = pgTable('note "1"', { id: integer().primaryKey(), text: text() });

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

    test('is one of PostgreSQL', () => {
      const { session, _, transaction } = database.db as unknown as Record<string, unknown>;
      const like = { session, _, transaction, dialect: new MySqlDialect() };
      expect(() => defineModels(like as never, { Note: notes })).toThrow(ValueError);
    });
  },
  {
    schema: `create table only_here (id integer primary key); create table "note ""1""" (id integer primary key, text text)`,
  },
);
