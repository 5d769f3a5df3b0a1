/** What a row is: the chain's last word on `values`, `values_list`, `select_related`, `prefetch_related`, `only` and `dates`. */
import type { Prefetch } from './conditions.js';
import type { AnnotatedName, DefaultName, Extras, With } from './annotate.js';
import type { CheckedRef, Expression, ExpressionArg, OutputOf, Ref } from './expression.js';
import type { Instance } from './instance.js';
import type { EndOf, Expected, FieldArg, NotAField } from './order.js';
import type {
  FlatNeedsOne,
  FlatOrNamed,
  NameInUse,
  NeedsAName,
  NotADate,
  NotARelation,
  NotItsInstances,
  NoRelation,
  NotToOne,
} from './message.js';
import type { Walk } from './path.js';
import type { Accessors, AnyModel, ColumnValue, Forward, ModelOf, Relation, RelationKind } from './schema.js';
import type { Carrying, EVAL, HasModel, InstanceOf, Invalid, Later } from './tags.js';

/** The value that a path gives. */
export type ValueAt<M extends AnyModel, Path> = Path extends string ? Walk<M, Path>['out'] : never;

// --- values ----------------------------------------------------------------------------------------------------

type IsExpression = { readonly [K in EVAL]: unknown } | { getSQL: unknown };

/** A name, an expression, or the trailing object of named expressions. */
type ValuesArg<M extends AnyModel, A> = EndOf<M, A> extends 'value' | 'relation' ? A : Later<OtherValuesArg<M, A>>;

export type ValuesArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: ValuesArg<M, A[I]>;
};

type OtherValuesArg<M extends AnyModel, A> = string extends A ? M['names'] : UnnamedArg<M, A>;
type UnnamedArg<M extends AnyModel, A> = A extends string
  ? NotAField<M, A>
  : A extends IsExpression
    ? [ValueName<A>] extends [never]
      ? Invalid<NeedsAName>
      : [ValueName<A>] extends [Taken<M>]
        ? Invalid<NameInUse<M['name'], ValueName<A>>>
        : ExpressionArg<M, A>
    : A extends object
      ? { [K in keyof A]: K extends Taken<M> ? Invalid<NameInUse<M['name'], K & string>> : ExpressionArg<M, A[K]> }
      : M['names'];
type Taken<M extends AnyModel> = M['keys'] | keyof M['relations'];

/** The key that an expression without a name has in `values()`. */
type ValueName<A> = A extends Expression<Ref<infer Path> | CheckedRef<infer Path>> ? Path : DefaultName<A>;
/** The expressions that are given without a name, by those. */
type Unnamed<A extends readonly unknown[]> = {
  [E in Extract<A[number], IsExpression> as ValueName<E>]: E;
};

type NamesIn<A extends readonly unknown[]> = Extract<A[number], string>;
type NamedIn<A extends readonly unknown[]> = A extends readonly [...unknown[], infer Last]
  ? Last extends string | IsExpression
    ? unknown
    : Last
  : unknown;

/** The model, with the names of the expressions that `values()` was given. */
export type ValuesName<N, A extends readonly unknown[]> = A extends readonly string[]
  ? N
  : AnnotatedName<ModelOf<N>, Extras<ModelOf<N>, NamedIn<A> & Unnamed<A>>>;

/** Every column and annotation: `values()` with nothing named. */
export type AllValues<M extends AnyModel> = {
  [K in keyof M['columns'] | keyof M['extra']]: K extends keyof M['columns']
    ? ColumnValue<M['columns'][K]>
    : K extends keyof M['extra']
      ? ValueAt<M, K>
      : never;
};

export type ValuesRow<M extends AnyModel, A extends readonly unknown[]> = A extends readonly []
  ? AllValues<M>
  : A extends readonly string[]
    ? { [K in A[number]]: ValueAt<M, K> }
    : {
        [K in NamesIn<A> | keyof NamedIn<A> | keyof Unnamed<A>]: K extends keyof NamedIn<A>
          ? OutputOf<M, NamedIn<A>[K]>
          : K extends keyof Unnamed<A>
            ? OutputOf<M, Unnamed<A>[K]>
            : ValueAt<M, K>;
      };

export interface ListOptions {
  flat?: boolean;
  named?: boolean;
}

/** The same for `values_list`, whose trailing object holds its options. */
type ListArg<M extends AnyModel, A, All> =
  EndOf<M, A> extends 'value' | 'relation' ? A : Later<OtherListArg<M, A, All>>;

export type ListArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: ListArg<M, A[I], A>;
};

