// The worker's half of a call; both kinds of worker do it alike.
import { existsSync } from 'node:fs';
import { types } from 'node:util';
import { shortName } from './target.js';
import { packFailure, packResult, unpackArguments, type Outcome, type Task } from './wire.js';

export async function perform(task: Task): Promise<Outcome> {
  try {
    const fn = await load(task);
    return packResult(await fn(...unpackArguments(task.args)), task.name);
  } catch (error) {
    return packFailure(error);
  }
}

async function load(task: Task): Promise<(...args: unknown[]) => unknown> {
  const module = present(task.module);
  if (/\.[cm]?ts$/.test(module)) await (typescript ??= useTypeScriptRunner());
  const exported = (await import(module)) as Record<string, unknown>;
  const fn = find(exported, task.name);
  if (fn === undefined) {
    const names = Object.keys(exported).filter((key) => typeof exported[key] === 'function');
    throw new TypeError(
      `${shortName(task.module)} exports no function '${task.name}'. It exports: ${names.join(', ') || 'none'}.`,
    );
  }
  if (task.refuseAsync && types.isAsyncFunction(fn)) {
    throw new TypeError(`sync_to_async() can only be applied to sync functions; '${task.name}' is async: await it.`);
  }
  return fn;
}

/** Under a TypeScript runner, the `./work.js` that a source speaks of is a `./work.ts`. */
function present(module: string): string {
  const source = module.replace(/\.([cm]?)js$/, '.$1ts');
  const isSource = source !== module && module.startsWith('file:') && !existsSync(new URL(module));
  return isSource && existsSync(new URL(source)) ? source : module;
}

let typescript: Promise<void> | undefined;

/** tsx, if this process was started with it, leaves worker threads to themselves; a newer Node needs neither. */
async function useTypeScriptRunner(): Promise<void> {
  const loader = process.execArgv.find((arg) => /^file:.*\/tsx\/dist\/loader\.mjs$/.test(arg));
  if (loader === undefined) return;
  const api = (await import(new URL('./esm/api/index.mjs', loader).href)) as { register: () => void };
  api.register();
}

/** By the exported name; else by the function's own, for one that is exported under another name or as default. */
function find(exported: Record<string, unknown>, name: string): ((...args: unknown[]) => unknown) | undefined {
  const fallback = exported['default'];
  const candidates = [
    exported[name],
    isRecord(fallback) ? fallback[name] : undefined,
    Object.values(exported).find((value) => typeof value === 'function' && value.name === name),
  ];
  return candidates.find((value) => typeof value === 'function') as ((...args: unknown[]) => unknown) | undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
