import { randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { type SQL, sql } from 'drizzle-orm';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js';
import { Pool } from 'pg';
import postgres from 'postgres';
import type { Driver } from './drivers.js';

export type AnyDatabase = PgDatabase<PgQueryResultHKT, any, any>;

export interface Statement {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** One open database with the Drizzle database over it that keeps a record of what it is sent. */
export interface Connection {
  readonly driver: Driver;
  readonly db: AnyDatabase;
  /** The client that Drizzle was given: a `PGlite`, a `postgres` client or a `pg` pool. */
  readonly client: PGlite | postgres.Sql | Pool;
  /** Every statement that went through Drizzle since the last `statements.length = 0`. */
  readonly statements: Statement[];
  /** Sends SQL text, any number of statements, past the record. */
  run(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Where the real server listens; not needed for PGlite. */
  serverUrl?: string;
  /** A file with a fresh PGlite's data, which loads faster than a new one is made. */
  pgliteImage?: string;
  /** SQL that makes the tables. */
  schema?: string;
  /** Connections that a pool may open. */
  poolSize?: number;
}

function recorder(statements: Statement[]) {
  return { logQuery: (text: string, params: unknown[]) => void statements.push({ sql: text, params }) };
}

async function pgliteConnection(options: ConnectOptions): Promise<Connection> {
  const loadDataDir = options.pgliteImage ? await openAsBlob(options.pgliteImage) : undefined;
  const client = await PGlite.create(loadDataDir ? { loadDataDir } : {});
  const statements: Statement[] = [];
  return {
    driver: 'pglite',
    db: drizzlePglite({ client, logger: recorder(statements) }) as unknown as AnyDatabase,
    client,
    statements,
    run: async (text) => void (await client.exec(text)),
    close: () => client.close(),
  };
}

/** A database of its own on the server, dropped when it is closed. */
async function freshDatabase(serverUrl: string) {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = postgres(`${serverUrl}/postgres`, { max: 1, onnotice: () => {} });
  await admin.unsafe(`CREATE DATABASE ${name} TEMPLATE template0`);
  return {
    url: `${serverUrl}/${name}`,
    async drop() {
      await admin.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

async function postgresJsConnection(options: ConnectOptions): Promise<Connection> {
  const database = await freshDatabase(options.serverUrl!);
  const client = postgres(database.url, { max: options.poolSize ?? 4, onnotice: () => {} });
  const statements: Statement[] = [];
  return {
    driver: 'postgres-js',
    db: drizzlePostgresJs({ client, logger: recorder(statements) }) as unknown as AnyDatabase,
    client,
    statements,
    async run(text) {
      // The text may have a transaction of its own, which the pool allows on a reserved connection alone.
      const reserved = await client.reserve();
      try {
        await reserved.unsafe(text);
      } finally {
        reserved.release();
      }
    },
    async close() {
      await client.end({ timeout: 5 });
      await database.drop();
    },
  };
}

async function nodePostgresConnection(options: ConnectOptions): Promise<Connection> {
  const database = await freshDatabase(options.serverUrl!);
  const client = new Pool({ connectionString: database.url, max: options.poolSize ?? 4 });
  // A connection that the server ends while it is idle must not end the test run.
  client.on('error', () => {});
  const statements: Statement[] = [];
  return {
    driver: 'node-postgres',
    db: drizzleNodePostgres({ client, logger: recorder(statements) }) as unknown as AnyDatabase,
    client,
    statements,
    run: async (text) => void (await client.query(text)),
    async close() {
      await client.end();
      await database.drop();
    },
  };
}

const connections = {
  pglite: pgliteConnection,
  'postgres-js': postgresJsConnection,
  'node-postgres': nodePostgresConnection,
} satisfies Record<Driver, (options: ConnectOptions) => Promise<Connection>>;

/** Opens a fresh database through one of the drivers, with the tables that `options.schema` makes. */
export async function connect(driver: Driver, options: ConnectOptions): Promise<Connection> {
  const connection = await connections[driver](options);
  if (options.schema) await connection.run(options.schema);
  return connection;
}

/** The rows of a query, whatever shape the driver's result has. */
export async function rowsOf(db: AnyDatabase, query: SQL | string): Promise<Record<string, unknown>[]> {
  const result: unknown = await db.execute(typeof query === 'string' ? sql.raw(query) : query);
  return (Array.isArray(result) ? result : (result as { rows: unknown[] }).rows) as Record<string, unknown>[];
}

const transactionControl =
  /^\s*(begin|start\s+transaction|commit|rollback|savepoint|release|set\s+(constraints|transaction|local|session)|fetch|move|close)\b/i;

/** The statements that do work: transaction control is left out, a cursor counts once. */
export function workOf(statements: readonly Statement[]): Statement[] {
  return statements.filter((statement) => !transactionControl.test(statement.sql));
}
