/** What a table cannot say: `manyToMany`, `foreignKey`, `oneToOne` and `Meta`, as `defineModels` takes them. */
import type { IsUnion } from './annotate.js';
import type {
  AnyModel,
  AnySchema,
  ColumnsIn,
  ColumnsOf,
  IsOneToOne,
  Model,
  NullOf,
  Relation,
  RelationName,
  Schema,
} from './schema.js';
import type { EVAL, Hidden, Reference } from './tags.js';

export interface RelatedNames<RelatedName, RelatedQueryName> {
  /** The accessor on the far side, and its name in lookups unless `related_query_name` says another. `'+'` for none. */
  related_name?: RelatedName;
  related_query_name?: RelatedQueryName;
  /** The column of the far side that a foreign key holds, where it is not the primary key. */
  to_field?: string | readonly string[];
}

export interface ManyToManyOptions<Through, RelatedName, RelatedQueryName, Symmetrical>
  extends Omit<RelatedNames<RelatedName, RelatedQueryName>, 'to_field'> {
  /** The Drizzle table that holds the pairs. */
  through: Through;
  /** The two foreign keys of `through`, this side's first; needed where it has more than two. */
  through_fields?: readonly [string, string];
  /** For a relation of a model with itself: whether a pair counts in both directions. As in Django, true by default. */
  symmetrical?: Symmetrical;
}

export interface ManyToManyDeclaration<Target, Through, RelatedName, RelatedQueryName, Symmetrical> {
  readonly declares: 'manyToMany';
  readonly target: Target;
  readonly through: Through;
  readonly related_name: RelatedName;
  readonly related_query_name: RelatedQueryName;
  readonly symmetrical: Symmetrical;
}

export interface ForeignKeyDeclaration<Column, Target, RelatedName, RelatedQueryName, Unique> {
  readonly declares: 'foreignKey' | 'oneToOne';
  readonly column: Column;
  readonly target: Target;
  readonly related_name: RelatedName;
  readonly related_query_name: RelatedQueryName;
  readonly unique: Unique;
}

/** Django's options of these names, and the key of a table whose primary key is composite. */
export interface MetaOptions<Columns extends string = string> {
  /** Names, or expressions: `F('name').desc({ nulls_last: true })`. */
  ordering?: readonly (OrderName<Columns> | Hidden<EVAL, unknown>)[];
  get_latest_by?: OrderName<Columns> | readonly OrderName<Columns>[];
  primary_key?: readonly Columns[];
}
/** A column, a relation, or a path; paths are checked when the models are made. */
type OrderName<Columns extends string> =
  | Ordered<Columns | (RelationName<Columns> & string) | 'pk' | `${string}__${string}`>
  | '?';
type Ordered<Names extends string> = Names | `-${Names}`;

/** What a place in `declarations` may hold; `Target` gives `manyToMany('…')` there its completions. */
export type Declaration<Target extends string, Column extends string = string> =
  | { readonly declares: 'manyToMany'; readonly target: Target }
  | {
      readonly declares: 'foreignKey' | 'oneToOne';
      readonly target: Target;
      readonly column: Column | readonly Column[];
    };

/** The columns whose foreign keys a model declares itself; what `.references()` says of them is not read. */
export type DeclaredColumns<Declared> = {
  [F in keyof Declared]: Declared[F] extends {
    readonly declares: 'foreignKey' | 'oneToOne';
    readonly column: infer Column;
  }
    ? // A column of several makes a key, and may be one of its own beside.
      Column extends readonly unknown[]
      ? never
      : Column
    : never;
}[keyof Declared];

/** The columns of the foreign keys that a model declares itself. */
export type DeclaredVia<M extends AnyModel> = M['name'] extends keyof M['schema']['declared']
  ? ViaIn<M['schema']['declared'][M['name']]>
  : never;
type ViaIn<Declared> = {
  [F in keyof Declared]: Declared[F] extends {
    readonly declares: 'foreignKey' | 'oneToOne';
    readonly column: infer Column;
  }
    ? ColumnsIn<Column>
    : never;
}[keyof Declared];

export type KeyDeclaredFor<Name extends string, S extends AnySchema> = Name extends keyof S['declared']
  ? S['declared'][Name] extends { Meta: { primary_key: infer Keys } }
    ? Keys
    : undefined
  : undefined;

/** The model that a declaration names: `'self'` is its own. */
export type Targeted<Target extends string, Self extends string> = Target extends 'self' ? Self : Target;

