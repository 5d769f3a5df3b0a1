// Slices of fields (Django 5.1): `F('name')[:3]`.
import { integer, pgTable, serial, text, varchar } from 'drizzle-orm/pg-core';
import { defineModels, F, Lower, OuterRef, Subquery } from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const authors = pgTable('author', {
  id: serial().primaryKey(),
  name: varchar({ length: 50 }).notNull(),
  alias: text(),
  kind: text({ enum: ['prose', 'verse'] }),
  tags: text().array().notNull(),
  marks: integer().array(),
});
const books = pgTable('book', {
  id: serial().primaryKey(),
  title: text().notNull(),
  authorId: integer()
    .notNull()
    .references(() => authors.id),
});

describeDatabases(
  'slices of fields',
  (database) => {
    const define = () => defineModels(database.db as never, { Author: authors, Book: books });
    let { Author, Book } = {} as ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate author, book restart identity cascade;
insert into author (name, alias, kind, tags, marks) values
  ('Rhonda', 'rho', 'verse', '{a,b,c}', '{1,2,3}'), ('Örsted', null, null, '{}', null);
insert into book (title, "authorId") values ('Rh', 1), ('Other', 1)`);
      ({ Author, Book } = define());
    });

    test('of texts and of arrays, from both ends', async () => {
      const rows = await Author.aobjects
        .order_by('id')
        .annotate({ a: F('name').slice(0, 3), b: F('name').slice(4), c: F('tags').slice(1), d: F('marks').slice(0, 2) })
        .annotate({ e: F('kind').slice(0, 1), f: F('alias').slice(1, 1), g: F('name').slice(99) })
        .values_list('a', 'b', 'c', 'd', 'e', 'f', 'g');
      expectTypeOf(rows).toEqualTypeOf<
        [string, string, string[], number[] | null, string | null, string | null, string][]
      >();
      expect(rows).toEqual([
        ['Rho', 'da', ['b', 'c'], [1, 2], 'v', '', ''],
        ['Örs', 'ed', [], null, null, null, ''],
      ]);
      const { x } = await Author.aobjects
        .annotate({ x: F('name').slice(1, Number.MAX_SAFE_INTEGER) })
        .values('x')
        .get({ x__startswith: 'h' });
      expect(x).toBe('honda');
      // Bounds are values: one statement serves all.
      const cut = (from: number, to: number) =>
        Author.aobjects
          .annotate({ x: F('name').slice(from, to) })
          .values('x')
          .toSQL().sql;
      expect(cut(0, 1)).toBe(cut(3, 9));
    });

    test('stand wherever an expression does', async () => {
      const short = Lower(F('name').slice(0, 3));
      expect(await Author.aobjects.filter({ alias: short }).values_list('id', { flat: true })).toEqual([1]);
      expect(await Author.aobjects.order_by(F('name').slice(1, 3).desc()).values_list('id', { flat: true })).toEqual([
        2, 1,
      ]);
      await Author.aobjects.filter({ id: 2 }).update({ alias: F('name').slice(0, 2) });
      expect((await Author.aobjects.get({ id: 2 })).alias).toBe('Ör');
      expect(
        await Book.aobjects.annotate({ by: F('author__name').slice(0, 1) }).values_list('by', { flat: true }),
      ).toEqual(['R', 'R']);
      const named = Book.aobjects.filter({ author: OuterRef('pk'), title: OuterRef('name').slice(0, 2) });
      expect(
        await Author.aobjects
          .annotate({ own: Subquery(named.values('title')) })
          .order_by('id')
          .values_list('own', { flat: true }),
      ).toEqual(['Rh', null]);
    });

    test('are refused by name', async () => {
      expect(() => F('name').slice(-1)).toThrow('Negative indexing is not supported.');
      expect(() => F('name').slice(0, -1)).toThrow('Negative indexing is not supported.');
      expect(() => F('name').slice(3, 1)).toThrow('Slice stop must be greater than slice start.');
      expect(() => F('name').slice(0.5)).toThrow(/whole number/);
      // @ts-expect-error not of a number
      const wrong = Author.aobjects.annotate({ x: F('id').slice(1) });
      await expect(wrong.eval()).rejects.toThrow('This field does not support slicing.');
    });
  },
  {
    schema: `create table author (id serial primary key, name varchar(50) not null, alias text, kind text,
  tags text[] not null, marks integer[]);
create table book (id serial primary key, title text not null, "authorId" integer not null references author(id))`,
  },
);
