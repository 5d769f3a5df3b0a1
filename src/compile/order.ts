/** ORDER BY: what a query's ordering comes to, where names are paths and a relation has an order of its own. */
import { isText } from '../meta/kinds.js';
import { DatabaseError, refuseName } from '../errors.js';
import { OrderBy } from '../expressions/base.js';
import { Random } from '../expressions/functions/math.js';
import { F, orderName, Ref, toOrder } from '../expressions/refs.js';
import { RawSQL } from '../expressions/wrapper.js';
import { type Model, quote, type Step } from '../meta/model.js';
import { columnOf, columnsAt, setupJoins, trimJoins } from './path.js';
import type { Query } from './query.js';

/** An item of an ordering that is no path of names. */
export const orderOf = (item: unknown): OrderBy => (item === '?' ? new OrderBy(Random(), false) : toOrder(item));

/** What one item of a query's ordering sorts by. Makes the joins that its path needs. */
export function orderTerms(query: Query, item: unknown): OrderBy[] {
  if (!isText(item) || item === '?') {
    const order = orderOf(item);
    return [query.standardOrdering || item === '?' ? order : order.reverse_ordering()];
  }
  const [name, minus] = orderName(item);
  const descending = minus === query.standardOrdering;
  // `table.column`: of extra(order_by) alone.
  if (name.includes('.') && query.extraOrderBy.includes(item))
    return [new OrderBy(new RawSQL(name.split('.').map(quote).join('.')), descending)];
  const selected = query.annotationSelect.get(name) ?? query.extraSelect.get(name);
  const expression = selected
    ? new Ref(name, selected)
    : (query.annotations.get(name) ??
      query.extra.get(name) ??
      (query.annotations.has(name.split('__')[0] as string) ? new F(name) : undefined));
  return expression
    ? [new OrderBy(expression, descending)]
    : byPath(query, name, query.model, undefined, descending, []);
}

/** A path of names; a relation orders by its own model's ordering. */
function byPath(
  query: Query,
  path: string,
  model: Model,
  start: string | undefined,
  descending: boolean,
  seen: readonly string[],
): OrderBy[] {
  const names = path.split('__');
  const info = setupJoins(query, names, model, start ?? query.joins.initial(query.model));
  const last = names.at(-1) as string;
  if (
    info.final.kind !== 'field' &&
    info.rest.length === 0 &&
    last !== 'pk' &&
    info.model.ordering.length > 0 &&
    info.final.model.members.get(last)?.kind !== 'field'
  ) {
    const alias = info.joins.at(-1) as string;
    // By their columns: each round gives its joins new aliases.
    const mark = info.joins.map((join) => stepName(query.joins.get(join).step)).join();
    if (seen.includes(mark)) refuseName('Infinite loop caused by ordering.', path);
    return info.model.ordering.flatMap((item) => {
      if (!isText(item)) {
        const order = orderOf(item);
        return [descending ? order.reverse_ordering() : order];
      }
      const [inner, minus] = orderName(item);
      return byPath(query, inner, info.model, alias, minus !== descending, [...seen, mark]);
    });
  }
  const { targets, alias } = trimJoins(query, info);
  return targets.map((target) => new OrderBy(columnOf(info, target, alias), descending));
}

const stepName = (step: Step | undefined): string => (step ? `${step.to.name}.${step.key.name}.${step.direct}` : '');

/** The order of combined rows, by columns that are selected under these names. */
export const combinedOrder = (query: Query, names: readonly string[], columns: readonly string[]): string[] =>
  query.ordering.map((item) => {
    if (item === '?') return 'RANDOM() ASC';
    const order = toOrder(item);
    const { suffix } = query.standardOrdering ? order : order.reverse_ordering();
    const name = order.inner instanceof F ? order.inner.name : undefined;
    const column = name === undefined ? undefined : columns[position(query, names, name)];
    if (column !== undefined) return column + suffix;
    throw new DatabaseError(`ORDER BY term '${name ?? 'expression'}' does not match any column in the result set.`);
  });

/** What combined rows are ordered by without having it. */
export const unchosenOrder = (query: Query, chosen: readonly string[]): string[] =>
  query.ordering.flatMap((item) => {
    const { inner } = orderOf(item);
    return inner instanceof F && position(query, chosen, inner.name) < 0 ? inner.name : [];
  });

/** Where the column of a name is, under that name or under another of the same column; below zero where it is not. */
function position(query: Query, names: readonly string[], name: string): number {
  const { annotations, extra } = query;
  // On a copy: only asked for, its joins are none of the query's.
  const column = (each: string): string =>
    annotations.has(each) || extra.has(each) ? each : String(columnsAt(query.clone(), each));
  return names.map(column).indexOf(column(name));
}
