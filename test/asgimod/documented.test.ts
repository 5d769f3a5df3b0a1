// asgimod's documentation, line by line: its examples, then its API reference, each method once at least.
// Expectations come from that documentation and from the rows in pizzeria.ts.
import { inspect } from 'node:util';
import {
  atomic,
  Avg,
  Concat,
  ConnectionDoesNotExist,
  Count,
  DatabaseError,
  F,
  IndexError,
  IntegrityError,
  Lower,
  NotImplementedError,
  ObjectDoesNotExist,
  Q,
  Sum,
  TransactionManagementError,
  Upper,
  Value,
} from 'drizzle-queryset';
import { async_to_sync, sync_to_async } from '../../dist/src/sync/index.js'; // a worker is a Node of its own, and runs what is built
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineShop, freshRows, schema } from './pizzeria.js';

describeDatabases(
  'asgimod as documented',
  (database) => {
    type Shop = ReturnType<typeof defineShop>;
    let Topping: Shop['Topping'];
    let Box: Shop['Box'];
    let Price: Shop['Price'];
    let Pizza: Shop['Pizza'];
    let Delivery: Shop['Delivery'];

    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Price, Pizza, Delivery } = defineShop(database.db));
    });

    /** The objects that the documentation's examples speak of. */
    async function objects() {
      return {
        price: await Price.aobjects.get({ id: 1 }),
        pizza: await Pizza.aobjects.get({ id: 1 }),
        weird_pizza: await Pizza.aobjects.get({ id: 2 }),
        bacon: await Topping.aobjects.get({ id: 1 }),
        mushroom: await Topping.aobjects.get({ id: 2 }),
        medium_box: await Box.aobjects.get({ id: 1 }),
      };
    }

    const names = (rows: readonly { name: string }[]) => rows.map((row) => row.name);
    const ids = (rows: readonly { id: number }[]) => rows.map((row) => row.id);

    describe('async model mixins', () => {
      it('classproperty aobjects: the async manager, a fresh one each time', async () => {
        expect(names(await Topping.aobjects.order_by('id'))).toEqual(['bacon', 'mushroom', 'Basil']);
        await Topping.aobjects.create({ name: 'olive' });
        expect(await Topping.aobjects.all()).toHaveLength(4);
      });

      it('asave() inserts a new object and updates it afterwards', async () => {
        const box = new Box({ name: 'small box' });
        await box.asave();
        expect(box.id).toBe(3);
        box.name = 'tiny box';
        await box.asave();
        expect(await Box.aobjects.order_by('id').values_list('id', 'name')).toEqual([
          [1, 'medium box'],
          [2, 'big box'],
          [3, 'tiny box'],
        ]);
      });

      it('asave(force_insert=True)', async () => {
        await expect(new Box({ id: 1, name: 'again' }).asave({ force_insert: true })).rejects.toThrow(IntegrityError);
      });

      it('asave(force_update=True)', async () => {
        await expect(new Box({ id: 99, name: 'nowhere' }).asave({ force_update: true })).rejects.toThrow(DatabaseError);
        expect(await Box.aobjects.count()).toBe(2);
      });

      it('asave(using=…, update_fields=…)', async () => {
        const price = await Price.aobjects.get({ id: 1 });
        price.amount = '1.00';
        price.currency = 'eur';
        await price.asave({ using: 'second', update_fields: ['currency'] });
        const read = await Price.aobjects.get({ id: 1 });
        expect([read.amount, read.currency]).toEqual(['9.99', 'eur']);
      });

      it('adelete()', async () => {
        const box = await Box.aobjects.get({ id: 2 });
        expect(await box.adelete()).toEqual([1, { Box: 1 }]);
        expect(await Box.aobjects.filter({ id: 2 }).exists()).toBe(false);
      });

      it('adelete(using=…)', async () => {
        const box = await Box.aobjects.get({ id: 2 });
        await box.adelete({ using: 'second' });
        expect(ids(await Box.aobjects.all())).toEqual([1]);
      });

      it('a model without rows of that key: DoesNotExist', async () => {
        await expect(Price.aobjects.get({ id: 77 })).rejects.toThrow(Price.DoesNotExist);
        await expect(Price.aobjects.get({ id: 77 })).rejects.toThrow(ObjectDoesNotExist);
      });
    });

    describe('foreign relation access', () => {
      it('price = await Price.aobjects.get(id=1), and the other five', async () => {
        const { price, pizza, weird_pizza, bacon, mushroom, medium_box } = await objects();
        expect(price).toBeInstanceOf(Price);
        expect({ ...price }).toEqual({ id: 1, amount: '9.99', currency: 'usd' });
        expect({ ...pizza }).toEqual({ id: 1, name: 'Hawaiian', boxId: 1, priceId: 1 });
        expect({ ...weird_pizza }).toEqual({ id: 2, name: 'Weird', boxId: null, priceId: 2 });
        expect([bacon.name, mushroom.name, medium_box.name]).toEqual(['bacon', 'mushroom', 'medium box']);
      });

      it('await pizza.aprice', async () => {
        const { pizza } = await objects();
        const price = await pizza.a$price;
        expect(price).toBeInstanceOf(Price);
        expect(price.amount).toBe('9.99');
      });

      it('await price.apizza', async () => {
        const { price } = await objects();
        const pizza = await price.a$pizza;
        expect(pizza).toBeInstanceOf(Pizza);
        expect(pizza.name).toBe('Hawaiian');
      });

      it('a price that no pizza has: DoesNotExist, as in Django', async () => {
        const price = await Price.aobjects.get({ id: 4 });
        await expect((async () => price.a$pizza)()).rejects.toThrow(Pizza.DoesNotExist);
      });

      it('await price.abox: a slip of the documentation, for a price has no box. A pizza has', async () => {
        const { price, pizza, weird_pizza } = await objects();
        expect('a$box' in price).toBe(false);
        expect((await pizza.a$box)?.name).toBe('medium box');
        expect(await weird_pizza.a$box).toBeNull();
      });

      it('await medium_box.apizza_set.all().get(id=1)', async () => {
        const { medium_box } = await objects();
        expect((await medium_box.a$pizza_set.all().get({ id: 1 })).name).toBe('Hawaiian');
        await expect(medium_box.a$pizza_set.all().get({ id: 2 })).rejects.toThrow(Pizza.DoesNotExist);
      });

      it('await medium_box.apizza_set.filter(id__gt=1).order_by("name").count()', async () => {
        const { medium_box } = await objects();
        expect(await medium_box.a$pizza_set.filter({ id__gt: 1 }).order_by('name').count()).toBe(1);
      });

      it('await medium_box.apizza_set.add(weird_pizza)', async () => {
        const { medium_box, weird_pizza } = await objects();
        await medium_box.a$pizza_set.add(weird_pizza);
        expect((await Pizza.aobjects.get({ id: 2 })).boxId).toBe(1);
      });

      it('await medium_box.apizza_set.clear()', async () => {
        const { medium_box } = await objects();
        await medium_box.a$pizza_set.clear();
        expect(await medium_box.a$pizza_set.count()).toBe(0);
        expect(await Pizza.aobjects.filter({ box: null }).count()).toBe(3);
      });

      it('await pizza.atoppings.all().exists()', async () => {
        const { pizza, weird_pizza } = await objects();
        expect(await pizza.a$toppings.all().exists()).toBe(true);
        expect(await weird_pizza.a$toppings.all().exists()).toBe(false);
      });

      it('await pizza.atoppings.add(bacon, mushroom)', async () => {
        const { pizza, bacon, mushroom } = await objects();
        await pizza.a$toppings.add(bacon, mushroom);
        expect(ids(await pizza.a$toppings.order_by('id'))).toEqual([1, 2]);
      });

      it('await bacon.atoppings.filter(name__startswith="b").exists(): a slip too; of a pizza', async () => {
        const { pizza, bacon } = await objects();
        expect('a$toppings' in bacon).toBe(false);
        expect(await pizza.a$toppings.filter({ name__startswith: 'b' }).exists()).toBe(true);
        expect(await pizza.a$toppings.filter({ name__startswith: 'B' }).exists()).toBe(false);
      });

      it('await pizza.atoppings.remove(bacon)', async () => {
        const { pizza, bacon } = await objects();
        await pizza.a$toppings.remove(bacon);
        expect(await pizza.a$toppings.count()).toBe(0);
        expect(await Topping.aobjects.filter({ id: 1 }).exists()).toBe(true);
      });

      it('await pizza.atoppings.clear()', async () => {
        const { pizza, mushroom } = await objects();
        await pizza.a$toppings.add(mushroom);
        await pizza.a$toppings.clear();
        expect(await pizza.a$toppings.count()).toBe(0);
        expect(await Pizza.aobjects.filter({ toppings: mushroom }).values_list('id', { flat: true })).toEqual([3]);
      });

      it('await mushroom.apizza_set.all().exists()', async () => {
        const { mushroom } = await objects();
        expect(await mushroom.a$pizza_set.all().exists()).toBe(true);
      });

      it('await mushroom.apizza_set.add(pizza)', async () => {
        const { mushroom, pizza } = await objects();
        await mushroom.a$pizza_set.add(pizza);
        expect(ids(await mushroom.a$pizza_set.order_by('id'))).toEqual([1, 3]);
      });

      it('await mushroom.apizza_set.set([pizza, weird_pizza])', async () => {
        const { mushroom, pizza, weird_pizza } = await objects();
        await mushroom.a$pizza_set.set([pizza, weird_pizza]);
        expect(ids(await mushroom.a$pizza_set.order_by('id'))).toEqual([1, 2]);
        expect(await Topping.aobjects.filter({ pizza: 3 }).values_list('name', { flat: true })).toEqual(['Basil']);
      });

      it('apizza_set: AsyncManyToManyRelatedManager["Pizza"] is typed with nothing written', () => {
        type Of<M extends abstract new (...args: never[]) => unknown> = InstanceType<M>;
        const typed = async (topping: Of<typeof Topping>, box: Of<typeof Box>, price: Of<typeof Price>) => {
          expectTypeOf(await topping.a$pizza_set.get({ id: 1 })).toEqualTypeOf<Of<typeof Pizza>>();
          expectTypeOf(await box.a$pizza_set.get({ id: 1 })).toEqualTypeOf<Of<typeof Pizza>>();
          expectTypeOf(await price.a$pizza).toEqualTypeOf<Of<typeof Pizza>>();
          // @ts-expect-error a price has no box
          await price.a$box;
          // @ts-expect-error a topping has no toppings
          topping.a$toppings;
        };
        expect(typed).toBeTypeOf('function');
      });
    });

    describe('magic methods', () => {
      it('async for price in Price.aobjects.filter(currency="usd")', async () => {
        const seen: number[] = [];
        for await (const price of Price.aobjects.filter({ currency: 'usd' })) {
          expect(price.currency).toBe('usd');
          seen.push(price.id);
        }
        expect(seen.sort()).toEqual([1, 3]);
      });

      it('async for gives tuples and datetimes too', async () => {
        const tuples: [number, string][] = [];
        for await (const tuple of Box.aobjects.order_by('id').values_list('id', 'name')) tuples.push(tuple);
        expect(tuples).toEqual([
          [1, 'medium box'],
          [2, 'big box'],
        ]);
        const days: unknown[] = [];
        for await (const day of Delivery.aobjects.datetimes('at', 'day')) days.push(day);
        expect(days).toEqual([new Date('2024-01-15T00:00:00Z'), new Date('2024-03-01T00:00:00Z')]);
      });

      it('await Price.aobjects.all()[:2].eval()', async () => {
        expect(await Price.aobjects.all().slice(0, 2).eval()).toHaveLength(2);
        expect(ids(await Price.aobjects.order_by('id').slice(0, 2).eval())).toEqual([1, 2]);
      });

      it('await Price.aobjects.all()[1:2].eval()', async () => {
        expect(await Price.aobjects.all().slice(1, 2).eval()).toHaveLength(1);
        expect(ids(await Price.aobjects.order_by('id').slice(1, 2).eval())).toEqual([2]);
      });

      it('await Price.aobjects.all().order_by("-amount")[1:].eval()', async () => {
        expect(ids(await Price.aobjects.all().order_by('-amount').slice(1).eval())).toEqual([2, 1, 4]);
      });

      it('slicing gives a new AsyncQuerySet', () => {
        expect(String(Price.aobjects.all().slice(0, 2))).toBe('<AsyncQuerySet [...Price]>');
      });

      it('await Price.aobjects.all()[0]', async () => {
        expect(await Price.aobjects.all()[0]).toBeInstanceOf(Price);
        expect((await Price.aobjects.order_by('amount')[0]).id).toBe(4);
      });

      it('await Price.aobjects.all()[:5][0]', async () => {
        expect(await Price.aobjects.all().slice(0, 5)[0]).toBeInstanceOf(Price);
        expect((await Price.aobjects.order_by('amount').slice(1, 5)[1])?.id).toBe(2);
      });

      it('await Price.aobjects.filter(amount__gte=Decimal("9.99"))[0]', async () => {
        expect((await Price.aobjects.filter({ amount__gte: '9.99' }).order_by('amount')[0]).id).toBe(1);
        await expect((async () => Price.aobjects.filter({ amount__gte: '9.99' })[3])()).rejects.toThrow(IndexError);
      });

      it('__repr__ and __str__: <AsyncQuerySet [...Model]>', () => {
        const qs = Price.aobjects.filter({ currency: 'usd' });
        expect(String(qs)).toBe('<AsyncQuerySet [...Price]>');
        expect(inspect(qs)).toBe('<AsyncQuerySet [...Price]>');
      });

      it('__len__ raises NotImplementedError, use .count() instead', () => {
        const length = () => (Price.aobjects.all() as unknown as { length: number }).length;
        expect(length).toThrow(NotImplementedError);
        expect(length).toThrow(/use .*\bcount\(\)/);
      });

      it('__bool__: a condition over a QuerySet does not compile, use .exists() instead', async () => {
        const qs = Price.aobjects.filter({ currency: 'usd' });
        // @ts-expect-error this condition would always be true
        const trap = () => (qs ? 'always' : 'never');
        expect(trap()).toBe('always');
        expect(await qs.exists()).toBe(true);
      });

      it('qs = qa & qb', async () => {
        const qa = Price.aobjects.filter({ amount__gt: '2.99' });
        const qb = Price.aobjects.filter({ amount__gt: '19.99' });
        expect(ids(await qa.and(qb))).toEqual([3]);
      });

      it('qs = qa | qb', async () => {
        const qa = Price.aobjects.filter({ currency: 'usd' });
        const qb = Price.aobjects.filter({ currency: 'eur' });
        expect(ids(await qa.or(qb).order_by('id'))).toEqual([1, 2, 3]);
      });
    });

    describe('explicit evaluation', () => {
      it('item(val)', async () => {
        expect((await Price.aobjects.order_by('id').item(2)).id).toBe(3);
        expect(await Price.aobjects.order_by('id').values_list('currency', { flat: true }).item(3)).toBe('gbp');
        await expect((async () => Price.aobjects.all().item(4))()).rejects.toThrow(IndexError);
      });

      it('toppings = await Topping.aobjects.all().eval()', async () => {
        const toppings = await Topping.aobjects.all().eval();
        expect(Array.isArray(toppings)).toBe(true);
        expect(names(toppings).sort()).toEqual(['Basil', 'bacon', 'mushroom']);
        expectTypeOf(toppings).toEqualTypeOf<InstanceType<typeof Topping>[]>();
      });

      it('await Topping.aobjects.filter(name__startswith="B").eval()', async () => {
        expect(names(await Topping.aobjects.filter({ name__startswith: 'B' }).eval())).toEqual(['Basil']);
      });
    });

    describe('methods that return a new AsyncQuerySet', () => {
      it('filter(*args, **kwargs)', async () => {
        const found = await Pizza.aobjects.filter(Q({ box: null }).or(Q({ name: 'Aloha' })), { id__gt: 2 });
        expect(names(found)).toEqual(['Aloha']);
      });

      it('exclude(*args, **kwargs)', async () => {
        expect(ids(await Price.aobjects.exclude({ currency: 'usd' }).order_by('id'))).toEqual([2, 4]);
        expect(ids(await Price.aobjects.exclude(Q({ id: 1 }).or(Q({ id: 2 }))).order_by('id'))).toEqual([3, 4]);
      });

      it('annotate(*args, **kwargs)', async () => {
        const boxes = await Box.aobjects.annotate(Count('pizza'), { shout: Upper('name') }).order_by('id');
        expect(boxes.map((box) => [box.name, box.pizza__count, box.shout])).toEqual([
          ['medium box', 2, 'MEDIUM BOX'],
          ['big box', 0, 'BIG BOX'],
        ]);
      });

      it('alias(*args, **kwargs)', async () => {
        const boxes = await Box.aobjects.alias({ n: Count('pizza') }).filter({ n__gt: 0 });
        expect(boxes.map((box) => ({ ...box }))).toEqual([{ id: 1, name: 'medium box' }]);
      });

      it('order_by(*fields)', async () => {
        expect(names(await Pizza.aobjects.order_by('-box__name', 'name'))).toEqual(['Weird', 'Aloha', 'Hawaiian']);
        expect(ids(await Price.aobjects.order_by('currency', F('amount').desc()))).toEqual([2, 4, 3, 1]);
      });

      it('reverse()', async () => {
        expect(ids(await Price.aobjects.order_by('amount').reverse())).toEqual([3, 2, 1, 4]);
      });

      it('distinct(*fields)', async () => {
        const currencies = await Price.aobjects.values_list('currency', { flat: true }).order_by('currency').distinct();
        expect(currencies).toEqual(['eur', 'gbp', 'usd']);
        expect(ids(await Price.aobjects.order_by('currency', '-amount').distinct('currency'))).toEqual([2, 4, 3]);
      });

      it('values(*fields, **expressions)', async () => {
        expect(await Box.aobjects.order_by('id').values('id', { low: Upper('name') })).toEqual([
          { id: 1, low: 'MEDIUM BOX' },
          { id: 2, low: 'BIG BOX' },
        ]);
        expect(await Box.aobjects.filter({ id: 1 }).values()).toEqual([{ id: 1, name: 'medium box' }]);
      });

      it('values_list(*fields, flat=False, named=False)', async () => {
        const boxes = Box.aobjects.order_by('id');
        expect(await boxes.values_list('name', 'id')).toEqual([
          ['medium box', 1],
          ['big box', 2],
        ]);
        expect(await boxes.values_list('name', { flat: true })).toEqual(['medium box', 'big box']);
        const [row] = await boxes.values_list('name', 'id', { named: true });
        expect(row?.name).toBe('medium box');
        expect(row?.[1]).toBe(1);
        expect([...(row ?? [])]).toEqual(['medium box', 1]);
      });

      it("dates(field, kind, order='ASC')", async () => {
        expect(await Delivery.aobjects.dates('day', 'month')).toEqual(['2024-01-01', '2024-03-01']);
        expect(await Delivery.aobjects.dates('day', 'day', 'DESC')).toEqual(['2024-03-01', '2024-01-20', '2024-01-15']);
        expect(await Delivery.aobjects.dates('day', 'year', { order: 'DESC' })).toEqual(['2024-01-01']);
      });

      it("datetimes(field_name, kind, order='ASC', tzinfo=None)", async () => {
        expect(await Delivery.aobjects.datetimes('at', 'hour')).toEqual([
          new Date('2024-01-15T10:00:00Z'),
          new Date('2024-03-01T23:00:00Z'),
        ]);
        // 2024-03-01 23:30 UTC is already the second of March in Paris (UTC+1).
        expect(await Delivery.aobjects.datetimes('at', 'day', { order: 'DESC', tzinfo: 'Europe/Paris' })).toEqual([
          new Date('2024-03-01T23:00:00Z'),
          new Date('2024-01-14T23:00:00Z'),
        ]);
      });

      it('none()', async () => {
        expect(await Price.aobjects.none()).toEqual([]);
        expect(await Price.aobjects.none().count()).toBe(0);
      });

      it('all()', async () => {
        const qs = Price.aobjects.filter({ currency: 'usd' });
        expect(qs.all()).not.toBe(qs);
        expect(ids(await qs.all().order_by('id'))).toEqual([1, 3]);
      });

      it('union(*other_qs, all=False)', async () => {
        const usd = Price.aobjects.filter({ currency: 'usd' });
        const dear = Price.aobjects.filter({ amount__gt: '15' });
        expect(ids(await usd.union(dear).order_by('id'))).toEqual([1, 2, 3]);
        expect(ids(await usd.union(dear, { all: true }).order_by('id'))).toEqual([1, 2, 3, 3]);
        const gbp = Price.aobjects.filter({ currency: 'gbp' });
        expect(ids(await usd.union(dear, gbp).order_by('-id'))).toEqual([4, 3, 2, 1]);
      });

      it('intersection(*other_qs)', async () => {
        const usd = Price.aobjects.filter({ currency: 'usd' });
        expect(ids(await usd.intersection(Price.aobjects.filter({ amount__gt: '15' })))).toEqual([3]);
      });

      it('difference(*other_qs)', async () => {
        const usd = Price.aobjects.filter({ currency: 'usd' });
        expect(ids(await usd.difference(Price.aobjects.filter({ amount__gt: '15' })))).toEqual([1]);
      });

      it('select_related(*fields)', async () => {
        const pizzas = await Pizza.aobjects.select_related('box', 'price').order_by('id');
        expect(pizzas.map((pizza) => [pizza.box?.name, pizza.price.amount])).toEqual([
          ['medium box', '9.99'],
          [undefined, '19.99'],
          ['medium box', '29.99'],
        ]);
        expect(pizzas[1]?.box).toBeNull();
        expect(pizzas[0]?.price).toBeInstanceOf(Price);
      });

      it('prefetch_related(*lookups)', async () => {
        const pizzas = await Pizza.aobjects.prefetch_related('toppings', 'delivery_set').order_by('id');
        expect(pizzas.map((pizza) => [names(pizza.toppings).sort(), pizza.delivery_set.length])).toEqual([
          [['bacon'], 2],
          [[], 1],
          [['Basil', 'mushroom'], 0],
        ]);
      });

      it('extra(select, where, params, tables, order_by, select_params)', async () => {
        const rows = await Box.aobjects
          .extra({
            select: { label: 'upper(box.name) || %s' },
            select_params: ['!'],
            tables: ['price'],
            where: ['price.id = box.id', 'price.amount < %s'],
            params: ['15'],
            order_by: ['-id'],
          })
          .values('id', 'label');
        expect(rows).toEqual([{ id: 1, label: 'MEDIUM BOX!' }]);
      });

      it('defer(*fields)', async () => {
        const [price] = await Price.aobjects.filter({ id: 1 }).defer('currency');
        expect({ ...price }).toEqual({ id: 1, amount: '9.99' });
        // @ts-expect-error a deferred column is not in the type
        price?.currency;
      });

      it('only(*fields)', async () => {
        const [price] = await Price.aobjects.filter({ id: 1 }).only('currency');
        expect({ ...price }).toEqual({ id: 1, currency: 'usd' });
      });

      it('using(alias)', async () => {
        const qs = Price.aobjects.using('second');
        expect(qs.db).toBe('second');
        expect(await qs.count()).toBe(4);
        const unknown = async () => Price.aobjects.using('third' as 'second').count();
        await expect(unknown()).rejects.toThrow(ConnectionDoesNotExist);
      });

      it('select_for_update(nowait=False, skip_locked=False, of=(), no_key=False)', async () => {
        const options = [
          [{}, /for update$/i],
          [{ nowait: true }, /for update nowait$/i],
          [{ skip_locked: true }, /for update skip locked$/i],
          [{ no_key: true }, /for no key update$/i],
          [{ of: ['self'] }, /for update of "?pizza"?$/i],
        ] as const;
        await atomic(database.db, async () => {
          for (const [given, ending] of options) {
            const qs = Pizza.aobjects.select_for_update(given as { nowait?: boolean }).filter({ id: 1 });
            expect(qs.toSQL().sql.trim()).toMatch(ending);
            expect(names(await qs)).toEqual(['Hawaiian']);
          }
        });
        const outside = async () => Pizza.aobjects.select_for_update().get({ id: 1 });
        await expect(outside()).rejects.toThrow(TransactionManagementError);
      });

      it('raw(raw_query, params=(), translations=None, using=None)', async () => {
        const cheap = await Price.aobjects.raw('select * from price where amount < %s order by id', ['10']);
        expect(ids(cheap)).toEqual([1, 4]);
        expect(cheap[0]).toBeInstanceOf(Price);
        const [translated] = await Price.aobjects.raw(
          'select id, amount as cost, currency from price where id = %s',
          [2],
          { translations: { cost: 'amount' }, using: 'second' },
        );
        expect(translated?.amount).toBe('19.99');
      });
    });

    describe('methods that do not return a new AsyncQuerySet', () => {
      it('get(**kwargs)', async () => {
        expect((await Price.aobjects.get({ currency: 'gbp' })).amount).toBe('2.50');
        await expect(Price.aobjects.get({ currency: 'yen' })).rejects.toThrow(Price.DoesNotExist);
        await expect(Price.aobjects.get({ currency: 'usd' })).rejects.toThrow(Price.MultipleObjectsReturned);
      });

      it('create(**kwargs)', async () => {
        const price = await Price.aobjects.create({ amount: '5.00' });
        expect({ ...price }).toEqual({ id: 5, amount: '5.00', currency: 'usd' });
        expect(await Price.aobjects.count()).toBe(5);
      });

      it('get_or_create(**kwargs)', async () => {
        const [found, created] = await Topping.aobjects.get_or_create({ name: 'bacon' });
        expect([found.id, created]).toEqual([1, false]);
        const [price, isNew] = await Price.aobjects.get_or_create({
          currency: 'yen',
          defaults: { amount: '900.00' },
        });
        expect([price.amount, isNew]).toEqual(['900.00', true]);
      });

      it('update_or_create(defaults=None, **kwargs)', async () => {
        const [price, created] = await Price.aobjects.update_or_create({
          id: 1,
          defaults: { amount: '8.99' },
        });
        expect([price.amount, created]).toEqual(['8.99', false]);
        expect((await Price.aobjects.get({ id: 1 })).amount).toBe('8.99');
        const [other, isNew] = await Price.aobjects.update_or_create({
          currency: 'yen',
          defaults: { amount: '7.00' },
        });
        expect([other.currency, other.amount, isNew]).toEqual(['yen', '7.00', true]);
      });

      it('bulk_create(objs, batch_size=None, ignore_conflicts=False)', async () => {
        const made = await Box.aobjects.bulk_create(
          ['a', 'b', 'c'].map((name) => new Box({ name })),
          { batch_size: 2 },
        );
        expect(ids(made)).toEqual([3, 4, 5]);
        await Box.aobjects.bulk_create([new Box({ id: 1, name: 'no' }), new Box({ id: 9, name: 'yes' })], {
          ignore_conflicts: true,
        });
        expect(names(await Box.aobjects.filter({ id__in: [1, 9] }).order_by('id'))).toEqual(['medium box', 'yes']);
      });

      it('bulk_update(objs, fields, batch_size=None)', async () => {
        const prices = await Price.aobjects.order_by('id');
        for (const price of prices) Object.assign(price, { amount: `${price.id}.00`, currency: 'chf' });
        expect(await Price.aobjects.bulk_update(prices, ['amount'], { batch_size: 3 })).toBe(4);
        expect(await Price.aobjects.order_by('id').values_list('amount', 'currency')).toEqual([
          ['1.00', 'usd'],
          ['2.00', 'eur'],
          ['3.00', 'usd'],
          ['4.00', 'gbp'],
        ]);
      });

      it('count()', async () => {
        expect(await Price.aobjects.count()).toBe(4);
        expect(await Price.aobjects.filter({ currency: 'usd' }).count()).toBe(2);
      });

      it("in_bulk(id_list=None, *, field_name='pk')", async () => {
        const some = await Pizza.aobjects.in_bulk([1, 3, 99]);
        expect([...some.keys()].sort()).toEqual([1, 3]);
        expect(some.get(3)?.name).toBe('Aloha');
        expect((await Pizza.aobjects.in_bulk()).size).toBe(3);
        const byPrice = await Pizza.aobjects.in_bulk([2], { field_name: 'priceId' });
        expect(byPrice.get(2)?.name).toBe('Weird');
      });

      it('iterator(chunk_size=2000)', async () => {
        const seen: number[] = [];
        for await (const price of Price.aobjects.order_by('id').iterator({ chunk_size: 2 })) seen.push(price.id);
        expect(seen).toEqual([1, 2, 3, 4]);
      });

      it('latest(*fields)', async () => {
        expect((await Delivery.aobjects.latest('at')).id).toBe(3);
        expect((await Price.aobjects.latest('currency', 'amount')).id).toBe(3);
        await expect(Price.aobjects.none().latest('id')).rejects.toThrow(Price.DoesNotExist);
      });

      it('earliest(*fields)', async () => {
        expect((await Delivery.aobjects.earliest('at')).id).toBe(1);
        expect((await Price.aobjects.earliest('-currency', '-amount')).id).toBe(3);
      });

      it('first()', async () => {
        expect((await Price.aobjects.first())?.id).toBe(1);
        expect((await Price.aobjects.order_by('amount').first())?.id).toBe(4);
        expect(await Price.aobjects.filter({ id: 99 }).first()).toBeNull();
      });

      it('last()', async () => {
        expect((await Price.aobjects.last())?.id).toBe(4);
        expect((await Price.aobjects.order_by('amount').last())?.id).toBe(3);
      });

      it('aggregate(*args, **kwargs)', async () => {
        const all = await Price.aobjects.aggregate(Avg('id'), { total: Sum('amount'), n: Count('id') });
        // 9.99 + 19.99 + 29.99 + 2.50
        expect(all).toEqual({ id__avg: 2.5, total: '62.47', n: 4 });
      });

      it('exists()', async () => {
        expect(await Pizza.aobjects.filter({ toppings__name: 'bacon' }).exists()).toBe(true);
        expect(await Pizza.aobjects.filter({ toppings__name: 'ham' }).exists()).toBe(false);
      });

      it('update(**kwargs)', async () => {
        expect(await Price.aobjects.filter({ currency: 'usd' }).update({ amount: F('amount').add(1) })).toBe(2);
        expect(await Price.aobjects.order_by('id').values_list('amount', { flat: true })).toEqual([
          '10.99',
          '19.99',
          '30.99',
          '2.50',
        ]);
        const renamed = Pizza.aobjects.filter({ id: 1 }).update({ name: Concat(Lower('name'), Value('!')) });
        expect(await renamed).toBe(1);
        expect((await Pizza.aobjects.get({ id: 1 })).name).toBe('hawaiian!');
      });

      it('delete()', async () => {
        expect(await Topping.aobjects.filter({ name__istartswith: 'b' }).delete()).toEqual([2, { Topping: 2 }]);
        expect(names(await Topping.aobjects.all())).toEqual(['mushroom']);
      });

      it('explain(format=None, **options)', async () => {
        const qs = Price.aobjects.filter({ currency: 'usd' });
        expect(await qs.explain()).toMatch(/ on price/);
        expect(await qs.explain({ analyze: true })).toMatch(/actual time/);
        const [plan] = JSON.parse(await qs.explain({ format: 'json' }));
        expect(plan.Plan['Relation Name']).toBe('price');
      });
    });

    describe('AsyncManyToOneRelatedManager', () => {
      it('extends AsyncQuerySet', async () => {
        const { medium_box } = await objects();
        expect(names(await medium_box.a$pizza_set.order_by('name'))).toEqual(['Aloha', 'Hawaiian']);
        expect(await medium_box.a$pizza_set.exclude({ name: 'Aloha' }).values_list('id', { flat: true })).toEqual([1]);
      });

      it('add(*objs, bulk=True)', async () => {
        const { weird_pizza } = await objects();
        const big_box = await Box.aobjects.get({ id: 2 });
        await big_box.a$pizza_set.add(weird_pizza, await Pizza.aobjects.get({ id: 3 }));
        expect(ids(await big_box.a$pizza_set.order_by('id'))).toEqual([2, 3]);
        const fresh = new Pizza({ name: 'New', priceId: 4 });
        await big_box.a$pizza_set.add(fresh, { bulk: false });
        expect([fresh.id, fresh.boxId]).toEqual([4, 2]);
      });

      it('remove(*objs, bulk=True)', async () => {
        const { medium_box, pizza } = await objects();
        await medium_box.a$pizza_set.remove(pizza);
        expect(ids(await medium_box.a$pizza_set.all())).toEqual([3]);
        await medium_box.a$pizza_set.remove(await Pizza.aobjects.get({ id: 3 }), { bulk: false });
        expect(await medium_box.a$pizza_set.exists()).toBe(false);
        expect(await Pizza.aobjects.count()).toBe(3);
      });

      it('clear(*, bulk=True)', async () => {
        const { medium_box } = await objects();
        await medium_box.a$pizza_set.clear({ bulk: false });
        expect(await Pizza.aobjects.filter({ box: null }).count()).toBe(3);
      });

      it('set(objs, *, bulk=True, clear=False)', async () => {
        const { medium_box, pizza, weird_pizza } = await objects();
        await medium_box.a$pizza_set.set([pizza, weird_pizza]);
        expect(ids(await medium_box.a$pizza_set.order_by('id'))).toEqual([1, 2]);
        await medium_box.a$pizza_set.set([weird_pizza], { clear: true, bulk: false });
        expect(ids(await medium_box.a$pizza_set.all())).toEqual([2]);
      });
    });

    describe('AsyncManyToManyRelatedManager', () => {
      const notes = (pizza: number) =>
        Topping.aobjects.raw(
          `select topping.*, pizza_toppings.note from topping join pizza_toppings on topping_id = topping.id
         where pizza_id = %s order by topping.id`,
          [pizza],
        );

      it('add(*objs, through_defaults=None)', async () => {
        const { weird_pizza, bacon, mushroom } = await objects();
        await weird_pizza.a$toppings.add(bacon, mushroom.id, { through_defaults: { note: 'extra' } });
        await weird_pizza.a$toppings.add(bacon); // what is there already stays as it is
        const added = (await notes(2)) as unknown as { name: string; note: string }[];
        expect(added.map((row) => [row.name, row.note])).toEqual([
          ['bacon', 'extra'],
          ['mushroom', 'extra'],
        ]);
      });

      it('create(*, through_defaults=None, **kwargs)', async () => {
        const { pizza } = await objects();
        const olive = await pizza.a$toppings.create({ name: 'olive', through_defaults: { note: 'black' } });
        expect(olive).toBeInstanceOf(Topping);
        const added = (await notes(1)) as unknown as { name: string; note: string | null }[];
        expect(added.map((row) => [row.name, row.note])).toEqual([
          ['bacon', null],
          ['olive', 'black'],
        ]);
      });

      it('get_or_create(*, through_defaults=None, **kwargs)', async () => {
        const { pizza } = await objects();
        const [bacon, created] = await pizza.a$toppings.get_or_create({ name: 'bacon' });
        expect([bacon.id, created]).toEqual([1, false]);
        // A topping of that name exists, but not on this pizza: Django looks among the related ones, and makes another.
        const [mushroom, isNew] = await pizza.a$toppings.get_or_create({
          name: 'mushroom',
          through_defaults: { note: 'n' },
        });
        expect([mushroom.id, isNew]).toEqual([4, true]);
        expect(ids(await pizza.a$toppings.order_by('id'))).toEqual([1, 4]);
      });

      it('update_or_create(*, through_defaults=None, **kwargs)', async () => {
        const { pizza } = await objects();
        const [ham, created] = await pizza.a$toppings.update_or_create({
          name: 'bacon',
          defaults: { name: 'ham' },
        });
        expect([ham.id, ham.name, created]).toEqual([1, 'ham', false]);
        const [corn, isNew] = await pizza.a$toppings.update_or_create({ id: 50, defaults: { name: 'corn' } });
        expect([corn.id, corn.name, isNew]).toEqual([50, 'corn', true]);
        expect(names(await pizza.a$toppings.order_by('id'))).toEqual(['ham', 'corn']);
      });

      it('remove(*objs)', async () => {
        const aloha = await Pizza.aobjects.get({ id: 3 });
        await aloha.a$toppings.remove(2, await Topping.aobjects.get({ id: 3 }));
        expect(await aloha.a$toppings.count()).toBe(0);
        expect(await Topping.aobjects.count()).toBe(3);
      });

      it('clear()', async () => {
        const aloha = await Pizza.aobjects.get({ id: 3 });
        await aloha.a$toppings.clear();
        expect(await aloha.a$toppings.exists()).toBe(false);
      });

      it('set(objs, *, clear=False, through_defaults=None)', async () => {
        const { pizza, bacon, mushroom } = await objects();
        await pizza.a$toppings.set([bacon, mushroom], { through_defaults: { note: 'second' } });
        const first = (await notes(1)) as unknown as { id: number; note: string | null }[];
        // bacon was there and keeps its row; only mushroom is added.
        expect(first.map((row) => [row.id, row.note])).toEqual([
          [1, null],
          [2, 'second'],
        ]);
        await pizza.a$toppings.set([1, 3], { clear: true, through_defaults: { note: 'all' } });
        const again = (await notes(1)) as unknown as { id: number; note: string | null }[];
        expect(again.map((row) => [row.id, row.note])).toEqual([
          [1, 'all'],
          [3, 'all'],
        ]);
      });
    });
  },
  { schema },
);

describe('typed async and sync wrappers', () => {
  it('from asgimod.sync import sync_to_async, async_to_sync', async () => {
    const join = sync_to_async<typeof import('node:path/posix')>('node:path/posix').join;
    expectTypeOf(join).toEqualTypeOf<(...paths: string[]) => Promise<string>>();
    expect(await join('a', 'b')).toBe('a/b');
    const { realpath } = async_to_sync<typeof import('node:fs/promises')>('node:fs/promises');
    expect(realpath('/')).toBe('/');
  });
});
