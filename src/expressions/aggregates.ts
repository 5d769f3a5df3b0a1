/** Aggregates: one value of many rows, with `distinct`, `filter`, `default` and `ordering`. */
import type { Compiler } from '../compile/compiler.js';
import { EmptyResultSet, FullResultSet } from './empty.js';
import type { Query } from '../compile/query.js';
import { FieldError, ValueError } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { arrayType, type FieldType, TYPES, typeOfOutput } from '../meta/field-type.js';
import { orderOf, toOperand, UserExpression, Value } from './base.js';
import { copy, Expression, type ResolveOptions } from './expression.js';
import { isOptions } from './func.js';
import { conditionOf, Q } from './q.js';
import { F, Star, toExpression } from './refs.js';
import { typeKey } from './wrapper.js';

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
  readonly delimiter?: unknown;
  readonly ordering?: unknown;
  /** Its name since Django 5.2. */
  readonly order_by?: unknown;
}

const OPTIONS = ['distinct', 'filter', 'default', 'output_field', 'sample', 'delimiter', 'ordering', 'order_by'];

export class Aggregate extends UserExpression {
  readonly type: FieldType | undefined;
  readonly isDistinct: boolean;
  readonly sample: boolean;
  override get windowCompatible(): boolean {
    return true;
  }
  private readonly summary: boolean = false;
  constructor(
    readonly definition: AggregateDefinition,
    readonly args: readonly Expression[],
    readonly ordering: readonly Expression[],
    readonly filter: Expression | undefined,
    options: AggregateOptions,
  ) {
    super();
    this.isDistinct = options.distinct === true;
    this.sample = options.sample === true;
    this.type =
      options.output_field === undefined || options.output_field === null
        ? undefined
        : typeOfOutput(options.output_field);
  }
  override get sources(): readonly Expression[] {
    return this.filter ? [...this.args, ...this.ordering, this.filter] : [...this.args, ...this.ordering];
  }
  override withSources(sources: readonly Expression[]): Expression {
    const n = this.args.length;
    const m = n + this.ordering.length;
    return copy(this, {
      args: sources.slice(0, n),
      ordering: sources.slice(n, m),
      filter: this.filter && sources[m],
    });
  }
  protected override ownKey(): string {
    return `${this.definition.name}${this.isDistinct ? 'd' : ''}${this.sample ? 's' : ''}${this.ordering.length}${this.filter ? 'f' : ''}${typeKey(this.type)}`;
  }
  override get output(): FieldType | undefined {
    return this.type ?? this.definition.output(this.args);
  }
  override get conditional(): boolean {
    return this.output?.family === 'boolean';
  }
  override get containsAggregate(): boolean {
    return true;
  }
  override get isSummary(): boolean {
    return this.summary;
  }
  override groupBy(): Expression[] {
    return [];
  }
  /** `price__avg`: the name that it has where none is given. */
  get defaultAlias(): string {
    const [first] = this.args;
    if (this.args.length !== 1 || !(first instanceof F)) throw new TypeError('Complex annotations require an alias');
    return `${first.name}__${this.definition.name.toLowerCase()}`;
  }
  override resolve(query: Query, options: ResolveOptions): Expression {
    const wholeKey = this.definition.name === 'Count';
    const args = this.args.map((a) => a.resolve(query, a instanceof F ? { ...options, wholeKey } : options));
    const ordering = this.ordering.map((a) => a.resolve(query, options));
    const filter = this.filter?.resolve(query, options);
    if (!options.summarize) {
      args.forEach((arg, i) => {
        if (arg.containsAggregate) {
          const before = this.args[i];
          const name = before instanceof F ? before.name : String(before);
          throw new FieldError(`Cannot compute ${this.definition.name}('${name}'): '${name}' is an aggregate`);
        }
        if (arg.containsOver)
          throw new FieldError(
            `Cannot compute ${this.definition.name}('${String(this.args[i])}'): it is a window expression`,
          );
      });
    }
    return copy(this, { args, ordering, filter, summary: options.summarize === true });
  }
  override sql(compiler: Compiler): string {
    let filter = '';
    if (this.filter) {
      try {
        filter = ` FILTER (WHERE ${compiler.condition(this.filter)})`;
      } catch (error) {
        if (!(error instanceof FullResultSet)) throw error instanceof EmptyResultSet ? error : error;
      }
    }
    const name = this.sample && this.definition.sampleSql ? this.definition.sampleSql : this.definition.sql;
    const args = this.args.map((a) => compiler.compile(a)).join(', ');
    const ordering =
      this.ordering.length > 0 ? ` ORDER BY ${this.ordering.map((o) => compiler.compile(o)).join(', ')}` : '';
    return `${name}(${this.isDistinct ? 'DISTINCT ' : ''}${args}${ordering})${filter}`;
  }
  override toString(): string {
    return `${this.definition.name}(${this.args.map(String).join(', ')})`;
  }
}

