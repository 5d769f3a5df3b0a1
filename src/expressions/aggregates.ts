/** Aggregates: one value of many rows, with `distinct`, `filter`, `default` and `ordering`. */
import { isDeepStrictEqual } from 'node:util';
import { isText } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import { writeOr } from './empty.js';
import type { Query } from '../compile/query.js';
import { refuse, refuseName } from '../errors.js';
import { shown, tolerantDecoder } from '../meta/codecs.js';
import { arrayTypeOf, type FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { type OrderBy, toOperand, UserExpression } from './base.js';
import { Clause, copy, Expression, firstOutput, firstResult, type ResolveOptions } from './expression.js';
import { argumentsOf, call, Func, type FuncDefinition, sqlName, takeOptions } from './func.js';
import { conditionOf } from './q.js';
import { cut, withFraction } from './output.js';
import { countableKey, F, listOf, Star, toExpression, toOrder } from './refs.js';

export interface AggregateDefinition {
  readonly name: string;
  /** The SQL function; `sample` chooses the other one. */
  readonly sql: string;
  readonly sampleSql?: string;
  readonly output: (sources: readonly Expression[]) => FieldType | undefined;
  readonly arity: number;
  readonly distinct: boolean;
  readonly ordering?: boolean;
  /** What it gives of no rows, where that is not NULL. */
  readonly empty?: unknown;
  readonly conditional?: boolean;
}

export interface AggregateOptions {
  readonly distinct?: boolean;
  readonly filter?: unknown;
  readonly default?: unknown;
  readonly output_field?: unknown;
  readonly sample?: boolean;
  readonly ordering?: unknown;
  /** Its name since Django 5.2. */
  readonly order_by?: unknown;
}

const OPTIONS = ['distinct', 'filter', 'default', 'output_field', 'sample', 'ordering', 'order_by'];

export class Aggregate extends UserExpression {
  readonly isDistinct: boolean;
  readonly sample: boolean;
  override get windowCompatible(): boolean {
    return true;
  }
  private readonly summary?: boolean;
  /** Ordered by its own argument: PostgreSQL takes no other order of distinct values than one written alike. */
  private readonly isOrderedByItself: boolean;
  constructor(
    readonly definition: AggregateDefinition,
    args: readonly Expression[],
    ordering: readonly Expression[],
    filter: readonly Expression[],
    options: AggregateOptions,
  ) {
    super([...args, new Clause('ORDER BY', ordering), new RowFilter(filter)], options.output_field);
    this.isDistinct = options.distinct === true;
    const [order, ...others] = ordering;
    this.isOrderedByItself =
      this.isDistinct && order !== undefined && others.length === 0 && alike(order.inner, this.inner);
    this.sample = options.sample === true;
  }
  private get args(): readonly Expression[] {
    return this.sources.slice(0, -2);
  }
  protected override ownKey(): string {
    return `${this.definition.name}${this.isDistinct ? 'd' : ''}${this.isOrderedByItself ? '=' : ''}${this.sample ? 's' : ''}`;
  }
  protected override get ownOutput(): FieldType | undefined {
    return this.definition.output(this.args);
  }
  override get containsAggregate(): boolean {
    return true;
  }
  override get isSummary(): boolean {
    return this.summary === true;
  }
  override get emptyResult(): unknown {
    return this.definition.empty ?? null;
  }
  override groupBy(): Expression[] {
    return [];
  }
  /** `price__avg`: the name that it has where none is given. */
  get defaultAlias(): string {
    const first = this.inner;
    if (this.args.length !== 1 || !(first instanceof F)) refuse('Complex annotations require an alias');
    return `${first.name}__${this.definition.name.toLowerCase()}`;
  }
  override resolve(query: Query, options: ResolveOptions): Expression {
    const { name } = this.definition;
    const wholeKey = name === 'Count' ? countableKey : undefined;
    const resolved = this.mapSources((s) =>
      s.resolve(query, s instanceof F ? { ...options, wholeKey } : options),
    ) as Aggregate;
    resolved.args.forEach((arg, i) => {
      // What stands beside this one in the same row cannot be counted by it.
      const isNested = options.summarize ? [...arg.walk()].some((part) => part.isSummary) : arg.containsAggregate;
      if (!isNested && (options.summarize || !arg.containsOver)) return;
      const before = this.sources[i];
      const of = before instanceof F ? before.name : String(before);
      refuseName(`Cannot compute ${name}('${of}'): '${of}' is ${isNested ? 'an aggregate' : 'a window expression'}`);
    });
    return copy(resolved, { summary: options.summarize === true });
  }
  override sql(compiler: Compiler): string {
    const name = this.sample && this.definition.sampleSql ? this.definition.sampleSql : this.definition.sql;
    const args = this.args.map((s) => compiler.value(s));
    const [order, rows] = this.sources.slice(-2) as [Expression, Expression];
    const ordering = this.isOrderedByItself
      ? ` ORDER BY ${args[0]}${(order.inner as OrderBy).suffix}`
      : compiler.compile(order);
    return `${name}(${this.isDistinct ? 'DISTINCT ' : ''}${args.join(', ')}${ordering})${compiler.compile(rows)}`;
  }
  override toString(): string {
    return `${this.definition.name}(${this.args.map(String).join(', ')})`;
  }
}

/** Whether two expressions are one: written alike, with the same values. */
function alike(a: Expression, b: Expression): boolean {
  const [mine, others]: [unknown[], unknown[]] = [[], []];
  a.collect(mine);
  b.collect(others);
  return a.key() === b.key() && isDeepStrictEqual(mine, others);
}

/** Which rows are aggregated; without a condition, all of them. */
class RowFilter extends Expression {
  override sql(compiler: Compiler): string {
    const [rows] = this.sources;
    return rows ? writeOr(() => ` FILTER (WHERE ${rows.sql(compiler)})`, { full: '' }) : '';
  }
}

/** The callable of an aggregate: `Sum('price', { filter: Q(…) })`. */
/* @__NO_SIDE_EFFECTS__ */
function aggregate(definition: AggregateDefinition): (...given: unknown[]) => Expression {
  return (...args: unknown[]): Expression => {
    const options: AggregateOptions = takeOptions<AggregateOptions>(args, definition.name, OPTIONS);
    if (args.length !== definition.arity)
      refuse(
        `${definition.name} takes ${definition.arity} argument${definition.arity === 1 ? '' : 's'}, got ${args.length}.`,
      );
    if (options.distinct && !definition.distinct) refuse(`${definition.name} does not allow distinct.`);
    const star = args[0] === '*' && definition.name === 'Count';
    if (star && options.filter !== undefined && options.filter !== null)
      refuse('Star cannot be used with filter. Please specify a field');
    const sources = star ? [new Star()] : args.map(toExpression);
    const ordering = listOf(options.order_by ?? options.ordering).map(toOrder);
    if (ordering.length > 0 && !definition.ordering) refuse(`${definition.name} takes no ordering.`);
    const filter = (options.filter ?? undefined) === undefined ? [] : [conditionOf([options.filter])];
    const made = new Aggregate(definition, sources, ordering, filter, options);
    if (options.default === undefined || options.default === null) return made;
    if (definition.empty !== undefined) refuse(`${definition.name} does not allow default.`);
    return new WithDefault(COALESCE, [made, toOperand(options.default)]);
  };
}

const COALESCE: FuncDefinition = {
  name: 'Coalesce',
  // A default with a fraction makes decimals of whole numbers: numbers still, and cut where bigints are to come out.
  output(sources) {
    const type = firstOutput(sources);
    if (type?.family !== 'integer') return type;
    return type.mode === 'bigint' ? cut(type) : type.decode ? type : TYPES.integer;
  },
  write: call('COALESCE'),
  empty: firstResult,
  ofOneType: true,
};

/** `default`: what the aggregate gives of no rows. */
class WithDefault extends Func {
  get defaultAlias(): string {
    return (this.inner as Aggregate).defaultAlias;
  }
  override get isSummary(): boolean {
    return this.inner.isSummary;
  }
}

const float = (): FieldType => TYPES.float;
/** Whole numbers average to a fraction, times of day to an interval; numeric stays numeric, in the column's own mode. */
const average = (sources: readonly Expression[]): FieldType | undefined => {
  const type = firstOutput(sources);
  if (type?.family === 'time') return TYPES.interval;
  return type?.family === 'integer' || type?.family === 'float' ? TYPES.float : type && withFraction(type);
};
/** A sum of whole numbers is wider than they are; of those that are read as bigints it is numeric, whose half is no bigint. */
const sum = (sources: readonly Expression[]): FieldType | undefined => {
  const type = firstOutput(sources);
  if (type?.family !== 'integer') return type;
  return type.mode === 'bigint' ? { ...TYPES.numeric, mode: 'bigint', decode: tolerantDecoder(type) } : TYPES.bigint;
};
const bool = (): FieldType => TYPES.boolean;
const count = (): FieldType => TYPES.bigint;
/** Of arrays it is an array of the same type: PostgreSQL has one for any number of dimensions. */
const arrayOf = (sources: readonly Expression[]): FieldType => {
  const type = firstOutput(sources) ?? TYPES.unknown;
  return type.element ? type : arrayTypeOf(type);
};

const simple = /* @__NO_SIDE_EFFECTS__ */ (
  name: string,
  output: AggregateDefinition['output'],
  more: Partial<AggregateDefinition> = {},
) => aggregate({ name, sql: sqlName(name), output, arity: 1, distinct: false, ...more });
const pair = /* @__NO_SIDE_EFFECTS__ */ (name: string, more: Partial<AggregateDefinition> = {}) =>
  simple(name, float, { arity: 2, ...more });

export const Count = simple('Count', count, { distinct: true, empty: 0 });
export const Sum = simple('Sum', sum, { distinct: true });
export const Avg = simple('Avg', average, { distinct: true });
export const Min = simple('Min', firstOutput);
export const Max = simple('Max', firstOutput);
export const AnyValue = simple('AnyValue', firstOutput);
export const StdDev = simple('StdDev', average, { sql: 'STDDEV_POP', sampleSql: 'STDDEV_SAMP' });
export const Variance = simple('Variance', average, { sql: 'VAR_POP', sampleSql: 'VAR_SAMP' });
export const ArrayAgg = simple('ArrayAgg', arrayOf, { distinct: true, ordering: true });
export const JSONBAgg = simple('JSONBAgg', () => TYPES.json, { sql: 'JSONB_AGG', distinct: true, ordering: true });
export const BoolAnd = simple('BoolAnd', bool);
export const BoolOr = simple('BoolOr', bool);
export const BitAnd = simple('BitAnd', firstOutput);
export const BitOr = simple('BitOr', firstOutput);
export const BitXor = simple('BitXor', firstOutput);
export const Corr = pair('Corr');
export const CovarPop = pair('CovarPop', { sampleSql: 'COVAR_SAMP' });
const regression = /* @__NO_SIDE_EFFECTS__ */ (name: string, more: Partial<AggregateDefinition> = {}) =>
  pair(`Regr${name}`, { sql: `REGR_${name.toUpperCase()}`, ...more });
export const RegrAvgX = regression('AvgX');
export const RegrAvgY = regression('AvgY');
export const RegrCount = regression('Count', { output: count, empty: 0 });
export const RegrIntercept = regression('Intercept');
export const RegrR2 = regression('R2');
export const RegrSlope = regression('Slope');
export const RegrSXX = regression('SXX');
export const RegrSXY = regression('SXY');
export const RegrSYY = regression('SYY');

const stringAgg = pair('StringAgg', { output: () => TYPES.text, distinct: true, ordering: true });
/** `StringAgg('name', ', ')`, `StringAgg('name', { delimiter: Value(', ') })`. */
export const StringAgg = (expression: unknown, ...given: unknown[]): Expression => {
  const names = ['delimiter'];
  const { delimiter, ...options } = argumentsOf<{ delimiter: unknown }>('StringAgg', given, names, OPTIONS);
  if (!isText(delimiter) && !(delimiter instanceof Expression))
    refuse(`StringAgg takes a delimiter, got ${shown(delimiter)}.`);
  return stringAgg(expression, toOperand(delimiter), options);
};

/** An aggregate, or one with a default: what `aggregate()` and positional `annotate()` take by its own name. */
export function defaultAliasOf(expression: unknown): string {
  if (expression instanceof Expression && 'defaultAlias' in expression) return expression.defaultAlias as string;
  refuse('Complex expressions require an alias');
}
