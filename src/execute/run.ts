/** Statements and values, sent to the database that this call is for. */
import { bindValues, type Statement } from '../compile/compiler.js';
import { type DrizzleDatabase, queryCount, queryNamed, queryRows, type Row, same } from '../drivers/session.js';
import { currentDatabase, heldUp } from './transaction.js';

let counter = 0;

/** A statement's name, given when it is first sent: unique in this process, which is all that a connection sees. */
function nameOf(statement: Statement): string {
  statement.name ??= `dqs_${++counter}`;
  return statement.name;
}

/** What is made of a statement's rows. */
export function readRows<T>(
  db: DrizzleDatabase,
  statement: Statement,
  values: readonly unknown[],
  read: (rows: Row[]) => T | PromiseLike<T>,
  failed?: () => void,
): Promise<T> {
  const wait = heldUp(db);
  if (wait) return wait.then(() => readRows(db, statement, values, read, failed));
  const params = bindValues(statement, values);
  return queryRows(currentDatabase(db), statement.text, params, nameOf(statement), read, failed);
}

export function runRows(db: DrizzleDatabase, statement: Statement, values: readonly unknown[]): Promise<Row[]> {
  return readRows(db, statement, values, same);
}

export function runCount(db: DrizzleDatabase, statement: Statement, values: readonly unknown[]): Promise<number> {
  const wait = heldUp(db);
  if (wait) return wait.then(() => runCount(db, statement, values));
  return queryCount(currentDatabase(db), statement.text, bindValues(statement, values), nameOf(statement));
}

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
