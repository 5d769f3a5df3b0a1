/** `atomic`: the transaction that every queryset inside the callback runs in, however deep the call. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type DrizzleDatabase, isDatabase, refusals, sessionOf } from '../drivers/session.js';
import { isReported, mapDatabaseError } from '../drivers/errors.js';
import { TransactionManagementError, refuse } from '../errors.js';

interface Level {
  readonly tx: DrizzleDatabase;
  readonly outer: Level | undefined;
  readonly hooks: (() => unknown)[];
  /** Closed: ended. Spoiled: a statement or an inner block without a savepoint failed, and nothing of this may be committed. */
  state: 'open' | 'spoiled' | 'closed';
  /** What spoiled it. */
  cause?: unknown;
  /** The nested block that is open. The next one begins after it: a rollback to a savepoint undoes all that came later. */
  nested?: Promise<void> | undefined;
  /** It is one of this library's own: it waits for nothing, and so the statements of this block can wait for it. */
  brief?: Promise<void> | undefined;
}

const storage = new AsyncLocalStorage<ReadonlyMap<DrizzleDatabase, Level>>();

/** By the transactions themselves, for those that are named (`using(tx)`) elsewhere, or too late. */
const levels = new WeakMap<DrizzleDatabase, Level>();

const levelOf = (db: DrizzleDatabase): Level | undefined => storage.getStore()?.get(db) ?? levels.get(db);

const hasEnded = (level: Level | undefined): boolean =>
  level !== undefined && (level.state === 'closed' || hasEnded(level.outer));

/** The transaction around this call, which must not have ended. */
function openLevel(db: DrizzleDatabase): Level | undefined {
  const level = levelOf(db);
  if (hasEnded(level))
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
export const inTransaction = (db: DrizzleDatabase): boolean =>
  levelOf(db) !== undefined || typeof (db as { rollback?: unknown }).rollback === 'function';

export interface AtomicOptions {
  /** Refuse to run inside another atomic. */
  readonly durable?: boolean;
  /** false: a nested atomic makes no savepoint of its own. */
  readonly savepoint?: boolean;
  readonly isolation_level?: 'read uncommitted' | 'read committed' | 'repeatable read' | 'serializable';
}

/** A transaction's own connection, where it is node-postgres's. */
interface Client {
  on?(event: 'error', listener: () => void): void;
  off?(event: 'error', listener: () => void): void;
  getTransactionStatus?(): string | null;
  readonly readyForQuery?: boolean;
  query(text: string): Promise<unknown>;
}
/** A connection that is lost tells the statements on it; as an event without a listener it would end the process. */
const heard = () => {};

/** The options of a nested block that holds one statement, and none of the user's functions. */
export const BRIEF: AtomicOptions = {};

/** What a statement of this call waits for: a rollback to the savepoint that is open beside it would undo it. */
export const heldUp = (db: DrizzleDatabase): Promise<void> | undefined => levelOf(db)?.brief;

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
  if (!isDatabase(db) || typeof fn !== 'function') refuse('atomic() takes a Drizzle database and a function.');
  const { durable, savepoint = true, isolation_level } = options;
  const isolationLevel = isolation_level && String(isolation_level).toLowerCase();
  if (isolationLevel !== undefined && !LEVELS.includes(isolationLevel))
    refuse(`Unknown isolation_level '${String(isolation_level)}'. Levels: ${LEVELS.join(', ')}`);
  const outer = openLevel(db);
  if (outer && durable)
    throw new TransactionManagementError('A durable atomic block cannot be nested within another atomic block.');
  if (outer && isolation_level !== undefined)
    throw new TransactionManagementError('The isolation level is set by the outermost atomic block.');
  while (savepoint && outer?.nested) await outer.nested;
  openLevel(db);
  // What waits for its rollback takes no savepoint any more.
  if (outer && (!savepoint || outer.state === 'spoiled')) {
    try {
      return await fn(outer.tx);
    } catch (error) {
      spoil(outer, error);
      throw error;
    }
  }
  const hooks: Level['hooks'] = [];
  const running = block(db, fn, hooks, outer, isolationLevel && { isolationLevel });
  if (outer) {
    const done = () => {
      outer.nested = outer.brief = undefined;
    };
    outer.nested = running.then(done, done);
    if (options === BRIEF) outer.brief = outer.nested;
  }
  const result = await running;
  if (outer) outer.hooks.push(...hooks);
  else for (const hook of hooks) await hook();
  return result;
}

/** A transaction, or a savepoint of the outer one. */
async function block<T>(
  db: DrizzleDatabase,
  fn: (tx: DrizzleDatabase) => Promise<T> | T,
  hooks: Level['hooks'],
  outer: Level | undefined,
  config: unknown,
): Promise<T> {
  let result: T | undefined;
  let thrown: { readonly error: unknown } | undefined;
  let spoiled = false;
  let client: Client | undefined;
  let level: Level | undefined;
  try {
    await (outer ? outer.tx : db).transaction(async (tx) => {
      const own: Level = { tx, outer, hooks, state: 'open' };
      level = own;
      levels.set(tx, own);
      client = sessionOf(tx).client as Client | undefined;
      client?.on?.('error', heard);
      refusals.set(tx, (error) => spoil(own, error));
      const inside = new Map([
        [db, own],
        [tx, own],
      ]);
      // The outer block's names mean this one in here: it is what the connection is in.
      for (const [name, at] of storage.getStore() ?? []) inside.set(name, at === outer ? own : at);
      try {
        // Awaited inside: what is given may be a queryset, which asks only then.
        result = await storage.run(inside, async () => fn(tx));
      } catch (error) {
        thrown = { error };
        throw error;
      } finally {
        // Before the driver ends it: what others go on to send would come after that, in a transaction of its own or of others.
        spoiled = own.state === 'spoiled';
        own.state = 'closed';
        // A nested block that was not awaited takes its own work back first.
        while (own.nested) await own.nested;
      }
      // Rolled back without an error of its own, as Django does: the error went to whoever caught it inside.
      if (spoiled) throw SPOILED;
      // What Drizzle itself was refused makes a rollback of the COMMIT: other drivers say so, node-postgres does not.
      // It gives the error before the status, which may be in a packet that is to come: before the next answer, at the latest.
      if (client?.readyForQuery === false) await client.query('').catch(heard);
      if (client?.getTransactionStatus?.() === 'E')
        throw new TransactionManagementError('A query was refused: rolled back.');
    }, config);
  } catch (error) {
    // The function's own error is its caller's, whatever it says and whatever became of the rollback; what the database
    // said inside has Django's names.
    if (thrown) throw isReported(thrown.error) ? mapDatabaseError(thrown.error) : thrown.error;
    if (!spoiled) throw mapDatabaseError(error);
    hooks.length = 0;
  } finally {
    client?.off?.('error', heard);
    // postgres.js does not wait for the function where the connection is lost.
    if (level) level.state = 'closed';
  }
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
  if (typeof fn !== 'function') refuse('on_commit() takes a function.');
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
export const together = <T>(db: DrizzleDatabase, fn: () => Promise<T>): Promise<T> =>
  levelOf(db) ? fn() : atomic(db, fn);
