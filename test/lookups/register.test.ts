// Lookups, transforms and functions of the user's own: one registration each, used as the built-in ones are.
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import {
  Count,
  define_function,
  defineModels,
  F,
  FieldError,
  OuterRef,
  Q,
  register_lookup,
  register_transform,
  Subquery,
  type Typed,
  Value,
  ValueError,
} from 'drizzle-queryset';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

declare module 'drizzle-queryset' {
  interface AnyLookups {
    not_same: 'same';
  }
  interface TextLookups {
    longer_than: 'number';
    same_letters: 'text';
    starts_with_any: 'texts';
    blank: 'flag';
  }
  interface NumberLookups {
    strictly_between: 'pair';
    none_of: 'list';
  }
  interface JsonLookups {
    says: 'json';
  }
  interface ArrayLookups {
    begins: 'array';
  }
  interface TextTransforms {
    letters: Typed<'int', number>;
    reversed: Typed<'text', string>;
    is_shout: Typed<'bool', boolean>;
  }
  interface NumberTransforms {
    tenfold: Typed<'int', number>;
  }
  interface DateTimeTransforms {
    half: Typed<'int', number>;
  }
}

const sorted = (text: unknown) =>
  sql`(select string_agg(c, '' order by c) from regexp_split_to_table(lower(${text}), '') c)`;

register_lookup('any', 'not_same', { rhs: 'same', sql: (lhs, rhs) => sql`${lhs} is distinct from ${rhs}` });
register_lookup('text', 'longer_than', { rhs: 'number', sql: (lhs, rhs) => sql`length(${lhs}) > ${rhs}` });
register_lookup('text', 'same_letters', { rhs: 'text', sql: (lhs, rhs) => sql`${sorted(lhs)} = ${sorted(rhs)}` });
register_lookup('text', 'starts_with_any', { rhs: 'texts', sql: (lhs, rhs) => sql`left(${lhs}, ${1}) = any(${rhs})` });
register_lookup('text', 'blank', { rhs: 'flag', sql: (lhs, rhs) => sql`(${lhs} = '' or ${lhs} is null) = ${rhs}` });
register_lookup('number', 'strictly_between', {
  rhs: 'pair',
  sql: (lhs, low, high) => sql`${lhs} > ${low} and ${lhs} < ${high}`,
});
register_lookup('number', 'none_of', { rhs: 'list', sql: (lhs, rhs) => sql`${lhs} <> all(${rhs})` });
register_lookup('json', 'says', { rhs: 'json', sql: (lhs, rhs) => sql`${lhs} @> ${rhs}` });
register_lookup('array', 'begins', { rhs: 'array', sql: (lhs, rhs) => sql`${lhs}[1:cardinality(${rhs})] = ${rhs}` });

register_transform('text', 'letters', { output_field: pg.integer(), sql: (lhs) => sql`length(${lhs})` });
register_transform('text', 'reversed', { output_field: pg.text(), sql: (lhs) => sql`reverse(${lhs})` });
register_transform('text', 'is_shout', {
  output_field: pg.boolean(),
  sql: (lhs) => sql`${lhs} = upper(${lhs}) and ${lhs} <> ''`,
});
register_transform('number', 'tenfold', { sql: (lhs) => sql`${lhs} * 10` });
register_transform('datetime', 'half', {
  output_field: pg.integer(),
  sql: (lhs) => sql`(extract(month from ${lhs})::integer + 5) / 6`,
});

const Initial = define_function('Initial', { function: 'left', arity: 2, output_field: pg.text() });
const Surround = define_function('Surround', { arity: 2, sql: (value, mark) => sql`${mark} || ${value} || ${mark}` });
const Vowels = define_function('Vowels', {
  arity: 1,
  output_field: pg.integer(),
  sql: (value) => sql`length(regexp_replace(${value}, ${'[^aeiou]'}, '', 'gi'))`,
});
const Widest = define_function('Widest', { function: 'greatest' });
const Since = define_function('Since', { arity: 0, output_field: pg.date(), sql: () => sql`${'2020-02-29'}::date` });

