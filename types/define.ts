/** `defineModels` and the declarations it takes. */
import type { IsUnion } from './annotate.js';
import type { Databases } from './database.js';
import type {
  Declaration,
  ForeignKeyDeclaration,
  ManyToManyDeclaration,
  ManyToManyOptions,
  MetaOptions,
  RelatedNames,
  Targeted,
} from './declare.js';
import type { Clash, NameTaken, NotThrough, UnknownColumn, UnknownModel } from './message.js';
import type { ModelClass } from './instance.js';
import type { AnyEdge, AnySchema, ColumnsIn, ColumnsOf, IsTable, Reverse, Schema, TableName } from './schema.js';
import type { BuiltTable, Invalid, REF, Reference } from './tags.js';

/**
 * The models: a class for each table; whatever else a schema module exports is left out.
 *
 * `NoInfer`, for inference to stop there: while a string is being typed, the compiler would else look for type
 * parameters in every column of every table. It stands here and not in an alias, whose arguments would be looked into.
 */
export type Models<Tables, Declared> = {
  readonly [K in keyof Tables as IsTable<Tables[K]> extends true ? K : never]: ModelClass<
    K & string,
    Schema<NoInfer<Tables>, Declared>
  >;
};

/** What may be declared of each model: targets are models, columns are its own. */
type Hints<Tables> = {
  readonly [K in keyof Tables]?: {
    readonly [name: string]:
      | Declaration<(keyof Tables & string) | 'self', keyof ColumnsOf<Tables[K]> & string>
      | MetaOptions;
  } & { readonly Meta?: MetaOptions<keyof ColumnsOf<Tables[K]> & string> };
};

/** Declarations of no model. */
type Strangers<Tables, Declared> = {
  readonly [K in keyof Declared as K extends keyof Tables ? never : K]: Invalid<UnknownModel<K & string>>;
};

/** A sentence on each model whose definition cannot stand. Of the very schema of `Models`: it is worked out once for both. */
type Problems<Tables, Declared> = ProblemsOf<Schema<NoInfer<Tables>, Declared>>;
// Asked of all models at once, for hardly any has one. And no `as` clause: while the literal is checked, its names would
// be asked for at each of the tables.
type ProblemsOf<S extends AnySchema> = [Faulty<S>] extends [never]
  ? unknown
  : {
      readonly [K in Faulty<S>]: Invalid<Inferred<S['outgoing'][K]> | (K extends Concerned<S> ? Stated<K, S> : never)>;
    };
type Faulty<S extends AnySchema> =
  | (FaultyIn<S['outgoing']> & string)
  | { [K in Concerned<S>]: [Stated<K, S>] extends [never] ? never : K }[Concerned<S>];

/** Those whose tables' columns say what cannot stand; no more of it is looked for where nothing is wrong. */
type FaultyIn<Outgoing extends { readonly [name: string]: AnyEdge }> = {
  [K in keyof Outgoing]: [Twins<Outgoing[K]> | Outgoing[K]['taken']] extends [never] ? never : K;
}[keyof Outgoing];
type Twins<Edges extends AnyEdge> = { [E in Edges as E['to']]: Several<E['column']> }[Edges['to']];
/** `true` where there are several names; `never` where there is one. */
type Several<Name, All = Name> = Name extends unknown ? (All extends Name ? never : true) : never;

/** What is wrong with the relations that a table's columns say. */
type Inferred<Edges extends AnyEdge> = Double<Edges> | Edges['taken'];

/** What is wrong with the relations that are declared at a model, or lead to it. */
type Stated<Name extends string, S extends AnySchema> =
  | (Name extends keyof S['declared'] ? ProblemsIn<Name, S['declared'][Name], S, ColumnsOf<S['tables'][Name]>> : never)
  | (Name extends TargetsOf<S['declared']>
      ? Clashes<Name, Reverse<Name, S>, keyof ColumnsOf<S['tables'][Name]>>
      : never);

