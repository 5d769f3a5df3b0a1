/**
 * Drizzle tables of 0.45 or 1.0 in one normal form: models, their columns, and the relations that `.references()`
 * says. The run-time twin is src/meta.
 *
 * Interfaces with one property a question: TypeScript works a property out when it is first asked for, and once.
 * An edge keeps the *name* of the table it points at and is resolved where it is used.
 */
import type { AnyBuilder } from './augment.js';
import type { DeclaredEdges, DeclaredForward, DeclaredColumns, KeyDeclaredFor } from './declare.js';
import type { BUILDERS, BuiltTable, CarriedBy, Carrying, NAME, REF, RefersTo, UniqueColumn } from './tags.js';

// biome-ignore lint/suspicious/noExplicitAny: "some schema", compared with nothing
export type AnySchema = Schema<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: "some model", compared with nothing
export type AnyModel = Model<any, any, any>;

export interface Schema<in out Tables, in out Declared> {
  readonly tables: Tables;
  readonly declared: Declared;
  /** Table name → model name. */
  readonly byTable: { readonly [K in keyof Tables as TableName<Tables[K]>]: K };
  /** Table name → every foreign key that points at it. */
  readonly edges: { readonly [E in InferredEdges<Tables, Declared> as E['to']]: E };
  /** Model name → every declared relation that points at it. */
  readonly declaredEdges: { readonly [E in DeclaredEdges<Tables, Declared> as E['to'] & PropertyKey]: E };
}

// `in out` only says: compare nothing but the names. The variances would else be worked out, at some cost.
export interface Model<in out Name extends string, in out S extends AnySchema, in out Extra = unknown> {
  readonly name: Name;
  readonly schema: S;
  /** Annotations and aliases that the queryset has added. */
  readonly extra: Extra;
  readonly columns: ColumnsOf<S['tables'][Name]>;
  readonly forward: Forward<Name, S>;
  readonly reverse: Reverse<Name, S>;
  readonly relations: Forward<Name, S> & Reverse<Name, S>;
  readonly key: KeyOf<Name, S>;
  /** Names of columns, relations and annotations, and `pk`. */
  readonly names:
    | (keyof ColumnsOf<S['tables'][Name]> & string)
    | (keyof Forward<Name, S> & string)
    | (keyof Reverse<Name, S> & string)
    | (keyof Extra & string)
    | 'pk';
}

/** The name of a model, which carries the model: what querysets and instances are parametrised by. */
export type NameOf<Name extends string, S extends AnySchema, Extra = unknown> = Carrying<Name, Model<Name, S, Extra>>;

/** The model that a name carries. */
export type ModelOf<Name> = CarriedBy<Name> extends infer M extends AnyModel ? M : never;

export type TableName<Table> =
  Table extends BuiltTable<string, unknown>
    ? Table[NAME]
    : Table extends { readonly _: { readonly brand: 'Table'; readonly name: infer Name extends string } }
      ? Name
      : never;

/**
 * The builders of a table's columns by key. A table whose declaration was emitted without this library's types has
 * none: its built columns answer the same questions, only not those about keys and references.
 */
export type ColumnsOf<Table> =
  Table extends BuiltTable<string, unknown>
    ? Table[BUILDERS]
    : Table extends { readonly _: { readonly columns: infer Columns } }
      ? Columns
      : never;

export type IsTable<Table> =
  Table extends BuiltTable<string, unknown>
    ? true
    : Table extends { readonly _: { readonly brand: 'Table' } }
      ? true
      : false;

// --- relations -------------------------------------------------------------------------------------------------

export type RelationKind = 'forward' | 'reverse' | 'reverse_one' | 'many';

/** One relation of a model: where it leads, of what kind it is, whether it can be missing, and its column or through table. */
export interface Relation<out Kind extends RelationKind, out Target, out Null, out Via> {
  readonly kind: Kind;
  readonly target: Target;
  readonly null: Null;
  readonly via: Via;
}

/** A foreign key seen from the table it points at, with the names and the relation that it makes there. */
export interface Edge<To extends string, From, Column, Builder> {
  readonly to: To;
  readonly from: From;
  readonly column: Column;
  readonly query: Lowercase<From & string>;
  readonly accessor: IsOneToOne<Builder> extends true ? Lowercase<From & string> : `${Lowercase<From & string>}_set`;
  readonly relation: Relation<IsOneToOne<Builder> extends true ? 'reverse_one' : 'reverse', From, null, Column>;
}