type OtherListArg<M extends AnyModel, A, All> = string extends A ? M['names'] : UnnamedListArg<M, A, All>;
type UnnamedListArg<M extends AnyModel, A, All> = A extends string
  ? NotAField<M, A>
  : A extends IsExpression
    ? ExpressionArg<M, A>
    : A extends object
      ? OptionsArg<A, All>
      : M['names'];

type OptionsArg<O, All> = O extends { flat: true; named: true }
  ? Invalid<FlatOrNamed>
  : O extends { flat: true }
    ? All extends readonly [unknown, unknown]
      ? ListOptions
      : Invalid<FlatNeedsOne>
    : ListOptions;

type Fields<A extends readonly unknown[]> = A extends readonly [...infer Rest, infer Last]
  ? Last extends string | IsExpression
    ? A
    : Rest
  : A;
type OptionsIn<A extends readonly unknown[]> = A extends readonly [...unknown[], infer Last] ? Last : unknown;

type FieldValue<M extends AnyModel, F> = F extends string ? ValueAt<M, F> : OutputOf<M, F>;

export type ListRow<M extends AnyModel, A extends readonly unknown[]> = A extends readonly [string, ...string[]]
  ? NamedRow<M, A>
  : ListRowOf<M, A>;
// `Names` has no constraint: see the arguments in order.ts.
type NamedRow<M extends AnyModel, Names> = { -readonly [I in keyof Names]: Walk<M, Names[I]>['out'] };

type ListRowOf<M extends AnyModel, A extends readonly unknown[]> =
  OptionsIn<A> extends { flat: true }
    ? Fields<A> extends readonly [infer One]
      ? FieldValue<M, One>
      : never
    : OptionsIn<A> extends { named: true }
      ? NamedTuple<M, Fields<A>>
      : Fields<A> extends readonly []
        ? AllValues<M>[keyof AllValues<M>][]
        : Tuple<M, Fields<A>>;

type Tuple<M extends AnyModel, F extends readonly unknown[]> = { -readonly [I in keyof F]: FieldValue<M, F[I]> };

/** A row of `values_list(…, { named: true })`: the tuple, whose items have names too. */
type NamedTuple<M extends AnyModel, F extends readonly unknown[]> = F extends readonly []
  ? AllValues<M>[keyof AllValues<M>][] & Readonly<AllValues<M>>
  : Tuple<M, F> & { readonly [K in Extract<F[number], string>]: ValueAt<M, K> };

// --- relations loaded with the row -----------------------------------------------------------------------------

type ToOne = 'forward' | 'reverse_one';

/** A path over to-one relations. */
type SelectArg<M extends AnyModel, Path> = Path extends string
  ? CheckSelect<M, Path, Path, ''>
  : Path extends null
    ? null
    : ToOneNames<M>;

export type SelectArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: SelectArg<M, A[I]>;
};

export type ToOneNames<M extends AnyModel> = {
  [K in keyof M['relations']]: M['relations'][K] extends { readonly kind: ToOne } ? K : never;
}[keyof M['relations']] &
  string;

type CheckSelect<
  M extends AnyModel,
  Whole,
  Path extends string,
  Pre extends string,
> = Path extends `${infer Head}__${infer Rest}`
  ? Head extends keyof M['relations']
    ? M['relations'][Head] extends Relation<ToOne, infer Target, unknown, unknown>
      ? CheckSelect<Target, Whole, Rest, `${Pre}${Head}__`>
      : NoSelect<M, Head, Pre>
    : NoSelect<M, Head, Pre>
  : Path extends keyof M['relations']
    ? M['relations'][Path] extends { readonly kind: ToOne }
      ? Whole
      : NoSelect<M, Path, Pre>
    : NoSelect<M, Path, Pre>;

// A conditional type, so that an error shows what it gives and not its own name with all that it was given. A name that is
// any string is not known yet.
type NoSelect<M extends AnyModel, Written extends string, Pre extends string> = string extends Written
  ? ToOneNames<M>
  : Expected<Carrying<WhyNoSelect<M, Written>, `${Pre}${ToOneNames<M>}`>>;
type WhyNoSelect<M extends AnyModel, Written extends string> = Written extends keyof M['columns']
  ? NotARelation<M['name'], Written>
  : Written extends keyof M['relations']
    ? NotToOne<M['name'], Written>
    : NoRelation<M['name'], Written, ToOneNames<M>>;

/** What `select_related` adds to an instance: each relation on the path, loaded. */
export type Selected<M extends AnyModel, Paths> = Intersect<Paths extends string ? [SelectedOne<M, Paths>] : never>;

type Intersect<Union> = (Union extends [infer One] ? (x: One) => void : never) extends (x: infer All) => void
  ? All
  : unknown;