/** The models whose relations are declared, and those that they lead to. */
type Concerned<S extends AnySchema> = (keyof S['declared'] | TargetsOf<S['declared']>) & keyof S['tables'] & string;

/** Two references from one table to another that nothing tells apart: under that table's name, `E` is both. */
type Double<Edges extends AnyEdge> = {
  [E in Edges as E['to']]: IsUnion<E['column']> extends true ? Clash<E['model'] & string, E['query']> : never;
}[Edges['to']];

/** The models that declared relations lead to. */
type TargetsOf<Declared> = {
  [K in keyof Declared]: {
    [F in keyof Declared[K]]: Declared[K][F] extends { readonly target: infer Target extends string }
      ? Targeted<Target, K & string>
      : never;
  }[keyof Declared[K]];
}[keyof Declared];

/** The relations that lead to a model, where some of them are declared. */
type Clashes<Name extends string, Relations, Columns> = {
  [R in keyof Relations]: IsUnion<Relations[R]> extends true
    ? Clash<Name, R & string>
    : R extends Columns
      ? NameTaken<Name, R & string>
      : never;
}[keyof Relations];

type ProblemsIn<Name extends string, Declared, S extends AnySchema, Columns> = {
  [R in keyof Declared]: R extends keyof Columns
    ? NameTaken<Name, R & string>
    : Declared[R] extends { readonly target: infer Target extends string }
      ? Target extends keyof S['tables'] | 'self'
        ? EndsIn<Declared[R], Name, R & string, TableName<S['tables'][Name | Targeted<Target, Name>]>, Columns>
        : UnknownModel<Target>
      : never;
}[keyof Declared];

/** What is wrong with a declaration's columns, or with its through table, which has a key to each of `Sides`. */
type EndsIn<D, Name extends string, R extends string, Sides, Columns> = D extends { readonly column: infer Column }
  ? ColumnsIn<Column> extends keyof Columns
    ? never
    : UnknownColumn<Name, Exclude<ColumnsIn<Column>, keyof Columns> & string>
  : D extends { readonly through: infer Through extends BuiltTable<string, unknown> }
    ? [Sides] extends [ReferencedBy<ColumnsOf<Through>>]
      ? never
      : NotThrough<Name, R>
    : never;

type ReferencedBy<Columns> = {
  [C in keyof Columns]: Columns[C] extends Reference ? Columns[C][REF] : never;
}[keyof Columns];

/**
 * Makes a model of each table.
 * @param db a Drizzle database, or several by alias (`{ default: db, replica }`)
 * @param tables the tables by the names that their models shall have; a whole `import * as schema` will do
 * @param declarations what the tables cannot say: `manyToMany`, `foreignKey`, `oneToOne`, `Meta`
 */
export declare function defineModels<const Tables extends object, const Declared = Record<never, never>>(
  db: Databases,
  tables: Problems<Tables, Declared> & Tables,
  declarations?: Strangers<Tables, Declared> & Hints<Tables> & Declared,
): Models<Tables, Declared>;

export declare function manyToMany<
  const Target extends string,
  Through,
  const RN = unknown,
  const RQN = unknown,
  const Sym = unknown,
>(
  target: Target,
  options: ManyToManyOptions<Through, RN, RQN, Sym>,
): ManyToManyDeclaration<Target, NoInfer<Through>, RN, RQN, Sym>;

/** A foreign key, where the table does not say it or another name is wanted; several columns for a composite one. */
export declare function foreignKey<
  const Column extends string | readonly string[],
  const Target extends string,
  const RN = unknown,
  const RQN = unknown,
>(
  column: Column,
  target: Target,
  options?: RelatedNames<RN, RQN>,
): ForeignKeyDeclaration<Column, Target, RN, RQN, unknown>;

export declare function oneToOne<
  const Column extends string | readonly string[],
  const Target extends string,
  const RN = unknown,
  const RQN = unknown,
>(
  column: Column,
  target: Target,
  options?: RelatedNames<RN, RQN>,
): ForeignKeyDeclaration<Column, Target, RN, RQN, true>;
