// Which function of which module: a function itself cannot cross to another thread, so it is found again there.
import { realpathSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { isAbsolute } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { AnyFunction, ModuleLocation } from './signature.js';

const example = "new URL('./work.js', import.meta.url)";

export interface Target {
  readonly module: string;
  readonly name: string;
}

export function targetOf(fn: AnyFunction, module: unknown, caller: string): Target {
  if (fn.name === '') {
    throw new TypeError(
      `${caller}() needs a function that its module exports: this one has no name, and a function cannot cross ` +
        'to another thread but by its name and its module.',
    );
  }
  if (module === undefined) {
    throw new TypeError(
      `${caller}(${fn.name}) needs to know the module that exports it: ` +
        `${caller}(${fn.name}, ${example}), or import.meta.url where it is the same module.`,
    );
  }
  return { module: moduleUrl(module, caller), name: fn.name };
}

/** The module's address, absolute: the worker stands elsewhere, and a relative path would mean another file. */
export function moduleUrl(module: unknown, caller: string): string {
  const url = locate(module, caller);
  if (url === mainModule()) {
    throw new TypeError(
      `${caller}() cannot take the program's main module: the worker would run the whole program again. ` +
        'Move the function to a module of its own.',
    );
  }
  return url;
}

export function isLocation(value: unknown): value is ModuleLocation {
  return typeof value === 'string' || value instanceof URL;
}

function locate(module: unknown, caller: string): string {
  if (!isLocation(module)) {
    throw new TypeError(`${caller}() takes a function or a module's URL, not ${describe(module)}.`);
  }
  const text = String(module);
  if (/^(file|data|node):/.test(text)) return text;
  if (isBuiltin(text)) return `node:${text}`;
  if (isAbsolute(text)) return pathToFileURL(text).href;
  if (/^\.{1,2}[\\/]/.test(text)) {
    throw new TypeError(
      `${caller}('${text}'): a relative path has no base here; pass new URL('${text}', import.meta.url).`,
    );
  }
  throw new TypeError(
    `${caller}('${text}'): pass a module's URL, such as ${example} or import.meta.resolve('${text}').`,
  );
}

let main: string | undefined;

function mainModule(): string | undefined {
  const script = process.argv[1];
  if (main === undefined && script !== undefined) {
    try {
      main = pathToFileURL(realpathSync(script)).href;
    } catch {
      main = ''; // started without a script's file: `node -e`, a REPL
    }
  }
  return main;
}

/** The file's name, for messages. */
export function shortName(module: string): string {
  return module.startsWith('file:') ? fileURLToPath(module) : module;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'object' ? `an object (${value.constructor?.name ?? 'no class'})` : typeof value;
}
