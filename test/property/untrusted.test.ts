// Anything that JSON can say, given as a filter, an order or a list of fields: it means what Django means, or it is a
// FieldError or TypeError before anything is sent. It never becomes a condition, an expression or SQL.
import fc from 'fast-check';
import { FieldError } from 'drizzle-queryset';
import { beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { library, ROWS, TABLES } from './library.js';

const key = fc.oneof(
  fc.constantFrom(
    'title',
    'title__in',
    'pages__gt',
    'shelf__label',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'then',
    'sql',
    'children',
    'negated',
    'title__',
  ),
  fc.constantFrom(
    "title'; DROP TABLE book; --",
    'title" OR 1=1 --',
    'pk__',
    '__',
    'shelf__book__shelf__label__in',
    'pages__range',
  ),
  fc.string(),
);
const json = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    { sql: 'DELETE FROM book', queryChunks: ['x'] },
    { children: [], connector: 'OR', negated: true },
    { name: 'pages', resolve: 'x' },
    [{ a: 1 }],
  ),
  fc.constantFrom("'; DROP TABLE book; --", '%', '\\', '\u0000', "' OR ''='"),
);
const filters = fc
  .array(fc.tuple(key, json), { maxLength: 3 })
  .map(
    (entries) =>
      JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`) as object,
  );

describeDatabases(
  'untrusted input',
  (database) => {
    let Book: ReturnType<typeof library>['Book'];
    beforeAll(async () => {
      ({ Book } = library(database.db));
      await Book.aobjects.bulk_create(ROWS.map((row) => new Book(row)));
    });

    /** Runs it: an answer, or one of the two errors with nothing sent. */
    async function answers(run: () => PromiseLike<unknown>): Promise<void> {
      const before = database.statements.length;
      try {
        await run();
      } catch (error) {
        if (!(error instanceof FieldError) && !(error instanceof TypeError)) throw error;
        expect(database.statements.length).toBe(before);
      }
      for (const { sql } of database.statements.slice(before)) expect(sql).not.toMatch(/drop|delete|insert|update/i);
    }

    it('in filter() and exclude()', async () => {
      await fc.assert(
        fc.asyncProperty(filters, async (given) => {
          await answers(async () => Book.aobjects.filter(given as never));
          await answers(async () => Book.aobjects.exclude(given as never).count());
        }),
        { numRuns: 200 },
      );
      expect(await Book.aobjects.count()).toBe(ROWS.length);
    });

    it('in order_by(), values() and values_list()', () =>
      fc.assert(
        fc.asyncProperty(fc.oneof(key, json), async (given) => {
          await answers(async () => Book.aobjects.order_by(given as never).slice(0, 1));
          await answers(async () => Book.aobjects.values(given as never).slice(0, 1));
          await answers(async () => Book.aobjects.values_list(given as never).slice(0, 1));
        }),
        { numRuns: 200 },
      ));

    it('undefined is an error, never "match all"', async () => {
      for (const lookup of ['title', 'pages__gt', 'title__in', 'shelf', 'pk']) {
        expect(() => Book.aobjects.filter({ [lookup]: undefined } as never)).toThrow(TypeError);
      }
      expect(database.statements).toEqual([]);
    });
  },
  { schema: TABLES },
);
