/** What the user holds: `AsyncQuerySet`, and `AsyncManager`, which is the same over all rows. */
import type { SQL } from 'drizzle-orm';
import type {
  Aliases,
  Annotatable,
  Annotated,
  ExtraData,
  ExtrasOf,
  NamedBy,
  NamesInUse,
  NoAggregates,
  NoAliases,
  Nothing,
  RowWith,
  SelectedSql,
  Wrong,
} from './annotate.js';
import type { DatabaseChoice } from './database.js';
import type { Where, Wheres } from './filter.js';
import type { Instance } from './instance.js';
import type { FieldArgs, LoadedArgs, OrderArgs, OwnFieldArg, OwnNames, WrittenArgs } from './order.js';
import type {
  DateArg,
  DeferRow,
  LessName,
  OnlyRow,
  PrefetchArgs,
  PrefetchedRow,
  SelectArgs,
  ToOneNames,
  WithSelected,
} from './row.js';
import type { ListArgs, ListRow, Sure, ValueAt, ValuesArgs, ValuesName, ValuesRow } from './values.js';
import type { OneColumnKey } from './message.js';
import type { KeyValue, ModelOf } from './schema.js';
import type { Given, HasRow, InstanceOf, Invalid, OfOneColumn, Place } from './tags.js';
import type { CreateValues, Defaults, LookupsAnd, NoValues, UpdatedNames, UpdateValues } from './write.js';

export interface BulkCreateOptions<Updated, Unique> {
  batch_size?: number | null;
  ignore_conflicts?: boolean;
  update_conflicts?: boolean;
  update_fields?: readonly Updated[];
  unique_fields?: readonly Unique[];
}

export interface SelectForUpdateOptions<Relations extends string> {
  nowait?: boolean;
  skip_locked?: boolean;
  /** Relations that are selected with the rows; a longer path is checked when the query is made. */
  of?: readonly (Relations | `${Relations}__${string}` | 'self')[];
  no_key?: boolean;
}

export interface ExtraOptions<Select = Readonly<Record<string, string>>> {
  /** Name → SQL. PostgreSQL alone knows what comes out: the type is `unknown`. */
  select?: Select;
  select_params?: readonly unknown[];
  where?: readonly string[];
  params?: readonly unknown[];
  tables?: readonly string[];
  order_by?: readonly string[];
}

export interface RawOptions {
  params?: readonly unknown[] | Readonly<Record<string, unknown>>;
  /** Column of the query → field. */
  translations?: Readonly<Record<string, string>>;
  using?: DatabaseChoice;
}

export interface ExplainOptions {
  format?: 'text' | 'json' | 'xml' | 'yaml' | 'TEXT' | 'JSON' | 'XML' | 'YAML';
  analyze?: boolean;
  verbose?: boolean;
  costs?: boolean;
  settings?: boolean;
  buffers?: boolean;
  wal?: boolean;
  timing?: boolean;
  summary?: boolean;
  generic_plan?: boolean;
  memory?: boolean;
  serialize?: 'none' | 'text' | 'binary' | 'NONE' | 'TEXT' | 'BINARY';
}

/** A `Map` finds no tuple by its value: a key of several columns is none for `in_bulk()`. */
type BulkIds<Key> = [Key] extends [readonly unknown[]] ? [ids: Invalid<OneColumnKey>] : [ids?: Iterable<Key> | null];

export type DateKind = 'year' | 'month' | 'week' | 'day';
export type DateTimeKind = DateKind | 'hour' | 'minute' | 'second';
export type Direction = 'ASC' | 'DESC';

/** Querysets that are joined by `and`, `or` and `xor`: of one model, whatever the rows of the second one would load. */
type Alike<Row> = HasRow<Row extends InstanceOf<infer Name> ? InstanceOf<Name> : Row>;

/** The generated SQL, as text by `String(qs.query)`. */
export interface Query {
  toString(): string;
}

/** A method, for those of a narrower parameter are one as well: `(error: Error) => …`, as a promise takes it. */
interface Rejected<B> {
  handle(reason: unknown): B | PromiseLike<B>;
}

