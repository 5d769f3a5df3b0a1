import type { Contestant, Open } from '../contestant.js';
import { type WorkloadName, workloads } from '../workloads.js';
import type { Reply, Request } from './messages.js';

// One contestant in a process of its own: `node child.js <contestant> <url>`. Does what the parent asks, a turn at a
// time, and says what processor time it took.

const [name = '', url = ''] = process.argv.slice(2);
const program = new URL(`../contestants/${name}.js`, import.meta.url).href;
const { open } = (await import(program)) as { open: Open };

const opened = new Map<number, Promise<Contestant>>();
function contestantFor(workload: WorkloadName): Promise<Contestant> {
  const pool = workloads[workload].pool ?? 1;
  let contestant = opened.get(pool);
  if (!contestant) opened.set(pool, (contestant = Promise.resolve(open(url, pool))));
  return contestant;
}

const counters = new Map<WorkloadName, number>();
function inputsFor(workload: WorkloadName, count: number): never[] {
  const first = counters.get(workload) ?? 100;
  counters.set(workload, first + count);
  return Array.from({ length: count }, (_, i) => workloads[workload].input(first + i) as never);
}

async function turn(workload: WorkloadName, count: number): Promise<Reply> {
  const run = (await contestantFor(workload)).operations[workload] as (input: never) => unknown;
  const inputs = inputsFor(workload, count);
  const builds = workloads[workload].builds;
  const startedAt = process.hrtime.bigint();
  const before = process.cpuUsage();
  if (builds) for (const input of inputs) run(input);
  else for (const input of inputs) await run(input);
  const { user, system } = process.cpuUsage(before);
  const wall = Number(process.hrtime.bigint() - startedAt) / 1000;
  return { cpu: user + system, wall };
}

async function handle(request: Request): Promise<Reply> {
  const { workload } = request;
  if (request.do === 'turn') return turn(workload, request.count);
  const { operations, plain } = await contestantFor(workload);
  const run = operations[workload] as ((input: never) => unknown) | undefined;
  if (!run) return { missing: true };
  const answer = await run(workloads[workload].input(request.n) as never);
  return { answer: workloads[workload].canonical(plain?.[workload] ? plain[workload](answer) : answer) };
}

process.on('message', (request: Request) => {
  handle(request).then(
    (reply) => process.send!(reply),
    (error: unknown) => process.send!({ error: String((error as Error)?.stack ?? error) } satisfies Reply),
  );
});
// The parent is gone, or done with us.
process.on('disconnect', () => {
  setTimeout(() => process.exit(), 2000).unref();
  void Promise.allSettled([...opened.values()].map(async (c) => (await c).close())).then(() => process.exit());
});
process.send!({ ready: true } satisfies Reply);
