// The contract, section by section, on the schema of its first page.
import { inspect } from 'node:util';
import { and, eq, gt, inArray, sql } from 'drizzle-orm';
import {
  Avg,
  Count,
  DatabaseError,
  DataError,
  Exists,
  F,
  FieldError,
  IndexError,
  IntegrityError,
  Max,
  MultipleObjectsReturned,
  NotImplementedError,
  NotSupportedError,
  ObjectDoesNotExist,
  OperationalError,
  ProgrammingError,
  InternalError,
  OuterRef,
  Prefetch,
  Q,
  Sum,
  TransactionManagementError,
  Value,
  Case,
  When,
  Concat,
  Lower,
  Upper,
  Coalesce,
  SynchronousOnlyOperation,
} from 'drizzle-queryset';
import { beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { defineShop, freshRows, pizzas, prices, schema, toppings } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

describeDatabases(
  'the contract',
  (database) => {
    let { Topping, Box, Price, Pizza, Delivery } = {} as ReturnType<typeof defineShop>;
    type Box = InstanceType<typeof Box>;
    type Topping = InstanceType<typeof Topping>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Price, Pizza, Delivery } = defineShop(database.db));
      database.forget();
    });
    const sent = () => database.statements.length;

    describe('2 translation', () => {
      test('table rows', async () => {
        expect(
          (await Pizza.aobjects.filter(Q({ box: null }).or(Q({ name: 'x' })), { id__gt: 1 })).map((p) => p.id),
        ).toEqual([2]);
        expect(await Pizza.aobjects.order_by('id').values_list('id', { flat: true })).toEqual([1, 2, 3]);
        const [t, made] = await Topping.aobjects.get_or_create({ name: 'x', defaults: {} });
        expect(made).toBe(true);
        expect(
          await Topping.aobjects.bulk_create([new Topping({ name: 'a' }), new Topping({ name: 'b' })], {
            batch_size: 1,
          }),
        ).toHaveLength(2);
        const agg = await Price.aobjects.aggregate(Avg('amount'), { n: Count('id') });
        expectTypeOf(agg).toEqualTypeOf<{ amount__avg: string | null; n: number }>();
        expect(agg.n).toBe(4);
        expect(Number(agg.amount__avg)).toBeCloseTo(15.6175);
        expect(await Price.aobjects.filter({ amount__gt: F('id').add(1) }).count()).toBe(3);
        expect((await Price.aobjects.filter(Q({ currency: 'usd' }).not()).order_by('id')).map((p) => p.id)).toEqual([
          2, 4,
        ]);
        expect(await Price.aobjects.filter(Q({ currency: 'usd' }).and(Q({ id: 1 })))).toHaveLength(1);
        expect(await Price.aobjects.filter(Q({ currency: 'usd' }).xor(Q({ id: 1 })))).toHaveLength(1);
        expect(await Price.aobjects.filter(Q()).count()).toBe(4);
        void t;
      });
      test('pk and lookups deep', async () => {
        expect((await Pizza.aobjects.get({ pk: 1 })).name).toBe('Hawaiian');
        expect(await Topping.aobjects.filter({ pizza__box__name__istartswith: 'MED' }).distinct().count()).toBe(3);
        expect(await Topping.aobjects.filter({ pizza__price__pk: 1 }).count()).toBe(1);
        expect(
          await Delivery.aobjects
            .filter({ at__date__month__gte: 3 } as never)
            .count()
            .catch((e) => e.constructor.name),
        ).toBeDefined();
        expect(
          await Delivery.aobjects
            .filter({ at__year: 2024, at__date: '2024-01-15', pizza__box__name__iregex: '^m' })
            .count(),
        ).toBe(2);
        expect(await Delivery.aobjects.filter({ at__gte: new Date('2024-02-01T00:00:00Z') }).count()).toBe(1);
        expect(await Delivery.aobjects.filter({ day__range: ['2024-01-16', '2024-12-31'] }).count()).toBe(2);
        expect(await Delivery.aobjects.filter({ day__week_day: 2 }).count()).toBe(1);
      });
    });

    describe('3 instances', () => {
      test('constructor, spread, JSON', async () => {
        const price = await Price.aobjects.create({ amount: '1.00' });
        const p = new Pizza({ name: 'x', price, boxId: 1 });
        expect(p.pk).toBeUndefined();
        expect(p).toBeInstanceOf(Pizza);
        await p.asave();
        expect(p.pk).toBe(4);
        expect({ ...p }).toEqual({ id: 4, name: 'x', boxId: 1, priceId: 5 });
        expect(JSON.parse(JSON.stringify(p))).toEqual({ id: 4, name: 'x', boxId: 1, priceId: 5 });
        expect(Object.keys(p)).toEqual(['id', 'name', 'boxId', 'priceId']);
        const q = new Pizza({ name: 'y', priceId: 4, box: null });
        await q.asave();
        expect(q.boxId).toBeNull();
        expect(p.price).toBe(price);
      });
      test('asave options', async () => {
        const p = await Pizza.aobjects.get({ id: 1 });
        p.name = 'A';
        p.boxId = 2;
        await p.asave({ update_fields: ['name'] });
        expect(await Pizza.aobjects.values_list('name', 'boxId').get({ id: 1 })).toEqual(['A', 1]);
        await p.asave({ update_fields: ['box'] });
        expect(await Pizza.aobjects.values_list('name', 'boxId').get({ id: 1 })).toEqual(['A', 2]);
        await p.asave({ update_fields: [] });
        // @ts-expect-error no such field
        await expect(p.asave({ update_fields: ['nam'] })).rejects.toThrow(/nam/);
        await p.arefresh_from_db({ fields: ['name'] });
        await p.arefresh_from_db({ fields: ['box'] });
        await p.arefresh_from_db({ using: 'second' });
        expect(await p.adelete({ using: 'second' })).toEqual([1, { Pizza: 1 }]);
        await expect(p.arefresh_from_db()).rejects.toBeInstanceOf(Error);
        // @ts-expect-error pk may be set
        const np: string = p.pk;
        void np;
      });
      test('pk set', async () => {
        const t = await Topping.aobjects.get({ id: 1 });
        t.pk = 77;
        await t.asave();
        expect(await Topping.aobjects.count()).toBe(4);
        expect((await Topping.aobjects.get({ pk: 77 })).equals(t)).toBe(true);
        expect(t.equals(null)).toBe(false);
        expect(t.equals(new Topping({ name: 'x' }))).toBe(false);
        expect(t.equals(await Box.aobjects.get({ id: 1 }))).toBe(false);
      });
      test('accessors', async () => {
        const p = await Pizza.aobjects.get({ id: 1 });
        expect(p.a$box).toBeInstanceOf(Promise);
        expectTypeOf(p.a$box).resolves.toEqualTypeOf<Box | null>();
        expect(await (await Pizza.aobjects.get({ id: 2 })).a$box).toBeNull();
        const price = await Price.aobjects.get({ id: 4 });
        const failing = price.a$pizza;
        await expect(failing).rejects.toBeInstanceOf(Pizza.DoesNotExist);
        await expect(price.a$pizza).rejects.toBeInstanceOf(ObjectDoesNotExist);
        const box = await p.a$box;
        expect(await box!.a$pizza_set.count()).toBe(2);
        expect(p.box).toBe(box);
        expectTypeOf(p.box).toEqualTypeOf<Box | null | undefined>();
      });
      test('assign relation', async () => {
        const p = await Pizza.aobjects.get({ id: 2 });
        const box = await Box.aobjects.get({ id: 2 });
        p.box = box;
        expect(p.boxId).toBe(2);
        await p.asave();
        expect((await Pizza.aobjects.get({ id: 2 })).boxId).toBe(2);
        p.box = null;
        await p.asave();
        expect((await Pizza.aobjects.get({ id: 2 })).boxId).toBeNull();
        expect(() => {
          // @ts-expect-error wrong model
          p.box = new Topping({ name: 'x' });
        }).toThrow(/Box/);
        p.box = new Box({ name: 'new' });
        await expect(p.asave()).rejects.toThrow(/unsaved/);
      });
      test('select and prefetch', async () => {
        const p = await Pizza.aobjects.select_related('box', 'price').get({ id: 1 });
        expectTypeOf(p.box).toEqualTypeOf<Box | null>();
        expect(sent()).toBe(1);
        expect(p.box?.name).toBe('medium box');
        expect(p.price.amount).toBe('9.99');
        expect((await p.a$box)?.name).toBe('medium box');
        expect(sent()).toBe(1);
        database.forget();
        const [first] = await Pizza.aobjects.prefetch_related('toppings').order_by('id');
        expectTypeOf(first!.toppings).toEqualTypeOf<Topping[]>();
        expect(sent()).toBe(2);
        expect(first!.toppings.map((t) => t.name)).toEqual(['bacon']);
        expect((await first!.a$toppings).map((t) => t.name)).toEqual(['bacon']);
        expect((await first!.a$toppings.all()).map((t) => t.name)).toEqual(['bacon']);
        expect(await first!.a$toppings.count()).toBe(1);
        expect(await first!.a$toppings.all().exists()).toBe(true);
        const names: string[] = [];
        for await (const t of first!.a$toppings) names.push(t.name);
        expect(names).toEqual(['bacon']);
        expect((await first!.a$toppings.all().first())?.name).toBe('bacon');
        expect(sent()).toBeLessThanOrEqual(3);
        expect({ ...first }).toEqual({ id: 1, name: 'Hawaiian', boxId: 1, priceId: 1 });
        const single = await Pizza.aobjects.prefetch_related('toppings').get({ id: 3 });
        expect(single.toppings.length).toBe(2);
        const nested = await Box.aobjects.prefetch_related('pizza_set__toppings', 'pizza_set__price').order_by('id');
        expect(nested[0]!.pizza_set.map((x) => x.toppings.length).sort()).toEqual([1, 2]);
        expectTypeOf(nested[0]!.pizza_set[0]!.toppings).toEqualTypeOf<Topping[]>();
        const to = await Pizza.aobjects
          .prefetch_related(
            Prefetch('toppings', { queryset: Topping.aobjects.filter({ name__startswith: 'b' }), to_attr: 'bs' }),
          )
          .order_by('id');
        expect(to.map((x) => x.bs.length)).toEqual([1, 0, 0]);
        expectTypeOf(to[0]!.bs).toEqualTypeOf<Topping[]>();
        const pos = await Pizza.aobjects
          .prefetch_related(Prefetch('toppings', Topping.aobjects.order_by('-name')))
          .get({ id: 3 });
        expect(pos.toppings.map((t) => t.name)).toEqual(['mushroom', 'Basil']);
        const rev = await Price.aobjects.prefetch_related('pizza').order_by('id');
        expect(rev[0]!.pizza?.name).toBe('Hawaiian');
        const rs = await Price.aobjects.select_related('pizza').order_by('id');
        expect(rs.map((x) => x.pizza?.name ?? null)).toEqual(['Hawaiian', 'Weird', 'Aloha', null]);
      });
      test('exceptions', async () => {
        const caught = async (p: PromiseLike<unknown>): Promise<unknown> => {
          try {
            await p;
          } catch (e) {
            return e;
          }
          return undefined;
        };
        const none = await caught(Pizza.aobjects.get({ id: 99 }));
        expect(none).toBeInstanceOf(Pizza.DoesNotExist);
        expect(none).toBeInstanceOf(ObjectDoesNotExist);
        expect(none).toBeInstanceOf(Error);
        expect(none).not.toBeInstanceOf(Box.DoesNotExist);
        expect((none as Error).message).toBe('Pizza matching query does not exist.');
        expect((none as Error).name).toMatch(/DoesNotExist/);
        const many = await caught(Pizza.aobjects.get({ id__gt: 0 }));
        expect(many).toBeInstanceOf(Pizza.MultipleObjectsReturned);
        expect(many).toBeInstanceOf(MultipleObjectsReturned);
        expect((many as Error).message).toBe('get() returned more than one Pizza -- it returned 3!');
        const dup = await caught(Pizza.aobjects.create({ name: 'x', priceId: 1 }));
        expect(dup).toBeInstanceOf(IntegrityError);
        expect(dup).toBeInstanceOf(DatabaseError);
        expect((dup as Error).cause).toBeDefined();
        expect(((dup as Error).cause as { code: string }).code).toBe('23505');
        const data = await caught(Topping.aobjects.create({ name: 'x'.repeat(31) }));
        expect(data).toBeInstanceOf(DataError);
        expect(await caught(Pizza.aobjects.raw('select * from nothing').eval())).toBeInstanceOf(ProgrammingError);
        expect(new OperationalError('x')).toBeInstanceOf(DatabaseError);
        expect(new InternalError('x')).toBeInstanceOf(DatabaseError);
        expect(new ProgrammingError('x')).toBeInstanceOf(DatabaseError);
        expect(new NotSupportedError('x')).toBeInstanceOf(DatabaseError);
        expect(new TransactionManagementError('x')).toBeInstanceOf(ProgrammingError);
        expect(new NotImplementedError('x')).toBeInstanceOf(Error);
        expect(new SynchronousOnlyOperation('x')).toBeInstanceOf(Error);
        expect(new IndexError('x')).toBeInstanceOf(Error);
      });
    });

    describe('4 queryset', () => {
      test('evaluate', async () => {
        const qs = Pizza.aobjects.order_by('id');
        expect(sent()).toBe(0);
        expect(await qs).toHaveLength(3);
        expect(await qs.eval()).toHaveLength(3);
        await expect(qs[10]).rejects.toBeInstanceOf(IndexError);
        await expect(qs.item(10)).rejects.toBeInstanceOf(IndexError);
        expect((await Pizza.aobjects.order_by('id')[1])!.id).toBe(2);
        expect((await Pizza.aobjects.order_by('id').slice(1)).map((p) => p.id)).toEqual([2, 3]);
        expect((await Pizza.aobjects.order_by('id').slice(1, 2).slice(0, 5)).map((p) => p.id)).toEqual([2]);
        expect(() => qs.length).toThrow(NotImplementedError);
        expect(() => Pizza.aobjects.length).toThrow(/count\(\)/);
        for (const q of [qs, Pizza.aobjects, qs.values('id'), qs.slice(1)]) {
          expect(String(q)).toBe('<AsyncQuerySet [...Pizza]>');
          expect(inspect(q)).toBe('<AsyncQuerySet [...Pizza]>');
          expect(`${q}`).toBe('<AsyncQuerySet [...Pizza]>');
        }
        expect(() => qs.slice(-1)).toThrow(/Negative indexing/);
        expect(() => (qs as never as Record<string, unknown>)[-1]).toThrow(/Negative indexing/);
        const cut = qs.slice(0, 2);
        expect(() => cut.filter({ id: 1 })).toThrow(/slice/);
        expect(() => cut.order_by('id')).toThrow(/slice/);
        expect(() => cut.exclude({ id: 1 })).toThrow(/slice/);
        expect(() => cut.reverse()).toThrow(/slice/);
        expect(() => cut.distinct('id')).toThrow(/slice/);
        await expect(async () => cut.update({ name: 'x' })).rejects.toThrow(/slice/);
        await expect(async () => cut.delete()).rejects.toThrow(/limit|slice/);
        expect(() => qs.filter({ name: undefined } as never)).toThrow(/undefined/);
        expect(() => qs.filter({ box: new Box({ name: 'x' }) })).toThrow(/unsaved/i);
        expect(() => qs.filter({ nam: 1 } as never)).toThrow(FieldError);
        expect(() => qs.filter({ nam: 1 } as never)).toThrow(/Cannot resolve keyword 'nam' into field/);
      });
      test('sets', async () => {
        const a = Pizza.aobjects.filter({ id: 1 });
        const b = Pizza.aobjects.filter({ id__gte: 1 });
        expect(await a.union(b).count()).toBe(3);
        expect(await a.union(b, { all: true }).count()).toBe(4);
        expect(await a.intersection(b).count()).toBe(1);
        expect((await b.difference(a).order_by('id')).map((p) => p.id)).toEqual([2, 3]);
        expect(() => a.union(b).filter({ id: 1 })).toThrow(NotSupportedError);
        expect(await a.values_list('id').union(b.values_list('id')).order_by('id')).toEqual([[1], [2], [3]]);
        expect(await Pizza.aobjects.none().union(b).count()).toBe(3);
        expect(await b.union(Pizza.aobjects.none()).count()).toBe(3);
        expect(await b.and(a).count()).toBe(1);
        expect(await b.or(a).count()).toBe(3);
        expect(await b.xor(a).count()).toBe(2);
        expect((await a.union(b).order_by('-id').slice(0, 1)).map((p) => p.id)).toEqual([3]);
        expect(await a.union(b).exists()).toBe(true);
        expect((await a.union(b).order_by('name').first())!.name).toBe('Aloha');
      });
      test('terminals', async () => {
        expect(await Pizza.aobjects.in_bulk()).toHaveProperty('size', 3);
        expect((await Pizza.aobjects.in_bulk([1, 99])).get(1)!.name).toBe('Hawaiian');
        expect((await Pizza.aobjects.in_bulk([1], { field_name: 'priceId' })).get(1)!.name).toBe('Hawaiian');
        await expect(async () => Pizza.aobjects.in_bulk(['x'], { field_name: 'name' })).rejects.toThrow(/unique/);
        let n = 0;
        for await (const p of Pizza.aobjects.iterator({ chunk_size: 2 })) n += p.id;
        expect(n).toBe(6);
        for await (const p of Pizza.aobjects.iterator()) n += p.id;
        expect((await Delivery.aobjects.latest('at')).id).toBe(3);
        expect((await Delivery.aobjects.earliest('-at')).id).toBe(3);
        expect((await Pizza.aobjects.first())!.id).toBe(1);
        expect((await Pizza.aobjects.last())!.id).toBe(3);
        expect(await Pizza.aobjects.filter({ id: 99 }).first()).toBeNull();
        expect(await Pizza.aobjects.explain()).toMatch(/Scan/);
        expect(await Pizza.aobjects.explain({ format: 'json', analyze: true })).toMatch(/Plan/);
        const counted = await Pizza.aobjects
          .filter({ id: 1 })
          .explain({ analyze: true, serialize: 'text', memory: true });
        expect(counted).toMatch(/Memory: used.*Serialization: /s);
        await expect(Pizza.aobjects.explain({ serialize: 'all' as never })).rejects.toThrow('NONE, TEXT, BINARY');
        const p = await Pizza.aobjects.get({ id: 1 });
        expect(await Pizza.aobjects.contains(p)).toBe(true);
        expect(await Pizza.aobjects.filter({ id: 2 }).contains(p)).toBe(false);
        expect(await Pizza.aobjects.filter({ id: 1 }).update({ name: Concat('name', Value('!')), box: null })).toBe(1);
        expect((await Pizza.aobjects.get({ id: 1 })).name).toBe('Hawaiian!');
        expect(await Price.aobjects.update({ amount: F('amount').mul(2) })).toBe(4);
        expect((await Price.aobjects.get({ id: 1 })).amount).toBe('19.98');
        expect(await Pizza.aobjects.filter({ id: 1 }).delete()).toEqual([1, { Pizza: 1 }]);
        expect(await Pizza.aobjects.filter({ id: 99 }).delete()).toEqual([0, {}]);
      });
      test('dates', async () => {
        expect(await Delivery.aobjects.dates('day', 'month')).toEqual(['2024-01-01', '2024-03-01']);
        expect(await Delivery.aobjects.dates('day', 'year', 'DESC')).toEqual(['2024-01-01']);
        expect(await Delivery.aobjects.datetimes('at', 'hour', 'DESC')).toEqual([
          new Date('2024-03-01T23:00:00Z'),
          new Date('2024-01-15T10:00:00Z'),
        ]);
        expect(await Delivery.aobjects.datetimes('at', 'day', { order: 'ASC', tzinfo: 'Asia/Tokyo' })).toEqual([
          new Date('2024-01-14T15:00:00Z'),
          new Date('2024-03-01T15:00:00Z'),
        ]);
        expect(await Delivery.aobjects.datetimes('at', 'day', 'ASC', { tzinfo: 'Asia/Tokyo' })).toHaveLength(2);
        expect(await Delivery.aobjects.dates('day', 'month', { order: 'DESC' })).toEqual(['2024-03-01', '2024-01-01']);
      });
      test('raw and extra', async () => {
        const rows = await Pizza.aobjects.raw('select * from pizza where id > %s order by id', [1]);
        expect(rows.map((p) => p.id)).toEqual([2, 3]);
        expect(rows[0]).toBeInstanceOf(Pizza);
        const named = await Pizza.aobjects.raw('select * from pizza where id = %(id)s', { id: 2 });
        expect(named).toHaveLength(1);
        const tr = await Pizza.aobjects.raw(
          'select id as pid, name as n, box_id, price_id from pizza order by id',
          [],
          { translations: { pid: 'id', n: 'name' } },
        );
        expect(tr[0]!.name).toBe('Hawaiian');
        const written = Pizza.aobjects.raw(sql`select * from ${pizzas} where ${eq(pizzas.id, 2)} and name <> ${"';"}`);
        expect((await written).map((p) => p.id)).toEqual([2]);
        expect(written.toSQL().params).toEqual([2, "';"]);
        expect(() => Pizza.aobjects.raw(sql`select 1` as never, [1])).toThrow('parameters with text alone');
        const extra = await Pizza.aobjects.raw('select *, 1 + 1 as two from pizza order by id');
        expect((extra[0] as never as { two: number }).two).toBe(2);
        for await (const p of Pizza.aobjects.raw('select * from pizza')) expect(p.id).toBeGreaterThan(0);
        expect((await Pizza.aobjects.raw('select * from pizza order by id')[1])!.id).toBe(2);
        const e = await Pizza.aobjects.extra({
          select: { big: 'id > %s' },
          select_params: [1],
          where: ['id < %s'],
          params: [3],
          order_by: ['-id'],
        });
        expect(e.map((p) => [p.id, p.big])).toEqual([
          [2, true],
          [1, false],
        ]);
      });
      test('SQL', async () => {
        const qs = Pizza.aobjects.filter({ name: 'Weird' }).order_by('id');
        const { sql: text, params } = qs.toSQL();
        expect(text).toMatch(/select/i);
        expect(params).toEqual(['Weird']);
        expect(String(qs.query)).toMatch(/SELECT .* FROM "pizza"/);
        expect(`${qs.query}`).toContain('pizza');
        expect(sent()).toBe(0);
      });
      test('drizzle', async () => {
        expect(await Pizza.aobjects.filter(sql`${pizzas.name} = ${'Weird'}`).count()).toBe(1);
        expect(await Pizza.aobjects.filter(eq(pizzas.name, 'Weird')).count()).toBe(1);
        expect(await Pizza.aobjects.exclude(eq(pizzas.name, 'Weird')).count()).toBe(2);
        expect(
          await Pizza.aobjects
            .filter(and(gt(pizzas.id, 1), inArray(pizzas.name, ['Weird', 'Aloha'])), { box: null })
            .count(),
        ).toBe(1);
        expect(await Pizza.aobjects.filter(Q(eq(pizzas.name, 'Weird')).or(Q({ id: 1 }))).count()).toBe(2);
        expect(await Pizza.aobjects.get(eq(pizzas.id, 2))).toMatchObject({ id: 2 });
        const ann = await Pizza.aobjects.annotate({ n: sql<number>`length(${pizzas.name})` }).order_by('id');
        expect(ann[0]!.n).toBe(8);
        expectTypeOf(ann[0]!.n).toEqualTypeOf<number>();
        expect(
          await Pizza.aobjects
            .annotate({ n: sql<number>`length(${pizzas.name})` })
            .filter({ n__gt: 5 })
            .count(),
        ).toBe(1);
        expect((await Pizza.aobjects.order_by(sql`${pizzas.id} desc`)).map((p) => p.id)).toEqual([3, 2, 1]);
        expect((await Pizza.aobjects.order_by(sql`length(${pizzas.name})`, '-id')).map((p) => p.id)).toEqual([3, 2, 1]);
        expect(await Pizza.aobjects.values_list('id', sql<number>`${pizzas.id} * 2`).order_by('id')).toEqual([
          [1, 2],
          [2, 4],
          [3, 6],
        ]);
        expect(
          await Pizza.aobjects
            .values('id', { d: sql<number>`${pizzas.id} * 2` })
            .order_by('id')
            .first(),
        ).toEqual({ id: 1, d: 2 });
        expect(await Pizza.aobjects.aggregate({ m: sql<number>`max(${pizzas.id})` })).toEqual({ m: 3 });
        expect(await Pizza.aobjects.filter({ id: sql`1 + 1` as never }).count()).toBe(1);
        expect(await Pizza.aobjects.filter({ id: 1 }).update({ name: sql`upper(${pizzas.name})` })).toBe(1);
        const sub = Pizza.aobjects.filter({ box__name: 'medium box' }).values('id');
        const db = database.db as any;
        const rows = await db.select().from(pizzas).where(inArray(pizzas.id, sub.getSQL()));
        expect(rows).toHaveLength(2);
        const rows2 = await db.select().from(pizzas).where(sql`${pizzas.id} in ${sub}`);
        expect(rows2).toHaveLength(2);
        const rows3 = await db
          .select()
          .from(pizzas)
          .where(inArray(pizzas.id, db.select({ id: pizzas.id }).from(pizzas)));
        expect(rows3).toHaveLength(3);
        expect(
          await Pizza.aobjects
            .filter({ id__in: db.select({ id: pizzas.id }).from(pizzas).where(gt(pizzas.id, 1)) })
            .count(),
        ).toBe(2);
        expect(await db.execute(sub.getSQL())).toBeDefined();
      });
      test('drizzle more', async () => {
        const { desc, asc } = await import('drizzle-orm');
        const ids = async (qs: PromiseLike<{ id: number }[]>) => (await qs).map((r) => r.id);
        expect(await ids(Pizza.aobjects.order_by(desc(pizzas.id)))).toEqual([3, 2, 1]);
        expect(await ids(Pizza.aobjects.order_by(desc(pizzas.id)).reverse())).toEqual([1, 2, 3]);
        expect(await ids(Pizza.aobjects.order_by(asc(pizzas.boxId), desc(pizzas.id)))).toEqual([3, 1, 2]);
        expect(await ids(Pizza.aobjects.order_by(sql`${pizzas.boxId} asc nulls first`, pizzas.id))).toEqual([2, 1, 3]);
        expect((await Pizza.aobjects.order_by(desc(pizzas.id)).last())!.id).toBe(1);
        expect((await Pizza.aobjects.order_by(desc(pizzas.id)).first())!.id).toBe(3);
        expect(
          await Pizza.aobjects.annotate({ n: pizzas.name }).order_by('id').values_list('n', { flat: true }),
        ).toEqual(['Hawaiian', 'Weird', 'Aloha']);
        expect(await Delivery.aobjects.aggregate({ d: Max('at') })).toEqual({ d: new Date('2024-03-01T23:30:00Z') });
        expect(await Pizza.aobjects.filter({ name__icontains: sql`'WAI'` }).count()).toBe(1);
        expect(await Pizza.aobjects.filter({ box: sql`1` }).count()).toBe(2);
        expect(await Pizza.aobjects.filter({ id__in: sql`(1, 2)` }).count()).toBe(2);
        expect(await Pizza.aobjects.filter({ id__in: [1, sql`1 + 1`] }).count()).toBe(2);
        expect(await Pizza.aobjects.filter({ id__range: [sql`1`, 2] }).count()).toBe(2);
        const made = await Topping.aobjects.create({ name: sql`upper(${'abc'})` });
        expect((await Topping.aobjects.get({ id: made.id })).name).toBe('ABC');
        const t = await Topping.aobjects.get({ id: 1 });
        t.name = sql`lower(name)` as never;
        await t.asave();
        expect(await Topping.aobjects.update_or_create({ id: 1, defaults: { name: sql`'z'` } })).toHaveLength(2);
        expect(
          await Pizza.aobjects
            .annotate({ c: Case(When(eq(pizzas.id, 1), { then: Value('one') }), { default: sql<string>`'many'` }) })
            .order_by('id')
            .values_list('c', { flat: true }),
        ).toEqual(['one', 'many', 'many']);
        expect(await Price.aobjects.aggregate({ s: Sum(sql<number>`${prices.id}`) })).toEqual({ s: expect.anything() });
        expect(
          await Pizza.aobjects
            .annotate({ up: Upper(sql<string>`${pizzas.name}`), co: Coalesce(sql<string | null>`null`, 'name') })
            .values_list('up', 'co')
            .order_by('id')
            .first(),
        ).toEqual(['HAWAIIAN', 'Hawaiian']);
        expect(
          await Pizza.aobjects
            .filter(Exists(Topping.aobjects.filter(sql`${toppings.name} = 'z'`, { pizza: OuterRef('pk') })))
            .count(),
        ).toBe(1);
        const bulk = await Topping.aobjects.bulk_create([
          new Topping({ name: sql`upper(${'q'})` }),
          new Topping({ name: Upper(Value('r')) }),
          new Topping({ name: 's' }),
        ]);
        expect(
          await Topping.aobjects
            .filter({ pk__in: bulk.map((b) => b.id) })
            .order_by('id')
            .values_list('name', { flat: true }),
        ).toEqual(expect.arrayContaining(['Q', 'R', 's']));
        bulk[0]!.name = sql`lower(${'W'})` as never;
        expect(await Topping.aobjects.bulk_update(bulk, ['name'])).toBe(3);
        expect((await Topping.aobjects.get({ id: bulk[0]!.id })).name).toBe('w');
      });
      test('rows', async () => {
        const named = await Pizza.aobjects.values_list('id', 'box__name', { named: true }).order_by('id');
        expect(named[0]!.box__name).toBe('medium box');
        expect(named[0]![0]).toBe(1);
        expectTypeOf(named[0]!.box__name).toEqualTypeOf<string | null>();
        // Expressions without a name are numbered on, past the names that are given.
        const counted: unknown = await Pizza.aobjects
          .filter({ id: 1 })
          .annotate({ id__count1: Value(7) })
          .values_list(Count('id'), Lower('name'), 'id__count1', { named: true })
          .get();
        expect({ ...(counted as object) }).toEqual({ 0: 1, 1: 'hawaiian', 2: 7 });
        const { id__count2, lower3, id__count1 } = counted as Record<string, unknown>;
        expect([id__count2, lower3, id__count1]).toEqual([1, 'hawaiian', 7]);
        const v = await Pizza.aobjects.values('name', 'box__name', 'price__amount', 'box', 'boxId').get({ id: 1 });
        expectTypeOf(v).toEqualTypeOf<{
          name: string;
          box__name: string | null;
          price__amount: string;
          box: number | null;
          boxId: number | null;
        }>();
        expect(v).toEqual({ name: 'Hawaiian', box__name: 'medium box', price__amount: '9.99', box: 1, boxId: 1 });
        expect(await Pizza.aobjects.values('toppings__name').order_by('id', 'toppings__name').first()).toEqual({
          toppings__name: 'bacon',
        });
        expect(await Pizza.aobjects.values_list(Lower('name'), { flat: true }).order_by('id').first()).toBe('hawaiian');
        expect(
          await Pizza.aobjects
            .values({ low: Lower('name') })
            .order_by('id')
            .first(),
        ).toEqual({ low: 'hawaiian' });
        const g = await Pizza.aobjects
          .values('box__name')
          .annotate({ n: Count('id'), m: Max('price__amount') })
          .order_by('box__name');
        expect(g).toEqual([
          { box__name: 'medium box', n: 2, m: '29.99' },
          { box__name: null, n: 1, m: '19.99' },
        ]);
        expectTypeOf(g[0]!).toEqualTypeOf<{ box__name: string | null; n: number; m: string | null }>();
      });
    });
  },
  { schema, drivers: ['pglite', 'postgres-js'] },
);
