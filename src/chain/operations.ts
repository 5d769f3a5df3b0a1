/** The chain's calls as steps of the trie: a key, the values, and how the query is worked out the first time. */
import { checkAlias, type Query, type RowMode, type SelectTree } from '../compile/query.js';
import { combineQueries } from '../compile/combine.js';
import { FilteredRelation } from '../expressions/filtered-relation.js';
import { FieldError, NotSupportedError, ValueError } from '../errors.js';
import { orderOf, toOperand } from '../expressions/base.js';
import { defaultAliasOf } from '../expressions/aggregates.js';
import { DrizzleSQL, isDrizzleSql } from '../expressions/drizzle.js';
import { Expression } from '../expressions/expression.js';
import { isOptions } from '../expressions/func.js';
import { conditionOf, isLookups, keyName, lookupKeys, lookupsOf, Q } from '../expressions/q.js';
import { describe } from '../expressions/operand.js';
import { F } from '../expressions/refs.js';
import { QuerySetExpression } from '../expressions/subquery.js';
import { RawSQL } from '../expressions/wrapper.js';
import { shown } from '../meta/codecs.js';
import type { Param } from '../meta/param.js';
import type { Step } from '../state/shape.js';
import { type HeldQuery, heldQuery } from '../meta/held.js';
import { namesToPath } from '../compile/path.js';

/** One call of the chain. */
export interface Operation {
  readonly key: string;
  readonly values: readonly unknown[];
  readonly resolve: (query: Query) => Step<Query>;
}

const NONE: readonly unknown[] = [];
const NO_PARAMS: readonly Param[] = [];

/** A call that has no values. */
export function plain(key: string, change: (query: Query) => void): Operation {
  return {
    key,
    values: NONE,
    resolve: (before) => {
      const query = before.chain();
      change(query);
      return { query, params: NO_PARAMS };
    },
  };
}

/** A call with expressions: they are bound to places of this shape. */
function withExpressions(
  key: string,
  expressions: readonly Expression[],
  change: (query: Query, bound: readonly Expression[]) => void,
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
      change(query, bound);
      return { query, params };
    },
  };
}

function refuseSliced(query: Query, what: string): void {
  if (query.isSliced) throw new ValueError(`Cannot ${what} once a slice has been taken.`);
}

/** After union() and its like, only what orders, cuts or counts the combined rows is possible. */
export function refuseCombined(query: Query, name: string): void {
  if (query.combined)
    throw new NotSupportedError(`Calling QuerySet.${name}() after ${query.combined.operator}() is not supported.`);
}

/** `filter`, `exclude`. The usual call, one object of lookups, is read straight into a key. */
export function filter(args: readonly unknown[], negated: boolean, sticky = false): Operation {
  const name = negated ? 'exclude' : 'filter';
  const values: unknown[] = [];
  const [only] = args;
  let key: string;
  if (args.length === 1 && isLookups(only) && isPlain(only)) {
    key = negated ? 'X' : sticky ? 'C' : 'F';
    for (const lookup of lookupKeys(only as object)) {
      key += `${keyName(lookup)}=${describe((only as Record<string, unknown>)[lookup], lookup, values)},`;
    }
  } else {
    const q = conditionOf(args);
    key = `${negated ? 'X' : 'F'}${q.key()}`;
    q.collect(values);
  }
  return {
    key,
    values,
    resolve: (before) => {
      refuseCombined(before, name);
      refuseSliced(before, 'filter a query');
      const params: Param[] = [];
      const q = conditionOf(args).bind(params) as Q;
      const query = before.chain();
      query.sticky = sticky;
      query.addQ(negated ? q.not() : q);
      return { query, params };
    },
  };
}

function isPlain(value: unknown): boolean {
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}

export function complexFilter(condition: unknown): Operation {
  if (condition instanceof Q) return filter([condition], false);
  return filter([new Q(lookupsOf(condition))], false);
}

// ---- annotate, alias ---------------------------------------------------------------------------------------------

