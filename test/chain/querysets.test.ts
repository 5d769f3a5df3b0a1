// What a QuerySet is to JavaScript, when it asks, and what it keeps.
import { inspect } from 'node:util';
import { eq, sql } from 'drizzle-orm';
import { boolean, doublePrecision, integer, pgTable, text } from 'drizzle-orm/pg-core';
import {
  Case,
  Coalesce,
  Count,
  defineModels,
  Exists,
  ExpressionWrapper,
  ExtractMonth,
  F,
  FieldError,
  IndexError,
  Max,
  Min,
  MultipleObjectsReturned,
  NotImplementedError,
  NotSupportedError,
  ObjectDoesNotExist,
  Q,
  Sum,
  TruncMonth,
  Value,
  ValueError,
  When,
  Window,
} from 'drizzle-queryset';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { defineShop, freshRows, pizzas, schema, toppings } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

describeDatabases(
  'querysets',
  (database) => {
    let { Topping, Box, Price, Pizza, Delivery } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Price, Pizza, Delivery } = defineShop(database.db));
      database.forget();
    });
    const names = (rows: readonly { name: string }[]) => rows.map((row) => row.name);
    const sent = () => database.statements.length;

    describe('laziness', () => {
      test('a chain sends nothing; each link leaves the one before as it was', async () => {
        const all = Topping.aobjects.all();
        const some = all.filter({ id__gt: 1 });
        const reversed = some.order_by('-id');
        some.values('id');
        some.exclude({ id: 2 });
        expect(sent()).toBe(0);
        expect(names(await reversed)).toEqual(['Basil', 'mushroom']);
        expect(await some.count()).toBe(2);
        expect((await all).length).toBe(3);
      });

      test('two chains from one beginning do not meet', async () => {
        const base = Pizza.aobjects.filter({ id__gt: 0 });
        const [a, b] = [base.filter({ name: 'Weird' }), base.filter({ name: 'Aloha' })];
        expect([names(await a), names(await b), (await base).length]).toEqual([['Weird'], ['Aloha'], 3]);
      });

      test('none() and what can match nothing never ask', async () => {
        const nothing = [
          Topping.aobjects.none(),
          Topping.aobjects.filter({ id__in: [] }),
          Topping.aobjects.none().filter({ id: 1 }).order_by('name'),
          Topping.aobjects.all().slice(2, 2),
        ];
        for (const query of nothing) {
          expect(await query).toEqual([]);
          expect(await query.count()).toBe(0);
          expect(await query.exists()).toBe(false);
          expect(await query.first()).toBeNull();
        }
        expect(await Topping.aobjects.none().update({ name: 'x' })).toBe(0);
        expect(await Topping.aobjects.none().delete()).toEqual([0, {}]);
        await expect(Topping.aobjects.none().get()).rejects.toBeInstanceOf(Topping.DoesNotExist);
        expect(await Topping.aobjects.none().aggregate({ n: Count('id') })).toEqual({ n: 0 });
        expect(sent()).toBe(0);
      });
      test('what an aggregate falls back to needs no statement, what is computed from it does', async () => {
        const none = Topping.aobjects.none();
        const known = (fallback: number) => ({
          total: Sum('id', { default: fallback }),
          least: Coalesce(Min('name'), Max('name'), Value('zz')),
          nothing: Coalesce(Sum('id'), Max('id')),
        });
        expect(await none.aggregate(known(7))).toEqual({ total: 7, least: 'zz', nothing: null });
        expect(await none.aggregate(known(8))).toEqual({ total: 8, least: 'zz', nothing: null });
        expect(await Price.aobjects.none().aggregate({ s: Sum('amount', { default: 0 }) })).toEqual({ s: '0' });
        expect(sent()).toBe(0);
        expect(await none.aggregate({ n: Count('id').add(1), s: Sum('id').add(1) })).toEqual({ n: 1, s: null });
        expect(sent()).toBe(1);
        const groups = none.values('name').annotate({ k: Count('id') });
        expect(await groups.aggregate({ n: Count('k').add(1) })).toEqual({ n: 1 });
      });
    });

    describe('the rows that a queryset keeps', () => {
      test('it asks once, however often it is evaluated, and count, index, exists and loops use what is there', async () => {
        const query = Topping.aobjects.order_by('id').all();
        const first = await query;
        expect(await query).toBe(first);
        expect(await query.eval()).toBe(first);
        expect([
          await query.count(),
          await query.exists(),
          (await query[1])!.name,
          names(await query.slice(1, 3)),
        ]).toEqual([3, true, 'mushroom', ['mushroom', 'Basil']]);
        const looped: string[] = [];
        for await (const topping of query) looped.push(topping.name);
        expect(looped).toEqual(['bacon', 'mushroom', 'Basil']);
        expect(await query.contains(first[0]!)).toBe(true);
        expect(sent()).toBe(1);
      });

      test('all() is a fresh one; the rows do not change under the old one', async () => {
        const query = Topping.aobjects.order_by('id').all();
        await query;
        await Topping.aobjects.create({ name: 'olive' });
        expect([(await query).length, (await query.all()).length, await query.filter().count()]).toEqual([3, 4, 4]);
      });

      test('a manager keeps nothing, iterator() neither', async () => {
        await Topping.aobjects;
        await Topping.aobjects;
        expect(sent()).toBe(2);
        const query = Topping.aobjects.all();
        for await (const _ of query.iterator()) void _;
        await query;
        expect(sent()).toBeGreaterThanOrEqual(4);
      });

      test('a failed evaluation is not kept', async () => {
        await database.run('alter table topping rename to hidden');
        const query = Topping.aobjects.all();
        await expect(query.eval()).rejects.toMatchObject({ name: 'ProgrammingError', code: '42P01' });
        await database.run('alter table hidden rename to topping');
        expect((await query).length).toBe(3);
      });

      test('asked twice in one tick it asks once', async () => {
        const query = Topping.aobjects.all();
        const [a, b] = await Promise.all([query.eval(), query.eval()]);
        expect(a).toBe(b);
        expect(sent()).toBe(1);
      });
    });

    describe('as a JavaScript value', () => {
      test('text, inspection, length, JSON', () => {
        const query = Pizza.aobjects.filter({ id: 1 });
        expect(String(query)).toBe('<AsyncQuerySet [...Pizza]>');
        expect(inspect(query)).toBe('<AsyncQuerySet [...Pizza]>');
        expect(inspect({ query })).toContain('<AsyncQuerySet [...Pizza]>');
        expect(() => (query as { length: number }).length).toThrow(NotImplementedError);
        expect(() => (query as { length: number }).length).toThrow(/count\(\)/);
        expect(Object.keys(query)).toEqual([]);
        expect('0' in query).toBe(false);
        expect((query as unknown as Record<string, unknown>)['nothing']).toBeUndefined();
        expect(sent()).toBe(0);
      });

      test('qs[n], item(n)', async () => {
        const query = Topping.aobjects.order_by('id');
        expect((await query[0]).name).toBe('bacon');
        expect((await query[2])?.name).toBe('Basil');
        expect((await query.item(1)).name).toBe('mushroom');
        await expect(query[3]).rejects.toBeInstanceOf(IndexError);
        await expect(query.item(99)).rejects.toThrow(RangeError);
        expect(() => query.item(-1)).toThrow(/Negative indexing/);
        expect(() => query.item(0.5)).toThrow(ValueError);
        expect(() => (query as unknown as Record<string, unknown>)['-1']).toThrow(/Negative indexing/);
      });

      test('slices: of slices, open ends, none', async () => {
        const query = Topping.aobjects.order_by('id');
        const cut = async (q: typeof query extends never ? never : ReturnType<typeof query.slice>) =>
          (await q).map((t) => t.id);
        expect(await cut(query.slice(1))).toEqual([2, 3]);
        expect(await cut(query.slice(0, 2))).toEqual([1, 2]);
        expect(await cut(query.slice(null, 2))).toEqual([1, 2]);
        expect(await cut(query.slice(1, null))).toEqual([2, 3]);
        expect(await cut(query.slice(1, 3).slice(1, 5))).toEqual([3]);
        expect(await cut(query.slice(2, 1))).toEqual([]);
        expect(await cut(query.slice(5, 9))).toEqual([]);
        expect((await query.slice(1, 3)[1])!.id).toBe(3);
        await expect(query.slice(1, 3)[2]).rejects.toBeInstanceOf(IndexError);
        expect(await query.slice(1, 3).count()).toBe(2);
        expect(await query.slice(2, 9).exists()).toBe(true);
        for (const bad of [-1, 0.5, Number.NaN, '1', 2 ** 60]) {
          expect(() => query.slice(bad as number), String(bad)).toThrow(ValueError);
          expect(() => query.slice(0, bad as number), String(bad)).toThrow(ValueError);
        }
      });

      test('once cut, a queryset cannot be changed', () => {
        const cut = Topping.aobjects.order_by('id').slice(0, 2);
        for (const change of [
          () => cut.filter({ id: 1 }),
          () => cut.exclude({ id: 1 }),
          () => cut.order_by('name'),
          () => cut.reverse(),
          () => cut.distinct('name'),
        ])
          expect(change).toThrow(/once a slice has been taken/);
      });
      test('once cut, it may be asked for nothing more', async () => {
        const cut = Topping.aobjects.order_by('id').slice(0, 2);
        expect((await cut.filter().exclude({})).map((topping) => topping.id)).toEqual([1, 2]);
        expect(() => cut.filter(Q())).toThrow(/once a slice has been taken/);
      });
      test('nor changed in the database, nor asked for its last', async () => {
        const cut = Topping.aobjects.order_by('id').slice(0, 2);
        await expect(cut.update({ name: 'x' })).rejects.toThrow(/slice/);
        await expect(cut.delete()).rejects.toThrow(/limit/);
        await expect(cut.last()).rejects.toThrow(/slice/);
        await expect(cut.latest('id')).rejects.toThrow(/slice/);
        await expect(cut.in_bulk([1])).rejects.toThrow(/limit/);
        expect((await cut.get({ id: 1 } as never).catch((e: unknown) => e)) as Error).toBeInstanceOf(Error);
        expect(sent()).toBe(0);
      });
    });

    describe('instances as values', () => {
      test('columns are own and enumerable; nothing else is', async () => {
        const [pizza] = await Pizza.aobjects.select_related('box').prefetch_related('toppings').filter({ id: 1 });
        expect({ ...pizza }).toEqual({ id: 1, name: 'Hawaiian', boxId: 1, priceId: 1 });
        expect(JSON.parse(JSON.stringify(pizza))).toEqual({ id: 1, name: 'Hawaiian', boxId: 1, priceId: 1 });
        expect(Object.keys(pizza!)).toEqual(['id', 'name', 'boxId', 'priceId']);
        expect(String(pizza)).toBe('Pizza object (1)');
        expect(inspect(pizza)).toContain('Hawaiian');
        expect(pizza).toBeInstanceOf(Pizza);
        expect(pizza).not.toBeInstanceOf(Box);
        expect(Pizza.name).toBe('Pizza');
        expect(String(new Pizza({ name: 'x', priceId: 1 }))).toBe('Pizza object (None)');
      });
      test('annotations are properties beside them', async () => {
        const box = await Box.aobjects.annotate({ n: Count('pizza') }).get({ id: 1 });
        expect({ ...box }).toEqual({ id: 1, name: 'medium box', n: 2 });
      });
    });

    describe('exceptions', () => {
      test('each model has its own, and they are not those of another', async () => {
        const missing = await Pizza.aobjects.get({ id: 99 }).catch((e: unknown) => e);
        expect(missing).toBeInstanceOf(Pizza.DoesNotExist);
        expect(missing).toBeInstanceOf(ObjectDoesNotExist);
        expect(missing).not.toBeInstanceOf(Box.DoesNotExist);
        expect(String(missing)).toBe('Pizza.DoesNotExist: Pizza matching query does not exist.');
        const many = await Pizza.aobjects.get({ id__gt: 0 }).catch((e: unknown) => e);
        expect(many).toBeInstanceOf(Pizza.MultipleObjectsReturned);
        expect(many).toBeInstanceOf(MultipleObjectsReturned);
        expect(many).not.toBeInstanceOf(Box.MultipleObjectsReturned);
        expect(String(many)).toContain('it returned 3');
      });
      test('more than twenty are not counted', async () => {
        await Topping.aobjects.bulk_create(Array.from({ length: 30 }, (_, i) => new Topping({ name: `t${i}` })));
        database.forget();
        await expect(Topping.aobjects.get({ id__gt: 0 })).rejects.toThrow(/more than 20/);
        expect(database.statements[0]!.sql).toMatch(/LIMIT 21$/);
      });
    });

    describe('terminals', () => {
      test('first, last, latest, earliest', async () => {
        expect((await Topping.aobjects.first())?.id).toBe(1);
        expect((await Topping.aobjects.last())?.id).toBe(3);
        expect((await Topping.aobjects.order_by('-name').first())?.name).toBe('mushroom');
        expect((await Topping.aobjects.order_by('-name').last())?.name).toBe('Basil');
        expect((await Delivery.aobjects.latest('day')).id).toBe(3);
        expect((await Delivery.aobjects.earliest('-day')).id).toBe(3);
        expect((await Delivery.aobjects.latest('pizza__name', 'day')).id).toBe(3);
        await expect(Delivery.aobjects.latest()).rejects.toThrow(/get_latest_by/);
        await expect(Delivery.aobjects.filter({ id: 99 }).latest('day')).rejects.toBeInstanceOf(Delivery.DoesNotExist);
      });
      test('of a flat NULL is a row', async () => {
        const boxes = Pizza.aobjects.values_list('box__name', { flat: true });
        expect(await boxes.get({ id: 2 })).toBe(null);
        expect(await boxes.filter({ id: 2 }).latest('id')).toBe(null);
        expect(await boxes.filter({ id: 2 }).earliest('id')).toBe(null);
        await expect(boxes.get({ id: 99 })).rejects.toBeInstanceOf(Pizza.DoesNotExist);
        await expect(boxes.filter({ id: 99 }).latest('id')).rejects.toBeInstanceOf(Pizza.DoesNotExist);
        expect((await boxes.get_or_create({ id: 2 } as never))[1]).toBe(false);
      });
      test('first and last of groups, which have an order only where they have the key', async () => {
        const counted = Pizza.aobjects.annotate({ n: Count('toppings') }).values('name');
        expect([await counted.first(), await counted.last()]).toEqual([{ name: 'Hawaiian' }, { name: 'Aloha' }]);
        const groups = Pizza.aobjects.values('boxId').annotate({ n: Count('id') });
        await expect(groups.first()).rejects.toThrow(/first\(\) on an unordered queryset performing aggregation/);
        await expect(groups.last()).rejects.toThrow(/last\(\) on an unordered queryset performing aggregation/);
        expect(await groups.order_by('boxId').last()).toEqual({ boxId: null, n: 1 });
      });
      test('an aggregate that needs no row is the same of no rows', async () => {
        const never = { n: Count('id', { filter: Q({ id__in: [] }) }), high: Max('id', { filter: Q({ id__in: [] }) }) };
        expect(await Topping.aobjects.aggregate(never)).toEqual({ n: 0, high: null });
        expect(await Topping.aobjects.filter({ id: 99 }).aggregate(never)).toEqual({ n: 0, high: null });
      });
      test('aggregate() takes what is of many rows', async () => {
        const counted = Pizza.aobjects.annotate({ n: Count('toppings') }).filter({ id: 3 });
        expect(await counted.aggregate({ x: F('n'), y: F('n').add(1) })).toEqual({ x: 2, y: 3 });
        expect(await counted.aggregate({ x: Case(When({ n: 2 }, { then: Value('two') })) })).toEqual({ x: 'two' });
        expect(await Topping.aobjects.aggregate({ a: Sum('id').add(1), c: Count('id').add(F('a')) })).toEqual({
          a: 7,
          c: 10,
        });
        expect(await Topping.aobjects.aggregate({ a: sql<number>`max(id)`.mapWith(Number) })).toEqual({ a: 3 });
        const all = Pizza.aobjects.annotate({ n: Count('toppings') });
        const named = Pizza.aobjects.alias({ n: Count('toppings') });
        expect(
          await all.aggregate({
            some: Count('id', { filter: Q({ n__gt: 0 }) }),
            sum: Sum(Case(When({ n__gt: 0 }, { then: F('id') }), { default: Value(0) })),
            high: Max('n', { filter: Q({ name__startswith: 'H' }) }),
          }),
        ).toEqual({ some: 2, sum: 4, high: 1 });
        expect(
          await named.aggregate({
            some: Count('id', { filter: Q({ n__gt: 0 }) }),
            sum: Sum(Case(When({ n__gt: 0 }, { then: F('id') }), { default: Value(0) })),
          }),
        ).toEqual({ some: 2, sum: 4 });
        await expect(named.aggregate({ sum: Sum('n') } as never)).rejects.toThrow(
          "Cannot aggregate over the 'n' alias. Use annotate() to promote it.",
        );
        // What is made of one is of what the alias was made of.
        const days = Delivery.aobjects.alias({ on: F('day'), last: Max('day') });
        expect(await days.aggregate({ a: Max('on__day'), b: Min('last__day') })).toEqual({ a: 20, b: 1 });
        await expect(all.aggregate({ a: Sum('n'), b: Sum('a') } as never)).rejects.toThrow(
          /Cannot compute Sum\('a'\): 'a' is an aggregate/,
        );
        for (const x of [F('id'), F('id').add(1), Value(1), Window(Sum('id')), Exists(Topping.aobjects.all())])
          await expect(Topping.aobjects.aggregate({ n: Count('id'), x } as never)).rejects.toThrow(
            /^'x' is not an aggregate expression\.$/,
          );
      });
      test('what is computed from aggregates of a union where no row can match is computed', async () => {
        const all = Topping.aobjects.annotate({ z: F('id') });
        const none = all.filter({ id__in: [] });
        for (const [query, n] of [
          [none.union(none), 1],
          [all.union(none), 4],
          [none.difference(all), 1],
          [all.intersection(none), 1],
          [all.none().union(all.none()), 1],
        ] as const)
          expect(await query.aggregate({ n: Count('z').add(1) })).toEqual({ n });
        await expect(all.union(none).aggregate({ n: Max('name') })).rejects.toThrow(
          /QuerySet\.aggregate\('name'\) after union\(\) is not supported/,
        );
      });
      test('an annotation after values() may have any name but those that were chosen', async () => {
        const chosen = Topping.aobjects.annotate({ x: F('id') });
        for (const query of [chosen.values('x'), chosen.values_list('x', { flat: true }), chosen.values_list('x')])
          expect(() => query.annotate({ x: F('name') } as never).query).toThrow(/'x' conflicts with a field/);
        expect(
          await chosen
            .filter({ id: 1 })
            .values('x')
            .annotate({ name: F('id') } as never),
        ).toEqual([{ x: 1, name: 1 }]);
      });

      test('an annotated condition is compared like any value', async () => {
        const toppings = Topping.aobjects
          .annotate({ z: ExpressionWrapper(Q({ id__gt: 1 }), { output_field: boolean() }) })
          .order_by('id');
        const ids = async (query: PromiseLike<{ id: number }[]>) => (await query).map((topping) => topping.id);
        expect(await ids(toppings.filter({ z: true }))).toEqual([2, 3]);
        expect(await ids(toppings.exclude({ z: true }))).toEqual([1]);
        expect(await ids(toppings.filter({ z__in: [true] }))).toEqual([2, 3]);
        expect(await toppings.aggregate({ n: Count('id', { filter: Q({ z: true }) }) })).toEqual({ n: 2 });
        const isBacon = toppings.annotate({
          bacon: ExpressionWrapper(Q({ name: 'bacon' }), { output_field: boolean() }),
        });
        expect(await ids(isBacon.filter({ z: F('bacon') }))).toEqual([]);
        expect(await ids(isBacon.exclude({ z: F('bacon') }))).toEqual([1, 2, 3]);
        // Without a wrapper too (Django 4.0).
        const bare = Topping.aobjects.annotate({ z: Q({ id__gt: 1 }) } as never) as unknown as typeof toppings;
        expect(await ids(bare.filter({ z__in: [true] }))).toEqual([2, 3]);
      });

      test('an aggregate is compared with a list of expressions', async () => {
        const counted = Pizza.aobjects.annotate({ n: Count('toppings') }).order_by('id');
        const ids = async (query: typeof counted) => (await query).map((pizza) => pizza.id);
        // One topping, none and two.
        expect(await ids(counted.filter({ n__in: [F('id'), 2] }))).toEqual([1, 3]);
        expect(await ids(counted.exclude({ n__range: [1, F('id')] }))).toEqual([2]);
      });

      test('what differs only by its type is another statement', async () => {
        const [days, times] = [Delivery.aobjects.dates('at', 'month'), Delivery.aobjects.datetimes('at', 'month')];
        expect(days.toSQL().sql).not.toBe(times.toSQL().sql);
        const total = (output_field?: unknown) =>
          Price.aobjects.filter({ id: 1 }).values_list(Window(Sum('amount'), { output_field } as never) as never);
        expect([await total(), await total(doublePrecision())]).toEqual([[['9.99']], [[9.99]]]);
      });
      test('what dates() and datetimes() give has a name to be asked by', async () => {
        const [days, times] = [Delivery.aobjects.dates('at', 'month'), Delivery.aobjects.datetimes('at', 'month')];
        expect(await days.order_by('-datefield' as never)).toEqual([...(await days)].reverse());
        expect(await times.order_by('-datetimefield' as never)).toEqual([...(await times)].reverse());
        expect(() => times.order_by('datefield' as never).toSQL()).toThrow(FieldError);
      });
      test('a random order makes no groups of its own', async () => {
        const counted = Pizza.aobjects.annotate({ n: Count('toppings') }).order_by('?');
        expect((await counted.values_list('id', { flat: true })).sort()).toEqual([1, 2, 3]);
      });
      test('a time zone is for timestamps alone', () => {
        const day = { tzinfo: 'Asia/Tokyo' };
        for (const cut of [ExtractMonth('day', day), TruncMonth('day', day)])
          expect(() => Delivery.aobjects.annotate({ cut })).toThrow(/tzinfo/);
      });
      test('dates() of what was distinct by a column', async () => {
        expect(await Delivery.aobjects.distinct('pizza').dates('day', 'month')).toEqual(['2024-01-01', '2024-03-01']);
      });
      test('its own update() and delete() forget its rows', async () => {
        const bacon = Topping.aobjects.filter({ id: 1 });
        expect((await bacon)[0]?.name).toBe('bacon');
        await bacon.update({ name: 'Speck' });
        expect((await bacon)[0]?.name).toBe('Speck');
        // Those that were on their way too.
        const fresh = Topping.aobjects.filter({ id: 1 });
        await Promise.all([fresh.eval(), fresh.update({ name: 'bacon' })]);
        expect((await fresh)[0]?.name).toBe('bacon');
        await bacon.delete();
        expect(await bacon).toEqual([]);
        await expect(Topping.aobjects.values('id').update_or_create({ id: 2 } as never)).rejects.toThrow(
          /Cannot call update_or_create\(\) after \.values\(\)/,
        );
      });
      test('bulk_update() reads what was deferred', async () => {
        const some = await Price.aobjects.only('amount').order_by('id');
        (some[0] as unknown as { currency: string }).currency = 'xxx';
        database.forget();
        await Price.aobjects.bulk_update(some, ['currency', 'currency']);
        // One statement reads for all, and one writes.
        expect(database.statements.length).toBe(2);
        expect(await Price.aobjects.order_by('id').values_list('currency', { flat: true })).toEqual([
          'xxx',
          'eur',
          'usd',
          'gbp',
        ]);
      });
      test('in_bulk, contains', async () => {
        const found = await Topping.aobjects.in_bulk([1, 3, 99]);
        expect([...found.keys()].sort()).toEqual([1, 3]);
        expect(found.get(3)?.name).toBe('Basil');
        expect((await Topping.aobjects.in_bulk()).size).toBe(3);
        expect((await Topping.aobjects.in_bulk([])).size).toBe(0);
        expect(
          [...(await Pizza.aobjects.in_bulk([1, 2], { field_name: 'priceId' })).values()].map((p) => p.name).sort(),
        ).toEqual(['Hawaiian', 'Weird']);
        await expect(Topping.aobjects.in_bulk(['bacon'], { field_name: 'name' })).rejects.toThrow(/unique/);
        const all = await Pizza.aobjects.in_bulk({ field_name: 'priceId' });
        expect([...all].every(([key, pizza]) => key === pizza.priceId) && all.size).toBe(3);
        const bacon = await Topping.aobjects.get({ id: 1 });
        expect([
          await Topping.aobjects.contains(bacon),
          await Topping.aobjects.filter({ id: 2 }).contains(bacon),
        ]).toEqual([true, false]);
        await expect(Topping.aobjects.contains(new Topping({ name: 'x' }))).rejects.toThrow(/unsaved/);
      });
      test('in_bulk() by a column that is deferred', async () => {
        const all = [...(await Pizza.aobjects.in_bulk({ field_name: 'priceId' })).keys()].sort();
        const keys = (found: Map<unknown, unknown>) => [...found.keys()].sort();
        expect(keys(await Pizza.aobjects.only('name').in_bulk({ field_name: 'priceId' }))).toEqual(all);
        expect(keys(await Pizza.aobjects.defer('priceId', 'name').in_bulk({ field_name: 'priceId' }))).toEqual(all);
      });
      test('in_bulk() of values', async () => {
        const { aobjects } = Topping;
        const entries = (map: Map<unknown, unknown>) => [...map].sort(([a], [b]) => Number(a) - Number(b));
        const name = (await aobjects.get({ id: 1 })).name;
        expect(entries(await aobjects.values('name').in_bulk([1]))).toEqual([[1, { name }]]);
        expect(entries(await aobjects.values('id', 'name').in_bulk([1, 99]))).toEqual([[1, { id: 1, name }]]);
        expect(entries(await aobjects.values('pk').in_bulk([1]))).toEqual([[1, { pk: 1 }]]);
        expect(entries(await aobjects.values().in_bulk([1]))).toEqual([[1, { id: 1, name }]]);
        expect(entries(await aobjects.values_list('name').in_bulk([1]))).toEqual([[1, [name]]]);
        expect(entries(await aobjects.values_list('name', 'id').in_bulk([1]))).toEqual([[1, [name, 1]]]);
        expect(entries(await aobjects.values_list('name', { flat: true }).in_bulk([1]))).toEqual([[1, name]]);
        expect(entries(await aobjects.values_list('id', { flat: true }).in_bulk())).toEqual([
          [1, 1],
          [2, 2],
          [3, 3],
        ]);
        const named = (await aobjects.values_list('name', { named: true }).in_bulk([1])).get(1);
        expect([named?.name, named?.length]).toEqual([name, 1]);
        // What was added after values() comes along.
        const counted = await aobjects
          .values('name')
          .annotate({ n: Count('pizza') })
          .in_bulk([1]);
        expect(counted.get(1)).toEqual({ name, n: await Pizza.aobjects.filter({ toppings: 1 }).count() });
        expect(
          (await Pizza.aobjects.values_list('box__name', 'name').in_bulk([1], { field_name: 'priceId' })).get(1),
        ).toEqual(await Pizza.aobjects.values_list('box__name', 'name').get({ priceId: 1 }));
        await expect(aobjects.values('name').union(aobjects.values('name')).in_bulk()).rejects.toThrow(/after union/);
      });
      test('get_or_create and update_or_create', async () => {
        const [basil, made] = await Topping.aobjects.get_or_create({
          name__iexact: 'BASIL',
          defaults: { name: 'basil' },
        });
        expect([basil.id, made]).toEqual([3, false]);
        const [caper, created] = await Topping.aobjects.get_or_create({
          name__iexact: 'CAPER',
          defaults: { name: () => 'caper' },
        });
        expect([caper.name, created]).toEqual(['caper', true]);
        const [same, again] = await Topping.aobjects.update_or_create({ name: 'caper', defaults: { name: 'capers' } });
        expect([same.id, same.name, again]).toEqual([caper.id, 'capers', false]);
        const [fresh, isNew] = await Topping.aobjects.update_or_create({
          name: 'olive',
          defaults: { name: 'x' },
          create_defaults: { name: 'olive' },
        });
        expect([fresh.name, isNew]).toEqual(['olive', true]);
        await expect(Topping.aobjects.get_or_create({ id__gt: 0 })).rejects.toBeInstanceOf(
          Topping.MultipleObjectsReturned,
        );
      });
      test('update and delete count the rows', async () => {
        expect(await Price.aobjects.filter({ currency: 'usd' }).update({ amount: F('amount').add(1) })).toBe(2);
        expect(await Price.aobjects.order_by('id').values_list('amount', { flat: true })).toEqual([
          '10.99',
          '19.99',
          '30.99',
          '2.50',
        ]);
        expect(await Topping.aobjects.filter({ id__in: [1, 99] }).delete()).toEqual([1, { Topping: 1 }]);
        expect(await Topping.aobjects.filter({ id: 99 }).delete()).toEqual([0, {}]);
        await expect(Topping.aobjects.update({ nothing: 1 } as never)).rejects.toBeInstanceOf(Error);
        await expect(Topping.aobjects.values('id').delete()).rejects.toThrow(/values/);
      });
    });

    describe("Drizzle's own SQL", () => {
      test('as a condition and as an annotation', async () => {
        expect(names(await Pizza.aobjects.filter(sql`${pizzas.name} = ${'Weird'}`))).toEqual(['Weird']);
        expect(names(await Pizza.aobjects.filter(eq(pizzas.name, 'Weird'), { id__gt: 0 }))).toEqual(['Weird']);
        expect(names(await Pizza.aobjects.exclude(eq(pizzas.name, 'Weird')).order_by('id'))).toEqual([
          'Hawaiian',
          'Aloha',
        ]);
        expect(names(await Pizza.aobjects.filter(Q(eq(pizzas.name, 'Weird')).or(Q({ id: 1 }))).order_by('id'))).toEqual(
          ['Hawaiian', 'Weird'],
        );
        const rows = await Pizza.aobjects
          .annotate({ size: sql<number>`length(${pizzas.name})` })
          .filter({ size__gt: 5 })
          .order_by('-size');
        expect(rows.map((p) => [p.name, p.size])).toEqual([['Hawaiian', 8]]);
        expectTypeOf(rows[0]!.size).toEqualTypeOf<number>();
        expect(await Pizza.aobjects.filter({ box__name: sql`${'medium'} || ' box'` } as never).count()).toBe(2);
      });
      test('a queryset inside a Drizzle query, its values with it', async () => {
        const inside = Pizza.aobjects.filter({ box__name: 'medium box', id__gt: 1 }).values_list('id', { flat: true });
        const rows = await database.db
          .select({ name: pizzas.name })
          .from(pizzas)
          .where(sql`${pizzas.id} in ${inside.getSQL()} and ${pizzas.name} <> ${'x'}`);
        expect(rows).toEqual([{ name: 'Aloha' }]);
        const counted = await database.db
          .select({ n: sql<number>`count(*)::int` })
          .from(toppings)
          .where(sql`exists ${inside}`);
        expect(counted).toEqual([{ n: 3 }]);
      });
      test('toSQL() is what is sent', async () => {
        const query = Pizza.aobjects.filter({ name__startswith: 'A', box: 1 }).order_by('-id').slice(0, 5);
        const { sql: text, params } = query.toSQL();
        await query;
        expect(database.statements).toEqual([{ sql: text, params }]);
        expect(String(query.query)).toBe(text);
        expect(text).not.toContain("'A");
        const { rows } = { rows: await database.db.execute(query.getSQL()) };
        expect(((rows as { rows?: unknown[] }).rows ?? (rows as unknown as unknown[])).length).toBe(1);
      });
    });

    describe('combining', () => {
      test('and, or, xor of querysets are those of their rows', async () => {
        const a = Topping.aobjects.filter({ id__lte: 2 });
        const b = Topping.aobjects.filter({ id__gte: 2 });
        const ids = async (query: PromiseLike<{ id: number }[]>) => (await query).map((t) => t.id).sort();
        expect([await ids(a.and(b)), await ids(a.or(b)), await ids(a.xor(b))]).toEqual([[2], [1, 2, 3], [1, 3]]);
        expect([
          await ids(a.union(b)),
          await ids(a.intersection(b)),
          await ids(a.difference(b)),
          await ids(a.union(b, { all: true })),
        ]).toEqual([[1, 2, 3], [2], [1], [1, 2, 2, 3]]);
        expect(() => a.and(Box.aobjects.all() as never)).toThrow();
        expect(() => a.union(b).filter({ id: 1 })).toThrow(NotSupportedError);
        expect(() => a.union(b).annotate({ n: Count('id') } as never)).toThrow(NotSupportedError);
      });
      test('and, or, xor of values need the same values on both sides', async () => {
        const names = Topping.aobjects.filter({ id: 1 }).values_list('name', 'id');
        const same = Topping.aobjects.filter({ id: 3 }).values('id', 'name');
        // In the left side's order, whatever the right side's is.
        expect(await names.or(same as never).order_by('id')).toEqual([
          ['bacon', 1],
          ['Basil', 3],
        ]);
        expect(await same.or(names as never).order_by('id')).toEqual([
          { id: 1, name: 'bacon' },
          { id: 3, name: 'Basil' },
        ]);
        const all = Topping.aobjects.all();
        for (const other of [all, Topping.aobjects.values('id'), names.values('id')])
          for (const method of ['and', 'or', 'xor'] as const)
            expect(() => names[method](other as never)).toThrow(/must involve the same values in each case/);
        // Asked of an empty one too.
        expect(() => names.and(all.none() as never)).toThrow(/must involve the same values in each case/);
        expect(() => names.none().or(all as never)).toThrow(/must involve the same values in each case/);
        expect(() => all.none().or(all.union(all))).toThrow(/Cannot use OR operator with combined queryset/);
        for (const call of ['defer', 'select_related'] as const)
          expect(() => (names as never as typeof all)[call](null as never)).toThrow(
            `Cannot call ${call}() after .values()`,
          );
      });
      test('instances combined with values are instances', async () => {
        const whole = Topping.aobjects.filter({ id: 1 });
        for (const other of [
          Topping.aobjects.filter({ id: 3 }).values('id'),
          Topping.aobjects.filter({ id: 3 }).values(),
        ])
          for (const method of ['or', 'xor'] as const)
            expect((await whole[method](other as never).order_by('id')).map((topping) => topping.name)).toEqual([
              'bacon',
              'Basil',
            ]);
        const values = Topping.aobjects.filter({ name: 'bacon' }).values('name');
        expect((await whole.and(values as never)).map((topping) => topping.name)).toEqual(['bacon']);
      });
      test('a union has the types of its first queryset, and numbers that are none of those', async () => {
        const whole = Price.aobjects.annotate({ n: Count('pizza') }).filter({ id: 4 });
        const parts = Price.aobjects.annotate({ n: Sum('amount') }).filter({ id: 1 });
        expect(
          await whole
            .values_list('n')
            .union(parts.values_list('n') as never)
            .order_by('n'),
        ).toEqual([[0], [9.99]]);
      });
      test('after a union, values() chooses of each queryset, whatever orders the rows', async () => {
        const counted = Pizza.aobjects.annotate({ n: Count('toppings') });
        const both = counted.filter({ id__lte: 2 }).union(counted.filter({ id__gte: 2 }));
        expect(await both.values_list('n', { flat: true }).order_by('n')).toEqual([0, 1, 2]);
        expect(await both.order_by('-id').values('name')).toEqual([
          { name: 'Aloha' },
          { name: 'Weird' },
          { name: 'Hawaiian' },
        ]);
        expect(await both.order_by('-n', 'price__amount').values_list('name', { flat: true }).slice(1, 3)).toEqual([
          'Hawaiian',
          'Weird',
        ]);
        // What they are ordered by is a part of each row that is compared, though nobody gets it.
        expect(await both.order_by('id').values_list('boxId', { flat: true })).toEqual([1, null, 1]);
        expect(await both.order_by('id').values_list('boxId', { flat: true }).count()).toBe(2);
        const more = both.union(counted.filter({ id: 1 })).values_list('name', { flat: true });
        expect(await more.order_by('-id')).toEqual(['Aloha', 'Weird', 'Hawaiian']);
        const whole = Pizza.aobjects.values();
        expect(await whole.union(whole).values('name').order_by('name')).toEqual([
          { name: 'Aloha' },
          { name: 'Hawaiian' },
          { name: 'Weird' },
        ]);
        const chosen = Pizza.aobjects.values('name');
        await expect(chosen.union(chosen).order_by('id').eval()).rejects.toThrow(/does not match any column/);
      });
      test('names that are not there throw where they are written', () => {
        for (const wrong of [
          () => Pizza.aobjects.order_by('nmae' as never),
          () => Pizza.aobjects.values('nmae' as never),
          () => Pizza.aobjects.values_list('nmae' as never),
          () => Pizza.aobjects.select_related('toppings' as never).toSQL(),
          () => Pizza.aobjects.only('nmae' as never).toSQL(),
          () => Pizza.aobjects.distinct('nmae' as never).toSQL(),
          () => Pizza.aobjects.annotate({ n: Count('nmae') } as never),
          () => Pizza.aobjects.dates('name' as never, 'day').toSQL(),
        ])
          expect(wrong).toThrow();
        expect(() => Pizza.aobjects.order_by('nmae' as never)).toThrow(FieldError);
        // The compiler's words (test/editor/errors.test.ts).
        for (const [name, says] of [
          ['name', "'name' is a field of Pizza, not a relation."],
          ['toppings', "'toppings' of Pizza leads to many rows."],
          ['bxo', "Pizza has no relation 'bxo'. Did you mean 'box'?"],
        ])
          expect(() => Pizza.aobjects.select_related(name as never).toSQL()).toThrow(says);
        expect(() => Pizza.aobjects.annotate({ name: Count('id') } as never)).toThrow(/conflict/);
        const days = Delivery.aobjects.annotate({ on: F('day') });
        for (const chosen of [() => days.values('on__year' as never), () => days.values_list('on__year' as never)])
          expect(chosen).toThrow("Cannot select the 'on__year' alias. Use annotate() to promote it.");
        expect(sent()).toBe(0);
      });
    });

    test('raw: translations and parameters by place and by keyword', async () => {
      const query = 'select id as key, name as label from pizza where id > %s order by id';
      const translations = { key: 'id', label: 'name' };
      for (const raw of [
        Pizza.aobjects.raw(query, [1], translations),
        Pizza.aobjects.raw(query, [1], { translations }),
        Pizza.aobjects.raw(query, { params: [1], translations, using: 'default' }),
        Pizza.aobjects.raw(query, [1], translations, { using: 'second' }),
      ]) {
        expect((await raw).map((pizza) => [pizza.id, pizza.name])).toEqual([
          [2, 'Weird'],
          [3, 'Aloha'],
        ]);
        expect(await raw.columns).toEqual(['id', 'name']);
      }
      // A parameter may have the name of an option.
      expect(names(await Pizza.aobjects.raw('select * from pizza where id = %(using)s', { using: 2 }))).toEqual([
        'Weird',
      ]);
      expect(await Pizza.aobjects.raw('select id, 1 as one from pizza').columns).toEqual(['id', 'one']);
      const sent = database.statements.length;
      for (const wrong of [-1, 0.5])
        await expect(Pizza.aobjects.raw('select * from pizza').item(wrong)).rejects.toThrow(ValueError);
      expect(database.statements.length).toBe(sent);
      await expect(Pizza.aobjects.raw('select * from pizza', { using: 'third' }).eval()).rejects.toThrow(/third/);
      for (const wrong of [{ translatons: translations }, { id: 5 }, 'id', []] as never[])
        expect(() => Pizza.aobjects.raw(query, [1], wrong)).toThrow(/translations/);
      const many = [[1], translations, { using: 'second' }, 1] as never as [[1]];
      expect(() => Pizza.aobjects.raw(query, ...many)).toThrow(/no more than/);
    });

    test('raw: a column belongs to the field that has it, before a field of that name', async () => {
      await database.run("create table crossed (id integer, a text, b text); insert into crossed values (1, 'A', 'B')");
      const crossed = pgTable('crossed', { id: integer().primaryKey(), a: text('b'), b: text('a') });
      const { Crossed } = defineModels(database.db, { Crossed: crossed });
      const [row] = await Crossed.aobjects.raw('select * from crossed');
      await database.run('drop table crossed');
      expect([row?.a, row?.b]).toEqual(['B', 'A']);
    });

    test('raw: a column of a field twice is refused, for a driver gives the last; any other may be', async () => {
      const twice = Pizza.aobjects.raw('select p.*, x.id from pizza p, box x where p.id = 1 order by x.id');
      await expect(twice.eval()).rejects.toThrow(FieldError);
      const [row] = await Pizza.aobjects.raw('select id, 1 as one, 1 as one from pizza where id = 1');
      expect(row).toMatchObject({ id: 1, one: 1 });
    });

    test('raw: what the database refused may be asked again', async () => {
      const late = Topping.aobjects.raw('select id, name from late');
      await expect(late.eval()).rejects.toThrow(/late/);
      await database.run("create table late as select 1 as id, 'x' as name");
      expect(names(await late)).toEqual(['x']);
      await database.run('drop table late');
    });

    test('using: an alias, a database, a transaction', async () => {
      expect(Pizza.aobjects.db).toBe('default');
      expect(Pizza.aobjects.using('second').db).toBe('second');
      expect((await Pizza.aobjects.using('second').get({ id: 1 })).name).toBe('Hawaiian');
      expect(() => Pizza.aobjects.using('third')).toThrow(/third/);
      await database.db
        .transaction(async (tx) => {
          await Topping.aobjects.using(tx).create({ name: 'inside' });
          expect(await Topping.aobjects.using(tx).count()).toBe(4);
          throw new Error('undo');
        })
        .catch((error: Error) => expect(error.message).toBe('undo'));
      expect(await Topping.aobjects.count()).toBe(3);
    });
  },
  { schema },
);
