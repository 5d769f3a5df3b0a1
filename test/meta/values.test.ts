// What a value may be: what is refused before anything is sent, and how long that takes; what drivers may give.
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import fc from 'fast-check';
import { ArrayAgg, Case, defineModels, F, Value, ValueError, When } from 'drizzle-queryset';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeMoment, encoderOf } from '../../src/meta/codecs.js';
import { describeDatabases } from '../support/databases.js';

const upper = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => sql`upper(${value}::text)`,
});
const yesNo = pg.customType<{ data: 'yes' | 'no'; driverData: boolean }>({
  dataType: () => 'boolean',
  toDriver: (value) => value === 'yes',
  fromDriver: (value) => (value ? 'yes' : 'no'),
});
const things = pg.pgTable('thing', {
  id: pg.serial().primaryKey(),
  doc: pg.jsonb(),
  code: pg.char({ length: 3 }),
  loud: upper(),
  yes: yesNo(),
  mac: pg.macaddr(),
});
const schema = `
  create table thing (id serial primary key, doc jsonb, code char(3), loud text, yes boolean, mac macaddr);
  insert into thing (code, yes, mac) values ('NLD', true, '08:00:2b:01:02:03');`;

describeDatabases(
  'a value',
  (database) => {
    let Thing: any;
    beforeAll(() => {
      Thing = (defineModels as any)(database.db, { Thing: things }).Thing;
    });
    const flat = (expression: unknown) =>
      Thing.aobjects.filter({ id: 1 }).annotate({ x: expression }).values_list('x', { flat: true });

    test('is as long as its type lets it be', async () => {
      const output_field = pg.char({ length: 3 });
      expect(await flat(Value('ABC', { output_field }))).toEqual(['ABC']);
      const shown = Case(When({ code: 'NLD', then: Value('GER') }), { default: F('code'), output_field });
      expect(await flat(shown)).toEqual(['GER']);
    });

    test('that JSON cannot say is refused before anything is sent', async () => {
      const refused: unknown[] = [
        { a: Number.NaN },
        [Number.POSITIVE_INFINITY],
        { a: new Map([[1, 2]]) },
        { a: new Set([1]) },
        { a: F('id') },
        { a: sql`1` },
        { a: Thing.aobjects.filter({ id: 1 }) },
      ];
      for (const doc of refused) {
        await expect(Thing.aobjects.create({ doc })).rejects.toThrow(ValueError);
        await expect(Thing.aobjects.update({ doc })).rejects.toThrow('Expected a JSON value');
      }
      expect(database.statements).toEqual([]);
      class Point {
        constructor(readonly x: number) {}
      }
      const doc = { a: new Point(1), b: new Date(0), c: null, d: { sql: 'select' } };
      const { id } = await Thing.aobjects.create({ doc });
      expect((await Thing.aobjects.get({ id })).doc).toEqual({ ...doc, a: { x: 1 }, b: '1970-01-01T00:00:00.000Z' });
    });

    test('that its column makes SQL of is refused before anything is sent', async () => {
      const error = "The column 'loud' writes a value as SQL, which is no parameter.";
      await expect(Thing.aobjects.create({ loud: 'a' })).rejects.toThrow(error);
      await expect(Thing.aobjects.bulk_create([new Thing({ loud: 'a' })])).rejects.toThrow(error);
      await expect(Thing.aobjects.update({ loud: 'a' })).rejects.toThrow(error);
      expect(() => Thing.aobjects.filter({ loud: 'a' })).toThrow(error);
      expect(database.statements).toEqual([]);
    });

    test('of a custom column is read by it inside an array', async () => {
      expect(await Thing.aobjects.filter({ id: 1 }).aggregate({ all: ArrayAgg('yes') })).toEqual({ all: ['yes'] });
    });

    test('of a hardware address is matched by its text', async () => {
      expect(await Thing.aobjects.filter({ mac__startswith: '08:00' }).count()).toBe(1);
    });
  },
  { schema },
);

describe('a moment', () => {
  test('that a driver gives as a Date is that Date', () => {
    const date = new Date('2024-02-29T12:00:00.123Z');
    expect(decodeMoment(date)).toEqual(date);
  });
  test.each([
    ['2024-02-29 12:00:00.5', '2024-02-29T12:00:00.500Z'],
    ['2024-02-29 12:00:00.5+00', '2024-02-29T12:00:00.500Z'],
    ['2024-02-29 12:00:00.12+05', '2024-02-29T07:00:00.120Z'],
    ['2024-02-29 12:00:00-09:30', '2024-02-29T21:30:00.000Z'],
    ['0001-01-01 00:00:00', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01 19:03:58-04:56:02', '0001-01-02T00:00:00.000Z'],
    ['1849-12-31 23:34:39.9-00:25:21', '1850-01-01T00:00:00.900Z'],
    ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
    ['0001-02-29 BC', '0000-02-29T00:00:00.000Z'],
    ['10000-01-01 00:00:00', '+010000-01-01T00:00:00.000Z'],
    ['2024-02-29T12:00:00.5', '2024-02-29T12:00:00.500Z'],
    ['2024-02-29T12:00:00-05:00', '2024-02-29T17:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31 23:59:59.999999+05:30', '1969-12-31T18:29:59.999Z'],
  ])('is in UTC unless its text says an offset, wherever the process is: %s', (text, iso) => {
    vi.stubEnv('TZ', 'Asia/Kathmandu');
    const moment = decodeMoment(text).toISOString();
    vi.unstubAllEnvs();
    expect(moment).toBe(iso);
  });
  test('is the moment that its text says, at every offset and with every fraction', () => {
    const two = (n: number): string => String(Math.abs(n)).padStart(2, '0');
    const moments = fc.record({
      at: fc.date({ min: new Date('0101-01-01'), max: new Date('9998-12-31'), noInvalidDate: true }),
      // Quarters of hours: offsets are of whole hours, or have minutes.
      quarters: fc.integer({ min: -60, max: 60 }),
      micros: fc.integer({ min: 0, max: 999 }),
    });
    fc.assert(
      fc.property(moments, ({ at, quarters, micros }) => {
        const local = new Date(at.getTime() + quarters * 900_000).toISOString().slice(0, 23).replace('T', ' ');
        // As PostgreSQL writes it: without noughts at the end.
        const text = `${local}${String(micros).padStart(3, '0')}`.replace(/\.?0*$/, '');
        const minutes = Math.abs(quarters % 4) * 15;
        const offset = `${quarters < 0 ? '-' : '+'}${two(Math.trunc(quarters / 4))}${minutes ? `:${two(minutes)}` : ''}`;
        expect(decodeMoment(text + offset)).toEqual(at);
        if (quarters === 0) expect(decodeMoment(text)).toEqual(at);
      }),
    );
  });
});

describe('a text that is no value of its type', () => {
  const blank = ' '.repeat(100_000);
  const digits = '1'.repeat(100_000);
  test.each([
    ['timestamp', `2020-01-01 10:00${blank}x`],
    ['timestamptz', `2020-01-01 10:00${blank}Z${blank}x`],
    ['date', `2020-01-01${blank}x`],
    ['time', `10:00${blank}x`],
    ['numeric', `${digits}x`],
    ['float', `${digits}.${digits}x`],
    ['integer', `${digits}x`],
  ] as const)('is refused in a time that grows with its length alone: %s', (family, text) => {
    const start = performance.now();
    expect(() => encoderOf(family)(text)).toThrow(ValueError);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
