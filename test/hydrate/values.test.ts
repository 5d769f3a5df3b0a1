// Values of every column type, in both of Drizzle's modes, on every route that a row can take. Nothing is lost on the way.
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  serial,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { ArrayAgg, Count, defineModels, F, JSONBAgg, Max, Min, Sum, Value } from 'drizzle-queryset';
import { beforeEach, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const bytea = customType<{ data: Buffer }>({
  dataType: () => 'bytea',
  fromDriver: (raw) => Buffer.from(raw as Uint8Array),
});
const int4range = customType<{ data: string }>({ dataType: () => 'int4range' });
const colour = pgEnum('colour', ['red', 'it\'s "blue", {x}']);

const holders = pgTable('holder', { id: serial().primaryKey(), name: text() });
const values = pgTable('value', {
  id: serial().primaryKey(),
  holderId: integer('holder_id').references(() => holders.id),
  short: smallint(),
  wide: bigint({ mode: 'bigint' }),
  wideNumber: bigint('wide_number', { mode: 'number' }),
  exact: numeric({ precision: 40, scale: 20 }),
  exactNumber: numeric('exact_number', { precision: 10, scale: 2, mode: 'number' }),
  exactBig: numeric('exact_big', { precision: 40, mode: 'bigint' }),
  float: doublePrecision(),
  flag: boolean(),
  letters: varchar({ length: 40 }),
  day: date(),
  dayDate: date('day_date', { mode: 'date' }),
  at: timestamp({ withTimezone: true }),
  atText: timestamp('at_text', { withTimezone: true, mode: 'string' }),
  local: timestamp({ mode: 'string' }),
  localDate: timestamp('local_date'),
  clock: time(),
  span: interval(),
  uid: uuid(),
  doc: jsonb(),
  words: text().array(),
  counts: bigint({ mode: 'bigint' }).array(),
  exacts: numeric({ precision: 40, scale: 20 }).array(),
  grid: integer().array().array(),
  stamps: timestamp({ withTimezone: true }).array(),
  hue: colour(),
  raw: bytea(),
  range: int4range(),
});

const schema = `
  create type colour as enum ('red', 'it''s "blue", {x}');
  create table holder (id serial primary key, name text);
  create table value (id serial primary key, holder_id integer references holder (id), short smallint, wide bigint, wide_number bigint,
    exact numeric(40, 20), exact_number numeric(10, 2), exact_big numeric(40), float double precision, flag boolean, letters varchar(40), day date, day_date date,
    at timestamptz, at_text timestamptz, local timestamp, local_date timestamp, clock time, span interval, uid uuid, doc jsonb, words text[],
    counts bigint[], exacts numeric(40, 20)[], grid integer[][], stamps timestamptz[], hue colour, raw bytea, range int4range);
`;

/** What is written is what must come back, in the form that the column's mode has. */
const written = {
  short: -32768,
  wide: 9223372036854775807n,
  wideNumber: 9007199254740991,
  exact: '12345678901234567890.12345678901234567891',
  exactNumber: 12345678.25,
  exactBig: 1234567890123456789012345678901234567890n,
  float: 0.1 + 0.2,
  flag: false,
  letters: `it's "q" \\ % {} , \u00e9 \u{1f600} NULL`,
  day: '0099-12-31',
  dayDate: new Date('2024-02-29T00:00:00Z'),
  at: new Date('2024-03-31T00:59:59.123Z'),
  atText: '2024-03-31 00:59:59.123456+00',
  local: '2024-03-31 02:30:00.123456',
  localDate: new Date('2024-03-31T02:30:00.5Z'),
  clock: '23:59:59.999999',
  span: '1 year 2 mons 3 days 04:05:06.7',
  uid: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  doc: { a: [1, null, 'x', { 'b"\\': true }], n: 1.5, e: '', u: '\u{1f600}' },
  words: ['a', '', 'NULL', 'q"u\\o,t{e}', ' sp ', '\u00e9'],
  counts: [9223372036854775807n, -9223372036854775808n, 0n],
  exacts: ['12345678901234567890.12345678901234567891', '-0.00000000000000000001'],
  grid: [
    [1, 2],
    [3, -4],
  ],
  stamps: [new Date('2024-01-01T00:00:00Z'), new Date('1970-01-01T00:00:00.001Z')],
  hue: 'it\'s "blue", {x}' as const,
  raw: Buffer.from([0, 1, 255, 92, 34]),
  range: '[1,5)',
};
const columns = Object.keys(written) as (keyof typeof written)[];
const empty = Object.fromEntries(columns.map((name) => [name, null]));
/** A null in an array is a null, and an array of none is none. */
const odd = { words: ['x', null as never, 'null'], counts: [], grid: [], doc: [], exacts: [], stamps: [] };

describeDatabases(
  'values',
  (database) => {
    const models = () => defineModels(database.db, { Holder: holders, Value: values });
    let { Holder, Value: Stored } = {} as ReturnType<typeof models>;
    beforeEach(async () => {
      await database.run('truncate holder, value restart identity cascade');
      ({ Holder, Value: Stored } = models());
      const holder = await Holder.aobjects.create({ name: 'h' });
      await Stored.aobjects.create({ ...written, holder });
      await Stored.aobjects.create({ holder });
    });
    const plain = (row: object): Record<string, unknown> =>
      Object.fromEntries(columns.map((name) => [name, (row as Record<string, unknown>)[name]]));

    describe('come back as they were written', () => {
      test('by create(), from a fresh read', async () => {
        expect(plain(await Stored.aobjects.get({ id: 1 }))).toEqual(written);
        expect(plain(await Stored.aobjects.get({ id: 2 }))).toEqual(empty);
      });
      test('by asave() as an update', async () => {
        const row = await Stored.aobjects.get({ id: 2 });
        Object.assign(row, written);
        await row.asave();
        expect(plain(await Stored.aobjects.get({ id: 2 }))).toEqual(written);
        Object.assign(row, empty);
        await row.asave();
        expect(plain(await Stored.aobjects.get({ id: 2 }))).toEqual(empty);
      });
      test('by bulk_create(), NULLs among them', async () => {
        const made = await Stored.aobjects.bulk_create([
          new Stored(written),
          new Stored({ ...empty } as object),
          new Stored({ ...empty, ...odd } as object),
          new Stored(written),
        ]);
        expect(plain(await Stored.aobjects.get({ pk: made[0]!.id }))).toEqual(written);
        expect(plain(await Stored.aobjects.get({ pk: made[1]!.id }))).toEqual(empty);
        expect(plain(await Stored.aobjects.get({ pk: made[2]!.id }))).toEqual({ ...empty, ...odd });
        expect(plain(await Stored.aobjects.get({ pk: made[3]!.id }))).toEqual(written);
      });
      test('by bulk_update() and update()', async () => {
        const rows = await Stored.aobjects.order_by('id');
        Object.assign(rows[1]!, written);
        Object.assign(rows[0]!, empty);
        expect(await Stored.aobjects.bulk_update(rows, columns as never)).toBe(2);
        const after = await Stored.aobjects.order_by('id');
        expect([plain(after[0]!), plain(after[1]!)]).toEqual([empty, written]);
        expect(await Stored.aobjects.filter({ id: 1 }).update(written as never)).toBe(1);
        expect(plain(await Stored.aobjects.get({ id: 1 }))).toEqual(written);
      });
      test('by get_or_create() and update_or_create()', async () => {
        const [made] = await Stored.aobjects.get_or_create({ short: 7, defaults: { ...written, short: 7 } as never });
        expect(plain(made)).toEqual({ ...written, short: 7 });
        const [changed] = await Stored.aobjects.update_or_create({ id: 2, defaults: written } as never);
        await changed.arefresh_from_db();
        expect(plain(changed)).toEqual(written);
      });
      test('what Drizzle itself writes and reads is the same', async () => {
        await database.db.insert(values).values(written as never);
        expect(plain(await Stored.aobjects.get({ id: 3 }))).toEqual(written);
        const [row] = await database.db.select().from(values).limit(1);
        // Drizzle gives the interval and bytes as its driver does.
        for (const name of columns)
          if (name !== 'span' && name !== 'raw')
            expect((row as Record<string, unknown>)[name], name).toEqual(written[name]);
      });
    });

    describe('are the same on every route', () => {
      test('joined by select_related', async () => {
        const links = pgTable('link', {
          id: serial().primaryKey(),
          valueId: integer('value_id').references(() => values.id),
        });
        await database.run(
          'create table if not exists link (id serial primary key, value_id integer references value (id)); truncate link restart identity; insert into link (value_id) values (1), (2), (null)',
        );
        const { Link } = defineModels(database.db, { Holder: holders, Value: values, Link: links });
        const rows = await Link.aobjects.select_related('value').order_by('id');
        expect(plain(rows[0]!.value!)).toEqual(written);
        expect(plain(rows[1]!.value!)).toEqual(empty);
        expect(rows[2]!.value).toBeNull();
        const [through] = await Link.aobjects
          .filter({ id: 1 })
          .values(...(columns.map((name) => `value__${name}`) as never[]));
        expect(through).toEqual(Object.fromEntries(columns.map((name) => [`value__${name}`, written[name]])));
      });
      test('prefetched', async () => {
        const [holder] = await Holder.aobjects.prefetch_related('value_set');
        const rows = [...holder!.value_set].sort((a, b) => a.id - b.id);
        expect([plain(rows[0]!), plain(rows[1]!)]).toEqual([written, empty]);
      });
      test('values(), values_list(), flat', async () => {
        expect(await Stored.aobjects.order_by('id').values(...(columns as never[]))).toEqual([written, empty]);
        expect(await Stored.aobjects.filter({ id: 1 }).values_list(...(columns as never[]))).toEqual([
          columns.map((name) => written[name]),
        ]);
        for (const name of columns)
          expect(
            await Stored.aobjects.order_by('id').values_list(name as never, { flat: true } as never),
            name,
          ).toEqual([written[name], null]);
      });
      test('annotated, one by one through a cursor, through union', async () => {
        for (const name of ['wide', 'exact', 'at', 'atText', 'words', 'doc', 'day'] as const) {
          const [row] = await Stored.aobjects.annotate({ again: F(name) } as never).filter({ id: 1 } as never);
          expect((row as unknown as { again: unknown }).again, name).toEqual(written[name]);
        }
        const streamed: object[] = [];
        for await (const row of Stored.aobjects.order_by('id').iterator({ chunk_size: 1 })) streamed.push(row);
        expect(streamed.map(plain)).toEqual([written, empty]);
        const united = await Stored.aobjects
          .filter({ id: 1 })
          .union(Stored.aobjects.filter({ id: 2 }), { all: true })
          .order_by('id');
        expect(united.map(plain)).toEqual([written, empty]);
      });
      test('aggregated', async () => {
        for (const name of [
          'short',
          'wide',
          'exact',
          'day',
          'dayDate',
          'at',
          'atText',
          'local',
          'localDate',
          'clock',
          'letters',
          'exactBig',
          'exactNumber',
          'wideNumber',
          'float',
        ] as const) {
          expect(await Stored.aobjects.aggregate({ max: Max(name), min: Min(name) } as never), name).toEqual({
            max: written[name],
            min: written[name],
          });
        }
        await Stored.aobjects.create({ exact: '0.00000000000000000001', wideNumber: 9007199254740991 });
        expect(await Stored.aobjects.aggregate({ sum: Sum('exact') } as never)).toEqual({
          sum: '12345678901234567890.12345678901234567892',
        });
        expect(
          await Stored.aobjects.aggregate({ all: ArrayAgg('wide', { ordering: ['id'] }), n: Count('wide') } as never),
        ).toEqual({ all: [written.wide, null, null], n: 1 });
        expect(
          await Stored.aobjects
            .filter({ id: 1 })
            .aggregate({ all: ArrayAgg('wide'), docs: JSONBAgg('doc'), exacts: ArrayAgg('exact') } as never),
        ).toEqual({ all: [written.wide], docs: [written.doc], exacts: [written.exact] });
      });
      test('as conditions: each finds its own row', async () => {
        for (const name of columns) {
          if (name === 'doc') continue;
          expect(
            await Stored.aobjects.filter({ [name]: written[name] } as never).values_list('id', { flat: true }),
            name,
          ).toEqual([1]);
          if (!['words', 'counts', 'exacts', 'grid', 'stamps'].includes(name))
            expect(
              await Stored.aobjects
                .filter({ [`${name}__in`]: [written[name], null] } as never)
                .values_list('id', { flat: true }),
              name,
            ).toEqual([1]);
        }
        expect(await Stored.aobjects.filter({ doc__exact: written.doc } as never).count()).toBe(1);
      });
      test('one beside another in the database: nothing is compared as text', async () => {
        expect(
          await Stored.aobjects
            .filter({ id: 1 })
            .annotate({ v: Value(9223372036854775807n) } as never)
            .values_list('v' as never, { flat: true } as never),
        ).toEqual([9223372036854775807n]);
        expect(await Stored.aobjects.filter({ wide__gt: F('wideNumber'), exact__gt: '1' }).count()).toBe(1);
      });
      test('a list of nothing, or of NULLs alone', async () => {
        const [row] = await Stored.aobjects
          .filter({ id: 1 })
          .annotate({ none: Value([]), nulls: Value([null]) } as never);
        expect(row).toMatchObject({ none: [], nulls: [null] });
        expect(() => Value([undefined] as never)).toThrow(/undefined is no value/);
        // Beside an expression each value is written for itself.
        const stored = await Stored.aobjects.get({ id: 1 });
        stored.words = [];
        stored.counts = [null as never];
        stored.letters = F('letters') as never;
        await Stored.aobjects.bulk_update([stored], ['words', 'counts', 'letters']);
        expect(await Stored.aobjects.filter({ id: 1 }).values_list('words', 'counts', 'letters')).toEqual([
          [[], [null], written.letters],
        ]);
      });
    });
  },
  { schema },
);
