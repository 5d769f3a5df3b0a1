// What PostgreSQL gives for a type that an expression is said to have.
import { bigint, integer, smallint } from 'drizzle-orm/pg-core';
import { Avg, ExpressionWrapper, F, Sum } from 'drizzle-queryset';
import { beforeAll, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { books, defineLibrary, librarySql } from './library.js';

describeDatabases(
  'whole numbers',
  (database) => {
    let { Author } = {} as ReturnType<typeof defineLibrary>;
    beforeAll(() => {
      ({ Author } = defineLibrary(database.db));
    });

    test('are cut, as Django cuts them', async () => {
      const query = Author.aobjects
        .annotate({
          int: ExpressionWrapper(F('id').mul(-0.5), { output_field: integer() }),
          small: Avg('book__id', { output_field: smallint() }),
          column: Avg('book__id', { output_field: books.year }),
          number: Avg('book__id', { output_field: bigint({ mode: 'number' }) }),
          big: Avg('book__id', { output_field: bigint({ mode: 'bigint' }) }),
        })
        .order_by('id');
      expect(await query.values_list('int', 'small', 'column', 'number', 'big')).toEqual([
        [0, 1, 1, 1, 1n],
        [-1, 3, 3, 3, 3n],
        [-1, null, null, null, null],
      ]);
    });
    test('are whole already where both sides are', async () => {
      const half = ExpressionWrapper(F('id').div(2), { output_field: integer() });
      expect(await Author.aobjects.annotate({ half }).order_by('id').values_list('half', { flat: true })).toEqual([
        0, 1, 1,
      ]);
      expect(await Author.aobjects.aggregate({ n: Avg('id', { output_field: integer() }), m: Sum('id') })).toEqual({
        n: 2,
        m: 6,
      });
    });
  },
  { schema: librarySql },
);
