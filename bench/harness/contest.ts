import { isDeepStrictEqual } from 'node:util';
import type { Sql } from 'postgres';
import { type WorkloadName, workloads } from '../workloads.js';
import type { Contender, Sample } from './contender.js';
import { FLOOR, OURS, type Options } from './options.js';
import { customersState, resetCustomers } from './seed.js';
import { median, quantile } from './statistics.js';

export interface Result {
  /** Processor time (client and server) over the baseline's: of the medians, and the quartiles of the rounds. */
  ratio: number;
  low: number;
  high: number;
  /** Microseconds for one operation, medians. `server` is null where it cannot be read. */
  cpu: number;
  client: number;
  server: number | null;
  wall: number;
  wallRatio: number;
}

export interface WorkloadReport {
  baseline: string;
  results: Record<string, Result>;
  /** Why a contestant has no time: no such feature, or what went wrong. */
  without: Record<string, string>;
}

const CHECKED = [0, 1, 2];
const NO_FEATURE = 'no such feature';

async function answerOf(sql: Sql, contender: Contender, workload: WorkloadName, n: number): Promise<unknown> {
  const { writes, builds } = workloads[workload];
  if (writes) await resetCustomers(sql);
  const { missing, answer } = await contender.ask({ do: 'answer', workload, n });
  if (missing) return undefined;
  if (builds) {
    // What was built is judged by what it selects.
    const built = answer as { sql: string; params: string[] };
    const rows = await sql.unsafe(built.sql, [...built.params]).values();
    return rows.map((row) => row[0]);
  }
  return writes ? [answer, await customersState(sql)] : answer;
}

async function expectedOf(sql: Sql, floor: Contender, workload: WorkloadName): Promise<unknown[]> {
  const expected: unknown[] = [];
  for (const n of CHECKED) {
    if (!workloads[workload].builds) expected.push(await answerOf(sql, floor, workload, n));
    // Nobody builds by hand: the built query must find what the written one does.
    else expected.push(((await answerOf(sql, floor, 'join', n)) as unknown[][]).map((row) => row[0]));
  }
  if (expected.some((answer) => Array.isArray(answer) && answer.length === 0)) {
    throw new Error(`${workload} has an empty answer to compare with`);
  }
  return expected;
}

/** The reason why the contestant has no time, if there is one. */
async function check(
  sql: Sql,
  contender: Contender,
  workload: WorkloadName,
  expected: unknown[],
): Promise<string | undefined> {
  for (const [i, n] of CHECKED.entries()) {
    try {
      const answer = await answerOf(sql, contender, workload, n);
      if (answer === undefined) return NO_FEATURE;
      if (!isDeepStrictEqual(answer, expected[i])) {
        const show = (value: unknown) => JSON.stringify(value)?.slice(0, 160);
        return `wrong answer: ${show(answer)} instead of ${show(expected[i])}`;
      }
    } catch (error) {
      return `failed: ${error instanceof Error ? error.message.split('\n').slice(0, 3).join(' ') : error}`;
    }
  }
  return undefined;
}

const cost = (s: Sample) => (Number.isNaN(s.server) ? s.wall : s.client + s.server);

function summarise(samples: Map<string, Sample[]>, baseline: string): Record<string, Result> {
  const base = samples.get(baseline)!;
  const of = (list: Sample[], part: (s: Sample) => number) => median(list.map(part));
  return Object.fromEntries(
    [...samples].map(([name, list]) => {
      const rounds = list.map((s, round) => cost(s) / cost(base[round]!));
      const server = of(list, (s) => s.server);
      const result: Result = {
        ratio: of(list, cost) / of(base, cost),
        low: quantile(rounds, 0.25),
        high: quantile(rounds, 0.75),
        cpu: of(list, cost),
        client: of(list, (s) => s.client),
        server: Number.isNaN(server) ? null : server,
        wall: of(list, (s) => s.wall),
        wallRatio: of(list, (s) => s.wall) / of(base, (s) => s.wall),
      };
      return [name, result];
    }),
  );
}

/** One workload: every answer compared first, then the contestants in turn, round by round. */
export async function contest(
  workload: WorkloadName,
  contenders: Contender[],
  sql: Sql,
  postmaster: number | undefined,
  options: Options,
): Promise<WorkloadReport> {
  const { writes, builds } = workloads[workload];
  const floor = contenders.find((c) => c.name === FLOOR)!;
  const expected = await expectedOf(sql, floor, workload);
  const without: Record<string, string> = {};
  const turns = new Map<Contender, number>();
  for (const contender of contenders) {
    const reason = await check(sql, contender, workload, expected);
    if (reason) {
      without[contender.name] = reason;
      continue;
    }
    turns.set(contender, await contender.calibrate(workload, options.turnMs, options.warmMs));
    if (writes) await resetCustomers(sql);
  }

  const running = [...turns.keys()];
  const samples = new Map<string, Sample[]>(running.map((c) => [c.name, []]));
  for (let round = 0; round < options.rounds; round++) {
    // Each round starts with another contestant, so that nobody always follows the same neighbour into a cold cache.
    for (let i = 0; i < running.length; i++) {
      const contender = running[(i + round) % running.length]!;
      samples.get(contender.name)!.push(await contender.turn(workload, turns.get(contender)!, postmaster));
      if (writes) await resetCustomers(sql);
    }
  }

  const peers = running.map((c) => c.name).filter((name) => name !== OURS);
  const fastest = peers.toSorted((a, b) => median(samples.get(a)!.map(cost)) - median(samples.get(b)!.map(cost)))[0];
  const baseline = builds ? (fastest ?? OURS) : FLOOR;
  return { baseline, results: samples.has(baseline) ? summarise(samples, baseline) : {}, without };
}
