// extra() beside the other calls. Expectations are Django's.
import { beforeAll, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineLibrary, librarySql } from './library.js';

describeDatabases(
  'extra',
  (database) => {
    let { Author, Book } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author, Book } = defineLibrary(database.db));
    });

    describe('select', () => {
      const selected = () =>
        Author.aobjects.extra({
          select: { parity: 'author.id %% %s', word: '%s::text' },
          select_params: [2, 'x'],
        });
      test('has the parameters of what is left of it', async () => {
        expect(await selected().values('word').distinct()).toEqual([{ word: 'x' }]);
        expect(await selected().values_list('word', 'id').order_by('parity', 'id')).toEqual([
          ['x', 2],
          ['x', 1],
          ['x', 3],
        ]);
        expect(await selected().values_list('parity', { flat: true }).distinct().order_by('-parity')).toEqual([1, 0]);
        expect(await selected().values('parity').distinct().count()).toBe(2);
        expect(await selected().count()).toBe(3);
        expect(await selected().exists()).toBe(true);
      });
      test('is a property of an instance', async () => {
        expect(await selected().order_by('id').first()).toEqual(
          Object.assign(await Author.aobjects.get({ id: 1 }), { parity: 1, word: 'x' }),
        );
      });
    });

    test('where', async () => {
      const ids = (options: Parameters<typeof Author.aobjects.extra>[0]) =>
        Author.aobjects.extra(options).order_by('id').values_list('id', { flat: true });
      expect(await ids({ where: ['name = %s or country = %s'], params: ['Ada', 'us'] })).toEqual([1, 2]);
      expect(await ids({ where: ['name = %s', 'country = %s'], params: ['Ada', 'us'] })).toEqual([]);
      expect(await ids({ where: ["name like 'A%%'"] })).toEqual([1]);
      expect(await ids({ where: ["name like '%%d%%' and id < %s"], params: [3] })).toEqual([1]);
    });

    test('tables', async () => {
      const written = Author.aobjects.extra({ tables: ['book'], where: ['book.author_id = author.id'] });
      expect(await written.count()).toBe(4);
      expect(await written.values_list('name', { flat: true }).distinct().order_by('name')).toEqual(['Ada', 'Ben']);
    });

    test('a table that is joined already is not named twice', async () => {
      const written = Book.aobjects
        .extra({ tables: ['author'] })
        .select_related('author')
        .order_by('id');
      expect((await written).map((book) => book.author.name)).toEqual(['Ada', 'Ada', 'Ben', 'Ben']);
    });

    test('order_by: a selected name, and a column of a table', async () => {
      const ids = (order: string) =>
        Author.aobjects.extra({ select: { n: 'id * -1' }, order_by: [order] }).values_list('id', { flat: true });
      expect(await ids('n')).toEqual([3, 2, 1]);
      expect(await ids('-n')).toEqual([1, 2, 3]);
      expect(await ids('author.name')).toEqual([1, 2, 3]);
      expect(await ids('-author.name')).toEqual([3, 2, 1]);
    });
  },
  { schema: librarySql },
);
