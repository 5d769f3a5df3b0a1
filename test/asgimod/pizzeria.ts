// The models of asgimod's documentation, and the rows that its examples are run on here.
// Added to them: a note on the through table (for through_defaults) and deliveries (for dates and datetimes).
import { date, integer, numeric, pgTable, serial, text, timestamp, unique, varchar } from 'drizzle-orm/pg-core';
import { defineModels, manyToMany } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/databases.js';

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
    note: text(),
  },
  (t) => [unique().on(t.pizzaId, t.toppingId)],
);

export const deliveries = pgTable('delivery', {
  id: serial().primaryKey(),
  pizzaId: integer('pizza_id')
    .notNull()
    .references(() => pizzas.id, { onDelete: 'cascade' }),
  day: date().notNull(),
  at: timestamp({ withTimezone: true }).notNull(),
});

export const schema = `
  create table topping (id serial primary key, name varchar(30) not null);
  create table box (id serial primary key, name varchar(50) not null);
  create table price (id serial primary key, amount numeric(10, 2) not null,
    currency varchar(16) not null default 'usd');
  create table pizza (id serial primary key, name varchar(50) not null,
    box_id integer references box (id) on delete set null,
    price_id integer not null unique references price (id) on delete cascade);
  create table pizza_toppings (id serial primary key,
    pizza_id integer not null references pizza (id) on delete cascade,
    topping_id integer not null references topping (id) on delete cascade,
    note text, unique (pizza_id, topping_id));
  create table delivery (id serial primary key, pizza_id integer not null references pizza (id) on delete cascade,
    day date not null, at timestamptz not null);
`;

/** The rows, by hand: what every expectation of these tests is read from. */
export const freshRows = `
  truncate topping, box, price, pizza, pizza_toppings, delivery restart identity cascade;
  insert into topping (name) values ('bacon'), ('mushroom'), ('Basil');
  insert into box (name) values ('medium box'), ('big box');
  insert into price (amount, currency) values (9.99, 'usd'), (19.99, 'eur'), (29.99, 'usd'), (2.50, 'gbp');
  insert into pizza (name, box_id, price_id) values ('Hawaiian', 1, 1), ('Weird', null, 2), ('Aloha', 1, 3);
  insert into pizza_toppings (pizza_id, topping_id) values (1, 1), (3, 2), (3, 3);
  insert into delivery (pizza_id, day, at) values
    (1, '2024-01-15', '2024-01-15 10:20:30+00'), (1, '2024-01-20', '2024-01-15 10:45:00+00'),
    (2, '2024-03-01', '2024-03-01 23:30:00+00');
`;

/** A database under two names, so that `using` has a choice. */
export function defineShop(db: AnyDatabase) {
  return defineModels(
    { default: db, second: db },
    { Topping: toppings, Box: boxes, Price: prices, Pizza: pizzas, Delivery: deliveries },
    { Pizza: { toppings: manyToMany('Topping', { through: pizzaToppings }) } },
  );
}
