// What kind of value an expression of the judge's gives: read from the query and Django's schema alone, so that a
// result is judged without asking the library what it thinks the result is.
import { type Call, type Condition, type Expr, type From, isNode, type Query, tagOf } from './ast.js';
import { fieldOf, type Kind, kindOfField, kindOfType, modelOf, relationByAccessor, relationByQuery } from './schema.js';

/** The names that a query knows at one point of its chain. */
export interface Scope {
  model: string | undefined;
  annotations: Map<string, Kind>;
  /** `FilteredRelation`s: their names and the relations that they filter. */
  filtered: Map<string, string>;
  outer: Scope | undefined;
}

export interface Column {
  name: string;
  kind: Kind;
}

/** What a query's rows look like. */
export interface Rows {
  scope: Scope;
  shape: 'instances' | 'row' | 'list' | 'flat' | 'named';
  /** The columns in order, where the rows are not instances. */
  columns: Column[];
}

const intParts = new Set(
  'year iso_year quarter month week day hour minute second week_day iso_week_day len'.split(' '),
);

function afterTransform(kind: Kind, name: string): Kind {
  if (kind === 'json') return 'json';
  if (kind.endsWith('[]')) {
    if (/^\d+$/.test(name)) return kind.slice(0, -2);
    if (/^\d+_\d+$/.test(name)) return kind;
  }
  if (intParts.has(name)) return 'int';
  return name === 'date' || name === 'time' ? name : kind;
}

/** The kind of what a path leads to; lookups at its end do not count. */
export function kindOfPath(scope: Scope, path: string): Kind {
  const parts = path.split('__');
  for (let length = 1; length <= parts.length; length++) {
    const annotation = scope.annotations.get(parts.slice(0, length).join('__'));
    if (annotation) return parts.slice(length).reduce(afterTransform, annotation);
  }
  const filtered = scope.filtered.get(parts[0]!);
  const steps = filtered ? [...filtered.split('__'), ...parts.slice(1)] : parts;
  let model = scope.model;
  let kind: Kind = 'unknown';
  let atField = false;
  for (const step of steps) {
    if (atField || model === undefined) {
      kind = afterTransform(kind, step);
      continue;
    }
    const relation = relationByQuery(model, step);
    const field = relation?.field ?? (relation ? undefined : fieldOf(model, step));
    if (!relation && !field) {
      // What follows a relation and is no field is a lookup on its key.
      atField = true;
      continue;
    }
    kind = field ? kindOfField(field) : kindOfField(fieldOf(relation!.to, 'pk')!);
    if (relation) model = relation.to;
    else atField = true;
  }
  return kind;
}

const numberKinds = ['int', 'decimal', 'float'];

function ofArithmetic(connector: string, left: Kind, right: Kind): Kind {
  if (left === 'unknown') return right;
  if (right === 'unknown' || left === right) {
    return connector === '-' && ['date', 'datetime', 'time'].includes(left) ? 'interval' : left;
  }
  const ranks = [numberKinds.indexOf(left), numberKinds.indexOf(right)];
  return Math.min(...ranks) >= 0 ? numberKinds[Math.max(...ranks)]! : left;
}

function firstKnown(scope: Scope, expressions: readonly Expr[]): Kind {
  for (const expression of expressions) {
    const kind = kindOf(expression, scope);
    if (kind !== 'unknown') return kind;
  }
  return 'unknown';
}

/** Decimals stay decimals, whole numbers become floats. */
function ofRealNumber(kind: Kind): Kind {
  return kind === 'decimal' ? 'decimal' : 'float';
}

const functionKinds: Record<string, Kind> = {};
for (const [kind, names] of Object.entries({
  text:
    'Chr Concat ConcatPair Left Lower LPad LTrim MD5 Repeat Replace Reverse Right RPad RTrim SHA1 SHA224 SHA256 SHA384 ' +
    'SHA512 Substr Trim Upper KeyTextTransform KT',
  int:
    'Length Ord StrIndex Sign RowNumber Rank DenseRank Ntile ExtractYear ExtractIsoYear ExtractQuarter ExtractMonth ' +
    'ExtractWeek ExtractDay ExtractWeekDay ExtractIsoWeekDay ExtractHour ExtractMinute ExtractSecond',
  float: 'PercentRank CumeDist Pi Random TrigramSimilarity',
  json: 'JSONObject KeyTransform',
  datetime: 'Now TransactionNow',
  date: 'TruncDate',
  time: 'TruncTime',
  uuid: 'RandomUUID',
}))
  for (const name of names.split(' ')) functionKinds[name] = kind;

