// Keys of every kind, columns under other names, tables in other schemas: asked of the database.
import type { PGlite } from '@electric-sql/pglite';
import { eq } from 'drizzle-orm';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { drizzle as drizzlePglite } from 'drizzle-orm/pglite';
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js';
import { defineModels, IntegrityError } from 'drizzle-queryset';
import type { Pool } from 'pg';
import type { Sql } from 'postgres';
import { beforeEach, describe, expect, test } from 'vitest';
import { type AnyDatabase, describeDatabases, type TestDatabase } from '../support/databases.js';
import { companyRows, companySql, defineCompany, employees } from './company.js';

const sales = '11111111-1111-4111-8111-111111111111';

describeDatabases(
  'tables of every kind',
  (database) => {
    let models: ReturnType<typeof defineCompany>;
    beforeEach(async () => {
      await database.run(companyRows);
      models = defineCompany(database.db);
    });
    const nameOf = (rows: readonly { fullName: string }[]) => rows.map((row) => row.fullName);

    describe('references', () => {
      test('circular ones lead there and back', async () => {
        const { Department, Employee } = models;
        const department = await Department.aobjects.get({ name: 'Sales' });
        expect((await department.a$lead)?.fullName).toBe('Ann');
        expect(nameOf(await department.a$employee_set.order_by('id'))).toEqual(['Ann', 'Bob']);
        expect(nameOf(await Employee.aobjects.filter({ leads__employee__fullName: 'Bob' }))).toEqual(['Ann']);
        const ann = await Employee.aobjects.get({ fullName: 'Ann' });
        expect((await ann.a$leads).name).toBe('Sales');
        const bob = await Employee.aobjects.get({ fullName: 'Bob' });
        await expect(bob.a$leads).rejects.toBeInstanceOf(Department.DoesNotExist);
      });

      test('to self, several hops', async () => {
        const { Employee } = models;
        expect(nameOf(await Employee.aobjects.filter({ manager__manager__fullName: 'Ann' }))).toEqual(['Dee']);
        expect(nameOf(await Employee.aobjects.filter({ reports__reports__fullName: 'Dee' }))).toEqual(['Ann']);
        const ann = await Employee.aobjects.get({ pk: 1 });
        expect(nameOf(await ann.a$reports.order_by('-fullName'))).toEqual(['Cid', 'Bob']);
        const rows = await Employee.aobjects.select_related('manager__manager').order_by('id');
        expect(rows.map((e) => e.manager?.manager?.fullName)).toEqual([undefined, undefined, undefined, 'Ann']);
      });

      test('two to one table, by their related names', async () => {
        const { Employee, Message } = models;
        const ann = await Employee.aobjects.get({ pk: 1 });
        expect((await ann.a$sent.order_by('id')).map((m) => m.body)).toEqual(['hello', 'all']);
        expect((await ann.a$received).map((m) => m.body)).toEqual(['hi']);
        expect(nameOf(await Employee.aobjects.filter({ inbox__body: 'hello' }))).toEqual(['Bob']);
        expect(
          (await Message.aobjects.filter({ sender__fullName: 'Ann', recipient__fullName: 'Bob' })).map((m) => m.id),
        ).toEqual([1]);
      });

      test('to a unique column that is not the primary key', async () => {
        const { Employee, Parking } = models;
        const place = await Parking.aobjects.get({ place: 'P1' });
        expect(place.holderId).toBe('ann@x');
        expect((await place.a$holder)?.fullName).toBe('Ann');
        const ann = await Employee.aobjects.get({ pk: 1 });
        expect((await ann.a$parking_set.order_by('id')).map((p) => p.place)).toEqual(['P1', 'P2']);
        expect((await Parking.aobjects.filter({ holder: ann }).order_by('id')).map((p) => p.place)).toEqual([
          'P1',
          'P2',
        ]);
        expect(await Parking.aobjects.filter({ holder: 'ann@x' }).count()).toBe(2);
        const anns = Employee.aobjects.filter({ fullName: 'Ann' }) as never;
        expect(await Parking.aobjects.filter({ holder__in: anns }).count()).toBe(2);
        // The far primary key is not the column that is held here.
        expect(await Parking.aobjects.filter({ holder__pk: 1 }).count()).toBe(2);
        const bob = await Employee.aobjects.get({ pk: 2 });
        await bob.a$parking_set.add(place);
        expect(place.holderId).toBe('bob@x');
        expect(await database.rows("select holder_email from parking where place = 'P1'")).toEqual([
          { holder_email: 'bob@x' },
        ]);
        const made = await Parking.aobjects.create({ place: 'P4', holder: bob });
        expect(made.holderId).toBe('bob@x');
        const [joined] = await Parking.aobjects.select_related('holder').filter({ place: 'P2' });
        expect(joined?.holder?.fullName).toBe('Ann');
        const prefetched = await Employee.aobjects.prefetch_related('parking_set').order_by('id');
        expect(prefetched.map((e) => e.parking_set.length)).toEqual([1, 2, 0, 0]);
      });

      test('a primary key that is a reference is a one-to-one', async () => {
        const { Badge, Employee } = models;
        const ann = await Employee.aobjects.get({ pk: 1 });
        expect((await ann.a$badge).code).toBe('A-1');
        const cid = await Employee.aobjects.get({ pk: 3 });
        await expect(cid.a$badge).rejects.toBeInstanceOf(Badge.DoesNotExist);
        const badge = await Badge.aobjects.create({ employee: cid, code: 'C-3' });
        expect(badge.pk).toBe(3);
        expect(nameOf(await Employee.aobjects.filter({ badge__code__startswith: 'C' }))).toEqual(['Cid']);
        expect(nameOf(await Employee.aobjects.filter({ badge: null }))).toEqual(['Dee']);
      });
    });

    describe('many-to-many', () => {
      test('to self, symmetrical: both directions are written and taken away', async () => {
        const { Employee } = models;
        const [ann, bob] = [await Employee.aobjects.get({ pk: 1 }), await Employee.aobjects.get({ pk: 2 })];
        expect(nameOf(await bob.a$friends)).toEqual(['Cid']);
        await ann.a$friends.add(bob);
        expect(nameOf(await bob.a$friends.order_by('id'))).toEqual(['Ann', 'Cid']);
        expect(nameOf(await ann.a$friends)).toEqual(['Bob']);
        await ann.a$friends.add(bob);
        expect(await database.rows('select count(*)::int as n from friendship')).toEqual([{ n: 4 }]);
        await bob.a$friends.remove(ann);
        expect(await ann.a$friends.count()).toBe(0);
        await bob.a$friends.clear();
        expect(await database.rows('select count(*)::int as n from friendship')).toEqual([{ n: 0 }]);
      });

      test('to self, with a direction', async () => {
        const { Employee } = models;
        const [ann, dee] = [await Employee.aobjects.get({ pk: 1 }), await Employee.aobjects.get({ pk: 4 })];
        expect(nameOf(await dee.a$follows)).toEqual(['Ann']);
        expect(nameOf(await ann.a$follows)).toEqual([]);
        expect(nameOf(await ann.a$followers)).toEqual(['Dee']);
        await ann.a$followers.set([2, 3]);
        expect(nameOf(await ann.a$followers.order_by('id'))).toEqual(['Bob', 'Cid']);
        expect(nameOf(await dee.a$follows)).toEqual([]);
        expect(nameOf(await Employee.aobjects.filter({ follows: ann }).order_by('id'))).toEqual(['Bob', 'Cid']);
        expect(nameOf(await Employee.aobjects.filter({ followers__fullName: 'Bob' }))).toEqual(['Ann']);
      });

      test('through a model with columns of its own', async () => {
        const { Employee, Expertise, Skill } = models;
        const ann = await Employee.aobjects.get({ pk: 1 });
        expect((await ann.a$skills.order_by('slug')).map((s) => s.slug)).toEqual(['sql', 'ts']);
        const bob = await Employee.aobjects.get({ pk: 2 });
        await bob.a$skills.add('ts', { through_defaults: { years: 5, endorserId: 1 } as { years: number } });
        const row = await Expertise.aobjects.get({ employee: bob, skill: 'ts' });
        expect([row.years, row.endorserId]).toEqual([5, 1]);
        expect(
          nameOf(await Employee.aobjects.filter({ expertise__skill__title: 'TypeScript', expertise__years__gte: 5 })),
        ).toEqual(['Bob']);
        const sql = await Skill.aobjects.get({ pk: 'sql' });
        expect(nameOf(await sql.a$experts.order_by('id'))).toEqual(['Ann', 'Bob']);
        await bob.a$skills.set(['ts']);
        // A row that stays keeps what it holds.
        expect((await Expertise.aobjects.get({ employee: bob })).years).toBe(5);
      });
    });

    describe('primary keys', () => {
      test('uuid', async () => {
        const { Department, Employee } = models;
        const department = await Department.aobjects.get({ pk: sales });
        expect(department.id).toBe(sales);
        expect(await Employee.aobjects.filter({ department: sales }).count()).toBe(2);
        expect(await Employee.aobjects.filter({ department__in: [department] }).count()).toBe(2);
        const made = await Department.aobjects.create({ name: 'New' });
        expect(made.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/);
        expect((await Department.aobjects.in_bulk([sales, made.id])).get(made.id)?.name).toBe('New');
      });

      test('text', async () => {
        const { Skill } = models;
        const skill = new Skill({ slug: 'go', title: 'Go' });
        await skill.asave();
        expect(await Skill.aobjects.filter({ pk__in: ['go', 'sql'] }).count()).toBe(2);
        expect((await Skill.aobjects.in_bulk(['go'])).get('go')?.title).toBe('Go');
        skill.title = 'Golang';
        await skill.asave();
        expect((await Skill.aobjects.get({ pk: 'go' })).title).toBe('Golang');
        expect(await skill.adelete()).toEqual([1, { Skill: 1 }]);
      });

      test('of two columns', async () => {
        const { Stock } = models;
        const stock = await Stock.aobjects.get({ region: 'eu', item: 2 });
        expect(stock.pk).toEqual(['eu', 2]);
        expect((await Stock.aobjects.get({ pk: ['us', 1] })).amount).toBe(30);
        stock.amount = 21;
        await stock.asave();
        expect(await database.rows('select amount from stock order by amount')).toEqual([
          { amount: 10 },
          { amount: 21 },
          { amount: 30 },
        ]);
        await stock.arefresh_from_db();
        expect(stock.amount).toBe(21);
        const made = await Stock.aobjects.create({ region: 'us', item: 2, amount: 1 });
        expect(made.equals(await Stock.aobjects.get({ pk: ['us', 2] }))).toBe(true);
        await expect(Stock.aobjects.create({ region: 'us', item: 2, amount: 1 })).rejects.toBeInstanceOf(
          IntegrityError,
        );
        expect(await stock.adelete()).toEqual([1, { Stock: 1 }]);
        expect((await Stock.aobjects.order_by('pk')).map((s) => s.amount)).toEqual([10, 30, 1]);
        expect((await Stock.aobjects.first())?.amount).toBe(10);
        expect((await Stock.aobjects.last())?.amount).toBe(1);
      });
    });

    describe('names', () => {
      test('tables in a schema, columns under other names', async () => {
        const { Part, Shelf } = models;
        expect(
          (await Part.aobjects.filter({ shelf__label: 'top' }).order_by('partName')).map((p) => p.partName),
        ).toEqual(['bolt', 'nut']);
        expect(await Part.aobjects.filter({ shelf: null }).values('id', 'partName', 'shelf_id')).toEqual([
          { id: 3, partName: 'rod', shelf_id: null },
        ]);
        const low = await Shelf.aobjects.get({ label: 'low' });
        const rod = await Part.aobjects.get({ partName: 'rod' });
        await low.a$part_set.add(rod);
        expect(rod.shelf_id).toBe(2);
        expect(await Part.aobjects.filter({ partName: 'nut' }).update({ partName: 'hex nut', shelf: low })).toBe(1);
        expect(await database.rows('select part_name, kept_on from depot.part order by part_no')).toEqual([
          { part_name: 'bolt', kept_on: 1 },
          { part_name: 'hex nut', kept_on: 2 },
          { part_name: 'rod', kept_on: 2 },
        ]);
        await Part.aobjects.bulk_create([new Part({ partName: 'a', shelf: low }), new Part({ partName: 'b' })]);
        expect(await Shelf.aobjects.filter({ part__partName: 'a' }).values_list('label', { flat: true })).toEqual([
          'low',
        ]);
        expect(
          await Shelf.aobjects
            .filter({ label: 'top' })
            .delete()
            .catch((e: Error) => e.name),
        ).toBe('ProtectedError');
      });

      test('an enum', async () => {
        const { Employee } = models;
        expect(nameOf(await Employee.aobjects.filter({ level: 'senior' }).order_by('id'))).toEqual(['Ann', 'Cid']);
        expect(nameOf(await Employee.aobjects.filter({ level__in: ['junior'] }).order_by('id'))).toEqual([
          'Bob',
          'Dee',
        ]);
        const made = await Employee.aobjects.create({ email: 'e@x', fullName: 'Eve', departmentId: sales });
        expect(made.level).toBe('junior');
        expect(nameOf(await Employee.aobjects.filter(eq(employees.level, 'senior')).order_by('-id'))).toEqual([
          'Cid',
          'Ann',
        ]);
      });
    });
  },
  { schema: companySql },
);

