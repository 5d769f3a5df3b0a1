// Aggregates that make lists of rows, and what is inside arrays of arrays.
import { integer, pgTable, serial, text, timestamp, varchar } from 'drizzle-orm/pg-core';
import { ArrayAgg, Coalesce, defineModels, F, JSONBAgg, Left, RawSQL, StringAgg, Value } from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

// Drizzle 1.0 is told of all dimensions at once: a second `array()` would be the first one again.
const rows = integer().array();
const grid = process.env['TEST_DRIZZLE'] === '1' ? integer().array('[][]' as never) : rows.array();
const games = pgTable('game', { id: serial().primaryKey(), board: (grid as ReturnType<typeof rows.array>).notNull() });
const moves = pgTable('move', {
  id: serial().primaryKey(),
  gameId: integer('game_id')
    .notNull()
    .references(() => games.id),
  name: varchar({ length: 30 }).notNull(),
  tags: text().array().notNull(),
  at: timestamp({ withTimezone: true }),
});

describeDatabases(
  'lists and arrays',
  (database) => {
    const define = () => defineModels(database.db as never, { Game: games, Move: moves });
    let { Game, Move } = {} as ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate game, move restart identity cascade;
insert into game (board) values ('{{1,2},{3,4}}'), ('{{5,6},{7,8}}');
insert into move (game_id, name, tags, at) values
  (1, 'xa', '{a,b}', null), (1, 'ya', '{c,d}', '2024-02-01T00:00:00Z'), (1, 'xa', '{e,f}', null)`);
      ({ Game, Move } = define());
    });

    test('distinct values in an order of their own', async () => {
      const { aobjects } = Move;
      const start = Left('name', 1);
      const asked = await aobjects.aggregate({
        a: ArrayAgg('name', { distinct: true, ordering: 'name' }),
        b: ArrayAgg('name', { distinct: true, ordering: F('name').desc() }),
        c: ArrayAgg(start, { distinct: true, ordering: start }),
        d: ArrayAgg(Left('name', 1), { distinct: true, ordering: Left('name', 1).desc() }),
        e: JSONBAgg(Coalesce('name', Value('z')), { distinct: true, order_by: Coalesce('name', Value('z')).desc() }),
        f: StringAgg('name', ', ', { distinct: true, ordering: '-name' }),
      });
      expect(asked).toEqual({
        a: ['xa', 'ya'],
        b: ['ya', 'xa'],
        c: ['x', 'y'],
        d: ['y', 'x'],
        e: ['ya', 'xa'],
        f: 'ya, xa',
      });
      const over = await Game.aobjects
        .annotate({ n: ArrayAgg(Left('move__name', 1), { distinct: true, ordering: Left('move__name', 1).desc() }) })
        .order_by('id')
        .values_list('n', { flat: true });
      expect(over).toEqual([['y', 'x'], [null]]);
      // Dates and lists are the same values by what they hold.
      const since = () => Coalesce('at', Value(new Date('2024-01-01T00:00:00Z')));
      const tags = (tag: string) => Coalesce('tags', Value([tag], { output_field: moves.tags }));
      expect(
        await aobjects.aggregate({
          at: ArrayAgg(since(), { distinct: true, order_by: since().desc() }),
          tags: JSONBAgg(tags('a'), { distinct: true, order_by: tags('a').desc() }),
        }),
      ).toEqual({
        at: [new Date('2024-02-01T00:00:00Z'), new Date('2024-01-01T00:00:00Z')],
        tags: [
          ['e', 'f'],
          ['c', 'd'],
          ['a', 'b'],
        ],
      });
      await expect(
        aobjects.aggregate({ n: JSONBAgg(tags('a'), { distinct: true, order_by: tags('b') }) }),
      ).rejects.toThrow(/ORDER BY/);
      // Another value is another order, which PostgreSQL refuses.
      await expect(
        aobjects.aggregate({ n: ArrayAgg(Left('name', 1), { distinct: true, ordering: Left('name', 2) }) }),
      ).rejects.toThrow(/ORDER BY/);
    });

    test('delimiters', async () => {
      const { aobjects } = Move;
      expect(await aobjects.aggregate({ n: StringAgg('name', Value('; '), { ordering: 'id' }) })).toEqual({
        n: 'xa; ya; xa',
      });
      expect(await aobjects.aggregate({ n: StringAgg('name', { delimiter: '-', ordering: 'id' }) })).toEqual({
        n: 'xa-ya-xa',
      });
      expect(await aobjects.aggregate({ n: StringAgg('name', { delimiter: Value('+') }) })).toEqual({ n: 'xa+ya+xa' });
      // @ts-expect-error no delimiter
      expect(() => StringAgg('name', {})).toThrow(/takes a delimiter/);
      // @ts-expect-error two arguments make no name
      await expect(aobjects.aggregate(StringAgg('name', ','))).rejects.toThrow('Complex annotations require an alias');
    });

    test('NULL in an array, where rows are distinct or united', async () => {
      await Game.aobjects.update({ board: RawSQL("'{{1,NULL},{3,4}}'") as never });
      const board = [
        [1, null],
        [3, 4],
      ];
      const boards = Game.aobjects.values_list('board', { flat: true });
      expect(await boards.distinct()).toEqual([board]);
      expect(await boards.distinct().order_by('board')).toEqual([board]);
      expect(await boards.union(boards)).toEqual([board]);
      await Move.aobjects.update({ tags: RawSQL("'{NULL,b}'") as never });
      expect(await Move.aobjects.values_list('tags', { flat: true }).distinct()).toEqual([[null, 'b']]);
    });

    test('arrays of arrays', async () => {
      const { all } = await Move.aobjects.aggregate({ all: ArrayAgg('tags', { ordering: 'id' }) });
      expectTypeOf(all).toEqualTypeOf<string[][] | null>();
      expect(all).toEqual([
        ['a', 'b'],
        ['c', 'd'],
        ['e', 'f'],
      ]);
      expect(await Game.aobjects.filter({ board__0__1: 2 }).values_list('id', { flat: true })).toEqual([1]);
      expect(await Game.aobjects.filter({ board__1__0__gt: 4 }).values_list('id', { flat: true })).toEqual([2]);
      const cells = await Game.aobjects
        .annotate({ n: F('board__1__1') })
        .order_by('board__0__0')
        .values_list('n', 'board__0__1', 'board__0_1__len');
      expectTypeOf(cells).toEqualTypeOf<[number | null, number | null, number][]>();
      expect(cells).toEqual([
        [4, 2, 1],
        [8, 6, 1],
      ]);
    });
  },
  {
    schema: `create table game (id serial primary key, board integer[][] not null);
create table move (id serial primary key, game_id integer not null references game(id), name varchar(30) not null, tags text[] not null,
  at timestamptz)`,
  },
);
