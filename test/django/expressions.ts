// Expressions, conditions and values of the judge's queries as calls of the public API, one for one.
import { type Condition, type Expr, isNode, tagOf, type Value } from './ast.js';
import { buildQueryset } from './chain.js';
import { api, type Context, call, modelClass, publicValue } from './context.js';
import { kindOfPath, type Scope } from './kinds.js';
import { fieldOf, type Kind, kindOfField } from './schema.js';
import { fieldOfLiteral, isLiteralTag, literal, outputField } from './values.js';

/** A right-hand side: strings are literals, and so is a plain object. */
export function toValue(context: Context, value: Value, kind: Kind, scope: Scope): unknown {
  if (Array.isArray(value)) {
    const element = kind.endsWith('[]') ? kind.slice(0, -2) : kind;
    return value.map((item) => toValue(context, item, element, scope));
  }
  const tag = tagOf(value);
  if (!tag || !isNode(value)) return value;
  if (isLiteralTag(tag)) return literal(value, kind);
  return toExpression(context, value, scope);
}

/** The conditions of a `filter()`, each value of the kind that its path leads to. */
export function toLookups(context: Context, lookups: Record<string, Value>, scope: Scope): Record<string, unknown> {
  const entries = Object.entries(lookups).map(([path, value]): [string, unknown] => {
    // Python takes a text for the sequence of its characters where a sequence is wanted.
    const sequence = typeof value === 'string' && path.endsWith('__in') ? [...value] : value;
    return [path, toValue(context, sequence, kindOfPath(scope, path), scope)];
  });
  return Object.fromEntries(entries);
}

/** The fields of a row that is written. */
export function toFields(
  context: Context,
  model: string,
  values: Record<string, Value>,
  scope: Scope,
): Record<string, unknown> {
  const entries = Object.entries(values).map(([name, value]): [string, unknown] => {
    const field = fieldOf(model, name);
    return [name, toValue(context, value, field ? kindOfField(field) : 'unknown', scope)];
  });
  return Object.fromEntries(entries);
}

function toField(context: Context, model: string, name: string, value: Value, scope: Scope): unknown {
  return toFields(context, model, { [name]: value }, scope)[name];
}
export { toField };

/** A condition as `Q`, or as the conditional expression that it is. */
export function toCondition(context: Context, condition: Condition, scope: Scope): any {
  if (condition.expr !== undefined) return toExpression(context, condition.expr, scope);
  if (condition.not) return call(toCondition(context, condition.not, scope), 'not');
  const parts = condition.and ?? condition.or;
  if (!parts) return api['Q'](toLookups(context, condition.kwargs ?? {}, scope));
  const join = condition.and ? 'and' : 'or';
  return parts.reduce<any>((joined, part) => joined[join](toCondition(context, part, scope)), api['Q']());
}

/** An argument of a function: a name, a literal or an expression, as a user writes them. */
export function toArgument(context: Context, value: Expr, scope: Scope): unknown {
  return isNode(value) || Array.isArray(value) ? toExpression(context, value, scope) : value;
}

/** An expression that has methods: a bare name becomes `F`, a bare literal `Value`. */
function toOperand(context: Context, value: Expr, scope: Scope): any {
  if (typeof value === 'string') return api['F'](value);
  return isNode(value) ? toExpression(context, value, scope) : api['Value'](value);
}

export function toOrderKey(context: Context, key: Expr, scope: Scope): unknown {
  return typeof key === 'string' ? key : toExpression(context, key, scope);
}

const operators: Record<string, string> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '^': 'pow',
  '&': 'bitand',
  '|': 'bitor',
  '#': 'bitxor',
  '<<': 'bitleftshift',
  '>>': 'bitrightshift',
};

/** The trailing object of keyword arguments, or nothing where there are none. */
function options(values: Record<string, unknown>): [] | [Record<string, unknown>] {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  return given.length > 0 ? [Object.fromEntries(given)] : [];
}

