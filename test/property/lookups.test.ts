// Lookups of one table's columns, in trees of and, or, xor and not: the rows are those that three-valued logic chooses.
import fc from 'fast-check';
import { bigint, boolean, date, integer, numeric, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core';
import { defineModels } from 'drizzle-queryset';
import { beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { type Column, leavesOf, stored } from './columns.js';
import type { Loose } from './loose.js';
import { always, drawn, SEED, TIMEOUT } from './runs.js';
import { trees } from './trees.js';
import { type Call, chosen, condition, type Row, written } from './truth.js';

const samples = pgTable('sample', {
  id: serial().primaryKey(),
  t: text(),
  u: text(),
  i: integer(),
  j: integer(),
  b: bigint({ mode: 'number' }),
  n: numeric({ precision: 20, scale: 4 }),
  flag: boolean(),
  day: date(),
  at: timestamp({ withTimezone: true }),
  local: timestamp(),
});

const schema = `
  create table sample (id serial primary key, t text collate "C", u text collate "C", i integer, j integer, b bigint,
    n numeric(20, 4), flag boolean, day date, at timestamptz, local timestamp);`;

const COLUMNS: readonly Column[] = [
  { name: 't', kind: 'text', beside: 'u' },
  { name: 'u', kind: 'text' },
  { name: 'i', kind: 'integer', beside: 'j' },
  { name: 'j', kind: 'integer' },
  { name: 'b', kind: 'bigint' },
  { name: 'n', kind: 'numeric' },
  { name: 'flag', kind: 'boolean' },
  { name: 'day', kind: 'date' },
  { name: 'at', kind: 'timestamptz' },
  { name: 'local', kind: 'timestamp' },
];

const ROWS: readonly Row[] = drawn(
  fc.array(fc.record(Object.fromEntries(COLUMNS.map(({ name, kind }) => [name, stored(kind)]))), {
    minLength: 60,
    maxLength: 60,
  }),
).map((columns, i) => ({ id: i + 1, columns, to: {} }));

const tree = trees(fc.oneof(...COLUMNS.map((column) => leavesOf([], column))));
const calls: fc.Arbitrary<Call[]> = fc.array(
  fc.record({ method: fc.constantFrom('filter' as const, 'exclude' as const), tree }),
  { minLength: 1, maxLength: 2 },
);

describeDatabases(
  `lookups against three-valued logic (seed ${SEED})`,
  (database) => {
    let Sample: Loose;
    beforeAll(async () => {
      const models = defineModels(database.db, { Sample: samples });
      await models.Sample.aobjects.bulk_create(
        ROWS.map(({ id, columns }) => new models.Sample({ id, ...columns } as never)),
      );
      Sample = models.Sample as unknown as Loose;
    });

    it('rows are read as they were written', async () => {
      const rows = await Sample.aobjects.order_by('id').values(...COLUMNS.map(({ name }) => name));
      expect(rows).toEqual(ROWS.map(({ columns }) => ({ ...columns })));
    });

    it(
      'filter() and exclude() choose the rows of which the conditions are true',
      () =>
        always(calls, 200, async (chain) => {
          let qs = Sample.aobjects.order_by('id');
          for (const { method, tree } of chain) qs = qs[method](condition(tree));
          const found = await qs.values_list('id', { flat: true });
          const shown = chain.map(({ method, tree }) => `${method}(${written(tree)})`).join('.');
          expect(found, shown).toEqual(chosen(ROWS, chain));
        }),
      TIMEOUT,
    );
  },
  { schema, drivers: ['pglite', 'postgres-js'] },
);
