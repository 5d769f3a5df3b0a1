// Plain Drizzle: nothing of drizzle-queryset is in this file.
import { integer, numeric, pgTable, serial, unique, varchar } from 'drizzle-orm/pg-core';

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
  },
  (t) => [unique().on(t.pizzaId, t.toppingId)],
);

/** The same tables for the database; in a project of your own, drizzle-kit writes this. */
export const createTables = /* sql */ `
  create table topping (id serial primary key, name varchar(30) not null);
  create table box (id serial primary key, name varchar(50) not null);
  create table price (
    id serial primary key,
    amount numeric(10, 2) not null,
    currency varchar(16) not null default 'usd'
  );
  create table pizza (
    id serial primary key,
    name varchar(50) not null,
    box_id integer references box (id) on delete set null,
    price_id integer not null unique references price (id) on delete cascade
  );
  create table pizza_toppings (
    id serial primary key,
    pizza_id integer not null references pizza (id) on delete cascade,
    topping_id integer not null references topping (id) on delete cascade,
    unique (pizza_id, topping_id)
  );
`;
