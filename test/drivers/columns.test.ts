// Every kind of column, in and out on every way that a value takes, on either line of Drizzle: 0.45 decodes by the
// column, 1.0 by the database's dialect, and what the user gets is the same.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as orm from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { Cast, defineModels, F, IntegrityError, Max, Value } from 'drizzle-queryset';
import { beforeAll, describe, expect, test } from 'vitest';
import { type AnyDatabase, describeDatabases } from '../support/databases.js';

const { pgTable, serial } = pg;
const mood = pg.pgEnum('mood', ['sad', 'so, so', 'happy']);
const shout = pg.customType<{ data: string; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => value.toLowerCase(),
  fromDriver: (value) => value.toUpperCase(),
});
const yesNo = pg.customType<{ data: 'yes' | 'no'; driverData: boolean }>({
  dataType: () => 'boolean',
  toDriver: (value) => value === 'yes',
  fromDriver: (value) => (value ? 'yes' : 'no'),
});
const hex = pg.customType<{ data: string; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  toDriver: (value) => Buffer.from(value, 'hex'),
  fromDriver: (value) => Buffer.from(value).toString('hex'),
});
/** A document as the text that its column makes of it, and one that is left to the driver. */
const price = pg.customType<{ data: { cents: number }; driverData: unknown }>({
  dataType: () => 'jsonb',
  toDriver: (value) => JSON.stringify({ c: value.cents }),
  fromDriver: (value) => ({ cents: (value as { c: number }).c }),
});
const plainPrice = pg.customType<{ data: { cents: number } }>({ dataType: () => 'jsonb' });
/** An array by its own word. */
const numbers = pg.customType<{ data: number[]; driverData: number[] }>({ dataType: () => 'integer[]' });
const distances = pg.customType<{ data: Set<number>; driverData: number[] }>({
  dataType: () => 'double precision[]',
  toDriver: (value) => [...value],
  fromDriver: (value) => new Set(value),
});
/** 0.45 makes an array of an array, 1.0 one array of several dimensions. */
const grid = (column: any) => ('bytea' in pg ? column.array('[][]') : column.array().array());

