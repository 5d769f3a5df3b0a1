// The schema of the contract: plain Drizzle, nothing of ours in it.
import { drizzle } from 'drizzle-orm/postgres-js';
import { integer, numeric, pgTable, serial, timestamp, unique, varchar } from 'drizzle-orm/pg-core';
import { defineModels, manyToMany } from 'drizzle-queryset';

export const toppings = pgTable('topping', { id: serial().primaryKey(), name: varchar({ length: 30 }).notNull() });
export const boxes = pgTable('box', { id: serial().primaryKey(), name: varchar({ length: 50 }).notNull() });
export const prices = pgTable('price', {
  id: serial().primaryKey(),
  amount: numeric({ precision: 10, scale: 2 }).notNull(),
  currency: varchar({ length: 16 }).notNull().default('usd'),
});
export const pizzas = pgTable('pizza', {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
  boxId: integer('box_id').references(() => boxes.id, { onDelete: 'set null' }),
  priceId: integer('price_id')
    .notNull()
    .unique()
    .references(() => prices.id, { onDelete: 'cascade' }),
});
export const pizzaToppings = pgTable(
  'pizza_toppings',
  {
    id: serial().primaryKey(),
    pizzaId: integer('pizza_id')
      .notNull()
      .references(() => pizzas.id, { onDelete: 'cascade' }),
    toppingId: integer('topping_id')
      .notNull()
      .references(() => toppings.id, { onDelete: 'cascade' }),
    amount: integer(),
    added: timestamp().notNull().defaultNow(),
  },
  (t) => [unique().on(t.pizzaId, t.toppingId)],
);

export const db = drizzle('postgres://localhost/db');

export const { Topping, Box, Price, Pizza } = defineModels(
  db,
  { Topping: toppings, Box: boxes, Price: prices, Pizza: pizzas },
  { Pizza: { toppings: manyToMany('Topping', { through: pizzaToppings }) } },
);
export type Topping = InstanceType<typeof Topping>;
export type Box = InstanceType<typeof Box>;
export type Price = InstanceType<typeof Price>;
export type Pizza = InstanceType<typeof Pizza>;
