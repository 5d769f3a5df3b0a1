// Authors, books, their reviews and tags: enough relations of every kind for joins to be told apart.
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { defineModels, foreignKey, manyToMany } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/databases.js';

export const authors = pgTable('author', { id: serial().primaryKey(), name: text().notNull(), country: text() });
export const profiles = pgTable('profile', {
  id: serial().primaryKey(),
  authorId: integer('author_id')
    .notNull()
    .unique()
    .references(() => authors.id),
  bio: text().notNull(),
});
export const publishers = pgTable('publisher', { id: serial().primaryKey(), name: text().notNull() });
export const books = pgTable('book', {
  id: serial().primaryKey(),
  title: text().notNull(),
  year: integer(),
  authorId: integer('author_id')
    .notNull()
    .references(() => authors.id),
  editorId: integer('editor_id').references(() => authors.id),
  publisherId: integer('publisher_id').references(() => publishers.id),
});
export const reviews = pgTable('review', {
  id: serial().primaryKey(),
  bookId: integer('book_id')
    .notNull()
    .references(() => books.id),
  rating: integer().notNull(),
  by: text(),
});
export const tags = pgTable('tag', { id: serial().primaryKey(), word: text().notNull() });
export const bookTags = pgTable('book_tag', {
  id: serial().primaryKey(),
  bookId: integer('book_id')
    .notNull()
    .references(() => books.id),
  tagId: integer('tag_id')
    .notNull()
    .references(() => tags.id),
});

export const librarySql = `
  create table author (id serial primary key, name text not null, country text);
  create table profile (id serial primary key, author_id integer not null unique references author (id), bio text not null);
  create table publisher (id serial primary key, name text not null);
  create table book (id serial primary key, title text not null, year integer, author_id integer not null references author (id),
    editor_id integer references author (id), publisher_id integer references publisher (id));
  create table review (id serial primary key, book_id integer not null references book (id), rating integer not null, "by" text);
  create table tag (id serial primary key, word text not null);
  create table book_tag (id serial primary key, book_id integer not null references book (id), tag_id integer not null references tag (id));

  insert into author (name, country) values ('Ada', 'uk'), ('Ben', 'us'), ('Cyd', null);
  insert into profile (author_id, bio) values (1, 'first'), (2, 'second');
  insert into publisher (name) values ('Ink'), ('Paper');
  -- Book 4 has no publisher, no editor, no review and no tag.
  insert into book (title, year, author_id, editor_id, publisher_id) values
    ('One', 2001, 1, 2, 1), ('Two', 2002, 1, null, 2), ('Three', 2003, 2, 1, 1), ('Four', null, 2, null, null);
  insert into review (book_id, rating, "by") values (1, 5, 'x'), (1, 1, 'y'), (2, 5, 'y'), (3, 3, null);
  insert into tag (word) values ('new'), ('old'), ('rare');
  insert into book_tag (book_id, tag_id) values (1, 1), (1, 2), (2, 1), (3, 2);
`;

export function defineLibrary(db: AnyDatabase) {
  return defineModels(
    db,
    { Author: authors, Profile: profiles, Publisher: publishers, Book: books, Review: reviews, Tag: tags },
    {
      Book: {
        editor: foreignKey('editorId', 'Author', { related_name: 'edited' }),
        tags: manyToMany('Tag', { through: bookTags }),
      },
    },
  );
}
