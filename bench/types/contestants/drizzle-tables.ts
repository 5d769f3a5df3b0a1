import type { Plan, PlannedColumn, PlannedTable } from '../plan.js';
import { lines } from './contestant.js';

const builders: Record<PlannedColumn['kind'], string> = {
  serial: 'serial()',
  text: 'text()',
  varchar: 'varchar({ length: 80 })',
  integer: 'integer()',
  bigint: "bigint({ mode: 'number' })",
  double: 'doublePrecision()',
  numeric: 'numeric({ precision: 12, scale: 2 })',
  boolean: 'boolean()',
  timestamp: 'timestamp()',
  date: 'date()',
  uuid: 'uuid()',
  jsonb: 'jsonb()',
};

const columnDefault = (column: PlannedColumn): string =>
  column.kind === 'timestamp' ? '.defaultNow()' : '.default(true)';

const drizzleColumn = (plan: Plan, table: PlannedTable, column: PlannedColumn): string => {
  const relation = table.relations.find((candidate) => candidate.column === column.key);
  let text = builders[column.kind];
  if (column.kind === 'serial') return `  ${column.key}: ${text}.primaryKey(),`;
  if (column.notNull) text += '.notNull()';
  if (relation?.unique) text += '.unique()';
  if (column.hasDefault) text += columnDefault(column);
  if (relation) {
    const target = plan.tables[relation.target] as PlannedTable;
    const annotation = relation.annotated ? `: AnyPgColumn<{ tableName: '${target.sqlName}' }>` : '';
    text += `.references(()${annotation} => ${target.constant}.id)`;
  }
  return `  ${column.key}: ${text},`;
};

/** The tables in plain Drizzle: nothing of any other library in them. */
export const drizzleTables = (plan: Plan): string =>
  lines(
    'import {',
    '  type AnyPgColumn, bigint, boolean, date, doublePrecision, integer, jsonb, numeric, pgTable, serial, text, timestamp, uuid, varchar,',
    "} from 'drizzle-orm/pg-core';",
    ...plan.tables.flatMap((table) => [
      '',
      `export const ${table.constant} = pgTable('${table.sqlName}', {`,
      ...table.columns.map((column) => drizzleColumn(plan, table, column)),
      '});',
    ]),
  );
