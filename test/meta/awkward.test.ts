// Tables as people have them, on every database: what Drizzle takes, definition takes, and rows go in and come back.
import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { defineModels, foreignKey, manyToMany } from 'drizzle-queryset';
import { beforeAll, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const { integer, pgTable, serial, text } = pg;

const elsewhere = pg.pgSchema('else where');
const prefixed = pg.pgTableCreator((name) => `app_${name}`);
const level = elsewhere.enum('le"vel', ['low', 'high "est"']);
const owners = elsewhere.table('ow"ner', {
  id: pg.uuid().primaryKey().defaultRandom(),
  'na me': text('na"me').notNull(),
  größe: integer('größe'),
  level: level().notNull().default('low'),
  levels: level().array(),
});
const stamps = prefixed('stamp', {
  id: pg.bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  ownerId: pg.uuid('owner_id').references(() => owners.id),
  otherOwnerId: pg.uuid('other_owner_id').references(() => owners.id),
  number: integer().notNull(),
  double: integer().generatedAlwaysAs(sql`number * 2`),
  touched: integer().$onUpdate(() => 7),
  counted: integer().$defaultFn(() => 3),
});
const methods = pgTable('method', {
  id: text().primaryKey(),
  get: integer(),
  filter: text(),
  then: text(),
  constructor: text('constructor_'),
  name: text(),
  length: integer(),
  toJSON: text('to_json'),
  prototype: text(),
});
const people = pgTable('person', {
  id: serial().primaryKey(),
  name: text().notNull(),
  bossId: integer('boss_id').references((): pg.AnyPgColumn<{ tableName: 'person' }> => people.id),
});
const meetings = pgTable('meeting', {
  id: serial().primaryKey(),
  hostId: integer('host_id')
    .notNull()
    .references(() => people.id),
  guestId: integer('guest_id')
    .notNull()
    .references(() => people.id),
  writerId: integer('writer_id').references(() => people.id),
});

const tables = `
  create schema "else where";
  create type "else where"."le""vel" as enum ('low', 'high "est"');
  create table "else where"."ow""ner" (
    id uuid primary key default gen_random_uuid(), "na""me" text not null, "größe" integer,
    level "else where"."le""vel" not null default 'low', levels "else where"."le""vel"[]);
  create table app_stamp (
    id bigint primary key generated always as identity, owner_id uuid references "else where"."ow""ner",
    other_owner_id uuid references "else where"."ow""ner", number integer not null,
    double integer generated always as (number * 2) stored, touched integer, counted integer);
  create table method (id text primary key, get integer, filter text, "then" text, constructor_ text, name text,
    length integer, to_json text, prototype text);
  create table person (id serial primary key, name text not null, boss_id integer references person);
  create table meeting (id serial primary key, host_id integer not null references person,
    guest_id integer not null references person, writer_id integer references person);`;

describeDatabases(
  'awkward tables',
  (database) => {
    const define = () =>
      defineModels(
        database.db,
        { Owner: owners, Stamp: stamps, Person: people, level, elsewhere },
        {
          Stamp: { otherOwner: foreignKey('otherOwnerId', 'Owner', { related_name: 'others' }) },
          Person: {
            guests: manyToMany('Person', {
              through: meetings,
              through_fields: ['hostId', 'guestId'],
              symmetrical: false,
              related_name: 'hosts',
            }),
          },
        },
      );
    let models = {} as ReturnType<typeof define>;
    beforeAll(() => {
      models = define();
    });

    test('in a schema, with quoted names, enums of a schema, and two keys to one table', async () => {
      const { Owner, Stamp } = models;
      const owner = await Owner.aobjects.create({ 'na me': 'a "b"', größe: 3, levels: ['high "est"', 'low'] });
      expect([owner.level, owner.levels]).toEqual(['low', ['high "est"', 'low']]);
      const stamp = await Stamp.aobjects.create({ number: 4, owner });
      expect({ ...stamp, id: null }).toEqual({
        id: null,
        ownerId: owner.id,
        otherOwnerId: null,
        number: 4,
        double: 8,
        touched: 7,
        counted: 3,
      });
      expect(typeof stamp.id).toBe('bigint');
      await Stamp.aobjects.bulk_create([new Stamp({ number: 5, otherOwner: owner })]);
      expect(await Stamp.aobjects.filter({ owner__größe__gte: 3, owner__level__in: ['low'], double: 8 }).count()).toBe(
        1,
      );
      expect(await Owner.aobjects.filter({ others__number: 5, stamp__number: 4 }).values_list('na me')).toEqual([
        ['a "b"'],
      ]);
      stamp.number = 6;
      await stamp.asave();
      expect((await Stamp.aobjects.get({ pk: stamp.id })).double).toBe(12);
      await Owner.aobjects.filter({ pk: owner.id }).update({ level: 'high "est"' });
      expect(await Owner.aobjects.filter({ levels__contains: ['low'], level: 'high "est"' }).exists()).toBe(true);
    });

    test('to themselves, and through a table with three keys', async () => {
      const { Person } = models;
      const boss = await Person.aobjects.create({ name: 'boss' });
      const one = await Person.aobjects.create({ name: 'one', boss });
      expect((await one.a$boss)?.name).toBe('boss');
      expect(await boss.a$person_set.values_list('name', { flat: true })).toEqual(['one']);
      await boss.a$guests.add(one);
      expect(await one.a$hosts.values_list('name', { flat: true })).toEqual(['boss']);
      expect(await one.a$guests.count()).toBe(0);
    });

    test('with columns called like what every object has', async () => {
      const { Method } = defineModels(database.db, { Method: methods }) as any;
      const row = {
        id: 'k',
        get: 1,
        filter: 'f',
        then: null,
        constructor: 'c',
        name: 'n',
        length: 2,
        toJSON: null,
        prototype: 'p',
      };
      await Method.aobjects.create(row);
      expect({ ...(await Method.aobjects.get({ constructor: 'c', prototype: 'p' })) }).toEqual(row);
      expect(await Method.aobjects.values('constructor', 'then')).toEqual([{ constructor: 'c', then: null }]);
    });
  },
  { schema: tables },
);
