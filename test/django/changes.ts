// What a case did to the tables: the rows before and after, column by column as text.
import type { Changes, Json } from './ast.js';
import { encodeValue } from './encode.js';
import { type Kind, type StoredTable, storedTables } from './schema.js';

const tables = storedTables();

/** `table` and `row` (a JSON array of texts) of every row that is stored. */
export const snapshotSql = tables
  .map((table) => {
    const cells = table.columns.map(({ name, kind }) =>
      kind.endsWith('[]') ? `to_json("${name}")::text` : `"${name}"::text`,
    );
    return `SELECT '${table.name}' AS "table", json_build_array(${cells.join(', ')})::text AS "row" FROM "${table.name}"`;
  })
  .join(' UNION ALL ');

/** Sets every sequence to the highest key that is stored. */
export const sequencesSql = `SELECT ${tables
  .filter((table) => table.serial)
  .map(
    ({ name, key }) => `setval(pg_get_serial_sequence('"${name}"', '${key}'), (SELECT max("${key}") FROM "${name}"))`,
  )
  .join(', ')}`;

export type Snapshot = Map<string, Map<string, string>>;

/** Rows by table and key, from the rows of `snapshotSql`. */
export function snapshotOf(rows: readonly Record<string, unknown>[]): Snapshot {
  const snapshot: Snapshot = new Map(tables.map((table) => [table.name, new Map()]));
  const keyAt = new Map(tables.map((table) => [table.name, table.columns.findIndex(({ name }) => name === table.key)]));
  for (const row of rows) {
    const table = row['table'] as string;
    const text = row['row'] as string;
    const cells = JSON.parse(text) as (string | null)[];
    snapshot.get(table)!.set(String(cells[keyAt.get(table)!]), text);
  }
  return snapshot;
}

function encodeCell(text: string | null, kind: Kind): Json {
  if (text === null) return null;
  // Whatever a JSON column holds is marked: JSON's null is not SQL's.
  if (kind === 'json') return { $json: JSON.parse(text) };
  if (kind.endsWith('[]')) return encodeValue(JSON.parse(text), kind);
  return encodeValue(kind === 'int' ? BigInt(text) : text, kind);
}

function encodeStored(table: StoredTable, text: string): Json {
  const cells = JSON.parse(text) as (string | null)[];
  return Object.fromEntries(
    table.columns.map(({ name, kind }, index) => [name, encodeCell(cells[index] ?? null, kind)]),
  );
}

/** The difference of two snapshots; a changed row is in both lists. */
export function changesBetween(before: Snapshot, after: Snapshot): Changes {
  const changes: Changes = {};
  for (const table of tables) {
    const [old, now] = [before.get(table.name)!, after.get(table.name)!];
    const keyKind = table.columns.find(({ name }) => name === table.key)!.kind;
    const gone = [...old].filter(([key, row]) => now.get(key) !== row).map(([key]) => encodeCell(key, keyKind));
    const come = [...now].filter(([key, row]) => old.get(key) !== row).map(([, row]) => encodeStored(table, row));
    if (gone.length > 0 || come.length > 0) {
      changes[table.name] = {
        ...(come.length > 0 ? { '+': come } : {}),
        ...(gone.length > 0 ? { '-': gone } : {}),
      };
    }
  }
  return changes;
}
