/** `defineModels` and the declarations it takes. */
import type { IsUnion } from './annotate.js';
import type { Databases } from './database.js';
import type {
  Declaration,
  DeclaredColumns,
  ForeignKeyDeclaration,
  ManyToManyDeclaration,
  ManyToManyOptions,
  MetaOptions,
  RelatedNames,
} from './declare.js';
import type { Clash, NameTaken, NotThrough, UnknownModel } from './message.js';
import type { ModelClass } from './instance.js';
import type {
  AnySchema,
  ColumnsOf,
  IsTable,
  ReferenceOf,
  References,
  RelationName,
  Reverse,
  Schema,
  TableName,
} from './schema.js';
import type { BuiltTable, Invalid, REF } from './tags.js';

/** The models: a class for each table; whatever else a schema module exports is left out. */
export type Models<Tables, Declared> = {
  readonly [K in keyof Tables as IsTable<Tables[K]> extends true ? K : never]: ModelClass<
    K & string,
    Schema<Tables, Declared>
  >;
};

/** What may be declared of each model: targets are models, columns are its own. */
type Hints<Tables> = {
  readonly [K in keyof Tables]?: {
    readonly [name: string]: Declaration<keyof Tables & string, keyof ColumnsOf<Tables[K]> & string> | MetaOptions;
  } & { readonly Meta?: MetaOptions<keyof ColumnsOf<Tables[K]> & string> };
};

/** Declarations of no model. */
type Strangers<Tables, Declared> = {
  readonly [K in keyof Declared as K extends keyof Tables ? never : K]: Invalid<UnknownModel<K & string>>;
};

/** A sentence on each model whose definition cannot stand. */
type Problems<Tables, Declared> = {
  readonly [K in keyof Tables as [ProblemOf<K, Tables, Schema<Tables, Declared>>] extends [never] ? never : K]: Invalid<
    ProblemOf<K, Tables, Schema<Tables, Declared>>
  >;
};

type ProblemOf<K, Tables, S extends AnySchema> = K extends keyof Tables & string
  ? Tables[K] extends BuiltTable<string, unknown>
    ?
        | Doubles<
            K,
            S,
            References<ColumnsOf<Tables[K]>>,
            K extends keyof S['declared'] ? DeclaredColumns<S['declared'][K]> : never
          >
        | NamedAsColumns<
            K,
            S,
            References<ColumnsOf<Tables[K]>>,
            K extends keyof S['declared'] ? DeclaredColumns<S['declared'][K]> : never,
            keyof ColumnsOf<Tables[K]>
          >
        | DeclaredProblems<K, S, ColumnsOf<Tables[K]>>
        | ([S['declaredEdges'][K]['query']] extends [never]
            ? never
            : Clashes<K, Reverse<K, S>, keyof ColumnsOf<Tables[K]>>)
    : never
  : never;

/** Two references to one table that nothing tells apart. Asked from the side that has few of them: its own. */
type Doubles<From extends string, S extends AnySchema, Columns, Taken> = DoublesIn<
  From,
  S,
  { [C in keyof Columns as C extends Taken ? never : ReferenceOf<Columns[C]>]: C }
>;
type DoublesIn<From extends string, S extends AnySchema, ByTarget> = {
  [T in keyof ByTarget]: IsUnion<ByTarget[T]> extends true
    ? S['byTable'][T] extends infer To extends string
      ? Clash<To, Lowercase<From>>
      : never
    : never;
}[keyof ByTarget];

/** References whose forward name is a column's: `owner: integer().references(…)` wants another name for one of them. */
type NamedAsColumns<From extends string, S extends AnySchema, Columns, Taken, Names> = {
  [C in keyof Columns]: C extends Taken
    ? never
    : RelationName<C> extends Names
      ? S['byTable'][ReferenceOf<Columns[C]>] extends string
        ? NameTaken<From, RelationName<C> & string>
        : never
      : never;
}[keyof Columns];

/** The relations that lead to a model, where some of them are declared. */
type Clashes<Name extends string, Relations, Columns> = {
  [R in keyof Relations]: IsUnion<Relations[R]> extends true
    ? Clash<Name, R & string>
    : R extends Columns
      ? NameTaken<Name, R & string>
      : never;
}[keyof Relations];

type DeclaredProblems<Name extends string, S extends AnySchema, Columns> = Name extends keyof S['declared']
  ? ProblemsIn<Name, S['declared'][Name], S, Columns>
  : never;
type ProblemsIn<Name extends string, Declared, S extends AnySchema, Columns> = {
  [R in keyof Declared]: R extends keyof Columns
    ? NameTaken<Name, R & string>
    : Declared[R] extends {
          readonly declares: 'manyToMany';
          readonly target: infer Target extends string;
          readonly through: infer Through;
        }
      ? Through extends BuiltTable<string, unknown>
        ? [TableName<S['tables'][Name]> | TableName<S['tables'][Target]>] extends [ReferencedBy<ColumnsOf<Through>>]
          ? never
          : NotThrough<Name, R & string>
        : never
      : never;
}[keyof Declared];

type ReferencedBy<Columns> = {
  [C in keyof Columns]: Columns[C] extends { readonly [K in REF]: infer To } ? To : never;
}[keyof Columns];

/**
 * Makes a model of each table.
 * @param db a Drizzle database, or several by alias (`{ default: db, replica }`)
 * @param tables the tables by the names that their models shall have; a whole `import * as schema` will do
 * @param declarations what the tables cannot say: `manyToMany`, `foreignKey`, `oneToOne`, `Meta`
 */
export declare function defineModels<const Tables extends object, const Declared = Record<never, never>>(
  db: Databases,
  tables: Tables & Problems<Tables, Declared>,
  declarations?: Declared & Hints<Tables> & Strangers<Tables, Declared>,
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
): ManyToManyDeclaration<Target, Through, RN, RQN, Sym>;

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
