/** A server-side cursor: rows in chunks, in constant memory, in one snapshot. */
import { same } from '../meta/kinds.js';
import { AsyncResource } from 'node:async_hooks';
import { bindValues, type Statement } from '../compile/compiler.js';
import { driverCursor, hasOneConnection, isStateless } from '../drivers/cursor.js';
import { type DrizzleDatabase, queryCount, queryRows, type Row } from '../drivers/session.js';
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
  const { text } = statement;
  const isInside = inTransaction(db);
  const chunks = isStateless(db)
    ? [await queryRows(db, text, params, undefined, same)]
    : isInside || hasOneConnection(db)
      ? // One connection is everybody's: a transaction held open would shut the reader's own statements out.
        read(currentDatabase(db), name, text, params, size, !isInside)
      : alone && driverCursor(db, text, params, size);
  if (chunks) {
    for await (const rows of chunks) yield await map(rows);
    return;
  }
  // A cursor lives in a transaction, whose callback must stay open while the reader of the rows goes on.
  let end: (error: unknown) => void = () => {};
  let done: Promise<void> | undefined;
  const [tx, mapInside] = await new Promise<readonly [DrizzleDatabase, typeof map]>((open, fail) => {
    const hold = (tx: DrizzleDatabase) =>
      new Promise<void>((resolve, reject) => {
        end = (error) => (error === undefined ? resolve() : reject(error as Error));
        open([tx, AsyncResource.bind(map)]);
      });
    done = atomic(db, hold);
    done.catch(fail);
  });
  let failure: unknown;
  try {
    for await (const rows of read(tx, name, text, params, size, false)) yield await mapInside(rows);
  } catch (error) {
    failure = error;
    throw error;
  } finally {
    end(failure);
    await done;
  }
}

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
