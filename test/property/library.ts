// A small library with every kind of relation, and random rows for it: NULLs, duplicates, relations that lead nowhere.
import fc from 'fast-check';
import {
  type AnyPgColumn,
  boolean,
  date,
  integer,
  numeric,
  pgTable,
  serial,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';
import { defineModels, manyToMany } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/databases.js';
import { type Column, leavesOf, stored } from './columns.js';
import type { Loose } from './loose.js';
import { drawn } from './runs.js';
import type { Leaf, Row } from './truth.js';

const authors = pgTable('author', { id: serial().primaryKey(), name: text().notNull(), country: text() });
const profiles = pgTable('profile', {
  id: serial().primaryKey(),
  bio: text(),
  authorId: integer('author_id')
    .notNull()
    .unique()
    .references(() => authors.id),
});
const shelves = pgTable('shelf', { id: serial().primaryKey(), label: text(), room: integer().notNull() });
const books = pgTable('book', {
  id: serial().primaryKey(),
  title: text(),
  pages: integer(),
  copies: integer(),
  price: numeric({ precision: 20, scale: 4 }),
  lent: boolean(),
  due: date(),
  seen: timestamp({ withTimezone: true }),
  authorId: integer('author_id')
    .notNull()
    .references(() => authors.id),
  shelfId: integer('shelf_id').references(() => shelves.id),
  prequelId: integer('prequel_id').references((): AnyPgColumn<{ tableName: 'book' }> => books.id),
});
const reviews = pgTable('review', {
  id: serial().primaryKey(),
  stars: integer().notNull(),
  by: text(),
  bookId: integer('book_id')
    .notNull()
    .references(() => books.id),
});
const tags = pgTable('tag', { id: serial().primaryKey(), word: text() });
const bookTags = pgTable('book_tag', {
  id: serial().primaryKey(),
  bookId: integer('book_id')
    .notNull()
    .references(() => books.id),
  tagId: integer('tag_id')
    .notNull()
    .references(() => tags.id),
});

export const librarySql = `
  create table author (id serial primary key, name text collate "C" not null, country text collate "C");
  create table profile (id serial primary key, bio text collate "C",
    author_id integer not null unique references author (id));
  create table shelf (id serial primary key, label text collate "C", room integer not null);
  create table book (id serial primary key, title text collate "C", pages integer, copies integer, price numeric(20, 4),
    lent boolean, due date, seen timestamptz, author_id integer not null references author (id),
    shelf_id integer references shelf (id), prequel_id integer references book (id));
  create table review (id serial primary key, stars integer not null, "by" text collate "C",
    book_id integer not null references book (id));
  create table tag (id serial primary key, word text collate "C");
  create table book_tag (id serial primary key, book_id integer not null references book (id),
    tag_id integer not null references tag (id));`;

const COLUMNS = {
  author: [
    { name: 'name', kind: 'text' },
    { name: 'country', kind: 'text' },
  ],
  profile: [{ name: 'bio', kind: 'text' }],
  shelf: [
    { name: 'label', kind: 'text' },
    { name: 'room', kind: 'integer' },
  ],
  book: [
    { name: 'title', kind: 'text' },
    { name: 'pages', kind: 'integer', beside: 'copies' },
    { name: 'copies', kind: 'integer' },
    { name: 'price', kind: 'numeric' },
    { name: 'lent', kind: 'boolean' },
    { name: 'due', kind: 'date' },
    { name: 'seen', kind: 'timestamptz' },
  ],
  review: [
    { name: 'stars', kind: 'integer' },
    { name: 'by', kind: 'text' },
  ],
  tag: [{ name: 'word', kind: 'text' }],
} satisfies Record<string, Column[]>;
export type Table = keyof typeof COLUMNS;
export const columnsOf = (table: Table): readonly Column[] => COLUMNS[table];

const NOT_NULL = new Set(['name', 'room', 'stars']);
const COUNTS = { author: 5, profile: 3, shelf: 4, book: 24, review: 20, tag: 4, pair: 20 };

/** Few values, so that rows share them. */
const valuesOf = (table: Table): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(COLUMNS[table].map(({ name, kind }) => [name, stored(kind, !NOT_NULL.has(name))])));
const some = <T>(values: fc.Arbitrary<T>, n: number) => fc.array(values, { minLength: n, maxLength: n });
const idOf = (table: Table) => fc.integer({ min: 1, max: COUNTS[table] });

