/** `defineModels` and the declarations it takes. */
import type { Databases } from './database.js';
import type { Declaration, ForeignKeyDeclaration, ManyToManyDeclaration, ManyToManyOptions, MetaOptions, RelatedNames } from './declare.js';
import type { ModelClass } from './instance.js';
import type { ColumnsOf, IsTable, Schema } from './schema.js';

/** The models: a class for each table; whatever else a schema module exports is left out. */
export type Models<Tables, Declared> = {
  readonly [K in keyof Tables as IsTable<Tables[K]> extends true ? K : never]: ModelClass<K & string, Schema<Tables, Declared>>;
};

type Hints<Tables> = {
  readonly [K in keyof Tables]?: {
    readonly [name: string]: Declaration<keyof Tables & string> | MetaOptions;
  } & { readonly Meta?: MetaOptions<keyof ColumnsOf<Tables[K]> & string> };
};

export declare function defineModels<const Tables extends object, const Declared = Record<never, never>>(
  db: Databases,
  tables: Tables,
  declarations?: Declared & Hints<Tables>,
): Models<Tables, Declared>;

export declare function manyToMany<const Target extends string, Through, const RN = unknown, const RQN = unknown, const Sym = unknown>(
  target: Target,
  options: ManyToManyOptions<Through, RN, RQN, Sym>,
): ManyToManyDeclaration<Target, Through, RN, RQN, Sym>;

export declare function foreignKey<const Column extends string, const Target extends string, const RN = unknown, const RQN = unknown>(
  column: Column,
  target: Target,
  options?: RelatedNames<RN, RQN>,
): ForeignKeyDeclaration<Column, Target, RN, RQN, unknown>;

export declare function oneToOne<const Column extends string, const Target extends string, const RN = unknown, const RQN = unknown>(
  column: Column,
  target: Target,
  options?: RelatedNames<RN, RQN>,
): ForeignKeyDeclaration<Column, Target, RN, RQN, true>;
