// The hand-written tables say what the database has, column by column and key by key.
import { is, Table } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { schemaSql, storedTables } from './schema.js';
import * as tables from './tables.js';

const configs = (Object.values(tables) as unknown[])
  .filter((table): table is PgTable => is(table, Table))
  .map((table) => getTableConfig(table));

// What PostgreSQL's catalogue calls the actions.
const actions: Record<string, string> = {
  a: 'no action',
  r: 'restrict',
  c: 'cascade',
  n: 'set null',
  d: 'set default',
};

/** The type as SQL spells it: Drizzle 1.0 keeps an array's brackets apart. */
function typeOf(column: PgColumn): string {
  const type = column.getSQLType();
  const { dimensions = 0 } = column as unknown as { dimensions?: number };
  return type.endsWith('[]') ? type : type + '[]'.repeat(dimensions);
}

describeDatabases(
  'the judge’s tables',
  (database) => {
    test('are all there', () => {
      const written = configs.map((config) => config.name).sort();
      expect(written).toEqual(
        storedTables()
          .map((table) => table.name)
          .sort(),
      );
    });

    test('have the columns, types and nullability of the database', async () => {
      const rows = await database.rows(
        'select c.relname as "table", a.attname as "column", format_type(a.atttypid, a.atttypmod) as "type", a.attnotnull as "required" ' +
          "from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'public'::regnamespace " +
          "and c.relkind = 'r' and a.attnum > 0 order by 1, a.attnum",
      );
      const spelled = (type: string) =>
        type
          .replace('serial', 'integer')
          .replace('varchar', 'character varying')
          .replace(/^time$/, 'time without time zone')
          .replaceAll(' ', '');
      const written = [...configs]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .flatMap((config) =>
          config.columns.map((column) => [config.name, column.name, spelled(typeOf(column)), column.notNull]),
        );
      const stored = rows.map((row) => [
        row['table'],
        row['column'],
        String(row['type']).replaceAll(' ', ''),
        row['required'],
      ]);
      expect(written.map((row) => [row[0], row[1], String(row[2]).replaceAll(' ', ''), row[3]])).toEqual(stored);
    });

    test('have its foreign keys with their actions', async () => {
      const rows = await database.rows(
        'select f.conrelid::regclass::text as "table", a.attname as "column", f.confrelid::regclass::text as "target", ' +
          'b.attname as "key", f.confdeltype as "action" from pg_constraint f ' +
          'join pg_attribute a on a.attrelid = f.conrelid and a.attnum = f.conkey[1] ' +
          "join pg_attribute b on b.attrelid = f.confrelid and b.attnum = f.confkey[1] where f.contype = 'f'",
      );
      const stored = rows.map((row) =>
        [row['table'], row['column'], row['target'], row['key'], actions[String(row['action'])]].join(' '),
      );
      const written = configs.flatMap((config) =>
        config.foreignKeys.map((key) => {
          const { columns, foreignTable, foreignColumns } = key.reference();
          const target = getTableConfig(foreignTable as PgTable).name;
          return [config.name, columns[0]!.name, target, foreignColumns[0]!.name, key.onDelete].join(' ');
        }),
      );
      expect(written.sort()).toEqual(stored.sort());
    });

    test('have its unique columns', async () => {
      const rows = await database.rows(
        'select u.conrelid::regclass::text as "table", a.attname as "column" from pg_constraint u ' +
          'join pg_attribute a on a.attrelid = u.conrelid and a.attnum = u.conkey[1] ' +
          "where u.contype = 'u' and cardinality(u.conkey) = 1 and u.connamespace = 'public'::regnamespace",
      );
      const written = configs.flatMap((config) =>
        config.columns.filter((column) => column.isUnique).map((column) => `${config.name} ${column.name}`),
      );
      expect(written.sort()).toEqual(rows.map((row) => `${row['table']} ${row['column']}`).sort());
    });
  },
  { schema: schemaSql },
);
