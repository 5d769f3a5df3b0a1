/** `a.and(b)`, `a.or(b)`, `a.xor(b)`: two querysets of one model, as one (Django's Query.combine). */
import { refuse } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { settleJoins } from './joins.js';
import { type Query, valueNames } from './query.js';
import { refuseSliced } from './refuse.js';
import { Where } from './where.js';

/** Asked before anything else, of empty querysets too. */
export function checkMerge(left: Query, right: Query, connector: 'AND' | 'OR' | 'XOR'): void {
  if (left.combined || right.combined) refuse(`Cannot use ${connector} operator with combined queryset.`);
  if (left.valuesMode && valuesOf(left) !== valuesOf(right))
    refuse("Merging 'QuerySet' classes must involve the same values in each case.");
}

/** The names that `values()` chose, in whatever order. */
const valuesOf = (query: Query): string => valueNames(query).sort().join();

/** @param shared the filtered relations that are the same on both sides */
export function combineQueries(
  left: Query,
  right: Query,
  connector: 'AND' | 'OR' | 'XOR',
  shared: readonly string[],
): Query {
  if (left.model !== right.model) refuse('Cannot combine queries on two different base models.');
  for (const side of [left, right]) refuseSliced(side, 'combine queries');
  if (left.distinct !== right.distinct) refuse('Cannot combine a unique query with a non-unique query.');
  if (left.distinctFields.join() !== right.distinctFields.join())
    refuse('Cannot combine queries with different distinct fields.');
  const query = left.chain();
  const conjunction = connector === 'AND';
  const reuse = conjunction ? new Set<string>() : new Set(query.joins.map.keys());
  const base = query.joins.initial(query.model);
  const rhs = right.clone();
  rhs.joins.initial(rhs.model);
  const own = query.joins.inner();
  const votes = new Set<string>();
  const aliases = new Map<string | undefined, string>();
  for (const join of rhs.joins.map.values()) {
    if (!join.step) {
      if (join.alias !== base) aliases.set(join.alias, base);
      continue;
    }
    const parent = aliases.get(join.parent) ?? (join.parent as string);
    // A filtered relation of the other side may have this one's name, and has its own condition.
    const known = join.filtered && !shared.includes(join.filtered.alias) ? new Set<string>() : reuse;
    const alias = query.joins.join(parent, join.step, join.filtered, known, false, join.alias);
    const made = query.joins.get(alias);
    // A new join of this query's side starts as the other side had it.
    if (join.type === 'INNER') {
      if (query.joins.count(alias) === 1 && !made.step?.nullable)
        query.joins.map.set(alias, { ...made, type: 'INNER' });
      votes.add(alias);
    }
    reuse.delete(alias);
    if (alias !== join.alias) aliases.set(join.alias, alias);
    if (join.condition)
      query.joins.map.set(alias, {
        ...query.joins.get(alias),
        condition: join.condition.relabel({ aliases }) as Where,
      });
    if (rhs.joins.count(join.alias) === 0) query.joins.unref(alias);
  }
  settleJoins(query, connector, false, [own, votes]);
  query.joins.avoid(rhs.joins);
  const change = { aliases };
  const where = rhs.where.relabel(change) as Where;
  if (connector === 'OR' && (where.empty || query.where.empty)) query.where = new Where();
  // What has no condition has every row: its negation has none, so that it is not left out.
  else if (connector === 'XOR') query.where = new Where([query.where, where], connector);
  else query.where = query.where.plus(where, connector);
  // The values are those of the right side's joins, in the left side's order.
  if (left.valuesMode) query.select = selectedAs(left.selectNames, rhs).map((e) => e.relabel(change));
  if (connector === 'OR' && query.extra.size > 0 && rhs.extra.size > 0) {
    refuse("When merging querysets using 'or', you cannot have extra(select=...) on both sides.");
  }
  for (const [name, expression] of rhs.extra) query.extra.set(name, expression);
  if (query.extraMask || rhs.extraMask)
    query.extraMask = new Set([...(query.extraMask ?? []), ...(rhs.extraMask ?? [])]);
  query.extraTables = [...query.extraTables, ...rhs.extraTables];
  if (rhs.orderBy.length > 0) query.orderBy = rhs.orderBy;
  if (rhs.extraOrderBy.length > 0) query.extraOrderBy = rhs.extraOrderBy;
  return query;
}

/** What a query selects, in the order of these names. */
function selectedAs(names: readonly string[], { select, selectNames, selectWidths }: Query): Expression[] {
  const columns = new Map<string, Expression[]>();
  let at = 0;
  for (const [i, name] of selectNames.entries()) {
    const width = selectWidths[i] ?? 1;
    columns.set(name, select.slice(at, at + width));
    at += width;
  }
  return names.flatMap((name) => columns.get(name) ?? []);
}
