import { afterAll, beforeAll, beforeEach, describe, inject } from 'vitest';
import { type AnyDatabase, type Connection, connect, rowsOf, type Statement, workOf } from './connect.js';
import { chosenDrivers, type Driver } from './drivers.js';

export type { AnyDatabase, Statement } from './connect.js';
export type { Driver } from './drivers.js';

/** What a test file is given for each driver. `db` is there from `beforeAll` on. */
export interface TestDatabase {
  readonly driver: Driver;
  readonly db: AnyDatabase;
  readonly connection: Connection;
  /** What was sent since the test began (or since `forget()`), savepoints and transaction control left out. */
  readonly statements: Statement[];
  forget(): void;
  /** Runs `work` and says how many statements it sent. */
  counted<T>(work: () => PromiseLike<T>): Promise<{ result: T; statements: Statement[] }>;
  /** Sends SQL text, any number of statements, without a trace in `statements`. */
  run(text: string): Promise<void>;
  /** Rows as the driver gives them. */
  rows(text: string): Promise<Record<string, unknown>[]>;
}

export interface DatabaseOptions {
  /** SQL that makes the tables, run once for each driver. */
  schema?: string;
  /** The drivers that this file is about; all of them without it. */
  drivers?: readonly Driver[];
  poolSize?: number;
}

/** Runs the same tests on every database: a fresh one for each driver, gone when the tests are done. */
export function describeDatabases(
  title: string,
  body: (database: TestDatabase) => void,
  options: DatabaseOptions = {},
): void {
  const wanted = chosenDrivers().filter((driver) => (options.drivers ?? chosenDrivers()).includes(driver));
  describe.skipIf(wanted.length === 0)(title, () => {
    for (const driver of wanted) describe(driver, () => body(openedAround(driver, options)));
  });
}

function openedAround(driver: Driver, options: DatabaseOptions): TestDatabase {
  let open: Connection | undefined;
  const connection = (): Connection => {
    if (open) return open;
    throw new Error('The database is open from beforeAll to afterAll only.');
  };

  beforeAll(async () => {
    const where = { serverUrl: inject('serverUrl'), pgliteImage: inject('pgliteImage') };
    open = await connect(driver, { ...where, ...options });
  }, 60_000);
  beforeEach(() => {
    connection().statements.length = 0;
  });
  afterAll(async () => {
    await open?.close();
    open = undefined;
  });

  return {
    driver,
    get db() {
      return connection().db;
    },
    get connection() {
      return connection();
    },
    get statements() {
      return workOf(connection().statements);
    },
    forget() {
      connection().statements.length = 0;
    },
    async counted(work) {
      const sent = connection().statements;
      const before = sent.length;
      const result = await work();
      return { result, statements: workOf(sent.slice(before)) };
    },
    run: (text) => connection().run(text),
    async rows(text) {
      const sent = connection().statements;
      const before = sent.length;
      const rows = await rowsOf(connection().db, text);
      sent.splice(before);
      return rows;
    },
  };
}
