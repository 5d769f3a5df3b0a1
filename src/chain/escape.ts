/** A queryset inside a Drizzle query. */
import { isText } from '../meta/kinds.js';
import { type SQL, sql } from 'drizzle-orm';
import { placesOf } from '../meta/dialect.js';

/** Text with $1, $2, … → Drizzle's chunks, whose places Drizzle numbers anew. */
export function drizzleSql(statement: { sql: string; params: readonly unknown[] }): SQL {
  const chunks = placesOf(statement.sql).map((part) => (isText(part) ? sql.raw(part) : sql`${statement.params[part]}`));
  return sql.join([sql.raw('('), ...chunks, sql.raw(')')]);
}