/** The parts that do not depend on what a row is. */
interface SqlOf {
  /** The statement and its parameters, as Drizzle's builders give them. */
  toSQL(): { sql: string; params: unknown[] };
  /** For use inside a Drizzle query. */
  getSQL(): import('drizzle-orm').SQL;
  readonly query: Query;
  /** Whether the rows come in a defined order. */
  readonly ordered: boolean;
  /** The alias of the database. */
  readonly db: string;
  /** `<AsyncQuerySet [...Pizza]>`: no rows are asked for. */
  toString(): string;
}

/**
 * A lazy, immutable chain. Nothing is sent until it is evaluated: by `await`, `eval()`, `for await`, an index, or one
 * of the terminal methods.
 */
// `in out`: that two are of one model is told by its name, and not by all that their methods take.
export interface Chain<in out N extends string, out Row> extends SqlOf, HasRow<Row>, OfOneColumn<N, Row> {
  // --- evaluation ---
  then<A = Row[], B = never>(
    onfulfilled?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    onrejected?: Rejected<B>['handle'] | null,
  ): Promise<A | B>;
  /** The rows. */
  eval(): Promise<Row[]>;
  [Symbol.asyncIterator](): AsyncIterator<Row, undefined, undefined>;
  /** One row; an `IndexError` past the end. */
  readonly [index: number]: Promise<Row>;
  /** Named apart, so that `qs[0]` stays a promise of a row under `noUncheckedIndexedAccess`. */
  readonly 0: Promise<Row>;
  item(index: number): Promise<Row>;
  slice(start?: number | null, stop?: number | null): AsyncQuerySet<N, Row>;
  /** Throws: `count()` asks the database. */
  readonly length: never;

  // --- conditions ---
  filter<K = never, K2 = never, More extends readonly NonNullable<unknown>[] = []>(
    first?: Where<N, K>,
    second?: Where<N, K2>,
    ...more: Wheres<N, More>
  ): AsyncQuerySet<N, Row>;
  exclude<K = never, K2 = never, More extends readonly NonNullable<unknown>[] = []>(
    first?: Where<N, K>,
    second?: Where<N, K2>,
    ...more: Wheres<N, More>
  ): AsyncQuerySet<N, Row>;
  complex_filter<K = never>(condition: Where<N, K>): AsyncQuerySet<N, Row>;

  // --- more columns ---
  annotate<
    const A extends Annotatable<N> = Nothing,
    const B extends Annotatable<N> = Nothing,
    const C extends Annotatable<N> = Nothing,
    const D extends Annotatable<N> = Nothing,
    const E extends Annotatable<N> = Nothing,
  >(
    first?: (Wrong<ModelOf<N>, A, NamesInUse<ModelOf<N>, Row>> & A) | Place<N>,
    second?: (Wrong<ModelOf<N>, B, NamesInUse<ModelOf<N>, Row>> & B) | Place<N>,
    third?: (Wrong<ModelOf<N>, C, NamesInUse<ModelOf<N>, Row>> & C) | Place<N>,
    fourth?: (Wrong<ModelOf<N>, D, NamesInUse<ModelOf<N>, Row>> & D) | Place<N>,
    fifth?: (Wrong<ModelOf<N>, E, NamesInUse<ModelOf<N>, Row>> & E) | Place<N>,
  ): AsyncQuerySet<
    Annotated<
      ModelOf<N>,
      ExtrasOf<ModelOf<N>, NamedBy<A> & NamedBy<B> & NamedBy<C> & NamedBy<D> & NamedBy<E>>['extras']
    >['carrier'],
    Given<
      A,
      RowWith<
        Row,
        ExtrasOf<ModelOf<N>, NamedBy<A> & NamedBy<B> & NamedBy<C> & NamedBy<D> & NamedBy<E>>['extras'],
        ModelOf<N>['extra']
      >
    >
  >;
  alias<
    const A extends Annotatable<N> = Nothing,
    const B extends Annotatable<N> = Nothing,
    const C extends Annotatable<N> = Nothing,
    const D extends Annotatable<N> = Nothing,
    const E extends Annotatable<N> = Nothing,
  >(
    first?: (Wrong<ModelOf<N>, A, NamesInUse<ModelOf<N>, Row>> & A) | Place<N>,
    second?: (Wrong<ModelOf<N>, B, NamesInUse<ModelOf<N>, Row>> & B) | Place<N>,
    third?: (Wrong<ModelOf<N>, C, NamesInUse<ModelOf<N>, Row>> & C) | Place<N>,
    fourth?: (Wrong<ModelOf<N>, D, NamesInUse<ModelOf<N>, Row>> & D) | Place<N>,
    fifth?: (Wrong<ModelOf<N>, E, NamesInUse<ModelOf<N>, Row>> & E) | Place<N>,
  ): AsyncQuerySet<
    Annotated<
      ModelOf<N>,
      Aliases<ExtrasOf<ModelOf<N>, NamedBy<A> & NamedBy<B> & NamedBy<C> & NamedBy<D> & NamedBy<E>>['extras']>
    >['carrier'],
    Row
  >;
  extra<const Select extends Readonly<Record<string, string>> = Nothing>(
    options: ExtraOptions<Select>,
  ): AsyncQuerySet<
    Annotated<ModelOf<N>, SelectedSql<Select>>['carrier'],
    Given<Select, RowWith<Row, SelectedSql<Select>>>
  >;

