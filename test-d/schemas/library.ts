// Everything that a schema may have: keys of several kinds, references in circles, to itself, twice to one table,
// to a column that is no primary key, columns named otherwise than their keys, a schema of its own, and every type.
import { drizzle } from 'drizzle-orm/postgres-js';
import {
  type AnyPgColumn,
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  inet,
  integer,
  interval,
  jsonb,
  numeric,
  pgEnum,
  pgSchema,
  pgTable,
  primaryKey,
  real,
  serial,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { defineModels, foreignKey, manyToMany, oneToOne } from 'drizzle-queryset';

export const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
const int4range = customType<{ data: string }>({ dataType: () => 'int4range' });
const money = customType<{ data: { amount: number } }>({ dataType: () => 'numeric' });
export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);

export const countries = pgTable('country', {
  code: varchar({ length: 2 }).primaryKey(),
  name: text().notNull(),
  population: bigint({ mode: 'bigint' }),
});
export const authors = pgTable('author', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  fullName: text('full_name').notNull(),
  born: date({ mode: 'date' }),
  mentorId: integer('mentor_id').references((): AnyPgColumn<{ tableName: 'author' }> => authors.id),
  country_id: varchar({ length: 2 }).references(() => countries.code),
});
export const books = pgTable('book', {
  id: uuid().primaryKey().defaultRandom(),
  title: text().notNull(),
  isbn: varchar({ length: 20 }).notNull().unique(),
  pages: integer(),
  price: numeric({ precision: 8, scale: 2 }),
  published: date(),
  added: timestamp({ withTimezone: true }).notNull().defaultNow(),
  tags: text().array().notNull(),
  meta: jsonb().$type<{ size: { w: number; h: number }; words?: string[] }>(),
  authorId: integer()
    .notNull()
    .references(() => authors.id),
  editorId: integer().references(() => authors.id),
  sequelToId: uuid()
    .unique()
    .references((): AnyPgColumn<{ tableName: 'book' }> => books.id),
});
export const passports = pgTable('passport', {
  authorId: integer('author')
    .primaryKey()
    .references(() => authors.id),
  number: text().notNull(),
});
/** A foreign key to a unique column that is not the primary key. */
export const loans = pgTable('loan', {
  id: serial().primaryKey(),
  bookId: varchar('book_isbn', { length: 20 })
    .notNull()
    .references(() => books.isbn),
  due: date().notNull(),
});
/** The key is in the table's extra config, where types cannot see it. */
export const stock = pgTable(
  'stock',
  {
    shopId: integer()
      .notNull()
      .references(() => shops.id),
    bookId: uuid()
      .notNull()
      .references(() => books.id),
    copies: integer().notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.bookId] })],
);
export const retail = pgSchema('retail');
export const shops = retail.table('shop', (t) => ({
  id: t.serial().primaryKey(),
  name: t.text().notNull(),
  headId: t.integer().references((): AnyPgColumn<{ tableName: 'shop' }> => shops.id),
}));
export const friendships = pgTable('friendship', {
  id: serial().primaryKey(),
  fromId: integer()
    .notNull()
    .references(() => authors.id),
  toId: integer()
    .notNull()
    .references(() => authors.id),
  since: date(),
});
export const follows = pgTable('follow', {
  id: serial().primaryKey(),
  followerId: integer()
    .notNull()
    .references(() => authors.id),
  followedId: integer()
    .notNull()
    .references(() => authors.id),
});

/** One column of each type and mode. */
export const samples = pgTable('sample', {
  id: serial().primaryKey(),
  txt: text().notNull(),
  kind: text({ enum: ['a', 'b'] }).notNull(),
  small: smallint().notNull(),
  int: integer().notNull(),
  big: bigint({ mode: 'number' }).notNull(),
  huge: bigint({ mode: 'bigint' }).notNull(),
  real: real().notNull(),
  double: doublePrecision().notNull(),
  dec: numeric().notNull(),
  decNumber: numeric({ mode: 'number' }).notNull(),
  flag: boolean().notNull(),
  day: date().notNull(),
  dayDate: date({ mode: 'date' }).notNull(),
  moment: timestamp().notNull(),
  momentText: timestamp({ mode: 'string' }).notNull(),
  clock: time().notNull(),
  span: interval().notNull(),
  uid: uuid().notNull(),
  doc: jsonb().$type<{ a: { b: number }; list: string[]; maybe?: string | null }>().notNull(),
  anything: jsonb(),
  words: text().array().notNull(),
  numbers: integer().array(),
  mood: mood().notNull(),
  raw: bytes().notNull(),
  host: inet(),
  ages: int4range().notNull(),
  cost: money(),
  nothing: text(),
});

export const db = drizzle('postgres://localhost/db');

export const { Country, Author, Book, Passport, Loan, Stock, Shop, Sample } = defineModels(
  { default: db, replica: db },
  {
    Country: countries,
    Author: authors,
    Book: books,
    Passport: passports,
    Loan: loans,
    Stock: stock,
    Shop: shops,
    Sample: samples,
  },
  {
    Author: {
      mentor: foreignKey('mentorId', 'Author', { related_name: 'students' }),
      friends: manyToMany('Author', { through: friendships }),
      follows: manyToMany('Author', { through: follows, symmetrical: false, related_name: 'followers' }),
    },
    Book: {
      editor: foreignKey('editorId', 'Author', { related_name: 'edited', related_query_name: 'edited_book' }),
      sequel_to: oneToOne('sequelToId', 'Book', { related_name: 'sequel' }),
      Meta: { ordering: ['-published', 'title'], get_latest_by: 'added' },
    },
    Stock: { Meta: { primary_key: ['shopId', 'bookId'] } },
    Shop: { books: manyToMany('Book', { through: stock, related_name: 'shops' }) },
  },
);
export type Country = InstanceType<typeof Country>;
export type Author = InstanceType<typeof Author>;
export type Book = InstanceType<typeof Book>;
export type Passport = InstanceType<typeof Passport>;
export type Loan = InstanceType<typeof Loan>;
export type Stock = InstanceType<typeof Stock>;
export type Shop = InstanceType<typeof Shop>;
export type Sample = InstanceType<typeof Sample>;
