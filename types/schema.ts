/**
 * Drizzle tables of 0.45 or 1.0 in one normal form: models, their columns, and the relations that `.references()`
 * says. The run-time twin is src/meta.
 *
 * Interfaces with one property a question: TypeScript works a property out when it is first asked for, and once.
 * An edge keeps the *name* of the table it points at and is resolved where it is used.
 */
import type { AnyBuilder } from './augment.js';
import type { DeclaredEdges, DeclaredForward, DeclaredColumns, KeyDeclaredFor } from './declare.js';
import type { ModelClass } from './instance.js';
import type { NameTaken } from './message.js';
import type { BUILDERS, BuiltTable, Carried, Left, NAME, REF, Reference, Right, UniqueColumn } from './tags.js';

// biome-ignore lint/suspicious/noExplicitAny: "some schema", compared with nothing
export type AnySchema = Schema<any, any>;
// biome-ignore lint/suspicious/noExplicitAny: "some model", compared with nothing
export type AnyModel = ModelIn<any, any, any, any>;

export interface Schema<in out Tables, in out Declared> {
  readonly tables: Tables;
  readonly declared: Declared;
  /** Table name → model name. */
  readonly byTable: { readonly [A in Anchors<Tables> as A['to']]: A['model'] };
  /** Model name → the foreign keys that its table has by `.references()`. */
  readonly outgoing: Outgoing<Tables, Declared>;
  /** Table name → every such foreign key that points at it. */
  readonly edges: { readonly [E in Anchors<Tables> | Outgoing<Tables, Declared>[keyof Tables] as E['to']]: E };
  /** Model name → every declared relation that points at it. */
  readonly declaredEdges: { readonly [E in DeclaredEdges<Tables, Declared> as E['to'] & PropertyKey]: E };
}

// `in out` only says: compare nothing but the names. The variances would else be worked out, at some cost.
// What it is made of stands here flat: the compiler walks through it each time that it makes a call's signature.
export interface ModelIn<in out Name extends string, in out Tables, in out Declared, in out Extra> {
  readonly name: Name;
  /**
   * The name that carries this model: what querysets and instances are parametrised by. Written out, for an alias would
   * be taken apart with its arguments wherever the name goes.
   */
  readonly carrier: Name | (Left & Right & ModelIn<Name, Tables, Declared, Extra>);
  readonly schema: Schema<Tables, Declared>;
  /** Annotations and aliases that the queryset has added. */
  readonly extra: Extra;
  readonly columns: ColumnsOf<Schema<Tables, Declared>['tables'][Name & keyof Tables]>;
  /** Names of columns. */
  readonly keys: keyof ColumnsOf<Schema<Tables, Declared>['tables'][Name & keyof Tables]>;
  readonly forward: Forward<Name, Schema<Tables, Declared>>;
  readonly reverse: Reverse<Name, Schema<Tables, Declared>>;
  readonly relations: Relations<Name, Schema<Tables, Declared>>;
  /** The relations, and the columns, that a path may go on from: all but those that an annotation's name begins with. */
  readonly hops: Without<Relations<Name, Schema<Tables, Declared>>, HeadOf<keyof Extra>>;
  readonly stems: Exclude<
    keyof ColumnsOf<Schema<Tables, Declared>['tables'][Name & keyof Tables]>,
    HeadOf<keyof Extra>
  >;
  readonly key: KeyOf<Name, Schema<Tables, Declared>>;
  /** Names of columns, relations and annotations, and `pk`. */
  readonly names:
    | (keyof ColumnsOf<Schema<Tables, Declared>['tables'][Name & keyof Tables]> & string)
    | (keyof Forward<Name, Schema<Tables, Declared>> & string)
    | (keyof Reverse<Name, Schema<Tables, Declared>> & string)
    | (keyof Extra & string)
    | 'pk';
}

// "Some model" has any relation.
type Relations<Name extends string, S extends AnySchema> = string extends Name
  ? // biome-ignore lint/suspicious/noExplicitAny: as "some model" itself
    any
  : Forward<Name, S> & Reverse<Name, S>;

/** The first name of an annotation whose own name is a path, as that of `Count('toppings')` is. */
export type HeadOf<Name> = Name extends `${infer Head}__${string}` ? Head : never;
type Without<T, Name> = [Name] extends [never] ? T : { readonly [K in keyof T as Exclude<K, Name>]: T[K] };

export type Model<Name extends string, S extends AnySchema, Extra = unknown> = ModelIn<
  Name,
  S['tables'],
  S['declared'],
  Extra
>;

/** The model that a name carries; what carries none is looked up by its name. */
export type ModelOf<Name> = [Name] extends [Carried<string, infer M extends AnyModel>]
  ? unknown extends M['name']
    ? RegisteredModel<Name>
    : M
  : never;

