/** What may be written: the values of `new`, `create`, `update` and their kin. */
import type { NoField, RequiredField } from './message.js';
import type { AnyModel, AnyRelation, ColumnsIn, ColumnValue, KeyValue, ModelOf, NullOf } from './schema.js';
import type { KeyColumns, Properties } from './row.js';
import type { Exact, Open } from './filter.js';
import type { FamilyOf, KindOf } from './lookup.js';
import type { DeclaredVia } from './declare.js';
import type { RightOf, Walk } from './path.js';
import type { Computed, InstanceOf, Invalid, Reference } from './tags.js';

type HasDefault = { readonly _: { hasDefault: true } };
/** Columns that PostgreSQL writes itself. */
type Generated =
  | { readonly _: { generated: true } }
  | { readonly _: { generated: { type: 'always' } } }
  | { readonly _: { identity: 'always' } };

type Kind<Builder> = Builder extends Generated
  ? 'generated'
  : Builder extends HasDefault
    ? 'optional'
    : [NullOf<Builder>] extends [never]
      ? Builder extends Reference
        ? 'key'
        : 'required'
      : 'optional';

/** The same, where `pk` may stand for a column of the key, and a declared relation for its columns. */
type KindIn<M extends AnyModel, C extends keyof M['columns']> =
  Kind<M['columns'][C]> extends 'required'
    ? C extends KeyColumns<M> | DeclaredVia<M>
      ? 'key'
      : 'required'
    : Kind<M['columns'][C]>;

/** A value for a column: its own, or an expression. A conditional type, for a message to show those and not this name. */
export type Written<N, Builder> = Builder extends unknown
  ? ColumnValue<Builder> | Computed<N, KindOf<FamilyOf<Builder>>>
  : never;

/** The values of a new row. A required foreign key may be given by its column or by its relation: see `Missing`. */
export type CreateValues<N, K, Given = never, Special = never> = CreateValuesOf<N, ModelOf<N>, K, Given, Special>;

type CreateValuesOf<N, M extends AnyModel, K, Given, Special> = Without<CreateShape<N, M>, Given> &
  UnknownKeys<M, K, Special> &
  Missing<M, K, Given | ColumnsGiven<M['forward'], K> | { pk: KeyColumns<M> }[K & 'pk']>;
/** The columns that are given by their relation. */
type ColumnsGiven<Relations, K> = {
  [R in K & keyof Relations]: Relations[R] extends AnyRelation ? ColumnsIn<Relations[R]['via']> : never;
}[K & keyof Relations];
/** Where no column has to be given, none need be: `new` and `create` take no values at all. */
export type NoValues<N, Given = never> = NoValuesOf<ModelOf<N>, Given>;
type NoValuesOf<M extends AnyModel, Given> = [
  {
    [C in keyof M['columns']]: KindIn<M, C> extends 'required' | 'key' ? Exclude<C, Given> : never;
  }[keyof M['columns']],
] extends [never]
  ? void
  : never;
type Without<T, Given> = [Given] extends [never] ? T : Omit<T, Given & PropertyKey>;

export type CreateShape<N, M extends AnyModel> = {
  [C in keyof M['columns'] as KindIn<M, C> extends 'required' ? C : never]: Written<N, M['columns'][C]>;
} & {
  // Left out, or undefined as in Drizzle's `$inferInsert`.
  [C in keyof M['columns'] as KindIn<M, C> extends 'optional' | 'key' ? C : never]?:
    | Written<N, M['columns'][C]>
    | undefined;
} & RelationValues<M, undefined> & { pk?: KeyValue<M> };

/** Relations by instance. */
export type RelationValues<M extends AnyModel, Left = never> = {
  [R in keyof M['forward'] as M['forward'][R] extends { readonly kind: 'forward' }
    ? R
    : never]?: M['forward'][R] extends {
    readonly target: infer Target extends AnyModel;
    readonly null: infer Null;
  }
    ? InstanceOf<Target['name']> | Null | Left
    : never;
};

export type Writable<M extends AnyModel> = WritableColumns<M> | ForwardNames<M> | 'pk';
type WritableColumns<M extends AnyModel> = {
  [C in keyof M['columns']]: M['columns'][C] extends Generated ? never : C;
}[keyof M['columns']];
/** What an update of single rows may name. */
export type UpdatedNames<M extends AnyModel> = M extends AnyModel
  ? Exclude<WritableColumns<M> | ForwardNames<M>, KeyColumns<M>> & string
  : never;
