// piscina: workers that run a task off the event loop.
import { availableParallelism } from 'node:os';
import type { Piscina } from 'piscina';
import type { Outcome, Task } from './wire.js';
import { workerUrl } from './worker-url.js';

/** A spare worker of the pool lives this long without work. */
const idleTimeout = 5_000;

let single: Promise<Piscina> | undefined;
let many: Promise<Piscina> | undefined;

export async function runInPool(task: Task, threadSensitive: boolean): Promise<Outcome> {
  const pool = threadSensitive ? (single ??= start(1)) : (many ??= start(availableParallelism()));
  return (await (await pool).run(task)) as Outcome;
}

async function start(maxThreads: number): Promise<Piscina> {
  const { Piscina } = await load();
  const filename = workerUrl('pool-worker.js').href;
  // One worker always stays: a module's state in it is part of what thread_sensitive promises.
  return new Piscina({ filename, name: 'perform', minThreads: 1, maxThreads, idleTimeout });
}

async function load(): Promise<Pick<typeof import('piscina'), 'Piscina'>> {
  try {
    return await import('piscina');
  } catch (cause) {
    throw new Error("sync_to_async() runs on the package 'piscina', which is not installed: npm install piscina", {
      cause,
    });
  }
}
