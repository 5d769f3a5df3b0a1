// The judge's tables as plain Drizzle, one for one with data/schema.sql. Keys are Django's attribute names
// (`sequel_to_id`), so that a query written for Django needs no translation. Instants, decimals and intervals are
// text: a `Date` has no microseconds and a `number` no decimals.
import {
  type AnyPgColumn,
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  pgTable,
  serial,
  smallint,
  text,
  time,
  timestamp,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

/** Bytes, which Drizzle 0.45 has no column for: PGlite gives a `Uint8Array`, the other drivers a `Buffer`. */
export const bytea = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => value,
  fromDriver: (value) => Buffer.from(value),
});

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
// Django's default of a text column that has none and may not be null.
const blank = () => '';

export const toppings = pgTable('topping', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
});

export const boxes = pgTable('box', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
});

export const prices = pgTable('price', {
  id: serial('id').primaryKey(),
  amount: numeric('amount', { precision: 10, scale: 2 }).notNull(),
  currency: varchar('currency', { length: 16 })
    .notNull()
    .$default(() => 'usd'),
});

export const pizzas = pgTable('pizza', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
  box_id: integer('box_id').references(() => boxes.id, { onDelete: 'set null' }),
  price_id: integer('price_id')
    .notNull()
    .unique()
    .references(() => prices.id, { onDelete: 'cascade' }),
});

export const pizzaToppings = pgTable(
  'pizza_toppings',
  {
    id: serial('id').primaryKey(),
    pizza_id: integer('pizza_id')
      .notNull()
      .references(() => pizzas.id, { onDelete: 'cascade' }),
    topping_id: integer('topping_id')
      .notNull()
      .references(() => toppings.id, { onDelete: 'cascade' }),
  },
  (table) => [unique().on(table.pizza_id, table.topping_id)],
);

export const countries = pgTable('country', {
  code: varchar('code', { length: 2 }).primaryKey().$default(blank),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
  population: bigint('population', { mode: 'bigint' }),
});

export const publishers = pgTable('publisher', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 80 }).notNull().unique().$default(blank),
  country_id: varchar('country_id', { length: 2 }).references(() => countries.code, { onDelete: 'set null' }),
  founded: date('founded', { mode: 'string' }),
  rating: doublePrecision('rating'),
});

export const categories = pgTable('category', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
  slug: varchar('slug', { length: 60 }).notNull().unique().$default(blank),
  parent_id: integer('parent_id').references((): AnyPgColumn<{ tableName: 'category' }> => categories.id, {
    onDelete: 'cascade',
  }),
});

export const authors = pgTable('author', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 80 }).notNull().$default(blank),
  age: integer('age'),
  email: varchar('email', { length: 120 }).unique(),
  joined: instant('joined'),
  active: boolean('active')
    .notNull()
    .$default(() => true),
  mentor_id: integer('mentor_id').references((): AnyPgColumn<{ tableName: 'author' }> => authors.id, {
    onDelete: 'set null',
  }),
  country_id: varchar('country_id', { length: 2 }).references(() => countries.code, { onDelete: 'set null' }),
});

const pairOfAuthors = () => ({
  id: serial('id').primaryKey(),
  from_author_id: integer('from_author_id')
    .notNull()
    .references(() => authors.id, { onDelete: 'cascade' }),
  to_author_id: integer('to_author_id')
    .notNull()
    .references(() => authors.id, { onDelete: 'cascade' }),
});
export const authorFriends = pgTable('author_friends', pairOfAuthors(), (table) => [
  unique().on(table.from_author_id, table.to_author_id),
]);
export const authorFollows = pgTable('author_follows', pairOfAuthors(), (table) => [
  unique().on(table.from_author_id, table.to_author_id),
]);

export const books = pgTable('book', {
  id: serial('id').primaryKey(),
  title: varchar('title', { length: 120 }).notNull().$default(blank),
  isbn: varchar('isbn', { length: 20 }).notNull().unique().$default(blank),
  publisher_id: integer('publisher_id').references(() => publishers.id, { onDelete: 'cascade' }),
  editor_id: integer('editor_id').references(() => authors.id, { onDelete: 'set null' }),
  sequel_to_id: integer('sequel_to_id')
    .unique()
    .references((): AnyPgColumn<{ tableName: 'book' }> => books.id, { onDelete: 'set null' }),
  price: numeric('price', { precision: 10, scale: 2 }).notNull(),
  discount: numeric('discount', { precision: 5, scale: 2 }),
  pages: integer('pages').notNull(),
  rating: doublePrecision('rating'),
  pubdate: date('pubdate', { mode: 'string' }),
  created: instant('created').notNull(),
  active: boolean('active')
    .notNull()
    .$default(() => true),
  in_print: boolean('in_print'),
  notes: text('notes'),
  meta: jsonb('meta'),
  tags: varchar('tags', { length: 40 }).array(),
  uid: uuid('uid').notNull().unique(),
  code_name: varchar('code', { length: 20 }).notNull().$default(blank),
});

