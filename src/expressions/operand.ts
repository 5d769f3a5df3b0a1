/**
 * The right-hand side of a lookup, read twice by code of one shape: `describe` says what kind of value it is and
 * collects the values; `bindOperand` makes a place for each value, in the same order.
 */
import { isArray, isObject } from '../meta/kinds.js';
import { refuse, refuseUndefined } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { heldQuery, modelOf } from '../meta/held.js';
import { isNulls, Param } from '../meta/param.js';
import { ListRhs, type Rhs } from '../lookups/lookup.js';
import { toOperand, Value } from './base.js';
import { isDrizzleSql } from './drizzle.js';
import { copy, Expression } from './expression.js';

/** An operand: a place, an expression, or null for NULL. */
export type Operand = Rhs | null;

/** Adds the values of an operand and says its kind: equal kinds mean the same SQL. */
export function describe(value: unknown, name: string, values: unknown[]): string {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'bigint':
      values.push(value);
      return 'v';
    case 'boolean':
      values.push(value);
      return value ? 't' : 'f';
    case 'undefined':
      return refuseUndefined(name);
    case 'object':
      return describeObject(value, name, values);
    default:
      refuse(`'${name}' was given ${shown(value)}, which is no value.`);
  }
}

function describeObject(value: object | null, name: string, values: unknown[]): string {
  if (value === null) return 'n';
  if (isArray(value)) return describeList(value, name, values);
  if (value instanceof Set) return describeList([...value], name, values);
  if (isComputed(value)) {
    const expression = toOperand(value);
    expression.collect(values);
    return `(${expression.key()})`;
  }
  const model = modelOf(value);
  values.push(asItIs(value));
  return model ? `o:${model.name}` : 'v';
}

/** What the caller does to a date, a list or an instance afterwards is no part of this query. */
const asItIs = (value: unknown): unknown =>
  value instanceof Date ? new Date(value) : modelOf(value) ? copy(value as object, {}) : value;

/** Is it worked out by the database rather than given? */
export const isComputed = (value: unknown): boolean =>
  !isObject(value) || value instanceof Date
    ? false
    : value instanceof Expression || heldQuery(value) !== undefined || isDrizzleSql(value);

function describeList(value: readonly unknown[], name: string, values: unknown[]): string {
  if (!value.some(isComputed)) {
    values.push(value.map(asItIs));
    return isNulls(value) ? (value.length === 0 ? 'e' : 'E') : 'l';
  }
  return `[${value.map((item) => describe(item, name, values)).join()}]`;
}

/** The operand with a fresh place for each of its values. */
export function bindOperand(value: unknown, params: Param[]): Operand {
  if (value === null) return null;
  if (value instanceof Set) return bindOperand([...value], params);
  if (isArray(value) && value.some(isComputed)) {
    return new ListRhs(value.map((item) => bindOperand(item ?? new Value(null), params) as Rhs));
  }
  if (isComputed(value)) return toOperand(value).bind(params);
  const param = new Param(value);
  params.push(param);
  return param;
}