/** Names and expressions of `annotate`, `alias`, `aggregate`: positional ones by their default names. */
export function namedExpressions(args: readonly unknown[], method: string): Map<string, Expression> {
  const named = new Map<string, Expression>();
  args.forEach((arg, i) => {
    if (i === args.length - 1 && isOptions(arg)) {
      for (const [name, value] of Object.entries(arg)) {
        if (named.has(name))
          throw new ValueError(
            `The named annotation '${name}' conflicts with the default name for another annotation.`,
          );
        named.set(name, annotationOf(value, method, name));
      }
      return;
    }
    const expression = annotationOf(arg, method, undefined);
    const name = defaultAliasOf(expression);
    if (named.has(name))
      throw new ValueError(`The named annotation '${name}' conflicts with the default name for another annotation.`);
    named.set(name, expression);
  });
  return named;
}

function annotationOf(value: unknown, method: string, name: string | undefined): Expression {
  if (
    typeof value === 'string' ||
    value === null ||
    value === undefined ||
    typeof value === 'number' ||
    typeof value === 'boolean' ||
    (isOptions(value) && !(value instanceof Expression)) ||
    Array.isArray(value)
  ) {
    throw new ValueError(
      `QuerySet.${method}() received non-expression(s): ${name === undefined ? '' : `${name}: `}${shown(value)}. Use F(…) for a field, Value(…) for a value.`,
    );
  }
  return toOperand(value);
}

export function annotate(args: readonly unknown[], select: boolean): Operation {
  const method = select ? 'annotate' : 'alias';
  const named = namedExpressions(args, method);
  const names = [...named.keys()];
  return withExpressions(
    `${select ? 'N' : 'A'}${names.map((n) => JSON.stringify(n)).join()}`,
    [...named.values()],
    (query, bound) => {
      refuseCombined(query, method);
      for (const name of names) refuseConflict(query, name);
      bound.forEach((expression, i) => {
        const name = names[i] as string;
        if (expression instanceof FilteredRelation) {
          expression.alias = name;
          checkAlias(name);
          expression.check(query);
          query.filteredRelations.set(name, expression);
        } else query.addAnnotation(expression, name, select);
      });
      for (const name of names) {
        if (query.annotations.get(name)?.containsAggregate) {
          if (query.rowMode.kind === 'instance') query.groupBy = true;
          else query.setGroupBy();
          break;
        }
      }
    },
  );
}

function refuseConflict(query: Query, name: string): void {
  const taken =
    query.rowMode.kind === 'instance' || query.selectNames.length === 0
      ? query.model.members.get(name)
      : query.selectNames.includes(name);
  if (taken) throw new ValueError(`The annotation '${name}' conflicts with a field on the model.`);
}

// ---- ordering ----------------------------------------------------------------------------------------------------

export function orderBy(args: readonly unknown[]): Operation {
  const expressions: Expression[] = [];
  const items = args.map((arg) => {
    if (typeof arg === 'string') return arg;
    if (arg instanceof Expression || heldQuery(arg) || typeof arg === 'object') {
      if (!(arg instanceof Expression) && isLookups(arg) && !heldQuery(arg))
        throw new FieldError(`Invalid order_by arguments: ${shown(arg)}`);
      const expression = toOperand(arg);
      expressions.push(expression instanceof DrizzleSQL ? orderOf(expression) : expression);
      return expressions.length - 1;
    }
    throw new FieldError(`Invalid order_by arguments: ${shown(arg)}`);
  });
  return withExpressions(
    `O${items.map((i) => (typeof i === 'string' ? JSON.stringify(i) : i)).join()}`,
    expressions,
    (query, bound) => {
      refuseSliced(query, 'reorder a query');
      query.clearOrdering(true, false);
      const ordering = items.map((item) => (typeof item === 'string' ? item : (bound[item] as Expression)));
      for (const item of ordering) checkOrder(query, item);
      query.orderBy = ordering;
      if (ordering.length === 0) query.defaultOrdering = false;
    },
  );
}