type SelectedOne<M extends AnyModel, Path extends string> = Path extends `${infer Head}__${infer Rest}`
  ? Head extends keyof M['relations']
    ? M['relations'][Head] extends Relation<RelationKind, infer Target, infer Null, unknown>
      ? { [K in Head]: With<Instance<Target['carrier']>, SelectedOne<Target, Rest>> | Null }
      : unknown
    : unknown
  : Path extends keyof M['relations']
    ? M['relations'][Path] extends Relation<RelationKind, infer Target, infer Null, unknown>
      ? { [K in Path]: Instance<Target['carrier']> | Null }
      : unknown
    : unknown;

/** `select_related()` without names: every relation that cannot be missing. */
export type SelectedAll<M extends AnyModel> = M extends AnyModel
  ? {
      -readonly [K in keyof M['forward'] as M['forward'][K] extends Relation<'forward', AnyModel, never, unknown>
        ? K
        : never]: M['forward'][K] extends Relation<'forward', infer Target, never, unknown>
        ? Instance<Target['carrier']>
        : never;
    }
  : never;

/** The relations of a model by the name that their property has on an instance. */
export type Properties<M extends AnyModel> = Forward<M['name'], M['schema']> & Accessors<M['name'], M['schema']>;

/** `Row` is what the lookups are added to. */
export type PrefetchArgs<in out M extends AnyModel, in out A, in Row> = {
  [I in keyof A]: PrefetchArg<M, A[I], Row, A>;
};

type PrefetchArg<M extends AnyModel, P, Row, A> = P extends string
  ? CheckPrefetch<M, P, P, '', M, Row, A>
  : P extends null
    ? null
    : P extends Prefetch<infer Path, unknown, unknown>
      ? CheckPrefetch<M, P, Path, '', M, Row, A>
      : keyof Properties<M> & string;

type CheckPrefetch<
  M extends AnyModel,
  Whole,
  Path extends string,
  Pre extends string,
  Root extends AnyModel,
  Row,
  A,
> = Path extends `${infer Head}__${infer Rest}`
  ? Head extends keyof Properties<M>
    ? Properties<M>[Head] extends { readonly target: infer Target extends AnyModel }
      ? CheckPrefetch<Target, Whole, Rest, `${Pre}${Head}__`, Root, Row, A>
      : never
    : AddedModel<Root, Row, A, `${Pre}${Head}`> extends infer Target extends AnyModel
      ? [Target] extends [never]
        ? NoPrefetch<M, Head, Pre>
        : CheckPrefetch<Target, Whole, Rest, `${Pre}${Head}__`, Root, Row, A>
      : never
  : Path extends keyof Properties<M>
    ? PrefetchEnd<M, Properties<M>[Path], Whole>
    : NoPrefetch<M, Path, Pre>;

/** The model of what stands under a path once all is prefetched: a path may go on from another's `to_attr`. */
type AddedModel<M extends AnyModel, Row, A, Path extends string> = A extends readonly (infer P)[]
  ? ModelBehind<WithPrefetched<M, Row, P>, Path>
  : never;
type ModelBehind<Row, Path extends string> = Path extends `${infer Head}__${infer Rest}`
  ? Head extends keyof Row
    ? ModelBehind<ItemOf<Row[Head]>, Rest>
    : never
  : Path extends keyof Row
    ? ModelOfRow<ItemOf<Row[Path]>>
    : never;
type ItemOf<T> = NonNullable<T> extends readonly (infer Item)[] ? Item : NonNullable<T>;

/** A `Prefetch` has whole instances of the relation's model, and a name that is no column's. */
type PrefetchEnd<M extends AnyModel, R, Whole> =
  Whole extends Prefetch<string, infer Row, infer Attr>
    ? Attr extends M['keys']
      ? Invalid<NameInUse<M['name'], Attr & string>>
      : unknown extends Row
        ? Whole
        : R extends { readonly target: infer Target extends AnyModel }
          ? Row extends InstanceOf<Target['name']>
            ? Whole
            : Invalid<NotItsInstances<Target['name']>>
          : never
    : Whole;

type NoPrefetch<M extends AnyModel, Written extends string, Pre extends string> = string extends Written
  ? keyof Properties<M> & string
  : Expected<Carrying<WhyNoPrefetch<M, Written>, `${Pre}${keyof Properties<M> & string}`>>;
type WhyNoPrefetch<M extends AnyModel, Written extends string> = Written extends keyof M['columns']
  ? NotARelation<M['name'], Written>
  : NoRelation<M['name'], Written, keyof Properties<M>>;

