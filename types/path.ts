/**
 * `'a__b__c'` read one hop at a time, tail-recursively. One walk a key: it ends in a `Hit`, a `RelationHit`, a `LookupHit`
 * or a `Miss`, whose properties are worked out only when somebody asks for them. The run-time twin is src/compile/path.ts.
 *
 * `M` is the model reached so far, `Null` is `null` once the way can be missing, `Whole` is the path as it was written.
 * What a step costs is paid by every key of every query: no `infer` where a property will do.
 */
import type { KindOf, Lookups, RelationLookups, RightSide, Same, Transforms, Typed, FamilyOf } from './lookup.js';
import type { LookupUsedAsField, NoField, NoLookup } from './message.js';
import type { AnyModel, AnyRelation, Data, HeadOf, KeyValue, NullOf } from './schema.js';
import type { Alias, Computed, HasColumn, HasNoColumn, HasRow, InstanceOf, Invalid, RowsFor } from './tags.js';

/** A path that gives a value; `'alias'` is the end of one that no row has. */
export interface Hit<in out F extends string, in out T, in out Null, in out End = 'value'> {
  readonly end: End;
  readonly side: 'same';
  readonly family: F;
  readonly data: T;
  readonly null: Null;
  readonly out: T | Null;
  readonly typed: Typed<F, T | Null>;
  readonly names: never;
}

/** A column at the end of a path. */
export interface ColumnHit<in out Builder, in out Null> {
  readonly end: 'value';
  readonly side: 'same';
  readonly family: FamilyOf<Builder>;
  readonly data: Data<Builder>;
  readonly null: Null | NullOf<Builder>;
  readonly out: Data<Builder> | NullOf<Builder> | Null;
  readonly typed: Typed<FamilyOf<Builder>, Data<Builder> | NullOf<Builder> | Null>;
  readonly names: never;
}

/** `pk` at the end of a path. Which column that is, is looked for only where a path asks. */
export interface KeyHit<in out M extends AnyModel, in out Null> {
  readonly end: 'value';
  readonly side: 'same';
  readonly family: FamilyOfKey<M>;
  readonly data: KeyValue<M>;
  readonly null: Null;
  readonly out: KeyValue<M> | Null;
  readonly typed: Typed<FamilyOfKey<M>, KeyValue<M> | Null>;
  readonly names: never;
}
type FamilyOfKey<M extends AnyModel> = M['key'] extends keyof M['columns'] ? FamilyOf<M['columns'][M['key']]> : 'other';

/** A path that ends on a relation: in a filter it takes instances and keys, as a value it gives the key. */
export interface RelationHit<in out Target extends AnyModel, in out Kind, in out Key, in out Null> {
  readonly end: 'relation';
  readonly side: 'same';
  readonly key: Key;
  readonly null: Null;
  readonly out: Key | Null;
  readonly typed: Typed<KeyFamily<Key>, Key | Null>;
  readonly names: never;
  readonly target: Target;
  readonly kind: Kind;
}

/** A path that ends in a lookup: it has a right-hand side, and gives nothing by itself. */
export interface LookupHit<in out F extends string, in out T, in out Null, in out Side, in out Whole> {
  readonly end: 'lookup';
  readonly side: Side;
  readonly family: F;
  readonly data: T;
  readonly null: Null;
  readonly out: Invalid<LookupUsedAsField<Whole & string>>;
  readonly typed: Invalid<LookupUsedAsField<Whole & string>>;
  readonly names: never;
}
/** The same on the name of a relation. */
export interface RelationLookupHit<in out Target extends AnyModel, in out Key, in out Null, in out Side, in out Whole> {
  readonly end: 'lookup';
  readonly side: Side;
  readonly target: Target;
  readonly key: Key;
  readonly null: Null;
  readonly out: Invalid<LookupUsedAsField<Whole & string>>;
  readonly typed: Invalid<LookupUsedAsField<Whole & string>>;
  readonly names: never;
}

/**
 * A path that leads nowhere (yet): a sentence for the reader, and the keys that would be valid. `Unread` is the rest of
 * the path from the name on that is wrong. While a call is being inferred its keys are not known and every walk ends
 * here, so that nothing is worked out before it is asked for.
 */
export interface NoSuchField<
  in out M extends AnyModel,
  in out Written extends string,
  in out Unread extends string,
  in out Whole,
