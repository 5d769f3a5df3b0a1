/** One call of the chain as a step of the trie: a key, the values, and how the query is worked out the first time. */
import { isText } from '../meta/kinds.js';
import type { Query } from '../compile/query.js';
import { refuse } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import type { Instance } from '../hydrate/instance.js';
import { shown } from '../meta/codecs.js';
import { modelOf } from '../meta/held.js';
import type { Model } from '../meta/model.js';
import type { Param } from '../meta/param.js';
import type { Step } from '../state/shape.js';

export interface Operation {
  readonly key: string;
  readonly values: readonly unknown[];
  readonly resolve: (query: Query) => Step<Query>;
}

const NONE: readonly unknown[] = [];
const NO_PARAMS: readonly Param[] = [];

/** A call that has no values. */
export const plain = (key: string, change: (query: Query) => void): Operation => ({
  key,
  values: NONE,
  resolve: (before) => {
    const query = before.chain();
    change(query);
    return { query, params: NO_PARAMS };
  },
});

/** A call with expressions: they are bound to places of this shape. It changes the query, or makes another. */
export function withExpressions(
  key: string,
  expressions: readonly Expression[],
  change: (query: Query, bound: readonly Expression[]) => Query | void,
): Operation {
  const values: unknown[] = [];
  let full = key;
  for (const expression of expressions) {
    full += `;${expression.key()}`;
    expression.collect(values);
  }
  return {
    key: full,
    values,
    resolve: (before) => {
      const params: Param[] = [];
      const bound = expressions.map((e) => e.bind(params));
      const query = before.chain();
      return { query: change(query, bound) ?? query, params };
    },
  };
}

/** Names as part of a key. */
export const nameKey = (names: readonly unknown[]): string => names.map((name) => JSON.stringify(name)).join();

/** Names are what the key of the shape is made of. */
export function checkNames(fields: readonly unknown[], method: string): void {
  for (const field of fields) if (!isText(field)) refuse(`${method}() takes names of fields, got ${shown(field)}.`);
}

/** The items of what a method goes through, which `takes` says. */
export function listOf<T>(items: Iterable<T>, takes: string): T[] {
  if (!(Symbol.iterator in Object(items))) refuse(`${takes}, got ${shown(items)}.`);
  return [...items];
}

/** The same, which are all to be instances of a model. */
export function instancesOf(model: Model, objects: Iterable<unknown>, method: string): Instance[] {
  const list = listOf(objects, `${method}() takes a list of ${model.name} instances`);
  for (const object of list) {
    if (modelOf(object) !== model) refuse(`${method}() takes ${model.name} instances, got ${shown(object)}.`);
  }
  return list as Instance[];
}
