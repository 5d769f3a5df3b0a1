/** `Q`, `F` and the expressions that are made of conditions or of other querysets. */
import type { AnyBuilder } from './augment.js';
import type {
  Arg,
  Call,
  CheckedRef,
  Evaluated,
  Expression,
  FieldRef,
  FieldType,
  Give,
  KindOfOutput,
  Known,
  Literal,
  Operand,
  OutputField,
  Ref,
  RelationRef,
  SpecOf,
  Under,
  WithField,
} from './expression.js';
import type { CarriesConditions, Where } from './filter.js';
import type { Typed } from './lookup.js';
import type { ElementFamily } from './path.js';
import type { ATTR, CHECK, EVAL, For, HasColumn, HasRow, Hidden, Invalid, LOOKUP, Output, SPEC } from './tags.js';

/**
 * A condition. `Conditions` is what it says, for the model that it will meet; nothing is left to check where the model
 * was known when it was written.
 */
export interface Q<N = never, Conditions = Checked>
  extends CarriesConditions<Conditions>,
    Hidden<SPEC, Under<Conditions, Give<Truth>>>,
    Hidden<EVAL, <X>(model: X) => Output<KindOfOutput<Evaluated<X, Under<Conditions, Give<Truth>>>>>>,
    For<N> {
  // The first operand is written before its place is known; the place still tells the second, through what is returned.
  // What is said is not asked for where any condition is wanted: `R` is inferred from there.
  and<const B = Checked, At = N, R = Conditions | B>(other: QOperand<At, B>): Q<At, R>;
  or<const B = Checked, At = N, R = Conditions | B>(other: QOperand<At, B>): Q<At, R>;
  xor<const B = Checked, At = N, R = Conditions | B>(other: QOperand<At, B>): Q<At, R>;
  not<At = N, R = Conditions>(): Q<At, R>;
}

/** What a condition gives as a value: null where it is about what is null. */
type Truth = Typed<'bool', boolean | null>;
/** Nothing left to check. */
export type Checked = Record<never, never>;

/** Another `Q`, Drizzle's SQL, or an expression that is a condition. */
type QOperand<N, B> = Q<N, B> | Sql | Predicate<unknown, N>;
interface Sql {
  getSQL(): unknown;
}

/**
 * A condition of its own, to be combined: `Q({ box: null }).or(Q({ name: 'x' }))`. Other conditions come first, as in
 * `filter()`: a `Q`, an expression or Drizzle's SQL.
 */
export declare function Q<N extends string = never, const W = Checked, const W2 = never, const W3 = never>(
  first?: QArg<N, W>,
  second?: QArg<N, W2>,
  third?: QArg<N, W3>,
): Q<N, ConditionsOf<N, W> | ConditionsOf<N, W2> | ConditionsOf<N, W3>>;

type QArg<N, W> = [N] extends [never] ? W : W & Where<N, keyof W>;

/** A field's value. */
export declare function F<N extends string = never, const P extends string = string>(
  name: Arg<N, P>['checked'],
): FieldRef<[N] extends [never] ? Ref<P> : CheckedRef<P>, N>;

/** A literal. */
export declare function Value<const T, const O = unknown>(
  value: T,
  options?: O extends AnyBuilder ? O : Known<O, OutputField>,
): Expression<Give<T extends null ? Typed<'other', null> : FieldOr<O, Literal<T>>>>;
/** The type that an output field says, alone or by its name. */
type FieldOr<O, T> = O extends AnyBuilder
  ? FieldType<O>
  : O extends { output_field: infer Field }
    ? FieldType<Field>
    : T;

export declare function ExpressionWrapper<
  N extends string = never,
  const A extends Operand = Operand,
  Field extends AnyBuilder = AnyBuilder,
>(
  expression: Arg<N, A>['checked'],
  output_field: Field | { output_field: Field },
): Expression<Call<'field', [Give<FieldType<Field>>, SpecOf<A>]>, N>;

// --- Case --------------------------------------------------------------------------------------------------------

/** One branch of a `Case`. */
export interface When<Spec, N = never> extends For<N> {
  readonly branch: Spec;
}

/** `When({ name: 'x' }, { then: … })`, `When(Q(…), { then: … })`, `When(Q(…), expression)`, `When({ name: 'x', then: … })`. */
export declare function When<N extends string = never, const W extends { then: Operand } = { then: Operand }>(
  branch: [N] extends [never] ? W : W & Where<N, Exclude<keyof W, 'then'>>,
): When<Under<[N] extends [never] ? Omit<W, 'then'> : Checked, SpecOf<W['then']>>, N>;
export declare function When<
  N extends string = never,
  const W = Checked,
  const T extends Operand | { then: Operand } = Operand,
>(
  condition: QArg<N, W>,
  then: T,
): When<Under<ConditionsOf<N, W>, SpecOf<T extends { then: infer Result } ? Result : T>>, N>;

/** What is left to check: an expression stands for itself. */
type ConditionsOf<N, W> = [N] extends [never]
  ? W extends { readonly [K in CHECK]: <M>(model: M) => unknown }
    ? W extends Q<never, infer C>
      ? C
      : Checked
    : W extends Sql
      ? Checked
      : W
  : Checked;

