/** What counts as a Drizzle database, on either line of Drizzle and with any driver. */
export interface DrizzleDatabase {
  readonly _: { readonly session: object };
  execute(query: never): PromiseLike<unknown>;
}

/** One database, or several by alias, `default` among them. */
export type Databases =
  | DrizzleDatabase
  | ({ readonly default: DrizzleDatabase } & Readonly<Record<string, DrizzleDatabase>>);

/** What `using` takes: an alias, a database, or a transaction of Drizzle's. */
export type DatabaseChoice = string | DrizzleDatabase;