function checkOrder(query: Query, item: string | Expression): void {
  if (typeof item === 'string') {
    if (item === '?') return;
    const name = item.startsWith('-') ? item.slice(1) : item;
    if (query.annotations.has(name) || query.extra.has(name) || query.annotations.has(name.split('__')[0] as string))
      return;
    if (query.combined?.queries[0]?.annotations.has(name)) return;
    const path = namesToPath(query, name.split('__'), query.model);
    if (path.rest.length > 0 && path.final.kind !== 'field') {
      throw new FieldError(
        `Cannot resolve keyword '${path.rest[0]}' into field. Choices are: ${path.model.choices().join(', ')}`,
        { key: name },
      );
    }
    return;
  }
  if (item.containsAggregate) {
    throw new FieldError(
      `Using an aggregate in order_by() without also including it in annotate() is not allowed: ${String(item)}`,
    );
  }
}

export const reverse = (): Operation =>
  plain('R', (query) => {
    refuseSliced(query, 'reverse a query');
    query.standardOrdering = !query.standardOrdering;
  });

export function distinct(fields: readonly string[]): Operation {
  for (const field of fields)
    if (typeof field !== 'string') throw new FieldError(`distinct() takes names of fields, got ${shown(field)}.`);
  return plain(`D${fields.map((f) => JSON.stringify(f)).join()}`, (query) => {
    refuseCombined(query, 'distinct');
    refuseSliced(query, 'create distinct fields');
    for (const field of fields)
      if (!query.annotations.has(field)) namesToPath(query, field.split('__'), query.model, true, false);
    query.distinct = true;
    query.distinctFields = fields;
  });
}

export const slice = (low: number | undefined, high: number | undefined): Operation =>
  plain(`[${low ?? ''}:${high ?? ''}`, (query) => query.setLimits(low, high));
export const none = (): Operation => plain('0', (query) => query.setEmpty());

// ---- values ------------------------------------------------------------------------------------------------------

/** Names and expressions of `values` and `values_list`; an expression without a name gets one of its own. */
export function values(
  fields: readonly unknown[],
  named: Record<string, unknown>,
  kind: 'dict' | 'tuple' | 'flat' | 'named',
): Operation {
  const expressions: Expression[] = [];
  const added: string[] = [];
  const names: string[] = [];
  for (const field of fields) {
    if (typeof field === 'string') {
      names.push(field);
      continue;
    }
    if (!(field instanceof Expression) && !heldQuery(field) && !isDrizzleSql(field)) {
      throw new FieldError(`values() takes names of fields and expressions, got ${shown(field)}.`);
    }
    const expression = toOperand(field);
    let base: string;
    try {
      base = defaultAliasOf(expression);
    } catch {
      if (kind === 'dict') {
        if (!(expression instanceof F)) throw new TypeError('Complex expressions require an alias');
        base = expression.name;
      } else base = expression.constructor.name.toLowerCase();
    }
    let name = kind === 'dict' ? base : `${base}1`;
    for (let i = 2; added.includes(name) || names.includes(name); i++) name = `${base}${i}`;
    expressions.push(expression);
    added.push(name);
    names.push(name);
  }
  for (const [name, value] of Object.entries(named)) {
    expressions.push(typeof value === 'string' ? new F(value) : annotationOf(value, 'values', name));
    added.push(name);
    names.push(name);
  }
  const mode: RowMode = kind === 'flat' ? { kind } : { kind, names: names.length > 0 ? names : undefined };
  return withExpressions(
    `V${kind}${names.map((n) => JSON.stringify(n)).join()}|${added.map((n) => JSON.stringify(n)).join()}`,
    expressions,
    (query, bound) => {
      bound.forEach((expression, i) => {
        const name = added[i] as string;
        refuseConflict(query, name);
        query.addAnnotation(expression, name, true);
        if (query.annotations.get(name)?.containsAggregate) query.groupBy ??= true;
      });
      query.rowMode = mode;
      query.setValues(names);
    },
  );
}

