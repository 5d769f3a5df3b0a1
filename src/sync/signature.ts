/** Any function at all, without `any`: what it takes is for its own type to say. */
export type AnyFunction = (...args: never[]) => unknown;

/** Where a worker finds the code: `import.meta.url`, `new URL('./work.js', import.meta.url)`, `'node:zlib'`. */
export type ModuleLocation = string | URL;

/** What `sync_to_async(fn)` gives: the same parameters, the result as a promise. */
export type SyncToAsync<F> = F extends (...args: infer P) => infer R ? (...args: P) => Promise<Awaited<R>> : never;

/** What `async_to_sync(fn)` gives: the same parameters, the result itself. */
export type AsyncToSync<F> = F extends (...args: infer P) => infer R ? (...args: P) => Awaited<R> : never;

/** A module's functions, each run in a worker; what is no function has no way to be called, and is left out. */
export type ModuleToAsync<M> = {
  readonly [K in keyof M as M[K] extends AnyFunction ? K : never]: SyncToAsync<M[K]>;
};

/** A module's asynchronous functions, each of which blocks the caller until it has settled. */
export type ModuleToSync<M> = {
  readonly [K in keyof M as M[K] extends AnyFunction ? K : never]: AsyncToSync<M[K]>;
};

export interface SyncToAsyncOptions {
  /**
   * `true`, the default as in asgiref: all calls share one worker and run one after another, so that a module's
   * state is where the last call left it. `false`: any worker of a pool, as many at once as there are cores.
   */
  readonly thread_sensitive?: boolean;
}
