/** The calls of the chain, each as a step of the trie. */
import { isText } from '../meta/kinds.js';
import { checkAlias, type Query, type SelectTree } from '../compile/query.js';
import { FilteredRelation } from '../expressions/filtered-relation.js';
import { refuse, refuseName } from '../errors.js';
import { toOperand } from '../expressions/base.js';
import { TIME_PARTS, Trunc } from '../expressions/dates.js';
import { defaultAliasOf } from '../expressions/aggregates.js';
import type { Expression } from '../expressions/expression.js';
import { Func, isOptions, takeOptions } from '../expressions/func.js';
import { conditionOf, keyName, lookupKeys, lookupsOf, Q } from '../expressions/q.js';
import { describe, isComputed } from '../expressions/operand.js';
import { F, orderName } from '../expressions/refs.js';
import { countPlaces, RawSQL } from '../expressions/wrapper.js';
import { shown } from '../meta/codecs.js';
import { dateLike, type FieldType, isDateLike } from '../meta/field-type.js';
import type { Param } from '../meta/param.js';
import { namesToPath, unresolved } from '../compile/path.js';
import { setGroupBy, setValues } from '../compile/values.js';
import { checkNames, nameKey, type Operation, plain, withExpressions } from './operation.js';
import { refuseCombined, refuseSliced, refuseValues } from '../compile/refuse.js';

/** `filter`, `exclude`. The usual call, one object of lookups, is read straight into a key. */
export function filter(args: readonly unknown[], negated: boolean, sticky = false): Operation {
  const name = negated ? 'exclude' : 'filter';
  const values: unknown[] = [];
  const [only] = args;
  let key: string;
  if (args.length === 1 && isOptions(only)) {
    key = negated ? 'X' : sticky ? 'C' : 'F';
    for (const lookup of lookupKeys(only)) {
      key += `${keyName(lookup)}=${describe(only[lookup], lookup, values)},`;
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
      refuseCombined(before, `${name}()`);
      const params: Param[] = [];
      const q = conditionOf(args).bind(params) as Q;
      // Where nothing is asked, nothing changes.
      if (q.children.length > 0) refuseSliced(before, 'filter a query');
      const query = before.chain();
      query.sticky = sticky;
      query.addQ(negated ? q.not() : q);
      return { query, params };
    },
  };
}

export const complexFilter = (condition: unknown): Operation =>
  condition instanceof Q ? filter([condition], false) : filter([new Q(lookupsOf(condition))], false);

// ---- annotate, alias ---------------------------------------------------------------------------------------------

/** Names and expressions of `annotate`, `alias`, `aggregate`: positional ones by their default names. */
export function namedExpressions(args: readonly unknown[], method: string): Map<string, Expression> {
  const named = new Map<string, Expression>();
  const add = (name: string, expression: Expression): void => {
    if (named.has(name))
      refuse(`The named annotation '${name}' conflicts with the default name for another annotation.`);
    named.set(name, expression);
  };
  const positional = [...args];
  const byName = takeOptions<Record<string, unknown>>(positional);
  for (const arg of positional) {
    const expression = annotationOf(arg, method);
    add(defaultAliasOf(expression), expression);
  }
  for (const [name, value] of Object.entries(byName)) add(name, annotationOf(value, method, name));
  return named;
}

function annotationOf(value: unknown, method: string, name?: string): Expression {
  if (!isComputed(value))
    refuse(
      `QuerySet.${method}() received non-expression(s): ${name === undefined ? '' : `${name}: `}${shown(value)}. Use F(…) for a field, Value(…) for a value.`,
    );
  return toOperand(value);
}

export function annotate(args: readonly unknown[], select: boolean): Operation {
  const method = select ? 'annotate' : 'alias';
  const named = namedExpressions(args, method);
  const names = [...named.keys()];
  return withExpressions(`${select ? 'N' : 'A'}${nameKey(names)}`, [...named.values()], (query, bound) => {
    refuseCombined(query, `${method}()`);
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
        if (query.valuesMode) setGroupBy(query);
        else query.groupBy = true;
        break;
      }
    }
  });
}

function refuseConflict(query: Query, name: string): void {
  const { valuesMode, selectNames, model } = query;
  const taken = valuesMode ? (valuesMode.names ?? selectNames).includes(name) : model.members.has(name);
  if (taken) refuse(`The annotation '${name}' conflicts with a field on the model.`);
}

// ---- ordering ----------------------------------------------------------------------------------------------------

