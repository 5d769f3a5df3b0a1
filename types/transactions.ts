/** Transactions, time zones, and how relations are fetched. */
import type { DrizzleDatabase } from './database.js';

export interface AtomicOptions {
  /** Refuse to be nested. */
  durable?: boolean;
  /** Nested: whether to make a savepoint. */
  savepoint?: boolean;
  isolation_level?: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';
}

/** Everything on this database inside the callback, however deep, is one transaction; nested calls are savepoints. */
export declare function atomic<T>(
  database: DrizzleDatabase,
  body: () => PromiseLike<T> | T,
  options?: AtomicOptions,
): Promise<T>;
/** Called once the transaction around is committed; at once where there is none. */
export declare function on_commit(database: DrizzleDatabase, callback: () => unknown): void;

export declare const timezone: {
  /** The zone of everything inside the callback: lookups of dates, `Trunc`, `Extract`, `datetimes()`. */
  override<T>(zone: string, body: () => T): T;
  /** The zone where none is set. `'UTC'` at first. */
  set_default(zone: string): void;
};