/** Column, SQL type, two values: what is written is what is read. */
const kinds: Record<string, readonly [column: any, type: string, value: unknown, other: unknown]> = {
  small: [pg.smallint(), 'smallint', -32768, 7],
  whole: [pg.integer(), 'integer', 2147483647, 0],
  bigNumber: [pg.bigint({ mode: 'number' }), 'bigint', 2 ** 53 - 1, -1],
  big: [pg.bigint({ mode: 'bigint' }), 'bigint', 9223372036854775807n, -9223372036854775808n],
  amount: [pg.numeric({ precision: 20, scale: 6 }), 'numeric(20, 6)', '99999999999999.999999', '-0.000001'],
  amountNumber: [pg.numeric({ precision: 8, scale: 2, mode: 'number' }), 'numeric(8, 2)', 1234.56, -0.01],
  amountBig: [pg.numeric({ precision: 30, scale: 0, mode: 'bigint' }), 'numeric(30, 0)', 10n ** 29n, -1n],
  single: [pg.real(), 'real', 0.5, -2],
  double: [pg.doublePrecision(), 'double precision', 0.1, 1e300],
  flag: [pg.boolean(), 'boolean', true, false],
  words: [pg.text(), 'text', 'a "b" \\ {c}, NULL', ''],
  short: [pg.varchar({ length: 10 }), 'varchar(10)', '日本語 😀', "it's"],
  code: [pg.char({ length: 3 }), 'char(3)', 'NLD', 'BEL'],
  bits: [pg.bit({ dimensions: 5 }), 'bit(5)', '10101', '00000'],
  day: [pg.date({ mode: 'string' }), 'date', '2024-02-29', '0001-01-01'],
  dayDate: [pg.date({ mode: 'date' }), 'date', new Date('2024-02-29T00:00:00Z'), new Date('1970-01-01T00:00:00Z')],
  clock: [pg.time(), 'time', '23:59:59.999999', '00:00:00'],
  local: [pg.timestamp({ mode: 'string' }), 'timestamp', '2024-02-29 12:00:00.123456', '2024-01-01 00:00:00'],
  localDate: [pg.timestamp(), 'timestamp', new Date('2024-02-29T12:00:00.123Z'), new Date('1969-12-31T23:59:59Z')],
  moment: [
    pg.timestamp({ mode: 'string', withTimezone: true }),
    'timestamptz',
    '2024-02-29 12:00:00.123456+00',
    '2024-01-01 00:00:00+00',
  ],
  momentDate: [
    pg.timestamp({ withTimezone: true }),
    'timestamptz',
    new Date('2024-02-29T12:00:00.123Z'),
    new Date('2024-03-31T01:00:00Z'),
  ],
  farLocal: [pg.timestamp(), 'timestamp', new Date('0044-03-15T12:00:00.5Z'), new Date('+012345-06-07T08:09:10Z')],
  far: [
    pg.timestamp({ withTimezone: true }),
    'timestamptz',
    new Date('0044-03-15T12:00:00.5Z'),
    new Date('+012345-06-07T08:09:10Z'),
  ],
  span: [pg.interval(), 'interval', '1 day 02:00:00', '-00:30:00'],
  uid: [pg.uuid(), 'uuid', 'aaaaaaaa-0000-4000-8000-00000000000a', 'bbbbbbbb-0000-4000-8000-00000000000b'],
  doc: [pg.jsonb(), 'jsonb', { a: [1, 'x', null, { b: true }], s: '"q" \\' }, 'a "text"'],
  docList: [pg.jsonb(), 'jsonb', [1, [2], 'three'], []],
  docNumber: [pg.jsonb(), 'jsonb', 12.5, true],
  oldDoc: [pg.json(), 'json', { z: 1, a: 2 }, ['x']],
  feeling: [mood(), 'mood', 'so, so', 'happy'],
  custom: [shout(), 'text', 'LOUD', 'LOUDER'],
  place: [pg.point(), 'point', [1.5, -2], [0, 0]],
  placeXy: [pg.point({ mode: 'xy' }), 'point', { x: 1.5, y: -2 }, { x: 0, y: 0 }],
  road: [pg.line(), 'line', [1, 2, 3], [0, 1, -1]],
  host: [pg.inet(), 'inet', '10.0.0.1', '::1'],
  wholes: [pg.integer().array(), 'integer[]', [1, null, -3], []],
  bigs: [pg.bigint({ mode: 'bigint' }).array(), 'bigint[]', [9223372036854775807n], [1n, null]],
  amounts: [pg.numeric({ precision: 20, scale: 6 }).array(), 'numeric(20, 6)[]', ['1.500000', null], ['0.000001']],
  doubles: [pg.doublePrecision().array(), 'double precision[]', [0.1, 2], [null]],
  flags: [pg.boolean().array(), 'boolean[]', [true, false, null], []],
  tags: [pg.varchar({ length: 20 }).array(), 'varchar(20)[]', ['a,b', '"q"', '\\', 'NULL', null, ''], ['{}']],
  moods: [mood().array(), 'mood[]', ['so, so', 'sad'], []],
  days: [pg.date({ mode: 'string' }).array(), 'date[]', ['2024-02-29', null], []],
  moments: [
    pg.timestamp({ withTimezone: true }).array(),
    'timestamptz[]',
    [new Date('2024-02-29T12:00:00.123Z'), null],
    [],
  ],
  docs: [pg.jsonb().array(), 'jsonb[]', [{ a: 'x' }, [1, 2], 'text', null], []],
  codes: [pg.char({ length: 3 }).array(), 'char(3)[]', ['NLD', null, 'BEL'], []],
  bitLists: [pg.bit({ dimensions: 3 }).array(), 'bit(3)[]', ['101', null, '000'], []],
  yes: [yesNo(), 'boolean', 'yes', 'no'],
  yeses: [yesNo().array(), 'boolean[]', ['yes', null, 'no'], []],
  hexes: [hex().array(), 'bytea[]', ['00ff', null, ''], []],
  price: [price(), 'jsonb', { cents: 5 }, { cents: 0 }],
  plainPrice: [plainPrice(), 'jsonb', { cents: 5 }, { cents: 0 }],
  prices: [price().array(), 'jsonb[]', [{ cents: 5 }, null, { cents: 0 }], []],
  numbers: [numbers(), 'integer[]', [1, -2], []],
  distances: [distances(), 'double precision[]', new Set([0.5, 2]), new Set()],
  places: [
    pg.point().array(),
    'point[]',
    [
      [1.5, -2],
      [0, 0],
    ],
    [],
  ],
  placesXy: [pg.point({ mode: 'xy' }).array(), 'point[]', [{ x: 1.5, y: -2 }, null], []],
  roads: [pg.line().array(), 'line[]', [[1, 2, 3], null], []],
  customs: [shout().array(), 'text[]', ['A', null, 'B,C'], []],
  grid: [
    grid(pg.integer()),
    'integer[][]',
    [
      [1, 2],
      [3, null],
    ],
    [],
  ],
  docGrid: [grid(pg.jsonb()), 'jsonb[][]', [[{ a: [1] }], [[1, 2]]], []],
  placeGrid: [grid(pg.point()), 'point[][]', [[[1.5, -2]], [[0, 0]]], []],
};
if ('bytea' in pg) {
  kinds['bytes'] = [(pg.bytea as () => unknown)(), 'bytea', Buffer.from([0, 255, 92]), Buffer.alloc(0)];
  kinds['bigText'] = [pg.bigint({ mode: 'string' as never }), 'bigint', '9223372036854775807', '-1'];
}

