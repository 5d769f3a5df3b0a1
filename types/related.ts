/** The managers behind `box.a$pizza_set` and `pizza.a$toppings`. */
import type { Nothing } from './annotate.js';
import type { Chain, Creating } from './queryset.js';
import type { ColumnValue, KeyValue, ModelOf, RelationName, TableName } from './schema.js';
import type { ThroughColumns, ThroughKeys } from './declare.js';
import type { Carried, HasRow, InstanceOf, ObjectCarriedBy } from './tags.js';
import type { Instance } from './instance.js';

/** The other end of a foreign key: the rows that point here. `Column` is theirs; it is filled in. */
export interface AsyncManyToOneRelatedManager<in out N extends string, out Column>
  extends Chain<N, Instance<N>>,
    Creating<N, Column, Nothing> {
  /** Point these rows here. */
  add(...objects: (InstanceOf<ModelOf<N>['name']> | { bulk?: boolean })[]): Promise<void>;
  set(objects: Objects<InstanceOf<ModelOf<N>['name']>>, options?: { bulk?: boolean; clear?: boolean }): Promise<void>;
}

/** The same where the key may be null, so that rows can be let go. */
export interface AsyncNullableManyToOneRelatedManager<in out N extends string, out Column>
  extends AsyncManyToOneRelatedManager<N, Column> {
  remove(...objects: (InstanceOf<ModelOf<N>['name']> | { bulk?: boolean })[]): Promise<void>;
  clear(options?: { bulk?: boolean }): Promise<void>;
}

/** A through table by its name, which carries it. */
export type ThroughOf<Table> = unknown extends Table ? unknown : Carried<TableName<Table>, Table & object>;

/** Both ends of a many-to-many relation. Objects are given as instances or keys. */
export interface AsyncManyToManyRelatedManager<in out N extends string, out Through>
  extends Chain<N, Instance<N>>,
    Creating<N, never, { through_defaults: ThroughDefaults<Through> }> {
  add(
    ...objects: (
      | InstanceOf<ModelOf<N>['name']>
      | KeyValue<ModelOf<N>>
      | { through_defaults?: ThroughDefaults<Through> }
    )[]
  ): Promise<void>;
  remove(...objects: (InstanceOf<ModelOf<N>['name']> | KeyValue<ModelOf<N>>)[]): Promise<void>;
  clear(): Promise<void>;
  set(
    objects: Objects<InstanceOf<ModelOf<N>['name']> | KeyValue<ModelOf<N>>>,
    options?: { clear?: boolean; through_defaults?: ThroughDefaults<Through> },
  ): Promise<void>;
}

/** What `set()` takes: a list, or a queryset that is asked for its rows. */
type Objects<T> = Iterable<T> | HasRow<T>;

/** Values for the other columns of the through table; a relation there by its name as well. */
export type ThroughDefaults<Through> = DefaultsOf<ObjectCarriedBy<Through>>;
type DefaultsOf<Through> = {
  [C in keyof ThroughColumns<Through>]?: ColumnValue<ThroughColumns<Through>[C]>;
} & {
  [C in ThroughKeys<Through> as RelationName<C> & string]?:
    | InstanceOf<string>
    | ColumnValue<ThroughColumns<Through>[C & keyof ThroughColumns<Through>]>;
};
