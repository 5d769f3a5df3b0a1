// Conditions on window functions (Django 4.2): asked of the rows of a subquery.
import {
  ArrayAgg,
  Case,
  Count,
  Exists,
  F,
  FilteredRelation,
  Max,
  NotImplementedError,
  NotSupportedError,
  OuterRef,
  Prefetch,
  Q,
  Rank,
  RowNumber,
  Sum,
  Value,
  When,
  Window,
} from 'drizzle-queryset';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineLibrary, librarySql } from './library.js';

describeDatabases(
  'filtering against window functions',
  (database) => {
    let { Author, Book, Review } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author, Book, Review } = defineLibrary(database.db));
    });
    beforeEach(() => database.forget());

    /** The newest book of an author is its first; Four has no year. */
    const place = () =>
      Window(RowNumber(), { partition_by: F('author'), order_by: F('year').desc({ nulls_last: true }) });
    const placed = () => Book.aobjects.annotate({ place: place() });
    const titles = async (qs: PromiseLike<readonly { title: string }[]>) => (await qs).map((book) => book.title);

    test('the first of each group, with all that a row holds', async () => {
      const rows = await placed().filter({ place: 1 }).order_by('title');
      expect(rows.map((row) => [row.title, row.place, row.authorId])).toEqual([
        ['Three', 1, 2],
        ['Two', 1, 1],
      ]);
      expect(await titles(placed().filter({ place__lte: 1 }).order_by('-id'))).toEqual(['Three', 'Two']);
      expect(await titles(placed().exclude({ place: 1 }).order_by('id'))).toEqual(['One', 'Four']);
      expect(await titles(placed().filter({ place__in: [] }))).toEqual([]);
      expect((await placed().exclude({ place__in: [] })).length).toBe(4);
      expect(database.statements.length).toBe(4);
    });

    test('the rest of the condition chooses the rows that are looked at', async () => {
      expect(await titles(placed().filter({ place: 1, year__lt: 2003 }).order_by('title'))).toEqual(['Two']);
      expect(await titles(placed().filter({ place: 1 }).filter({ year__lt: 2002 }))).toEqual(['One']);
      expect(await titles(placed().filter({ place: 1, review__rating: 3 }).order_by('id'))).toEqual(['Three']);
    });

    test('beside other conditions, joined by OR', async () => {
      expect(
        await titles(
          placed()
            .filter(Q({ place: 1 }).or(Q({ title: 'One' })))
            .order_by('id'),
        ),
      ).toEqual(['One', 'Two', 'Three']);
      const reviewed = Exists(Review.aobjects.filter({ book: OuterRef('pk'), rating__gt: 4 }));
      expect(
        await titles(
          placed()
            .filter(Q({ place: 2 }).and(Q(reviewed).not()))
            .order_by('id'),
        ),
      ).toEqual(['Four']);
      expect(
        await titles(
          placed()
            .filter(Q({ place: 2 }).xor(Q({ year__isnull: true })))
            .order_by('id'),
        ),
      ).toEqual(['One']);
    });

    test('a window that is no part of the row', async () => {
      const query = Book.aobjects.alias({ place: place() }).filter({ place: 1 });
      expect(await query.order_by('id').values_list('title')).toEqual([['Two'], ['Three']]);
      expect(await query.order_by('place', '-title').values_list('title', { flat: true })).toEqual(['Two', 'Three']);
      const newest = Window(Max('year'), { partition_by: 'author' });
      expect(await titles(Book.aobjects.filter({ year: newest }).order_by('id'))).toEqual(['Two', 'Three']);
    });

    test('order, slices, distinct', async () => {
      const query = placed().filter({ place__lte: 2 }).order_by('-place', F('author__name').desc(), 'title');
      expect(await titles(query)).toEqual(['Four', 'One', 'Three', 'Two']);
      expect(await titles(query.slice(1, 3))).toEqual(['One', 'Three']);
      expect((await query.last())?.title).toBe('Two');
      expect((await placed().get({ place: 1, author__name: 'Ada' })).title).toBe('Two');
      const authors = placed().filter({ place__lte: 2 }).values_list('author__name', { flat: true });
      expect(await authors.distinct().order_by('author__name')).toEqual(['Ada', 'Ben']);
      expect(await authors.order_by('-author__name', 'id').distinct('author__name')).toEqual(['Ben', 'Ada']);
    });

    test('related rows', async () => {
      const rows = await placed().filter({ place: 1 }).select_related('author', 'publisher').order_by('author__name');
      expect(rows.map((row) => [row.author.name, row.publisher?.name, row.place])).toEqual([
        ['Ada', 'Paper', 1],
        ['Ben', 'Ink', 1],
      ]);
      const authors = await Author.aobjects
        .prefetch_related(Prefetch('book_set', { queryset: placed().filter({ place: 1 }) }))
        .order_by('id');
      expect(authors.map((author) => author.book_set.map((book) => book.title))).toEqual([['Two'], ['Three'], []]);
    });

    describe('what counts and gathers rows', () => {
      test('count(), exists(), contains(), aggregate()', async () => {
        const query = placed().filter({ place: 1 });
        expect(await query.count()).toBe(2);
        expect(await query.exists()).toBe(true);
        expect(await query.filter({ year: 1 }).exists()).toBe(false);
        expect(await query.contains(await Book.aobjects.get({ title: 'Two' }))).toBe(true);
        expect(await query.aggregate({ years: Sum('year') })).toEqual({ years: 4005 });
        expect(await Book.aobjects.filter({ year: Window(Max('year'), { partition_by: 'author' }) }).count()).toBe(2);
      });

      test('a subquery and a union', async () => {
        const query = placed().filter({ place: 1 });
        expect(await titles(Book.aobjects.filter({ id__in: query.values('id') }).order_by('id'))).toEqual([
          'Two',
          'Three',
        ]);
        expect(await titles(Book.aobjects.filter({ id__in: query }).order_by('id'))).toEqual(['Two', 'Three']);
        const of = placed().filter({ place: 1, author: OuterRef('pk') });
        expect(await Author.aobjects.filter(Exists(of)).order_by('id').values_list('name', { flat: true })).toEqual([
          'Ada',
          'Ben',
        ]);
        const both = query.values('title').union(Book.aobjects.filter({ year: null }).values('title'));
        expect(await titles(both.order_by('title'))).toEqual(['Four', 'Three', 'Two']);
      });

      test('an aggregate may have the name of what it is of', async () => {
        const counted = Book.aobjects.values('author__name').annotate({ n: Count('review') });
        expect(await counted.aggregate({ n: Max('n') })).toEqual({ n: 3 });
        expect(await Book.aobjects.annotate({ n: F('year').add(1) }).aggregate({ n: Max('n') })).toEqual({ n: 2004 });
      });

      test('groups, and windows over them', async () => {
        const ranked = Book.aobjects
          .values('author__name')
          .annotate({ n: Count('review') })
          .annotate({ rank: Window(Rank(), { order_by: F('n').desc() }) });
        expect(await ranked.filter({ rank: 1 })).toEqual([{ author__name: 'Ada', n: 3, rank: 1 }]);
        expect(await ranked.filter({ rank__gt: 1 })).toEqual([{ author__name: 'Ben', n: 1, rank: 2 }]);
        // A condition on the groups chooses those that are ranked.
        expect(await ranked.filter({ rank: 1, n: 1 })).toEqual([{ author__name: 'Ben', n: 1, rank: 1 }]);
        expect(
          await ranked
            .filter(Q({ rank: 1 }).or(Q({ n: 1 })))
            .order_by('rank')
            .values_list('rank', 'n'),
        ).toEqual([
          [1, 3],
          [2, 1],
        ]);
        await expect(async () => ranked.filter(Q({ rank: 1 }).or(Q({ author__name: 'Ben' }))).eval()).rejects.toThrow(
          NotImplementedError,
        );
      });
    });

    test('lists come as lists, and names are told apart from those of the subquery', async () => {
      const ranked = Book.aobjects.values('author__name').annotate({
        years: ArrayAgg('year', { order_by: 'year' }),
        col1: Window(Rank(), { order_by: 'author__name' }),
      });
      expect(await ranked.filter({ col1__lte: 2 }).order_by('-years')).toEqual([
        { author__name: 'Ben', years: [2003, null], col1: 2 },
        { author__name: 'Ada', years: [2001, 2002], col1: 1 },
      ]);
    });

    test('a filtered relation cannot ask of a window', async () => {
      const place = Window(RowNumber(), { order_by: 'id' });
      const query = Author.aobjects.annotate({
        first: FilteredRelation('book', { condition: Q({ book__id: place }) }),
      });
      await expect(async () => query.filter({ first__isnull: false }).eval()).rejects.toThrow(NotSupportedError);
    });

    test('rows that are changed and deleted are chosen by key', async () => {
      const only = () => placed().filter({ place: 1, author__name: 'Ben' });
      expect(await only().update({ year: 1999 })).toBe(1);
      expect((await Book.aobjects.get({ title: 'Three' })).year).toBe(1999);
      await Book.aobjects.filter({ title: 'Three' }).update({ year: 2003 });
      const extra = await Book.aobjects.create({ title: 'Five', year: 2030, authorId: 3 });
      expect(await placed().filter({ place: 1, authorId: 3 }).delete()).toEqual([1, { Book: 1 }]);
      expect(await Book.aobjects.filter({ id: extra.id }).exists()).toBe(false);
    });

    test('one shape for all values; in CASE too', async () => {
      const query = (n: number) => placed().filter({ place: n }).order_by('id').values_list('title', { flat: true });
      expect(await query(1)).toEqual(['Two', 'Three']);
      expect(await query(2)).toEqual(['One', 'Four']);
      expect(new Set(database.statements.map(({ sql }) => sql)).size).toBe(1);
      const named = placed().annotate({
        rank: Case(When({ place: 1 }, { then: Value('new') }), { default: Value('old') }),
      });
      expect(await titles(named.filter({ rank: 'new' }).order_by('id'))).toEqual(['Two', 'Three']);
    });
  },
  { schema: librarySql },
);
