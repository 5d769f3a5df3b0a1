/** A worker is a Node of its own and runs what is built: where this module is run from its source (tests), too. */
export function workerUrl(name: string): URL {
  return new URL(`${import.meta.url.endsWith('.ts') ? '../../dist/src/sync' : '.'}/${name}`, import.meta.url);
}