const DRAWN = drawn(
  fc.record({
    author: some(valuesOf('author'), COUNTS.author),
    profile: some(valuesOf('profile'), COUNTS.profile),
    shelf: some(valuesOf('shelf'), COUNTS.shelf),
    book: some(valuesOf('book'), COUNTS.book),
    review: some(valuesOf('review'), COUNTS.review),
    tag: some(valuesOf('tag'), COUNTS.tag),
    authorIds: some(idOf('author'), COUNTS.book),
    shelfIds: some(fc.option(idOf('shelf'), { freq: 3 }), COUNTS.book),
    prequelIds: some(fc.option(idOf('book'), { freq: 2 }), COUNTS.book),
    // The last books have no review and no tag, the last shelf no book.
    reviewed: some(fc.integer({ min: 1, max: COUNTS.book - 6 }), COUNTS.review),
    pairs: some(fc.tuple(fc.integer({ min: 1, max: COUNTS.book - 6 }), idOf('tag')), COUNTS.pair),
  }),
);
const numbered = (table: Table, keys: (i: number) => object = () => ({})) =>
  DRAWN[table].map((columns, i): Record<string, unknown> => ({ id: i + 1, ...columns, ...keys(i) }));
const INSERTED = {
  author: numbered('author'),
  profile: numbered('profile', (i) => ({ authorId: i + 1 })),
  shelf: numbered('shelf'),
  book: numbered('book', (i) => ({
    authorId: DRAWN.authorIds[i],
    shelfId: DRAWN.shelfIds[i] === COUNTS.shelf ? null : DRAWN.shelfIds[i],
    prequelId: DRAWN.prequelIds[i],
  })),
  review: numbered('review', (i) => ({ bookId: DRAWN.reviewed[i] })),
  tag: numbered('tag'),
};

/** Rows that know their relations. */
type Linked = Row & { readonly to: Record<string, Row | null | readonly Row[]> };
const linked = (table: Table): Linked[] =>
  INSERTED[table].map((columns) => ({ id: columns['id'] as number, columns, to: {} }));
const ROWS: Record<Table, Linked[]> = {
  author: linked('author'),
  profile: linked('profile'),
  shelf: linked('shelf'),
  book: linked('book'),
  review: linked('review'),
  tag: linked('tag'),
};
const byId = (table: Table, id: unknown): Row | null => ROWS[table].find((row) => row.id === id) ?? null;
const pointing = (table: Table, key: string, id: number): Row[] => ROWS[table].filter((row) => row.columns[key] === id);
for (const row of ROWS.book) {
  row.to['author'] = byId('author', row.columns['authorId']);
  row.to['shelf'] = byId('shelf', row.columns['shelfId']);
  row.to['prequel'] = byId('book', row.columns['prequelId']);
  row.to['book'] = pointing('book', 'prequelId', row.id);
  row.to['review'] = pointing('review', 'bookId', row.id);
  row.to['tags'] = DRAWN.pairs.filter(([book]) => book === row.id).map(([, tag]) => byId('tag', tag) as Row);
}
for (const row of ROWS.author) {
  row.to['profile'] = pointing('profile', 'authorId', row.id)[0] ?? null;
  row.to['book'] = pointing('book', 'authorId', row.id);
}
for (const row of ROWS.shelf) row.to['book'] = pointing('book', 'shelfId', row.id);
export const rowsOf = (table: Table): readonly Row[] => ROWS[table];

export interface Library {
  readonly Author: Loose;
  readonly Book: Loose;
  readonly Tag: Loose;
}

