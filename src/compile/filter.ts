/** Conditions → joins and a tree of lookups: Django's build_filter, with exclude across many rows by subquery. */
import { NotSupportedError, refuse, refuseName } from '../errors.js';
import { Exists, QueryExpression, OuterRef, ResolvedOuterRef } from '../expressions/subquery.js';
import type { Expression, ResolveOptions } from '../expressions/expression.js';
import type { Operand } from '../expressions/operand.js';
import { Condition, Q } from '../expressions/q.js';
import { Col, F } from '../expressions/refs.js';
import { EXACT, isIsNull, isNull, wantsNull } from '../lookups/comparison.js';
import { Lookup } from '../lookups/lookup.js';
import { checkRelated } from '../lookups/registry.js';
import type { Field, Relation } from '../meta/model.js';
import { Param } from '../meta/param.js';
import { settleJoins } from './joins.js';
import { buildLookup, buildRelatedLookup, FIXED, JSON_NULL } from './lookup-builder.js';
import { MultiJoin, type NamedHops, setupJoins, trimJoins } from './path.js';
import type { Query } from './query.js';
import { Where } from './where.js';

interface Context extends ResolveOptions {
  readonly branchNegated?: boolean;
  readonly currentNegated?: boolean;
  /** Inside WHERE, where exclude() across many rows is a subquery. */
  readonly splitSubqueries?: boolean;
  /** The condition of a filtered relation: on its joins, whatever they are. */
  readonly reuseFiltered?: boolean;
}

/** What is so for the conditions of a tree. */
const inside = ({ currentNegated = false, branchNegated, ...context }: Context, q: Q): Context => ({
  ...context,
  currentNegated: currentNegated !== q.negated,
  branchNegated: branchNegated || q.negated,
});

/** Adds a condition to WHERE. */
export function addQ(query: Query, q: Q): void {
  const before = query.joins.inner();
  const [clause] = addNode(query, q, { reuse: query.usedAliases, splitSubqueries: true });
  if (!clause.empty) query.where = query.where.plus(clause);
  query.joins.demote(before);
}

/** A condition as an expression: inside When, an aggregate's filter, an annotation. What it stands in does not negate it. */
export function resolveCondition(query: Query, q: Q, options: ResolveOptions): Where {
  const [clause, inner] = addNode(query, q, { ...options, currentNegated: false, splitSubqueries: false });
  query.joins.promote(inner);
  return clause;
}

/** A FilteredRelation's condition, on the joins of its own path. */
export function buildFilteredCondition(query: Query, q: Q, path: readonly string[]): Where {
  const condition = addNode(query, q, { reuse: new Set(path), reuseFiltered: true })[0];
  if (condition.containsOver)
    throw new NotSupportedError('Window expressions are not allowed in the condition of a FilteredRelation.');
  return condition;
}

/** A tree of conditions; and the joins that it needs to have a row. */
function addNode(query: Query, q: Q, context: Context): [Where, Iterable<string>] {
  const below = inside(context, q);
  const children: Expression[] = [];
  const needed = q.children.map((child) => {
    const [clause, own] = buildFilter(query, child, below);
    if (!clause.empty) children.push(clause);
    return own;
  });
  // A filtered relation's joins stay what they are.
  const inner = context.reuseFiltered ? [] : settleJoins(query, q.connector, below.currentNegated === true, needed);
  if (children.length === 1 && children[0] instanceof Where && !q.negated) return [children[0], inner];
  return [new Where(children, q.connector, q.negated && children.length > 0), inner];
}

function buildFilter(query: Query, child: Expression, context: Context): [Where, Iterable<string>] {
  if (child instanceof Q) return addNode(query, child, context);
  if (!(child instanceof Condition)) return [filterByExpression(query, child, context), []];
  const { lookup } = child;
  if (lookup === '') refuseName("Cannot parse keyword query ''.", '');
  const { lookups, parts, annotation } = query.solveLookup(lookup, context.summarize);
  if (context.allowJoins === false && parts.length > 1)
    refuseName('Joined field references are not permitted in this query', lookup);
  const counts = new Map(query.joins.refs);
  const value = resolveOperand(query, child.operand as Operand, context);
  const used = new Set<string>();
  for (const [alias, count] of query.joins.refs) if (count > (counts.get(alias) ?? 0)) used.add(alias);
  if (annotation) return [new Where([buildLookup(annotation, lookups, value, lookup)]), []];

  const alias = query.joins.initial(query.model);
  const allowMany = !context.branchNegated || !context.splitSubqueries;
  let info: ReturnType<typeof setupJoins>;
  try {
    info = setupJoins(query, parts, query.model, alias, { ...context, allowMany });
  } catch (error) {
    if (error instanceof MultiJoin) return splitExclude(query, child, context, error.names);
    throw error;
  }
  query.lookupJoins = info.joins;
  for (const join of info.joins) used.add(join);
  const trimmed = trimJoins(query, info);
  for (const join of trimmed.joins) context.reuse?.add(join);

  let condition: Expression;
  let first: Expression;
  if (info.final.kind === 'field') {
    first = new Col(trimmed.alias, trimmed.targets[0] as Field);
    condition = buildLookup(first, lookups, value, lookup);
  } else {
    const relation = info.final as Relation;
    checkRelated(lookups, info.model);
    const columns = trimmed.targets.map((target) => new Col(trimmed.alias, target, false, relation));
    first = columns[0] as Expression;
    condition = buildRelatedLookup(columns, relation, info.targets, lookups[0] ?? 'exact', value, lookup);
  }
  let clause = new Where([condition]);
  const asksNull = isIsNull(condition);
  const forNull = isIsNull(condition) && wantsNull(condition);
  let requireOuter = forNull && !context.currentNegated;
  if (context.currentNegated && !forNull && (condition as Lookup).rhs !== JSON_NULL) {
    requireOuter = true;
    if (!asksNull) {
      // NOT (NULL = x) is NULL, not true: rows without a value must be let through.
      const last = trimmed.joins.at(-1) as string;
      const missing = query.joins.get(last).type === 'LEFT';
      for (const target of trimmed.targets) {
        if (target.nullable || missing) clause = clause.plus(isNull(new Col(trimmed.alias, target), FIXED.false));
      }
      if (value instanceof Col && value.target.nullable) clause = clause.plus(isNull(value, FIXED.false));
    }
  }
  return [clause, requireOuter ? [] : used];
}