/** Drizzle names the columns itself: `firstName` is `first_name`. */
function withCasing({ driver, connection }: TestDatabase): AnyDatabase {
  const casing = 'snake_case' as const;
  const db =
    driver === 'pglite'
      ? drizzlePglite({ client: connection.client as PGlite, casing } as never)
      : driver === 'postgres-js'
        ? drizzlePostgresJs({ client: connection.client as Sql, casing } as never)
        : drizzleNodePostgres({ client: connection.client as Pool, casing } as never);
  return db as unknown as AnyDatabase;
}

const owners = pgTable('owner', { id: serial().primaryKey(), firstName: text().notNull() });
const bigCars = pgTable('big_car', {
  id: serial().primaryKey(),
  ownerId: integer().references(() => owners.id),
  plateNumber: text('plate').notNull(),
  madeInYear: integer(),
});

// The next major of Drizzle has no `casing` on the database any more.
const withoutCasing = process.env['TEST_DRIZZLE'] === '1';

describeDatabases(
  "Drizzle's own casing",
  (database) => {
    test.skipIf(withoutCasing)('is what the columns are called in every statement', async () => {
      const { Owner, BigCar } = defineModels(withCasing(database), { Owner: owners, BigCar: bigCars });
      const owner = await Owner.aobjects.create({ firstName: 'Ida' });
      const car = new BigCar({ plateNumber: 'X-1', madeInYear: 1999, owner });
      await car.asave();
      await BigCar.aobjects.bulk_create([
        new BigCar({ plateNumber: 'X-2', owner }),
        new BigCar({ plateNumber: 'X-3' }),
      ]);
      expect(await database.rows('select owner_id, plate, made_in_year from big_car order by id')).toEqual([
        { owner_id: 1, plate: 'X-1', made_in_year: 1999 },
        { owner_id: 1, plate: 'X-2', made_in_year: null },
        { owner_id: null, plate: 'X-3', made_in_year: null },
      ]);
      expect(
        await BigCar.aobjects
          .filter({ owner__firstName: 'Ida', madeInYear: 1999 })
          .values('ownerId', 'owner__firstName'),
      ).toEqual([{ ownerId: 1, owner__firstName: 'Ida' }]);
      expect(await BigCar.aobjects.filter({ plateNumber: 'X-2' }).update({ madeInYear: 2000 })).toBe(1);
      const found = await Owner.aobjects.prefetch_related('bigcar_set').get({ pk: owner.id });
      expect(found.bigcar_set.map((c) => c.madeInYear).sort()).toEqual([1999, 2000]);
      car.madeInYear = 2001;
      await car.asave({ update_fields: ['madeInYear'] });
      expect((await BigCar.aobjects.filter({ madeInYear__isnull: false }).latest('madeInYear')).plateNumber).toBe(
        'X-1',
      );
    });
  },
  {
    schema:
      'create table owner (id serial primary key, first_name text not null); create table big_car (id serial primary key, owner_id integer references owner (id), plate text not null, made_in_year integer);',
  },
);
