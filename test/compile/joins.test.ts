// The joins that Django makes: how many, of which kind, and the rows that come of them.
import { type AnyPgColumn, boolean, integer, pgTable, serial } from 'drizzle-orm/pg-core';
import {
  Case,
  Concat,
  Count,
  defineModels,
  Exists,
  ExpressionWrapper,
  F,
  FilteredRelation,
  foreignKey,
  Max,
  OuterRef,
  Q,
  Subquery,
  Value,
  When,
} from 'drizzle-queryset';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineLibrary, librarySql, publishers } from './library.js';

interface Asked extends PromiseLike<{ id: number }[]> {
  toSQL(): { sql: string };
}

/** Joins of the outermost statement: table names by kind, in order. */
function joinsOf(query: Asked): { inner: string[]; left: string[]; subqueries: number } {
  const { sql } = query.toSQL();
  const found = { inner: [] as string[], left: [] as string[], subqueries: (sql.match(/\(SELECT /g) ?? []).length };
  // What stands in parentheses that hold a SELECT is another query.
  let depth = 0;
  let outer = '';
  const opened: boolean[] = [];
  for (let i = 0; i < sql.length; i++) {
    if (sql[i] === '(') {
      const isQuery = sql.startsWith('(SELECT', i);
      opened.push(isQuery);
      if (isQuery) depth++;
    }
    if (depth === 0) outer += sql[i];
    if (sql[i] === ')' && opened.pop()) depth--;
  }
  for (const [, kind, table] of outer.matchAll(/(INNER|LEFT OUTER|LEFT) JOIN "(\w+)"/g))
    found[kind === 'INNER' ? 'inner' : 'left'].push(table!);
  return found;
}

describeDatabases(
  'joins',
  (database) => {
    let { Author, Book, Publisher, Review, Tag } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author, Book, Publisher, Review, Tag } = defineLibrary(database.db));
    });
    test('what is negated twice asks a subquery of many rows, and a negated OR is asked of rows and of groups', async () => {
      // Four reviews of three books: a row for each, but for one of each book where a subquery asks.
      const good = Q({ review__rating__gt: 0 });
      expect(await Book.aobjects.filter(good).count()).toBe(4);
      expect(await Book.aobjects.filter(good.not().not()).count()).toBe(3);
      expect(await Book.aobjects.exclude(good.not()).count()).toBe(3);
      const some = Q({ n: 1 })
        .or(Q({ year: 2001 }))
        .not();
      const groups = Book.aobjects.values('authorId').annotate({ n: Count('id') });
      const { sql } = groups.filter(some).toSQL();
      expect(sql).toMatch(/WHERE NOT .*"year".* GROUP BY "book"."author_id" HAVING NOT \(COUNT\("book"."id"\) = /);
    });
    test('an ordering that leads back to itself is refused', () => {
      const eggs = pgTable('egg', {
        id: serial().primaryKey(),
        henId: integer().references((): AnyPgColumn<{ tableName: 'hen' }> => hens.id),
      });
      const hens = pgTable('hen', { id: serial().primaryKey(), eggId: integer().references(() => eggs.id) });
      const trees = pgTable('tree', {
        id: serial().primaryKey(),
        parentId: integer().references((): AnyPgColumn<{ tableName: 'tree' }> => trees.id),
      });
      const { Egg, Hen, Tree } = defineModels(
        database.db,
        { Egg: eggs, Hen: hens, Tree: trees },
        {
          Egg: { Meta: { ordering: ['hen'] }, hen: foreignKey('henId', 'Hen', { related_name: 'eggs' }) },
          Hen: { Meta: { ordering: ['-egg'] }, egg: foreignKey('eggId', 'Egg', { related_name: 'hens' }) },
          Tree: { Meta: { ordering: ['parent'] } },
        },
      );
      for (const query of [Egg.aobjects.all(), Hen.aobjects.order_by('egg'), Tree.aobjects.all()])
        expect(() => query.toSQL()).toThrow('Infinite loop caused by ordering.');
      expect(joinsOf(Egg.aobjects.order_by('hen__egg__hen__id')).left).toEqual(['hen', 'egg']);
    });

    test("the model's own order is none of groups, whatever they are of", async () => {
      const { Publisher } = defineModels(
        database.db,
        { Publisher: publishers },
        { Publisher: { Meta: { ordering: ['name'] } } },
      );
      const all = Publisher.aobjects.values({ k: Value(1) }).annotate({ n: Count('id') });
      expect(await all).toEqual([{ k: 1, n: 2 }]);
      expect(await all.distinct()).toEqual([{ k: 1, n: 2 }]);
    });

    /** Ids in order, repeated as often as they come. */
    const ids = async (query: Asked) => (await query).map((row) => row.id).sort((a, b) => a - b);
    async function asks(query: Asked, joins: Partial<ReturnType<typeof joinsOf>>, rows: number[]) {
      expect(joinsOf(query)).toEqual({ inner: [], left: [], subqueries: 0, ...joins });
      expect(await ids(query)).toEqual(rows);
    }

    describe("a foreign key's own column", () => {
      test('is read without a join, whatever it is called', async () => {
        for (const query of [
          Book.aobjects.filter({ publisher: 1 }),
          Book.aobjects.filter({ publisherId: 1 }),
          Book.aobjects.filter({ publisher__id: 1 }),
          Book.aobjects.filter({ publisher__pk: 1 }),
          Book.aobjects.filter({ publisher__exact: 1 }),
          Book.aobjects.filter({ publisher__in: [1] }),
          Book.aobjects.filter({ publisher__id__lt: 2 }),
        ])
          await asks(query, {}, [1, 3]);
      });
      test('null', async () => {
        for (const query of [
          Book.aobjects.filter({ publisher: null }),
          Book.aobjects.filter({ publisher__isnull: true }),
          Book.aobjects.filter({ publisherId: null }),
          Book.aobjects.filter({ publisher__id__isnull: true }),
          Book.aobjects.exclude({ publisher__isnull: false }),
        ])
          await asks(query, {}, [4]);
      });
      test('as a column, an order, an expression', async () => {
        expect(joinsOf(Book.aobjects.order_by('publisher__id'))).toEqual({ inner: [], left: [], subqueries: 0 });
        const values = Book.aobjects.order_by('id').values('publisher', 'publisherId', 'publisher__id');
        expect(values.toSQL().sql).not.toMatch(/JOIN/);
        expect((await values)[3]).toEqual({ publisher: null, publisherId: null, publisher__id: null });
        await asks(Book.aobjects.filter({ editor__id: F('author__id').sub(1) }), {}, [3]);
      });
      test('at the end of a path is one join less', async () => {
        await asks(Review.aobjects.filter({ book__author: 1 }), { inner: ['book'] }, [1, 2, 3]);
        await asks(Review.aobjects.filter({ book__author__name: 'Ada' }), { inner: ['book', 'author'] }, [1, 2, 3]);
      });
      test('a pair of a through table is reached without the far table', async () => {
        await asks(Book.aobjects.filter({ tags: 1 }), { inner: ['book_tag'] }, [1, 2]);
        await asks(Book.aobjects.filter({ tags__id__in: [1, 2] }), { inner: ['book_tag'] }, [1, 1, 2, 3]);
        await asks(Book.aobjects.filter({ tags__word: 'new' }), { inner: ['book_tag', 'tag'] }, [1, 2]);
      });
    });

    describe('reuse', () => {
      test('within one call a multi-valued relation is joined once: one review is both', async () => {
        await asks(Book.aobjects.filter({ review__rating: 5, review__by: 'y' }), { inner: ['review'] }, [2]);
        await asks(Book.aobjects.filter(Q({ review__rating: 5 }), Q({ review__by: 'y' })), { inner: ['review'] }, [2]);
        await asks(
          Book.aobjects.filter(Q({ review__rating: 5 }).and(Q({ review__by: 'y' }))),
          { inner: ['review'] },
          [2],
        );
      });
      test('each call joins it anew: any two reviews', async () => {
        await asks(
          Book.aobjects.filter({ review__rating: 5 }).filter({ review__by: 'y' }),
          { inner: ['review', 'review'] },
          [1, 2],
        );
        await asks(
          Author.aobjects.filter({ book__title: 'One' }).filter({ book__title: 'Two' }),
          { inner: ['book', 'book'] },
          [1],
        );
        await asks(Author.aobjects.filter({ book__title: 'One', book__year: 2002 }), { inner: ['book'] }, []);
        await asks(
          Book.aobjects.filter({ tags__word: 'new' }).filter({ tags__word: 'old' }),
          { inner: ['book_tag', 'tag', 'book_tag', 'tag'] },
          [1],
        );
      });
      test('a single-valued relation is joined once, however many calls', async () => {
        await asks(
          Book.aobjects
            .filter({ author__name: 'Ada' })
            .filter({ author__country: 'uk' })
            .exclude({ author__name: 'Ben' }),
          { inner: ['author'] },
          [1, 2],
        );
      });
      test('two foreign keys to one table are two joins', async () => {
        await asks(
          Book.aobjects.filter({ author__name: 'Ada', editor__name: 'Ben' }),
          { inner: ['author', 'author'] },
          [1],
        );
      });
      test('order_by and values use the join of the filter', async () => {
        await asks(
          Book.aobjects.filter({ author__name: 'Ada' }).order_by('author__country'),
          { inner: ['author'] },
          [1, 2],
        );
        const query = Book.aobjects.filter({ review__rating: 5 }).values('id', 'review__by');
        expect(joinsOf(query as never)).toEqual({ inner: ['review'], left: [], subqueries: 0 });
        expect([...(await query)].sort((a, b) => a.id - b.id)).toEqual([
          { id: 1, review__by: 'x' },
          { id: 2, review__by: 'y' },
        ]);
      });
      test('a related manager’s own join is met by the first filter()', async () => {
        const tag = await Tag.aobjects.get({ word: 'new' });
        const query = tag.a$book_set.filter({ tags__word: 'new' });
        expect(joinsOf(query).inner).toEqual(['book_tag', 'tag']);
        expect(await ids(query)).toEqual([1, 2]);
        expect(await ids(tag.a$book_set.filter({ tags__word: 'old' }))).toEqual([]);
        expect(await ids(tag.a$book_set.all().filter({ tags__word: 'old' }).filter())).toEqual([]);
      });
    });

    describe('LEFT where rows may be missing, and only there', () => {
      test('INNER through a nullable key, for a condition that the row must meet', () =>
        asks(Book.aobjects.filter({ publisher__name: 'Ink' }), { inner: ['publisher'] }, [1, 3]));
      test('isnull beyond the key', async () => {
        await asks(Book.aobjects.filter({ publisher__name__isnull: true }), { left: ['publisher'] }, [4]);
        await asks(Book.aobjects.filter({ publisher__name__isnull: false }), { inner: ['publisher'] }, [1, 2, 3]);
        await asks(Book.aobjects.filter({ review__isnull: true }), { left: ['review'] }, [4]);
        await asks(Author.aobjects.filter({ profile__isnull: true }), { left: ['profile'] }, [3]);
        await asks(Author.aobjects.filter({ profile: null }), { left: ['profile'] }, [3]);
        await asks(Book.aobjects.filter({ tags__isnull: true }), { left: ['book_tag'] }, [4]);
      });
      test('OR promotes what only one side needs', async () => {
        await asks(
          Book.aobjects.filter(Q({ publisher__name: 'Ink' }).or(Q({ title: 'Four' }))),
          { left: ['publisher'] },
          [1, 3, 4],
        );
        await asks(
          Book.aobjects.filter(Q({ publisher__name: 'Ink' }).or(Q({ editor__name: 'Ben' }))),
          { left: ['publisher', 'author'] },
          [1, 3],
        );
      });
      test('OR leaves INNER what both sides need', () =>
        asks(
          Book.aobjects.filter(Q({ publisher__name: 'Ink' }).or(Q({ publisher__name: 'Paper' }))),
          { inner: ['publisher'] },
          [1, 2, 3],
        ));
      test('a later condition demotes', async () => {
        const either = Q({ publisher__name: 'Ink' }).or(Q({ title: 'Four' }));
        await asks(
          Book.aobjects.filter(either).filter({ publisher__name__startswith: 'I' }),
          { inner: ['publisher'] },
          [1, 3],
        );
        await asks(
          Book.aobjects.filter(either, { publisher__name__startswith: 'I' }),
          { inner: ['publisher'] },
          [1, 3],
        );
        await asks(
          Book.aobjects.filter({ publisher__name__startswith: 'I' }).filter(either),
          { inner: ['publisher'] },
          [1, 3],
        );
      });
      test('the key that cannot be null keeps INNER under OR', async () => {
        expect(joinsOf(Book.aobjects.filter(Q({ author__name: 'Ada' }).or(Q({ title: 'Four' })))).left).toEqual([]);
        expect(await ids(Book.aobjects.filter(Q({ author__name: 'Ada' }).or(Q({ title: 'Four' }))))).toEqual([1, 2, 4]);
      });
      test('beyond a LEFT join everything is LEFT', async () => {
        const query = Book.aobjects.filter(Q({ editor__profile__bio: 'first' }).or(Q({ title: 'Four' })));
        await asks(query, { left: ['author', 'profile'] }, [3, 4]);
      });
      test('order_by and values keep every row', async () => {
        await asks(Book.aobjects.order_by('publisher__name'), { left: ['publisher'] }, [1, 2, 3, 4]);
        await asks(Book.aobjects.order_by('author__name'), { inner: ['author'] }, [1, 2, 3, 4]);
        const query = Author.aobjects.order_by('id').values_list('id', 'profile__bio');
        expect(query.toSQL().sql).toMatch(/LEFT (OUTER )?JOIN "profile"/);
        expect(await query).toEqual([
          [1, 'first'],
          [2, 'second'],
          [3, null],
        ]);
      });
      test('select_related', async () => {
        await asks(
          Book.aobjects.select_related('author', 'publisher'),
          { inner: ['author'], left: ['publisher'] },
          [1, 2, 3, 4],
        );
        await asks(
          Review.aobjects.select_related('book__publisher'),
          { inner: ['book'], left: ['publisher'] },
          [1, 2, 3, 4],
        );
      });
      test('values of a negated Q', async () => {
        await asks(Book.aobjects.filter(Q({ publisher__name: 'Ink' }).not()), { left: ['publisher'] }, [2, 4]);
        await asks(Book.aobjects.filter(Q({ publisher__name: 'Ink' }).not().not()), { inner: ['publisher'] }, [1, 3]);
      });
    });

    describe('a condition as an expression', () => {
      test('is grouped by, not the columns that it reads', async () => {
        const late = Book.aobjects.annotate({ late: Q({ year__gt: 2001 }) }).values('late');
        const groups = late.annotate({ n: Count('id') });
        const rows = [
          { late: false, n: 1 },
          { late: true, n: 2 },
          { late: null, n: 1 },
        ];
        expect(await groups.order_by('late')).toEqual(rows);
        expect(await groups.order_by(F('late').asc({ nulls_last: true }))).toEqual(rows);
        expect(await groups.count()).toBe(3);
        const listed = Book.aobjects.values({ early: Q({ year__in: [2001, 2002] }) }).annotate({ n: Count('id') });
        expect(await listed.order_by('-n', 'early').values_list('n', { flat: true })).toEqual([2, 1, 1]);
      });
      test('is what it is where the condition that it stands in is negated', async () => {
        const rated = Case(When({ review__rating__gt: 4, then: F('year') }), { default: Value(0) });
        await asks(Book.aobjects.exclude({ year: rated }), { left: ['review'] }, [1, 3, 4]);
        const late = ExpressionWrapper(Q({ year__gt: 2001 }), { output_field: boolean() });
        await asks(Book.aobjects.exclude(late), {}, [1]);
      });
      test('leaves the joins of a filter as they are, which it does not need', () =>
        asks(
          Book.aobjects
            .filter({ title__gt: Concat('editor__name', Value('')) })
            .annotate({ unnamed: Q({ editor__name__isnull: true }) }),
          { inner: ['author'] },
          [1, 3],
        ));
    });

    describe('exclude()', () => {
      test('over a single-valued relation is a condition, and keeps rows that have none', () =>
        asks(Book.aobjects.exclude({ publisher__name: 'Ink' }), { left: ['publisher'] }, [2, 4]));
      test('over a multi-valued one is a subquery: no review of the book', async () => {
        const query = Book.aobjects.exclude({ review__rating: 5 });
        expect(joinsOf(query)).toEqual({ inner: [], left: [], subqueries: 1 });
        expect(await ids(query)).toEqual([3, 4]);
        expect(await ids(Book.aobjects.exclude({ tags__word: 'new' }))).toEqual([3, 4]);
        expect(await ids(Publisher.aobjects.exclude({ book__review__rating: 3 }))).toEqual([2]);
        expect(await ids(Author.aobjects.exclude({ edited__title: 'One' }))).toEqual([1, 3]);
      });
      test('of two conditions is not of one related row: each is a subquery of its own', async () => {
        // Django's documentation says so of exclude(): the conditions do not have to be of the same item.
        const query = Book.aobjects.exclude({ review__rating: 5, review__by: 'y' });
        expect(joinsOf(query).subqueries).toBe(2);
        expect(await ids(query)).toEqual([3, 4]);
      });
      test('after a filter() keeps what the filter asks for', async () => {
        await expect(ids(Book.aobjects.filter({ review__rating: 5 }).exclude({ review__rating: 1 }))).resolves.toEqual([
          2,
        ]);
        // In one call it is the same review: rated 5, and not by y.
        expect(await ids(Book.aobjects.filter(Q({ review__rating: 5 }).and(Q({ review__by: 'y' }).not())))).toEqual([
          1,
        ]);
      });
      test('a subquery in its place, as the documentation advises', async () => {
        expect(
          await ids(
            Book.aobjects.exclude({
              id__in: Review.aobjects.filter({ rating: 5, by: 'y' }).values_list('bookId', { flat: true }),
            }),
          ),
        ).toEqual([1, 3, 4]);
      });
      test('an empty one leaves everything; of nothing, too', async () => {
        expect(await ids(Book.aobjects.exclude())).toEqual([1, 2, 3, 4]);
        expect(await ids(Book.aobjects.exclude({ review__id__in: [] }))).toEqual([1, 2, 3, 4]);
        expect(await ids(Book.aobjects.exclude({ year: null }))).toEqual([1, 2, 3]);
      });
    });

    describe('count(), exists(), update() and delete() over joins', () => {
      test('count the rows of the join', async () => {
        const twice = Book.aobjects.filter({ review__rating__gte: 1 });
        expect([await twice.count(), await twice.distinct().count(), (await twice).length]).toEqual([4, 3, 4]);
        expect(await twice.exists()).toBe(true);
        expect(await Book.aobjects.order_by('publisher__name').count()).toBe(4);
        const { statements } = await database.counted(() =>
          Book.aobjects.order_by('publisher__name').select_related('author').count(),
        );
        expect(statements[0]!.sql).not.toMatch(/JOIN|ORDER BY/);
      });
      test('update through a join, each row once', async () => {
        expect(await Book.aobjects.filter({ review__rating__gte: 1 }).update({ year: F('year').add(10) })).toBe(3);
        expect(await Book.aobjects.order_by('id').values_list('year', { flat: true })).toEqual([
          2011,
          2012,
          2013,
          null,
        ]);
        expect(await Book.aobjects.filter({ review__rating__gte: 1 }).update({ year: F('year').sub(10) })).toBe(3);
      });
      test('a subquery that came with another queryset keeps its tables apart', async () => {
        // By a writer who is the editor of the outer book: two of the same table, and neither may pass for the other.
        const edited = Book.aobjects.filter(Exists(Book.aobjects.filter({ author: OuterRef('editor') })));
        expect(await ids(edited)).toEqual([1, 3]);
        const none = Book.aobjects.filter({ id: 4, review__rating__gt: 0 });
        expect(await none.or(edited).update({ title: F('title') })).toBe(2);
        expect(await ids(Publisher.aobjects.filter({ book__in: none.or(edited) }))).toEqual([1, 1]);
        expect(await ids(Book.aobjects.filter({ id__in: none.union(edited).values('id') }))).toEqual([1, 3]);
      });
    });

    test('an OuterRef is of the row outside, where the subquery of the same table names no column of it', async () => {
      const own = Book.aobjects
        .annotate({ own: OuterRef('title') })
        .values('own')
        .slice(0, 1);
      const rows = await Book.aobjects
        .annotate({ own: Subquery(own) })
        .order_by('id')
        .values_list('own', { flat: true });
      expect(rows).toEqual(['One', 'Two', 'Three', 'Four']);
    });
    test('null among expressions is NULL: no value is it, and none is not', async () => {
      expect(await ids(Book.aobjects.filter({ publisherId__in: [null, F('authorId')] }))).toEqual([1]);
      // As `exclude()` has it, what is NULL itself is in no list.
      expect(await ids(Book.aobjects.exclude({ publisherId__in: [null, F('authorId')] }))).toEqual([4]);
      expect(await ids(Book.aobjects.exclude({ publisherId__in: [F('authorId')] }))).toEqual([2, 3, 4]);
    });
    test('an aggregate may ask a subquery, beside annotations that it is not of', async () => {
      const about = (asked: { rating?: number }) => Exists(Review.aobjects.filter({ book: OuterRef('pk'), ...asked }));
      const annotated = Book.aobjects.annotate({ reviewed: about({}), late: Q({ year__gt: 2001 }) });
      expect(await annotated.aggregate({ n: Count('id', { filter: about({ rating: 5 }) }) })).toEqual({ n: 2 });
      expect(await annotated.aggregate({ n: Count('id', { filter: Q({ reviewed: true }) }) })).toEqual({ n: 3 });
      // Of the first rows alone: what alias() names, and a subquery of the aggregate's own.
      const some = Book.aobjects.order_by('id').slice(0, 3);
      const named = Book.aobjects
        .alias({ five: about({ rating: 5 }) })
        .order_by('id')
        .slice(0, 3);
      expect(await named.aggregate({ n: Count('id', { filter: Q({ five: true }) }) })).toEqual({ n: 2 });
      expect(await some.aggregate({ n: Count('id', { filter: about({ rating: 5 }) }) })).toEqual({ n: 2 });
      // One that is of no row stands beside the aggregates.
      const ever = Exists(Review.aobjects.filter({ rating: 5 }));
      const high = Case(When(ever, { then: Max('id') }), { default: Value(0) });
      expect(await some.aggregate({ high })).toEqual({ high: 3 });
    });
    test('in_bulk() of some keys has no order, which would make groups of its own', async () => {
      const counted = Book.aobjects.order_by('review').annotate({ n: Count('review') });
      expect((await counted.in_bulk([1])).get(1)?.n).toBe(2);
      expect((await Book.aobjects.order_by('-id').in_bulk()).keys().next().value).toBe(4);
      const newest = Book.aobjects.order_by('author', '-id').distinct('author').filter({ author: 1 });
      expect([...(await newest.in_bulk([1, 2])).keys()]).toEqual([2]);
    });
    test('what rows are distinct by may be an annotation, whatever is asked of them', async () => {
      const authors = Book.aobjects.annotate({ by: F('author__name') }).distinct('by');
      expect([await authors.exists(), await authors.filter({ id: 0 }).exists(), await authors.count()]).toEqual([
        true,
        false,
        2,
      ]);
      expect(await Author.aobjects.filter(Exists(authors.filter({ author: OuterRef('pk') }))).count()).toBe(2);
    });

    describe('an OuterRef of many rows', () => {
      const lower = () => Review.aobjects.filter({ book: OuterRef('pk'), rating__lt: OuterRef('review__rating') });
      test('is the same row within one call, and any row in the next', async () => {
        const rated = Book.aobjects.filter({ review__rating: 1 });
        expect(await ids(rated.filter({ id__in: lower().values('book') }))).toEqual([1]);
        expect(await ids(rated.filter(Exists(lower())))).toEqual([1]);
        expect(await ids(Book.aobjects.filter({ review__rating: 1, id__in: lower().values('book') }))).toEqual([]);
        expect(await ids(Book.aobjects.filter(Q({ review__rating: 1 }), Exists(lower())))).toEqual([]);
      });
      test('update() has no rows but its own', async () => {
        const joined = Book.aobjects.filter({ id: OuterRef('book__year') }).values('id');
        await expect(Review.aobjects.update({ rating: Subquery(joined) })).rejects.toThrow(/Joined field references/);
      });
    });

    describe('a filtered relation', () => {
      const best = () =>
        Book.aobjects
          .annotate({ r: FilteredRelation('review', { condition: Q({ review__rating: 5 }) }) })
          .filter({ id__gt: 0, r__isnull: false });
      test('keeps its condition inside another query', async () => {
        expect(await ids(best())).toEqual([1, 2]);
        expect(await ids(Publisher.aobjects.filter({ id__lt: 9, book__in: best() }))).toEqual([1, 2]);
        expect(await ids(Author.aobjects.filter(Exists(best().filter({ author: OuterRef('pk') }))))).toEqual([1]);
        const third = Book.aobjects.filter({ id: 3 });
        expect([await ids(third.union(best() as never)), await ids(third.or(best() as never))]).toEqual([
          [1, 2, 3],
          [1, 2, 3],
        ]);
      });
      test('may ask of other relations, which are joined before it', async () => {
        const above = Book.aobjects
          .alias({ r: FilteredRelation('review', { condition: Q({ review__rating__gt: F('author__profile__id') }) }) })
          .filter({ r__isnull: false });
        await asks(above, { inner: ['author', 'review'], left: ['profile'] }, [1, 2, 3]);
        expect(await ids(Author.aobjects.filter({ book__in: above }))).toEqual([1, 1, 2]);
        expect(await ids(Book.aobjects.filter({ id: 4 }).or(above as never))).toEqual([1, 2, 3, 4]);
      });
      test('of one row is joined by select_related(), and a property where there is one', async () => {
        const byBen = { r: FilteredRelation('editor', { condition: Q({ editor__name: 'Ben' }) }) };
        const rows = await Book.aobjects
          .annotate(byBen)
          .select_related('r' as never)
          .order_by('id');
        expect(rows.map((row) => (row as { r?: { name: string } }).r?.name)).toEqual([
          'Ben',
          undefined,
          undefined,
          undefined,
        ]);
      });
      test('over two relations is joined by select_related(), and knows its own neighbours', async () => {
        const first = { p: FilteredRelation('author__profile', { condition: Q({ author__profile__bio: 'first' }) }) };
        const rows = await Book.aobjects
          .annotate(first)
          .select_related('p' as never, 'author')
          .order_by('id');
        const found = rows.map((row) => (row as { p?: { bio: string; a$author: Promise<unknown> } }).p);
        expect(found.map((profile) => profile?.bio)).toEqual(['first', 'first', undefined, undefined]);
        expect(rows.map((row) => row.author.name)).toEqual(['Ada', 'Ada', 'Ben', 'Ben']);
        expect(await found[0]?.a$author).toEqual(await Author.aobjects.get({ name: 'Ada' }));
        // Its name may be that of the relation that it ends at.
        const ofAda = { author: FilteredRelation('book__author', { condition: Q({ book__author__name: 'Ada' }) }) };
        const reviews = await Review.aobjects
          .annotate(ofAda)
          .select_related('author' as never)
          .order_by('id');
        // Every review has an author: Django's join leaves the others out.
        expect(reviews.map((row) => (row as { author?: { name: string } }).author?.name)).toEqual([
          'Ada',
          'Ada',
          'Ada',
        ]);
      });
      test('that both sides of or() have alike is joined once; of another value, twice', async () => {
        const rated = (from: number) =>
          Book.aobjects.annotate({ r: FilteredRelation('review', { condition: Q({ review__rating__gte: from }) }) });
        expect(
          await ids(
            rated(1)
              .filter({ r__by: 'x' })
              .or(rated(1).filter({ r__by: 'y' })),
          ),
        ).toEqual([1, 1, 2]);
        expect(
          await ids(
            rated(1)
              .filter({ r__by: 'x' })
              .or(rated(2).filter({ r__by: 'y' })),
          ),
        ).toEqual([1, 2]);
        const among = (...ratings: number[]) =>
          Book.aobjects.annotate({ r: FilteredRelation('review', { condition: Q({ review__rating__in: ratings }) }) });
        expect(
          await ids(
            among(1, 5)
              .filter({ r__by: 'x' })
              .or(among(1, 5).filter({ r__by: 'y' })),
          ),
        ).toEqual([1, 1, 2]);
        expect(
          await ids(
            among(1, 5)
              .filter({ r__by: 'x' })
              .or(among(5).filter({ r__by: 'y' })),
          ),
        ).toEqual([1, 2]);
      });
      test('of many to many can be excluded', async () => {
        const named = Book.aobjects.annotate({
          t: FilteredRelation('tags', { condition: Q({ tags__word: 'new' }) }),
        });
        expect(await ids(named.exclude({ t__isnull: false }))).toEqual([3, 4]);
        expect(await ids(named.exclude({ t__id__gt: 0 }))).toEqual([3, 4]);
      });
      test('has a condition of its own rows, and of the keys in them, but not of those behind', async () => {
        const editedBy = (condition: object) =>
          Book.aobjects.annotate({ e: FilteredRelation('editor', { condition: Q(condition) }) });
        expect(await ids(editedBy({ editor__id: 2 }).filter({ e__name: 'Ben' }))).toEqual([1]);
        const reviewed = Author.aobjects.annotate({
          b: FilteredRelation('book', { condition: Q({ book__publisher__id: 1, book__editor: 2 }) }),
        });
        expect(await ids(reviewed.filter({ b__title: 'One' }))).toEqual([1]);
        for (const condition of [
          { editor__profile__bio: 'first' },
          { editor__profile: 1 },
          { editor__profile__isnull: true },
          { editor__book__title__contains: 'One' },
          { editor__edited__tags: 1 },
        ])
          expect(() => editedBy(condition)).toThrow(/doesn't support nested relations deeper than the relation_name/);
      });
    });
  },
  { schema: librarySql },
);
