// Kinds of values that meet in one expression, and what comes out of it.
import { date, pgTable, serial, timestamp } from 'drizzle-orm/pg-core';
import { Coalesce, defineModels, TruncDay, TruncHour } from 'drizzle-queryset';
import { beforeEach, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const kinds = pgTable('kind', {
  id: serial().primaryKey(),
  day: date({ mode: 'date' }),
  local: timestamp(),
  at: timestamp({ withTimezone: true }),
});
const schema = `create table kind (id serial primary key, day date, local timestamp, at timestamptz)`;

describeDatabases(
  'kinds',
  (database) => {
    const define = () => defineModels(database.db as never, { Kind: kinds }).Kind;
    let Kind: ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate kind restart identity;
insert into kind (day, local, at) values
  ('2024-02-29', '2024-02-29 12:34:56', '2024-02-29T12:34:56Z'), ('0001-01-01', '0001-01-01', null)`);
      Kind = define();
    });

    test('local time is cut in its zone where a moment is to come out, and the other way round', async () => {
      const moment = timestamp({ withTimezone: true });
      const rows = Kind.aobjects.filter({ id: 1 }).annotate({
        a: TruncDay('local', { output_field: moment }),
        b: TruncDay('local', { output_field: moment, tzinfo: 'Europe/Paris' }),
        c: TruncHour('at', { output_field: timestamp({ mode: 'string' }), tzinfo: 'Asia/Kathmandu' }),
      });
      expect(await rows.values_list('a', 'b', 'c')).toEqual([
        [new Date('2024-02-29T00:00:00Z'), new Date('2024-02-28T23:00:00Z'), '2024-02-29 18:00:00'],
      ]);
    });

    test('local time or a moment, of any year', async () => {
      expect(
        await Kind.aobjects
          .order_by('id')
          .annotate({ x: Coalesce('local', 'at') })
          .values_list('x', { flat: true }),
      ).toEqual([new Date('2024-02-29T12:34:56Z'), new Date('0001-01-01T00:00:00Z')]);
    });
  },
  { schema },
);
