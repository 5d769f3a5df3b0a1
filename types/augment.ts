/**
 * What this library adds to Drizzle's own types. (The hidden key of its columns is in tags.ts, where the symbols are.)
 *
 * `references()` and `unique()` brand the column *builder*, and `pgTable()` keeps the map of builders under a hidden
 * key, because the built columns of 1.0 forget keys and brands and those of 0.45 are dear to read.
 * The declarations merge without repeating Drizzle's type parameters, which differ between 0.45 and 1.0.
 */
import type { BuiltColumns } from 'drizzle-orm/column-builder';
import type {
  ExtraConfigColumn,
  ManualViewBuilder,
  PgTableExtraConfigValue,
  PgTableWithColumns,
  UpdateDeleteAction,
} from 'drizzle-orm/pg-core';
import type { PgColumnsBuilders } from 'drizzle-orm/pg-core/columns/all';
import type { BuiltTable, EVAL, Hidden, InTable, Output, RefersTo, TABLE, UniqueColumn } from './tags.js';

/** Any column builder of either line of Drizzle. A constraint of Drizzle's own costs twice the instantiations. */
export interface AnyBuilder {
  // biome-ignore lint/suspicious/noExplicitAny: a constraint that both lines' builders meet
  readonly _: any;
}

export interface ReferenceActions {
  name?: string;
  onUpdate?: UpdateDeleteAction;
  onDelete?: UpdateDeleteAction;
}

export type BuilderMap = Record<string, AnyBuilder>;

type ExtraConfig = (PgTableExtraConfigValue | PgTableExtraConfigValue[])[] | Record<string, PgTableExtraConfigValue>;

export type TableWithBuilders<
  Name extends string,
  Schema extends string | undefined,
  Columns extends BuilderMap,
> = WithRls &
  PgTableWithColumns<{
    name: Name;
    schema: Schema;
    columns: BuiltColumns<Name, Columns>;
    dialect: 'pg';
    isAlias: false;
  }> &
  BuiltTable<Name, Columns>;

/** Before Drizzle's own `enableRLS()`, which gives a table that has forgotten its builders. */
interface WithRls {
  /** Of Drizzle: row-level security. 1.0 has `pgTable.withRLS()` for it. */
  enableRLS(): Omit<this, 'enableRLS'>;
}

/**
 * The columns of a table, as `ManualViewBuilder` gives them: the one exported type that does so alike in both lines.
 * Inside the module below its name is that of 0.45's own type, which is nearer there and costs less; 1.0 has none of it
 * in that scope.
 */
export type BuildColumns<Name extends string, Columns extends BuilderMap, _Dialect> = ReturnType<
  ManualViewBuilder<Name, Columns>['existing']
>['_']['selectedFields'];

declare module 'drizzle-orm/column-builder' {
  type BuiltColumns<Name extends string, Columns extends BuilderMap> = BuildColumns<Name, Columns, 'pg'>;
}

declare module 'drizzle-orm/pg-core/columns/common' {
  interface PgColumnBuilder {
    references<Target extends InTable>(ref: () => Target, actions?: ReferenceActions): this & RefersTo<Target[TABLE]>;
    unique(name?: string, config?: { nulls: 'distinct' | 'not distinct' }): this & UniqueColumn;
  }
}

declare module 'drizzle-orm/sql/sql' {
  /** Drizzle's SQL stands wherever an expression does: as a value of `filter()`, `update()`, `create()`. */
  interface SQL extends Hidden<EVAL, (model: unknown) => Output<never>> {}
}

declare module 'drizzle-orm/pg-core/table' {
  interface PgTableFn<TSchema extends string | undefined = undefined> {
    <Name extends string, Columns extends BuilderMap>(
      name: Name,
      columns: Columns,
      extraConfig?: (self: { [Key in keyof Columns]: ExtraConfigColumn }) => ExtraConfig,
    ): TableWithBuilders<Name, TSchema, Columns>;
    <Name extends string, Columns extends BuilderMap>(
      name: Name,
      columns: (columnTypes: PgColumnsBuilders) => Columns,
      extraConfig?: (self: { [Key in keyof Columns]: ExtraConfigColumn }) => ExtraConfig,
    ): TableWithBuilders<Name, TSchema, Columns>;
  }

  // 1.0 has its call signatures here, for `withRLS` too; in 0.45 nothing reads this interface.
  interface PgTableFnInternal<TSchema extends string | undefined = undefined> {
    <Name extends string, Columns extends BuilderMap>(
      name: Name,
      columns: Columns,
      extraConfig?: (self: { [Key in keyof Columns]: ExtraConfigColumn }) => ExtraConfig,
    ): TableWithBuilders<Name, TSchema, Columns>;
    <Name extends string, Columns extends BuilderMap>(
      name: Name,
      columns: (columnTypes: PgColumnsBuilders) => Columns,
      extraConfig?: (self: { [Key in keyof Columns]: ExtraConfigColumn }) => ExtraConfig,
    ): TableWithBuilders<Name, TSchema, Columns>;
  }
}
