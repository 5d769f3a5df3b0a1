// Runs cases on one database: counts the statements, and rolls back what a case writes.
import { type ConnectOptions, connect, rowsOf, type Statement, workOf } from '../support/connect.js';
import type { Driver } from '../support/drivers.js';
import type { Case, Changes, Json } from './ast.js';
import { changesBetween, sequencesSql, type Snapshot, snapshotOf, snapshotSql } from './changes.js';
import { api } from './context.js';
import { interpret } from './interpreter.js';
import { djangoModels } from './models.js';
import { errorName } from './rows.js';
import { schemaSql } from './schema.js';
import { type Counter, isWriting } from './terminals.js';

export interface Answer {
  result?: Json;
  error?: string;
  message?: string;
  /** What was thrown, for the person who reads a mismatch. */
  thrown?: unknown;
  changes?: Changes;
  queries: number;
  statements: Statement[];
}

/** Leaves a transaction without a trace. */
class RollBack extends Error {}

export interface Judge {
  ask(golden: Case): Promise<Answer>;
  close(): Promise<void>;
}

export async function openJudge(driver: Driver, where: ConnectOptions): Promise<Judge> {
  const connection = await connect(driver, { ...where, schema: schemaSql, poolSize: 2 });
  const { db, statements } = connection;
  const models = djangoModels(db);
  const seed: Snapshot = snapshotOf(await rowsOf(db, snapshotSql));
  let leftOut = 0;
  const counter: Counter = {
    sent: () => workOf(statements).length - leftOut,
    leaveOut: (more) => {
      leftOut += more;
    },
  };

  async function written(golden: Case): Promise<{ result: Json; changes: Changes }> {
    let outcome: { result: Json; changes: Changes } | undefined;
    try {
      await api['atomic'](db, async (transaction: typeof db) => {
        const result = await interpret(models, golden.query, counter);
        const queries = statements.length;
        await transaction.execute('SET CONSTRAINTS ALL IMMEDIATE');
        const after = snapshotOf(await rowsOf(transaction, snapshotSql));
        statements.length = queries;
        outcome = { result, changes: changesBetween(seed, after) };
        throw new RollBack();
      });
    } catch (error) {
      if (!(error instanceof RollBack)) throw error;
    }
    return outcome!;
  }

  return {
    async ask(golden) {
      const writes = golden.changes !== undefined || golden.query.atomic === true || isWriting(golden.query);
      if (writes) await rowsOf(db, sequencesSql);
      statements.length = 0;
      leftOut = 0;
      const sent = () => ({ queries: counter.sent(), statements: workOf(statements) });
      try {
        if (!writes) return { result: await interpret(models, golden.query, counter), ...sent() };
        return { ...(await written(golden)), ...sent() };
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        return { error: errorName(thrown), message, thrown, ...sent() };
      }
    },
    close: () => connection.close(),
  };
}
