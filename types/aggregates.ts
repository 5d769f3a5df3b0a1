/** Aggregates. */
import type {
  Aggregated,
  Arg,
  Call,
  Expression,
  Give,
  Known,
  Operand,
  OutputField,
  Ref,
  SpecOf,
  WithField,
} from './expression.js';
import type { Condition } from './filter.js';
import type { Typed } from './lookup.js';
import type { ALIAS, EVAL, Hidden, Place } from './tags.js';
import type { KeyName, Keys, OrderOf, SpecsOfKeys } from './window.js';

/** An aggregate, and the name that it has as a positional argument. */
export interface Aggregate<Spec, N, Alias> extends Expression<Aggregated<Spec>, N>, Hidden<ALIAS, Alias> {}

export interface AggregateOptions<N, Default = unknown> extends OutputField {
  /** Only the rows that meet this. */
  filter?: RowFilter<N>;
  /** What there is instead of null when there are no rows. */
  default?: Default;
}
/** A `Q`, an expression or Drizzle's SQL: an object of lookups goes into a `Q`. */
type RowFilter<N> = Condition<N> & ({ readonly [K in EVAL]: unknown } | { getSQL(): unknown });

interface Distinct {
  distinct?: boolean;
}
export interface OrderedOptions<N> extends AggregateOptions<N>, Distinct {
  ordering?: OrderKey<N> | readonly OrderKey<N>[];
  /** The same, by its name since Django 5.2. */
  order_by?: OrderKey<N> | readonly OrderKey<N>[];
}
type OrderKey<N> = KeyName<N> | object;
/** The keys of the order are checked with what is aggregated. */
type OrderingOf<O> = O extends { ordering: infer K } ? SpecsOfKeys<Keys<K>> : OrderOf<O>;

type Alias<A, Name extends string> = SpecOf<A> extends Ref<infer Path> ? `${Path}__${Name}` : never;

/** A default takes the null away. */
type WithDefault<Spec, O> = WithField<
  O extends { default: infer D } ? (D extends null | undefined ? Spec : Call<'not_null', [Spec]>) : Spec,
  O
>;

export interface Aggregates<Rule extends string, Name extends string, Options = unknown> {
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>['checked'] | Place<N>,
    options?: Known<O, AggregateOptions<N> & Options>,
  ): Aggregate<WithDefault<Call<Rule, [SpecOf<A>]>, O>, N, Alias<A, Name>>;
}
export interface OrderedAggregates<Rule extends string, Name extends string, Options = unknown> {
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>['checked'] | Place<N>,
    options?: Known<O, OrderedOptions<N> & Options>,
  ): Aggregate<WithDefault<Call<Rule, [SpecOf<A>, ...OrderingOf<O>]>, O>, N, Alias<A, Name>>;
}
/** Statistics of two columns, `y` first. */
export interface Pairs<Rule extends string> {
  <N extends string = never, const Y extends Operand = Operand, const X extends Operand = Operand, const O = unknown>(
    y: Arg<N, Y>['checked'],
    x: Arg<N, X>['checked'],
    options?: Known<O, AggregateOptions<N>>,
  ): Expression<Aggregated<WithDefault<Call<Rule, [SpecOf<Y>, SpecOf<X>]>, O>>, N>;
}
interface Sample {
  /** Of a sample instead of the whole population. */
  sample?: boolean;
}

export declare function Count<N extends string = never, const A extends Operand = Operand>(
  expression: (A extends '*' ? A : Arg<N, A>['checked']) | Place<N>,
  options?: Omit<AggregateOptions<N>, 'default'> & Distinct,
): Aggregate<
  A extends '*' ? Give<Typed<'int', number>> : Call<'count', [SpecOf<A>]>,
  N,
  A extends '*' ? never : Alias<A, 'count'>
>;

export declare const Sum: Aggregates<'sum', 'sum', Distinct>;
export declare const Avg: Aggregates<'average', 'avg', Distinct>;
export declare const Min: Aggregates<'nullable', 'min'>;
export declare const Max: Aggregates<'nullable', 'max'>;
export declare const AnyValue: Aggregates<'nullable', 'anyvalue'>;
export declare const StdDev: Aggregates<'average', 'stddev', Sample>;
export declare const Variance: Aggregates<'average', 'variance', Sample>;
export declare const ArrayAgg: OrderedAggregates<'array', 'arrayagg'>;
export declare const JSONBAgg: OrderedAggregates<'json_array', 'jsonbagg'>;
export declare const BoolAnd: Aggregates<'bool_or_null', 'booland'>;
export declare const BoolOr: Aggregates<'bool_or_null', 'boolor'>;
export declare const BitAnd: Aggregates<'nullable', 'bitand'>;
export declare const BitOr: Aggregates<'nullable', 'bitor'>;
export declare const BitXor: Aggregates<'nullable', 'bitxor'>;

type Delimiter = string | Expression<Give<Typed<'text', string>>>;
/** `StringAgg('name', { delimiter: ', ' })` or `StringAgg('name', ', ')`: of two arguments, and so without a default alias. */
export declare function StringAgg<N extends string = never, const A extends Operand = Operand, const O = unknown>(
  expression: Arg<N, A>['checked'],
  options: Known<O, OrderedOptions<N> & { delimiter: Delimiter }>,
): Expression<Aggregated<WithDefault<Call<'text_or_null', [SpecOf<A>, ...OrderingOf<O>]>, O>>, N>;
export declare function StringAgg<N extends string = never, const A extends Operand = Operand, const O = unknown>(
  expression: Arg<N, A>['checked'],
  delimiter: Delimiter,
  options?: Known<O, OrderedOptions<N>>,
): Expression<Aggregated<WithDefault<Call<'text_or_null', [SpecOf<A>, ...OrderingOf<O>]>, O>>, N>;

export declare const Corr: Pairs<'float_or_null'>;
export declare function CovarPop<
  N extends string = never,
  const Y extends Operand = Operand,
  const X extends Operand = Operand,
  const O = unknown,
>(
  y: Arg<N, Y>['checked'],
  x: Arg<N, X>['checked'],
  options?: Known<O, AggregateOptions<N> & Sample>,
): Expression<Aggregated<WithDefault<Call<'float_or_null', [SpecOf<Y>, SpecOf<X>]>, O>>, N>;
export declare const RegrAvgX: Pairs<'float_or_null'>;
export declare const RegrAvgY: Pairs<'float_or_null'>;
export declare const RegrCount: Pairs<'count'>;
export declare const RegrIntercept: Pairs<'float_or_null'>;
export declare const RegrR2: Pairs<'float_or_null'>;
export declare const RegrSlope: Pairs<'float_or_null'>;
export declare const RegrSXX: Pairs<'float_or_null'>;
export declare const RegrSXY: Pairs<'float_or_null'>;
export declare const RegrSYY: Pairs<'float_or_null'>;
