import * as library from 'drizzle-queryset';
import type { djangoModels } from './models.js';

/**
 * The public API with its types taken off: what is called here is decided by data, which no compiler sees.
 * That the API exists, and what it gives, is what the judge is about.
 */
export const api = library as unknown as Record<string, any>;

/** A name that the library does not have: the query cannot be asked. */
export class Unsupported extends Error {
  override name = 'Unsupported';
}

/** What Python calls an AttributeError. */
export class MissingAttribute extends TypeError {
  override name = 'MissingAttribute';
}

export function publicValue(name: string): any {
  const value = api[name];
  if (value === undefined) throw new Unsupported(`The library exports no ${name}.`);
  return value;
}

/** Calls a method by its name, if the object has it. */
export function call(target: any, name: string, ...args: unknown[]): any {
  if (typeof target?.[name] !== 'function') throw new MissingAttribute(`There is no ${name}() on ${String(target)}.`);
  return target[name](...args);
}

export interface Context {
  readonly models: Record<string, any>;
  /**
   * What had to be fetched before a query could be written down: the instance of each `$obj` node, the end of each
   * `from`. Held in a box, for a related manager runs its query where it is awaited.
   */
  readonly fetched: Map<object, { value: any }>;
}

export function contextOf(models: ReturnType<typeof djangoModels>): Context {
  return { models: models as unknown as Record<string, any>, fetched: new Map() };
}

export function modelClass(context: Context, name: string): any {
  const model = context.models[name];
  if (!model) throw new Unsupported(`There is no model ${name}.`);
  return model;
}
