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
import { isWriting } from './terminals.js';

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

/** Django's record of statements has none for a server-side cursor. */
function asDjangoCounts(statements: readonly Statement[]): Statement[] {
  return workOf(statements).filter(({ sql }) => !/^\s*declare\b/i.test(sql));
}

/** Leaves a transaction without a trace. */
class RollBack extends Error {}

export interface Judge {
  ask(golden: Case): Promise<Answer>;
  close(): Promise<void>;
}

export async function openJudge(driver: Driver, where: ConnectOptions): Promise<Judge> {
  // One connection: a statement that strays from its transaction waits for ever and is seen.
  const connection = await connect(driver, { ...where, schema: schemaSql, poolSize: 2 });
  const { db, statements } = connection;
  const models = djangoModels(db);
  const seed: Snapshot = snapshotOf(await rowsOf(db, snapshotSql));
  const counted = () => asDjangoCounts(statements).length;

  async function written(golden: Case): Promise<{ result: Json; changes: Changes }> {
    let outcome: { result: Json; changes: Changes } | undefined;
    try {
      await api['atomic'](db, async (transaction: typeof db) => {
        const result = await interpret(models, golden.query, counted);
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
      const sent = () => ({ queries: counted(), statements: workOf(statements) });
      try {
        if (!writes) return { result: await interpret(models, golden.query, counted), ...sent() };
        return { ...(await written(golden)), ...sent() };
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        return { error: errorName(thrown), message, thrown, ...sent() };
      }
    },
    close: () => connection.close(),
  };
}