const authors = pg.pgTable('author', { id: pg.serial().primaryKey(), name: pg.text().notNull() });
const books = pg.pgTable('book', {
  id: pg.serial().primaryKey(),
  title: pg.text(),
  pages: pg.integer(),
  price: pg.numeric({ precision: 8, scale: 2 }),
  added: pg.timestamp({ withTimezone: true }).notNull(),
  doc: pg.jsonb().$type<{ a?: number; b?: string[] }>(),
  tags: pg.text().array(),
  authorId: pg.integer('author_id').references(() => authors.id),
});
const schema = `
  create table author (id serial primary key, name text not null);
  create table book (id serial primary key, title text, pages integer, price numeric(8, 2), added timestamptz not null,
    doc jsonb, tags text[], author_id integer references author);
  insert into author (name) values ('Ann'), ('BOB');
  insert into book (title, pages, price, added, doc, tags, author_id) values
    ('Listen', 100, 9.99, '2024-01-15 12:00+00', '{"a": 1, "b": ["x"]}', '{a,b,c}', 1),
    ('SILENT', 200, 20.00, '2024-07-15 12:00+00', '{"a": 2}', '{a}', 2),
    ('', 300, 5.00, '2024-12-31 12:00+00', null, '{}', 1),
    (null, null, null, '2024-06-30 12:00+00', 'null', null, null);`;

