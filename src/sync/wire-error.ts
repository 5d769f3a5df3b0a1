// An error, taken apart in one thread and put together in the other. Cloning alone would keep neither the class
// nor the fields (a database error's `code`, its `cause`), and those are what a caller branches on.
import { serialize } from 'node:v8';
import { inspect } from 'node:util';
import * as ours from '../errors.js';

export type WireError =
  | { readonly kind: 'thrown'; readonly value: unknown }
  | {
      readonly kind: 'error';
      /** Class names from the error's own to `Error`. */
      readonly classes: readonly string[];
      readonly name: string;
      readonly message: string;
      readonly stack: string | undefined;
      readonly fields: readonly (readonly [string, WireError])[];
      readonly cause: WireError | undefined;
      readonly errors: readonly WireError[] | undefined;
    };

type ErrorClass = abstract new (...args: never[]) => Error;

/** A cause may name its own error again; nobody reads further than this. */
const deepest = 8;

export function packError(error: unknown, depth = 0): WireError {
  if (!(error instanceof Error)) return { kind: 'thrown', value: cloneable(error) };
  if (depth > deepest) return { kind: 'thrown', value: String(error) };
  const fields = Object.keys(error)
    .filter((key) => key !== 'stack' && key !== 'message' && key !== 'cause' && key !== 'errors')
    .map((key) => [key, packError((error as unknown as Record<string, unknown>)[key], depth + 1)] as const);
  return {
    kind: 'error',
    classes: classNames(error),
    name: error.name,
    message: error.message,
    stack: error.stack,
    fields,
    cause: 'cause' in error && error.cause !== undefined ? packError(error.cause, depth + 1) : undefined,
    errors:
      'errors' in error && Array.isArray(error.errors) ? error.errors.map((e) => packError(e, depth + 1)) : undefined,
  };
}

export function unpackError(wire: WireError): unknown {
  if (wire.kind === 'thrown') return wire.value;
  const error = bare(wire.classes, wire.name, wire.message);
  // Drizzle's and the database's errors set their name in their own way; what the worker saw is what is shown.
  if (error.name !== wire.name) define(error, 'name', wire.name);
  define(error, 'stack', wire.stack);
  if (wire.cause !== undefined) define(error, 'cause', unpackError(wire.cause));
  if (wire.errors !== undefined) define(error, 'errors', wire.errors.map(unpackError));
  for (const [key, value] of wire.fields) {
    Object.defineProperty(error, key, {
      value: unpackError(value),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return error;
}

function bare(classes: readonly string[], name: string, message: string): Error {
  // A DOMException (an AbortError) keeps its name in a slot that only its constructor fills.
  if (classes[0] === 'DOMException') return new DOMException(message, name);
  const error = new Error(message);
  Object.setPrototypeOf(error, classFor(classes).prototype as object);
  return error;
}

function define(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, configurable: true, enumerable: false, writable: true });
}

function classNames(error: Error): string[] {
  const names: string[] = [];
  let prototype: object | null = Object.getPrototypeOf(error) as object | null;
  while (prototype !== null && prototype !== Object.prototype) {
    names.push(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype) as object | null;
  }
  return names;
}

const standard = [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError];
const known = new Map<string, ErrorClass>(standard.map((c) => [c.name, c]));
for (const [name, value] of Object.entries(ours)) {
  if (typeof value === 'function' && value.prototype instanceof Error) known.set(name, value as ErrorClass);
}

const made = new Map<string, ErrorClass>();

/** A class that is known here stands for itself; one that is not gets a namesake under the nearest known base. */
function classFor(classes: readonly string[]): ErrorClass {
  const [name = 'Error', ...bases] = classes;
  const own = known.get(name);
  if (own !== undefined) return own;
  const key = classes.join(' < ');
  let namesake = made.get(key);
  if (namesake === undefined) {
    const base = classFor(bases);
    namesake = { [name]: class extends (base as new () => Error) {} }[name] as ErrorClass;
    made.set(key, namesake);
  }
  return namesake;
}

function cloneable(value: unknown): unknown {
  try {
    serialize(value);
    return value;
  } catch {
    return inspect(value);
  }
}