> {
  readonly end: 'miss';
  readonly out: Invalid<NoField<M['name'], Written, M['names']>>;
  readonly typed: Invalid<NoField<M['name'], Written, M['names']>>;
  readonly names: `${Before<Whole, Unread>}${M['names']}`;
}
export interface NoSuchLookup<
  in out Written extends string,
  in out Names extends string,
  in out Unread extends string,
  in out Whole,
> {
  readonly end: 'miss';
  readonly out: Invalid<NoLookup<Before<Whole, `__${Unread}`>, Written, Names>>;
  readonly typed: Invalid<NoLookup<Before<Whole, `__${Unread}`>, Written, Names>>;
  readonly names: `${Before<Whole, Unread>}${Names}`;
}
type Before<Whole, Unread extends string> = Whole extends `${infer Read}${Unread}` ? Read : '';

interface ValueSide {
  readonly side: keyof RightSide<unknown, string, unknown, unknown>;
  readonly family: string;
  readonly data: unknown;
  readonly null: unknown;
}
interface RelationSide {
  readonly side: keyof RelationRight<unknown, AnyModel, unknown, unknown>;
  readonly target: AnyModel;
  readonly key: unknown;
  readonly null: unknown;
}

/** What may stand on the right of a path in a filter of the model. */
export type RightOf<M extends AnyModel, W> = W extends ValueSide
  ? RightSide<M['carrier'], W['family'], W['data'], W['null']>[W['side']]
  : W extends RelationSide
    ? RelationRight<M['carrier'], W['target'], W['key'], W['null']>[W['side']]
    : W extends { readonly out: infer Sentence }
      ? Sentence
      : never;

interface RelationRight<Root, Target extends AnyModel, Key, Null> {
  same: InstanceOf<Target['name']> | Key | Null | Computed<Root, KindOf<KeyFamily<Key>>>;
  // Of whole instances the column that the key points to is compared, whichever it is.
  list:
    | readonly (InstanceOf<Target['name']> | Key | Null)[]
    | ReadonlySet<InstanceOf<Target['name']> | Key | Null>
    | HasRow<InstanceOf<Target['name']>>
    | (HasColumn<Key | null> & (RowsFor<Target['name']> | Computed<Root, unknown>))
    | (Computed<Root, 'array'> & HasNoColumn);
  flag: boolean;
}

export type Walk<M extends AnyModel, Path, Null = never, Whole = Path> = Path extends M['keys']
  ? ColumnHit<M['columns'][Path], Null>
  : Path extends `${infer Head}__${infer Rest}`
    ? WalkOn<M, Head, M['hops'][Head], Rest, Null, Whole>
    : EndOn<M, Path & string, M['relations'][Path & string], Null, Whole>;

/**
 * One name further. `R` is the relation of that name, looked up once; `unknown` if there is none. It is asked in this
 * order because a type parameter that a condition has narrowed costs more at every use.
 */
type WalkOn<
  M extends AnyModel,
  Head extends string,
  R extends AnyRelation,
  Rest extends string,
  Null,
  Whole,
> = unknown extends R
  ? Head extends M['stems']
    ? WalkColumn<M['columns'][Head], Null, Rest, Whole>
    : Head extends HeadOf<keyof M['extra']>
      ? WalkAnnotation<M, AnnotationAt<M['extra'], `${Head}__${Rest}`>, Head, Rest, Null, Whole>
      : WalkOther<M, Head, Rest, Null, Whole>
  : Rest extends keyof RelationLookups
    ? WalkRelationLookup<M, R, Null, Rest, Whole>
    : Walk<R['target'], Rest, Null | R['null'], Whole>;

/** A way that leads nowhere (yet) may be the beginning of an annotation's name. */
type OrAnnotation<W, Names> = W extends { readonly end: 'miss'; readonly names: string } ? Beginning<W, Names> : W;
interface Beginning<W extends { readonly names: string }, Names> {
  readonly end: 'miss';
  readonly out: W['out' & keyof W];
  readonly typed: W['typed' & keyof W];
  readonly names: W['names'] | Names;
}

/** The annotation whose name a path is, or begins with. */
type AnnotationAt<Extra, Path extends string> = {
  [A in keyof Extra & string]: Path extends A | `${A}__${string}` ? A : never;
}[keyof Extra & string];

