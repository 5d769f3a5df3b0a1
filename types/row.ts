/** What a row has of its own and with it: the chain's last word on `select_related`, `prefetch_related`, `only` and `dates`. */
import type { Prefetch } from './conditions.js';
import type { Annotated, With } from './annotate.js';
import type { Instance, InstanceBase, RelationProperties, ValuesOf } from './instance.js';
import type { Expected, NameArg } from './order.js';
import type { NameInUse, NotADate, NotARelation, NotItsInstances, NoRelation, NotToOne } from './message.js';
import type { Walk } from './path.js';
import type { Accessors, AnyModel, ColumnsIn, Forward, HeadOf, ModelOf, Relation, RelationKind } from './schema.js';
import type { Carrying, HasModel, InstanceOf, Invalid, Lesser } from './tags.js';
import type { Sure } from './values.js';

// --- relations loaded with the row -----------------------------------------------------------------------------

type ToOne = 'forward' | 'reverse_one';

/** A path over to-one relations. */
type SelectArg<M extends AnyModel, Path> = Path extends string
  ? CheckSelect<M, Path, Path, ''>
  : Path extends null
    ? null
    : ToOneNames<M>;

export type SelectArgs<in out M extends AnyModel, in out A> = {
  // What is right is the argument itself, for inference to find, which is kept from the rest as in `NameArg`.
  [I in keyof A]: A[I] extends NoInfer<SelectArg<M, A[I]>>
    ? A[I]
    : NoInfer<SelectArg<M, A[I]>> extends infer Known
      ? Known
      : never;
};

// A conditional type, so that an error shows the names.
export type ToOneNames<M extends AnyModel> = M extends AnyModel
  ? {
      [K in keyof M['relations']]: M['relations'][K] extends { readonly kind: ToOne } ? K : never;
    }[keyof M['relations']] &
      string
  : never;

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

/**
 * A row with what `select_related` adds to it: each relation on a path, loaded. `null` takes all of them back.
 */
export type WithSelected<M extends AnyModel, Row, A extends readonly unknown[]> = A extends readonly []
  ? With<Row, M['extra'] extends Lesser ? AllOfLess<Row, SelectedAll<M>> : SelectedAll<M>>
  : A extends readonly [null]
    ? Unloaded<M, Row, ToOneNames<M>>
    : With<Row, M['extra'] extends Lesser ? SelectedOfLess<M, Row, Sure<A>> : Selected<M, Sure<A>>>;
/** A row on which these relations are not loaded. */
type Unloaded<M extends AnyModel, Row, Names> = [Names & keyof Row] extends [never]
  ? Row
  : With<Lacking<Row, Names>, RelationProperties<M['forward']>>;

type Selected<M extends AnyModel, Paths> = Intersect<Paths extends string ? [SelectedOne<M, Paths>] : never>;

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

// The same where `only()` or `defer()` has taken columns from the rows of relations. A program of its own: what a
// conditional type gives shows without its name.
type SelectedOfLess<M extends AnyModel, Row, Paths> = Intersect<
  Paths extends string ? [OneOfLess<M, Row, Paths>] : never
>;
type OneOfLess<M extends AnyModel, Row, Path extends string> = Path extends `${infer Head}__${infer Rest}`
  ? Head extends keyof M['relations']
    ? M['relations'][Head] extends Relation<RelationKind, infer Target, infer Null, unknown>
      ? {
          [K in Head]:
            | With<LessRow<Row, K, Instance<Target['carrier']>>, OneOfLess<Target, LessRow<Row, K, unknown>, Rest>>
            | Null;
        }
      : unknown
    : unknown
  : { [K in keyof SelectedOne<M, Path>]: LessRow<Row, K, SelectedOne<M, Path>[K]> };
type AllOfLess<Row, All> = { [K in keyof All]: LessRow<Row, K, All[K]> };
type LessRow<Row, K, Whole> = K extends keyof Row ? NonNullable<Row[K]> | Extract<Whole, null> : Whole;

/** `select_related()` without names: every relation that cannot be missing. */
type SelectedAll<M extends AnyModel> = M extends AnyModel
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
  [I in keyof A]: A[I] extends NoInfer<PrefetchArg<M, A[I], unknown, A>>
    ? A[I]
    : NoInfer<PrefetchArg<M, A[I], Row, A>> extends infer Known
      ? Known
      : never;
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

/** A row after `prefetch_related()`: `null` takes back what has been added, save to-one relations, which may be joined. */
export type PrefetchedRow<M extends AnyModel, Row, A extends readonly unknown[]> = A extends readonly [null]
  ? Unfetched<Row, Exclude<keyof Row, keyof Instance<M['carrier']> | keyof M['extra'] | ToOneNames<M>>>
  : WithPrefetched<M, Row, Sure<A>>;
type Unfetched<Row, Names> = [Names] extends [never] ? Row : Lacking<Row, Names>;

/**
 * A row with what `prefetch_related` adds: `toppings: Topping[]`, or what a `Prefetch` says. What was there under a name
 * is gone on from.
 */
type WithPrefetched<M extends AnyModel, Row, P> = [P] extends [never]
  ? Row
  : With<[P] extends [string] ? Row : Unfilled<Row, NameAdded<Exclude<P, string>>>, Prefetched<M, Row, P>>;
