/** Statements and values, sent to the database that this call is for. */
import { same } from '../meta/kinds.js';
import { createHash } from 'node:crypto';
import { bindValues, type Statement } from '../compile/compiler.js';
import { type DrizzleDatabase, queryCount, queryNamed, queryRows, type Refused, type Row } from '../drivers/session.js';
import { currentDatabase, heldUp, inTransaction } from './transaction.js';

/** A name says the text and nothing else, for processes share connections (poolers), and copies of this library do. */
const nameOfText = (text: string): string => `dqs_${createHash('sha256').update(text).digest('base64url')}`;

/**
 * The name that the server keeps a statement under. It has none when it is first sent: what is asked once (a page of
 * many) is not kept. An empty name: none any more.
 */
function nameOf(statement: Statement): string | undefined {
  const { name } = statement;
  if (name === undefined) statement.name = nameOfText(statement.text);
  return name || undefined;
}

/** PostgreSQL's functions that find no statement under its name, another one, or one for columns that changed since. */
const LOST = /PreparedStatement|CachedQuery/;

/**
 * Sends a statement by its name. One that the server lost is sent again without, where no transaction is broken by it.
 * @param read what is made of its rows; without it, how many they were
 * @param failed told of a refusal, before the error goes on
 */
function sent<T>(
  db: DrizzleDatabase,
  statement: Statement,
  values: readonly unknown[],
  read?: (rows: Row[]) => T | PromiseLike<T>,
  failed?: () => void,
): Promise<T> {
  const wait = heldUp(db);
  if (wait) return wait.then(() => sent(db, statement, values, read, failed));
  const at = currentDatabase(db);
  const { text } = statement;
  const params = bindValues(statement, values);
  const send = (name?: string): Promise<T> => {
    const refused: Refused<T> = (error) => {
      const routine = name && (error.cause as { routine?: string } | undefined)?.routine;
      if (routine && LOST.test(routine)) {
        // A connection that does not keep statements (a pooler's, DISCARD ALL) will not keep the next one either.
        statement.name = '';
        if (!inTransaction(at)) return send();
      }
      failed?.();
      throw error;
    };
    return read
      ? queryRows(at, text, params, name, read, refused)
      : (queryCount(at, text, params, name, refused as Refused<never>) as Promise<T>);
  };
  return send(nameOf(statement));
}

export const readRows: <T>(
  db: DrizzleDatabase,
  statement: Statement,
  values: readonly unknown[],
  read: (rows: Row[]) => T | PromiseLike<T>,
  failed?: () => void,
) => Promise<T> = sent;

type Run<T> = (db: DrizzleDatabase, statement: Statement | undefined, values: readonly unknown[]) => Promise<T>;

/** The rows of a statement; none where there is nothing to ask. */
export const runRows: Run<Row[]> = (db, statement, values) =>
  statement ? sent(db, statement, values, same) : Promise.resolve([]);

/** How many rows a statement touched. */
export const runCount: Run<number> = (db, statement, values) =>
  statement ? sent(db, statement, values) : Promise.resolve(0);

/** For SQL whose columns only the database knows: their names, and rows as arrays. */
export async function queryNamedRows(
  db: DrizzleDatabase,
  statement: Statement,
  values: readonly unknown[],
): Promise<{ names: string[]; rows: Row[] }> {
  const wait = heldUp(db);
  if (wait) return wait.then(() => queryNamedRows(db, statement, values));
  return queryNamed(currentDatabase(db), statement.text, bindValues(statement, values));
}
