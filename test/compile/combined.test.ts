// What union() and its like can still be asked. Expectations are Django 5.2's.
import { Count, DatabaseError, F, FieldError, NotSupportedError } from 'drizzle-queryset';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineLibrary, librarySql } from './library.js';

describeDatabases(
  'combined rows',
  (database) => {
    let { Author, Book } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author, Book } = defineLibrary(database.db));
    });
    beforeEach(() => database.forget());
    /** Books one, two and three. */
    const united = () => Book.aobjects.filter({ id__lte: 2 }).union(Book.aobjects.filter({ id: 3 }));

    test('values are chosen after it', async () => {
      expect(await united().values('title').order_by('title')).toEqual([
        { title: 'One' },
        { title: 'Three' },
        { title: 'Two' },
      ]);
      expect(await united().values_list('author__name', { flat: true }).order_by('author__name')).toEqual([
        'Ada',
        'Ben',
      ]);
      const some = Book.aobjects.filter({ id__lte: 2 });
      const others = Book.aobjects.filter({ id__gte: 2 });
      expect(await some.intersection(others).values('title')).toEqual([{ title: 'Two' }]);
      expect(await some.difference(others).values_list('title', { flat: true })).toEqual(['One']);
    });

    test('values are chosen among those that its querysets have chosen', async () => {
      const chosen = Book.aobjects.values('title', 'year');
      const query = chosen.filter({ id__lte: 2 }).union(chosen.filter({ id: 3 }));
      expect(await query.values('title').order_by('title')).toEqual([
        { title: 'One' },
        { title: 'Three' },
        { title: 'Two' },
      ]);
      expect(await query.values('year').order_by('year')).toEqual([{ year: 2001 }, { year: 2002 }, { year: 2003 }]);
      expect(await query.values_list('year', { flat: true }).order_by('title')).toEqual([2001, 2003, 2002]);
      expect(await query.values_list('year', 'title').order_by('-year').first()).toEqual([2003, 'Three']);
      expect(await query.values('title').count()).toBe(3);
      expect(await query.values('title').exists()).toBe(true);
    });

    test('what a DISTINCT of one compares for its order, the union compares too', async () => {
      const authors = Book.aobjects.values('authorId').distinct().order_by('title');
      const rows = await authors.union(authors).order_by('authorId');
      expect(rows.map((row) => row.authorId)).toEqual([1, 1, 2, 2]);
    });

    test('right of a lookup, each of its querysets has the one column that is asked for', async () => {
      const ids = (rows: { id: number }[]) => rows.map((row) => row.id);
      const ada = Author.aobjects.filter({ name: 'Ada' });
      const authors = ada.union(Author.aobjects.filter({ name: 'Cyd' }));
      expect(ids(await Book.aobjects.filter({ author__in: authors }).order_by('id'))).toEqual([1, 2]);
      expect(ids(await Author.aobjects.filter({ book__in: united() }).distinct().order_by('id'))).toEqual([1, 2]);
      expect(ids(await Author.aobjects.exclude({ pk__in: authors.union(ada) }))).toEqual([2]);
      const last = Book.aobjects.distinct().order_by('title').union(Book.aobjects).order_by('-pk').slice(1);
      expect(ids(await Book.aobjects.filter({ pk__in: last }).order_by('id'))).toEqual([1, 2, 3]);
    });

    test('numbers are numbers, where others of them have more room', async () => {
      const books = Book.aobjects.values_list('id', 'authorId');
      const counts = Author.aobjects.annotate({ n: Count('book') }).values_list('id', 'n');
      expect(await books.filter({ id__lte: 2 }).union(counts).order_by('id', 'authorId')).toEqual([
        [1, 1],
        [1, 2],
        [2, 1],
        [2, 2],
        [3, 0],
      ]);
    });

    describe('an order', () => {
      test.each(['author', 'authorId', 'author__id', 'author__pk'] as const)(
        'by a column under any of its names: %s',
        async (name) => {
          const rows = await united().order_by(`-${name}`, 'id');
          expect(rows.map((row) => row.id)).toEqual([3, 1, 2]);
          expect(await united().order_by(`-${name}`, 'id').values_list('id', { flat: true })).toEqual([3, 1, 2]);
        },
      );
      test('by a column that values() did not choose', async () => {
        const query = united().values_list('id', { flat: true });
        expect(await query.order_by('-author__name', '-id')).toEqual([3, 2, 1]);
        expect(await query.order_by('id').slice(1, 3)).toEqual([2, 3]);
      });
      test('by what the rows do not have is refused before anything is sent', async () => {
        await expect(united().order_by('author__name').eval()).rejects.toBeInstanceOf(DatabaseError);
        const titles = Book.aobjects.values('title').union(Book.aobjects.values('title'));
        await expect(titles.order_by('id').eval()).rejects.toBeInstanceOf(DatabaseError);
        // @ts-expect-error: there is no such field
        expect(() => united().order_by('nosuch')).toThrow(FieldError);
        expect(database.statements).toEqual([]);
      });
    });

    test('what can match nothing need not have the columns of the others', async () => {
      const named = Book.aobjects.annotate({ by: F('author__name') }).values_list('id', 'by');
      const nothing = Book.aobjects.none() as never;
      const expected = [[1, 'Ada']];
      expect(await named.filter({ id: 1 }).union(nothing)).toEqual(expected);
      expect(await named.filter({ id: 1 }).difference(nothing)).toEqual(expected);
    });
    test('of nothing else is the queryset itself', async () => {
      const one = Book.aobjects.filter({ id: 1 });
      expect(one.union()).toBe(one);
      expect(await one.union({ all: true }).filter({ title: 'Two' })).toEqual([]);
    });

    test('one row, a number of rows, whether there are any', async () => {
      expect((await united().first())?.id).toBe(1);
      expect((await united().last())?.id).toBe(3);
      expect((await united().order_by('-title').first())?.id).toBe(2);
      expect(await united().count()).toBe(3);
      expect(await united().order_by('id').slice(1, 3).count()).toBe(2);
      expect(await united().exists()).toBe(true);
    });

    test('whether there are any behind the first ones, and among different ones', async () => {
      const all = Book.aobjects.union(Book.aobjects, { all: true });
      expect(await all.slice(5).exists()).toBe(true);
      expect(await all.slice(8).exists()).toBe(false);
      expect(await Book.aobjects.distinct().union(Book.aobjects).exists()).toBe(true);
      expect(await Book.aobjects.values('title').distinct().union(Book.aobjects.values('title')).exists()).toBe(true);
    });

    test('in_bulk() of all rows, and not of some', async () => {
      expect([...(await united().in_bulk()).keys()].sort()).toEqual([1, 2, 3]);
      database.forget();
      await expect(united().in_bulk([1])).rejects.toBeInstanceOf(NotSupportedError);
      expect(database.statements).toEqual([]);
    });
  },
  { schema: librarySql },
);
