/** `atomic`: the transaction that every queryset inside the callback runs in, however deep the call. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type DrizzleDatabase, isDatabase } from '../drivers/session.js';
import { isReported, mapDatabaseError } from '../drivers/errors.js';
import { TransactionManagementError, ValueError } from '../errors.js';

interface Level {
  readonly root: DrizzleDatabase;
  readonly tx: DrizzleDatabase;
  readonly outer: Level | undefined;
  readonly hooks: (() => unknown)[];
  /** Closed: ended. Spoiled: an inner block without a savepoint failed, and nothing of this may be committed. */
  state: 'open' | 'spoiled' | 'closed';
}

const storage = new AsyncLocalStorage<ReadonlyMap<DrizzleDatabase, Level>>();

function levelOf(db: DrizzleDatabase): Level | undefined {
  return storage.getStore()?.get(db);
}

/** The transaction around this call, or the database itself. */
export function currentDatabase(db: DrizzleDatabase): DrizzleDatabase {
  const level = levelOf(db);
  if (!level) return db;
  if (level.state === 'closed')
    throw new TransactionManagementError(
      'The transaction that this call was started in has ended. Await everything inside atomic().',
    );
  if (level.state === 'spoiled')
    throw new TransactionManagementError(
      "An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block.",
    );
  return level.tx;
}

/** Is there a transaction around this call? A database that is a transaction itself counts. */
export function inTransaction(db: DrizzleDatabase): boolean {
  return levelOf(db) !== undefined || typeof (db as { rollback?: unknown }).rollback === 'function';
}

export interface AtomicOptions {
  /** Refuse to run inside another atomic. */
  readonly durable?: boolean;
  /** false: a nested atomic makes no savepoint of its own. */
  readonly savepoint?: boolean;
  readonly isolation_level?: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';
}

/** Makes the driver roll back. */
const SPOILED = new Error('rolled back');

const LEVELS = ['read uncommitted', 'read committed', 'repeatable read', 'serializable'];

/**
 * Runs a function in a transaction: committed when it returns, rolled back when it throws.
 * @see https://docs.djangoproject.com/en/stable/topics/db/transactions/#django.db.transaction.atomic
 */
export async function atomic<T>(
  db: DrizzleDatabase,
  fn: (tx: DrizzleDatabase) => Promise<T> | T,
  options: AtomicOptions = {},
): Promise<T> {
  if (!isDatabase(db)) throw new ValueError('atomic() takes a Drizzle database and a function.');
  if (typeof fn !== 'function') throw new ValueError('atomic() takes a Drizzle database and a function.');
  const { durable = false, savepoint = true, isolation_level } = options;
  if (isolation_level !== undefined && !LEVELS.includes(isolation_level))
    throw new ValueError(`Unknown isolation_level '${String(isolation_level)}'. Levels: ${LEVELS.join(', ')}`);
  const outer = levelOf(db);
  if (outer && durable)
    throw new TransactionManagementError('A durable atomic block cannot be nested within another atomic block.');
  if (outer && isolation_level !== undefined)
    throw new TransactionManagementError('The isolation level is set by the outermost atomic block.');
  if (outer && !savepoint) {
    try {
      return await fn(outer.tx);
    } catch (error) {
      if (outer.state === 'open') outer.state = 'spoiled';
      throw error;
    }
  }
  const parent = outer ? currentDatabase(db) : db;
  const hooks: (() => unknown)[] = [];
  let level: Level | undefined;
  let result: T | undefined;
  let own: { readonly error: unknown } | undefined;
  try {
    await parent.transaction(
      async (tx) => {
        level = { root: db, tx, outer, hooks, state: 'open' };
        const inside = new Map(storage.getStore() ?? []);
        inside.set(db, level);
        inside.set(tx, level);
        try {
          result = await storage.run(inside, () => fn(tx));
        } catch (error) {
          own = { error };
          throw error;
        }
        // Rolled back without an error of its own, as Django does: the error went to whoever caught it inside.
        if ((level as Level).state === 'spoiled') throw SPOILED;
      },
      isolation_level === undefined ? undefined : { isolationLevel: isolation_level },
    );
  } catch (error) {
    if (error === SPOILED) return result as T;
    // The function's own error is its caller's, whatever it says; what the database said inside has Django's names.
    if (own && own.error === error && !isReported(error)) throw error;
    throw mapDatabaseError(error);
  } finally {
    if (level) level.state = 'closed';
  }
  if (outer) outer.hooks.push(...hooks);
  else for (const hook of hooks) await hook();
  return result as T;
}

/**
 * Calls a function after the outermost transaction is committed; at once where there is none.
 * @see https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit
 */
export async function on_commit(db: DrizzleDatabase, fn: () => unknown): Promise<void> {
  if (typeof fn !== 'function') throw new ValueError('on_commit() takes a function.');
  const level = levelOf(db);
  if (level) level.hooks.push(fn);
  else await fn();
}

/** Several statements of one method: one transaction, the one that is open or its own. */
export function together<T>(db: DrizzleDatabase, fn: () => Promise<T>): Promise<T> {
  return levelOf(db) ? fn() : atomic(db, fn);
}
