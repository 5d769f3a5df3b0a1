// Kinds of values that meet in one expression, and what comes out of it.
import { sql } from 'drizzle-orm';
import {
  bigint,
  char,
  customType,
  date,
  jsonb,
  numeric,
  pgTable,
  serial,
  smallint,
  time,
  timestamp,
} from 'drizzle-orm/pg-core';
import {
  atomic,
  Coalesce,
  Count,
  defineModels,
  F,
  JSONBAgg,
  Lag,
  Max,
  Min,
  Mod,
  Sum,
  TruncDay,
  TruncHour,
  Value,
  Window,
} from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const bytea = customType<{ data: Buffer }>({ dataType: () => 'bytea' });
const kinds = pgTable('kind', {
  id: serial().primaryKey(),
  day: date({ mode: 'date' }),
  local: timestamp(),
  at: timestamp({ withTimezone: true }),
  clock: time(),
  price: numeric({ precision: 10, scale: 2 }),
  short: smallint(),
  big: bigint({ mode: 'bigint' }),
  code: char({ length: 5 }),
  doc: jsonb(),
  raw: bytea(),
});
const schema = `create table kind (id serial primary key, day date, local timestamp, at timestamptz, clock time, price numeric(10, 2),
  short smallint, big bigint, code char(5), doc jsonb, raw bytea)`;

