// A thread that runs an asynchronous function must not block on another: what it waits for may be waiting for it.
// Kept on the global object, because a thread may load this package twice.
const mark = Symbol.for('drizzle-queryset.async_to_sync.worker');

export function markAsyncThread(): void {
  (globalThis as Record<symbol, unknown>)[mark] = true;
}

export function isAsyncThread(): boolean {
  return (globalThis as Record<symbol, unknown>)[mark] === true;
}