/** From a name that annotations begin with, as `Count('toppings')` does: one of them, as in Django, before all else. */
type WalkAnnotation<M extends AnyModel, A extends string, Head extends string, Rest extends string, Null, Whole> = [
  A,
] extends [never]
  ? unknown extends M['relations'][Head]
    ? Head extends M['keys']
      ? OrAnnotation<WalkColumn<M['columns'][Head], Null, Rest, Whole>, keyof M['extra'] & `${Head}__${string}`>
      : WalkOther<M, Head, Rest, Null, Whole>
    : OrAnnotation<WalkRelation<M, M['relations'][Head], Rest, Null, Whole>, keyof M['extra'] & `${Head}__${string}`>
  : `${Head}__${Rest}` extends `${A}__${infer Tail}`
    ? WalkExtra<M, M['extra'][A], Tail, Null, Whole>
    : EndOnExtra<M, M['extra'][A], Null>;

type WalkColumn<Builder, Null, Rest extends string, Whole> = WalkValue<
  FamilyOf<Builder>,
  Data<Builder>,
  Null | NullOf<Builder>,
  Rest,
  Whole
>;

/** `pk`, an annotation, or nothing. */
type WalkOther<M extends AnyModel, Head extends string, Rest extends string, Null, Whole> = Head extends 'pk'
  ? M['key'] extends keyof M['columns']
    ? Walk<M, `${M['key'] & string}__${Rest}`, Null, Whole>
    : WalkValue<'other', KeyValue<M>, Null, Rest, Whole>
  : Head extends keyof M['extra']
    ? WalkExtra<M, M['extra'][Head], Rest, Null, Whole>
    : NoSuchField<M, Head, `${Head}__${Rest}`, Whole>;

/** The last name of a path, if it is no column's. */
type EndOn<M extends AnyModel, Name extends string, R, Null, Whole> = R extends AnyRelation
  ? RelationHit<R['target'], R['kind'], ViaKey<M, R>, Null | R['null']>
  : Name extends 'pk'
    ? KeyHit<M, Null>
    : Name extends keyof M['extra']
      ? EndOnExtra<M, M['extra'][Name], Null>
      : NoSuchField<M, Name, Name, Whole>;

/** `box__in`, unless the model there has a field of that name. */
type WalkRelationLookup<
  M extends AnyModel,
  R extends AnyRelation,
  Null,
  Written extends keyof RelationLookups,
  Whole,
> = Written extends R['target']['names']
  ? Walk<R['target'], Written, Null | R['null'], Whole>
  : RelationLookupHit<R['target'], ViaKey<M, R>, Null | R['null'], RelationLookups[Written], Whole>;

/** The same for a relation that is not in `hops`: a `FilteredRelation`, or one that an annotation's name begins with. */
type WalkRelation<M extends AnyModel, R, Rest extends string, Null, Whole> = R extends AnyRelation
  ? Rest extends keyof RelationLookups
    ? WalkRelationLookup<M, R, Null, Rest, Whole>
    : Walk<R['target'], Rest, Null | R['null'], Whole>
  : never;

/** The key that a relation is compared by: a foreign key's own column, or the key of the far side. */
type ViaKey<M extends AnyModel, R extends AnyRelation> = R['via'] extends keyof M['columns']
  ? Data<M['columns'][R['via']]>
  : KeyValue<R['target']>;

type KeyFamily<Key> = Key extends string
  ? 'text'
  : Key extends number
    ? 'int'
    : Key extends bigint
      ? 'bigint'
      : 'other';

/** From a value on: transforms, then perhaps a lookup. */
export type WalkValue<F extends string, T, Null, Rest extends string, Whole> = F extends 'json' | 'json_key'
  ? WalkJson<F, T, Null, Rest, Whole>
  : F extends 'array'
    ? WalkArray<T, Null, Rest, Whole>
    : F extends keyof Transforms & keyof Lookups
      ? Rest extends keyof Lookups[F]
        ? LookupHit<F, T, Null, Lookups[F][Rest], Whole>
        : Rest extends `${infer Head}__${infer Tail}`
          ? Head extends keyof Transforms[F]
            ? WalkTransform<Transforms[F][Head], T, Null, Tail, Whole>
            : NoSuchLookup<Head, (keyof Transforms[F] | keyof Lookups[F]) & string, Rest, Whole>
          : Rest extends keyof Transforms[F]
            ? EndOnTransform<Transforms[F][Rest], T, Null>
            : NoSuchLookup<Rest, (keyof Transforms[F] | keyof Lookups[F]) & string, Rest, Whole>
      : never;

type WalkTransform<Transform, T, Null, Rest extends string, Whole> =
  Transform extends Same<infer F>
    ? WalkValue<F, T, Null, Rest, Whole>
    : Transform extends Typed<infer F, infer U>
      ? WalkValue<F, U, Null, Rest, Whole>
      : never;