export function orderBy(args: readonly unknown[]): Operation {
  const expressions: Expression[] = [];
  const items = args.map((arg) => {
    if (isText(arg)) return arg;
    if (!isComputed(arg)) refuseName(`Invalid order_by arguments: ${shown(arg)}`);
    return expressions.push(toOperand(arg)) - 1;
  });
  return withExpressions(
    `O${items.map((i) => (isText(i) ? JSON.stringify(i) : i)).join()}`,
    expressions,
    (query, bound) => {
      refuseSliced(query, 'reorder a query');
      query.clearOrdering(true, false);
      const ordering = items.map((item) => (isText(item) ? item : (bound[item] as Expression)));
      for (const item of ordering) checkOrder(query, item);
      query.orderBy = ordering;
      if (ordering.length === 0) query.defaultOrdering = false;
    },
  );
}

function checkOrder(query: Query, item: string | Expression): void {
  if (!isText(item)) {
    if (item.containsAggregate)
      refuseName(`Using an aggregate in order_by() without also including it in annotate() is not allowed: ${item}`);
    return;
  }
  const [name] = orderName(item);
  const names = name.split('__');
  const known = [query.extra, query.annotations, query.combined?.queries[0]?.annotations];
  if (item === '?' || known.some((some) => some?.has(name)) || query.annotations.has(names[0] as string)) return;
  const path = namesToPath(query, names, query.model);
  if (path.rest.length > 0 && path.final.kind !== 'field') throw unresolved(path);
}

export const reverse = (): Operation =>
  plain('R', (query) => {
    refuseSliced(query, 'reverse a query');
    query.standardOrdering = !query.standardOrdering;
  });

