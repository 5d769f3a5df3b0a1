// A small project as a user has it, and the servers opened on it. Four relations in a row, so that every depth is there:
// Pizza → box → shop → city → country.

import { startServer, type ServerVersion } from '../../bench/editor/servers.js';
import type { LanguageServer } from '../../bench/editor/language-server.js';
import { type DrizzleLine, Workspace } from '../../bench/types/workspace.js';

const schema = `
import {
  type AnyPgColumn, date, doublePrecision, integer, jsonb, numeric, pgTable, serial, text, timestamp, unique, varchar,
} from 'drizzle-orm/pg-core';

export const countries = pgTable('country', {
  id: serial().primaryKey(),
  name: text().notNull(),
  population: integer().notNull(),
  founded: date(),
  neighbourId: integer('neighbour_id').references((): AnyPgColumn<{ tableName: 'country' }> => countries.id),
});
export const cities = pgTable('city', {
  id: serial().primaryKey(),
  name: text().notNull(),
  mayor: text(),
  countryId: integer('country_id').notNull().references(() => countries.id),
});
export const shops = pgTable('shop', {
  id: serial().primaryKey(),
  title: varchar({ length: 80 }).notNull(),
  openedAt: timestamp('opened_at').notNull(),
  cityId: integer('city_id').notNull().references(() => cities.id),
});
export const boxes = pgTable('box', {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
  width: doublePrecision(),
  shopId: integer('shop_id').notNull().references(() => shops.id),
});
export const prices = pgTable('price', {
  id: serial().primaryKey(),
  amount: numeric({ precision: 10, scale: 2 }).notNull(),
  currency: varchar({ length: 16 }).notNull().default('usd'),
});
export const toppings = pgTable('topping', { id: serial().primaryKey(), name: varchar({ length: 30 }).notNull() });
export const pizzas = pgTable('pizza', {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
  motto: text(),
  details: jsonb(),
  boxId: integer('box_id').references(() => boxes.id, { onDelete: 'set null' }),
  priceId: integer('price_id').notNull().unique().references(() => prices.id, { onDelete: 'cascade' }),
});
export const pizzaToppings = pgTable('pizza_toppings', {
  id: serial().primaryKey(),
  pizzaId: integer('pizza_id').notNull().references(() => pizzas.id, { onDelete: 'cascade' }),
  toppingId: integer('topping_id').notNull().references(() => toppings.id, { onDelete: 'cascade' }),
}, (t) => [unique().on(t.pizzaId, t.toppingId)]);
`;

const models = `
import { defineModels, manyToMany } from 'drizzle-queryset';
import { drizzle } from 'drizzle-orm/postgres-js';
import * as schema from './schema.js';

export const { Country, City, Shop, Box, Price, Topping, Pizza } = defineModels(drizzle('postgres://localhost/db'), {
  Country: schema.countries, City: schema.cities, Shop: schema.shops, Box: schema.boxes, Price: schema.prices,
  Topping: schema.toppings, Pizza: schema.pizzas,
}, {
  Pizza: { toppings: manyToMany('Topping', { through: schema.pizzaToppings }) },
});
export type Pizza = InstanceType<typeof Pizza>;
`;

export const preamble = `import {
  Avg, Case, Coalesce, Count, Exists, F, Lower, Max, OuterRef, Prefetch, Q, Subquery, Sum, Value, When, Window,
} from 'drizzle-queryset';
import { Box, City, Country, Pizza, Price, Shop, Topping } from './models.js';
void [Avg, Case, Coalesce, Count, Exists, F, Lower, Max, OuterRef, Prefetch, Q, Subquery, Sum, Value, When, Window];
void [Box, City, Country, Price, Shop, Topping];
`;

export const projectFor = (drizzle: DrizzleLine = '0.45'): Workspace => {
  const workspace = new Workspace({ drizzle, usesLibrary: true });
  workspace.write({ 'schema.ts': schema, 'models.ts': models });
  return workspace;
};

/** A project with a file under the caret, and the server that answers for it. */
export class EditorSession {
  readonly #server: LanguageServer;
  readonly #workspace: Workspace;
  readonly #path: string;

  constructor(version: ServerVersion) {
    this.#workspace = projectFor();
    this.#path = this.#workspace.path('caret.ts');
    this.#workspace.write({ 'caret.ts': preamble });
    this.#server = startServer(version, this.#workspace.directory);
    this.#server.open(this.#path, preamble);
  }

  /** What is offered where the `|` stands in a statement. */
  async completions(statement: string): Promise<string[]> {
    const names = await this.#server.completions(this.#path, this.#place(statement));
    // A name that is no identifier comes with its quotes where a bare one is asked for.
    return names.map((name) => name.replaceAll(/^["']|["']$/g, ''));
  }

  /** What the hover says of the word that the `|` stands in. */
  async hover(statement: string): Promise<string> {
    return this.#server.hover(this.#path, this.#place(statement));
  }

  async close(): Promise<void> {
    await this.#server.close();
    this.#workspace.remove();
  }

  #place(statement: string): number {
    const head = `${preamble}export async function caret(pizza: Pizza, box: InstanceType<typeof Box>) {\n`;
    const at = statement.indexOf('|');
    this.#server.edit(
      this.#path,
      `${head}${statement.slice(0, at)}${statement.slice(at + 1)}\nvoid [pizza, box];\n}\n`,
    );
    return head.length + at;
  }
}
