// What crosses between the threads. Values travel serialized rather than as messages: a value that cannot be
// cloned is then an error of the call that sent it, and a Buffer arrives as a Buffer.
import { deserialize, serialize } from 'node:v8';
import { packError, unpackError, type WireError } from './wire-error.js';

export interface Task {
  readonly module: string;
  readonly name: string;
  readonly args: Uint8Array;
  /** `sync_to_async` refuses an async function, as asgiref does; only the worker can see which it is. */
  readonly refuseAsync: boolean;
}

export type Outcome =
  | { readonly ok: true; readonly value: Uint8Array }
  | { readonly ok: false; readonly error: Uint8Array };

export function packArguments(args: readonly unknown[], callee: string): Uint8Array {
  try {
    return serialize(args);
  } catch (cause) {
    const at = args.findIndex((arg) => !isCloneable(arg));
    throw new TypeError(
      `Argument ${at + 1} of ${callee}() cannot be sent to another thread: ${(cause as Error).message}`,
      { cause },
    );
  }
}

export function unpackArguments(args: Uint8Array): unknown[] {
  return deserialize(args) as unknown[];
}

export function packResult(value: unknown, callee: string): Outcome {
  try {
    return { ok: true, value: serialize(value) };
  } catch (cause) {
    const message = `The result of ${callee}() cannot be sent to another thread: ${(cause as Error).message}`;
    return packFailure(new TypeError(message, { cause }));
  }
}

export function packFailure(error: unknown): Outcome {
  return { ok: false, error: serialize(packError(error)) };
}

/** The worker's result, or the worker's error thrown here. */
export function unpackOutcome(outcome: Outcome): unknown {
  if (outcome.ok) return deserialize(outcome.value);
  throw unpackError(deserialize(outcome.error) as WireError);
}

function isCloneable(value: unknown): boolean {
  try {
    serialize(value);
    return true;
  } catch {
    return false;
  }
}
