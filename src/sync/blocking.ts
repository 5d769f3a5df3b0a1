// synckit: a worker that runs an asynchronous function while this thread waits.
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Outcome, Task } from './wire.js';
import { workerUrl } from './worker-url.js';

type Call = (task: Task) => Outcome;

let call: Call | undefined;

export function runBlocking(task: Task): Outcome {
  call ??= start();
  try {
    return call(task);
  } catch (error) {
    // The function's own errors come as outcomes: this is the worker's end, and the next call takes a new one.
    call = undefined;
    throw error;
  }
}

function start(): Call {
  const path = fileURLToPath(workerUrl('blocking-worker.js'));
  return load().startWorkerThread(path, { execArgv: loaders(process.execArgv) }) as Call;
}

/** What this process was started with (a TypeScript runner's loader) is the worker's too; code given as text is not. */
function loaders(argv: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i] as string;
    if (/^(-e|-p|-pe|--eval|--print)$/.test(arg)) i++;
    else if (!/^--(input-type|eval|print)=/.test(arg)) kept.push(arg);
  }
  return kept;
}

/** By `require`, since the first call may come where nothing can be awaited. */
function load(): typeof import('synckit', { with: { 'resolution-mode': 'require' }}) {
  try {
    return createRequire(import.meta.url)('synckit');
  } catch (cause) {
    throw new Error("async_to_sync() runs on the package 'synckit', which is not installed: npm install synckit", {
      cause,
    });
  }
}
