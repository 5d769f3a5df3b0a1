/** Rows in chunks by a driver's own cursor, where it has one that is faster than DECLARE and FETCH. */
import { mapDatabaseError } from './errors.js';
import { type DrizzleDatabase, driverOf, type Row, sessionOf, whole } from './session.js';

/** postgres.js: an open portal on one connection of the pool, without a transaction. */
interface PortalClient {
  readonly options?: { readonly max?: number };
  unsafe(
    sql: string,
    params: readonly unknown[],
    options: { prepare: boolean },
  ): { values(): unknown; cursor(rows: number): AsyncIterable<readonly Row[]> };
}

/** Does the reader of a cursor send its own statements over the cursor's connection: an embedded database, a client, a pool of one? */
export function hasOneConnection(db: DrizzleDatabase): boolean {
  const client = sessionOf(db).client as PortalClient | undefined;
  const max = client?.options?.max;
  // As Drizzle tells them apart.
  return max ? max < 2 : !/Pool/.test(String(client?.constructor.name));
}

/** Is each statement sent by itself, so that there are neither transactions nor cursors? */
export const isStateless = (db: DrizzleDatabase): boolean => /Remote|Http/.test(driverOf(db));

/** The chunks of a statement; undefined where the driver has no cursor. */
export function driverCursor(
  db: DrizzleDatabase,
  sql: string,
  params: readonly unknown[],
  size: number,
): AsyncGenerator<readonly Row[]> | undefined {
  // Bun's client has the same methods, but for the cursor.
  return /PostgresJs/.test(driverOf(db))
    ? portal(db, sessionOf(db).client as PortalClient, sql, params, size)
    : undefined;
}

async function* portal(
  db: DrizzleDatabase,
  client: PortalClient,
  sql: string,
  params: readonly unknown[],
  size: number,
): AsyncGenerator<readonly Row[]> {
  // It does not go through the session's prepared queries, which would tell the user's logger.
  sessionOf(db).logger?.logQuery(sql, params);
  try {
    const query = client.unsafe(sql, params, { prepare: true });
    query.values();
    for await (const rows of query.cursor(size)) yield whole(rows);
  } catch (error) {
    throw mapDatabaseError(error);
  }
}
