/**
 * Expressions. Each carries a `Spec`, a tree of the field names, literals and functions that it was made of, and is
 * worked out for a model only where it is used: `Lower('name')` belongs to no model until a queryset takes it.
 *
 * Where an expression is written inside a queryset's call, `M` is learned from that place, so that names complete and
 * a wrong one is marked at once; elsewhere `M` is `never`, and the use is what checks it.
 */
import type { AnyBuilder } from './augment.js';
import type { CheckConditions } from './filter.js';
import type { FamilyOf, KindOf, Typed } from './lookup.js';
import type { NoRelation, UnknownOption } from './message.js';
import type { NameArg } from './order.js';
import type { ElementFamily, Walk } from './path.js';
import type { Rules } from './rules.js';
import type { AnyModel, Data, ModelOf } from './schema.js';
import type { EVAL, For, HasColumn, Hidden, Invalid, Output, Place, SPEC, VALUE, Valid } from './tags.js';

// --- specs -----------------------------------------------------------------------------------------------------

/** A field, by its path. */
export interface Ref<Path extends string> {
  readonly ref: Path;
}
/** The same where the place has checked the path already: a wrong one is marked there, and here fits anywhere. */
export interface CheckedRef<Path extends string> {
  readonly checked: Path;
}
/** A value whose type is known without a model. */
export interface Give<T> {
  readonly give: T;
}
/** A function: the rule that says its output (a key of `Rules`), and the specs of its arguments. */
export interface Call<Rule extends string, Args extends readonly unknown[]> {
  readonly rule: Rule;
  readonly args: Args;
}

/** An object of specs: what `JSONObject` builds. */
export interface Fields<Specs> {
  readonly fields: Specs;
}
/** A spec that stands under conditions, which are checked with it. */
export interface Under<Conditions, Spec> {
  readonly under: Conditions;
  readonly spec: Spec;
}
/** A value of many rows: an aggregate, or SQL that may be one. */
export interface Aggregated<Spec> {
  readonly aggregated: Spec;
}
/** A relation, by its path: what `FilteredRelation` gives. */
export interface RelationRef<Path extends string> {
  readonly relation: Path;
}

/** What a spec gives for a model: `Typed`, or the sentence that says why it gives nothing. */
export type Evaluated<M, Spec> = M extends AnyModel
  ? Spec extends Ref<infer Path>
    ? Walk<M, Path>['typed']
    : Spec extends CheckedRef<infer Path>
      ? OrAnything<Walk<M, Path>['typed']>
      : Spec extends Call<infer Rule, infer Args>
        ? Rule extends keyof Rules<M, Args>
          ? Sentences<Evaluated<M, Args[number]>> extends infer Wrong
            ? [Wrong] extends [never]
              ? Rules<M, Args>[Rule]
              : Wrong
            : never
          : never
        : Spec extends Give<infer T>
          ? T
          : Spec extends Under<infer Conditions, infer Inner>
            ? Exclude<CheckConditions<M, Conditions>, Valid> extends infer Wrong
              ? [Wrong] extends [never]
                ? Evaluated<M, Inner>
                : Wrong
              : never
            : Spec extends Aggregated<infer Inner>
              ? Evaluated<M, Inner>
              : Spec extends Fields<infer Specs>
                ? Sentences<Evaluated<M, Specs[keyof Specs]>> extends infer Wrong
                  ? [Wrong] extends [never]
                    ? Typed<'json', { [K in keyof Specs]: JsonOf<Evaluated<M, Specs[K]>> }>
                    : Wrong
                  : never
                : Spec extends RelationRef<infer Path>
                  ? RelationAt<M, Path>
                  : never
  : never;

/** How a value comes out of a JSON document: numbers as numbers, the rest as text. */
export type JsonOf<T> =
  T extends Typed<infer F, infer D>
    ? F extends 'int' | 'bigint' | 'float' | 'decimal'
      ? number | Extract<D, null>
      : D extends Date | Uint8Array
        ? string
        : D
    : never;

type OrAnything<T> = T extends Invalid<string> ? Typed<'other', never> : T;

