// The calls that make a queryset, none of which asks the database.
import type { Arguments, Call, Condition, Expr, Query } from './ast.js';
import { api, type Context, call, modelClass } from './context.js';
import { toArgument, toCondition, toExpression, toLookups, toOrderKey, toValue } from './expressions.js';
import { rowsOf, type Scope } from './kinds.js';

type Step = (context: Context, queryset: any, argument: any, scope: Scope) => any;

/** Keyword arguments as one trailing object, left out where there are none. */
function trailing(keywords: Record<string, unknown>): [] | [Record<string, unknown>] {
  return Object.keys(keywords).length > 0 ? [keywords] : [];
}

function conditions(context: Context, given: { args?: Condition[]; kwargs?: any } = {}, scope: Scope): unknown[] {
  const positional = (given.args ?? []).map((condition) => toCondition(context, condition, scope));
  return [...positional, ...trailing(toLookups(context, given.kwargs ?? {}, scope))];
}
export { conditions };

/** Named expressions; `text` says what a bare string stands for: a field, or itself. */
function namedExpressions(context: Context, given: Record<string, Expr>, scope: Scope): Record<string, unknown> {
  const entries = Object.entries(given).map(([name, value]) => [name, toExpression(context, value, scope)]);
  return Object.fromEntries(entries);
}

export function expressionArguments(context: Context, given: Arguments = {}, scope: Scope): unknown[] {
  const positional = (given.args ?? []).map((arg) => toArgument(context, arg, scope));
  return [...positional, ...trailing(namedExpressions(context, given.kwargs ?? {}, scope))];
}

function isCondition(value: Record<string, unknown>): value is Condition & Record<string, unknown> {
  const keys = Object.keys(value);
  return keys.length === 1 && ['kwargs', 'and', 'or', 'not', 'expr'].includes(keys[0]!);
}

const conditional =
  (name: string): Step =>
  (context, queryset, argument, scope) =>
    call(queryset, name, ...conditions(context, argument, scope));

const named =
  (name: string): Step =>
  (_, queryset, argument) =>
    call(queryset, name, ...(argument ?? []));

const annotating =
  (name: string): Step =>
  (context, queryset, argument, scope) =>
    call(queryset, name, ...expressionArguments(context, argument, scope));

const combining =
  (name: string): Step =>
  (context, queryset, argument, scope) => {
    const others = argument.qs.map((query: Query) => buildQueryset(context, query, scope.outer));
    return call(queryset, name, ...others, ...trailing(argument.all ? { all: true } : {}));
  };

const joining =
  (name: string): Step =>
  (context, queryset, argument, scope) =>
    call(queryset, name, buildQueryset(context, argument, scope.outer));

function prefetch(context: Context, entry: any, scope: Scope): unknown {
  if (entry === null || typeof entry === 'string') return entry;
  const [lookup, query, name] = entry['$prefetch'];
  const queryset = query ? { queryset: buildQueryset(context, query, scope) } : {};
  return api['Prefetch'](lookup, ...trailing({ ...queryset, ...(name ? { to_attr: name } : {}) }));
}

const steps: Record<string, Step> = {
  filter: conditional('filter'),
  exclude: conditional('exclude'),
  complex_filter: (context, queryset, argument, scope) => {
    const condition = isCondition(argument)
      ? toCondition(context, argument, scope)
      : toLookups(context, argument, scope);
    return call(queryset, 'complex_filter', condition);
  },
  annotate: annotating('annotate'),
  alias: annotating('alias'),
  order_by: (context, queryset, argument, scope) =>
    call(queryset, 'order_by', ...argument.map((key: Expr) => toOrderKey(context, key, scope))),
  reverse: named('reverse'),
  all: named('all'),
  none: named('none'),
  distinct: named('distinct'),
  values: annotating('values'),
  values_list: (context, queryset, argument, scope) => {
    const { flat, named: asNamed } = argument;
    const keywords = { ...(flat ? { flat } : {}), ...(asNamed ? { named: asNamed } : {}) };
    const columns = expressionArguments(context, { args: argument.args ?? [], kwargs: argument.kwargs ?? {} }, scope);
    return call(queryset, 'values_list', ...columns, ...trailing(keywords));
  },
  dates: named('dates'),
  datetimes: (_, queryset, argument) => {
    const [field, kind, order, zone] = argument;
    if (!zone) return call(queryset, 'datetimes', ...argument);
    return call(queryset, 'datetimes', field, kind, { ...(order ? { order } : {}), tzinfo: zone.tz });
  },
  union: combining('union'),
  intersection: combining('intersection'),
  difference: combining('difference'),
  and: joining('and'),
  or: joining('or'),
  select_related: named('select_related'),
  prefetch_related: (context, queryset, argument, scope) =>
    call(queryset, 'prefetch_related', ...argument.map((entry: unknown) => prefetch(context, entry, scope))),
  extra: (context, queryset, argument, scope) => {
    const entries = Object.entries(argument as Record<string, any>).map(([name, value]) => {
      const isParams = name === 'params' || name === 'select_params';
      return [name, isParams ? toValue(context, value, 'unknown', scope) : value];
    });
    return call(queryset, 'extra', Object.fromEntries(entries));
  },
  defer: named('defer'),
  only: named('only'),
  using: (_, queryset, argument) => call(queryset, 'using', argument),
  select_for_update: (_, queryset, argument) => call(queryset, 'select_for_update', ...trailing(argument ?? {})),
  slice: (_, queryset, [start, stop]) => call(queryset, 'slice', start ?? 0, ...(stop === null ? [] : [stop])),
};

export const chainCalls = Object.keys(steps);

export function applyCall(context: Context, queryset: any, [name, argument]: Call, scope: Scope): any {
  const step = steps[name];
  if (!step) throw new Error(`No call of a chain is named ${name}.`);
  return step(context, queryset, argument, scope);
}

/** What a chain starts from: a model's manager, raw SQL, or what a `from` led to. */
export function sourceOf(context: Context, query: Query, scope: Scope): any {
  if (query.from) return context.fetched.get(query.from)?.value;
  if (query.raw) {
    const { model, sql, params, translations } = query.raw;
    const values = Array.isArray(params)
      ? params.map((value) => toValue(context, value, 'unknown', scope))
      : params &&
        Object.fromEntries(Object.entries(params).map(([k, v]) => [k, toValue(context, v, 'unknown', scope)]));
    const args = [...(values === undefined ? [] : [values]), ...trailing(translations ? { translations } : {})];
    if (values === undefined && translations) args.unshift([]);
    return call(modelClass(context, model).aobjects, 'raw', sql, ...args);
  }
  return modelClass(context, query.model!).aobjects;
}

/** A query as a queryset. It is synchronous, for to await a queryset is to run it. */
export function buildQueryset(context: Context, query: Query, outer?: Scope): any {
  let queryset: any;
  let started = false;
  const start = (scope: Scope) => {
    if (!started) queryset = sourceOf(context, query, scope);
    started = true;
  };
  const { scope } = rowsOf(query, outer, (step, scope) => {
    start(scope);
    queryset = applyCall(context, queryset, step, scope);
  });
  start(scope);
  return queryset;
}
