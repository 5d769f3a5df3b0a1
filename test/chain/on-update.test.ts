// Columns with Drizzle's `$onUpdate`: written by every way that writes a row, as Drizzle's own builder does.
import { sql } from 'drizzle-orm';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { defineModels } from 'drizzle-queryset';
import { beforeEach, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';

let clock = 0;
const tick = () => ++clock;
const notes = pgTable('touched_note', {
  id: serial().primaryKey(),
  name: text().notNull().unique(),
  touched: integer().notNull().$onUpdate(tick),
  seen: integer().$onUpdate(tick),
});

describeDatabases('$onUpdate', (database) => {
  const define = () => defineModels(database.db, { Note: notes });
  let { Note } = {} as ReturnType<typeof define>;
  beforeEach(async () => {
    clock = 0;
    await database.run(
      'drop table if exists touched_note; ' +
        'create table touched_note (id serial primary key, name text unique not null, touched integer not null, seen integer)',
    );
    ({ Note } = define());
  });
  const stored = () => Note.aobjects.order_by('id').values_list('name', 'touched', 'seen');

  describe('a new row', () => {
    test('create() and asave()', async () => {
      await Note.aobjects.create({ name: 'a' });
      await new Note({ name: 'b' }).asave();
      expect(await stored()).toEqual([
        ['a', 1, 2],
        ['b', 3, 4],
      ]);
    });
    test('a value of its own is kept, null too', async () => {
      await Note.aobjects.create({ name: 'a', touched: 50, seen: null });
      await Note.aobjects.bulk_create([new Note({ name: 'b', touched: 60, seen: null })]);
      expect(await stored()).toEqual([
        ['a', 50, null],
        ['b', 60, null],
      ]);
    });
    test('bulk_create()', async () => {
      const made = await Note.aobjects.bulk_create([new Note({ name: 'a' }), new Note({ name: 'b' })]);
      expect(made.map((note) => [note.touched, note.seen])).toEqual([
        [1, 2],
        [3, 4],
      ]);
      expect(await stored()).toEqual([
        ['a', 1, 2],
        ['b', 3, 4],
      ]);
    });
    test('get_or_create() and update_or_create()', async () => {
      await Note.aobjects.get_or_create({ name: 'a' });
      await Note.aobjects.update_or_create({ name: 'b', defaults: {} });
      expect(await stored()).toEqual([
        ['a', 1, 2],
        ['b', 3, 4],
      ]);
    });
  });

  describe('a row that is there', () => {
    beforeEach(async () => {
      await database.run("insert into touched_note (name, touched) values ('a', 100), ('b', 100)");
    });
    test('asave()', async () => {
      const note = await Note.aobjects.get({ name: 'a' });
      note.name = 'c';
      await note.asave();
      expect([note.touched, note.seen]).toEqual([1, 2]);
      expect((await stored())[0]).toEqual(['c', 1, 2]);
    });
    test('update()', async () => {
      await Note.aobjects.filter({ name: 'a' }).update({ name: 'c' });
      await Note.aobjects.filter({ name: 'b' }).update({ touched: 7 });
      expect(await stored()).toEqual([
        ['c', 1, 2],
        ['b', 7, 3],
      ]);
    });
    test('bulk_update(), with values and with expressions', async () => {
      const all = await Note.aobjects.order_by('id');
      for (const note of all) note.name += '!';
      await Note.aobjects.bulk_update(all, ['name']);
      expect(await stored()).toEqual([
        ['a!', 1, 2],
        ['b!', 3, 4],
      ]);
      expect(all.map((note) => note.touched)).toEqual([1, 3]);
      const [first] = all as [(typeof all)[number]];
      (first as { name: unknown }).name = sql`upper(name)`;
      await Note.aobjects.bulk_update([first], ['name']);
      expect((await stored())[0]).toEqual(['A!', 5, 6]);
    });
    test('a value that is named in bulk_update() is kept', async () => {
      const all = await Note.aobjects.order_by('id');
      for (const note of all) note.touched = 50;
      await Note.aobjects.bulk_update(all, ['touched']);
      expect(await stored()).toEqual([
        ['a', 50, 1],
        ['b', 50, 2],
      ]);
    });
    test('a conflicting row is touched only where that is asked for', async () => {
      await Note.aobjects.bulk_create([new Note({ name: 'a' })], {
        update_conflicts: true,
        update_fields: ['touched'],
        unique_fields: ['name'],
      });
      expect((await stored())[0]).toEqual(['a', 1, null]);
    });
  });
});
