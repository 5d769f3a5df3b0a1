/** A server-side cursor: rows in chunks, in constant memory, in one snapshot. */
import { bindValues, type Statement } from '../compile/compiler.js';
import { queryCount, queryRows, type DrizzleDatabase, type Row } from '../drivers/session.js';
import { currentDatabase, inTransaction } from './transaction.js';

let counter = 0;

export async function* openCursor(db: DrizzleDatabase, statement: Statement, values: readonly unknown[], size: number): AsyncGenerator<readonly Row[]> {
  const name = `dqs_cursor_${++counter}`;
  const params = bindValues(statement, values);
  if (inTransaction(db)) {
    yield* read(currentDatabase(db), name, statement.text, params, size);
    return;
  }
  // A cursor lives in a transaction, whose callback must stay open while the reader of the rows goes on.
  const asked = channel<'next' | 'stop'>();
  const given = channel<readonly Row[] | undefined>();
  const done = db
    .transaction(async (tx) => {
      const rows = read(tx, name, statement.text, params, size);
      for (;;) {
        if ((await asked.take()) === 'stop') {
          await rows.return(undefined);
          return;
        }
        const { value, done: ended } = await rows.next();
        given.put(ended ? undefined : value);
        if (ended) return;
      }
    })
    .then(
      () => given.put(undefined),
      (error: unknown) => given.fail(error),
    );
  try {
    for (;;) {
      asked.put('next');
      const rows = await given.take();
      if (rows === undefined) return;
      yield rows;
    }
  } finally {
    asked.put('stop');
    await done;
  }
}

async function* read(db: DrizzleDatabase, name: string, text: string, params: readonly unknown[], size: number): AsyncGenerator<readonly Row[], undefined> {
  await queryCount(db, `DECLARE "${name}" NO SCROLL CURSOR FOR ${text}`, params, undefined);
  let failed = false;
  try {
    for (;;) {
      const rows = await queryRows(db, `FETCH FORWARD ${size} FROM "${name}"`, [], undefined);
      if (rows.length > 0) yield rows;
      if (rows.length < size) return undefined;
    }
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    // After an error the transaction is broken, and the cursor goes with it.
    if (!failed) await queryCount(db, `CLOSE "${name}"`, [], undefined);
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