function toOrder(value: unknown): Expression {
  if (typeof value === 'string') return value.startsWith('-') ? new F(value.slice(1)).desc() : new F(value).asc();
  return orderOf(toOperand(value));
}

/** The callable of an aggregate: `Sum('price', { filter: Q(…) })`. */
function aggregate(definition: AggregateDefinition) {
  return (...given: unknown[]): Expression => {
    const args = [...given];
    const last = args[args.length - 1];
    const options: AggregateOptions = isOptions(last) ? (args.pop() as AggregateOptions) : {};
    for (const key of Object.keys(options)) {
      if (!OPTIONS.includes(key))
        throw new ValueError(`${definition.name} has no option '${key}'. Options: ${OPTIONS.join(', ')}`);
    }
    if (args.length !== definition.arity)
      throw new ValueError(
        `${definition.name} takes ${definition.arity} argument${definition.arity === 1 ? '' : 's'}, got ${args.length}.`,
      );
    if (options.distinct && !definition.distinct) throw new ValueError(`${definition.name} does not allow distinct.`);
    const star = args[0] === '*' && definition.name === 'Count';
    if (star && options.filter !== undefined && options.filter !== null)
      throw new ValueError('Star cannot be used with filter. Please specify a field');
    const sources = star ? [new Star()] : args.map(toExpression);
    if (definition.name === 'StringAgg') sources.push(new Value(delimiterOf(options.delimiter)));
    const sortedBy = options.order_by ?? options.ordering;
    const ordering = sortedBy === undefined || sortedBy === null ? [] : [sortedBy].flat().map(toOrder);
    if (ordering.length > 0 && !definition.ordering) throw new ValueError(`${definition.name} takes no ordering.`);
    const filter = options.filter === undefined || options.filter === null ? undefined : asFilter(options.filter);
    const made = new Aggregate(definition, sources, ordering, filter, options);
    if (options.default === undefined || options.default === null) return made;
    if (definition.empty !== undefined) throw new ValueError(`${definition.name} does not allow default.`);
    return new WithDefault(made, toOperand(options.default));
  };
}

function delimiterOf(value: unknown): string {
  if (typeof value !== 'string') throw new ValueError(`StringAgg takes a delimiter, got ${shown(value)}.`);
  return value;
}

function asFilter(value: unknown): Expression {
  return value instanceof Q ? value : conditionOf([value]);
}

/** `default`: what the aggregate gives of no rows. */
class WithDefault extends UserExpression {
  constructor(
    readonly inner: Expression,
    readonly fallback: Expression,
  ) {
    super();
  }
  get defaultAlias(): string {
    return (this.inner as Aggregate).defaultAlias;
  }
  override get sources(): readonly Expression[] {
    return [this.inner, this.fallback];
  }
  override withSources([inner, fallback]: readonly Expression[]): Expression {
    return copy(this, { inner: inner as Expression, fallback: fallback as Expression });
  }
  override get output(): FieldType | undefined {
    return this.inner.output;
  }
  override get isSummary(): boolean {
    return this.inner.isSummary;
  }
  override sql(compiler: Compiler): string {
    return `COALESCE(${compiler.compile(this.inner)}, ${compiler.compile(this.fallback)})`;
  }
}

