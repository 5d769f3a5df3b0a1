// The models: relations are read from the tables' .references(); only the many-to-many has to be said.
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { defineModels, manyToMany } from 'drizzle-queryset';
import { boxes, createTables, pizzas, pizzaToppings, prices, toppings } from './schema.js';
import { statements } from './show.js';

/** PostgreSQL itself, compiled to WebAssembly, in memory. */
export const client = new PGlite();
await client.exec(createTables);

/** Drizzle's own logger sees every statement: it is how the example shows the SQL. */
export const db = drizzle({ client, logger: statements });

export const { Topping, Box, Price, Pizza } = defineModels(
  db,
  { Topping: toppings, Box: boxes, Price: prices, Pizza: pizzas },
  { Pizza: { toppings: manyToMany('Topping', { through: pizzaToppings }) } },
);

/** A class's instances have the class's name as their type. */
export type Pizza = InstanceType<typeof Pizza>;