type RelationAt<M extends AnyModel, Path extends string> = Path extends keyof M['relations']
  ? M['relations'][Path]
  : Path extends `${infer Head}__${infer Rest}`
    ? M['relations'][Head] extends { readonly target: infer Target extends AnyModel }
      ? RelationAt<Target, Rest>
      : Invalid<NoRelation<M['name'], Head, keyof M['relations']>>
    : Invalid<NoRelation<M['name'], Path, keyof M['relations']>>;

type Sentences<T> = Extract<T, Invalid<string>>;

/** The kind of an output, for a place that asks for one. What has no kind (null, raw SQL, `OuterRef`) fits anywhere. */
export type KindOfOutput<T> =
  T extends Typed<infer F, infer D>
    ? T extends Typed<'custom' | 'other' | 'json_key', unknown>
      ? never
      : [D] extends [null]
        ? never
        : KindOf<F>
    : T;

/** The bare output: what a row holds. */
export type DataOf<T> = T extends Typed<string, infer D> ? D : T;

// --- expressions -----------------------------------------------------------------------------------------------

/**
 * What may stand as an argument: a field's name, a literal, an expression, a queryset, Drizzle's SQL. A plain object is a
 * call's options, and a list is written as `Value([…])`.
 */
export type Operand = string | number | bigint | boolean | null | Date | Uint8Array | Computable;
/** What the database works out. */
type Computable = { readonly [K in EVAL]: unknown } | { getSQL(): unknown };

/** An argument of a function: names are checked where the model is known already. See `NameArg` for why it is a property. */
export interface Arg<in out N, in out A> {
  readonly checked: [N] extends [never] ? A : A extends string ? NameArg<ModelOf<N>, A>['field'] : A;
}

export type SpecOf<A> = A extends string
  ? Ref<A>
  : A extends { readonly [K in SPEC]: infer Spec }
    ? Spec
    : A extends HasColumn<infer T>
      ? Give<Typed<ElementFamily<T>, T | null>>
      : A extends { readonly _: { readonly brand: 'SQL'; readonly type: infer T } }
        ? Aggregated<Give<Typed<ElementFamily<Exclude<T, null>>, T>>>
        : A extends { readonly _: { readonly notNull: infer NotNull; readonly data: infer T } }
          ? Give<Typed<ElementFamily<T>, NotNull extends true ? T : T | null>>
          : Give<Literal<A>>;

/** How a number is written that no integer of the database holds. */
type NotWhole = `${string}.${string}` | `${string}e${string}`;
/** The operand of an operator, where a text is a literal: a field is written `F('name')` there. */
export type OperandSpec<B> = B extends string ? Give<Typed<'text', B>> : SpecOf<B>;
/** The type of a literal in SQL, wide as a row holds it. A `number` that is no literal counts as whole. */
export type Literal<T> = T extends null
  ? Typed<'other', null>
  : T extends number
    ? Typed<`${T}` extends NotWhole ? 'decimal' : 'int', number>
    : T extends boolean
      ? Typed<'bool', boolean>
      : T extends bigint
        ? Typed<'bigint', bigint>
        : T extends string
          ? Typed<'text', string>
          : T extends Date
            ? Typed<'datetime', Date>
            : T extends readonly (infer E)[]
              ? Typed<'array', Literal<E>['data'][]>
              : Typed<ElementFamily<T>, T>;

export interface Expression<Spec, N = never>
  extends Hidden<SPEC, Spec>,
    Hidden<EVAL | VALUE, <X>(model: X) => Output<KindOfOutput<Evaluated<X, Spec>>>>,
    For<N> {
  add<const B extends Operand>(other: B): Expression<Call<'plus', [Spec, OperandSpec<B>]>, N>;
  sub<const B extends Operand>(other: B): Expression<Call<'minus', [Spec, OperandSpec<B>]>, N>;
  mul<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  div<const B extends Operand>(other: B): Expression<Call<'over', [Spec, OperandSpec<B>]>, N>;
  mod<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  pow<const B extends Operand>(other: B): Expression<Call<'raised', [Spec, OperandSpec<B>]>, N>;
  neg(): Expression<Call<'same', [Spec]>, N>;
  bitand<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  bitor<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  bitxor<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  bitleftshift<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  bitrightshift<const B extends Operand>(other: B): Expression<Call<'times', [Spec, OperandSpec<B>]>, N>;
  asc(nulls?: NullsOrder): OrderBy<Spec, N>;
  desc(nulls?: NullsOrder): OrderBy<Spec, N>;
}

