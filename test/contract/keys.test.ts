import {
  foreignKey as fkConstraint,
  integer,
  pgTable,
  primaryKey,
  serial,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import { Count, foreignKey, defineModels, IntegrityError, manyToMany, OuterRef, Exists } from 'drizzle-queryset';
import { expect, expectTypeOf, test } from 'vitest';
import { describeDatabases, type AnyDatabase } from '../support/databases.js';

const warehouses = pgTable(
  'warehouse',
  { region: text().notNull(), code: integer().notNull(), name: text().notNull() },
  (t) => [primaryKey({ columns: [t.region, t.code] })],
);
const pallets = pgTable(
  'pallet',
  { id: serial().primaryKey(), region: text(), code: integer(), label: text().notNull() },
  (t) => [fkConstraint({ columns: [t.region, t.code], foreignColumns: [warehouses.region, warehouses.code] })],
);
const nodes = pgTable('node', { id: serial().primaryKey(), name: text().notNull() });
const links = pgTable('link', {
  id: serial().primaryKey(),
  a_id: integer()
    .notNull()
    .references(() => nodes.id, { onDelete: 'cascade' }),
  b_id: integer()
    .notNull()
    .references(() => nodes.id, { onDelete: 'cascade' }),
});
const tags = pgTable('tag', { id: serial().primaryKey(), code: text().notNull().unique() });
const badges = pgTable('badge', {
  id: text()
    .primaryKey()
    .$defaultFn(() => `b${++made}`),
  tag_id: text()
    .unique()
    .references(() => tags.code),
});
let made = 0;
const notes = pgTable('note', { id: serial().primaryKey(), tag_id: text().references(() => tags.code) });
/** The columns of a table between nodes and tags. */
const pair = () => ({
  id: serial().primaryKey(),
  node_id: integer()
    .notNull()
    .references(() => nodes.id),
  tag_id: integer()
    .notNull()
    .references(() => tags.id),
});
const uses = pgTable(
  'use',
  {
    ...pair(),
    badge: text().unique(),
  },
  (t) => [uniqueIndex('use_pair').on(t.node_id, t.tag_id)],
);
/** A pair is there once, and so is a seal, where there is one. */
const marks = pgTable(
  'mark',
  {
    ...pair(),
    seal: text(),
  },
  (t) => [
    uniqueIndex('mark_pair').on(t.node_id, t.tag_id),
    uniqueIndex('mark_seal').on(t.seal).where(sql`seal is not null`),
  ],
);
const ddl = `
create table warehouse (region text not null, code integer not null, name text not null, primary key (region, code));
create table pallet (id serial primary key, region text, code integer, label text not null, foreign key (region, code) references warehouse (region, code));
create table node (id serial primary key, name text not null);
create table link (id serial primary key, a_id integer not null references node (id) on delete cascade, b_id integer not null references node (id) on delete cascade, unique (a_id, b_id));
create table tag (id serial primary key, code text not null unique);
create table badge (id text primary key, tag_id text unique references tag (code));
create table note (id serial primary key, tag_id text references tag (code));
create table use (id serial primary key, node_id integer not null references node (id), tag_id integer not null references tag (id), badge text unique);
create unique index use_pair on use (node_id, tag_id);
create table mark (id serial primary key, node_id integer not null references node (id), tag_id integer not null references tag (id), seal text);
create unique index mark_pair on mark (node_id, tag_id);
create unique index mark_seal on mark (seal) where seal is not null;
`;
const define = (db: AnyDatabase) =>
  defineModels(
    db,
    { Warehouse: warehouses, Pallet: pallets, Node: nodes, Link: links, Tag: tags, Note: notes, Badge: badges },
    {
      Warehouse: { Meta: { primary_key: ['region', 'code'] } },
      Pallet: { home: foreignKey(['region', 'code'], 'Warehouse') },
      Link: {
        a: foreignKey('a_id', 'Node', { related_name: '+' }),
        b: foreignKey('b_id', 'Node', { related_name: '+' }),
      },
      Node: {
        friends: manyToMany('Node', { through: links }),
        tags: manyToMany('Tag', { through: uses }),
        marked: manyToMany('Tag', { through: marks, related_name: '+' }),
      },
    },
  );
describeDatabases(
  'keys of several columns',
  (database) => {
    test('a foreign key of two columns: written, read, filtered, joined, prefetched, by its manager', async () => {
      const { Warehouse, Pallet } = define(database.db);
      const w = await Warehouse.aobjects.create({ region: 'eu', code: 1, name: 'Rome' });
      await Warehouse.aobjects.create({ region: 'us', code: 1, name: 'NY' });
      const p = await Pallet.aobjects.create({ home: w, label: 'x' });
      expect([p.region, p.code]).toEqual(['eu', 1]);
      expect((await p.a$home)?.name).toBe('Rome');
      expect(await w.a$pallet_set.count()).toBe(1);
      await w.a$pallet_set.create({ label: 'y' });
      expect(await Pallet.aobjects.filter({ home__name: 'Rome' }).count()).toBe(2);
      expect(await Pallet.aobjects.filter({ home: w }).count()).toBe(2);
      expect(await Pallet.aobjects.filter({ home: ['eu', 1] }).count()).toBe(2);
      expect(await Pallet.aobjects.filter({ home__in: [w] }).count()).toBe(2);
      expect(await Pallet.aobjects.filter({ home__isnull: false }).count()).toBe(2);
      expect(await Pallet.aobjects.filter({ home: null }).count()).toBe(0);
      expect(await Warehouse.aobjects.filter({ pallet__label: 'x' }).count()).toBe(1);
      expect(
        await Warehouse.aobjects
          .annotate({ n: Count('pallet') })
          .order_by('-n')
          .values_list('name', 'n'),
      ).toEqual([
        ['Rome', 2],
        ['NY', 0],
      ]);
      const [q] = await Pallet.aobjects.select_related('home').order_by('id');
      expect(q!.home?.name).toBe('Rome');
      const ws = await Warehouse.aobjects.prefetch_related('pallet_set').order_by('name');
      expect(ws.map((x) => x.pallet_set.length)).toEqual([0, 2]);
      await w.a$pallet_set.remove(p);
      expect(await w.a$pallet_set.count()).toBe(1);
      await w.a$pallet_set.add(p);
      await w.a$pallet_set.set([p]);
      await w.a$pallet_set.clear();
      expect(await Pallet.aobjects.filter({ home: null }).count()).toBe(2);
      expect(await Pallet.aobjects.update({ home: w })).toBe(2);
      p.home = null;
      await p.asave();
      expect(await Pallet.aobjects.filter({ home: w }).count()).toBe(1);
      expect(
        await Warehouse.aobjects
          .filter({ pk__in: Pallet.aobjects.filter({ home: w }).values_list('home') as never })
          .count(),
      ).toBe(1);
    });
    test('pk is one value in rows', async () => {
      const { Warehouse } = define(database.db);
      expectTypeOf(await Warehouse.aobjects.values_list('pk', 'name')).toEqualTypeOf<[[string, number], string][]>();
      expect(await Warehouse.aobjects.order_by('pk').values_list('pk', 'name')).toEqual([
        [['eu', 1], 'Rome'],
        [['us', 1], 'NY'],
      ]);
      expect(await Warehouse.aobjects.order_by('pk').values('pk')).toEqual([{ pk: ['eu', 1] }, { pk: ['us', 1] }]);
      expect(await Warehouse.aobjects.order_by('pk').values_list('pk', { flat: true })).toEqual([
        ['eu', 1],
        ['us', 1],
      ]);
    });
    test('Count() of it', async () => {
      const { Warehouse, Pallet } = define(database.db);
      expect(await Warehouse.aobjects.aggregate({ n: Count('pk') })).toEqual({ n: 2 });
      expect(await Pallet.aobjects.aggregate({ n: Count('home'), d: Count('home', { distinct: true }) })).toEqual({
        n: 1,
        d: 1,
      });
      expect(
        await Warehouse.aobjects.annotate({ n: Count('pk', { distinct: true }) }).values_list('n', { flat: true }),
      ).toEqual([1, 1]);
    });
    test('statements meet the whole key, never its first column alone', async () => {
      const { Warehouse, Pallet } = define(database.db);
      expect(await Warehouse.aobjects.distinct().count()).toBe(2);
      expect(await Warehouse.aobjects.filter({ pk: ['eu', 1] }).update({ name: 'Roma' })).toBe(1);
      const all = await Warehouse.aobjects.all();
      for (const w of all) w.name = w.name.toUpperCase();
      expect(await Warehouse.aobjects.bulk_update(all, ['name'])).toBe(2);
      expect((await Warehouse.aobjects.order_by('region')).map((w) => w.name)).toEqual(['ROMA', 'NY']);
      expect(await Warehouse.aobjects.contains(all[0]!)).toBe(true);
      await Pallet.aobjects.all().delete();
      const eu2 = await Warehouse.aobjects.create({ region: 'eu', code: 2, name: 'Oslo' });
      await Pallet.aobjects.bulk_create([
        new Pallet({ label: 'p', home: eu2 }),
        new Pallet({ label: 'q', region: 'eu' }),
      ]);
      expect(await Pallet.aobjects.filter({ home: null }).count()).toBe(1);
      expect(await Pallet.aobjects.filter({ home__isnull: false }).count()).toBe(1);
      expect(await Pallet.aobjects.exclude({ home: null }).count()).toBe(1);
      expect(await Pallet.aobjects.exclude({ home: eu2 }).count()).toBe(1);
      expect(
        await Warehouse.aobjects.exclude({ pallet__label: 'p' }).order_by('name').values_list('name', { flat: true }),
      ).toEqual(['NY', 'ROMA']);
      expect(await Warehouse.aobjects.filter({ pallet__label: 'p' }).update({ name: 'Bergen' })).toBe(1);
      expect(await Warehouse.aobjects.filter({ pallet__isnull: true }).count()).toBe(2);
      expect(await Warehouse.aobjects.filter({ pallet__isnull: true, region: 'eu' }).delete()).toEqual([
        1,
        { Warehouse: 1 },
      ]);
      expect(await Warehouse.aobjects.order_by('name').values_list('name', { flat: true })).toEqual(['Bergen', 'NY']);
      eu2.name = 'Tromso';
      await Warehouse.aobjects.create({ region: 'eu', code: 1, name: 'Rome' });
      expect(await Warehouse.aobjects.bulk_update([eu2], ['name'])).toBe(1);
      expect(await Warehouse.aobjects.order_by('pk').values_list('name', { flat: true })).toEqual([
        'Rome',
        'Tromso',
        'NY',
      ]);
      const pq = await Pallet.aobjects.order_by('label');
      pq[1]!.home = eu2;
      expect(await Pallet.aobjects.bulk_update(pq, ['home'])).toBe(2);
      expect(await eu2.a$pallet_set.count()).toBe(2);
      expect(await Pallet.aobjects.filter({ home__in: Warehouse.aobjects.filter({ name: 'Tromso' }) }).count()).toBe(2);
      expect(await Pallet.aobjects.values_list('home', 'label').order_by('label')).toEqual([
        [['eu', 2], 'p'],
        [['eu', 2], 'q'],
      ]);
      expect(
        await Warehouse.aobjects
          .annotate({ has: Exists(Pallet.aobjects.filter({ region: OuterRef('region'), code: OuterRef('code') })) })
          .filter({ has: true })
          .count(),
      ).toBe(1);
      expect(
        await Warehouse.aobjects
          .slice(0, 1)
          .or(Warehouse.aobjects.filter({ name: 'NY' }))
          .count(),
      ).toBeGreaterThan(0);
      await Pallet.aobjects.all().delete();
      expect(await Warehouse.aobjects.filter({ pk__in: [['eu', 1]] }).delete()).toEqual([1, { Warehouse: 1 }]);
    });
    test('a symmetrical many-to-many: both directions, no reverse name', async () => {
      const { Node } = define(database.db);
      const [a, b, c] = await Node.aobjects.bulk_create([
        new Node({ name: 'a' }),
        new Node({ name: 'b' }),
        new Node({ name: 'c' }),
      ]);
      await a!.a$friends.add(b!, c!);
      expect(await b!.a$friends.values_list('name', { flat: true })).toEqual(['a']);
      expect(await Node.aobjects.filter({ friends__name: 'a' }).count()).toBe(2);
      await b!.a$friends.remove(a!);
      // To itself: one row, which is both directions. The database alone knows that a pair is there once.
      await b!.a$friends.add(b!, b!.id);
      await b!.a$friends.add(b!);
      expect(await b!.a$friends.values_list('name', { flat: true })).toEqual(['b']);
      expect(await a!.a$friends.values_list('name', { flat: true })).toEqual(['c']);
      await c!.a$friends.clear();
      expect(await a!.a$friends.count()).toBe(0);
      // @ts-expect-error symmetrical: no reverse
      expect(a.a$node_set).toBeUndefined();
    });
    test('a pair that a unique index keeps is there once, whoever adds it first; other conflicts are errors', async () => {
      const { Node, Tag } = define(database.db);
      const node = await Node.aobjects.create({ name: 'n' });
      const tag = await Tag.aobjects.create({ code: 'red' });
      await Promise.all([1, 2, 3, 4].map(() => node.a$tags.add(tag)));
      await node.a$tags.add(tag);
      expect(await node.a$tags.count()).toBe(1);
      await node.a$tags.set([tag], { clear: true, through_defaults: { badge: 'b' } });
      const other = await Tag.aobjects.create({ code: 'blue' });
      await expect(node.a$tags.add(other, { through_defaults: { badge: 'b' } })).rejects.toBeInstanceOf(IntegrityError);
      expect(await node.a$tags.values_list('code', { flat: true })).toEqual(['red']);
      // One after the other: of two at once PostgreSQL may see the other constraint first.
      for (let times = 0; times < 2; times++) await node.a$marked.add(tag, { through_defaults: { seal: 's' } });
      await expect(node.a$marked.add(other, { through_defaults: { seal: 's' } })).rejects.toBeInstanceOf(
        IntegrityError,
      );
      expect(await node.a$marked.values_list('code', { flat: true })).toEqual(['red']);
    });
    test('an unsaved object is none, though it has the value that a key points to', async () => {
      const { Tag, Note } = define(database.db);
      const tag = new Tag({ code: 'green' });
      const note = new Note({ tag });
      await expect(note.asave()).rejects.toThrow(/unsaved related object/);
      await tag.asave();
      await note.asave();
      expect(note.tag_id).toBe('green');
      const before = database.connection.statements.length;
      await expect(Note.aobjects.update({ tag: new Tag({ code: 'green' }) })).rejects.toThrow(/unsaved Tag/);
      expect(database.connection.statements.length).toBe(before);
    });
    test('a key that makes itself does so again where it is taken away', async () => {
      const { Badge } = define(database.db);
      const badge = await Badge.aobjects.create({});
      const first = badge.pk;
      badge.pk = null as never;
      await badge.asave();
      expect(await Badge.aobjects.filter({ id__in: [first, badge.pk] }).count()).toBe(2);
      const [a, b] = [new Badge({}), new Badge({})];
      a.pk = null as never;
      await Badge.aobjects.bulk_create([a, b]);
      expect(new Set([first, badge.pk, a.pk, b.pk]).size).toBe(4);
      expect(await Badge.aobjects.count()).toBe(4);
    });
    test('what a key points to may be deferred', async () => {
      const { Tag, Badge, Note } = define(database.db);
      await Tag.aobjects.create({ code: 'teal' });
      await Badge.aobjects.create({ id: 'own', tag_id: 'teal' });
      await Note.aobjects.create({ tag_id: 'teal' });
      const tag = await Tag.aobjects.defer('code').get({ code: 'teal' });
      expect(() => tag.a$note_set).toThrow(/needs to have a value for field "code".*load it first/);
      expect((await tag.a$badge).id).toBe('own');
      expect(await tag.a$note_set.count()).toBe(1);
    });
  },
  { schema: ddl, drivers: ['pglite', 'postgres-js'] },
);