  // --- order ---
  order_by<const A extends readonly (string | object)[]>(...keys: OrderArgs<ModelOf<N>, A>): AsyncQuerySet<N, Row>;
  reverse(): AsyncQuerySet<N, Row>;
  distinct<const A extends readonly string[]>(...fields: FieldArgs<ModelOf<N>, A>): AsyncQuerySet<N, Row>;

  // --- what a row is ---
  values<const A extends readonly (string | object)[]>(
    ...fields: ValuesArgs<ModelOf<N>, A>
  ): AsyncQuerySet<ValuesName<N, A>, ValuesRow<ModelOf<N>, A>>;
  values_list<const A extends readonly (string | object)[]>(
    ...fields: ListArgs<ModelOf<N>, A>
  ): AsyncQuerySet<N, ListRow<ModelOf<N>, A>>;
  dates<const P extends string>(
    field: DateArg<ModelOf<N>, P, 'date' | 'datetime'>['checked'],
    kind: DateKind,
    order?: Direction | { order?: Direction },
  ): AsyncQuerySet<N, Exclude<ValueAt<ModelOf<N>, P>, null>>;
  datetimes<const P extends string>(
    field: DateArg<ModelOf<N>, P, 'datetime'>['checked'],
    kind: DateTimeKind,
    order?: Direction | { order?: Direction; tzinfo?: string },
    options?: string | { tzinfo?: string },
  ): AsyncQuerySet<N, Exclude<ValueAt<ModelOf<N>, P>, null>>;
  only<const A extends readonly string[]>(
    ...fields: LoadedArgs<ModelOf<N>, A>
  ): AsyncQuerySet<LessName<N, A[number]>, Given<A, OnlyRow<ModelOf<N>, Row, Sure<A>>>>;
  defer<const A extends readonly (string | null)[]>(
    ...fields: LoadedArgs<ModelOf<N>, A>
  ): AsyncQuerySet<LessName<N, A[number]>, Given<A, DeferRow<ModelOf<N>, Row, A[number]>>>;

  // --- relations with the row ---
  select_related<const A extends readonly (string | null)[]>(
    ...relations: SelectArgs<ModelOf<N>, A>
  ): AsyncQuerySet<N, Given<A, WithSelected<ModelOf<N>, Row, A>>>;
  prefetch_related<const A extends readonly (string | object | null)[]>(
    ...lookups: PrefetchArgs<ModelOf<N>, A, Row>
  ): AsyncQuerySet<N, Given<A, PrefetchedRow<ModelOf<N>, Row, A>>>;

  // --- sets ---
  none(): AsyncQuerySet<N, Row>;
  all(): AsyncQuerySet<N, Row>;
  union(...others: (HasRow<Row> | { all?: boolean })[]): AsyncQuerySet<N, Row>;
  intersection(...others: HasRow<Row>[]): AsyncQuerySet<N, Row>;
  difference(...others: HasRow<Row>[]): AsyncQuerySet<N, Row>;
  and(other: Alike<Row>): AsyncQuerySet<N, Row>;
  or(other: Alike<Row>): AsyncQuerySet<N, Row>;
  xor(other: Alike<Row>): AsyncQuerySet<N, Row>;