/** The models, with all rows in the database. */
export async function library(db: AnyDatabase): Promise<Library> {
  const models = defineModels(
    db,
    { Author: authors, Profile: profiles, Shelf: shelves, Book: books, Review: reviews, Tag: tags, BookTag: bookTags },
    { Book: { tags: manyToMany('Tag', { through: bookTags }) } },
  ) as unknown as Record<string, Loose & { aobjects: { bulk_create(rows: unknown[]): Promise<unknown> } }>;
  const names = { Author: 'author', Profile: 'profile', Shelf: 'shelf', Book: 'book', Review: 'review', Tag: 'tag' };
  for (const [name, table] of Object.entries(names)) {
    const Model = models[name] as (typeof models)[string];
    await Model.aobjects.bulk_create(INSERTED[table as Table].map((row) => new Model(row)));
  }
  const BookTag = models['BookTag'] as (typeof models)[string];
  await BookTag.aobjects.bulk_create(DRAWN.pairs.map(([bookId, tagId]) => new BookTag({ bookId, tagId })));
  return models as unknown as Library;
}

type Path = readonly [names: readonly string[], table: Table];
/** Where a condition may lead, over relations of one… */
const TO_ONE: Record<'book' | 'author', readonly Path[]> = {
  book: [
    [[], 'book'],
    [['author'], 'author'],
    [['shelf'], 'shelf'],
    [['prequel'], 'book'],
    [['author', 'profile'], 'profile'],
    [['prequel', 'shelf'], 'shelf'],
  ],
  author: [
    [[], 'author'],
    [['profile'], 'profile'],
  ],
};
/** … and over relations of many. */
const TO_MANY: Record<'book' | 'author', readonly Path[]> = {
  book: [
    [['review'], 'review'],
    [['tags'], 'tag'],
    [['book'], 'book'],
    [['shelf', 'book'], 'book'],
    [['prequel', 'review'], 'review'],
    [['author', 'book', 'review'], 'review'],
    [['book', 'shelf'], 'shelf'],
  ],
  author: [
    [['book'], 'book'],
    [['book', 'review'], 'review'],
    [['book', 'shelf'], 'shelf'],
    [['book', 'tags'], 'tag'],
  ],
};

/** Lookups on a relation's own name: they mean the far row's key. */
function relationLeaves(path: readonly string[], table: Table): fc.Arbitrary<Leaf> {
  const id = fc.integer({ min: 0, max: COUNTS[table] + 1 });
  const leaf = (key: string, value: unknown, truth: (id: number) => boolean): Leaf => ({
    path,
    key,
    value,
    truth: (far) => (far === null ? null : truth(far.id)),
  });
  const isNull = (key: string, value: unknown, wanted: boolean): Leaf => ({
    path,
    key,
    value,
    truth: (far) => (far === null) === wanted,
  });
  const spelled = fc.constantFrom(['', 'in'], ['id', 'id__in'], ['pk', 'pk__in'], ['exact', 'in']);
  return fc.oneof(
    fc.tuple(spelled, id).map(([[exact], value]) => leaf(exact as string, value, (far) => far === value)),
    fc
      .tuple(spelled, fc.array(id, { minLength: 1, maxLength: 3 }))
      .map(([[, list], value]) => leaf(list as string, value, (far) => value.includes(far))),
    id.map((value) => leaf('id__gt', value, (far) => far > value)),
    fc.boolean().map((value) => isNull('isnull', value, value)),
    fc.boolean().map((value) => isNull('id__isnull', value, value)),
    fc.constant(isNull('', null, true)),
  );
}

function leavesAt(paths: readonly Path[]): fc.Arbitrary<Leaf> {
  return fc.oneof(
    ...paths.flatMap(([path, table]) => {
      const columns = columnsOf(table).map((column) => {
        // F() names a column of the row that was started from: where the path is longer, it has another meaning.
        const { name, kind } = column;
        return leavesOf(path, path.length === 0 ? column : { name, kind });
      });
      const own = { weight: 3, arbitrary: fc.oneof(...columns) };
      return path.length === 0 ? [own] : [own, { weight: 1, arbitrary: relationLeaves(path, table) }];
    }),
  );
}

const starsBesidePages = leavesOf(['review'], { name: 'stars', kind: 'integer', beside: 'pages' });
export const single = { book: leavesAt(TO_ONE.book), author: leavesAt(TO_ONE.author) };
export const many = {
  book: fc.oneof({ weight: 12, arbitrary: leavesAt(TO_MANY.book) }, { weight: 1, arbitrary: starsBesidePages }),
  author: leavesAt(TO_MANY.author),
};
