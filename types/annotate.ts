/** `annotate`, `alias` and `aggregate`: named expressions, and positional ones under the name that Django gives them. */
import type {
  Aggregated,
  Call,
  CheckedRef,
  DataOf,
  Expression,
  Fields,
  Ref,
  SpecOf,
  TypedOf,
  Under,
} from './expression.js';
import type { Typed } from './lookup.js';
import type { AliasAggregated, NameInUse, NeedsAName, NotAnAggregate } from './message.js';
import type { Lacking } from './row.js';
import type { AnyModel, AnyRelation, Model, Relation, RelationKind } from './schema.js';
import type { ALIAS, Alias, Computed, EVAL, InstanceOf, Invalid } from './tags.js';

/** Drizzle's SQL, and a queryset as a subquery. */
interface Sql {
  getSQL(): unknown;
}

/** An argument: an expression with a default name, or an object of named ones. */
export type Annotatable<N> = Computed<N, unknown> | Sql | { readonly [name: string]: Computed<N, unknown> | Sql };

export type Nothing = Record<never, never>;

type IsExpression = { readonly [K in EVAL]: unknown } | Sql;

/** The named expressions that an argument stands for. */
export type NamedBy<A> = A extends { readonly [K in ALIAS]: infer Name extends string }
  ? { [K in OneName<Name>]: A }
  : A extends IsExpression
    ? Nothing
    : A;

/** The name that a positional expression has; a field that is one of several gives none. */
export type DefaultName<A> = A extends { readonly [K in ALIAS]: infer Name extends string } ? OneName<Name> : never;
type OneName<Name> = IsUnion<Name> extends true ? never : Name;

/** The names that no annotation may have: the model's own, and of `values()` those that were asked for. */
export type NamesInUse<M extends AnyModel, Row> =
  Row extends InstanceOf<string>
    ? M['keys'] | keyof M['relations'] | 'pk'
    : Row extends readonly unknown[]
      ? never
      : Exclude<M['names'] & keyof Row, keyof M['extra']>;

/** The sentences for what is wrong in an argument; `unknown` if nothing is. */
export type Wrong<M extends AnyModel, A, Names = never> = A extends IsExpression
  ? TypedOf<M, A> extends Invalid<infer Sentence>
    ? Invalid<Sentence>
    : [DefaultName<A>] extends [never]
      ? Invalid<NeedsAName>
      : unknown
  : {
      [K in keyof A as K extends Names ? K : WithSiblings<M, A, K> extends Invalid<string> ? K : never]: K extends Names
        ? Invalid<NameInUse<M['name'], K & string>>
        : WithSiblings<M, A, K>;
    };

/** The sentences for what is no aggregate among the named expressions of `aggregate()`. */
export type NoAggregates<M extends AnyModel, A> = A extends IsExpression
  ? unknown
  : {
      [K in keyof A as true extends IsAggregate<SpecOf<A[K]>, keyof M['extra'], keyof A> ? never : K]: Invalid<
        NotAnAggregate<K & string>
      >;
    };
/** The sentences for aliases that are aggregated: the rows that `aggregate()` is of do not have them. */
export type NoAliases<M extends AnyModel, A> = [AliasNames<M['extra']>] extends [never]
  ? unknown
  : A extends IsExpression
    ? [AliasIn<SpecOf<A>, AliasNames<M['extra']>>] extends [never]
      ? unknown
      : Invalid<AliasAggregated<AliasIn<SpecOf<A>, AliasNames<M['extra']>>>>
    : {
        [K in keyof A as [AliasIn<SpecOf<A[K]>, AliasNames<M['extra']>>] extends [never] ? never : K]: Invalid<
          AliasAggregated<AliasIn<SpecOf<A[K]>, AliasNames<M['extra']>>>
        >;
      };
type AliasNames<Extra> = { [K in keyof Extra & string]: Extra[K] extends Alias ? K : never }[keyof Extra & string];
type AliasIn<Spec, Aliases extends string> =
  Spec extends Aggregated<infer Inner>
    ? AliasIn<Inner, Aliases>
    : Spec extends Ref<infer Path> | CheckedRef<infer Path>
      ? Path & Aliases
      : Spec extends Call<string, infer Args>
        ? AliasIn<Args[number], Aliases>
        : Spec extends Under<unknown, infer Inner>
          ? AliasIn<Inner, Aliases>
          : never;
