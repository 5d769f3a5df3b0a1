/** `atomic`: the transaction that every queryset inside the callback runs in, however deep the call. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type DrizzleDatabase, isDatabase, refusals } from '../drivers/session.js';
import { isReported, mapDatabaseError } from '../drivers/errors.js';
import { TransactionManagementError, ValueError } from '../errors.js';

interface Level {
  readonly root: DrizzleDatabase;
  readonly tx: DrizzleDatabase;
  readonly outer: Level | undefined;
  readonly hooks: (() => unknown)[];
  /** Closed: ended. Spoiled: a statement or an inner block without a savepoint failed, and nothing of this may be committed. */
  state: 'open' | 'spoiled' | 'closed';
  /** What spoiled it. */
  cause?: unknown;
}

const storage = new AsyncLocalStorage<ReadonlyMap<DrizzleDatabase, Level>>();

function levelOf(db: DrizzleDatabase): Level | undefined {
  return storage.getStore()?.get(db);
}

/** The transaction around this call, which must not have ended. */
function openLevel(db: DrizzleDatabase): Level | undefined {
  const level = levelOf(db);
  if (level?.state === 'closed')
    throw new TransactionManagementError('The transaction of this call has ended. Await everything inside atomic().');
  return level;
}

function spoil(level: Level, cause: unknown): void {
  if (level.state === 'open') Object.assign(level, { state: 'spoiled', cause });
}

/** The transaction around this call, or the database itself. */
export function currentDatabase(db: DrizzleDatabase): DrizzleDatabase {
  const level = openLevel(db);
  if (!level) return db;
  if (level.state === 'spoiled')
    throw new TransactionManagementError(
      "An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block.",
      { cause: level.cause },
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
  if (!isDatabase(db) || typeof fn !== 'function')
    throw new ValueError('atomic() takes a Drizzle database and a function.');
  const { durable = false, savepoint = true, isolation_level } = options;
  const isolationLevel = isolation_level && String(isolation_level).toLowerCase();
  if (isolationLevel !== undefined && !LEVELS.includes(isolationLevel))
    throw new ValueError(`Unknown isolation_level '${String(isolation_level)}'. Levels: ${LEVELS.join(', ')}`);
  const outer = openLevel(db);
  if (outer && durable)
    throw new TransactionManagementError('A durable atomic block cannot be nested within another atomic block.');
  if (outer && isolation_level !== undefined)
    throw new TransactionManagementError('The isolation level is set by the outermost atomic block.');
  // What waits for its rollback takes no savepoint any more.
  if (outer && (!savepoint || outer.state === 'spoiled')) {
    try {
      return await fn(outer.tx);
    } catch (error) {
      spoil(outer, error);
      throw error;
    }
  }
  const parent = outer ? outer.tx : db;
  const hooks: (() => unknown)[] = [];
  let level: Level | undefined;
  let result: T | undefined;
  let thrown: { readonly error: unknown } | undefined;
  try {
    await parent.transaction(async (tx) => {
      const own: Level = { root: db, tx, outer, hooks, state: 'open' };
      level = own;
      refusals.set(tx, (error) => spoil(own, error));
      const inside = new Map(storage.getStore() ?? []);
      inside.set(db, level);
      inside.set(tx, level);
      try {
        // Awaited inside: what is given may be a queryset, which asks only then.
        result = await storage.run(inside, async () => fn(tx));
      } catch (error) {
        thrown = { error };
        throw error;
      }
      // Rolled back without an error of its own, as Django does: the error went to whoever caught it inside.
      if (own.state === 'spoiled') throw SPOILED;
    }, isolationLevel && { isolationLevel });
  } catch (error) {
    if (error === SPOILED) return result as T;
    // The function's own error is its caller's, whatever it says; what the database said inside has Django's names.
    if (thrown && thrown.error === error && !isReported(error)) throw error;
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
 * @param options robust: an error of the function is passed over, and the others run
 * @see https://docs.djangoproject.com/en/stable/topics/db/transactions/#performing-actions-after-commit
 */
export function on_commit(
  db: DrizzleDatabase,
  fn: () => unknown,
  options: { readonly robust?: boolean } = {},
): Promise<void> {
  if (typeof fn !== 'function') throw new ValueError('on_commit() takes a function.');
  const hook = async () => {
    try {
      await fn();
    } catch (error) {
      // Passed over, for the hooks after it.
      if (!options.robust) throw error;
    }
  };
  const level = openLevel(db);
  if (!level) return hook();
  level.hooks.push(hook);
  return Promise.resolve();
}

/** Several statements of one method: one transaction, the one that is open or its own. */
export function together<T>(db: DrizzleDatabase, fn: () => Promise<T>): Promise<T> {
  return levelOf(db) ? fn() : atomic(db, fn);
}
