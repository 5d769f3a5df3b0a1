/** Rows in chunks by a driver's own cursor, where it has one that is faster than DECLARE and FETCH. */
import { mapDatabaseError } from './errors.js';
import { type DrizzleDatabase, type Row, sessionOf } from './session.js';

/** postgres.js: an open portal on one connection of the pool, without a transaction. */
interface PortalClient {
  readonly options?: { readonly max?: number; readonly prepare?: boolean };
  unsafe(
    sql: string,
    params: readonly unknown[],
    options: { prepare: boolean },
  ): { values(): unknown; cursor(rows: number): AsyncIterable<readonly Row[]> };
}

/** The chunks of a statement; undefined where the driver has no cursor, or no second connection for the reader's own statements. */
export function driverCursor(
  db: DrizzleDatabase,
  sql: string,
  params: readonly unknown[],
  size: number,
): AsyncGenerator<readonly Row[]> | undefined {
  const client = sessionOf(db).client as Partial<PortalClient> | undefined;
  if (typeof client?.unsafe !== 'function' || !((client.options?.max ?? 0) > 1)) return undefined;
  return portal(db, client as PortalClient, sql, params, size);
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
    for await (const rows of query.cursor(size)) yield rows;
  } catch (error) {
    throw mapDatabaseError(error);
  }
}