function outputOption(type: unknown): Record<string, unknown> {
  return type === undefined ? {} : { output_field: outputField(type) };
}

function wrapped(expression: any, type: unknown): any {
  return type === undefined ? expression : api['ExpressionWrapper'](expression, outputOption(type));
}

function aggregate(context: Context, [name, argument, given = {}]: [string, Expr, any?], scope: Scope): any {
  const { filter, out, ordering, default: otherwise, ...rest } = given;
  const args = (Array.isArray(argument) ? argument : [argument]).map((arg) => toArgument(context, arg, scope));
  const keywords = {
    ...rest,
    ...outputOption(out),
    filter: filter && toCondition(context, filter, scope),
    ordering: ordering && [ordering].flat().map((key: Expr) => toOrderKey(context, key, scope)),
    default: otherwise === undefined ? undefined : toArgument(context, otherwise, scope),
  };
  return publicValue(name)(...args, ...options(keywords));
}

function functionCall(context: Context, node: Record<string, any>, scope: Scope): any {
  const [name, ...args] = node['$func'] as [string, ...Expr[]];
  const keywords = Object.entries((node['kw'] ?? {}) as Record<string, Expr>).map(([key, value]) => {
    return [key, toArgument(context, value, scope)];
  });
  const built = args.map((arg) => toArgument(context, arg, scope));
  const trailing = { ...Object.fromEntries(keywords), ...outputOption(node['out']) };
  return publicValue(name)(...built, ...options(trailing));
}

function window(context: Context, given: any, scope: Scope): any {
  const frame = given.frame as [string, number | null, number | null] | undefined;
  const range = frame && (frame[0] === 'rows' ? publicValue('RowRange') : publicValue('ValueRange'));
  return publicValue('Window')(
    toExpression(context, given.expr, scope),
    ...options({
      partition_by: given.partition_by?.map((by: Expr) => toArgument(context, by, scope)),
      order_by: given.order_by?.map((key: Expr) => toOrderKey(context, key, scope)),
      frame: range?.({ start: frame![1], end: frame![2] }),
    }),
  );
}

function caseOf(context: Context, node: Record<string, any>, scope: Scope): any {
  const whens = (node['$case'].when as [Condition, Expr][]).map(([condition, then]) => {
    return api['When'](toCondition(context, condition, scope), { then: toOperand(context, then, scope) });
  });
  const otherwise = node['$case'].default;
  return api['Case'](
    ...whens,
    ...options({
      default: otherwise === undefined ? undefined : toOperand(context, otherwise, scope),
      ...outputOption(node['out']),
    }),
  );
}

function ordered(context: Context, node: Record<string, any>, direction: 'asc' | 'desc', scope: Scope): any {
  const nulls = node['nulls'] as 'first' | 'last' | undefined;
  const operand = toOperand(context, node[`$${direction}`], scope);
  return operand[direction](...options(nulls ? { [`nulls_${nulls}`]: true } : {}));
}

function zoned(given: { tz?: string; out?: unknown } = {}): [] | [Record<string, unknown>] {
  return options({ tzinfo: given.tz, ...outputOption(given.out) });
}

type Builder = (context: Context, node: Record<string, any>, scope: Scope) => any;

