/**
 * `'a__b__c'` read one hop at a time, tail-recursively. One walk a key: it ends in a `Hit`, a `RelationHit` or a `Miss`,
 * whose properties are worked out only when somebody asks for them. The run-time twin is src/lookups.
 *
 * `Root` is the model of the queryset, `M` the model reached so far, `Null` is `null` once the way can be missing,
 * `Pre` is what has been read.
 */
import type { KindOf, Lookups, RightSide, Same, Transforms, Typed, FamilyOf } from './lookup.js';
import type { LookupUsedAsField, NoField, NoLookup } from './message.js';
import type { AnyModel, Data, KeyValue, Model, NullOf, Relation, RelationKind } from './schema.js';
import type { Computed, HasColumn, InstanceOf, Invalid, RowsFor } from './tags.js';

/** A path that gives a value. */
export interface Hit<Root, F extends string, T, Null> {
  readonly end: 'value';
  readonly value: RightSide<Root, F, T, Null>['same'];
  readonly out: T | Null;
  readonly typed: Typed<F, T | Null>;
  readonly names: never;
}

/** A path that ends on a relation: in a filter it takes instances and keys, as a value it gives the key. */
export interface RelationHit<Root, Target extends AnyModel, Kind, Key, Null> {
  readonly end: 'relation';
  readonly value: InstanceOf<Target['name']> | Key | Null | Computed<Root, KindOf<KeyFamily<Key>>>;
  readonly out: Key | Null;
  readonly typed: Typed<KeyFamily<Key>, Key | Null>;
  readonly names: never;
  readonly target: Target;
  readonly kind: Kind;
}

/** A path that ends in a lookup: it has a right-hand side, and gives nothing by itself. */
export interface LookupHit<Value, Path extends string, Written extends string> {
  readonly end: 'lookup';
  readonly value: Value;
  readonly out: Invalid<LookupUsedAsField<Path, Written>>;
  readonly typed: Invalid<LookupUsedAsField<Path, Written>>;
  readonly names: never;
}

/**
 * A path that leads nowhere (yet): a sentence for the reader, and the keys that would be valid. While a call is being
 * inferred its keys are not known and every walk ends here, so that nothing is worked out before it is asked for.
 */
export interface NoSuchField<M extends AnyModel, Written extends string, Pre extends string> {
  readonly end: 'miss';
  readonly value: Invalid<NoField<M['name'], Written, M['names']>>;
  readonly out: Invalid<NoField<M['name'], Written, M['names']>>;
  readonly typed: Invalid<NoField<M['name'], Written, M['names']>>;
  readonly names: `${Pre}${M['names']}`;
}
export interface NoSuchLookup<Pre extends string, Written extends string, Names extends string> {
  readonly end: 'miss';
  readonly value: Invalid<NoLookup<Pre, Written, Names>>;
  readonly out: Invalid<NoLookup<Pre, Written, Names>>;
  readonly typed: Invalid<NoLookup<Pre, Written, Names>>;
  readonly names: `${Pre}__${Names}`;
}

/** A column at the end of a path. */
export interface ColumnHit<Root, Builder, Null> {
  readonly end: 'value';
  readonly value: RightSide<Root, FamilyOf<Builder>, Data<Builder>, Null | NullOf<Builder>>['same'];
  readonly out: Data<Builder> | NullOf<Builder> | Null;
  readonly typed: Typed<FamilyOf<Builder>, Data<Builder> | NullOf<Builder> | Null>;
  readonly names: never;
}

export type Walk<
  Root,
  M extends AnyModel,
  Path extends string,
  Null = never,
  Pre extends string = '',
> = Path extends `${infer Head}__${infer Rest}`
  ? Head extends keyof M['columns']
    ? WalkValue<
        Root,
        FamilyOf<M['columns'][Head]>,
        Data<M['columns'][Head]>,
        Null | NullOf<M['columns'][Head]>,
        Rest,
        `${Pre}${Head}`
      >
    : M['relations'][Head] extends Relation<RelationKind, infer Target extends string, infer RelationNull, infer Via>
      ? Rest extends keyof Lookups['relation']
        ? WalkRelationLookup<Root, M, Target, Null | RelationNull, Via, Rest, `${Pre}${Head}`>
        : Walk<Root, Model<Target, M['schema']>, Rest, Null | RelationNull, `${Pre}${Head}__`>
      : WalkOther<Root, M, Head, Rest, Null, Pre>
  : Path extends keyof M['columns']
    ? ColumnHit<Root, M['columns'][Path], Null>
    : M['relations'][Path] extends Relation<infer Kind, infer Target extends string, infer RelationNull, infer Via>
      ? RelationHit<Root, Model<Target, M['schema']>, Kind, ViaKey<M, Target, Via>, Null | RelationNull>
      : EndOnOther<Root, M, Path, Null, Pre>;