const realFunctions = new Set(
  'ACos ASin ATan ATan2 Cos Cot Degrees Exp Ln Log Mod Power Radians Sin Sqrt Tan'.split(' '),
);

function ofFunction(scope: Scope, [name, ...args]: [string, ...Expr[]]): Kind {
  const known = functionKinds[name];
  if (known) return known;
  const kind = firstKnown(scope, args);
  return realFunctions.has(name) ? ofRealNumber(kind) : kind;
}

const aggregateKinds: Record<string, Kind> = {
  Count: 'int',
  StringAgg: 'text',
  JSONBAgg: 'json',
  BoolAnd: 'bool',
  BoolOr: 'bool',
  BitAnd: 'int',
  BitOr: 'int',
  BitXor: 'int',
  RegrCount: 'int',
};

function ofAggregate(scope: Scope, name: string, args: readonly Expr[]): Kind {
  const known = aggregateKinds[name];
  if (known) return known;
  const kind = firstKnown(scope, args);
  if (name === 'ArrayAgg') return `${kind}[]`;
  if (name === 'Avg' || name === 'StdDev' || name === 'Variance') {
    return kind === 'int' ? 'float' : kind;
  }
  return /^(Corr|CovarPop|Regr)/.test(name) ? 'float' : kind;
}

function ofLiteral(value: Expr): Kind {
  switch (tagOf(value)) {
    case '$decimal':
      return 'decimal';
    case '$bigint':
      return 'int';
    case '$float':
      return 'float';
    case '$date':
      return 'date';
    case '$time':
      return 'time';
    case '$interval':
      return 'interval';
    case '$datetime':
    case '$naive':
      return 'datetime';
    case '$uuid':
      return 'uuid';
    case '$bytes':
      return 'bytes';
    case '$json':
      return 'json';
  }
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float';
  if (typeof value === 'string') return 'text';
  return typeof value === 'boolean' ? 'bool' : 'unknown';
}

/** The kind of a field as an expression names it: `"IntegerField"`, `["ArrayField", "IntegerField"]`. */
export function kindOfFieldType(type: unknown): Kind {
  if (Array.isArray(type)) return type[0] === 'ArrayField' ? `${kindOfFieldType(type[1])}[]` : kindOfType(type[0]);
  return kindOfType(type as string);
}

/** The kind of an expression, where a string is the name of a field. */
export function kindOf(expression: Expr, scope: Scope): Kind {
  if (typeof expression === 'string') return kindOfPath(scope, expression);
  const tag = tagOf(expression);
  if (!tag || !isNode(expression)) return ofLiteral(expression);
  const node = expression as Record<string, any>;
  const options = tag === '$agg' || tag === '$trunc' ? (node[tag][2] ?? {}) : node;
  if (options['out']) return kindOfFieldType(options['out']);
  const inside = node[tag];
  switch (tag) {
    case '$f':
      return kindOfPath(scope, inside);
    case '$outer':
      return scope.outer ? kindOfPath(scope.outer, inside) : 'unknown';
    case '$outer2':
      return scope.outer?.outer ? kindOfPath(scope.outer.outer, inside) : 'unknown';
    case '$value':
      return ofLiteral(inside);
    case '$op':
      return ofArithmetic(inside[0], kindOf(inside[1], scope), kindOf(inside[2], scope));
    case '$neg':
    case '$asc':
    case '$desc':
      return kindOf(inside, scope);
    case '$func':
      return ofFunction(scope, inside);
    case '$agg':
      return ofAggregate(scope, inside[0], Array.isArray(inside[1]) ? inside[1] : [inside[1]]);
    case '$case':
      return firstKnown(scope, [...inside.when.map(([, then]: [Condition, Expr]) => then), inside.default ?? null]);
    case '$exists':
    case '$q':
      return 'bool';
    case '$subquery':
    case '$qs':
      return rowsOf(inside, scope).columns[0]?.kind ?? 'unknown';
    case '$cast':
      return kindOfFieldType(inside[1]);
    case '$collate':
      return kindOf(inside[0], scope);
    case '$trunc':
      return kindOf(inside[1], scope);
    case '$extract':
      return 'int';
    case '$truncdate':
      return 'date';
    case '$trunctime':
      return 'time';
    case '$now':
      return 'datetime';
    case '$window':
      return kindOf(inside.expr, scope);
    case '$key':
      return 'json';
    case '$keytext':
      return 'text';
  }
  return ofLiteral(expression);
}