// ---- related, deferred -------------------------------------------------------------------------------------------

export function selectRelated(fields: readonly (string | null)[]): Operation {
  if (fields.length === 1 && fields[0] === null) return plain('Sn', (query) => void (query.selectRelated = false));
  return plain(`S${fields.map((f) => JSON.stringify(f)).join()}`, (query) => {
    refuseCombined(query, 'select_related');
    if (query.rowMode.kind !== 'instance')
      throw new ValueError('Cannot call select_related() after .values() or .values_list()');
    if (fields.length === 0) {
      query.selectRelated = true;
      return;
    }
    const tree: SelectTree = typeof query.selectRelated === 'boolean' ? new Map() : copyTree(query.selectRelated);
    for (const field of fields as readonly string[]) {
      let at = tree;
      for (const part of field.split('__')) {
        let below = at.get(part);
        if (!below) at.set(part, (below = new Map()));
        at = below;
      }
    }
    query.selectRelated = tree;
  });
}

function copyTree(tree: SelectTree): SelectTree {
  return new Map([...tree].map(([name, below]) => [name, copyTree(below)]));
}

export function defer(fields: readonly (string | null)[]): Operation {
  if (fields.length === 1 && fields[0] === null)
    return plain('Zn', (query) => void (query.deferred = { names: new Set(), defer: true }));
  return plain(`Z${fields.map((f) => JSON.stringify(f)).join()}`, (query) => {
    refuseCombined(query, 'defer');
    if (query.rowMode.kind !== 'instance')
      throw new ValueError('Cannot call defer() after .values() or .values_list()');
    const names = fields as readonly string[];
    checkDeferred(query, names, 'defer');
    const { deferred } = query;
    query.deferred = deferred.defer
      ? { names: new Set([...deferred.names, ...names]), defer: true }
      : { names: new Set([...deferred.names].filter((n) => !names.includes(n))), defer: false };
  });
}

export function only(fields: readonly string[]): Operation {
  return plain(`Y${fields.map((f) => JSON.stringify(f)).join()}`, (query) => {
    refuseCombined(query, 'only');
    if (query.rowMode.kind !== 'instance') throw new ValueError('Cannot call only() after .values() or .values_list()');
    for (const field of fields) {
      if (field === null) throw new ValueError('Cannot pass null as an argument to only().');
      const first = String(field).split('__')[0] as string;
      if (query.filteredRelations.has(first)) throw new ValueError('only() is not supported with FilteredRelation.');
    }
    checkDeferred(query, fields, 'only');
    const names = fields.map((f) => (f === 'pk' ? query.model.pk.name : f));
    const { deferred } = query;
    query.deferred = {
      names: new Set(deferred.defer ? names.filter((n) => !deferred.names.has(n)) : names),
      defer: false,
    };
  });
}

function checkDeferred(query: Query, names: readonly string[], method: string): void {
  for (const name of names) {
    if (typeof name !== 'string') throw new ValueError(`${method}() takes names of fields, got ${shown(name)}.`);
    const path = namesToPath(query, name.split('__'), query.model);
    if (path.rest.length > 0) throw new FieldError(`${path.model.name} has no field '${path.rest[0]}'.`, { key: name });
  }
}

// ---- combinations ------------------------------------------------------------------------------------------------

/** Another queryset's query with places of this shape. */
function boundQueries(others: readonly HeldQuery<Query>[], params: Param[]): Query[] {
  return others.map(
    (held) => (new QuerySetExpression(held.shape, held.values).bind(params) as unknown as { bound: Query }).bound,
  );
}

function heldOf(other: unknown, method: string): HeldQuery<Query> {
  const held = heldQuery<Query>(other);
  if (!held) throw new ValueError(`${method}() takes querysets, got ${shown(other)}.`);
  return held;
}