describeDatabases(
  'registered',
  (database) => {
    const define = () => defineModels(database.db, { Author: authors, Book: books });
    let Book: ReturnType<typeof define>['Book'];
    let Author: ReturnType<typeof define>['Author'];
    beforeAll(() => {
      ({ Book, Author } = define());
    });
    const ids = (rows: {
      order_by(key: 'id'): { values_list(key: 'id', options: { flat: true }): PromiseLike<number[]> };
    }) => rows.order_by('id').values_list('id', { flat: true });

    describe('lookups', () => {
      test('of every kind of right-hand side', async () => {
        const all = Book.aobjects;
        expect(await ids(all.filter({ title__longer_than: 5 }))).toEqual([1, 2]);
        expect(await ids(all.filter({ title__longer_than: 6 }))).toEqual([]);
        expect(await ids(all.filter({ title__same_letters: 'Tinsel' }))).toEqual([1, 2]);
        expect(await ids(all.filter({ title__starts_with_any: ['L', 'x'] }))).toEqual([1]);
        expect(await ids(all.filter({ title__blank: true }))).toEqual([3, 4]);
        expect(await ids(all.filter({ title__blank: false }))).toEqual([1, 2]);
        expect(await ids(all.filter({ pages__strictly_between: [100, 300] }))).toEqual([2]);
        expect(await ids(all.filter({ price__strictly_between: ['5.00', '9.995'] }))).toEqual([1]);
        expect(await ids(all.filter({ pages__none_of: [100, 200] }))).toEqual([3]);
        expect(await ids(all.filter({ doc__says: { b: ['x'] } }))).toEqual([1]);
        expect(await ids(all.filter({ tags__begins: ['a', 'b'] }))).toEqual([1]);
        expect(await ids(all.filter({ pages__not_same: 100 }))).toEqual([2, 3, 4]);
        expect(await ids(all.filter({ added__not_same: new Date('2024-01-15T12:00:00Z') }))).toEqual([2, 3, 4]);
      });

      test('with expressions on the right', async () => {
        expect(await ids(Book.aobjects.filter({ title__longer_than: F('id').add(5) }))).toEqual([]);
        expect(await ids(Book.aobjects.filter({ title__longer_than: F('id').add(3) }))).toEqual([1, 2]);
        expect(await ids(Book.aobjects.filter({ pages__strictly_between: [F('id').mul(60), 250] }))).toEqual([1, 2]);
        expect(await ids(Book.aobjects.filter({ author__name__same_letters: Value('nan') }))).toEqual([1, 3]);
      });

      test('through relations, negated, in Q, and after a transform', async () => {
        expect(await ids(Book.aobjects.filter({ author__name__longer_than: 2 }))).toEqual([1, 2, 3]);
        expect(await ids(Book.aobjects.exclude({ title__longer_than: 5 }))).toEqual([3, 4]);
        expect(await ids(Book.aobjects.filter(Q({ title__longer_than: 5 }).and(Q({ pages__gt: 100 }).not())))).toEqual([
          1,
        ]);
        expect(await ids(Author.aobjects.filter({ book__title__same_letters: 'enlist' }))).toEqual([1, 2]);
        expect(await ids(Book.aobjects.filter({ title__reversed__starts_with_any: ['n'] }))).toEqual([1]);
        expect(await ids(Book.aobjects.filter({ author__not_same: 1 }))).toEqual([2, 4]);
      });

      test('keep one shape: another value is the same statement', () => {
        const one = Book.aobjects.filter({ title__longer_than: 1, title__starts_with_any: ['a'] }).toSQL();
        const other = Book.aobjects.filter({ title__longer_than: 200, title__starts_with_any: ['b', 'c'] }).toSQL();
        expect(other.sql).toBe(one.sql);
        expect(one.params).toContain('1');
        expect(other.params).toContain('200');
      });

      test('refuse what they do not take, before anything is sent', () => {
        const filter = (lookup: Record<string, unknown>) => () => Book.aobjects.filter(lookup as never);
        expect(filter({ title__longer_than: 'many' })).toThrow(ValueError);
        expect(filter({ title__longer_than: null })).toThrow(
          "Cannot use null as a query value: 'longer_than' takes a value.",
        );
        expect(filter({ title__blank: 'yes' })).toThrow(ValueError);
        expect(filter({ pages__strictly_between: [1] })).toThrow(
          "'strictly_between' takes a list of two, got one of 1.",
        );
        expect(filter({ pages__strictly_between: 5 })).toThrow("'strictly_between' takes a list, got 5.");
        expect(filter({ pages__none_of: ['x'] })).toThrow(ValueError);
        expect(filter({ title__same_letters: { evil: true } })).toThrow(ValueError);
        expect(filter({ pages__longer_than: 1 })).toThrow(FieldError);
        expect(filter({ title__longer_then: 1 })).toThrow("Did you mean 'longer_than'?");
        expect(database.statements).toEqual([]);
      });
    });

    describe('transforms', () => {
      test('in filters, orders, values and further lookups', async () => {
        expect(await ids(Book.aobjects.filter({ title__letters: 6 }))).toEqual([1, 2]);
        expect(await ids(Book.aobjects.filter({ title__letters__lt: 6 }))).toEqual([3]);
        expect(await ids(Book.aobjects.filter({ title__reversed__endswith: 'L' }))).toEqual([1]);
        expect(await ids(Book.aobjects.filter({ title__is_shout: true }))).toEqual([2]);
        expect(await ids(Book.aobjects.filter({ pages__tenfold__gt: 1500 }))).toEqual([2, 3]);
        expect(await ids(Book.aobjects.filter({ added__half: 1 }))).toEqual([1, 4]);
        expect(await ids(Book.aobjects.filter({ added__month__tenfold: 70 }))).toEqual([2]);
        expect(
          await Book.aobjects
            .filter({ id__lte: 2 })
            .order_by('-title__reversed')
            .values_list('title__letters', 'title__reversed', 'author__name__is_shout'),
        ).toEqual([
          [6, 'netsiL', false],
          [6, 'TNELIS', true],
        ]);
        expect(
          await Book.aobjects
            .filter({ id: 1 })
            .annotate({ n: F('title__letters') })
            .values_list('n', { flat: true }),
        ).toEqual([6]);
      });

      test('group', async () => {
        const rows = await Book.aobjects
          .values('added__half')
          .annotate({ n: Count('id') })
          .order_by('added__half');
        expect(rows).toEqual([
          { added__half: 1, n: 2 },
          { added__half: 2, n: 2 },
        ]);
      });
    });

    describe('functions', () => {
      test('wherever an expression is taken', async () => {
        const book = Book.aobjects.filter({ id: 1 });
        expect(
          await book.values_list(
            Initial('title', 3),
            Surround('title', Value('*')),
            Vowels('title'),
            Widest('id', 5, 'pages'),
            Since(),
          ),
        ).toEqual([['Lis', '*Listen*', 2, 100, '2020-02-29']]);
        expect(
          await Book.aobjects
            .annotate({ v: Vowels('title') })
            .filter({ v__gte: 2 })
            .order_by('id')
            .values_list('id', 'v'),
        ).toEqual([
          [1, 2],
          [2, 2],
        ]);
        expect(await ids(Book.aobjects.filter({ title: Surround('title', Value('')) }))).toEqual([1, 2, 3]);
        expect(
          await Book.aobjects
            .filter({ title__isnull: false })
            .order_by(Vowels('title').desc(), '-id')
            .values_list('id', { flat: true }),
        ).toEqual([2, 1, 3]);
        expect(
          await Book.aobjects
            .values({ v: Vowels('title') })
            .annotate({ n: Count('id') })
            .count(),
        ).toBe(3);
        const latest = Book.aobjects
          .filter({ author: OuterRef('pk') })
          .order_by('-id')
          .values_list(Vowels(OuterRef('name')), { flat: true });
        expect(
          await Author.aobjects
            .order_by('id')
            .annotate({ v: Subquery(latest.slice(0, 1)) })
            .values_list('v', { flat: true }),
        ).toEqual([1, 1]);
      });

      test('in update()', async () => {
        const row = await Author.aobjects.create({ name: 'zoe' });
        await Author.aobjects.filter({ pk: row.pk }).update({ name: Surround('name', Value("'")) });
        expect((await Author.aobjects.get({ pk: row.pk })).name).toBe("'zoe'");
        await row.adelete();
      });

      test('of one name and different SQL stay apart', async () => {
        const up = define_function('Change', { function: 'upper', arity: 1 });
        const down = define_function('Change', { function: 'lower', arity: 1 });
        expect(await Book.aobjects.filter({ id: 1 }).values_list(up('title'), down('title'))).toEqual([
          ['LISTEN', 'listen'],
        ]);
        expect(
          await Book.aobjects
            .filter({ id: 1 })
            .annotate({ x: up('title') })
            .values_list('x', { flat: true }),
        ).toEqual(['LISTEN']);
        expect(
          await Book.aobjects
            .filter({ id: 1 })
            .annotate({ x: down('title') })
            .values_list('x', { flat: true }),
        ).toEqual(['listen']);
      });

      test('check their arguments where they are called', () => {
        const call = Initial as unknown as (...args: unknown[]) => unknown;
        expect(() => call('title')).toThrow("'Initial' takes exactly 2 arguments (1 given)");
        expect(() => Book.aobjects.values_list(Vowels('titel' as 'title'))).toThrow(FieldError);
      });
    });

    test('no value is ever text', async () => {
      const evil = "'); drop table book; --";
      const marks = ['$1', '\u00000\u0000', '%s', '?', ':a', '${x}', evil, '\\', '"'];
      for (const value of marks) {
        if (value.includes('\0')) continue;
        const query = Book.aobjects
          .filter({ title__same_letters: value, title__starts_with_any: [value] })
          .annotate({ s: Surround('title', Value(value)) });
        const { sql: text, params } = query.toSQL();
        expect(text).toBe(
          Book.aobjects
            .filter({ title__same_letters: 'x', title__starts_with_any: ['x'] })
            .annotate({ s: Surround('title', Value('x')) })
            .toSQL().sql,
        );
        expect(params).toContain(value);
        expect(await query).toEqual([]);
        expect(
          await Book.aobjects.filter({ id: 1 }).values_list(Surround('title', Value(value)), { flat: true }),
        ).toEqual([`${value}Listen${value}`]);
      }
      expect(await Book.aobjects.count()).toBe(4);
    });
  },
  { schema },
);

