// `npm run oracle -- --cases FILE [--driver D] [--topic T] [--id ID] [--verbose]`: asks this library what Django was
// asked, and says where the answers differ.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { judgeCase, NoAnswer, type Outcome, openCases, readCases } from '../test/django/cases.js';
import { openJudge } from '../test/django/judge.js';
import { type Driver, drivers } from '../test/support/drivers.js';
import { startServer } from '../test/support/server.js';

const { values } = parseArgs({
  options: {
    cases: { type: 'string' },
    driver: { type: 'string', default: 'pglite' },
    topic: { type: 'string' },
    id: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});

const driver = drivers.find((name) => name === values.driver);
if (!driver) {
  console.error(`There is no driver '${values.driver}'; there are ${drivers.join(', ')}.`);
  process.exit(2);
}

const all = readCases(values.cases ? resolve(process.env['INIT_CWD'] ?? '.', values.cases) : openCases);
const cases = all.filter((one) => {
  if (values.topic && one.topic !== values.topic && !one.topic.startsWith(`${values.topic}.`)) return false;
  return !values.id || values.id.split(',').includes(one.id);
});
if (cases.length === 0) {
  console.error('No case has this topic or id.');
  process.exit(2);
}

function shown(text: string, length = 1500): string {
  return values.verbose || text.length <= length ? text : `${text.slice(0, length)}…`;
}

function report({ golden, answer, mismatch, extra }: Outcome): void {
  const wrong =
    mismatch ?? (extra > 0 ? `${answer!.queries} statements where Django ran ${golden.queries}` : undefined);
  if (!wrong && !values.verbose) return;
  console.log(`\n${mismatch ? 'FAIL' : wrong ? 'MORE' : 'ok'} ${golden.id}`);
  console.log(`  ${shown(JSON.stringify(golden.query))}`);
  if (wrong)
    console.log(
      wrong
        .split('\n')
        .map((line) => `  ${shown(line)}`)
        .join('\n'),
    );
  for (const { sql, params } of answer?.statements ?? [])
    console.log(`  SQL ${shown(sql)}  ${shown(text(params), 300)}`);
  if (values.verbose && answer?.thrown instanceof Error) console.log(answer.thrown.stack);
}

function text(params: readonly unknown[]): string {
  return JSON.stringify(params, (_, value) => (typeof value === 'bigint' ? String(value) : value));
}

function table(outcomes: readonly Outcome[]): void {
  const topics = [...new Set(outcomes.map(({ golden }) => golden.topic))].sort();
  const width = Math.max(...topics.map((topic) => topic.length), 5);
  console.log(`\n${'topic'.padEnd(width)}  passed  failed  skipped  more statements`);
  for (const topic of topics) {
    const own = outcomes.filter(({ golden }) => golden.topic === topic);
    const counts = [
      own.filter(({ mismatch, skipped }) => !mismatch && !skipped).length,
      own.filter(({ mismatch }) => mismatch).length,
      own.filter(({ skipped }) => skipped).length,
      own.filter(({ extra }) => extra > 0).length,
    ];
    const widths = [6, 6, 7, 15];
    console.log(
      `${topic.padEnd(width)}  ${counts.map((count, i) => String(count || '·').padStart(widths[i]!)).join('  ')}`,
    );
  }
  const reasons = new Map<string, number>();
  for (const { skipped } of outcomes) if (skipped) reasons.set(skipped, (reasons.get(skipped) ?? 0) + 1);
  for (const [reason, count] of reasons) console.log(`${count} skipped: ${reason}`);
}

async function run(driver: Driver): Promise<number> {
  const server = driver === 'pglite' ? undefined : await startServer();
  try {
    const open = () => openJudge(driver, server ? { serverUrl: server.url } : {});
    let judge = await open();
    const outcomes: Outcome[] = [];
    try {
      for (const golden of cases) {
        let outcome: Outcome;
        try {
          outcome = await judgeCase(judge, golden);
        } catch (error) {
          if (!(error instanceof NoAnswer)) throw error;
          outcome = { golden, mismatch: error.message, extra: 0 };
          judge = await open();
        }
        outcomes.push(outcome);
        report(outcome);
      }
    } finally {
      await judge.close();
    }
    table(outcomes);
    const failed = outcomes.filter(({ mismatch }) => mismatch).length;
    const skipped = outcomes.filter((outcome) => outcome.skipped).length;
    const more = outcomes.filter(({ extra }) => extra > 0).length;
    if (more > 0) console.log(`${more} cases ran more statements than Django.`);
    console.log(`${outcomes.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`);
    return failed > 0 || more > 0 ? 1 : 0;
  } finally {
    await server?.stop();
  }
}

// The handler stays: a second signal must not end the process while the server's folder is removed.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exitCode = await run(driver);
