/**
 * What this library adds to Drizzle's own types.
 *
 * `references()` and `unique()` brand the column *builder*, and `pgTable()` keeps the map of builders under a hidden
 * key, because the built columns of 1.0 forget keys and brands and those of 0.45 are dear to read.
 * The declarations merge without repeating Drizzle's type parameters, which differ between 0.45 and 1.0.
 */
import type { BuiltColumns } from 'drizzle-orm/column-builder';
import type {
  ExtraConfigColumn,
  ManualViewBuilder,
  PgColumn as Column,
  PgTableExtraConfigValue,
  PgTableWithColumns,
  UpdateDeleteAction,
} from 'drizzle-orm/pg-core';
import type { PgColumnsBuilders } from 'drizzle-orm/pg-core/columns/all';
import type { BuiltTable, EVAL, Hidden, Output, RefersTo, UniqueColumn } from './tags.js';

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

/** What a column's type is made of: 0.45 says its configuration first, and 1.0 another thing, of "some column" `any`. */
type ColumnParts =
  Column extends Column<infer First, infer Second, infer _Third> ? { first: First; second: Second } : never;
/** What a column's configuration is at the least. Mapped, for an interface here is made anew for every column. */
type ColumnConfig = ColumnConfigOf<ColumnParts[0 extends 1 & ColumnParts['first'] ? 'second' : 'first']>;
type ColumnConfigOf<Config> = { [K in keyof Config]: Config[K] };

/**
 * The column of a configuration: 1.0's. Inside the module below its name is that of 0.45's own type, which has the
 * configuration where this has it. To infer a configuration costs next to nothing; to look for a property of a column
 * makes all the members of its type.
 */
// biome-ignore lint/suspicious/noExplicitAny: as in "some column"
export type PgColumn<Config extends ColumnParts['second']> = Column<any, Config>;

declare module 'drizzle-orm/column-builder' {
  type BuiltColumns<Name extends string, Columns extends BuilderMap> = BuildColumns<Name, Columns, 'pg'>;
}

declare module 'drizzle-orm/pg-core/columns/common' {
  interface PgColumnBuilder {
    references<Config extends ColumnConfig>(
      ref: () => PgColumn<Config>,
      actions?: ReferenceActions,
    ): this & RefersTo<Config['tableName']>;
    unique(name?: string, config?: { nulls: 'distinct' | 'not distinct' }): this & UniqueColumn;
  }
}

declare module 'drizzle-orm/sql/sql' {
  /** Drizzle's SQL stands wherever an expression does: as a value of `filter()`, `update()`, `create()`. */
  interface SQL extends Hidden<EVAL, (model: unknown) => Output<never>> {}
}

// `NoInfer`: a function's parameter is inferred to as well, and for each builder there the compiler would work out how it
// varies, which costs more than a hundred tables.
declare module 'drizzle-orm/pg-core/table' {
  interface PgTableFn<TSchema extends string | undefined = undefined> {
    <Name extends string, Columns extends BuilderMap>(
      name: Name,
      columns: Columns,
      extraConfig?: (self: { [Key in keyof Columns]: ExtraConfigColumn }) => ExtraConfig,
    ): TableWithBuilders<Name, TSchema, Columns>;
    <Name extends string, Columns extends BuilderMap>(
      name: Name,
      columns: (columnTypes: NoInfer<PgColumnsBuilders>) => Columns,
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
      columns: (columnTypes: NoInfer<PgColumnsBuilders>) => Columns,
      extraConfig?: (self: { [Key in keyof Columns]: ExtraConfigColumn }) => ExtraConfig,
    ): TableWithBuilders<Name, TSchema, Columns>;
  }
}