function filterByExpression(query: Query, child: Expression, context: Context): Where {
  const resolved = child.resolve(query, context);
  if (!resolved.conditional) refuse('Cannot filter against a non-conditional expression.');
  return new Where([resolved]);
}

const resolveOperand = (query: Query, operand: Operand, context: Context): Operand =>
  operand === null || operand instanceof Param ? operand : operand.resolve(query, context);

/**
 * `exclude` across a relation of many rows: NOT EXISTS of a row that matches, rather than a row that does not.
 * The subquery starts from this model too, and is cut at the relation of many.
 */
function splitExclude(
  query: Query,
  child: Condition,
  context: Context,
  names: readonly NamedHops[],
): [Where, Iterable<string>] {
  let operand = child.operand as Operand;
  if (operand instanceof OuterRef) operand = new OuterRef(operand);
  else if (operand instanceof F) operand = new OuterRef(operand.name);
  const inner = query.fresh();
  inner.filteredRelations = new Map(query.filteredRelations);
  addQ(inner, new Q([new Condition(child.lookup, child.value, operand)]));
  inner.clearOrdering(true);
  const { prefixes, containsLeft } = trimStart(inner, names);
  const column = inner.select[0] as Col;
  const alias = column.alias as string;
  // Aliases are numbered: the same name may stand for another table here.
  if (context.reuse?.has(alias) && query.joins.map.get(alias)?.model === column.target.model) {
    // The row that is excluded for is joined already: tie the subquery to it.
    inner.bumpPrefix(query);
    const own = inner.select[0] as Col;
    for (const key of column.target.model.keys)
      inner.where = inner.where.plus(exactCols(new Col(own.alias, key), new Col(alias, key)));
    inner.externalAliases.add(alias);
  }
  prefixes.forEach((prefix, i) => {
    inner.where = inner.where.plus(exactCols(inner.select[i] as Col, new ResolvedOuterRef(prefix)));
  });
  const condition = new Where([new Exists(new QueryExpression(inner.asSubquery(query)))]);
  if (!containsLeft) return [condition, []];
  const [orNull] = buildFilter(query, new Condition(`${prefixes[0]}__isnull`, true, FIXED.true), {
    ...context,
    currentNegated: true,
    branchNegated: true,
  });
  return [condition.plus(orNull, 'OR'), []];
}

const exactCols = (a: Expression, b: Expression): Expression => new Lookup(a, b, EXACT);

/** Cuts off the joins before the first relation of many; says how the outer query reaches that point. */
function trimStart(inner: Query, names: readonly NamedHops[]): { prefixes: string[]; containsLeft: boolean } {
  const all = names.flatMap((n) => n.hops);
  const { joins, lookupJoins: tables } = inner;
  let containsLeft = false;
  let trimmed = 0;
  while (!(all[trimmed] as NamedHops['hops'][number]).step.many) {
    if (joins.get(tables[trimmed + 1] as string).type === 'LEFT') containsLeft = true;
    joins.unref(tables[trimmed] as string);
    trimmed++;
  }
  const { step } = all[trimmed] as NamedHops['hops'][number];
  const parts: string[] = [];
  let left = trimmed;
  for (const { name, hops } of names) {
    if (left - hops.length < 0) break;
    parts.push(name);
    left -= hops.length;
  }
  const firstJoin = joins.get(tables[trimmed + 1] as string);
  let select: Field[];
  let alias: string;
  if (firstJoin.type !== 'LEFT' && !firstJoin.filtered) {
    select = step.columns.map(([, far]) => far);
    alias = tables[trimmed + 1] as string;
    joins.unref(tables[trimmed] as string);
  } else {
    select = step.columns.map(([near]) => near);
    alias = tables[trimmed] as string;
  }
  // The first join that is still used is the table that the subquery starts from.
  for (const [name, join] of joins.map) {
    if (joins.count(name) > 0) {
      joins.map.set(name, { alias: name, model: join.model });
      break;
    }
  }
  inner.setSelect(select.map((field) => new Col(alias, field)));
  return { prefixes: step.columns.map(([near]) => [...parts, near.name].join('__')), containsLeft };
}
