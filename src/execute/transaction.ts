/** `atomic`: the transaction that every queryset inside the callback runs in, however deep the call. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type DrizzleDatabase, isDatabase } from '../drivers/session.js';
import { mapDatabaseError } from '../drivers/errors.js';
import { TransactionManagementError, ValueError } from '../errors.js';

interface Level {
  readonly root: DrizzleDatabase;
  readonly tx: DrizzleDatabase;
  readonly outer: Level | undefined;
  readonly hooks: (() => unknown)[];
  /** Ended, or broken: a statement in it can only fail. */
  state: 'open' | 'closed';
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
  if (outer && !savepoint) return fn(outer.tx);
  const parent = outer ? currentDatabase(db) : db;
  const hooks: (() => unknown)[] = [];
  let level: Level | undefined;
  let result: T;
  try {
    result = await parent.transaction(
      async (tx) => {
        level = { root: db, tx, outer, hooks, state: 'open' };
        const inside = new Map(storage.getStore() ?? []);
        inside.set(db, level);
        inside.set(tx, level);
        return await storage.run(inside, () => fn(tx));
      },
      isolation_level === undefined ? undefined : { isolationLevel: isolation_level },
    );
  } catch (error) {
    throw mapDatabaseError(error);
  } finally {
    if (level) level.state = 'closed';
  }
  if (outer) outer.hooks.push(...hooks);
  else for (const hook of hooks) await hook();
  return result;
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