export function distinct(fields: readonly string[]): Operation {
  for (const field of fields) if (!isText(field)) refuseName(`distinct() takes names of fields, got ${shown(field)}.`);
  return plain(`D${nameKey(fields)}`, (query) => {
    refuseCombined(query, 'distinct()');
    refuseSliced(query, 'create distinct fields');
    for (const field of fields) if (!query.annotations.has(field)) namesToPath(query, field.split('__'), query.model);
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
  const inTuple = kind !== 'dict';
  let counter = inTuple ? 0 : 1;
  for (const field of fields) {
    if (isText(field)) {
      names.push(field);
      continue;
    }
    if (!isComputed(field)) refuseName(`values() takes names of fields and expressions, got ${shown(field)}.`);
    const expression = toOperand(field);
    let base: string;
    try {
      base = defaultAliasOf(expression);
    } catch {
      if (kind === 'dict') {
        if (!(expression instanceof F)) refuse('Complex expressions require an alias');
        base = expression.name;
      } else base = (expression instanceof Func ? expression.definition : expression.constructor).name.toLowerCase();
    }
    // Of a tuple they are numbered on, as in Django, past the names that are given anywhere.
    let name = inTuple ? `${base}${++counter}` : base;
    while (names.includes(name) || (inTuple && fields.includes(name))) name = `${base}${++counter}`;
    expressions.push(expression);
    added.push(name);
    names.push(name);
  }
  for (const [name, value] of Object.entries(named)) {
    expressions.push(isText(value) ? new F(value) : annotationOf(value, 'values', name));
    added.push(name);
    names.push(name);
  }
  return withExpressions(`V${kind}${nameKey(names)}|${nameKey(added)}`, expressions, (query, bound) => {
    bound.forEach((expression, i) => {
      const name = added[i] as string;
      refuseConflict(query, name);
      query.addAnnotation(expression, name, true);
      if (query.annotations.get(name)?.containsAggregate) query.groupBy ??= true;
    });
    query.valuesMode = { kind, names: names.length > 0 ? names : undefined };
    setValues(query, names);
  });
}

// ---- related, deferred -------------------------------------------------------------------------------------------

export function selectRelated(fields: readonly (string | null)[]): Operation {
  const isReset = fields.length === 1 && fields[0] === null;
  if (!isReset) checkNames(fields, 'select_related');
  return plain(isReset ? 'Sn' : `S${nameKey(fields)}`, (query) => {
    refuseValues(query, 'select_related()');
    if (isReset || fields.length === 0) {
      query.selectRelated = !isReset;
      return;
    }
    const tree: SelectTree = typeof query.selectRelated === 'object' ? copyTree(query.selectRelated) : new Map();
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

const copyTree = (tree: SelectTree): SelectTree => new Map([...tree].map(([name, below]) => [name, copyTree(below)]));

export function defer(fields: readonly (string | null)[]): Operation {
  const isReset = fields.length === 1 && fields[0] === null;
  if (!isReset) checkNames(fields, 'defer');
  return plain(isReset ? 'Zn' : `Z${nameKey(fields)}`, (query) => {
    refuseValues(query, 'defer()');
    if (isReset) {
      query.deferred = { names: new Set(), defer: true };
      return;
    }
    const names = fields as readonly string[];
    checkDeferred(query, names);
    const { deferred } = query;
    query.deferred = deferred.defer
      ? { names: new Set([...deferred.names, ...names]), defer: true }
      : { names: new Set([...deferred.names].filter((n) => !names.includes(n))), defer: false };
  });
}

export function only(fields: readonly string[]): Operation {
  checkNames(fields, 'only');
  return plain(`Y${nameKey(fields)}`, (query) => {
    refuseValues(query, 'only()');
    for (const field of fields) {
      const first = field.split('__')[0] as string;
      if (query.filteredRelations.has(first)) refuse('only() is not supported with FilteredRelation.');
    }
    checkDeferred(query, fields);
    const names = fields.map((f) => (f === 'pk' ? query.model.pk.name : f));
    const { deferred } = query;
    query.deferred = {
      names: new Set(deferred.defer ? names.filter((n) => !deferred.names.has(n)) : names),
      defer: false,
    };
  });
}

function checkDeferred(query: Query, names: readonly string[]): void {
  for (const name of names) {
    const path = namesToPath(query, name.split('__'), query.model);
    if (path.rest.length > 0) throw unresolved(path);
  }
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
    expressions.push(new RawSQL(text, rest.splice(0, countPlaces(text))));
  }
  const conditions =
    where && where.length > 0 ? [new RawSQL(where.map((w) => `(${w})`).join(' AND '), params ?? [])] : [];
  return withExpressions(
    `E${JSON.stringify([names, tables ?? [], order_by ?? []])}`,
    [...expressions, ...conditions],
    (query, bound) => {
      refuseCombined(query, 'extra()');
      refuseSliced(query, 'change a query');
      names.forEach((name, i) => {
        checkAlias(name);
        query.extra.set(name, bound[i] as Expression);
        if (query.extraMask) query.extraMask = new Set([...query.extraMask, name]);
      });
      for (const condition of bound.slice(names.length)) query.where = query.where.plus(condition);
      if (tables) query.extraTables = [...query.extraTables, ...tables];
      if (order_by) query.extraOrderBy = [...order_by];
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
  const { nowait, skip_locked, of = [], no_key } = options;
  if (nowait && skip_locked) refuse('The nowait option cannot be used with skip_locked.');
  return plain(`L${nowait ? 'n' : ''}${skip_locked ? 's' : ''}${no_key ? 'k' : ''}${JSON.stringify(of)}`, (query) => {
    query.forUpdate = { nowait, skipLocked: skip_locked, of: [...of], noKey: no_key };
  });
}

// ---- dates -------------------------------------------------------------------------------------------------------

interface DatesOptions {
  readonly order?: unknown;
  readonly tzinfo?: string;
}

const DATE_KINDS = ['year', 'month', 'week', 'day'];

/** `dates()` and `datetimes()`: the distinct values of a truncated field, flat and in order. */
export function dates(name: string, kind: string, { order = 'ASC', tzinfo }: DatesOptions, timed = false): Operation {
  if (order !== 'ASC' && order !== 'DESC') refuse("'order' must be either 'ASC' or 'DESC'.");
  const kinds = timed ? [...DATE_KINDS, ...TIME_PARTS] : DATE_KINDS;
  if (!kinds.includes(kind)) {
    const quoted = kinds.map((each) => `'${each}'`).join(', ');
    refuse(`'kind' must be one of ${quoted.replace(/'\w+'$/, 'or $&')}.`);
  }
  const descending = order === 'DESC';
  const field = new F(name);
  const cut = new Trunc(field, kind, { tzinfo });
  const label = timed ? 'datetimefield' : 'datefield';
  return withExpressions(`T${timed ? 't' : ''}${descending ? '-' : ''}`, [cut, field], (query) => {
    refuseCombined(query, 'dates()');
    refuseSliced(query, 'create distinct fields');
    query.addAnnotation(field, 'plain_field');
    const type = query.annotations.get('plain_field')?.output;
    if (!isDateLike(type) || (timed && type?.family === 'date'))
      refuse(timed ? 'datetimes() takes a timestamp.' : 'dates() takes a date.');
    // `dates()` gives dates, of a timestamp too.
    query.addAnnotation(
      timed ? cut : new Trunc(field, kind, { output_field: dateLike(type as FieldType, 'date') }),
      label,
    );
    query.valuesMode = { kind: 'flat', names: [label] };
    setValues(query, [label]);
    query.distinct = true;
    query.distinctFields = [];
    query.addQ(new Q([new Q(lookupsOf({ plain_field__isnull: false }).map((c) => c.bind([])))]));
    query.clearOrdering(true);
    query.orderBy = [`${descending ? '-' : ''}${label}`];
  });
}
