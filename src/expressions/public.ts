/** Expressions as users call them: without `new`. */
import { FilteredRelation as FilteredRelationNode } from './filtered-relation.js';
import { refuse } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { typeOfOutput } from '../meta/field-type.js';
import { heldQuery } from '../meta/held.js';
import { toOperand, Value as ValueNode } from './base.js';
import type { Expression } from './expression.js';
import { argumentsOf } from './func.js';
import { conditionOf, Q as QNode } from './q.js';
import { F as FNode, toExpression } from './refs.js';
import {
  ArraySubquery as ArraySubqueryNode,
  Exists as ExistsNode,
  OuterRef as OuterRefNode,
  type QuerySetExpression,
  Subquery as SubqueryNode,
} from './subquery.js';
import { RawSQL as RawSQLNode, Wrapper } from './wrapper.js';

type Output = { output_field?: unknown };
/** The type that is asked for, by place or by name. */
const outputOf = (who: string, given: readonly unknown[]) => argumentsOf<Output>(who, given, ['output_field']);

/** A field, a relation's field or an annotation, by name. */
export const F = (name: string): FNode => new FNode(name);
/** A literal. */
export const Value = (value: unknown, ...given: unknown[]): ValueNode => new ValueNode(value, outputOf('Value', given));
/** A condition, or several that must all hold. */
export const Q = (...args: unknown[]): QNode => conditionOf(args);
/** A field of the query around a Subquery or Exists. */
export const OuterRef = (name: string | OuterRefNode | FNode): OuterRefNode => new OuterRefNode(name);
/** An expression with a type. */
export const ExpressionWrapper = (expression: unknown, ...given: unknown[]): Wrapper =>
  new Wrapper(toExpression(expression), typeOfOutput(outputOf('ExpressionWrapper', given).output_field));
/** SQL of the user's own, with `%s` for each parameter. */
export const RawSQL = (sql: string, params: readonly unknown[] = [], ...given: unknown[]): RawSQLNode =>
  new RawSQLNode(sql, params, outputOf('RawSQL', given));

function querySet(value: unknown, name: string): Expression {
  if (!heldQuery(value)) refuse(`${name}() takes a queryset, got ${shown(value)}.`);
  return toOperand(value);
}
/** The one value of a queryset. */
export const Subquery = (queryset: unknown, ...given: unknown[]): SubqueryNode =>
  new SubqueryNode(querySet(queryset, 'Subquery'), outputOf('Subquery', given));
/** All values of a queryset of one column, as an array. */
export const ArraySubquery = (queryset: unknown, options: Output = {}): ArraySubqueryNode =>
  new ArraySubqueryNode((querySet(queryset, 'ArraySubquery') as QuerySetExpression).ordered(), options);
/** Whether a queryset has a row. */
export const Exists = (queryset: unknown): ExistsNode => new ExistsNode(querySet(queryset, 'Exists'));
/** A relation joined on a condition. */
export const FilteredRelation = (relation: string, options: { condition?: unknown } = {}): FilteredRelationNode => {
  const { condition } = options;
  if (condition !== undefined && !(condition instanceof QNode)) refuse('condition argument must be a Q() instance.');
  return new FilteredRelationNode(relation, (condition as QNode | undefined) ?? new QNode());
};
