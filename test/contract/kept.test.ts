// What rows and queries keep: keys of every kind, instances and dates as they were given, the fetch mode.
import {
  customType,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import {
  defineModels,
  FETCH_PEERS,
  FieldFetchBlocked,
  foreignKey,
  manyToMany,
  Prefetch,
  RAISE,
} from 'drizzle-queryset';
import { beforeEach, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const bytea = customType<{ data: Buffer; driverData: Buffer }>({ dataType: () => 'bytea' });
const locks = pgTable('lock', { key: bytea().primaryKey(), name: text().notNull() });
const doors = pgTable('door', {
  id: serial().primaryKey(),
  lockId: bytea('lock_id').references(() => locks.key),
  tags: text().array().notNull().default([]),
  doc: jsonb().$type<{ open?: boolean }>().notNull().default({}),
});
const readings = pgTable('reading', { at: timestamp().primaryKey(), value: integer().notNull() });
const notes = pgTable('note', {
  id: serial().primaryKey(),
  readingId: timestamp('reading_id').references(() => readings.at),
});
const cities = pgTable(
  'city',
  { id: serial().primaryKey(), country: text().notNull(), code: text().notNull(), name: text().notNull() },
  (t) => [unique().on(t.country, t.code)],
);
const owners = pgTable('owner', {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull(),
  cityId: integer('city_id').references(() => cities.id),
});
const dogs = pgTable('dog', {
  id: serial().primaryKey(),
  ownerId: uuid('owner_id').references(() => owners.id),
  born: timestamp(),
  country: text(),
  code: text(),
});
const doorKeys = pgTable('door_key', {
  id: serial().primaryKey(),
  doorId: integer('door_id')
    .notNull()
    .references(() => doors.id),
  lockId: bytea('lock_id')
    .notNull()
    .references(() => locks.key),
});
const marks = pgTable('mark', { id: serial().primaryKey() });
const lines = pgTable(
  'line',
  { productId: integer('product_id').notNull(), ref: text().notNull(), quantity: integer().notNull() },
  (t) => [primaryKey({ columns: [t.productId, t.ref] })],
);

const ann = '0f000000-0000-4000-8000-00000000000a';
const bob = '0f000000-0000-4000-8000-00000000000b';

describeDatabases(
  'what is kept',
  (database) => {
    const define = () =>
      defineModels(
        database.db as never,
        {
          Lock: locks,
          Door: doors,
          Reading: readings,
          Note: notes,
          City: cities,
          Owner: owners,
          Dog: dogs,
          Line: lines,
          Mark: marks,
        },
        {
          Dog: { city: foreignKey(['country', 'code'], 'City', { to_field: ['country', 'code'] }) },
          Door: { spares: manyToMany('Lock', { through: doorKeys, related_name: 'spare_for' }) },
          Line: { Meta: { primary_key: ['productId', 'ref'] } },
        },
      );
    let { Lock, Door, Reading, Note, City, Owner, Dog, Line, Mark } = {} as ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate lock, door, door_key, reading, note, city, owner, dog, line, mark restart identity cascade;
insert into lock values ('\\xff01', 'ff'), ('\\xfe01', 'fe'); insert into door (lock_id) values ('\\xff01'), ('\\xfe01');
insert into reading values ('1970-01-01', 1); insert into note (reading_id) values ('1970-01-01');
insert into city (country, code, name) values ('nl', 'ams', 'Amsterdam'), ('nl', 'rtm', 'Rotterdam'), ('be', 'ams', 'Amay');
insert into owner values ('${ann}', 'Ann', 1), ('${bob}', 'Bob', 2);
insert into dog (owner_id, born, country, code) values ('${ann}', '2020-01-01', 'nl', 'ams'), ('${bob}', '2021-01-01', 'be', 'ams');
insert into line values (1, 'a', 1), (1, 'b', 2)`);
      ({ Lock, Door, Reading, Note, City, Owner, Dog, Line, Mark } = define());
    });

    describe('keys', () => {
      test('of bytes are equal by what they hold', async () => {
        const all = await Door.aobjects.order_by('id');
        const found = await Promise.all(all.map((door) => door.a$lock));
        expect(found.map((lock) => lock?.name)).toEqual(['ff', 'fe']);
        const inOrder = Door.aobjects.order_by('id');
        for (const rows of [await inOrder.select_related('lock'), await inOrder.prefetch_related('lock')])
          expect(rows.map((door) => door.lock?.name)).toEqual(['ff', 'fe']);
        const byLock = await Lock.aobjects.order_by('name').prefetch_related('door_set');
        expect(byLock.map((lock) => lock.door_set.map((door) => door.id))).toEqual([[2], [1]]);
        for (const [i, lock] of byLock.entries()) lock.name = `lock ${i}`;
        expect(await Lock.aobjects.bulk_update(byLock, ['name'])).toBe(2);
        const again = await Lock.aobjects.get({ name: 'lock 1' });
        expect(again.equals(byLock[1])).toBe(true);
        expect(again.equals(byLock[0])).toBe(false);
      });

      test('of bytes, among the many of many', async () => {
        const door = await Door.aobjects.get({ id: 1 });
        const names = () => door.a$spares.order_by('name').values_list('name', { flat: true });
        const [fe, ff] = [Buffer.from('fe01', 'hex'), Buffer.from('ff01', 'hex')];
        await door.a$spares.add(fe, await Lock.aobjects.get({ name: 'ff' }), ff);
        expect(await names()).toEqual(['fe', 'ff']);
        const [read] = await Door.aobjects
          .filter({ id: 1 })
          .prefetch_related(Prefetch('spares', { queryset: Lock.aobjects.order_by('name') }));
        await read!.a$spares.set([fe]);
        expect(await names()).toEqual(['fe']);
        // @ts-expect-error neither an instance nor a key
        await expect(door.a$spares.add({ key: fe })).rejects.toThrow("add() has no option 'key'");
        // @ts-expect-error neither an instance nor a key
        await expect(door.a$spares.remove({ key: fe })).rejects.toThrow("'Lock' instance or key expected");
      });

      test('of dates are too', async () => {
        expect((await Note.aobjects.select_related('reading'))[0]?.reading?.value).toBe(1);
        expect((await Note.aobjects.prefetch_related('reading'))[0]?.reading?.value).toBe(1);
        const rows = Reading.aobjects.all();
        await rows;
        expect(await rows.contains(await Reading.aobjects.get({ value: 1 }))).toBe(true);
      });

      test('of one tick are what the database takes for equal', async () => {
        const upper = ann.toUpperCase();
        const some = [new Dog({ ownerId: upper }), new Dog({ ownerId: ann }), new Dog({ ownerId: upper })];
        const found = await Promise.all(some.map((dog) => dog.a$owner));
        expect(found.map((owner) => owner?.name)).toEqual(['Ann', 'Ann', 'Ann']);
        const two = await Promise.all([Owner.aobjects.get({ id: upper }), Owner.aobjects.get({ id: bob })]);
        expect(two.map((owner) => owner.name)).toEqual(['Ann', 'Bob']);
        // A fraction is cut, as where it is asked for alone.
        const cut = await Promise.all([1.5, 2].map((id) => City.aobjects.get({ id })));
        expect(cut.map(({ id }) => id)).toEqual([1, 2]);
        const ids = [1, 99].map((id) => City.aobjects.get({ id }));
        const { result, statements } = await database.counted(() => Promise.allSettled(ids));
        expect(result.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
        expect(statements).toHaveLength(1);
      });

      test('of several columns that are not the primary key can be prefetched', async () => {
        const rows = await Dog.aobjects.order_by('id').prefetch_related('city');
        expect(rows.map((dog) => dog.city?.name)).toEqual(['Amsterdam', 'Amay']);
        const [amay] = await City.aobjects.filter({ name: 'Amay' }).prefetch_related('dog_set');
        expect(amay?.dog_set.map((dog) => dog.id)).toEqual([2]);
      });

      test('that a joined relation points to are read whatever only() and defer() say of it', async () => {
        const joined = Dog.aobjects.select_related('city').order_by('id');
        for (const rows of [await joined.defer('city__code'), await joined.only('country', 'code', 'city__name')])
          expect(rows.map((dog) => dog.city?.name)).toEqual(['Amsterdam', 'Amay']);
      });

      test('of several columns are those of a union too', async () => {
        const dutch = City.aobjects.filter({ country: 'nl' });
        const united = dutch.filter({ code: 'ams' }).union(dutch.filter({ code: 'rtm' }));
        expect(await Dog.aobjects.filter({ city__in: united }).values_list('id', { flat: true })).toEqual([1]);
      });

      test('of several columns are read whatever only() and defer() say, and not written by name', async () => {
        const [first] = await Line.aobjects.only('quantity').order_by('ref');
        expect(first?.pk).toEqual([1, 'a']);
        const rows = await Line.aobjects.defer('ref').order_by('ref');
        expect(rows.map((line) => line.pk)).toEqual([
          [1, 'a'],
          [1, 'b'],
        ]);
        for (const line of rows) line.quantity += 10;
        expect(await Line.aobjects.bulk_update(rows, ['quantity'])).toBe(2);
        expect(await Line.aobjects.order_by('ref').values_list('quantity', { flat: true })).toEqual([11, 12]);
        await expect(Line.aobjects.bulk_update(rows, ['productId'])).rejects.toThrow('primary key fields');
        await expect(Line.aobjects.bulk_update(rows, ['pk'] as never)).rejects.toThrow('primary key fields');
        await expect(Line.aobjects.update({ pk: [2, 'z'] })).rejects.toThrow("'Line.pk'");
      });

      test('that the database makes are new rows even where they are given', async () => {
        await expect(new Owner({ id: ann, name: 'Eve' }).asave()).rejects.toThrow(/unique/);
        expect(await Owner.aobjects.values_list('name', { flat: true }).get({ id: ann })).toBe('Ann');
      });
    });

    test('instances and dates are taken as they are when they are given', async () => {
      const owner = await Owner.aobjects.get({ id: ann });
      const born = new Date('2020-06-01');
      const asked = [
        Dog.aobjects.filter({ owner }),
        Dog.aobjects.filter({ owner__in: [owner] }),
        owner.a$dog_set.all(),
      ];
      const later = Dog.aobjects.filter({ born__gte: born });
      owner.id = bob;
      born.setFullYear(2000);
      for (const rows of asked) expect((await rows).map((dog) => dog.id)).toEqual([1]);
      expect(await later.count()).toBe(1);
    });

    test('defaults and rows of one tick share no list and no document', async () => {
      const door = new Door({});
      door.tags.push('oak');
      door.doc.open = true;
      expect([new Door({}).tags, new Door({}).doc]).toEqual([[], {}]);
      const [a, b] = await Promise.all([Door.aobjects.get({ id: 1 }), Door.aobjects.get({ id: 1 })]);
      a.doc.open = true;
      expect(b.doc).toEqual({});
    });

    test('rows of defaults alone are passed over as any other', async () => {
      // The next key that the database makes is there already.
      await database.run('insert into mark values (1)');
      expect(await Mark.aobjects.bulk_create([new Mark({})], { ignore_conflicts: true })).toHaveLength(1);
      expect(await Mark.aobjects.count()).toBe(1);
    });

    test('the fetch mode goes on to what is fetched and joined', async () => {
      const walk = async () => {
        for (const dog of await Dog.aobjects.fetch_mode(FETCH_PEERS)) await (await dog.a$owner)?.a$city;
      };
      expect((await database.counted(walk)).statements).toHaveLength(3);
      const joined = async () => {
        for (const dog of await Dog.aobjects.fetch_mode(FETCH_PEERS).select_related('owner')) await dog.owner?.a$city;
      };
      expect((await database.counted(joined)).statements).toHaveLength(2);
      const blocked = Dog.aobjects.fetch_mode(RAISE);
      for (const [dog] of [await blocked.select_related('owner'), await blocked.prefetch_related('owner')])
        await expect(Promise.resolve(dog?.owner?.a$city)).rejects.toThrow(FieldFetchBlocked);
    });
  },
  {
    schema: `
create table lock (key bytea primary key, name text not null);
create table door (id serial primary key, lock_id bytea references lock,
  tags text[] not null default '{}', doc jsonb not null default '{}');
create table reading (at timestamp primary key, value int not null);
create table note (id serial primary key, reading_id timestamp references reading);
create table city (id serial primary key, country text not null, code text not null, name text not null, unique (country, code));
create table owner (id uuid primary key default gen_random_uuid(), name text not null, city_id int references city);
create table dog (id serial primary key, owner_id uuid references owner, born timestamp, country text, code text);
create table door_key (id serial primary key, door_id int not null references door, lock_id bytea not null references lock);
create table mark (id serial primary key);
create table line (product_id int not null, ref text not null, quantity int not null, primary key (product_id, ref));
`,
  },
);