/** Is it of many rows, or may it be? An annotation may be an aggregate, and so may a condition on one. */
type IsAggregate<Spec, Annotations, Siblings> =
  Spec extends Aggregated<unknown>
    ? true
    : Spec extends Ref<infer Path> | CheckedRef<infer Path>
      ? Path extends Annotations | Siblings
        ? true
        : never
      : Spec extends Call<string, infer Args>
        ? IsAggregate<Args[number], Annotations, Siblings>
        : Spec extends Under<unknown, infer Inner>
          ? [Annotations] extends [never]
            ? IsAggregate<Inner, Annotations, Siblings>
            : true
          : Spec extends Fields<infer Specs>
            ? IsAggregate<Specs[keyof Specs], Annotations, Siblings>
            : never;

/** An expression may name another one of the same call, and that a third one. */
type WithSiblings<M extends AnyModel, A, K extends keyof A> =
  TypedOf<M, A[K]> extends Invalid<string> ? RoundOf<M, A>['all'][K & keyof RoundOf<M, A>['all']] : TypedOf<M, A[K]>;

/** The expressions of a call in rounds: those of a round may name those of the rounds before it. */
interface RoundOf<in out M extends AnyModel, in out A> {
  /** Those that name what is not known yet. */
  readonly open: { [K in keyof A]: TypedOf<M, A[K]> extends Invalid<string> ? K : never }[keyof A];
  readonly known: { [K in Exclude<keyof A, RoundOf<M, A>['open']>]: TypedOf<M, A[K]> };
  readonly all: [keyof A] extends [RoundOf<M, A>['open']]
    ? // They name one another, or what there is not.
      { [K in keyof A]: TypedOf<Annotated<M, { [N in Exclude<keyof A, K>]: TypedOf<M, A[N]> }>, A[K]> }
    : RoundOf<M, A>['known'] &
        RoundOf<Annotated<M, RoundOf<M, A>['known']>, Pick<A, RoundOf<M, A>['open'] & keyof A>>['all'];
}

/** Name → what the expression gives. A property, for an alias is compared by how it varies, which is all that an expression is. */
export interface ExtrasOf<in out M extends AnyModel, in out A> {
  readonly extras: { -readonly [K in keyof A]: WithSiblings<M, A, K> };
}

export type Aliases<X> = { [K in keyof X]: X[K] & Alias };
/** The names of annotations that a row has. */
export type Shown<X> = keyof { [K in keyof X as X[K] extends Alias | AnyRelation ? never : K]: K };

/** What `extra({ select })` adds: SQL text, whose type nobody here knows. */
export type SelectedSql<Select> = { -readonly [K in keyof Select]: Typed<'other', unknown> };

/** The model with more names; the later of two that are the same counts. */
export type Annotated<M extends AnyModel, X> = Model<M['name'], M['schema'], Over<M['extra'], X>>;
type Over<Old, X> = [keyof Old & keyof X] extends [never] ? Old & X : Omit<Old, keyof X> & X;

/** The values in the row; a `FilteredRelation` is none. A conditional type, whose result shows without this name. */
export type ExtraData<X> = X extends unknown
  ? { [K in keyof X as X[K] extends Relation<RelationKind, AnyModel, unknown, unknown> ? never : K]: DataOf<X[K]> }
  : never;

/**
 * A row with more in it. By a name, for an intersection forgets of what it was made: an editor shows
 * `With<Instance<"Pizza">, { n: number }>` instead of all that an instance has. What is new comes first: of two arrays
 * under one name the first says what `map()` is given.
 */
export type With<Row, More> = More & Row;

/** A row with the values of annotations; `Old` are those of the model. */
export type RowWith<Row, X, Old = unknown> = Row extends readonly unknown[]
  ? [...Row, ...ValuesInOrder<X>]
  : Row extends InstanceOf<string>
    ? With<[keyof Old & keyof X] extends [never] ? Row : Lacking<Row, keyof Old & keyof X>, ExtraData<X>>
    : Row extends Date | Uint8Array
      ? Row
      : Row extends object
        ? { [K in keyof Row | keyof X]: K extends keyof X ? DataOf<X[K]> : K extends keyof Row ? Row[K] : never }
        : Row;

// The order of an object's keys is not to be had from its type: with several, each place may be any of them.
type ValuesInOrder<X> =
  IsUnion<keyof X> extends true ? DataOf<X[keyof X]>[] : [keyof X] extends [never] ? [] : [DataOf<X[keyof X]>];
export type IsUnion<T, All = T> = [T] extends [never]
  ? false
  : T extends unknown
    ? [All] extends [T]
      ? false
      : true
    : never;

export type { Expression };