describeDatabases(
  'kinds',
  (database) => {
    const define = () => defineModels(database.db as never, { Kind: kinds }).Kind;
    let Kind: ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate kind restart identity;
insert into kind (day, local, at, clock, price) values
  ('2024-02-29', '2024-02-29 12:34:56', '2024-02-29T12:34:56Z', '01:00', 10.10), ('0001-01-01', '0001-01-01', null, null, null)`);
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

    test('a Date beside a date or local time is one too, whatever the zone of the session is', async () => {
      await atomic(database.db as never, async (tx) => {
        await (tx as typeof database.db).execute(sql`set local time zone 'America/New_York'`);
        const first = Kind.aobjects.filter({ id: 1 });
        const rows = first.annotate({
          a: Coalesce('local', Value(new Date())),
          b: F('local').sub(new Date('2024-02-29T12:00:00Z')),
          c: F('day').sub(new Date('2024-02-28T18:00:00Z')),
          d: Value(new Date('2024-03-01T00:00:00Z')).sub(F('local')),
          e: F('at').sub(new Date('2024-02-29T12:00:00Z')),
        });
        expect(await rows.values_list('a', 'b', 'c', 'd', 'e')).toEqual([
          [new Date('2024-02-29T12:34:56Z'), '00:34:56', '1 day', '11:25:04', '00:34:56'],
        ]);
        const none = Kind.aobjects.filter({ id: 0 });
        const midnight = new Date('2024-02-29T00:00:00Z');
        expect(
          await none.aggregate({ day: Max('day', { default: midnight }), local: Max('local', { default: midnight }) }),
        ).toEqual({ day: midnight, local: midnight });
      });
    });

    test('a text in arithmetic is of the type beside it, on either side', async () => {
      const [row] = await Kind.aobjects.filter({ id: 1 }).annotate({
        a: Value('2024-01-01').sub(F('day')),
        b: F('clock').sub(Value('12:00')),
        c: F('at').sub(Value('2024-02-29')),
        d: Value(1).add(F('day')),
      });
      expectTypeOf(row!.a).toEqualTypeOf<string | null>();
      expectTypeOf(row!.b).toEqualTypeOf<string | null>();
      expectTypeOf(row!.c).toEqualTypeOf<string | null>();
      expectTypeOf(row!.d).toEqualTypeOf<Date | null>();
      expect([row!.a, row!.b, row!.c, row!.d]).toEqual([
        '-59 days',
        '-11:00:00',
        '12:34:56',
        new Date('2024-03-01T00:00:00Z'),
      ]);
    });

    test('what is left of a decimal is exact, whatever divides it', async () => {
      const [row] = await Kind.aobjects
        .filter({ id: 1 })
        .annotate({ a: F('price').mod(0.25), b: Mod('price', Value(0.25)) });
      expectTypeOf(row!.a).toEqualTypeOf<string | null>();
      expect([row!.a, row!.b]).toEqual(['0.10', '0.10']);
    });

    test('a default is of the kind of its aggregate: a number beside numbers, a bigint beside bigints, JSON beside JSON', async () => {
      const none = await Kind.aobjects.filter({ id: 0 }).aggregate({
        a: Min('short', { default: 1.5 }),
        b: Sum('short', { default: -1.5 }),
        c: Max('big', { default: 1.5 }),
        d: JSONBAgg('short', { default: 0 }),
        e: JSONBAgg('short', { default: true }),
        f: JSONBAgg('short', { default: [1, 2] }),
        g: JSONBAgg('short', { default: { none: null } }),
      });
      expect(none).toEqual({ a: 1.5, b: -1.5, c: 1n, d: 0, e: true, f: [1, 2], g: { none: null } });
    });

    test('the blanks that fill a char(n) are none of its end', async () => {
      await Kind.aobjects.filter({ id: 1 }).update({ code: 'ab' });
      expect(await Kind.aobjects.filter({ code__endswith: 'b' }).count()).toBe(1);
      expect(await Kind.aobjects.filter({ code__iendswith: 'AB', code__regex: '^ab$', code: 'ab' }).count()).toBe(1);
      expect(await Kind.aobjects.filter({ code__endswith: ' ' }).count()).toBe(0);
    });

    test('null is no key of a document', () => {
      expect(() => Kind.aobjects.filter({ doc__has_keys: ['a', null as never] })).toThrow(
        'A JSON key is text, got null.',
      );
      expect(() => Kind.aobjects.filter({ doc__has_any_keys: [null as never] })).toThrow(
        'A JSON key is text, got null.',
      );
    });

    test('what is no bytes is refused before a driver waits for it', async () => {
      const error = 'Expected bytes (a Buffer or Uint8Array), got 7.';
      expect(() => Kind.aobjects.filter({ raw: 7 as never })).toThrow(error);
      await expect(Kind.aobjects.create({ raw: 7 as never })).rejects.toThrow(error);
      const made = await Kind.aobjects.create({ raw: Buffer.from('abc') });
      expect(await Kind.aobjects.get({ raw: Buffer.from('abc') })).toMatchObject({ id: made.id });
    });

    test('a document of the row before', async () => {
      await Kind.aobjects.filter({ id: 1 }).update({ doc: { a: 1 } });
      const before = Window(Lag('doc', 1, Value(0)), { order_by: 'id' });
      expect(await Kind.aobjects.annotate({ x: before }).order_by('id').values_list('x', { flat: true })).toEqual([
        0,
        { a: 1 },
      ]);
    });

    test('a text beside a document in arithmetic stays a text: a key that is taken out of it', async () => {
      await Kind.aobjects.filter({ id: 1 }).update({ doc: { a: 1, b: [2] } });
      const rows = Kind.aobjects.filter({ id: 1 }).annotate({ x: F('doc').sub(Value('a')) });
      expect(await rows.values_list('x', { flat: true })).toEqual([{ b: [2] }]);
    });

    test('the hour that a clock repeats is cut to its own beginning', async () => {
      const moments = ['2021-10-31T00:45:00Z', '2021-10-31T01:15:00Z'].map((at) => new Kind({ at: new Date(at) }));
      await Kind.aobjects.bulk_create(moments);
      const cut = TruncHour('at', { tzinfo: 'Europe/Paris' });
      const rows = Kind.aobjects.filter({ at__year: 2021 }).annotate({ x: cut }).order_by('at');
      expect(await rows.values_list('x', { flat: true })).toEqual([
        new Date('2021-10-31T00:00:00Z'),
        new Date('2021-10-31T01:00:00Z'),
      ]);
      expect(
        await rows
          .order_by()
          .values('x')
          .annotate({ n: Count('id') })
          .count(),
      ).toBe(2);
    });

    test('a bigint that no bigint of PostgreSQL holds comes back as one', async () => {
      const huge = 2n ** 70n;
      const [row] = await Kind.aobjects.filter({ id: 1 }).annotate({ a: Value(huge), b: Coalesce('big', Value(huge)) });
      expectTypeOf(row!.a).toEqualTypeOf<bigint>();
      expect([row!.a, row!.b]).toEqual([huge, huge]);
      await Kind.aobjects.filter({ id: 1 }).update({ big: 7n, price: 1 as never });
      const [sums] = await Kind.aobjects.filter({ id: 1 }).annotate({ a: F('big').add(huge), b: F('price').add(huge) });
      expect([sums!.a, sums!.b]).toEqual([huge + 7n, `${huge + 1n}.00`]);
    });

    test('dates of any year come back as they were written, in any zone of the session', async () => {
      const moments = [
        '-004712-01-01T00:00:00.000Z',
        '-000043-03-15T12:00:00.500Z',
        '0001-01-02T00:00:00Z',
        '1850-07-01T00:00:00Z',
        '+012024-02-29T12:00:00Z',
      ];
      for (const zone of ['UTC', 'America/New_York', 'Europe/Dublin'])
        await atomic(database.db as never, async (tx) => {
          await (tx as typeof database.db).execute(sql.raw(`set local time zone '${zone}'`));
          for (const text of moments) {
            const at = new Date(text);
            const day = new Date(`${text.slice(0, text.indexOf('T'))}T00:00:00Z`);
            const { pk } = await Kind.aobjects.create({ at, local: at, day });
            expect(await Kind.aobjects.values_list('at', 'local', 'day').get({ pk })).toEqual([at, at, day]);
          }
        });
    });
  },
  { schema },
);
