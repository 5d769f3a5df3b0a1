/** A server-side cursor: rows in chunks, in constant memory, in one snapshot. */
import { bindValues, type Statement } from '../compile/compiler.js';
import { driverCursor, hasOneConnection } from '../drivers/cursor.js';
import { type DrizzleDatabase, queryCount, queryRows, type Row, same } from '../drivers/session.js';
import { atomic, currentDatabase, inTransaction } from './transaction.js';

let counter = 0;

/**
 * @param map what is made of each chunk: it runs where the cursor does, so that its own statements (prefetches) are
 *   in the same transaction
 * @param alone it has none, so that a cursor of the driver's own will do: that would keep its connection to itself
 */
export async function* openCursor<T>(
  db: DrizzleDatabase,
  statement: Statement,
  values: readonly unknown[],
  size: number,
  map: (rows: readonly Row[]) => Promise<T>,
  alone: boolean,
): AsyncGenerator<T> {
  const name = `dqs_cursor_${++counter}`;
  const params = bindValues(statement, values);
  if (inTransaction(db) || hasOneConnection(db)) {
    // One connection is everybody's: a transaction held open would shut the reader's own statements out.
    for await (const rows of read(currentDatabase(db), name, statement.text, params, size, !inTransaction(db)))
      yield await map(rows);
    return;
  }
  const chunks = alone && driverCursor(db, statement.text, params, size);
  if (chunks) {
    for await (const rows of chunks) yield await map(rows);
    return;
  }
  // A cursor lives in a transaction, whose callback must stay open while the reader of the rows goes on.
  const asked = channel<'next' | 'stop'>();
  const given = channel<T | typeof ENDED>();
  const done = atomic(db, async (tx) => {
    const rows = read(tx, name, statement.text, params, size, false);
    for (;;) {
      if ((await asked.take()) === 'stop') {
        await rows.return(undefined);
        return;
      }
      const { value, done: ended } = await rows.next();
      given.put(ended ? ENDED : await map(value));
      if (ended) return;
    }
  }).then(
    () => given.put(ENDED),
    (error: unknown) => given.fail(error),
  );
  try {
    for (;;) {
      asked.put('next');
      const chunk = await given.take();
      if (chunk === ENDED) return;
      yield chunk;
    }
  } finally {
    asked.put('stop');
    await done;
  }
}

const ENDED: unique symbol = Symbol('ended');

async function* read(
  db: DrizzleDatabase,
  name: string,
  text: string,
  params: readonly unknown[],
  size: number,
  hold: boolean,
): AsyncGenerator<readonly Row[], undefined> {
  await queryCount(db, `DECLARE "${name}" NO SCROLL CURSOR${hold ? ' WITH HOLD' : ''} FOR ${text}`, params, undefined);
  let failed = false;
  try {
    for (;;) {
      // The reader may be in a transaction by now, or this one may have ended: its connection is somebody else's then.
      const rows = await queryRows(currentDatabase(db), `FETCH FORWARD ${size} FROM "${name}"`, [], undefined, same);
      if (rows.length > 0) yield rows;
      if (rows.length < size) return undefined;
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    // After an error the transaction is broken, and the cursor goes with it.
    if (!failed) {
      try {
        await queryCount(currentDatabase(db), `CLOSE "${name}"`, [], undefined);
      } catch {
        // It went with its transaction or its connection: there is nothing to be closed.
      }
    }
  }
}

interface Channel<T> {
  put(item: T): void;
  fail(error: unknown): void;
  take(): Promise<T>;
}

/** One value at a time from one side to the other. */
function channel<T>(): Channel<T> {
  const items: (() => T)[] = [];
  let waiting: ((item: () => T) => void) | undefined;
  const push = (item: () => T) => {
    const wake = waiting;
    waiting = undefined;
    if (wake) wake(item);
    else items.push(item);
  };
  return {
    put: (item) => push(() => item),
    fail: (error) =>
      push(() => {
        throw error;
      }),
    take: async () => {
      const next = items.shift() ?? (await new Promise<() => T>((resolve) => (waiting = resolve)));
      return next();
    },
  };
}
