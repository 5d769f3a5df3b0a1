import { relations } from 'drizzle-orm';
import { integer, numeric, pgTable, serial, timestamp, unique, varchar } from 'drizzle-orm/pg-core';

// schema.sql as Drizzle tables: what this library and Drizzle's own three ways are given.

export const toppings = pgTable('topping', {
  id: serial().primaryKey(),
  name: varchar({ length: 30 }).notNull(),
});

export const boxes = pgTable('box', {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
});

export const prices = pgTable('price', {
  id: serial().primaryKey(),
  amount: numeric({ precision: 10, scale: 2 }).notNull(),
  currency: varchar({ length: 16 }).notNull().default('usd'),
});

export const pizzas = pgTable('pizza', {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
  rating: integer().notNull(),
  boxId: integer('box_id').references(() => boxes.id, { onDelete: 'set null' }),
  priceId: integer('price_id')
    .notNull()
    .unique()
    .references(() => prices.id, { onDelete: 'cascade' }),
  bakedAt: timestamp('baked_at', { withTimezone: true }).notNull(),
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
  },
  (t) => [unique().on(t.pizzaId, t.toppingId)],
);

export const customers = pgTable('customer', {
  id: serial().primaryKey(),
  email: varchar({ length: 60 }).notNull().unique(),
  name: varchar({ length: 50 }).notNull(),
  visits: integer().notNull(),
  credit: numeric({ precision: 10, scale: 2 }).notNull(),
  joined: timestamp({ withTimezone: true }).notNull(),
});

// Drizzle's relational queries want the relations said again.

export const pizzaRelations = relations(pizzas, ({ one, many }) => ({
  box: one(boxes, { fields: [pizzas.boxId], references: [boxes.id] }),
  price: one(prices, { fields: [pizzas.priceId], references: [prices.id] }),
  toppings: many(pizzaToppings),
}));

export const pizzaToppingRelations = relations(pizzaToppings, ({ one }) => ({
  pizza: one(pizzas, { fields: [pizzaToppings.pizzaId], references: [pizzas.id] }),
  topping: one(toppings, { fields: [pizzaToppings.toppingId], references: [toppings.id] }),
}));