  // --- where and how ---
  using(database: DatabaseChoice): AsyncQuerySet<N, Row>;
  /** How `await pizza.a$box` gets what has not been loaded: for this row, for all rows of the list at once, or not at all. */
  fetch_mode(mode: 'one' | 'peers' | 'raise'): AsyncQuerySet<N, Row>;
  select_for_update(options?: SelectForUpdateOptions<ToOneNames<ModelOf<N>>>): AsyncQuerySet<N, Row>;
  /** SQL text with its parameters, or Drizzle's `SQL`, which has them. */
  raw(sql: SQL, options?: Omit<RawOptions, 'params'>): AsyncRawQuerySet<Instance<N>>;
  raw(
    sql: string,
    params?: readonly unknown[] | Readonly<Record<string, unknown>> | null,
    translations?: Readonly<Record<string, string>> | RawOptions | null,
    options?: RawOptions,
  ): AsyncRawQuerySet<Instance<N>>;

  // --- reading ---
  get<K = never, K2 = never, More extends readonly NonNullable<unknown>[] = []>(
    first?: Where<N, K>,
    second?: Where<N, K2>,
    ...more: Wheres<N, More>
  ): Promise<Row>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  contains(object: InstanceOf<ModelOf<N>['name']>): Promise<boolean>;
  first(): Promise<Row | null>;
  last(): Promise<Row | null>;
  latest<const A extends readonly (string | object)[]>(...fields: OrderArgs<ModelOf<N>, A>): Promise<Row>;
  earliest<const A extends readonly (string | object)[]>(...fields: OrderArgs<ModelOf<N>, A>): Promise<Row>;
  in_bulk(...ids: BulkIds<KeyValue<ModelOf<N>>>): Promise<Map<KeyValue<ModelOf<N>>, Row>>;
  in_bulk<const F extends string>(
    ids: Iterable<F extends OwnNames<ModelOf<N>> ? ValueAt<ModelOf<N>, F> : unknown> | null,
    options: { field_name: OwnFieldArg<ModelOf<N>, F> },
  ): Promise<Map<ValueAt<ModelOf<N>, F>, Row>>;
  in_bulk<const F extends string>(options: {
    field_name: OwnFieldArg<ModelOf<N>, F>;
  }): Promise<Map<ValueAt<ModelOf<N>, F>, Row>>;
  iterator(options?: { chunk_size?: number }): AsyncIterable<Row>;
  aggregate<
    const A extends Annotatable<N> = Nothing,
    const B extends Annotatable<N> = Nothing,
    const C extends Annotatable<N> = Nothing,
    const D extends Annotatable<N> = Nothing,
    const E extends Annotatable<N> = Nothing,
  >(
    first?: (Wrong<ModelOf<N>, A> & NoAggregates<ModelOf<N>, A> & NoAliases<ModelOf<N>, A> & A) | Place<N>,
    second?: (Wrong<ModelOf<N>, B> & NoAggregates<ModelOf<N>, B> & NoAliases<ModelOf<N>, B> & B) | Place<N>,
    third?: (Wrong<ModelOf<N>, C> & NoAggregates<ModelOf<N>, C> & NoAliases<ModelOf<N>, C> & C) | Place<N>,
    fourth?: (Wrong<ModelOf<N>, D> & NoAggregates<ModelOf<N>, D> & NoAliases<ModelOf<N>, D> & D) | Place<N>,
    fifth?: (Wrong<ModelOf<N>, E> & NoAggregates<ModelOf<N>, E> & NoAliases<ModelOf<N>, E> & E) | Place<N>,
  ): Promise<ExtraData<ExtrasOf<ModelOf<N>, NamedBy<A> & NamedBy<B> & NamedBy<C> & NamedBy<D> & NamedBy<E>>['extras']>>;
  explain(options?: ExplainOptions): Promise<string>;

