// Instances and both related managers: each method, the rows in the database, and the statements that it took.
import { IntegrityError, Prefetch, ValueError } from 'drizzle-queryset';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

describeDatabases(
  'instances and related managers',
  (database) => {
    let { Topping, Box, Price, Pizza, Delivery } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Price, Pizza, Delivery } = defineShop(database.db));
      database.forget();
    });
    const boxes = async () => (await database.rows('select box_id as b from pizza order by id')).map((row) => row['b']);
    const pairs = async () =>
      (await database.rows('select pizza_id as p, topping_id as t from pizza_toppings order by 1, 2')).map((row) => [
        row['p'],
        row['t'],
      ]);
    const ids = async (query: PromiseLike<{ id: number }[]>) =>
      (await query).map((row) => row.id).sort((a, b) => a - b);

    describe('asave', () => {
      test('inserts, then updates; the key and defaults are read back', async () => {
        const price = new Price({ amount: '1.50' });
        expect(price.pk).toBeUndefined();
        await price.asave();
        expect([price.id, price.currency]).toEqual([5, 'usd']);
        price.amount = '2.50';
        await price.asave();
        expect(database.statements.map((s) => s.sql.split(' ')[0])).toEqual(['INSERT', 'UPDATE']);
        expect(await database.rows('select amount::text as a from price where id = 5')).toEqual([{ a: '2.50' }]);
      });
      test('with a key of its own: UPDATE, and INSERT where there is no such row', async () => {
        await new Topping({ id: 50, name: 'fifty' }).asave();
        await new Topping({ id: 1, name: 'ham' }).asave();
        expect(await Topping.aobjects.order_by('id').values_list('id', 'name')).toEqual([
          [1, 'ham'],
          [2, 'mushroom'],
          [3, 'Basil'],
          [50, 'fifty'],
        ]);
      });
      test('force_insert, force_update, update_fields', async () => {
        await expect(new Topping({ id: 1, name: 'x' }).asave({ force_insert: true })).rejects.toBeInstanceOf(
          IntegrityError,
        );
        await expect(new Topping({ id: 77, name: 'x' }).asave({ force_update: true })).rejects.toThrow(
          /did not affect any rows/,
        );
        await expect(new Topping({ name: 'x' }).asave({ force_update: true })).rejects.toBeInstanceOf(ValueError);
        await expect(
          new Topping({ name: 'x' }).asave({ force_insert: true, force_update: true }),
        ).rejects.toBeInstanceOf(ValueError);
        const price = await Price.aobjects.get({ id: 1 });
        price.amount = '1.00';
        price.currency = 'xxx';
        await price.asave({ update_fields: ['amount'] });
        expect(await Price.aobjects.filter({ id: 1 }).values_list('amount', 'currency')).toEqual([['1.00', 'usd']]);
        await expect(price.asave({ update_fields: ['nothing' as never] })).rejects.toThrow(/nothing/);
        // The key says which row: it is none of the fields.
        for (const key of ['id', 'pk'])
          await expect(price.asave({ update_fields: [key as never] })).rejects.toThrow(/non-concrete fields: (id|pk)$/);
        price.amount = '2.00';
        await price.asave({ update_fields: ['amount', 'amount'] });
        expect(await Price.aobjects.filter({ id: 1 }).values_list('amount', { flat: true })).toEqual(['2.00']);
        const pizza = await Pizza.aobjects.get({ id: 1 });
        pizza.boxId = 2;
        await pizza.asave({ update_fields: ['box', 'boxId'] });
        expect((await Pizza.aobjects.get({ id: 1 })).boxId).toBe(2);
        database.forget();
        await price.asave({ update_fields: [] });
        expect(database.statements).toEqual([]);
        await (await Topping.aobjects.get({ id: 2 })).adelete();
        const gone = new Topping({ id: 2, name: 'y' });
        await expect(gone.asave({ update_fields: ['name'] })).rejects.toThrow(/did not affect any rows/);
      });
      test('a relation by instance, before and after it is saved', async () => {
        const price = new Price({ amount: '3.00' });
        const pizza = new Pizza({ name: 'Nuova', price });
        await expect(pizza.asave()).rejects.toThrow(/unsaved related object 'price'/);
        await price.asave();
        await pizza.asave();
        expect(pizza.priceId).toBe(price.id);
        expect(await pizza.a$price).toBe(price);
        pizza.box = await Box.aobjects.get({ id: 2 });
        expect(pizza.boxId).toBe(2);
        await pizza.asave();
        expect((await Pizza.aobjects.get({ id: pizza.id })).boxId).toBe(2);
        pizza.box = null;
        expect(pizza.boxId).toBeNull();
        expect(() => {
          pizza.box = price as never;
        }).toThrow(/must be a "Box" instance/);
        // Given both, the column is the later word.
        const [one, two] = await Box.aobjects.order_by('id');
        const both = new Pizza({ name: 'Both', price, boxId: 2, box: one! } as never);
        expect([both.boxId, await both.a$box]).toMatchObject([2, { id: 2 }]);
        expect((await one!.a$pizza_set.create({ name: 'Both', priceId: 4, boxId: two!.id } as never)).boxId).toBe(2);
        expect(() => {
          (pizza as unknown as Record<string, unknown>)['toppings'] = [];
        }).toThrow(/a\$toppings/);
      });
      test('a key that is set after its relation is the later word', async () => {
        const box = new Box({ name: 'new' });
        const pizza = await Pizza.aobjects.get({ id: 1 });
        pizza.box = box;
        expect([pizza.box, await pizza.a$box]).toEqual([box, box]);
        for (const options of [{}, { update_fields: ['name'] }, { update_fields: [] }] as const)
          await expect(pizza.asave(options)).rejects.toThrow(/unsaved related object 'box'/);
        await box.asave();
        expect(pizza.box).toBe(box);
        await pizza.asave();
        expect([pizza.boxId, pizza.box]).toEqual([box.id, box]);
        pizza.boxId = null;
        await pizza.asave();
        expect(await Pizza.aobjects.filter({ id: 1 }).values_list('boxId', { flat: true })).toEqual([null]);
        pizza.box = new Box({ name: 'never saved' });
        pizza.boxId = 2;
        expect((await pizza.a$box)?.id).toBe(2);
        await pizza.asave();
        expect((await Pizza.aobjects.get({ id: 1 })).boxId).toBe(2);
      });
      test('a relation that was prefetched and is not there', async () => {
        const pizza = await Pizza.aobjects.prefetch_related('box').get({ id: 2 });
        expect(pizza.box).toBeNull();
        pizza.name = 'Boxless';
        await pizza.asave();
        expect(await Pizza.aobjects.filter({ id: 2 }).values_list('name', 'boxId')).toEqual([['Boxless', null]]);
      });
      test('using', async () => {
        const topping = new Topping({ name: 'far' });
        await topping.asave({ using: 'second' });
        await expect(topping.asave({ using: 'nowhere' })).rejects.toMatchObject({ name: 'ConnectionDoesNotExist' });
        expect(await Topping.aobjects.filter({ name: 'far' }).count()).toBe(1);
      });
      test('what is no field', () => {
        expect(() => new Topping({ nmae: 'x' } as never)).toThrow(/nmae.*Did you mean 'name'/);
        expect(() => new Pizza({ name: 'x', toppings: [] } as never)).toThrow(/a\$toppings/);
        expect(() => new Topping('bacon' as never)).toThrow(ValueError);
      });
    });

    test('adelete: the counts, the key afterwards, the cascade', async () => {
      const price = await Price.aobjects.get({ id: 1 });
      expect(await price.adelete()).toEqual([1, { Price: 1 }]);
      expect(price.pk).toBeNull();
      expect(await Pizza.aobjects.filter({ id: 1 }).exists()).toBe(false);
      await expect(price.adelete()).rejects.toBeInstanceOf(ValueError);
      await expect(new Topping({ name: 'x' }).adelete()).rejects.toThrow(/can't be deleted/);
    });

    describe('arefresh_from_db', () => {
      test('all columns, and the caches go', async () => {
        const pizza = await Pizza.aobjects.select_related('box').get({ id: 1 });
        const before = await pizza.a$box;
        await Pizza.aobjects.filter({ id: 1 }).update({ name: 'New', boxId: 2 });
        await pizza.arefresh_from_db();
        expect([pizza.name, pizza.boxId]).toEqual(['New', 2]);
        expect((await pizza.a$box)?.name).toBe('big box');
        expect(before?.name).toBe('medium box');
      });
      test('some columns', async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        pizza.name = 'mine';
        await Pizza.aobjects.filter({ id: 1 }).update({ name: 'theirs', boxId: 2 });
        await pizza.arefresh_from_db({ fields: ['boxId'] });
        expect([pizza.name, pizza.boxId]).toEqual(['mine', 2]);
        await expect(pizza.arefresh_from_db({ fields: ['nothing' as never] })).rejects.toBeInstanceOf(Error);
      });
      test('a row that is gone', async () => {
        const topping = await Topping.aobjects.get({ id: 1 });
        await Topping.aobjects.filter({ id: 1 }).delete();
        await expect(topping.arefresh_from_db()).rejects.toBeInstanceOf(Topping.DoesNotExist);
      });
    });

    test('equals', async () => {
      const [a, b] = [await Topping.aobjects.get({ id: 1 }), await Topping.aobjects.get({ id: 1 })];
      expect([
        a === b,
        a.equals(b),
        a.equals(await Topping.aobjects.get({ id: 2 })),
        a.equals(await Box.aobjects.get({ id: 1 })),
      ]).toEqual([false, true, false, false]);
      const unsaved = new Topping({ name: 'x' });
      expect([
        unsaved.equals(unsaved),
        unsaved.equals(new Topping({ name: 'x' })),
        a.equals(null),
        a.equals({ id: 1 }),
      ]).toEqual([true, false, false, false]);
    });

    describe('deferred columns', () => {
      test('are not read, not written, and come with arefresh_from_db', async () => {
        const [light] = await Price.aobjects.only('currency').filter({ id: 1 });
        expect({ ...light }).toEqual({ id: 1, currency: 'usd' });
        light!.currency = 'chf';
        await light!.asave();
        expect(await Price.aobjects.filter({ id: 1 }).values('amount', 'currency')).toEqual([
          { amount: '9.99', currency: 'chf' },
        ]);
        await light!.arefresh_from_db({ fields: ['amount'] });
        expect((light as unknown as { amount: string }).amount).toBe('9.99');
        const [deferred] = await Price.aobjects.defer('amount').filter({ id: 1 });
        expect({ ...deferred }).toEqual({ id: 1, currency: 'chf' });
      });
      test('a deferred key is asked for when its relation is', async () => {
        const [pizza] = await Pizza.aobjects.only('name').filter({ id: 1 });
        expect((await (pizza as unknown as { a$box: Promise<{ name: string }> }).a$box).name).toBe('medium box');
      });
      test('a deferred key is read, for all rows at once, when its relation is prefetched', async () => {
        database.forget();
        const rows = (await Pizza.aobjects.only('name').prefetch_related('box', 'price').order_by('id')) as unknown as {
          box: { name: string } | null;
          boxId: number | null;
          price: { amount: string };
        }[];
        expect(rows.map(({ box, boxId, price }) => [box?.name, boxId, price.amount])).toEqual([
          ['medium box', 1, '9.99'],
          [undefined, null, '19.99'],
          ['medium box', 1, '29.99'],
        ]);
        expect(database.statements.length).toBe(5);
      });
      test('a whole row is written with what was deferred', async () => {
        const light = await Price.aobjects.only('currency').get({ id: 1 });
        await expect(light.asave({ force_insert: true })).rejects.toBeInstanceOf(IntegrityError);
        expect((light as unknown as { amount: string }).amount).toBe('9.99');
        const [copy, other] = await Price.aobjects.only('currency').order_by('id');
        await expect(Price.aobjects.bulk_create([copy!])).rejects.toBeInstanceOf(IntegrityError);
        // Without its key there is no row to read the rest from.
        other!.pk = null as never;
        await expect(other!.asave({ force_insert: true })).rejects.toBeInstanceOf(Price.DoesNotExist);
        await expect(Price.aobjects.bulk_create([other!])).rejects.toBeInstanceOf(Price.DoesNotExist);
        expect(await Price.aobjects.count()).toBe(4);
      });
      test('a deferred key does not hide what was joined', async () => {
        const [pizza] = await Pizza.aobjects.select_related().only('name').filter({ id: 1 });
        database.forget();
        expect((await (pizza as unknown as { a$price: Promise<{ amount: string }> }).a$price).amount).toBe('9.99');
        expect(database.statements).toEqual([]);
      });
    });

    describe('accessors', () => {
      test('ask once, and again when the key changes', async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        expect(pizza.box).toBeUndefined();
        database.forget();
        const box = await pizza.a$box;
        expect(await pizza.a$box).toBe(box);
        expect(pizza.box).toBe(box);
        expect(database.statements.length).toBe(1);
        pizza.boxId = 2;
        expect((await pizza.a$box)?.name).toBe('big box');
        pizza.boxId = null;
        expect(await pizza.a$box).toBeNull();
      });
      test('one-to-one, both ways', async () => {
        const price = await Price.aobjects.get({ id: 1 });
        const pizza = await price.a$pizza;
        expect(pizza.name).toBe('Hawaiian');
        expect(await pizza.a$price).toBe(price);
        await expect((await Price.aobjects.get({ id: 4 })).a$pizza).rejects.toBeInstanceOf(Pizza.DoesNotExist);
      });
      test('one-to-one, let go from either side', async () => {
        const [price] = await Price.aobjects.prefetch_related('pizza').filter({ id: 1 });
        const pizza = price!.pizza!;
        database.forget();
        price!.pizza = null as never;
        expect([price!.pizza, pizza.price, pizza.priceId]).toEqual([null, null, null]);
        await expect(price!.a$pizza).rejects.toBeInstanceOf(Pizza.DoesNotExist);
        const [other] = await Pizza.aobjects.select_related('price').filter({ id: 2 });
        const far = other!.price;
        other!.price = null as never;
        expect((far as typeof far & { pizza?: unknown }).pizza).toBeNull();
        expect(database.statements.length).toBe(1);
      });
      test('what select_related() joins of the manager’s own instance is kept', async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        const [delivery] = await pizza.a$delivery_set.select_related('pizza__box').slice(0, 1);
        expect(delivery?.pizza.box?.id).toBe(1);
        expect(await (await pizza.a$delivery_set.all())[0]?.a$pizza).toBe(pizza);
      });
      test('select_related and prefetch_related fill them', async () => {
        const rows = await Pizza.aobjects
          .select_related('box', 'price')
          .prefetch_related('toppings', 'delivery_set')
          .order_by('id');
        database.forget();
        expect(
          rows.map((p) => [p.box?.name, p.price.amount, p.toppings.map((t) => t.name).sort(), p.delivery_set.length]),
        ).toEqual([
          ['medium box', '9.99', ['bacon'], 2],
          [undefined, '19.99', [], 1],
          ['medium box', '29.99', ['Basil', 'mushroom'], 0],
        ]);
        expect((await rows[0]!.a$toppings).map((t) => t.name)).toEqual(['bacon']);
        expect(await rows[0]!.a$toppings.count()).toBe(1);
        expect((await rows[0]!.a$box)?.id).toBe(1);
        expect(await rows[1]!.a$box).toBeNull();
        expect(database.statements).toEqual([]);
        // A further condition asks anew.
        expect(await rows[2]!.a$toppings.filter({ name: 'Basil' }).count()).toBe(1);
        expect(database.statements.length).toBe(1);
      });
      test('what is loaded is not prefetched again, by a queryset of its own neither', async () => {
        const big = Prefetch('box', Box.aobjects.filter({ name: 'big box' }));
        const rows = await Pizza.aobjects.select_related('box').prefetch_related(big).order_by('id');
        expect(rows.map((p) => p.box?.name)).toEqual(['medium box', undefined, 'medium box']);
      });
      test('a Prefetch whose queryset defers the key reads it for all rows at once', async () => {
        const far = (lookup: string, source: unknown, options?: { to_attr: string }) =>
          Prefetch(lookup, source as never, options as never) as never;
        const boxes = (await Box.aobjects
          .prefetch_related(
            far('pizza_set', Pizza.aobjects.only('name')),
            far('pizza_set', Pizza.aobjects.defer('box'), { to_attr: 'all' }),
          )
          .order_by('id')) as unknown as { pizza_set: { name: string }[]; all: { name: string }[] }[];
        expect(boxes.map((box) => [box.pizza_set, box.all].map((list) => list.map((p) => p.name).sort()))).toEqual([
          [
            ['Aloha', 'Hawaiian'],
            ['Aloha', 'Hawaiian'],
          ],
          [[], []],
        ]);
        // The boxes, and for each of the two the rows and their keys.
        expect(database.statements.length).toBe(5);
        const prices = (await Price.aobjects
          .prefetch_related(far('pizza', Pizza.aobjects.only('name')))
          .order_by('id')) as unknown as { pizza?: { name: string } }[];
        expect(prices.map((price) => price.pizza?.name)).toEqual(['Hawaiian', 'Weird', 'Aloha', undefined]);
      });

      test('asked for in one tick, they are one statement', async () => {
        const rows = await Pizza.aobjects.order_by('id');
        database.forget();
        const found = await Promise.all(rows.map((p) => p.a$price));
        expect(found.map((p) => p.amount)).toEqual(['9.99', '19.99', '29.99']);
        expect(database.statements.length).toBe(1);
        const again = await Promise.all([
          Pizza.aobjects.get({ id: 1 }),
          Pizza.aobjects.get({ id: 1 }),
          Pizza.aobjects.get({ id: 99 }).catch((e: Error) => e.name),
        ]);
        expect(database.statements.length).toBe(2);
        expect(again[0]).not.toBe(again[1]);
        expect(again[0]!.equals(again[1])).toBe(true);
        expect(again[2]).toBe('Pizza.DoesNotExist');
      });
      test('fetch modes: for all that were loaded together, or not at all', async () => {
        type Modes = { fetch_mode(mode: unknown): typeof Pizza.aobjects };
        const modes = (await import('drizzle-queryset')) as unknown as Record<string, unknown>;
        const peers = await (Pizza.aobjects as unknown as Modes)
          .fetch_mode(modes['FETCH_PEERS'] ?? 'peers')
          .order_by('id');
        database.forget();
        expect((await peers[0]!.a$price).amount).toBe('9.99');
        expect((await peers[2]!.a$price).amount).toBe('29.99');
        expect(database.statements.length).toBe(1);
        const [none] = await (Pizza.aobjects as unknown as Modes).fetch_mode(modes['RAISE'] ?? 'raise').order_by('id');
        await expect(none!.a$price).rejects.toMatchObject({ name: 'FieldFetchBlocked' });
      });
    });

    describe('the other end of a foreign key', () => {
      test('is a queryset', async () => {
        const box = await Box.aobjects.get({ id: 1 });
        expect(await ids(box.a$pizza_set)).toEqual([1, 3]);
        expect(await box.a$pizza_set.filter({ id__gt: 1 }).order_by('name').count()).toBe(1);
        expect((await box.a$pizza_set.first())?.id).toBe(1);
        const [pizza] = await box.a$pizza_set.order_by('id');
        database.forget();
        expect(await pizza!.a$box).toBe(box);
        expect(database.statements).toEqual([]);
      });
      test('create, get_or_create, update_or_create fill the key in', async () => {
        const pizza = await Pizza.aobjects.get({ id: 2 });
        const made = await pizza.a$delivery_set.create({ day: '2024-05-01', at: new Date('2024-05-01T10:00:00Z') });
        expect(made.pizzaId).toBe(2);
        const [found, created] = await pizza.a$delivery_set.get_or_create({
          day: '2024-05-01',
          defaults: { at: new Date(0) },
        });
        expect([found.id, created]).toEqual([made.id, false]);
        const [fresh, isNew] = await pizza.a$delivery_set.get_or_create({
          day: '2024-01-15',
          defaults: { at: new Date(0) },
        });
        // There is such a day, of another pizza.
        expect([fresh.pizzaId, isNew]).toEqual([2, true]);
        const [updated, wasNew] = await pizza.a$delivery_set.update_or_create({
          day: '2024-05-01',
          defaults: { day: '2024-05-02' },
        });
        expect([updated.id, updated.day, wasNew]).toEqual([made.id, '2024-05-02', false]);
        const other = await Pizza.aobjects.get({ id: 3 });
        const defaults = { pizza: other, at: new Date(0) };
        const [elsewhere] = await pizza.a$delivery_set.get_or_create({ day: '2024-06-01', defaults } as never);
        expect(elsewhere.pizzaId).toBe(3);
      });
      test('add', async () => {
        const big = await Box.aobjects.get({ id: 2 });
        const [one, two] = [await Pizza.aobjects.get({ id: 1 }), await Pizza.aobjects.get({ id: 2 })];
        database.forget();
        await big.a$pizza_set.add(one, two);
        expect(database.statements.length).toBe(1);
        expect([await boxes(), one.boxId, two.boxId]).toEqual([[2, 2, 1], 2, 2]);
        await big.a$pizza_set.add(await Pizza.aobjects.get({ id: 3 }), { bulk: false });
        expect(await boxes()).toEqual([2, 2, 2]);
        const price = await Price.aobjects.get({ id: 4 });
        const unsaved = new Pizza({ name: 'New', price });
        await expect(big.a$pizza_set.add(unsaved)).rejects.toThrow(/bulk/);
        await big.a$pizza_set.add(unsaved, { bulk: false });
        expect(await boxes()).toEqual([2, 2, 2, 2]);
        await expect(big.a$pizza_set.add(price as never)).rejects.toThrow(/'Pizza' instance expected/);
        await big.a$pizza_set.add();
      });
      test('remove', async () => {
        const box = await Box.aobjects.get({ id: 1 });
        const [one, two] = [await Pizza.aobjects.get({ id: 1 }), await Pizza.aobjects.get({ id: 2 })];
        await box.a$pizza_set.remove(one);
        expect(await boxes()).toEqual([null, null, 1]);
        // What was never saved is no row.
        await box.a$pizza_set.remove(new Pizza({ name: 'x', boxId: 1, priceId: 4 }));
        expect(await boxes()).toEqual([null, null, 1]);
        await expect(box.a$pizza_set.remove(two)).rejects.toBeInstanceOf(Box.DoesNotExist);
        // Whether it is related is read where that was deferred.
        await expect(box.a$pizza_set.remove(await Pizza.aobjects.only('name').get({ id: 2 }))).rejects.toBeInstanceOf(
          Box.DoesNotExist,
        );
        await box.a$pizza_set.remove(await Pizza.aobjects.only('name').get({ id: 3 }), { bulk: false });
        expect(await boxes()).toEqual([null, null, null]);
      });
      test('clear', async () => {
        const box = await Box.aobjects.get({ id: 1 });
        await box.a$pizza_set.clear();
        expect(await boxes()).toEqual([null, null, null]);
      });
      test('clear, one by one', async () => {
        const box = await Box.aobjects.get({ id: 1 });
        await box.a$pizza_set.clear({ bulk: false });
        expect(await boxes()).toEqual([null, null, null]);
      });
      test('set: the difference, or all anew', async () => {
        const box = await Box.aobjects.get({ id: 1 });
        const [one, two] = [await Pizza.aobjects.get({ id: 1 }), await Pizza.aobjects.get({ id: 2 })];
        await box.a$pizza_set.set([one, two]);
        expect(await boxes()).toEqual([1, 1, null]);
        await box.a$pizza_set.set(await Pizza.aobjects.filter({ id__gte: 2 }), { clear: true });
        expect(await boxes()).toEqual([null, 1, 1]);
        await box.a$pizza_set.set([]);
        expect(await boxes()).toEqual([null, null, null]);
        await box.a$pizza_set.set([one], { bulk: false });
        expect(await boxes()).toEqual([1, null, null]);
        await expect(box.a$pizza_set.set('abc' as never)).rejects.toBeInstanceOf(ValueError);
        await expect(box.a$pizza_set.set(7 as never)).rejects.toBeInstanceOf(ValueError);
      });
      test('a key that may not be NULL lets nothing go', async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        const manager = pizza.a$delivery_set as unknown as {
          remove?(...objects: unknown[]): Promise<void>;
          clear?(): Promise<void>;
        };
        await expect((async () => manager.clear!())()).rejects.toBeInstanceOf(TypeError);
        await expect((async () => manager.remove!(await Delivery.aobjects.get({ id: 1 })))()).rejects.toBeInstanceOf(
          TypeError,
        );
        expect(await Delivery.aobjects.count()).toBe(3);
      });
      test('an unsaved instance has none', () => {
        expect(() => new Box({ name: 'x' }).a$pizza_set).toThrow(ValueError);
        expect(() => new Pizza({ name: 'x', priceId: 1 }).a$toppings).toThrow(ValueError);
      });
    });

    describe('many-to-many', () => {
      test('add: instances and keys, once each, one statement', async () => {
        const pizza = await Pizza.aobjects.get({ id: 1 });
        const basil = await Topping.aobjects.get({ id: 3 });
        database.forget();
        await pizza.a$toppings.add(basil, 2, basil, 1);
        expect(database.statements.length).toBe(1);
        expect(await pairs()).toEqual([
          [1, 1],
          [1, 2],
          [1, 3],
          [3, 2],
          [3, 3],
        ]);
        await pizza.a$toppings.add();
        expect(database.statements.length).toBe(1);
        await expect(pizza.a$toppings.add(new Topping({ name: 'x' }))).rejects.toThrow(/Save it first/);
        await expect(pizza.a$toppings.add(pizza as never)).rejects.toThrow(/'Topping' instance expected/);
        await expect(pizza.a$toppings.add('x' as never)).rejects.toBeInstanceOf(ValueError);
        await expect(pizza.a$toppings.add(99)).rejects.toBeInstanceOf(IntegrityError);
      });
      test('from the other side', async () => {
        const bacon = await Topping.aobjects.get({ id: 1 });
        await bacon.a$pizza_set.add(2);
        await bacon.a$pizza_set.remove(1);
        expect(await pairs()).toEqual([
          [2, 1],
          [3, 2],
          [3, 3],
        ]);
        expect(await ids(bacon.a$pizza_set)).toEqual([2]);
      });
      test('through_defaults', async () => {
        const pizza = await Pizza.aobjects.get({ id: 2 });
        await pizza.a$toppings.add(1, { through_defaults: { note: 'extra' } });
        await pizza.a$toppings.set([1, 2], { through_defaults: { note: 'set' } });
        await pizza.a$toppings.create({ name: 'olive' });
        expect(
          await database.rows('select topping_id as t, note from pizza_toppings where pizza_id = 2 order by 1'),
        ).toEqual([
          { t: 1, note: 'extra' },
          { t: 2, note: 'set' },
          { t: 4, note: null },
        ]);
        const wrong = { through_defaults: { nte: 'x' } } as never;
        const named = { name: 'x', through_defaults: { nte: 'x' } } as never;
        const { a$toppings } = pizza;
        database.forget();
        for (const write of [
          () => a$toppings.add(3, wrong),
          () => a$toppings.set([3], wrong),
          () => a$toppings.create(named),
          () => a$toppings.get_or_create(named),
          () => a$toppings.update_or_create(named),
        ])
          await expect(write()).rejects.toThrow(/pizza_toppings has no field 'nte'/);
        expect(database.statements).toEqual([]);
      });
      test('create, get_or_create, update_or_create', async () => {
        const pizza = await Pizza.aobjects.get({ id: 2 });
        const olive = await pizza.a$toppings.create({ name: 'olive' });
        const [found, created] = await pizza.a$toppings.get_or_create({ name: 'olive' });
        expect([found.id, created]).toEqual([olive.id, false]);
        // There is bacon, but not on this pizza: looked for among the related rows alone.
        const [bacon, isNew] = await pizza.a$toppings.get_or_create({ name: 'bacon' });
        expect([bacon.id === 1, isNew]).toEqual([false, true]);
        const [changed] = await pizza.a$toppings.update_or_create({ name: 'olive', defaults: { name: 'olives' } });
        expect([changed.id, changed.name]).toEqual([olive.id, 'olives']);
        expect(await pizza.a$toppings.count()).toBe(2);
      });
      test('add passes over the pairs that are there, and no other conflict', async () => {
        const pizza = await Pizza.aobjects.get({ id: 2 });
        await expect(pizza.a$toppings.add(1, { through_defaults: { id: 1 } } as never)).rejects.toBeInstanceOf(
          IntegrityError,
        );
        expect(await pizza.a$toppings.count()).toBe(0);
      });
      test('remove and clear', async () => {
        const pizza = await Pizza.aobjects.get({ id: 3 });
        await pizza.a$toppings.remove(2, 1);
        expect(await pairs()).toEqual([
          [1, 1],
          [3, 3],
        ]);
        // What was never saved is in no relation.
        await pizza.a$toppings.remove(new Topping({ name: 'bacon' }));
        expect(await pairs()).toEqual([
          [1, 1],
          [3, 3],
        ]);
        await pizza.a$toppings.clear();
        expect(await pairs()).toEqual([[1, 1]]);
        expect(await Topping.aobjects.count()).toBe(3);
      });
      test('set: keeps what stays, and takes querysets', async () => {
        const pizza = await Pizza.aobjects.get({ id: 3 });
        const before = await database.rows('select id from pizza_toppings where pizza_id = 3 and topping_id = 3');
        await pizza.a$toppings.set([3, await Topping.aobjects.get({ id: 1 })]);
        expect(await pairs()).toEqual([
          [1, 1],
          [3, 1],
          [3, 3],
        ]);
        expect(await database.rows('select id from pizza_toppings where pizza_id = 3 and topping_id = 3')).toEqual(
          before,
        );
        await pizza.a$toppings.set(await Topping.aobjects.filter({ id: 3 }), { clear: true });
        expect(await database.rows('select id from pizza_toppings where pizza_id = 3 and topping_id = 3')).not.toEqual(
          before,
        );
        await pizza.a$toppings.set([]);
        expect(await pairs()).toEqual([[1, 1]]);
      });
      test('through_defaults: the key by its other name, and not what the relation gives itself', async () => {
        const pizza = await Pizza.aobjects.get({ id: 2 });
        await pizza.a$toppings.add(1, { through_defaults: { pk: 70 } as never });
        expect(await database.rows('select id from pizza_toppings where pizza_id = 2')).toEqual([{ id: 70 }]);
        database.forget();
        for (const name of ['pizzaId', 'topping'])
          await expect(pizza.a$toppings.add(2, { through_defaults: { [name]: 3 } as never })).rejects.toThrow(
            `through_defaults: '${name}' is given by the relation`,
          );
        expect(database.statements).toEqual([]);
      });
      test('a prefetched list is forgotten by a write', async () => {
        const [pizza] = await Pizza.aobjects.prefetch_related('toppings').filter({ id: 1 });
        expect(await pizza!.a$toppings.count()).toBe(1);
        await pizza!.a$toppings.add(2);
        expect(await pizza!.a$toppings.count()).toBe(2);
        const [box] = await Box.aobjects.prefetch_related('pizza_set').filter({ id: 1 });
        await box!.a$pizza_set.update({ name: 'Same' });
        expect((await box!.a$pizza_set).map((p) => p.name)).toEqual(['Same', 'Same']);
        await box!.a$pizza_set.clear();
        expect(await box!.a$pizza_set.count()).toBe(0);
        const one = await Pizza.aobjects.prefetch_related('toppings', 'delivery_set').get({ id: 1 });
        expect([await one.a$toppings.count(), await one.a$delivery_set.count()]).toEqual([2, 2]);
        await one.a$delivery_set.delete();
        await one.a$toppings.delete();
        expect([await one.a$toppings.count(), await one.a$delivery_set.count()]).toEqual([0, 0]);
        // By all managers of the instance, and by the queryset that all() gives.
        const [two] = await Pizza.aobjects.prefetch_related('toppings').filter({ id: 2 });
        const held = two!.a$toppings;
        await two!.a$toppings.add(await Topping.aobjects.create({ name: 'olive' }));
        expect((await held).map((t) => t.name)).toEqual(['olive']);
        const [again] = await Pizza.aobjects.prefetch_related('toppings').filter({ id: 2 });
        expect(again!.toppings?.map((t) => t.name)).toEqual(['olive']);
        await again!.a$toppings.all().update({ name: 'olives' });
        expect(again!.toppings).toBeUndefined();
        expect((await again!.a$toppings).map((t) => t.name)).toEqual(['olives']);
        expect(again!.toppings?.map((t) => t.name)).toEqual(['olives']);
        // in_bulk() asks anew, as filter() does.
        await Topping.aobjects.filter({ name: 'olives' }).update({ name: 'olive' });
        expect([...(await again!.a$toppings.in_bulk()).values()].map((t) => t.name)).toEqual(['olive']);
      });
      test('what a Prefetch left out is not there for the manager, until the list is forgotten', async () => {
        const withH = () =>
          Box.aobjects
            .prefetch_related(Prefetch('pizza_set', Pizza.aobjects.filter({ name__startswith: 'H' })))
            .get({ id: 1 });
        const box = await withH();
        expect(await ids(box.a$pizza_set.filter())).toEqual([1]);
        expect(await box.a$pizza_set.exclude({ id: 1 }).count()).toBe(0);
        await expect(box.a$pizza_set.get({ id: 3 })).rejects.toBeInstanceOf(Pizza.DoesNotExist);
        expect(await box.a$pizza_set.update({ name: 'Renamed' })).toBe(1);
        expect(await Pizza.aobjects.order_by('id').values_list('name', { flat: true })).toEqual([
          'Renamed',
          'Weird',
          'Aloha',
        ]);
        // The rows are forgotten, the queryset is not: none begins with H any more.
        expect(await box.a$pizza_set.count()).toBe(0);
        await box.a$pizza_set.add();
        expect(await box.a$pizza_set.count()).toBe(2);
        await Pizza.aobjects.filter({ id: 1 }).update({ name: 'Hawaiian' });
        await (await withH()).a$pizza_set.set([]);
        expect(await boxes()).toEqual([null, null, 1]);
        await (await withH()).a$pizza_set.clear();
        expect(await boxes()).toEqual([null, null, null]);
      });
      test('set() of many to many, after a Prefetch, lets go of what it had', async () => {
        const basil = Prefetch('toppings', Topping.aobjects.filter({ name: 'Basil' }));
        const pizza = await Pizza.aobjects.prefetch_related(basil).get({ id: 3 });
        expect(await pizza.a$toppings.count()).toBe(1);
        await pizza.a$toppings.set([1]);
        expect(await pairs()).toEqual([
          [1, 1],
          [3, 1],
          [3, 2],
        ]);
        const again = await Pizza.aobjects.prefetch_related(basil).get({ id: 3 });
        await again.a$toppings.remove();
        expect(await again.a$toppings.count()).toBe(2);
        const cut = await Pizza.aobjects
          .prefetch_related(Prefetch('toppings', Topping.aobjects.order_by('id').slice(0, 1)))
          .get({ id: 3 });
        expect(cut.toppings?.map((t) => t.id)).toEqual([1]);
        expect(await ids(cut.a$toppings.filter())).toEqual([1, 2]);
      });
    });
  },
  { schema },
);
