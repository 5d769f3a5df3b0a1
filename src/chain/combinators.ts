/** The calls that put two or more querysets together: `and`, `or`, `xor`, `union` and its like. */
import { combineQueries } from '../compile/combine.js';
import type { Query } from '../compile/query.js';
import { refuse } from '../errors.js';
import { QuerySetExpression } from '../expressions/subquery.js';
import { keyText } from '../hydrate/instance.js';
import { shown } from '../meta/codecs.js';
import { type HeldQuery, heldQuery } from '../meta/held.js';
import type { Param } from '../meta/param.js';
import { nameKey, type Operation } from './operation.js';

/** Another queryset's query with places of this shape. */
const boundQueries = (others: readonly HeldQuery<Query>[], params: Param[]): Query[] =>
  others.map(
    (held) => (new QuerySetExpression(held.shape, held.values).bind(params) as unknown as { bound: Query }).bound,
  );

function heldOf(other: unknown, method: string): HeldQuery<Query> {
  const held = heldQuery<Query>(other);
  if (!held) refuse(`${method}() takes querysets, got ${shown(other)}.`);
  return held;
}

/** A filtered relation with its values, as text. */
function filteredText({ shape, values }: HeldQuery<Query>, name: string): string | undefined {
  const relation = shape.query.filteredRelations.get(name);
  return relation && relation.key() + keyText(relation.places.map((p) => values[shape.params.indexOf(p)]));
}

export function combineWith(self: HeldQuery<Query>, other: unknown, connector: 'AND' | 'OR' | 'XOR'): Operation {
  const held = heldOf(other, connector.toLowerCase());
  // Rows of a relation that is filtered alike on both sides are joined once.
  const shared = [...held.shape.query.filteredRelations.keys()].filter(
    (name) => filteredText(self, name) === filteredText(held, name),
  );
  return {
    key: `&${connector}q${held.shape.id};${nameKey(shared)}`,
    values: held.values,
    resolve: (before) => {
      const params: Param[] = [];
      const [bound] = boundQueries([held], params);
      return { query: combineQueries(before, bound as Query, connector, shared), params };
    },
  };
}

/** An empty side decides what is combined: nothing to unite, nothing in common, nothing to take away from. */
export function withoutEmpty<T extends object>(
  operator: 'union' | 'intersection' | 'difference',
  self: T,
  others: readonly T[],
): T | readonly T[] {
  const isEmpty = (queryset: T): boolean => heldOf(queryset, operator).shape.query.isEmpty;
  if (operator === 'difference') return isEmpty(self) ? self : others;
  if (operator === 'intersection') return isEmpty(self) ? self : (others.find(isEmpty) ?? others);
  if (!isEmpty(self) && others.length > 0) return others;
  const full = others.filter((other) => !isEmpty(other));
  return full.length === 0 ? self : full.length === 1 ? (full[0] as T) : full;
}

export function combinator(
  operator: 'union' | 'intersection' | 'difference',
  self: HeldQuery<Query>,
  others: readonly unknown[],
  all: boolean,
): Operation {
  const held = others.map((other) => heldOf(other, operator));
  return {
    key: `U${operator}${all ? '+' : ''}${held.map((h) => `q${h.shape.id}`).join()}`,
    values: held.flatMap((h) => h.values),
    resolve: (before) => {
      const params: Param[] = [];
      const queries = boundQueries(held, params);
      const query = before.clone();
      query.clearOrdering(true);
      query.clearLimits();
      query.combined = { operator, all, queries: [self.shape.query, ...queries] };
      for (const other of queries) query.joins.avoid(other.joins);
      return { query, params };
    },
  };
}