// The first member of the union has no source: it makes sure that each table is a key of `edges`.
type InferredEdges<Tables, Declared> = {
  [K in keyof Tables]:
    | Edge<TableName<Tables[K]>, never, never, never>
    | EdgesFrom<K, References<ColumnsOf<Tables[K]>>, K extends keyof Declared ? DeclaredColumns<Declared[K]> : never>;
}[keyof Tables];

type EdgesFrom<From, Columns, Taken> = {
  [C in keyof Columns]: C extends Taken ? never : Edge<ReferenceOf<Columns[C]>, From, C, Columns[C]>;
}[keyof Columns];

/** The columns with a reference. `RefersTo<string>` and no `infer`: what every column is asked must be cheap. */
export type References<Columns> = {
  readonly [C in keyof Columns as Columns[C] extends RefersTo<string> ? C : never]: Columns[C];
};

/** `boxId` and `box_id` are the columns of the relation `box`. */
export type RelationName<Column> = Column extends `${infer Name}Id`
  ? Name
  : Column extends `${infer Name}_id`
    ? Name
    : Column;

export type Forward<Name extends string, S extends AnySchema> = InferredForward<
  References<ColumnsOf<S['tables'][Name]>>,
  S,
  Name extends keyof S['declared'] ? DeclaredColumns<S['declared'][Name]> : never
> &
  DeclaredForward<Name, S>;

type InferredForward<Columns, S extends AnySchema, Taken> = {
  // A table that is no model is `unknown` in `byTable`. (`To extends keyof byTable` would count all tables each time.)
  readonly [C in keyof Columns as C extends Taken
    ? never
    : S['byTable'][ReferenceOf<Columns[C]>] extends string
      ? RelationName<C>
      : never]: Relation<'forward', S['byTable'][ReferenceOf<Columns[C]>], NullOf<Columns[C]>, C>;
};
/** The name of the table that a column points at. */
export type ReferenceOf<Column> = Column extends RefersTo<string> ? Column[REF] : never;

/** The relations that lead here, by the name they have in lookups. One mapped type: an intersection is resolved at once. */
export type Reverse<Name extends string, S extends AnySchema> = {
  readonly [E in EdgesTo<Name, S> as E['query']]: E['relation'];
};

/** The same by the name of the accessor (`pizza_set`). */
export type Accessors<Name extends string, S extends AnySchema> = {
  readonly [E in EdgesTo<Name, S> as E['accessor']]: E['relation'];
};

type EdgesTo<Name extends string, S extends AnySchema> =
  | S['edges'][TableName<S['tables'][Name]>]
  | S['declaredEdges'][Name];

export type IsOneToOne<Builder> = Builder extends UniqueColumn
  ? true
  : Builder extends { readonly _: { isPrimaryKey: true } }
    ? true
    : false;

/** The model at the far end of a relation. */
export type TargetOf<S extends AnySchema, R> = R extends { readonly target: infer Target extends string }
  ? Model<Target, S>
  : never;

// --- columns ---------------------------------------------------------------------------------------------------

export type NullOf<Builder> = Builder extends { readonly _: { notNull: true } } ? never : null;

/** The value of a column, null aside. */
export type Data<Builder> = Builder extends AnyBuilder
  ? Builder['_'] extends { dimensions: infer Depth extends number }
    ? Nested<ElementData<Builder['_']>, Depth>
    : ElementData<Builder['_']>
  : never;

type ElementData<Config> = Config extends { $type: infer T } ? T : Config extends { data: infer T } ? T : unknown;
type Nested<T, Depth extends number> = Depth extends 1
  ? T[]
  : Depth extends 2
    ? T[][]
    : Depth extends 3
      ? T[][][]
      : Depth extends 4
        ? T[][][][]
        : T[][][][][];

export type ColumnValue<Builder> = Data<Builder> | NullOf<Builder>;

/** Key of the primary key column, or the tuple of keys that `Meta.primary_key` declares. */
type KeyOf<Name extends string, S extends AnySchema> =
  KeyDeclaredFor<Name, S> extends infer Keys extends readonly string[]
    ? Keys
    : PrimaryColumn<ColumnsOf<S['tables'][Name]>>;

type PrimaryColumn<Columns> = {
  [C in keyof Columns]: Columns[C] extends { readonly _: { isPrimaryKey: true } } ? C : never;
}[keyof Columns];

/** The value of `pk`. */
export type KeyValue<M extends AnyModel> = M['key'] extends infer Key
  ? Key extends readonly string[]
    ? { -readonly [I in keyof Key]: ColumnValue<M['columns'][Key[I] & keyof M['columns']]> }
    : Key extends keyof M['columns']
      ? Data<M['columns'][Key]>
      : never
  : never;