export const profiles = pgTable('profile', {
  id: serial('id').primaryKey(),
  author_id: integer('author_id')
    .notNull()
    .unique()
    .references(() => authors.id, { onDelete: 'cascade' }),
  bio: text('bio'),
  score: numeric('score', { precision: 6, scale: 3 }),
  favourite_id: integer('favourite_id').references(() => books.id, { onDelete: 'set null' }),
});

export const passports = pgTable('passport', {
  author_id: integer('author_id')
    .primaryKey()
    .references(() => authors.id, { onDelete: 'cascade' }),
  number: varchar('number', { length: 20 }).notNull().unique().$default(blank),
  issued: date('issued', { mode: 'string' }),
});

export const bookAuthors = pgTable(
  'book_authors',
  {
    id: serial('id').primaryKey(),
    book_id: integer('book_id')
      .notNull()
      .references(() => books.id, { onDelete: 'cascade' }),
    author_id: integer('author_id')
      .notNull()
      .references(() => authors.id, { onDelete: 'cascade' }),
  },
  (table) => [unique().on(table.book_id, table.author_id)],
);

export const bookCategories = pgTable(
  'book_categories',
  {
    id: serial('id').primaryKey(),
    book_id: integer('book_id')
      .notNull()
      .references(() => books.id, { onDelete: 'cascade' }),
    category_id: integer('category_id')
      .notNull()
      .references(() => categories.id, { onDelete: 'cascade' }),
  },
  (table) => [unique().on(table.book_id, table.category_id)],
);

export const stores = pgTable('store', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
  opens: time('opens'),
  city: varchar('city', { length: 40 }),
});

export const stocks = pgTable('stock', {
  id: serial('id').primaryKey(),
  store_id: integer('store_id')
    .notNull()
    .references(() => stores.id, { onDelete: 'cascade' }),
  book_id: integer('book_id')
    .notNull()
    .references(() => books.id, { onDelete: 'cascade' }),
  stock: integer('stock')
    .notNull()
    .$default(() => 0),
  restocked: instant('restocked'),
});

export const reviews = pgTable('review', {
  id: serial('id').primaryKey(),
  book_id: integer('book_id')
    .notNull()
    .references(() => books.id, { onDelete: 'cascade' }),
  reviewer_id: integer('reviewer_id').references(() => authors.id, { onDelete: 'set null' }),
  stars: smallint('stars').notNull(),
  body: text('body'),
  created: instant('created'),
});

export const loans = pgTable('loan', {
  id: uuid('id').primaryKey(),
  book_id: varchar('book_isbn', { length: 20 })
    .notNull()
    .references(() => books.isbn, { onDelete: 'cascade' }),
  borrower_id: integer('borrower_id').references(() => authors.id, { onDelete: 'cascade' }),
  due: date('due', { mode: 'string' }).notNull(),
  returned: date('returned', { mode: 'string' }),
  fee: numeric('fee', { precision: 8, scale: 2 }),
  period: interval('period'),
});

export const contracts = pgTable(
  'contract',
  {
    id: serial('id').primaryKey(),
    publisher_id: integer('publisher_id')
      .notNull()
      .references(() => publishers.id, { onDelete: 'restrict' }),
    author_id: integer('author_id')
      .notNull()
      .references(() => authors.id, { onDelete: 'restrict' }),
    category_id: integer('category_id')
      .notNull()
      .$default(() => 1)
      .references(() => categories.id, { onDelete: 'set default' }),
    year: integer('year'),
  },
  (table) => [unique('contract_pub_author_uniq').on(table.publisher_id, table.author_id)],
);

export const events = pgTable('event', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 60 }).notNull().$default(blank),
  at: instant('at'),
  until: instant('until'),
  day: date('day', { mode: 'string' }),
  clock: time('clock'),
  length: interval('length'),
});

export const nums = pgTable('num', {
  id: serial('id').primaryKey(),
  label: varchar('label', { length: 20 }),
  i: integer('i'),
  big: bigint('big', { mode: 'bigint' }),
  small: smallint('small'),
  f: doublePrecision('f'),
  d: numeric('d', { precision: 20, scale: 6 }),
  b: boolean('b'),
  raw: bytea('raw'),
  nums: integer('nums').array(),
});