type EndOnTransform<Transform, T, Null> =
  Transform extends Same<infer F>
    ? Hit<F, T, Null>
    : Transform extends Typed<infer F, infer U>
      ? Hit<F, U, Null>
      : never;

// --- documents and arrays --------------------------------------------------------------------------------------

/** A key or an index; whatever the type of the document does not say is `unknown`, and every path can be missing. */
type WalkJson<F extends 'json' | 'json_key', T, Null, Rest extends string, Whole> = Rest extends keyof Lookups[F]
  ? LookupHit<F, T, Null | null, Lookups[F][Rest], Whole>
  : Rest extends `${infer Head}__${infer Tail}`
    ? JsonAt<T, Head> extends infer Next
      ? [Next] extends [never]
        ? NoSuchLookup<Head, JsonKeys<T>, Rest, Whole>
        : WalkJson<'json_key', Next, null, Tail, Whole>
      : never
    : JsonAt<T, Rest> extends infer Next
      ? [Next] extends [never]
        ? NoSuchLookup<Rest, JsonKeys<T> | (keyof Lookups[F] & string), Rest, Whole>
        : Hit<'json_key', Next, null>
      : never;

type JsonKeys<T> = unknown extends T
  ? never
  : T extends readonly unknown[]
    ? never
    : T extends object
      ? keyof T & string
      : never;

type JsonAt<T, Key extends string> = unknown extends T
  ? unknown
  : T extends readonly (infer E)[]
    ? Key extends `${number}` | `-${number}`
      ? E
      : never
    : T extends object
      ? Key extends keyof T
        ? Exclude<T[Key], undefined>
        : string extends keyof T
          ? T[keyof T]
          : never
      : never;

type WalkArray<T, Null, Rest extends string, Whole> = Rest extends keyof Lookups['array']
  ? LookupHit<'array', T, Null, Lookups['array'][Rest], Whole>
  : Rest extends `${infer Head}__${infer Tail}`
    ? Head extends keyof Transforms['array']
      ? WalkTransform<Transforms['array'][Head], T, Null, Tail, Whole>
      : Head extends `${number}_${number}`
        ? WalkArray<T, Null, Tail, Whole>
        : Head extends `${number}`
          ? WalkValue<ElementFamily<Element<T>>, Element<T>, null, Tail, Whole>
          : NoSuchLookup<Head, (keyof Transforms['array'] | keyof Lookups['array']) & string, Rest, Whole>
    : Rest extends keyof Transforms['array']
      ? EndOnTransform<Transforms['array'][Rest], T, Null>
      : Rest extends `${number}_${number}`
        ? Hit<'array', T, Null>
        : Rest extends `${number}`
          ? Hit<ElementFamily<Element<T>>, Element<T>, null>
          : NoSuchLookup<Rest, (keyof Transforms['array'] | keyof Lookups['array']) & string, Rest, Whole>;

type Element<T> = T extends readonly (infer E)[] ? E : never;
export type ElementFamily<E> = E extends string
  ? 'text'
  : E extends number
    ? 'float'
    : E extends bigint
      ? 'bigint'
      : E extends boolean
        ? 'bool'
        : E extends Date
          ? 'datetime'
          : E extends readonly unknown[]
            ? 'array'
            : 'other';

// --- annotations -----------------------------------------------------------------------------------------------

type WalkExtra<M extends AnyModel, X, Rest extends string, Null, Whole> =
  X extends Typed<infer F, infer T>
    ? Asked<WalkValue<F, Exclude<T, null>, Null | Extract<T, null>, Rest, Whole>>
    : WalkRelation<M, X, Rest, Null, Whole>;
/** What follows an annotation's name can be asked of, and is not selected, as in Django. */
type Asked<W> = W extends Hit<infer F, infer T, infer Null> ? Hit<F, T, Null, 'alias'> : W;

type EndOnExtra<M extends AnyModel, X, Null> =
  X extends Typed<infer F, infer T>
    ? Hit<F, Exclude<T, null>, Null | Extract<T, null>, X extends Alias ? 'alias' : 'value'>
    : X extends AnyRelation
      ? EndOn<M, never, X, Null, never>
      : WrongExtra<X>;

/** An expression of the same call that is wrong itself: its sentence says why. */
interface WrongExtra<in out X> {
  readonly end: 'miss';
  readonly out: X;
  readonly typed: X;
  readonly names: never;
}