/**
 * A row with what `prefetch_related` adds: `toppings: Topping[]`, or what a `Prefetch` says. What was there under a name
 * is gone on from.
 */
export type WithPrefetched<M extends AnyModel, Row, P> = [P] extends [null] ? Row : With<Row, Prefetched<M, Row, P>>;

/**
 * Loads relations of instances that are there already. Gives the same instances, with what they have now in their type.
 * @param instances of one model
 * @param lookups paths of relations, and `Prefetch(…)`, as `prefetch_related()` takes them
 * @throws ValueError for what is no instance, for instances of several models, for a path that is none
 * @see https://docs.djangoproject.com/en/stable/ref/models/querysets/#prefetch-related-objects
 */
export declare function prefetch_related_objects<
  Row extends HasModel<string>,
  const A extends readonly (string | object)[],
>(
  instances: Iterable<Row>,
  ...lookups: PrefetchArgs<ModelOfRow<Row>, A, Row>
): Promise<WithPrefetched<ModelOfRow<Row>, Row, A[number]>[]>;

type ModelOfRow<Row> = Row extends HasModel<infer N> ? ModelOf<N> : never;

// Conditional, as `ExtraData` is: an editor shows the properties and not what they were made of.
type Prefetched<M extends AnyModel, Row, P> = M extends AnyModel
  ? { [K in NameAdded<P>]: PrefetchedAt<M, Row, P, K> }
  : never;

/** The property that a lookup fills in. */
type NameAdded<P> = P extends string
  ? string extends P
    ? never
    : HeadName<P>
  : P extends Prefetch<infer Path, unknown, infer Attr>
    ? Path extends `${infer Head}__${string}`
      ? Head
      : unknown extends Attr
        ? Path
        : Attr & string
    : never;
type HeadName<P> = P extends `${infer Head}__${string}` ? Head : P;

/** The lookups that go on from a name. */
type Onward<P, K extends string> = P extends `${K}__${infer Rest}`
  ? Rest
  : P extends Prefetch<`${K}__${infer Rest}`, infer Row, infer Attr>
    ? Prefetch<Rest, Row, Attr>
    : never;
/** The `Prefetch` that fills a name in: its relation and its rows. */
type Filling<P, K> =
  P extends Prefetch<infer Path, infer Row, unknown>
    ? Path extends `${string}__${string}`
      ? never
      : NameAdded<P> extends K
        ? readonly [Path, Row]
        : never
    : never;

type PrefetchedAt<M extends AnyModel, Row, P, K extends string> = [Filling<P, K>] extends [never]
  ? K extends keyof Row
    ? GoneOn<Row[K], Onward<P, K>>
    : PrefetchedRows<M, K, unknown, Onward<P, K>>
  : Filling<P, K> extends readonly [infer Path, infer Rows]
    ? PrefetchedRows<M, Path, Rows, Onward<P, K>>
    : never;
type PrefetchedRows<M extends AnyModel, Path, Rows, Rest> = Path extends keyof Properties<M>
  ? Properties<M>[Path] extends Relation<infer Kind, infer Target, infer Null, unknown>
    ? Many<Kind, WithPrefetched<Target, unknown extends Rows ? Instance<Target['carrier']> : Rows, Rest>, Null>
    : unknown
  : unknown;
/** The same of what is there already. */
type GoneOn<T, Rest> = T extends readonly (infer Item)[]
  ? GoneOn<Item, Rest>[]
  : T extends HasModel<infer N>
    ? WithPrefetched<ModelOf<N>, T, Rest>
    : Exclude<T, undefined>;

type Many<Kind, Row, Null> = Kind extends ToOne ? Row | Null : Row[];

// --- only, defer, dates ----------------------------------------------------------------------------------------

/** The columns that `only` leaves out: all but the key and the named ones. */
export type NotOnly<M extends AnyModel, Kept> = Exclude<keyof M['columns'], ColumnsNamed<M, Kept> | KeyColumns<M>>;
export type ColumnsNamed<M extends AnyModel, Names> = Names extends keyof M['columns']
  ? Names
  : Names extends keyof M['forward']
    ? M['forward'][Names] extends { readonly via: infer Column }
      ? Column
      : never
    : never;
export type KeyColumns<M extends AnyModel> = M['key'] extends readonly (infer K)[] ? K : M['key'];

export type DateArg<M extends AnyModel, Path extends string, Families> =
  Walk<M, Path> extends {
    readonly typed: { readonly family: Families };
  }
    ? Path
    : Walk<M, Path> extends { readonly end: 'value' }
      ? Invalid<NotADate<`'${Path}'`>>
      : FieldArg<M, Path>;