/** `pk`, an annotation, or nothing. */
type WalkOther<
  Root,
  M extends AnyModel,
  Head extends string,
  Rest extends string,
  Null,
  Pre extends string,
> = Head extends 'pk'
  ? M['key'] extends keyof M['columns']
    ? Walk<Root, M, `${M['key'] & string}__${Rest}`, Null, Pre>
    : WalkValue<Root, 'other', KeyValue<M>, Null, Rest, `${Pre}pk`>
  : Head extends keyof M['extra']
    ? WalkExtra<Root, M, M['extra'][Head], Rest, Null, `${Pre}${Head}`>
    : NoSuchField<M, Head, Pre>;

type EndOnOther<Root, M extends AnyModel, Path extends string, Null, Pre extends string> = Path extends 'pk'
  ? M['key'] extends keyof M['columns']
    ? ColumnHit<Root, M['columns'][M['key']], Null>
    : Hit<Root, 'other', KeyValue<M>, Null>
  : Path extends keyof M['extra']
    ? EndOnExtra<Root, M, M['extra'][Path], Null>
    : NoSuchField<M, Path, Pre>;

/** `box__in`, unless the model there has a field of that name. */
type WalkRelationLookup<
  Root,
  M extends AnyModel,
  Target extends string,
  Null,
  Via,
  Written extends keyof Lookups['relation'],
  Pre extends string,
> = Written extends Model<Target, M['schema']>['names']
  ? Walk<Root, Model<Target, M['schema']>, Written, Null, `${Pre}__`>
  : LookupHit<RelationRight<Root, Target, ViaKey<M, Target, Via>, Null>[Lookups['relation'][Written]], Pre, Written>;

/** The same for a `FilteredRelation`. */
type WalkRelation<Root, M extends AnyModel, R, Rest extends string, Null, Pre extends string> =
  R extends Relation<RelationKind, infer Target extends string, infer RelationNull, infer Via>
    ? Rest extends keyof Lookups['relation']
      ? WalkRelationLookup<Root, M, Target, Null | RelationNull, Via, Rest, Pre>
      : Walk<Root, Model<Target, M['schema']>, Rest, Null | RelationNull, `${Pre}__`>
    : never;

type EndOnRelation<Root, M extends AnyModel, R, Null> =
  R extends Relation<infer Kind, infer Target extends string, infer RelationNull, infer Via>
    ? RelationHit<Root, Model<Target, M['schema']>, Kind, ViaKey<M, Target, Via>, Null | RelationNull>
    : never;

/** The key that a relation is compared by: a foreign key's own column, or the key of the far side. */
type ViaKey<M extends AnyModel, Target extends string, Via> = Via extends keyof M['columns']
  ? Data<M['columns'][Via]>
  : KeyValue<Model<Target, M['schema']>>;

interface RelationRight<Root, Target, Key, Null> {
  same: InstanceOf<Target> | Key | Null | Computed<Root, KindOf<KeyFamily<Key>>>;
  list:
    | readonly (InstanceOf<Target> | Key | Null)[]
    | (HasColumn<Key | null> & RowsFor<Target>)
    | Computed<Root, 'array'>;
  pair: readonly [Key, Key];
  flag: boolean;
}

type KeyFamily<Key> = Key extends string
  ? 'text'
  : Key extends number
    ? 'int'
    : Key extends bigint
      ? 'bigint'
      : 'other';

/** From a value on: transforms, then perhaps a lookup. */
export type WalkValue<Root, F extends string, T, Null, Rest extends string, Pre extends string> = F extends
  | 'json'
  | 'json_key'
  ? WalkJson<Root, F, T, Null, Rest, Pre>
  : F extends 'array'
    ? WalkArray<Root, T, Null, Rest, Pre>
    : F extends keyof Transforms & keyof Lookups
      ? Rest extends `${infer Head}__${infer Tail}`
        ? Head extends keyof Transforms[F]
          ? WalkTransform<Root, Transforms[F][Head], T, Null, Tail, `${Pre}__${Head}`>
          : NoSuchLookup<Pre, Head, (keyof Transforms[F] | keyof Lookups[F]) & string>
        : EndOnValue<Root, F, T, Null, Rest, Pre>
      : never;