const first = (sources: readonly Expression[]): FieldType | undefined => sources[0]?.output;
const float = (): FieldType => TYPES.float;
/** Whole numbers average to a fraction; numeric stays numeric, in the column's own mode. */
const average = (sources: readonly Expression[]): FieldType | undefined => {
  const type = first(sources);
  return type?.family === 'integer' || type?.family === 'float' ? TYPES.float : type;
};
/** A sum of whole numbers is wider than they are. */
const sum = (sources: readonly Expression[]): FieldType | undefined => {
  const type = first(sources);
  if (type?.family !== 'integer') return type;
  return type.mode === 'bigint' ? type : TYPES.bigint;
};
const bool = (): FieldType => TYPES.boolean;
const count = (): FieldType => TYPES.bigint;
const arrays = new WeakMap<FieldType, FieldType>();
const arrayOf = (sources: readonly Expression[]): FieldType => {
  const element = first(sources) ?? TYPES.unknown;
  let made = arrays.get(element);
  if (!made) arrays.set(element, (made = arrayType(element)));
  return made;
};

const simple = (
  name: string,
  sql: string,
  output: AggregateDefinition['output'],
  more: Partial<AggregateDefinition> = {},
) => aggregate({ name, sql, output, arity: 1, distinct: false, ...more });
const pair = (name: string, sql: string, output: AggregateDefinition['output'] = float) =>
  aggregate({ name, sql, output, arity: 2, distinct: false });

export const Count = simple('Count', 'COUNT', count, { distinct: true, empty: 0 });
export const Sum = simple('Sum', 'SUM', sum, { distinct: true });
export const Avg = simple('Avg', 'AVG', average, { distinct: true });
export const Min = simple('Min', 'MIN', first);
export const Max = simple('Max', 'MAX', first);
export const AnyValue = simple('AnyValue', 'ANY_VALUE', first);
export const StdDev = simple('StdDev', 'STDDEV_POP', average, { sampleSql: 'STDDEV_SAMP' });
export const Variance = simple('Variance', 'VAR_POP', average, { sampleSql: 'VAR_SAMP' });
export const ArrayAgg = simple('ArrayAgg', 'ARRAY_AGG', arrayOf, { distinct: true, ordering: true });
export const JSONBAgg = simple('JSONBAgg', 'JSONB_AGG', () => TYPES.json, { distinct: true, ordering: true });
export const BoolAnd = simple('BoolAnd', 'BOOL_AND', bool);
export const BoolOr = simple('BoolOr', 'BOOL_OR', bool);
export const BitAnd = simple('BitAnd', 'BIT_AND', first);
export const BitOr = simple('BitOr', 'BIT_OR', first);
export const BitXor = simple('BitXor', 'BIT_XOR', first);
export const Corr = pair('Corr', 'CORR');
export const CovarPop = aggregate({
  name: 'CovarPop',
  sql: 'COVAR_POP',
  sampleSql: 'COVAR_SAMP',
  output: float,
  arity: 2,
  distinct: false,
});
export const RegrAvgX = pair('RegrAvgX', 'REGR_AVGX');
export const RegrAvgY = pair('RegrAvgY', 'REGR_AVGY');
export const RegrCount = pair('RegrCount', 'REGR_COUNT', count);
export const RegrIntercept = pair('RegrIntercept', 'REGR_INTERCEPT');
export const RegrR2 = pair('RegrR2', 'REGR_R2');
export const RegrSlope = pair('RegrSlope', 'REGR_SLOPE');
export const RegrSXX = pair('RegrSXX', 'REGR_SXX');
export const RegrSXY = pair('RegrSXY', 'REGR_SXY');
export const RegrSYY = pair('RegrSYY', 'REGR_SYY');

const stringAgg = simple('StringAgg', 'STRING_AGG', () => TYPES.text, { distinct: true, ordering: true });
export const StringAgg = (expression: unknown, ...rest: unknown[]): Expression => {
  const [delimiter, options] = typeof rest[0] === 'string' ? [rest[0], rest[1] ?? {}] : [undefined, rest[0] ?? {}];
  return stringAgg(expression, { ...(delimiter === undefined ? {} : { delimiter }), ...(options as object) });
};

/** An aggregate, or one with a default: what `aggregate()` and positional `annotate()` take by its own name. */
export function defaultAliasOf(expression: unknown): string {
  if (expression instanceof Expression && 'defaultAlias' in expression) return expression.defaultAlias as string;
  throw new TypeError('Complex expressions require an alias');
}
