/** Transactions and time zones. */
import type { DrizzleDatabase } from './database.js';

type IsolationLevel = 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';

export interface AtomicOptions {
  /** Refuse to be nested. */
  durable?: boolean;
  /** Nested: whether to make a savepoint. */
  savepoint?: boolean;
  isolation_level?: IsolationLevel | Uppercase<IsolationLevel>;
}

/** What the database gives to the callback of its own `transaction()`. */
type TransactionOf<D> = D extends { transaction(body: infer Body, ...rest: never): unknown }
  ? Body extends (transaction: infer Transaction) => unknown
    ? Transaction
    : DrizzleDatabase
  : DrizzleDatabase;

/** Everything on this database inside the callback, however deep, is one transaction; nested calls are savepoints. */
export declare function atomic<T, D extends DrizzleDatabase = DrizzleDatabase>(
  database: D,
  body: (transaction: TransactionOf<D>) => PromiseLike<T> | T,
  options?: AtomicOptions,
): Promise<T>;
export interface OnCommitOptions {
  /** An error of the callback is passed over, and the callbacks after it are called. */
  robust?: boolean;
}

/**
 * Called once the transaction around is committed; at once where there is none, and then its error is the promise's.
 * @throws ValueError for what is no function; TransactionManagementError where the transaction of the call has ended
 */
export declare function on_commit(
  database: DrizzleDatabase,
  callback: () => unknown,
  options?: OnCommitOptions,
): Promise<void>;

export declare const timezone: {
  /** The zone of everything inside the callback: lookups of dates, `Trunc`, `Extract`, `datetimes()`. */
  override<T>(zone: string, body: () => T): T;
  /** The zone where none is set. `'UTC'` at first. */
  set_default(zone: string): void;
};
