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
} from './declare.js';
import type { Clash, NameTaken, NotThrough, UnknownModel } from './message.js';
import type { ModelClass } from './instance.js';
import type { AnyEdge, AnySchema, ColumnsOf, IsTable, Reverse, Schema, TableName } from './schema.js';
import type { BuiltTable, Invalid, REF } from './tags.js';

/**
 * The models: a class for each table; whatever else a schema module exports is left out.
 *
 * `NoInfer`, for inference to stop there: while a string is being typed, the compiler would else look for type
 * parameters in every column of every table. It stands here and not in an alias, whose arguments would be looked into.
 */
export type Models<Tables, Declared> = {
  readonly [K in keyof Tables as IsTable<Tables[K]> extends true ? K : never]: ModelClass<
    K & string,
    Schema<NoInfer<Tables>, NoInfer<Declared>>
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

/** A sentence on each model whose definition cannot stand. Of the very schema of `Models`: it is worked out once for both. */
type Problems<Tables, Declared> = ProblemsOf<Schema<NoInfer<Tables>, NoInfer<Declared>>>;
type ProblemsOf<S extends AnySchema> = Doubles<S, S['outgoing'][keyof S['outgoing']]> &
  NamedAsColumns<S['outgoing'][keyof S['outgoing']]> &
  DeclaredProblems<S> &
  ClashesAt<S, TargetsOf<S['declared']>>;

/** Two references from one table to another that nothing tells apart. */
type Doubles<S extends AnySchema, E extends AnyEdge> = {
  readonly [D in DoubleAmong<E, ByPair<E>> as D['from']['name']]: Invalid<
    Clash<S['byTable'][D['to']] & string, D['query']>
  >;
};
type ByPair<Edges extends AnyEdge> = { [E in Edges as E['pair']]: E['column'] };
// An edge whose column is the only one of its pair is none. To a table that is no model, there is no relation to clash.
type DoubleAmong<E extends AnyEdge, Columns extends Record<string, unknown>> = E extends unknown
  ? Columns[E['pair']] extends E['column']
    ? never
    : E
  : never;

type DeclaredProblems<S extends AnySchema> = {
  readonly [K in keyof S['declared'] as [ProblemIn<K, S>] extends [never] ? never : K]: Invalid<
    ProblemIn<K, S> & string
  >;
};
type ProblemIn<K, S extends AnySchema> = K extends keyof S['tables'] & string
  ? ProblemsIn<K, S['declared'][K], S, ColumnsOf<S['tables'][K]>>
  : never;

/** The models that declared relations lead to. */
type TargetsOf<Declared> = {
  [K in keyof Declared]: {
    [F in keyof Declared[K]]: Declared[K][F] extends { readonly target: infer Target extends string } ? Target : never;
  }[keyof Declared[K]];
}[keyof Declared];

type ClashesAt<S extends AnySchema, Names extends string> = {
  readonly [K in Names as [ClashAt<K, S>] extends [never] ? never : K]: Invalid<ClashAt<K, S>>;
};
type ClashAt<K extends string, S extends AnySchema> = K extends keyof S['tables']
  ? Clashes<K, Reverse<K, S>, keyof ColumnsOf<S['tables'][K]>>
  : never;

/** References whose forward name is a column's: `owner: integer().references(…)` wants another name for one of them. */
type NamedAsColumns<E extends AnyEdge> = {
  readonly [D in E as D['taken']]: Invalid<NameTaken<D['from']['name'], D['name']>>;
};

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
