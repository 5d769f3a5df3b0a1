/**
 * How a Drizzle database is called. Statements go through its own session and its prepared-query path, so that the user's
 * logger and driver settings hold; only a cursor (cursor.ts) is the driver's own. Rows come as arrays.
 */
import { isArray, isObject, same } from '../meta/kinds.js';
import type { Column } from 'drizzle-orm';
import { DatabaseError } from '../errors.js';
import type { DialectDecoder } from '../meta/column.js';
import { mapDatabaseError } from './errors.js';

export type Row = readonly unknown[];

interface Prepared {
  execute(values?: Record<string, unknown>): Promise<unknown>;
}
/** drizzle-orm 0.45: (query, fields, name, isArray, mapper); 1.0: (query, mode, name, mapper). */
interface Session {
  prepareQuery(query: { sql: string; params: readonly unknown[] }, ...rest: unknown[]): Prepared;
  /** 1.0 only. */
  readonly arrays?: unknown;
  readonly client?: unknown;
  readonly logger?: { logQuery(sql: string, params: readonly unknown[]): void };
}
interface Dialect {
  /** 0.45: names of columns that have none of their own. 1.0 names them where the table is made. */
  readonly casing?: { getColumnCasing(column: Column): string };
  /** 1.0: what is made of what the driver gives, by column. */
  readonly codecs?: { get(column: Column, type: 'normalize'): Codec | undefined };
}
type Codec = (raw: unknown, dimensions?: number) => unknown;

/** Any Drizzle PostgreSQL database or transaction, as far as it is used here. */
export interface DrizzleDatabase {
  readonly dialect?: Dialect;
  readonly session?: Session;
  readonly _?: { readonly session?: Session };
  transaction<T>(fn: (tx: DrizzleDatabase) => Promise<T>, config?: unknown): Promise<T>;
}

/** The session of a database or a transaction, with the driver's own client and the user's logger. */
export const sessionOf = (db: DrizzleDatabase): Session => (db._?.session ?? db.session) as Session;

const ENTITY_KIND = Symbol.for('drizzle:entityKind');

/** The name that Drizzle gives the class of one of its objects. */
const kindOf = (value: object | undefined): string =>
  String((value?.constructor as unknown as Record<symbol, unknown>)?.[ENTITY_KIND]);

/** The name of a database's driver: `PostgresJsSession`. */
export const driverOf = (db: DrizzleDatabase): string => kindOf(sessionOf(db));

/** Is this something that statements can be sent to? Databases of MySQL and SQLite look the same, but for their dialect. */
export function isDatabase(value: unknown): value is DrizzleDatabase {
  if (!isObject(value)) return false;
  const db = value as DrizzleDatabase;
  return (
    /Pg/.test(kindOf(db.dialect)) &&
    typeof db.transaction === 'function' &&
    typeof sessionOf(db)?.prepareQuery === 'function'
  );
}

/** Who is told that the database refused a statement of a transaction, which is broken by it. */
export const refusals = new WeakMap<DrizzleDatabase, (error: Error) => void>();

/** What is made of a refusal: it throws, or knows another answer. */
export type Refused<T> = (error: Error) => T | PromiseLike<T>;

const refusing =
  <T>(db: DrizzleDatabase, refused?: Refused<T>) =>
  (error: unknown): T | PromiseLike<T> => {
    const mapped = mapDatabaseError(error);
    if (mapped instanceof DatabaseError) refusals.get(db)?.(mapped);
    if (refused) return refused(mapped);
    throw mapped;
  };

/** A statement, made ready by the session: its rows as arrays, or the driver's own result. */
function prepare(
  db: DrizzleDatabase,
  sql: string,
  params: readonly unknown[],
  arrays: boolean,
  name: string | undefined,
): Prepared {
  const session = sessionOf(db);
  // 1.0 names the mode of its rows where 0.45 has fields, and has a method for each mode.
  return typeof session.arrays === 'function'
    ? session.prepareQuery({ sql, params }, arrays ? 'arrays' : 'raw', name ?? false)
    : session.prepareQuery({ sql, params }, undefined, name, arrays, arrays ? same : undefined);
}

/** postgres.js begins a result with holes where the statement before it failed after some rows: filter() passes them over. */
export const whole = <R extends readonly unknown[]>(rows: R): R => (0 in rows ? rows : rows.filter(() => true)) as R;

/**
 * Sends a statement, and gives what is made of its rows, which are arrays.
 * @param read what is made of them: where the error is mapped already, so that there is one promise for both
 */
export const queryRows = <T>(
  db: DrizzleDatabase,
  sql: string,
  params: readonly unknown[],
  name: string | undefined,
  read: (rows: Row[]) => T | PromiseLike<T>,
  refused?: Refused<T>,
): Promise<T> =>
  (prepare(db, sql, params, true, name).execute() as Promise<Row[]>).then(
    (rows) => read(whole(rows)),
    refusing(db, refused),
  );

/** Sends a statement and gives the number of rows that it touched. */
export const queryCount = (
  db: DrizzleDatabase,
  sql: string,
  params: readonly unknown[],
  name: string | undefined,
  refused?: Refused<number>,
): Promise<number> =>
  // A proxy gives rows alone: those that a write touched are sent back, to be counted.
  /Remote/.test(driverOf(db))
    ? queryRows(db, `${sql} RETURNING 1`, params, name, (rows) => rows.length, refused)
    : prepare(db, sql, params, false, name).execute().then(affected, refusing(db, refused));

/** postgres.js says `count`, node-postgres `rowCount`, PGlite `affectedRows`. */
function affected(result: unknown): number {
  const { count, rowCount, affectedRows, rowsAffected } = result as Record<string, number | null | undefined>;
  return rowCount ?? affectedRows ?? rowsAffected ?? count ?? 0;
}

/** A column's name in the database: its own, or what the database's `casing` makes of its key. */
export const columnNamer =
  ({ dialect }: DrizzleDatabase): ((column: Column) => string) =>
  (column) =>
    dialect?.casing?.getColumnCasing(column) ?? column.name;

/** Reads the columns that only a database's own dialect can read (points, vectors), where its Drizzle is 1.0. */
export const dialectDecoder =
  ({ dialect }: DrizzleDatabase): DialectDecoder =>
  (column) => {
    const read = dialect?.codecs?.get(column, 'normalize');
    return read && ((raw) => read(textOfPoint(raw)));
  };

/** A dialect has points cast to text where they are selected; pg parses those that are not. */
const textOfPoint = (raw: unknown): unknown =>
  !isObject(raw) || !('x' in raw && 'y' in raw) ? raw : `(${raw.x},${raw.y})`;

interface NamedResult {
  readonly fields?: readonly { readonly name: string }[];
  readonly columns?: readonly { readonly name: string }[];
  readonly rows?: readonly Record<string, unknown>[];
}

/** Sends a statement whose columns are not known before: rows as objects, in the order of their columns. */
export async function queryNamed(
  db: DrizzleDatabase,
  sql: string,
  params: readonly unknown[],
): Promise<{ names: string[]; rows: Row[] }> {
  const result = (await prepare(db, sql, params, false, undefined)
    .execute()
    .catch(refusing<never>(db))) as NamedResult & readonly Record<string, unknown>[];
  const objects = whole(isArray(result) ? (result as readonly Record<string, unknown>[]) : (result.rows ?? []));
  const names = (result.fields ?? result.columns)?.map((f) => f.name) ?? Object.keys(objects[0] ?? {});
  return { names, rows: objects.map((object) => names.map((name) => object[name])) };
}