/** Without the relations that a `Prefetch` fills in: an instance's own property would make its rows whole again. */
type Unfilled<Row, Names> = [Names & keyof Row] extends [never] ? Row : Lacking<Row, Names>;

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
): Promise<WithPrefetched<ModelOfRow<Row>, Row, Sure<A>>[]>;

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
  : K extends Loaded<Row, K>
    ? GoneOn<Row[K], Onward<P, K>>
    : Filling<P, K> extends readonly [infer Path, infer Rows]
      ? PrefetchedRows<M, Path, Rows, Onward<P, K>>
      : never;
// What the row has already is not fetched anew.
type Loaded<Row, K> = K extends keyof Row ? (undefined extends Row[K] ? never : K) : never;
type PrefetchedRows<M extends AnyModel, Path, Rows, Rest> = Path extends keyof Properties<M>
  ? Properties<M>[Path] extends Relation<infer Kind, infer Target, infer Null, unknown>
    ? unknown extends Rows
      ? Many<Kind, WithPrefetched<Target, Instance<Target['carrier']>, Rest>, Null>
      : // The queryset may leave it out.
        Many<Kind, WithPrefetched<Target, Rows, Rest>, null>
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

/** A row of `only()`: the key, what was named, and what is no column. What an earlier one left out is there again. */
export type OnlyRow<M extends AnyModel, Row, Names> =
  Row extends HasModel<string>
    ? WithMissing<
        M,
        RelatedRows<M, Row, NotOnly<M, Names | HeadOf<Names>>, Names, 'only'>,
        KeyColumns<M> | ColumnsNamed<M, Names | HeadOf<Names>>
      >
    : Row;
type NotOnly<M extends AnyModel, Kept> = Exclude<keyof M['columns'], ColumnsNamed<M, Kept> | KeyColumns<M>>;
type WithMissing<M extends AnyModel, Row, Columns> = [Columns] extends [keyof Row]
  ? Row
  : With<Row, Pick<ValuesOf<M['columns']>['values'], Columns & keyof M['columns']>>;

/** A row of `defer()`; `defer(null)` takes back what has been left out. The key is always loaded. */
export type DeferRow<M extends AnyModel, Row, Names> =
  Row extends HasModel<string>
    ? [Names] extends [null]
      ? WithMissing<M, Row, keyof M['columns']>
      : RelatedRows<M, Row, Exclude<ColumnsNamed<M, Names>, KeyColumns<M>>, Names, 'defer'>
    : Row;

/** Without columns, also of the rows that were loaded over relations. */
type RelatedRows<M extends AnyModel, Row, Columns, Names, How> = [Through<M, Row, Names>] extends [never]
  ? Lacking<Row, Columns>
  : With<
      Lacking<Row, Columns | Through<M, Row, Names>>,
      { [K in Through<M, Row, Names>]: Related<Row[K], Onward<Names, K>, How> }
    >;
type Through<M extends AnyModel, Row, Names> = HeadOf<Names> & keyof M['relations'] & keyof Row;
type Related<Row, Names, How> =
  Row extends HasModel<infer N>
    ? How extends 'only'
      ? OnlyRow<ModelOf<N>, Row, Names>
      : DeferRow<ModelOf<N>, Row, Names>
    : Row;

/** The model, which remembers that the rows of relations have less in them than they could: `select_related` asks. */
export type LessName<N, Names> = [HeadOf<Names>] extends [never] ? N : Annotated<ModelOf<N>, Lesser>['carrier'];

/** An instance without some properties. Its methods stay those of a class, which a spread leaves behind. */
export type Lacking<Row, Names> =
  Row extends HasModel<infer N extends string> ? InstanceBase<N> & Rest<Row, Names & keyof Row> : Row;
type Rest<Row, Names> = {
  [K in keyof Row as K extends keyof InstanceBase<string> | Names ? never : K]: ValueIn<Row, K>;
};
/**
 * `Row[K]`, of a loaded relation by its own name: what a row has by itself, `Box | undefined`, and what was loaded are else made
 * into one type that has none, whose parts no declaration file may name.
 */
type ValueIn<Row, K extends keyof Row> =
  Row extends With<infer Less, infer More>
    ? unknown extends More
      ? Row[K]
      : K extends keyof More
        ? K extends keyof Less
          ? Both<More[K], ValueIn<Less, K>>
          : More[K]
        : ValueIn<Less, K & keyof Less>
    : Row[K];
type Both<New, Old> = [New] extends [Old] ? New : New & Old;

type ColumnsNamed<M extends AnyModel, Names> = Names extends keyof M['columns']
  ? Names
  : Names extends keyof M['forward']
    ? M['forward'][Names] extends { readonly via: infer Column }
      ? ColumnsIn<Column>
      : never
    : never;
export type KeyColumns<M extends AnyModel> = M['key'] extends readonly (infer K)[] ? K : M['key'];

/** See `NameArg` for why it is a property. */
export interface DateArg<in out M extends AnyModel, in out Path extends string, in out Families> {
  readonly checked: NoInfer<Walk<M, Path>> extends { readonly typed: { readonly family: Families } }
    ? Path
    : NoInfer<Walk<M, Path>> extends { readonly end: 'value' | 'alias' }
      ? Invalid<NotADate<`'${Path}'`>>
      : NameArg<M, Path>['field'];
}