const names = Object.keys(kinds);
const columns = Object.fromEntries(names.map((name) => [name, kinds[name]![0]]));
const things = pgTable('thing', { id: serial().primaryKey(), ...columns });
const notes = pgTable('note', {
  id: serial().primaryKey(),
  label: pg.text().notNull().unique(),
  thingId: pg.integer('thing_id').references(() => things.id),
});
const schema = `
  create type mood as enum ('sad', 'so, so', 'happy');
  create table thing (id serial primary key, ${names.map((name) => `"${name}" ${kinds[name]![1]}`).join(', ')});
  create table note (id serial primary key, label text not null unique, thing_id integer references thing);`;

const row = (at: 2 | 3): Record<string, unknown> => Object.fromEntries(names.map((name) => [name, kinds[name]![at]]));
const empty = Object.fromEntries(names.map((name) => [name, null]));
const own = (instance: any) => Object.fromEntries(names.map((name) => [name, instance[name]]));

const define = (db: AnyDatabase): Record<string, any> => defineModels(db, { Thing: things, Note: notes });

describeDatabases(
  'values of columns',
  (database) => {
    let Thing: any;
    let Note: any;
    beforeAll(async () => {
      ({ Thing, Note } = define(database.db));
      const one = await Thing.aobjects.create(row(2));
      await Thing.aobjects.bulk_create([new Thing(row(3)), new Thing(empty)]);
      await Note.aobjects.create({ label: 'first', thing: one });
    });

    test('come back from an instance, from what RETURNING gives, and from NULL', async () => {
      const [one, other, none] = await Thing.aobjects.order_by('id');
      expect([own(one), own(other), own(none)]).toEqual([row(2), row(3), empty]);
    });

    test('come back from a lookup by key', async () => {
      expect(own(await Thing.aobjects.get({ id: 1 }))).toEqual(row(2));
    });

    test('come back from values(), values_list() and one by one', async () => {
      const rows = Thing.aobjects.filter({ id__lte: 2 }).order_by('id');
      expect(await rows.values(...names)).toEqual([row(2), row(3)]);
      expect(await rows.values_list(...names)).toEqual([Object.values(row(2)), Object.values(row(3))]);
      for (const name of names)
        expect(await rows.values_list(name, { flat: true }), name).toEqual([kinds[name]![2], kinds[name]![3]]);
    });

    test('come back from a join and from a prefetch', async () => {
      const joined = await Note.aobjects.select_related('thing').get({ label: 'first' });
      expect(own(joined.thing)).toEqual(row(2));
      const fetched = await Note.aobjects.prefetch_related('thing').get({ label: 'first' });
      expect(own(fetched.thing)).toEqual(row(2));
      const [through] = await Note.aobjects.values(...names.map((name) => `thing__${name}`));
      expect(Object.values(through)).toEqual(Object.values(row(2)));
    });

    test('come back from a cursor', async () => {
      const seen: unknown[] = [];
      for await (const thing of Thing.aobjects.order_by('id').iterator({ chunk_size: 2 })) seen.push(own(thing));
      expect(seen).toEqual([row(2), row(3), empty]);
    });

    test('are written by update(), asave() and bulk_update()', async () => {
      const target = await Thing.aobjects.create(row(2));
      const read = async () => own(await Thing.aobjects.get({ pk: target.pk }));
      expect(await Thing.aobjects.filter({ pk: target.pk }).update(row(3))).toBe(1);
      expect(await read()).toEqual(row(3));
      Object.assign(target, row(2));
      await target.asave();
      expect(await read()).toEqual(row(2));
      Object.assign(target, row(3));
      expect(await Thing.aobjects.bulk_update([target], names)).toBe(1);
      expect(await read()).toEqual(row(3));
      expect(await target.adelete()).toEqual([1, { Thing: 1 }]);
    });

    // JSON that is no object, and types that PostgreSQL compares in no way, are left to the tests of lookups.
    const compared = names.filter(
      (name) => !/^(places?|placesXy|placeXy|placeGrid|roads?|oldDoc|custom|customs|docs)$/.test(name),
    );
    test.each(compared)('%s is found by its value', async (name) => {
      const ids = (lookup: Record<string, unknown>) => Thing.aobjects.filter(lookup).values_list('id', { flat: true });
      expect(await ids({ [name]: kinds[name]![2] })).toEqual([1]);
      expect(await ids({ [`${name}__in`]: [kinds[name]![3]] })).toEqual([2]);
    });

    test('come back from expressions', async () => {
      const [found] = await Thing.aobjects
        .filter({ id: 1 })
        .annotate({
          sameDoc: F('doc'),
          sameMoment: F('momentDate'),
          asBig: Cast('whole', pg.bigint({ mode: 'bigint' })),
          asDay: Cast('momentDate', pg.date({ mode: 'date' })),
          written: Value({ a: [1] }, { output_field: pg.jsonb() }),
        })
        .values_list('sameDoc', 'sameMoment', 'asBig', 'asDay', 'written');
      expect(found).toEqual([
        kinds['doc']![2],
        kinds['momentDate']![2],
        2147483647n,
        new Date('2024-02-29T00:00:00Z'),
        { a: [1] },
      ]);
      expect(await Thing.aobjects.aggregate({ most: Max('big'), last: Max('momentDate') })).toEqual({
        most: 9223372036854775807n,
        last: kinds['momentDate']![3],
      });
    });

    test('of Drizzle’s own SQL are what Drizzle makes of them', async () => {
      const ids = (condition: unknown) => Thing.aobjects.filter(condition).values_list('id', { flat: true });
      const column = (name: string) => (things as unknown as Record<string, pg.PgColumn>)[name]!;
      for (const name of ['big', 'amount', 'flag', 'words', 'dayDate', 'momentDate', 'uid', 'feeling'])
        expect(await ids(orm.eq(column(name), kinds[name]![2])), name).toEqual([1]);
      for (const name of ['doc', 'docList', 'docNumber', 'wholes', 'tags', 'flags', 'moods'])
        expect(await ids(orm.eq(column(name), kinds[name]![2])), name).toEqual([1]);
      expect(await ids(orm.arrayContains(column('tags'), ['a,b']))).toEqual([1]);
      expect(await ids(orm.inArray(column('whole'), [2147483647, 5]))).toEqual([1]);
      expect(await ids(orm.sql`${column('words')} = ${''}`)).toEqual([2]);
    });
  },
  { schema },
);

