/** A queryset inside a Drizzle query. */
import { type SQL, sql } from 'drizzle-orm';

/** Text with $1, $2, … → Drizzle's chunks, whose places Drizzle numbers anew. */
export function drizzleSql(statement: { sql: string; params: readonly unknown[] }): SQL {
  const chunks: SQL[] = [];
  let from = 0;
  for (const match of statement.sql.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g)) {
    if (match[1] === undefined) continue;
    chunks.push(sql.raw(statement.sql.slice(from, match.index)), sql`${statement.params[Number(match[1]) - 1]}`);
    from = match.index + match[0].length;
  }
  chunks.push(sql.raw(statement.sql.slice(from)));
  return sql.join([sql.raw('('), ...chunks, sql.raw(')')]);
}
