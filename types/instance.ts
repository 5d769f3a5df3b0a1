/** Instances of a model, and the classes that `defineModels` gives. */
import type { DatabaseChoice } from './database.js';
import type { MultipleObjectsReturned, ObjectDoesNotExist, OwnError } from './errors.js';
import type { AsyncManager } from './queryset.js';
import type {
  AsyncManyToManyRelatedManager,
  AsyncManyToOneRelatedManager,
  AsyncNullableManyToOneRelatedManager,
  ThroughOf,
} from './related.js';
import type {
  Accessors,
  AnyModel,
  AnySchema,
  ColumnsIn,
  ColumnValue,
  KeyValue,
  ModelOf,
  Model,
  NullOf,
  Relation,
} from './schema.js';
import type { InstanceTags } from './tags.js';
import type { CreateValues, ForwardNames, NoValues, UpdatedNames } from './write.js';

/**
 * An instance: its columns, its relations once they are loaded, an `a$` accessor for each relation, and what all
 * instances can do. `N` is the model's name, and carries the model.
 */
export type Instance<N extends string> = InstanceBase<N> & Members<ModelOf<N>>;

// Each part maps over a type parameter: TypeScript then leaves the keys for later, and a queryset of instances costs
// nothing until somebody looks at one.
type Members<M extends AnyModel> = ValuesOf<M['columns']>['values'] &
  RelationProperties<M['forward']> &
  AsyncAccessors<M['forward']> &
  AsyncAccessors<Accessors<M['name'], M['schema']>>;

/** See `ExtrasOf` for why it is a property: the arguments of an alias are Drizzle's builders here. */
export interface ValuesOf<in out Columns> {
  readonly values: { -readonly [C in keyof Columns]: ColumnValue<Columns[C]> };
}

/** A class, so that a spread (`{ ...pizza }`) leaves these members behind, as it does at run time. */
export declare abstract class InstanceBase<N extends string> extends InstanceTags<ModelOf<N>['name'], N> {
  /** The value of the primary key; a tuple where the key has several columns. */
  get pk(): KeyValue<ModelOf<N>>;
  set pk(value: KeyValue<ModelOf<N>> | null | undefined);
  /** Insert or update this row. */
  asave(options?: SaveOptions<N>): Promise<void>;
  /** Delete this row; how many rows of which model went. */
  adelete(options?: { using?: DatabaseChoice }): Promise<[number, Record<string, number>]>;
  /** Read this row anew. */
  arefresh_from_db(options?: { fields?: readonly OwnName<ModelOf<N>>[]; using?: DatabaseChoice }): Promise<void>;
  /** Same model and same primary key. */
  equals(other: unknown): boolean;
  /** `Pizza object (1)` */
  toString(): string;
}

type OwnName<M extends AnyModel> = M extends AnyModel ? (keyof M['columns'] | ForwardNames<M>) & string : never;

export interface SaveOptions<N extends string> {
  force_insert?: boolean;
  force_update?: boolean;
  using?: DatabaseChoice;
  /** All but the key, which says which row is written, and what the database writes itself. */
  update_fields?: readonly UpdatedNames<ModelOf<N>>[];
}

/** `pizza.box`: what has been loaded or assigned. */
export type RelationProperties<Relations> = {
  -readonly [R in keyof Relations as Relations[R] extends { readonly kind: 'forward' }
    ? R
    : never]?: Relations[R] extends Relation<'forward', infer Target, infer Null, unknown>
    ? Instance<Target['carrier']> | Null | undefined
    : never;
};

/** `pizza.a$box`, `box.a$pizza_set`, `pizza.a$toppings`. */
export type AsyncAccessors<Relations> = {
  readonly [R in keyof Relations as `a$${R & string}`]: Accessor<Relations[R]>;
};

type Accessor<R> =
  R extends Relation<infer Kind, infer Target, infer Null, infer Via>
    ? Kind extends 'forward'
      ? Promise<Instance<Target['carrier']> | Null>
      : Kind extends 'reverse_one'
        ? Promise<Instance<Target['carrier']>>
        : Kind extends 'many'
          ? AsyncManyToManyRelatedManager<Target['carrier'], ThroughOf<Via>>
          : ColumnsIn<Via> extends keyof Target['columns']
            ? [NullOf<Target['columns'][ColumnsIn<Via>]>] extends [never]
              ? AsyncManyToOneRelatedManager<Target['carrier'], ColumnsIn<Via>>
              : AsyncNullableManyToOneRelatedManager<Target['carrier'], ColumnsIn<Via>>
            : never
    : never;

/** A model: its class. `S` is not hidden here, so that a declaration file has the whole of it. */
// `in out`: two are told apart by what they are of. Their members would else be compared for every instance.
export interface ModelClass<in out Name extends string, in out S extends AnySchema> {
  /** An unsaved instance. A relation is given as an instance or by its column. */
  new <K extends PropertyKey>(
    values: CreateValues<Model<Name, S>['carrier'], K> | NoValues<Model<Name, S>['carrier']>,
  ): Instance<Model<Name, S>['carrier']>;
  readonly prototype: Instance<Model<Name, S>['carrier']>;
  readonly name: Name;
  /** All rows. */
  readonly aobjects: AsyncManager<Model<Name, S>['carrier']>;
  /** No row where exactly one was asked for. */
  readonly DoesNotExist: OwnError<Name, typeof ObjectDoesNotExist>;
  /** Several rows where exactly one was asked for. */
  readonly MultipleObjectsReturned: OwnError<Name, typeof MultipleObjectsReturned>;
}