type EndOnValue<
  Root,
  F extends keyof Transforms & keyof Lookups,
  T,
  Null,
  Rest extends string,
  Pre extends string,
> = Rest extends keyof Lookups[F]
  ? LookupHit<RightSide<Root, F, T, Null>[Lookups[F][Rest] & keyof RightSide<Root, F, T, Null>], Pre, Rest>
  : Rest extends keyof Transforms[F]
    ? EndOnTransform<Root, Transforms[F][Rest], T, Null>
    : NoSuchLookup<Pre, Rest, (keyof Transforms[F] | keyof Lookups[F]) & string>;

type WalkTransform<Root, Transform, T, Null, Rest extends string, Pre extends string> =
  Transform extends Same<infer F>
    ? WalkValue<Root, F, T, Null, Rest, Pre>
    : Transform extends Typed<infer F, infer U>
      ? WalkValue<Root, F, U, Null, Rest, Pre>
      : never;

type EndOnTransform<Root, Transform, T, Null> =
  Transform extends Same<infer F>
    ? Hit<Root, F, T, Null>
    : Transform extends Typed<infer F, infer U>
      ? Hit<Root, F, U, Null>
      : never;

// --- documents and arrays --------------------------------------------------------------------------------------

/** A key or an index; whatever the type of the document does not say is `unknown`, and every path can be missing. */
type WalkJson<
  Root,
  F extends 'json' | 'json_key',
  T,
  Null,
  Rest extends string,
  Pre extends string,
> = Rest extends keyof Lookups[F]
  ? LookupHit<RightSide<Root, F, T, Null | null>[Lookups[F][Rest] & keyof RightSide<Root, F, T, Null>], Pre, Rest>
  : Rest extends `${infer Head}__${infer Tail}`
    ? JsonAt<T, Head> extends infer Next
      ? [Next] extends [never]
        ? NoSuchLookup<Pre, Head, JsonKeys<T>>
        : WalkJson<Root, 'json_key', Next, null, Tail, `${Pre}__${Head}`>
      : never
    : JsonAt<T, Rest> extends infer Next
      ? [Next] extends [never]
        ? NoSuchLookup<Pre, Rest, JsonKeys<T> | (keyof Lookups[F] & string)>
        : Hit<Root, 'json_key', Next, null>
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

type WalkArray<Root, T, Null, Rest extends string, Pre extends string> = Rest extends keyof Lookups['array']
  ? LookupHit<
      RightSide<Root, 'array', T, Null>[Lookups['array'][Rest] & keyof RightSide<Root, 'array', T, Null>],
      Pre,
      Rest
    >
  : Rest extends `${infer Head}__${infer Tail}`
    ? Head extends keyof Transforms['array']
      ? WalkTransform<Root, Transforms['array'][Head], T, null, Tail, `${Pre}__${Head}`>
      : Head extends `${number}_${number}`
        ? WalkArray<Root, T, Null, Tail, `${Pre}__${Head}`>
        : Head extends `${number}`
          ? WalkValue<Root, ElementFamily<Element<T>>, Element<T>, null, Tail, `${Pre}__${Head}`>
          : NoSuchLookup<Pre, Head, (keyof Transforms['array'] | keyof Lookups['array']) & string>
    : Rest extends keyof Transforms['array']
      ? EndOnTransform<Root, Transforms['array'][Rest], T, null>
      : Rest extends `${number}_${number}`
        ? Hit<Root, 'array', T, Null>
        : Rest extends `${number}`
          ? Hit<Root, ElementFamily<Element<T>>, Element<T>, null>
          : NoSuchLookup<Pre, Rest, (keyof Transforms['array'] | keyof Lookups['array']) & string>;

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

type WalkExtra<Root, M extends AnyModel, X, Rest extends string, Null, Pre extends string> =
  X extends Typed<infer F, infer T>
    ? WalkValue<Root, F, Exclude<T, null>, Null | Extract<T, null>, Rest, Pre>
    : WalkRelation<Root, M, X, Rest, Null, Pre>;

type EndOnExtra<Root, M extends AnyModel, X, Null> =
  X extends Typed<infer F, infer T>
    ? Hit<Root, F, Exclude<T, null>, Null | Extract<T, null>>
    : EndOnRelation<Root, M, X, Null>;