/** A field by its name, that of the outer query too. */
export interface FieldRef<Spec, N = never> extends Expression<Spec, N> {
  /**
   * The characters of a text, or the elements of an array, from `start` to before `end`, counted from 0: `F('name')[:3]`
   * of Django is `F('name').slice(0, 3)`.
   * @throws ValueError for bounds that are no whole numbers or below zero; NotSupportedError for another field
   * @see https://docs.djangoproject.com/en/stable/ref/models/expressions/#slicing-f-expressions
   */
  slice(start: number, end?: number): Expression<Call<'slice', [Spec]>, N>;
}

export interface NullsOrder {
  nulls_first?: boolean;
  nulls_last?: boolean;
}

/** A key of `order_by`. */
export interface OrderBy<Spec, N = never>
  extends Hidden<SPEC, Spec>,
    Hidden<EVAL, <X>(model: X) => Output<KindOfOutput<Evaluated<X, Spec>>>>,
    For<N> {
  asc(): OrderBy<Spec, N>;
  desc(): OrderBy<Spec, N>;
  /** The other way round, NULLs too. */
  reverse_ordering(): OrderBy<Spec, N>;
}

/** What an expression gives for a model: the type of its place in a row. */
export type OutputOf<M extends AnyModel, E> = DataOf<TypedOf<M, E>>;
export type TypedOf<M extends AnyModel, E> = Evaluated<M, E extends string ? never : SpecOf<E>>;

/** An expression itself if it fits the model, else the sentence. */
export type ExpressionArg<M extends AnyModel, E> = E extends object
  ? TypedOf<M, E> extends Invalid<infer Sentence>
    ? Invalid<Sentence>
    : E
  : Expression<unknown>;

/** The output of a Drizzle column or column builder given as `output_field`. */
export type FieldType<Field> = Field extends AnyBuilder ? Typed<FamilyOf<Field>, Data<Field>> : Typed<'other', unknown>;

// --- shapes of functions -----------------------------------------------------------------------------------------

/** Options that a type parameter has taken in, where TypeScript would let pass a name that is none of them. */
export type Known<O, Options> = O &
  Options & { [K in Exclude<keyof O, keyof Options>]: Invalid<UnknownOption<K & string>> };

export interface OutputField<Field = unknown> {
  /** A Drizzle column or column builder: the type of what comes out. */
  output_field?: Field;
}
/** The spec, or what `output_field` says instead of it. */
export type WithField<Spec, O> = O extends { output_field: infer Field }
  ? Call<'field', [Give<FieldType<Field>>, Spec]>
  : Spec;

export type SpecsOf<A extends readonly unknown[]> = { -readonly [I in keyof A]: SpecOf<A[I]> };
export type Args<N, A extends readonly unknown[]> = { [I in keyof A]: Arg<N, A[I]>['checked'] };

/** A function of no argument. */
export interface Nullary<F extends string, T> {
  (): Expression<Give<Typed<F, T>>>;
}
/** A function of one field or expression; `Rule` says what it gives. */
export interface Unary<Rule extends string> {
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>['checked'] | Place<N>,
    options?: Known<O, OutputField>,
  ): Expression<WithField<Call<Rule, [SpecOf<A>]>, O>, N>;
}
export interface Binary<Rule extends string> {
  <N extends string = never, const A extends Operand = Operand, const B extends Operand = Operand, const O = unknown>(
    first: Arg<N, A>['checked'] | Place<N>,
    second: Arg<N, B>['checked'] | Place<N>,
    options?: Known<O, OutputField>,
  ): Expression<WithField<Call<Rule, [SpecOf<A>, SpecOf<B>]>, O>, N>;
}
/** A function of two or more. */
export interface Variadic<Rule extends string> {
  <
    N extends string = never,
    const A extends readonly (Operand | Required<OutputField>)[] = readonly (Operand | Required<OutputField>)[],
  >(
    ...expressions: Args<N, A>
  ): Expression<VariadicSpec<Rule, A>, N>;
}
type VariadicSpec<Rule extends string, A extends readonly unknown[]> = A extends readonly [
  ...infer Rest,
  { output_field: infer Field },
]
  ? Call<'field', [Give<FieldType<Field>>, Call<Rule, SpecsOf<Rest>>]>
  : Call<Rule, SpecsOf<A>>;