/**
 * The models of a program by name, for types that have lost what a name carries: into a declaration file TypeScript writes
 * the inferred type of an exported function with the bare name alone, `AsyncQuerySet<"Pizza", Instance<"Pizza">>`.
 * A package that exports such functions says beside its models, once:
 * `declare module 'drizzle-queryset' { interface RegisteredModels { Pizza: typeof Pizza } }`.
 */
export interface RegisteredModels {}

type RegisteredModel<Name> = Name extends keyof RegisteredModels
  ? RegisteredModels[Name] extends ModelClass<infer Known, infer S>
    ? Model<Known, S>
    : never
  : AnyModel;

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
export interface Relation<out Kind extends RelationKind, in out Target extends AnyModel, out Null, out Via> {
  readonly kind: Kind;
  readonly target: Target;
  readonly null: Null;
  readonly via: Via;
}

/** The columns of a foreign key; a composite one has several. */
export type ColumnsIn<Via> = Via extends readonly (infer One)[] ? One : Via;

// biome-ignore lint/suspicious/noExplicitAny: "some relation", compared with nothing
export type AnyRelation = Relation<RelationKind, any, any, any>;

/**
 * A foreign key, with the relations that it makes at both ends and their names. They are properties, so that a mapped
 * type over edges has a name that costs nothing: the compiler asks for it again and again.
 */
export interface Edge<To extends string, From extends AnyModel, Column, Builder> {
  readonly to: To;
  readonly from: From;
  readonly column: Column;
  readonly builder: Builder;
  /** The model that the table is. A table that is no model is `unknown` in `byTable`: there is no relation. */
  readonly model: From['schema']['byTable'][To];
  /** The relation at this end, and its name. */
  readonly name: this['model'] extends string ? RelationName<Column> : never;
  /** The sentence that says so, where a column of the model's own has the name of the relation. */
  readonly taken: RelationName<Column> extends From['keys']
    ? this['model'] extends string
      ? NameTaken<From['name'], RelationName<Column> & string>
      : never
    : never;
  readonly forward: Relation<'forward', Model<this['model'], From['schema']>, NullOf<Builder>, Column>;
  readonly query: Lowercase<From['name']>;
  readonly accessor: IsOneToOne<Builder> extends true ? Lowercase<From['name']> : `${Lowercase<From['name']>}_set`;
  readonly relation: Relation<IsOneToOne<Builder> extends true ? 'reverse_one' : 'reverse', From, null, Column>;
}

/** An edge without a source for each table: it makes sure that each is a key of `edges`. */
interface Anchor<To, Name> {
  readonly to: To;
  readonly model: Name;
  readonly query: never;
  readonly accessor: never;
  readonly relation: never;
}
type Anchors<Tables> = { [K in keyof Tables]: Anchor<TableName<Tables[K]>, K> }[keyof Tables];

type Outgoing<Tables, Declared> = {
  readonly [K in keyof Tables]: EdgesFrom<
    Model<K & string, Schema<Tables, Declared>>,
    ColumnsOf<Tables[K]>,
    K extends keyof Declared ? DeclaredColumns<Declared[K]> : never
  >;
};

// The one place that looks at every column of every table: no `infer` here, and nothing asked twice.
type EdgesFrom<From extends AnyModel, Columns, Taken> = {
  [C in keyof Columns]: Columns[C] extends Reference
    ? C extends Taken
      ? never
      : Edge<Columns[C][REF], From, C, Columns[C]>
    : never;
}[keyof Columns];

/** `boxId` and `box_id` are the columns of the relation `box`. */
export type RelationName<Column> = Column extends `${infer Name}Id`
  ? Name
  : Column extends `${infer Name}_id`
    ? Name
    : Column;

export type Forward<Name extends string, S extends AnySchema> = InferredForward<Name, S> & DeclaredForward<Name, S>;

// Of the name and not of its edges, which would be looked through wherever an instance goes.
type InferredForward<Name extends string, S extends AnySchema> = {
  readonly [E in S['outgoing'][Name] as E['name']]: E['forward'];
};
// biome-ignore lint/suspicious/noExplicitAny: "some edge", compared with nothing
export type AnyEdge = Edge<string, any, any, any>;

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

// --- columns ---------------------------------------------------------------------------------------------------

export type NullOf<Builder> = Builder extends { readonly _: { notNull: true } } ? never : null;

/** The value of a column, null aside. The `dimensions` of 0.45, which names the column's class, are a vector's. */
export type Data<Builder> = Builder extends AnyBuilder
  ? Builder['_'] extends { columnType: string }
    ? ElementData<Builder['_']>
    : Builder['_'] extends { dimensions: infer Depth extends number }
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