describeDatabases(
  'a session',
  (database) => {
    let Note: any;
    beforeAll(async () => {
      ({ Note } = define(database.db));
      await Note.aobjects.bulk_create(['a', 'b', 'c'].map((label) => new Note({ label })));
    });

    test('says how many rows a statement touched', async () => {
      expect(await Note.aobjects.filter({ label__in: ['a', 'b'] }).update({ thingId: null })).toBe(2);
      expect(await Note.aobjects.filter({ label: 'nowhere' }).update({ label: 'x' })).toBe(0);
      expect(await Note.aobjects.filter({ label: 'c' }).delete()).toEqual([1, { Note: 1 }]);
    });

    test('gives rows as arrays: two columns of one name are two', async () => {
      const rows = await Note.aobjects.order_by('id').values_list('label', 'id', 'label');
      expect(rows[0]).toEqual(['a', 1, 'a']);
    });

    test('says what the database refused', async () => {
      const error = await Note.aobjects.create({ label: 'a' }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(IntegrityError);
      expect(error).toMatchObject({ code: '23505', constraint: 'note_label_key' });
    });

    test('gives raw rows by the names of their columns', async () => {
      const [note] = await Note.aobjects.raw('select id, label from note where label = %s', ['a']);
      expect([note.id, note.label]).toEqual([1, 'a']);
    });

    test.skipIf(database.driver === 'pglite')(
      'prepares a statement once, by name, from its second use on',
      async () => {
        const asked = (label: string) => Note.aobjects.filter({ label, id__gt: 0 }).values_list('id', { flat: true });
        for (const label of ['a', 'b', 'a', 'c']) await asked(label);
        const prepared = await database.rows(
          `select generic_plans + custom_plans as times from pg_prepared_statements where statement = '${asked('a').toSQL().sql}'`,
        );
        expect(prepared.map(({ times }) => Number(times))).toEqual([3]);
      },
    );
  },
  { schema, poolSize: 1 },
);

describe('what is imported of Drizzle', () => {
  const source = join(import.meta.dirname, '..', '..', 'src');
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const imports = files.flatMap((file) => {
    const text = readFileSync(join(source, file), 'utf8');
    return [...text.matchAll(/import \{([^}]*)\} from '(drizzle-orm[^']*)'/g)].flatMap(([, list, from]) =>
      list!
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name && !name.startsWith('type '))
        .map((name) => ({ name, from: from! })),
    );
  });

  test('is there', () => {
    // An import that a module lacks is an error where modules are the engine's own, and only undefined here.
    const modules: Record<string, object> = { 'drizzle-orm': orm, 'drizzle-orm/pg-core': pg };
    expect(imports.length).toBeGreaterThan(5);
    expect(imports.filter(({ name, from }) => !(name in modules[from]!))).toEqual([]);
  });
});
