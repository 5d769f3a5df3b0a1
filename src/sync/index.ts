/**
 * `sync_to_async` and `async_to_sync`, typed through.
 *
 * Python hands a function to a thread; JavaScript's threads share no functions. So both take the module that
 * exports the function, and the worker imports it there. Arguments, results and errors are copied.
 */
import { types } from 'node:util';
import { SynchronousOnlyOperation } from '../errors.js';
import { isAsyncThread } from './async-thread.js';
import { runBlocking } from './blocking.js';
import { runInPool } from './pool.js';
import type {
  AnyFunction,
  AsyncToSync,
  ModuleLocation,
  ModuleToAsync,
  ModuleToSync,
  SyncToAsync,
  SyncToAsyncOptions,
} from './signature.js';
import { isLocation, moduleUrl, targetOf, type Target } from './target.js';
import { packArguments, unpackOutcome } from './wire.js';

export type { AsyncToSync, ModuleLocation, ModuleToAsync, ModuleToSync, SyncToAsync, SyncToAsyncOptions };

/**
 * Runs a synchronous function in a worker, off this thread's event loop.
 *
 * ```ts
 * import { thumbnail } from './images.js';
 * const small = sync_to_async(thumbnail, new URL('./images.js', import.meta.url));
 * await small(bytes, 200);                       // (bytes: Buffer, width: number) => Promise<Buffer>
 *
 * // without importing the module here: all its functions
 * const images = sync_to_async<typeof import('./images.js')>(new URL('./images.js', import.meta.url));
 * await images.thumbnail(bytes, 200);
 * ```
 */
export function sync_to_async<F extends AnyFunction>(
  fn: F,
  module: ModuleLocation,
  options?: SyncToAsyncOptions,
): SyncToAsync<F>;
export function sync_to_async<M extends object = Record<never, never>>(
  module: ModuleLocation,
  options?: SyncToAsyncOptions,
): ModuleToAsync<M>;
export function sync_to_async(first: unknown, second?: unknown, third?: unknown): unknown {
  const caller = 'sync_to_async';
  if (typeof first === 'function') {
    const target = targetOf(first as AnyFunction, second, caller);
    if (types.isAsyncFunction(first)) {
      throw new TypeError(`${caller}() can only be applied to sync functions; '${target.name}' is async: await it.`);
    }
    return asyncCall(target, threadSensitive(third));
  }
  const module = moduleUrl(first, caller);
  const sensitive = threadSensitive(second);
  return eachFunction((name) => asyncCall({ module, name }, sensitive));
}

/**
 * Runs an asynchronous function in a worker and blocks this thread until it has settled.
 *
 * Nothing else happens on this thread meanwhile: for scripts, configuration and callbacks that must be
 * synchronous. Inside an asynchronous function it is a `SynchronousOnlyOperation` wherever that can be known.
 *
 * ```ts
 * import { loadSettings } from './settings.js';
 * const settings = async_to_sync(loadSettings, new URL('./settings.js', import.meta.url))('production');
 * ```
 */
export function async_to_sync<F extends AnyFunction>(fn: F, module: ModuleLocation): AsyncToSync<F>;
export function async_to_sync<M extends object = Record<never, never>>(module: ModuleLocation): ModuleToSync<M>;
export function async_to_sync(first: unknown, second?: unknown): unknown {
  const caller = 'async_to_sync';
  if (typeof first === 'function') return blockingCall(targetOf(first as AnyFunction, second, caller));
  const module = moduleUrl(first, caller);
  return eachFunction((name) => blockingCall({ module, name }));
}

function asyncCall(target: Target, sensitive: boolean): AnyFunction {
  const call = async (...args: unknown[]): Promise<unknown> => {
    const task = { ...target, args: packArguments(args, target.name), refuseAsync: true };
    return unpackOutcome(await runInPool(task, sensitive));
  };
  return named(call, target.name);
}

function blockingCall(target: Target): AnyFunction {
  const call = (...args: unknown[]): unknown => {
    if (isAsyncThread()) {
      throw new SynchronousOnlyOperation(
        `You cannot use async_to_sync inside an async function: await ${target.name}() directly.`,
      );
    }
    return unpackOutcome(runBlocking({ ...target, args: packArguments(args, target.name), refuseAsync: false }));
  };
  return named(call, target.name);
}

function named<F extends (...args: unknown[]) => unknown>(call: F, name: string): F {
  return Object.defineProperty(call, 'name', { value: name, configurable: true });
}

function threadSensitive(options: unknown): boolean {
  if (options === undefined) return true;
  if (typeof options !== 'object' || options === null || isLocation(options)) {
    throw new TypeError("sync_to_async()'s options are an object: { thread_sensitive }.");
  }
  for (const [key, value] of Object.entries(options)) {
    if (key !== 'thread_sensitive') throw new TypeError(`sync_to_async() got an unexpected option '${key}'.`);
    if (typeof value !== 'boolean') throw new TypeError('thread_sensitive is true or false.');
  }
  return (options as SyncToAsyncOptions).thread_sensitive ?? true;
}

/** The module is not loaded here, so its names are not known here: a function for each name that is asked for. */
function eachFunction(make: (name: string) => AnyFunction): object {
  const calls = new Map<string, AnyFunction>();
  return new Proxy(Object.freeze(Object.create(null) as object), {
    get(_, name) {
      // `then`: a module handed to `await` or a promise must not look like one.
      if (typeof name !== 'string' || name === 'then') return undefined;
      let call = calls.get(name);
      if (call === undefined) calls.set(name, (call = make(name)));
      return call;
    },
  });
}
