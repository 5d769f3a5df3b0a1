// prefetch_related: paths that go on from others, from to_attr, from what is there already; and in the types.
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { Count, defineModels, F, Prefetch, prefetch_related_objects } from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

const owners = pgTable('owner', { id: serial().primaryKey(), name: text().notNull() });
const houses = pgTable('house', {
  id: serial().primaryKey(),
  name: text().notNull(),
  ownerId: integer()
    .notNull()
    .references(() => owners.id),
});
const rooms = pgTable('room', {
  id: serial().primaryKey(),
  name: text().notNull(),
  houseId: integer().references(() => houses.id),
});

describeDatabases(
  'prefetched relations',
  (database) => {
    const define = () => defineModels(database.db as never, { Owner: owners, House: houses, Room: rooms });
    let { Owner, House, Room } = {} as ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate owner, house, room restart identity cascade;
insert into owner (name) values ('Ann'), ('Bob');
insert into house (name, "ownerId") values ('red', 1), ('blue', 1);
insert into room (name, "houseId") values ('hall', 1), ('attic', 1), ('cellar', 2), ('shed', null)`);
      ({ Owner, House, Room } = define());
      database.forget();
    });
    const asked = () => database.statements.length;
    const byOwner = [['attic', 'hall', 'cellar'], []];
    const sorted = (names: string[][]) => names.map((list) => list.sort()).sort((a, b) => b.length - a.length);

    test('several paths through one relation are one property', async () => {
      const found = await Owner.aobjects
        .order_by('id')
        .prefetch_related('house_set', 'house_set__room_set', 'house_set__owner');
      expect(asked()).toBe(3);
      const names = found.map((owner) => sorted(owner.house_set.map((house) => house.room_set.map((r) => r.name))));
      expect(names.map((houses) => houses.flat())).toEqual(byOwner);
      expect(found[0]!.house_set.every((house) => house.owner === found[0])).toBe(true);
      for (const owner of found)
        for (const house of owner.house_set) expectTypeOf(house.room_set[0]!.name).toBeString();
      const later = await Owner.aobjects
        .annotate({ n: Count('house') })
        .order_by('id')
        .prefetch_related('house_set')
        .prefetch_related('house_set__room_set');
      expect(later.map((owner) => owner.house_set.flatMap((house) => house.room_set).length)).toEqual([3, 0]);
      expect(later.map((owner) => owner.n)).toEqual([2, 0]);
    });

    test('a path goes on from the to_attr of another', async () => {
      const big = Prefetch('house_set', House.aobjects.annotate({ up: F('name') }).order_by('name'), 'houses');
      const found = await Owner.aobjects
        .filter({ id: 1 })
        .prefetch_related(big, Prefetch('houses__room_set', { to_attr: 'rooms' }), 'houses__rooms__house');
      expect(asked()).toBe(3);
      expect(found.map((o) => o.houses.map((h) => [h.up, h.rooms.map((r) => r.house?.name)]))).toEqual([
        [
          ['blue', ['blue']],
          ['red', ['red', 'red']],
        ],
      ]);
      const later = await Owner.aobjects
        .filter({ id: 1 })
        .prefetch_related(Prefetch('house_set', { to_attr: 'houses' }))
        .prefetch_related('houses__room_set');
      expect(later.flatMap((o) => o.houses.flatMap((h) => h.room_set)).length).toBe(3);
      // It is there only once it has been read.
      await expect(
        Owner.aobjects.prefetch_related('houses__room_set', Prefetch('house_set', { to_attr: 'houses' })).eval(),
      ).rejects.toThrow(/Cannot find 'houses' on Owner object/);
      // @ts-expect-error no such relation of a house
      const wrong = Owner.aobjects.prefetch_related(Prefetch('house_set', { to_attr: 'houses' }), 'houses__doors');
      await expect(wrong.eval()).rejects.toThrow(/Cannot find 'doors' on House object/);
    });

    test('a to_attr is no name that an instance has already', async () => {
      for (const to_attr of ['name', '__proto__'])
        expect(() => Owner.aobjects.prefetch_related(Prefetch('house_set', { to_attr } as object))).toThrow(
          `to_attr=${to_attr} conflicts with a field on the Owner model.`,
        );
    });

    test('what select_related() has read is gone on from', async () => {
      const found = await Room.aobjects
        .order_by('id')
        .select_related('house')
        .prefetch_related('house__owner', 'house__room_set');
      expect(asked()).toBe(3);
      expect(found.map((room) => [room.house?.owner.name, room.house?.room_set.length])).toEqual([
        ['Ann', 2],
        ['Ann', 2],
        ['Ann', 1],
        [undefined, undefined],
      ]);
    });

    test('prefetch_related_objects() loads what instances lack', async () => {
      const all = await Owner.aobjects.order_by('id');
      database.forget();
      const same = await prefetch_related_objects(all, 'house_set', 'house_set__room_set');
      expect(asked()).toBe(2);
      expect(same.map((owner, i) => owner === all[i])).toEqual([true, true]);
      expect(same.map((o) => o.house_set.flatMap((h) => h.room_set).length)).toEqual([3, 0]);
      await prefetch_related_objects(all, 'house_set__room_set');
      expect(asked()).toBe(2);
      const house = await House.aobjects.get({ id: 1 });
      const [with_] = await prefetch_related_objects(
        [house],
        'owner',
        Prefetch('room_set', Room.aobjects.filter({ name: 'hall' }), 'halls'),
      );
      expect([with_!.owner.name, with_!.halls.map((room) => room.name)]).toEqual(['Ann', ['hall']]);
      expect(await prefetch_related_objects([new House({ name: 'x' } as never)], 'room_set')).toHaveProperty(
        'length',
        1,
      );
      database.forget();
      expect(await prefetch_related_objects([] as InstanceType<typeof House>[], 'owner')).toEqual([]);
      // @ts-expect-error no such relation
      await expect(prefetch_related_objects([house], 'nope')).rejects.toThrow(/Cannot find 'nope' on House object/);
      // @ts-expect-error of no model
      await expect(prefetch_related_objects([7], 'owner')).rejects.toThrow(
        'prefetch_related_objects() takes instances, got 7.',
      );
      // @ts-expect-error not a list
      await expect(prefetch_related_objects(house, 'owner')).rejects.toThrow(/takes a list of instances/);
      await expect(prefetch_related_objects([house, ...all], 'owner' as never)).rejects.toThrow(
        /takes House instances, got/,
      );
      expect(asked()).toBe(0);
    });
  },
  {
    schema: `create table owner (id serial primary key, name text not null);
create table house (id serial primary key, name text not null, "ownerId" integer not null references owner(id));
create table room (id serial primary key, name text not null, "houseId" integer references house(id))`,
  },
);
