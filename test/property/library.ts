// Two tables with what makes lookups hard: NULLs, duplicates, texts that look like patterns, a relation of many.
import { boolean, integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { defineModels } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/databases.js';

export const shelves = pgTable('shelf', { id: serial().primaryKey(), label: text() });
export const books = pgTable('book', {
  id: serial().primaryKey(),
  title: text(),
  pages: integer(),
  lent: boolean(),
  shelfId: integer('shelf_id').references(() => shelves.id),
});

export const TABLES = `
  CREATE TABLE shelf (id serial PRIMARY KEY, label text);
  CREATE TABLE book (id serial PRIMARY KEY, title text, pages integer, lent boolean, shelf_id integer REFERENCES shelf (id));
  INSERT INTO shelf (label) VALUES ('a'), ('A'), (NULL), ('empty');`;

export const TEXTS = ['', 'a', 'A', 'ab', '100%', 'a_b', 'a\\b', "it's", 'é', null] as const;
export const NUMBERS = [null, -1, 0, 1, 2, 300] as const;
export const FLAGS = [null, true, false] as const;
const SHELVES = [null, 1, 2, 3];

export interface Row {
  readonly title: string | null;
  readonly pages: number | null;
  readonly lent: boolean | null;
  readonly shelfId: number | null;
}

/** Every text beside several numbers, flags and shelves: 60 rows. */
export const ROWS: readonly Row[] = Array.from({ length: 60 }, (_, i) => ({
  title: TEXTS[i % TEXTS.length] as string | null,
  pages: NUMBERS[(i * 7) % NUMBERS.length] as number | null,
  lent: FLAGS[(i * 5) % FLAGS.length] as boolean | null,
  shelfId: SHELVES[(i * 11) % SHELVES.length] as number | null,
}));

export function library(db: AnyDatabase) {
  return defineModels(db as never, { Shelf: shelves, Book: books });
}