/** The relations whose column is the model's own. */
export type ForwardNames<M extends AnyModel> = {
  [R in keyof M['forward']]: M['forward'][R] extends { readonly kind: 'forward' } ? R : never;
}[keyof M['forward']];

/**
 * A sentence on each written key that is no field of the model. A key may be one that is there or not. The accessors of an
 * instance are in the type of `{ ...pizza }`, and not in its value.
 */
export type UnknownKeys<M extends AnyModel, K, Special> = {
  [P in K & PropertyKey]?: P extends Writable<M> | Special
    ? unknown
    : AccessedBy<P> extends keyof Properties<M>
      ? unknown
      : NoSuchKey<M, P>;
};
/** A sentence, unless it is any key: one that was worked out (`{ [key]: 1 }`) is looked at when it runs. */
type NoSuchKey<M extends AnyModel, P> = string extends P
  ? unknown
  : number extends P
    ? unknown
    : Invalid<NoField<M['name'], P & string, Writable<M>>>;
/** The relation of an accessor; of another key a name that none has. */
type AccessedBy<P> = P extends `a$${infer Relation}` ? Relation : '';

/**
 * The required keys: a foreign one is given by its column or by its relation, and then is no optional key; a primary one by
 * its columns or by `pk`. Among keys that were worked out it may be any.
 */
export type Missing<M extends AnyModel, K, Elsewhere> = {
  [C in keyof M['columns'] as KindIn<M, C> extends 'key'
    ? string extends K
      ? never
      : C extends Exclude<Elsewhere, K>
        ? never
        : C
    : never]: C extends K ? unknown : Invalid<RequiredField<M['name'], C & string>>;
} & {
  [R in keyof M['forward'] as R extends K
    ? ViaOf<M['forward'][R]> extends K
      ? never
      : 'key' extends KindIn<M, ViaOf<M['forward'][R]> & keyof M['columns']>
        ? R
        : never
    : never]: unknown;
};
type ViaOf<R> = R extends { readonly kind: 'forward'; readonly via: infer Via } ? ColumnsIn<Via> : never;

/** The values of `update`: any written key has its own type. */
export type UpdateValues<N, K> = UpdateValuesOf<N, ModelOf<N>, K>;

type UpdateValuesOf<N, M extends AnyModel, K> = (Exact extends true
  ? { [P in K & PropertyKey]?: NoInfer<UpdateValue<N, M, P>> }
  : { [P in K & PropertyKey]: NoInfer<UpdateValue<N, M, P>> }) & { [P in Writable<M> & string]?: unknown };

type UpdateValue<N, M extends AnyModel, P> =
  P extends Writable<M>
    ? P extends keyof M['columns']
      ? Written<N, M['columns'][P]>
      : P extends keyof M['forward']
        ? RelationValue<N, M, M['forward'][P]>
        : KeyValue<M>
    : NoSuchKey<M, P>;

type RelationValue<N, M extends AnyModel, R> = R extends {
  readonly target: infer Target extends AnyModel;
  readonly null: infer Null;
  readonly via: infer Via;
}
  ? InstanceOf<Target['name']> | Null | (Via extends keyof M['columns'] ? Written<N, M['columns'][Via]> : never)
  : never;

/** `defaults` of `get_or_create`: values, or functions that give them. */
export type Defaults<N> = DefaultsOf<N, ModelOf<N>>;
type DefaultsOf<N, M extends AnyModel> = {
  [C in WritableColumns<M>]?: Written<N, M['columns'][C]> | (() => ColumnValue<M['columns'][C]>);
} & RelationValues<M>;

/** The arguments of `get_or_create`: lookups, with the values of a new row among them. */
export type LookupsAnd<N, K, Special> = LookupsAndOf<ModelOf<N>, K, Special>;
type LookupsAndOf<M extends AnyModel, K, Special> = (Exact extends true
  ? { [P in K & PropertyKey]?: NoInfer<LookupOr<M, P, Special>> }
  : { [P in K & PropertyKey]: NoInfer<LookupOr<M, P, Special>> }) & {
  [P in Open<M, Exclude<K, keyof Special> & string>]?: unknown;
} & {
  [P in M['names']]?: unknown;
} & { [P in keyof Special]?: unknown };
type LookupOr<M extends AnyModel, P, Special> = P extends keyof Special
  ? Special[P]
  : string extends P
    ? unknown
    : P extends string
      ? RightOf<M, Walk<M, P>>
      : unknown;