export type DeclaredForward<Name extends string, S extends AnySchema> = Name extends keyof S['declared']
  ? {
      readonly [F in keyof S['declared'][Name] as S['declared'][Name][F] extends { readonly declares: string }
        ? F
        : never]: DeclaredRelation<Name, S['declared'][Name][F], ColumnsOf<S['tables'][Name]>, S>;
    }
  : unknown;

type DeclaredRelation<Name extends string, D, Columns, S extends AnySchema> = D extends {
  readonly declares: 'manyToMany';
  readonly target: infer Target extends string;
  readonly through: infer Through;
}
  ? Relation<'many', Model<Targeted<Target, Name>, S>, null, Through>
  : D extends {
        readonly declares: 'foreignKey' | 'oneToOne';
        readonly target: infer Target extends string;
        readonly column: infer Column;
      }
    ? Relation<'forward', Model<Targeted<Target, Name>, S>, NullOfAll<Columns, Column>, Column>
    : never;

/** A key of several columns is missing where any of them can be. */
type NullOfAll<Columns, Column> = Column extends readonly (infer One)[]
  ? One extends keyof Columns
    ? NullOf<Columns[One]>
    : never
  : Column extends keyof Columns
    ? NullOf<Columns[Column]>
    : never;

/** A declared relation seen from the far side. */
export interface DeclaredEdge<To, From, Query, Accessor, R> {
  readonly to: To;
  readonly from: From;
  readonly query: Query;
  readonly accessor: Accessor;
  readonly relation: R;
}

export type DeclaredEdges<Tables, Declared> =
  | { [K in keyof Tables]: DeclaredEdge<K, never, never, never, never> }[keyof Tables]
  | {
      [K in keyof Declared]: {
        [F in keyof Declared[K]]: EdgeFrom<
          Model<K & string, Schema<Tables, Declared>>,
          Declared[K][F],
          K extends keyof Tables ? ColumnsOf<Tables[K]> : never
        >;
      }[keyof Declared[K]];
    }[keyof Declared];

type EdgeFrom<From extends AnyModel, D, Columns> =
  D extends ManyToManyDeclaration<
    infer Target extends string,
    infer Through,
    infer Related,
    infer Query,
    infer Symmetrical
  >
    ? IsSymmetrical<From['name'], Targeted<Target, From['name']>, Symmetrical> extends true
      ? never
      : DeclaredEdge<
          Targeted<Target, From['name']>,
          From,
          QueryName<From['name'], Related, Query>,
          Accessor<From['name'], Related, true>,
          Relation<'many', From, null, Through>
        >
    : D extends ForeignKeyDeclaration<
          infer Column,
          infer Target extends string,
          infer Related,
          infer Query,
          infer Unique
        >
      ? ForeignEdge<
          From,
          Column,
          Targeted<Target, From['name']>,
          Related,
          Query,
          Unique extends true ? true : Column extends keyof Columns ? IsOneToOne<Columns[Column]> : false
        >
      : never;

type IsSymmetrical<From, Target, Symmetrical> = [From, Target] extends [Target, From]
  ? Symmetrical extends false
    ? false
    : true
  : false;

type ForeignEdge<From extends AnyModel, Column, Target, Related, Query, One> = DeclaredEdge<
  Target,
  From,
  QueryName<From['name'], Related, Query>,
  Accessor<From['name'], Related, One extends true ? false : true>,
  Relation<One extends true ? 'reverse_one' : 'reverse', From, null, Column>
>;

// `unknown` stands for "not given": the options' type parameters default to it.
type QueryName<From, Related, Query> = unknown extends Query
  ? unknown extends Related
    ? Lowercase<From & string>
    : Related extends `${string}+`
      ? never
      : Related
  : Query;

type Accessor<From, Related, Many> = unknown extends Related
  ? Many extends true
    ? `${Lowercase<From & string>}_set`
    : Lowercase<From & string>
  : Related extends `${string}+`
    ? never
    : Related;

type ReferencesIn<Columns> = { [C in keyof Columns]: Columns[C] extends Reference ? C : never }[keyof Columns];
/** Those that are its two ends. Which of three or more are, `through_fields` says when it runs. */
type Ends<C, All = C> = true extends (C extends unknown ? IsUnion<Exclude<All, C>> : never) ? never : C;

/** The columns of a through table that `through_defaults` may hold: all but its two ends. */
export type ThroughColumns<Through> = Omit<ColumnsOf<Through>, Ends<ReferencesIn<ColumnsOf<Through>>>>;
/** Those of them that are foreign keys. */
export type ThroughKeys<Through> = ReferencesIn<ThroughColumns<Through>>;
