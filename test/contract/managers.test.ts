// Sections 5 and 7 of the contract: related managers, transactions, databases.
import {
  ConnectionDoesNotExist,
  IntegrityError,
  TransactionManagementError,
  atomic,
  on_commit,
  type AsyncManager,
  type AsyncQuerySet,
  type AsyncManyToManyRelatedManager,
  type AsyncManyToManyRelatedQuerySet,
  type AsyncManyToOneRelatedManager,
  type AsyncManyToOneRelatedQuerySet,
} from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

describeDatabases(
  'the contract: related managers, databases',
  (database) => {
    let { Topping, Box, Price, Pizza } = {} as ReturnType<typeof defineShop>;
    type Pizza = InstanceType<typeof Pizza>;
    type Topping = InstanceType<typeof Topping>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Price, Pizza } = defineShop(database.db));
      database.forget();
    });
    const _sent = () => database.statements.length;

    test('many to one', async () => {
      const box = await Box.aobjects.get({ id: 2 });
      const made = await box.a$pizza_set.create({ name: 'n', priceId: 4 });
      expect(made.boxId).toBe(2);
      expect(made.box).toBe(box);
      const [got, created] = await box.a$pizza_set.get_or_create({ name: 'n', defaults: { priceId: 1 } });
      expect([got.id, created]).toEqual([made.id, false]);
      const [up, c2] = await box.a$pizza_set.update_or_create({ name: 'n', defaults: { name: 'm' } });
      expect([up.name, c2]).toEqual(['m', false]);
      const weird = await Pizza.aobjects.get({ id: 2 });
      const other = await Pizza.aobjects.get({ id: 1 });
      expect(await box.a$pizza_set.add(weird, other)).toBeUndefined();
      expect(await box.a$pizza_set.count()).toBe(3);
      await box.a$pizza_set.add(weird, { bulk: false });
      expect(await box.a$pizza_set.remove(weird)).toBeUndefined();
      await expect(box.a$pizza_set.remove(await Pizza.aobjects.get({ id: 3 }))).rejects.toBeInstanceOf(
        Box.DoesNotExist,
      );
      await box.a$pizza_set.remove(other, { bulk: false });
      await box.a$pizza_set.set([weird], { bulk: false });
      expect(await box.a$pizza_set.values_list('id', { flat: true })).toEqual([2]);
      await box.a$pizza_set.set([], { clear: true });
      expect(await box.a$pizza_set.count()).toBe(0);
      await box.a$pizza_set.set(Pizza.aobjects.filter({ id: 1 }) as never);
      expect(await box.a$pizza_set.count()).toBe(1);
      await box.a$pizza_set.clear({ bulk: false });
      await expect(box.a$pizza_set.add(new Pizza({ name: 'z', priceId: 1 }))).rejects.toThrow(/unsaved|saved|bulk/);
      const zp = await Price.aobjects.create({ amount: '3' });
      const z = new Pizza({ name: 'z', price: zp });
      await box.a$pizza_set.add(z, { bulk: false });
      expect(z.pk).toBeGreaterThan(0);
      const pizza = await Pizza.aobjects.get({ id: 1 });
      // @ts-expect-error a delivery needs its pizza
      expect(pizza.a$delivery_set.remove).toBeUndefined();
      // @ts-expect-error a delivery needs its pizza
      expect(pizza.a$delivery_set.clear).toBeUndefined();
      expect('remove' in pizza.a$delivery_set).toBe(false);
      expect('clear' in pizza.a$delivery_set).toBe(false);
      expect('remove' in box.a$pizza_set).toBe(true);
      await pizza.a$delivery_set.set(await pizza.a$delivery_set);
      expect(await box.a$pizza_set.update({ name: 'all' })).toBe(1);
      expect(await box.a$pizza_set.filter({ name: 'all' }).exists()).toBe(true);
      expect(() => new Box({ name: 'u' }).a$pizza_set).toThrow(/primary key|save/);
      // @ts-expect-error another model
      await expect(async () => box.a$pizza_set.add(new Topping({ name: 'x' }))).rejects.toThrow(/Pizza/);
      expect(String(box.a$pizza_set)).toBe('<AsyncQuerySet [...Pizza]>');
      expectTypeOf(box.a$pizza_set).toExtend<AsyncManyToOneRelatedManager<Pizza>>();
      expectTypeOf(box.a$pizza_set).toExtend<AsyncManyToOneRelatedQuerySet<Pizza>>();
      const typed: AsyncManyToOneRelatedManager<Pizza> = box.a$pizza_set;
      expect(await typed.count()).toBe(1);
    });

    test('many to many', async () => {
      const pizza = await Pizza.aobjects.get({ id: 2 });
      const [bacon, mushroom, basil] = await Topping.aobjects.order_by('id');
      expect(await pizza.a$toppings.add(bacon!, 2, { through_defaults: { note: 'x' } })).toBeUndefined();
      expect(await pizza.a$toppings.count()).toBe(2);
      await pizza.a$toppings.add(bacon!);
      expect(await pizza.a$toppings.count()).toBe(2);
      const made = await pizza.a$toppings.create({ name: 'new', through_defaults: { note: 'y' } });
      expect(made).toBeInstanceOf(Topping);
      const [g, gc] = await pizza.a$toppings.get_or_create({
        name: 'new2',
        through_defaults: { note: 'z' },
        defaults: {},
      });
      expect([g.name, gc]).toEqual(['new2', true]);
      const [u, uc] = await pizza.a$toppings.update_or_create({
        name: 'new2',
        defaults: { name: 'new3' },
        through_defaults: { note: 'z' },
      });
      expect([u.name, uc]).toEqual(['new3', false]);
      const notes = await database.rows('select note from pizza_toppings where pizza_id = 2 order by id');
      expect(notes.map((n) => n['note'])).toEqual(['x', 'x', 'y', 'z']);
      await pizza.a$toppings.remove(made, u.id);
      await pizza.a$toppings.set([basil!, 1], { through_defaults: { note: 's' } });
      expect((await pizza.a$toppings.order_by('id')).map((t) => t.id)).toEqual([1, 3]);
      await pizza.a$toppings.set([mushroom!], { clear: true });
      await pizza.a$toppings.set(Topping.aobjects.filter({ id__lte: 2 }) as never);
      expect(await pizza.a$toppings.count()).toBe(2);
      await pizza.a$toppings.clear();
      expect(await pizza.a$toppings.count()).toBe(0);
      await bacon!.a$pizza_set.set([1, pizza]);
      expect(await bacon!.a$pizza_set.count()).toBe(2);
      await bacon!.a$pizza_set.remove(pizza);
      await bacon!.a$pizza_set.create({ name: 'via', priceId: 4 });
      expect(await bacon!.a$pizza_set.filter({ name: 'via' }).count()).toBe(1);
      await bacon!.a$pizza_set.clear();
      // @ts-expect-error no such column in the through table
      await expect(async () => pizza.a$toppings.add(1, { through_defaults: { nope: 1 } })).rejects.toThrow(/nope/);
      // @ts-expect-error wrong type
      await expect(async () => pizza.a$toppings.add('x')).rejects.toThrow();
      await expect(async () => pizza.a$toppings.add(undefined as never)).rejects.toThrow();
      await expect(async () => pizza.a$toppings.add(new Topping({ name: 'u' }))).rejects.toThrow(
        /saved|unsaved|primary key|value/,
      );
      expect(await pizza.a$toppings.count()).toBe(0);
      await expect(pizza.a$toppings.add(999)).rejects.toBeInstanceOf(IntegrityError);
      expectTypeOf(pizza.a$toppings).toExtend<AsyncManyToManyRelatedManager<Topping>>();
      const typed: AsyncManyToManyRelatedQuerySet<Topping> = pizza.a$toppings;
      await typed.add(1);
      expect(await typed.values_list('name', { flat: true })).toEqual(['bacon']);
      expect(await Pizza.aobjects.filter({ toppings: bacon! }).count()).toBe(1);
      expect(
        await Pizza.aobjects
          .filter({ toppings__in: [1, 2] })
          .distinct()
          .count(),
      ).toBe(2);
      const manager: AsyncManager<Pizza> = Pizza.aobjects;
      const qs: AsyncQuerySet<Pizza> = manager;
      const m2m: AsyncQuerySet<Topping> = pizza.a$toppings.all();
      expect([await qs.count(), await m2m.count()]).toEqual([4, 1]);
    });

    test('atomic', async () => {
      const db = database.db as never as Parameters<typeof atomic>[0];
      const log: string[] = [];
      const result = await atomic(db, async () => {
        on_commit(db, () => void log.push('outer'));
        await Topping.aobjects.create({ name: 'in' });
        await atomic(db, async () => {
          on_commit(db, () => void log.push('inner'));
          await Topping.aobjects.create({ name: 'in2' });
        });
        await atomic(db, async () => {
          on_commit(db, () => void log.push('lost'));
          await Topping.aobjects.create({ name: 'gone' });
          throw new Error('x');
        }).catch(() => {});
        expect(log).toEqual([]);
        expect(await Topping.aobjects.select_for_update().filter({ name: 'in' }).count()).toBe(1);
        return 5;
      });
      expect(result).toBe(5);
      expect(log).toEqual(['outer', 'inner']);
      expect(await Topping.aobjects.count()).toBe(5);
      await expect(
        atomic(db, async () => {
          await Topping.aobjects.all().delete();
          throw new RangeError('back');
        }),
      ).rejects.toThrow(RangeError);
      expect(await Topping.aobjects.count()).toBe(5);
      await expect(Topping.aobjects.select_for_update().eval()).rejects.toBeInstanceOf(TransactionManagementError);
      await expect(Topping.aobjects.select_for_update().get({ id: 1 })).rejects.toBeInstanceOf(
        TransactionManagementError,
      );
      await expect(atomic(db, () => atomic(db, async () => 1, { durable: true }))).rejects.toThrow(/durable/);
      expect(
        await atomic(
          db,
          async () =>
            (await Topping.aobjects
              .select_for_update({ nowait: true, of: ['self'], no_key: true })
              .order_by('id')
              .first())!.id,
          { isolation_level: 'serializable' },
        ),
      ).toBe(1);
      let ran = false;
      on_commit(db, () => {
        ran = true;
      });
      await new Promise((r) => setTimeout(r, 5));
      expect(ran).toBe(true);
      await atomic(db, async () => {
        await expect(Topping.aobjects.create({ id: 1, name: 'dup' })).rejects.toBeInstanceOf(IntegrityError);
      }).catch((e: unknown) => e);
    });

    test('using', async () => {
      const db = database.db as any;
      expect(await Topping.aobjects.using('second').count()).toBe(3);
      expect(await Topping.aobjects.using(db).count()).toBe(3);
      expect(() => Topping.aobjects.using('nope')).toThrow(ConnectionDoesNotExist);
      await db
        .transaction(async (tx: never) => {
          await Topping.aobjects.using(tx).create({ name: 'tx' });
          expect(await Topping.aobjects.using(tx).count()).toBe(4);
          const t = new Topping({ name: 'tx2' });
          await t.asave({ using: tx });
          throw new Error('rollback');
        })
        .catch(() => {});
      expect(await Topping.aobjects.count()).toBe(3);
      expect(Topping.aobjects.using('second').db).toBe('second');
      expect(Topping.aobjects.db).toBe('default');
    });

    test('races', async () => {
      const both = await Promise.all([
        Topping.aobjects.get_or_create({ id: 50, defaults: { name: 'r' } }),
        Topping.aobjects.get_or_create({ id: 50, defaults: { name: 'r' } }),
      ]);
      expect(both.filter(([, c]) => c)).toHaveLength(1);
      const ups = await Promise.all(
        [1, 2, 3].map((n) => Topping.aobjects.update_or_create({ id: 51, defaults: { name: `u${n}` } })),
      );
      expect(ups.filter(([, c]) => c)).toHaveLength(1);
    });

    test('bulk', async () => {
      const objs = [new Topping({ id: 1, name: 'dup' }), new Topping({ id: 60, name: 'n' })];
      await expect(Topping.aobjects.bulk_create(objs)).rejects.toBeInstanceOf(IntegrityError);
      await Topping.aobjects.bulk_create(objs, { ignore_conflicts: true });
      expect((await Topping.aobjects.get({ id: 1 })).name).toBe('bacon');
      await Topping.aobjects.bulk_create([new Topping({ id: 1, name: 'upd' })], {
        update_conflicts: true,
        update_fields: ['name'],
        unique_fields: ['id'],
      });
      expect((await Topping.aobjects.get({ id: 1 })).name).toBe('upd');
      await expect(async () => Topping.aobjects.bulk_create(objs, { update_conflicts: true })).rejects.toThrow(
        /Fields that will be updated/,
      );
      await expect(async () =>
        Topping.aobjects.bulk_create(objs, {
          update_conflicts: true,
          ignore_conflicts: true,
          update_fields: ['name'],
          unique_fields: ['id'],
        }),
      ).rejects.toThrow();
      await expect(async () => Topping.aobjects.bulk_create(objs, { batch_size: 0 })).rejects.toThrow();
      expect(await Topping.aobjects.bulk_create([])).toEqual([]);
      const all = await Topping.aobjects.order_by('id');
      for (const t of all) t.name += '!';
      expect(await Topping.aobjects.bulk_update(all, ['name'], { batch_size: 2 })).toBe(4);
      expect((await Topping.aobjects.get({ id: 60 })).name).toBe('n!');
      // Django writes CASE WHEN id = 60 THEN 'first' WHEN id = 60 THEN 'second' END.
      const twice = ['first', 'second'].map((name) => new Topping({ id: 60, name }));
      expect(await Topping.aobjects.bulk_update(twice, ['name'])).toBe(1);
      expect((await Topping.aobjects.get({ id: 60 })).name).toBe('first');
      await expect(async () => Topping.aobjects.bulk_update(all, [])).rejects.toThrow(/Field names/);
      await expect(async () => Topping.aobjects.bulk_update(all, ['id'])).rejects.toThrow(/primary key/);
      await expect(async () => Topping.aobjects.bulk_update([new Topping({ name: 'x' })], ['name'])).rejects.toThrow(
        /primary key/,
      );
      await Topping.aobjects.bulk_create([new Topping({ pk: 1, name: 'upd' } as never)], {
        update_conflicts: true,
        update_fields: ['name'],
        unique_fields: ['pk' as never],
      });
    });
  },
  { schema, drivers: ['pglite', 'postgres-js'] },
);