  // --- writing ---
  bulk_create<I extends InstanceOf<ModelOf<N>['name']>>(
    objects: Iterable<I>,
    options?: BulkCreateOptions<UpdatedNames<ModelOf<N>>, OwnNames<ModelOf<N>>>,
  ): Promise<I[]>;
  bulk_update<const A extends readonly string[]>(
    objects: Iterable<InstanceOf<ModelOf<N>['name']>>,
    fields: WrittenArgs<ModelOf<N>, A>,
    options?: { batch_size?: number | null },
  ): Promise<number>;
  update<K extends PropertyKey>(values: UpdateValues<N, K>): Promise<number>;
  delete(): Promise<[number, Record<string, number>]>;
}

/**
 * What makes rows: `Filled` are the columns that it knows itself, `Special` what may be given beside those of the row. One
 * for querysets and related managers: what is declared once is the same method of both, wherever the one stands for the
 * other.
 */
export interface Creating<in out N extends string, Filled, Special> {
  create<K extends PropertyKey>(
    values: Given<K, ValuesGiven<N, K, Filled, Special>> | NoValues<N, Filled>,
  ): Promise<Instance<N>>;
  get_or_create<K extends PropertyKey>(
    lookups: Given<K, LookupsAnd<N, K, Special & { defaults: Defaults<N> }>> | void,
  ): Promise<[Instance<N>, boolean]>;
  update_or_create<K extends PropertyKey>(
    lookups: Given<K, LookupsAnd<N, K, Special & { defaults: Defaults<N>; create_defaults: Defaults<N> }>> | void,
  ): Promise<[Instance<N>, boolean]>;
}
// A message shows no argument that is the default.
type ValuesGiven<N, K, Filled, Special> = [keyof Special] extends [never]
  ? [Filled] extends [never]
    ? CreateValues<N, K>
    : CreateValues<N, K, Filled>
  : CreateValues<N, K, Filled, keyof Special> & Partial<Special>;

/** A chain from a model: it makes rows, too. */
export interface AsyncQuerySet<in out N extends string, out Row = Instance<N>>
  extends Chain<N, Row>,
    Creating<N, never, Nothing> {}

/** A manager is a queryset over all rows that remembers none of them. */
export interface AsyncManager<in out N extends string> extends AsyncQuerySet<N, Instance<N>> {}

/** Rows that are asked for when they are wanted. */
interface Rows<Row> {
  then<A = Row[], B = never>(
    onfulfilled?: ((rows: Row[]) => A | PromiseLike<A>) | null,
    onrejected?: Rejected<B>['handle'] | null,
  ): Promise<A | B>;
  eval(): Promise<Row[]>;
  [Symbol.asyncIterator](): AsyncIterator<Row, undefined, undefined>;
  readonly [index: number]: Promise<Row>;
  item(index: number): Promise<Row>;
  iterator(options?: { chunk_size?: number }): AsyncIterable<Row>;
  toSQL(): { sql: string; params: unknown[] };
  toString(): string;
}

/**
 * What can be asked of any queryset, whatever its model: for functions over all of them, such as
 * `page<Row>(rows: AsyncRows<Row>, n: number): Promise<Row[]>`. The names in conditions and orders are some model's, and
 * are checked when it runs.
 */
export interface AsyncRows<Row> extends Rows<Row> {
  filter(...conditions: object[]): AsyncRows<Row>;
  exclude(...conditions: object[]): AsyncRows<Row>;
  order_by(...keys: (string | object)[]): AsyncRows<Row>;
  get(...conditions: object[]): Promise<Row>;
  slice(start?: number | null, stop?: number | null): AsyncRows<Row>;
  all(): AsyncRows<Row>;
  none(): AsyncRows<Row>;
  reverse(): AsyncRows<Row>;
  using(database: DatabaseChoice): AsyncRows<Row>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  first(): Promise<Row | null>;
  last(): Promise<Row | null>;
  explain(options?: ExplainOptions): Promise<string>;
  /** Whether the rows come in a defined order. */
  readonly ordered: boolean;
}

/** What `raw()` gives: rows to read, and no chain. */
export interface AsyncRawQuerySet<Row> extends Rows<Row> {
  using(database: DatabaseChoice): AsyncRawQuerySet<Row>;
  prefetch_related(...lookups: (string | object)[]): AsyncRawQuerySet<Row>;
  /** The names of the columns that come back, as fields where they are some. */
  readonly columns: Promise<readonly string[]>;
}
