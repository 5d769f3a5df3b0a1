/**
 * Expressions. Each carries a `Spec`, a tree of the field names, literals and functions that it was made of, and is
 * worked out for a model only where it is used: `Lower('name')` belongs to no model until a queryset takes it.
 *
 * Where an expression is written inside a queryset's call, `M` is learned from that place, so that names complete and
 * a wrong one is marked at once; elsewhere `M` is `never`, and the use is what checks it.
 */
import type { AnyBuilder } from './augment.js';
import type { FamilyOf, Typed } from './lookup.js';
import type { FieldArg } from './order.js';
import type { ElementFamily, Walk } from './path.js';
import type { Rules } from './rules.js';
import type { AnyModel, Data, ModelOf } from './schema.js';
import type { EVAL, For, HasColumn, Hidden, Invalid, Output, SPEC } from './tags.js';

// --- specs -----------------------------------------------------------------------------------------------------

/** A field, by its path. */
export interface Ref<Path extends string> {
  readonly ref: Path;
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

/** What a spec gives for a model: `Typed`, or the sentence that says why it gives nothing. */
export type Evaluated<M, Spec> = M extends AnyModel
  ? Spec extends Ref<infer Path>
    ? Walk<M, M, Path>['typed']
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
        : never
  : never;

type Sentences<T> = Extract<T, Invalid<string>>;

/** The bare output: what a row holds. */
export type DataOf<T> = T extends Typed<string, infer D> ? D : T;

// --- expressions -----------------------------------------------------------------------------------------------

/** What may stand as an argument: a field's name, a literal, an expression, Drizzle's SQL. */
export type Operand = string | number | bigint | boolean | null | Date | object;

/** Names are checked where the model is known already. */
export type Arg<N, A> = [N] extends [never] ? A : A extends string ? FieldArg<ModelOf<N>, A> : A;

export type SpecOf<A> = A extends string
  ? Ref<A>
  : A extends { readonly [K in SPEC]: infer Spec }
    ? Spec
    : A extends HasColumn<infer T>
      ? Give<Typed<ElementFamily<T>, T | null>>
      : A extends { readonly _: { readonly brand: 'SQL'; readonly type: infer T } }
        ? Give<Typed<ElementFamily<Exclude<T, null>>, T>>
        : A extends { readonly _: { readonly notNull: infer NotNull; readonly data: infer T } }
          ? Give<Typed<ElementFamily<T>, NotNull extends true ? T : T | null>>
          : Give<Literal<A>>;

/** The type of a literal in SQL. */
export type Literal<T> = T extends null
  ? Typed<'other', null>
  : T extends number
    ? Typed<'int', number>
    : T extends boolean
      ? Typed<'bool', boolean>
      : T extends bigint
        ? Typed<'bigint', bigint>
        : T extends string
          ? Typed<'text', string>
          : T extends Date
            ? Typed<'datetime', Date>
            : Typed<ElementFamily<T>, T>;

export interface Expression<Spec, N = never>
  extends Hidden<SPEC, Spec>,
    Hidden<EVAL, <X>(model: X) => Output<DataOf<Evaluated<X, Spec>>>>,
    For<N> {
  add<const B extends Operand>(other: Arg<N, B>): Expression<Call<'plus', [Spec, SpecOf<B>]>, N>;
  sub<const B extends Operand>(other: Arg<N, B>): Expression<Call<'minus', [Spec, SpecOf<B>]>, N>;
  mul<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  div<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  mod<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  pow<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  neg(): Expression<Call<'same', [Spec]>, N>;
  bitand<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  bitor<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  bitxor<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  bitleftshift<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  bitrightshift<const B extends Operand>(other: Arg<N, B>): Expression<Call<'times', [Spec, SpecOf<B>]>, N>;
  asc(nulls?: NullsOrder): OrderBy<Spec, N>;
  desc(nulls?: NullsOrder): OrderBy<Spec, N>;
}

export interface NullsOrder {
  nulls_first?: boolean;
  nulls_last?: boolean;
}

/** A key of `order_by`. */
export interface OrderBy<Spec, N = never>
  extends Hidden<SPEC, Spec>,
    Hidden<EVAL, <X>(model: X) => Output<DataOf<Evaluated<X, Spec>>>>,
    For<N> {
  asc(nulls?: NullsOrder): OrderBy<Spec, N>;
  desc(nulls?: NullsOrder): OrderBy<Spec, N>;
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