/** The first branch whose condition holds. Without a `default`, null when none does. */
export declare function Case<N extends string = never, const A extends readonly CasePart<N>[] = readonly CasePart<N>[]>(
  ...parts: A
): Expression<CaseSpec<A>, N>;

type CasePart<N> = (For<N> & { readonly branch: unknown }) | CaseOptions;
export interface CaseOptions extends OutputField {
  default?: Operand;
  readonly branch?: never;
}

type CaseSpec<A extends readonly unknown[]> = A extends readonly [...infer Branches, infer Last]
  ? Last extends { readonly branch: unknown }
    ? Call<'case', [...Results<A>, Give<Typed<'other', null>>]>
    : WithResult<
        Last,
        [...Results<Branches>, Last extends { default: infer D } ? SpecOf<D> : Give<Typed<'other', null>>]
      >
  : Give<Typed<'other', null>>;
type WithResult<O, Specs extends readonly unknown[]> = O extends { output_field: infer Field }
  ? Call<'field', [Give<FieldType<Field>>, ...Specs]>
  : Call<'case', Specs>;
type Results<A extends readonly unknown[]> = {
  -readonly [I in keyof A]: A[I] extends { readonly branch: infer Spec } ? Spec : never;
};

// --- other querysets ---------------------------------------------------------------------------------------------

/** A field of the queryset around. It is checked when the query is made, for only then is there one around. */
export declare function OuterRef(name: string | Expression<unknown>): FieldRef<Give<Typed<'other', never>>>;

/** The one value of another queryset; null where it has no row. */
export declare function Subquery<T, const O = unknown>(
  queryset: QuerySetOf<T>,
  options?: O extends AnyBuilder ? O : Known<O, OutputField>,
): Subquery<WithField<Give<OneValue<T>>, O extends AnyBuilder ? { output_field: O } : O>, T>;
/** It stands right of `in`, too, as its queryset does. */
export interface Subquery<Spec, T> extends Expression<Spec>, HasColumn<T> {}
// An OuterRef is of a type that is not seen (never): so is what selects it.
type QuerySetOf<T> = [T] extends [never]
  ? HasColumn<T> & HasRow<unknown>
  : [T] extends [Invalid<infer Sentence>]
    ? Invalid<Sentence>
    : HasColumn<T> & HasRow<unknown>;
// A text may be of a text column, a numeric, a date or an interval.
type OneValue<T> = [T] extends [never]
  ? Typed<'other', NonNullable<unknown> | null>
  : [Exclude<T, null>] extends [string]
    ? Typed<'custom', T | null>
    : Typed<ElementFamily<Exclude<T, null>>, T | null>;

/** All values of another queryset's one column, as an array. */
export declare function ArraySubquery<T>(queryset: QuerySetOf<T>): Expression<Give<Typed<'array', T[]>>>;

/** An expression that is true or false: a condition, too. */
export interface Predicate<Spec, N = never> extends Expression<Spec, N> {
  and<const B = Checked, At = N>(other: QOperand<At, B>): Q<At, B>;
  or<const B = Checked, At = N>(other: QOperand<At, B>): Q<At, B>;
  xor<const B = Checked, At = N>(other: QOperand<At, B>): Q<At, B>;
  not(): Predicate<Spec, N>;
}

/** Whether another queryset has a row. */
export declare function Exists(queryset: HasRow<unknown>): Predicate<Give<Typed<'bool', boolean>>>;

/** A relation of its own, whose rows meet a condition; later calls use it by the name that it is given. */
export declare function FilteredRelation<N extends string = never, const P extends string = string, const C = Checked>(
  relation: Arg<N, P>['checked'],
  options?: { condition?: Q<N, C> },
): FilteredRelation<P, N, C>;
export interface FilteredRelation<Path extends string, N = never, Conditions = Checked>
  extends Expression<Under<Conditions, RelationRef<Path>>, N> {}

/** SQL of your own, `%s` for each parameter. */
export declare function RawSQL<const O = unknown>(
  sql: string,
  params?: readonly unknown[],
  options?: O extends AnyBuilder ? O : Known<O, OutputField>,
): Expression<Give<FieldOr<O, Typed<'other', unknown>>>>;

/** `Prefetch('toppings', queryset, 'to_attr')`, `Prefetch('toppings', queryset, { to_attr })` or `Prefetch('toppings', { queryset, to_attr })`. */
export interface Prefetch<Lookup extends string, Row, Attr>
  extends HasRow<Row>,
    Hidden<LOOKUP, Lookup>,
    Hidden<ATTR, Attr> {}
export declare function Prefetch<const P extends string, Row = unknown, const Attr = unknown>(
  lookup: P,
  options: { queryset?: HasRow<Row> | null; to_attr?: Attr & string },
): Prefetch<P, Row, Attr>;
export declare function Prefetch<const P extends string, Row = unknown, const Attr = unknown>(
  lookup: P,
  queryset?: HasRow<Row> | null,
  to_attr?: (Attr & string) | { to_attr?: Attr & string },
): Prefetch<P, Row, Attr>;