export function combineWith(other: unknown, connector: 'AND' | 'OR' | 'XOR'): Operation {
  const held = heldOf(other, connector.toLowerCase());
  return {
    key: `&${connector}q${held.shape.id}`,
    values: held.values,
    resolve: (before) => {
      const params: Param[] = [];
      const [bound] = boundQueries([held], params);
      for (const side of [before, bound as Query]) {
        if (side.combined) throw new ValueError(`Cannot use ${connector} operator with combined queryset.`);
      }
      return { query: combineQueries(before, bound as Query, connector), params };
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
  if (!isEmpty(self)) return others;
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
      return { query, params };
    },
  };
}

// ---- extra, locks ------------------------------------------------------------------------------------------------

export interface ExtraOptions {
  readonly select?: Record<string, string> | null;
  readonly select_params?: readonly unknown[] | null;
  readonly where?: readonly string[] | null;
  readonly params?: readonly unknown[] | null;
  readonly tables?: readonly string[] | null;
  readonly order_by?: readonly string[] | null;
}

export function extra(options: ExtraOptions): Operation {
  const { select, select_params, where, params, tables, order_by } = options;
  const expressions: Expression[] = [];
  const rest = [...(select_params ?? [])];
  const names = Object.keys(select ?? {});
  for (const name of names) {
    const text = String((select as Record<string, string>)[name]);
    const places = text.replaceAll('%%', '').split('%s').length - 1;
    expressions.push(new RawSQL(text, rest.splice(0, places)));
  }
  const conditions =
    where && where.length > 0 ? [new RawSQL(where.map((w) => `(${w})`).join(' AND '), params ?? [])] : [];
  return withExpressions(
    `E${JSON.stringify([names, tables ?? [], order_by ?? []])}`,
    [...expressions, ...conditions],
    (query, bound) => {
      refuseCombined(query, 'extra');
      refuseSliced(query, 'change a query');
      names.forEach((name, i) => {
        checkAlias(name);
        query.extra.set(name, bound[i] as Expression);
        if (query.extraMask) query.extraMask = new Set([...query.extraMask, name]);
      });
      for (const condition of bound.slice(names.length)) query.where = query.where.plus(condition);
      if (tables) query.extraTables = [...query.extraTables, ...tables];
      if (order_by) query.extraOrderBy = order_by;
    },
  );
}

export interface LockOptions {
  readonly nowait?: boolean;
  readonly skip_locked?: boolean;
  readonly of?: readonly string[];
  readonly no_key?: boolean;
}

export function selectForUpdate(options: LockOptions): Operation {
  const { nowait = false, skip_locked = false, of = [], no_key = false } = options;
  if (nowait && skip_locked) throw new ValueError('The nowait option cannot be used with skip_locked.');
  return plain(`L${nowait ? 'n' : ''}${skip_locked ? 's' : ''}${no_key ? 'k' : ''}${JSON.stringify(of)}`, (query) => {
    query.forUpdate = { nowait, skipLocked: skip_locked, of, noKey: no_key };
  });
}

// ---- dates -------------------------------------------------------------------------------------------------------

/** `dates()` and `datetimes()`: the distinct values of a truncated field, flat and in order. */
export function dates(trunc: Expression, field: Expression, descending: boolean): Operation {
  return withExpressions(`T${descending ? '-' : ''}`, [trunc, field], (query, [cut, plainField]) => {
    refuseCombined(query, 'dates');
    refuseSliced(query, 'create distinct fields');
    query.addAnnotation(cut as Expression, 'datefield', true);
    query.addAnnotation(plainField as Expression, 'plain_field', true);
    query.rowMode = { kind: 'flat' };
    query.setValues(['datefield']);
    query.distinct = true;
    query.addQ(new Q([new Q(lookupsOf({ plain_field__isnull: false }).map((c) => c.bind([])))]));
    query.clearOrdering(true);
    query.orderBy = [`${descending ? '-' : ''}datefield`];
  });
}