const builders: Record<string, Builder> = {
  $f: (_, node) => api['F'](node['$f']),
  $outer: (_, node) => api['OuterRef'](node['$outer']),
  $outer2: (_, node) => api['OuterRef'](api['OuterRef'](node['$outer2'])),
  $value: (_, node) => {
    const tag = tagOf(node['$value']);
    const field = node['out'] ? outputField(node['out']) : tag ? fieldOfLiteral(tag) : undefined;
    return api['Value'](literal(node['$value'], 'unknown'), ...options({ output_field: field }));
  },
  $op: (context, node, scope) => {
    const [operator, left, right] = node['$op'] as [string, Expr, Expr];
    const method = operators[operator];
    if (!method) throw new Error(`There is no operator ${operator}.`);
    const joined = call(toOperand(context, left, scope), method, toOperand(context, right, scope));
    return wrapped(joined, node['out']);
  },
  $neg: (context, node, scope) => wrapped(toOperand(context, node['$neg'], scope).neg(), node['out']),
  $func: functionCall,
  $agg: (context, node, scope) => aggregate(context, node['$agg'], scope),
  $case: caseOf,
  $subquery: (context, node, scope) =>
    api['Subquery'](buildQueryset(context, node['$subquery'], scope), ...options(outputOption(node['out']))),
  $exists: (context, node, scope) => {
    const exists = api['Exists'](buildQueryset(context, node['$exists'], scope));
    return node['negated'] ? exists.not() : exists;
  },
  $qs: (context, node, scope) => buildQueryset(context, node['$qs'], scope),
  $cast: (context, node, scope) =>
    api['Cast'](toArgument(context, node['$cast'][0], scope), outputField(node['$cast'][1])),
  $collate: (context, node, scope) =>
    api['Collate'](toArgument(context, node['$collate'][0], scope), node['$collate'][1]),
  $trunc: (context, node, scope) => {
    const [kind, expression, given] = node['$trunc'];
    return api['Trunc'](toArgument(context, expression, scope), kind, ...zoned(given));
  },
  $extract: (context, node, scope) => {
    const [kind, expression, given] = node['$extract'];
    return api['Extract'](toArgument(context, expression, scope), kind, ...zoned(given));
  },
  $truncdate: (context, node, scope) =>
    api['TruncDate'](toArgument(context, node['$truncdate'][0], scope), ...zoned(node['$truncdate'][1])),
  $trunctime: (context, node, scope) =>
    api['TruncTime'](toArgument(context, node['$trunctime'][0], scope), ...zoned(node['$trunctime'][1])),
  $now: () => api['Now'](),
  $window: (context, node, scope) => window(context, node['$window'], scope),
  $asc: (context, node, scope) => ordered(context, node, 'asc', scope),
  $desc: (context, node, scope) => ordered(context, node, 'desc', scope),
  $filtered: (context, node, scope) => {
    const [relation, condition] = node['$filtered'];
    return api['FilteredRelation'](
      relation,
      ...options({ condition: condition && toCondition(context, condition, scope) }),
    );
  },
  $rawsql: (context, node, scope) => {
    const [sql, params] = node['$rawsql'];
    const values = (params ?? []).map((value: Value) => toValue(context, value, 'unknown', scope));
    return api['RawSQL'](sql, values, ...options(outputOption(node['out'])));
  },
  $key: (context, node, scope) =>
    publicValue('KeyTransform')(node['$key'][0], toArgument(context, node['$key'][1], scope)),
  $keytext: (context, node, scope) =>
    publicValue('KeyTextTransform')(node['$keytext'][0], toArgument(context, node['$keytext'][1], scope)),
  $wrap: (context, node, scope) => wrapped(toOperand(context, node['$wrap'], scope), node['out']),
  $q: (context, node, scope) => toCondition(context, node['$q'], scope),
  $obj: (context, node) => context.fetched.get(node)?.value,
  $new: (context, node, scope) => {
    const [model, fields] = node['$new'];
    return new (modelClass(context, model))(toFields(context, model, fields, scope));
  },
};

export const expressionTags = Object.keys(builders);

/** Anything with a `$` key as the expression, value or instance that it stands for. */
export function toExpression(context: Context, value: Expr, scope: Scope): any {
  if (typeof value === 'string') return api['F'](value);
  const tag = tagOf(value);
  if (!tag || !isNode(value)) return value;
  if (isLiteralTag(tag)) return api['Value'](literal(value, 'unknown'), { output_field: fieldOfLiteral(tag) });
  const build = builders[tag];
  if (!build) throw new Error(`No expression is called ${tag}.`);
  return build(context, value as Record<string, any>, scope);
}