/** The name that a positional aggregate takes: `field__count`. */
export function defaultName(expression: Expr): string | undefined {
  if (tagOf(expression) !== '$agg') return undefined;
  const [name, argument] = (expression as Record<string, any>)['$agg'];
  const argumentName = Array.isArray(argument) ? argument[0] : argument;
  const path = isNode(argumentName) ? (argumentName as Record<string, any>)['$f'] : argumentName;
  return typeof path === 'string' ? `${path}__${name.toLowerCase()}` : undefined;
}

/** The model that a path of attributes leads to from an instance of `from.model`. */
export function modelOfPath(from: From): string | undefined {
  let model: string | undefined = from.model;
  for (const name of from.path) model = model && relationByAccessor(model, name)?.to;
  return model;
}

function allColumns(scope: Scope): Column[] {
  const fields = modelOf(scope.model!).fields.map((field) => ({
    name: field.attname,
    kind: kindOfField(field),
  }));
  return [...fields, ...[...scope.annotations].map(([name, kind]) => ({ name, kind }))];
}

function annotate(rows: Rows, args: readonly Expr[], kwargs: Record<string, Expr>): void {
  const named = args.map((arg): [string | undefined, Expr] => [defaultName(arg), arg]);
  for (const [name, expression] of [...named, ...Object.entries(kwargs)]) {
    if (name === undefined) continue;
    if (tagOf(expression) === '$filtered') {
      rows.scope.filtered.set(name, (expression as Record<string, any>)['$filtered'][0]);
      continue;
    }
    const kind = kindOf(expression, rows.scope);
    rows.scope.annotations.set(name, kind);
    if (rows.shape !== 'instances' && rows.shape !== 'flat') rows.columns.push({ name, kind });
  }
}

function select(rows: Rows, shape: Rows['shape'], args: readonly Expr[], kwargs: Record<string, Expr>): void {
  const named = Object.entries(kwargs).map(([name, expression]) => ({
    name,
    kind: kindOf(expression, rows.scope),
  }));
  for (const { name, kind } of named) rows.scope.annotations.set(name, kind);
  const columns = args.map((arg, index) => ({
    name: typeof arg === 'string' ? arg : (defaultName(arg) ?? `${index}`),
    kind: kindOf(arg, rows.scope),
  }));
  rows.shape = shape;
  rows.columns = args.length + named.length > 0 ? [...columns, ...named] : allColumns(rows.scope);
}

function follow(rows: Rows, [name, ...args]: Call): void {
  const given = (args[0] ?? {}) as {
    args?: Expr[];
    kwargs?: Record<string, Expr>;
    flat?: boolean;
    named?: boolean;
  };
  switch (name) {
    case 'annotate':
    case 'alias': {
      const columns = [...rows.columns];
      annotate(rows, given.args ?? [], given.kwargs ?? {});
      if (name === 'alias') rows.columns = columns;
      break;
    }
    case 'extra':
      for (const column of Object.keys((args[0]?.select ?? {}) as object))
        rows.scope.annotations.set(column, 'unknown');
      break;
    case 'values':
      select(rows, 'row', given.args ?? [], given.kwargs ?? {});
      break;
    case 'values_list':
      select(rows, given.flat ? 'flat' : given.named ? 'named' : 'list', given.args ?? [], given.kwargs ?? {});
      break;
    case 'dates':
    case 'datetimes':
      rows.shape = 'flat';
      rows.columns = [{ name: args[0][0], kind: name === 'dates' ? 'date' : 'datetime' }];
      break;
  }
}

export function emptyScope(model: string | undefined, outer?: Scope): Scope {
  return { model, annotations: new Map(), filtered: new Map(), outer };
}

export function modelOfSource(query: Query): string | undefined {
  return query.model ?? query.raw?.model ?? (query.from && modelOfPath(query.from));
}

/** Follows a chain from its source and says what its rows are; `each` is told the scope before every call. */
export function rowsOf(query: Query, outer?: Scope, each?: (call: Call, scope: Scope) => void): Rows {
  const scope = emptyScope(modelOfSource(query), outer);
  const rows: Rows = { scope, shape: 'instances', columns: [] };
  for (const call of query.chain ?? []) {
    each?.(call, rows.scope);
    follow(rows, call);
  }
  if (rows.shape === 'instances' && scope.model) rows.columns = [{ name: 'pk', kind: kindOfPath(scope, 'pk') }];
  return rows;
}