describe('a registration is refused', () => {
  const lookup = register_lookup as unknown as (...args: unknown[]) => void;
  const transform = register_transform as unknown as (...args: unknown[]) => void;
  const define = define_function as unknown as (...args: unknown[]) => void;
  const fine = (lhs: unknown, rhs: unknown) => sql`${lhs} = ${rhs}`;

  test.each<[why: string, call: () => void, message: RegExp]>([
    ['of a name with two underscores', () => lookup('text', 'a__b', { rhs: 'text', sql: fine }), /name of letters/],
    ['of a name that is SQL', () => define('x"; drop', { function: 'lower' }), /name of letters/],
    ['of an unknown family', () => lookup('texts', 'odd', { rhs: 'text', sql: fine }), /unknown family 'texts'/],
    [
      'of an inherited name as a family',
      () => lookup('constructor', 'odd', { rhs: 'text', sql: fine }),
      /unknown family/,
    ],
    ['of an unknown right-hand side', () => lookup('text', 'odd', { rhs: 'words', sql: fine }), /unknown rhs 'words'/],
    [
      'that gives text',
      () => lookup('text', 'odd', { rhs: 'text', sql: (lhs: unknown) => `${lhs} = 1` }),
      /must give Drizzle's sql/,
    ],
    [
      'that forgets a side',
      () => lookup('text', 'odd', { rhs: 'text', sql: (lhs: unknown) => sql`${lhs} = 1` }),
      /does not use 'rhs'/,
    ],
    [
      'that holds a null',
      () => lookup('text', 'odd', { rhs: 'text', sql: (l: unknown, r: unknown) => sql`${l} = ${r} or ${null}` }),
      /write NULL/,
    ],
    ['without sql', () => lookup('text', 'odd', { rhs: 'text' }), /sql is a function/],
    [
      'with an unknown option',
      () => transform('text', 'odd', { output: 1, sql: (lhs: unknown) => sql`${lhs}` }),
      /no option 'output'/,
    ],
    [
      'with an output that is no column',
      () => transform('text', 'odd', { output_field: 'text', sql: (lhs: unknown) => sql`${lhs}` }),
      /output_field/,
    ],
    ['of a function that is no name', () => define('Odd', { function: 'lower(x); --' }), /name of a function/],
    ['of a function both ways', () => define('Odd', { function: 'lower', sql: fine }), /either/],
    ['of a function in no way', () => define('Odd', {}), /either/],
    [
      'that has a placeholder of its own',
      () => define('Odd', { arity: 1, sql: (x: unknown) => sql`${x} || ${sql.placeholder('y')}` }),
      /placeholder 'y'/,
    ],
    ['of a fraction of arguments', () => define('Odd', { arity: 1.5, function: 'lower' }), /arity/],
  ])('%s', (_why, call, message) => {
    expect(call).toThrow(message);
    expect(call).toThrow(ValueError);
  });

  test('when it contradicts an earlier one; the same once more is fine', () => {
    const once = () => lookup('text', 'twice', { rhs: 'text', sql: (l: unknown, r: unknown) => sql`${l} = ${r}` });
    once();
    once();
    expect(() => lookup('text', 'twice', { rhs: 'text', sql: (l: unknown, r: unknown) => sql`${l} <> ${r}` })).toThrow(
      /before, with another/,
    );
  });
});
