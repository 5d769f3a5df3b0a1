// What a reader of the contract expects of types, section by section.
import { expectAssignable, expectError, expectType } from 'tsd';
import { eq, sql } from 'drizzle-orm';
import { boolean, date, doublePrecision, integer, pgTable, serial, text, uuid } from 'drizzle-orm/pg-core';
import {
  Avg,
  BoolAnd,
  Case,
  Cast,
  Coalesce,
  Concat,
  Count,
  defineModels,
  Exists,
  F,
  Greatest,
  ArrayAgg,
  StringAgg,
  Length,
  Lower,
  Max,
  Now,
  NullIf,
  OuterRef,
  Prefetch,
  Q,
  Rank,
  Subquery,
  Sum,
  Value,
  When,
  Window,
  atomic,
  DatabaseError,
  IntegrityError,
  ObjectDoesNotExist,
  MultipleObjectsReturned,
  type AsyncManager,
  type AsyncManyToManyRelatedManager,
  type AsyncManyToManyRelatedQuerySet,
  type AsyncManyToOneRelatedManager,
  type AsyncManyToOneRelatedQuerySet,
  type AsyncQuerySet,
} from 'drizzle-queryset';
import { Box, db, Pizza, pizzas, Price, Topping, boxes } from './schemas/pizza.js';

const P = Pizza.aobjects;
const pizza = await P.get({ id: 1 });
const box = await Box.aobjects.get({ id: 1 });
const price = await Price.aobjects.get({ id: 1 });
const topping = await Topping.aobjects.get({ id: 1 });

// --- 1 ---
// snake_case keys, and names of relations
const teams = pgTable('team', { id: serial().primaryKey(), name: text().notNull() });
const players = pgTable('player', {
  id: uuid().primaryKey().defaultRandom(),
  team_id: integer()
    .notNull()
    .references(() => teams.id),
  born: date(),
  on: boolean().notNull().default(true),
});
const { Team, Player } = defineModels(db, { Team: teams, Player: players });
const player = await Player.aobjects.get({ team__name: 'x' });
expectType<string>(player.id);
expectType<number>(player.team_id);
expectType<string | null>(player.born);
expectType<InstanceType<typeof Team>>(await player.a$team);
expectType<InstanceType<typeof Player>[]>(await (await Team.aobjects.get({ player__born: null })).a$player_set);
Player.aobjects.filter({ team: 1, team_id: 1, team__id: 1, team__pk: 1, pk: 'x', team__player__id: 'x' });
expectError(Player.aobjects.filter({ pk: 1 }));
expectError(Player.aobjects.filter({ team_id: 'x' }));
expectError(Player.aobjects.filter({ team__name: 5 }));
expectError(Player.aobjects.filter({ team__nam: 'x' }));
expectError(Player.aobjects.filter({ teem: 1 }));

// --- 2 ---
P.filter(Q({ box: null }).or(Q({ name: 'x' })), { id__gt: 3 });
expectType<number[]>(await P.values_list('id', { flat: true }));
expectType<[Pizza, boolean]>(await P.get_or_create({ name: 'x', defaults: { priceId: 1 } }));
expectType<{ amount__avg: string | null; n: number }>(
  await Price.aobjects.aggregate(Avg('amount'), { n: Count('id') }),
);
expectType<Pizza>(await P.all()[0]);
expectError(P.filter({ id__gt: null }));
expectError(P.filter({ name: undefined }));
expectError(P.filter({ name__contains: 5 }));
expectError(P.filter({ id__contains: '5' }));
expectError(P.filter({ id__year: 5 }));

// --- 3 ---
expectType<number>(pizza.id);
expectType<string>(pizza.name);
expectType<number | null>(pizza.boxId);
expectType<Box | null | undefined>(pizza.box);
expectType<Promise<Box | null>>(pizza.a$box);
expectType<Promise<Price>>(pizza.a$price);
expectType<Promise<Pizza>>(price.a$pizza);
expectType<Promise<void>>(pizza.asave({ force_insert: true, using: 'default' }));
expectType<Promise<[number, Record<string, number>]>>(pizza.adelete({ using: db }));
expectType<boolean>(pizza.equals(box));
expectType<number>(pizza.pk);
new Pizza({ name: 'x', price, boxId: 1 });
new Pizza({ name: 'x', priceId: 1, box });
new Pizza({ name: 'x', priceId: 1, box: null });
expectError(new Pizza({ name: 'x' }));
expectError(new Pizza({ priceId: 1 }));
expectError(new Pizza({ name: 'x', priceId: 1, nope: 1 }));
expectError(new Pizza({ name: 5, priceId: 1 }));
expectError(new Pizza({ name: 'x', price: box }));
pizza.box = box;
pizza.box = null;
expectError((pizza.box = price));
expectError((pizza.boxId = 'x'));
expectError(pizza.asave({ update_fields: ['nope'] }));
expectError(pizza.nope);
expectError(pizza.toppings);
const joined = await P.select_related('box', 'price').get({ id: 1 });
expectType<Box | null>(joined.box);
expectType<Price>(joined.price);
const fetched = await P.prefetch_related('toppings');
expectType<Topping[]>(fetched[0]!.toppings);
const spread = { ...pizza };
expectType<number>(spread.id);
expectAssignable<typeof ObjectDoesNotExist>(Pizza.DoesNotExist);
expectAssignable<typeof MultipleObjectsReturned>(Pizza.MultipleObjectsReturned);
const error: unknown = null;
if (error instanceof Pizza.DoesNotExist) expectType<string>(error.message);
if (error instanceof IntegrityError) expectAssignable<DatabaseError>(error);

// --- 4 ---
expectType<Promise<Pizza[]>>(P.eval());
expectType<Pizza>(await P.item(3));
expectType<{ sql: string; params: unknown[] }>(P.toSQL());
expectType<string>(String(P.query));
expectType<Pizza | null>(await P.last());
expectType<Map<number, Pizza>>(await P.in_bulk([1]));
expectType<{ id: number; box__name: string | null }[]>(await P.values('id', 'box__name'));
expectType<[number, string | null, string][]>(await P.values_list('id', 'box__name', 'price__amount'));
expectType<string | null>((await P.values_list('id', 'box__name', { named: true }))[0]!.box__name);
expectType<(string | null)[]>(await P.values_list('toppings__name', { flat: true }));
const counted = await Box.aobjects.annotate({ n: Count('pizza'), top: Max('pizza__price__amount') });
expectType<number>(counted[0]!.n);
expectType<string | null>(counted[0]!.top);
expectError((await Box.aobjects.alias({ n: Count('pizza') }).filter({ n__gt: 1 }))[0]!.n);
Box.aobjects
  .annotate({ n: Count('pizza') })
  .filter({ n__gt: 1 })
  .order_by('-n')
  .values('n');
expectError(Box.aobjects.annotate({ n: Count('piza') }));
expectError((await P.only('name'))[0]!.boxId);
expectError((await P.defer('boxId'))[0]!.boxId);
expectType<{ n: number; t: string | null }[]>(
  await Price.aobjects
    .values('currency')
    .annotate({ n: Count('id'), t: Sum('amount') })
    .values('n', 't'),
);
P.filter({ id__in: Box.aobjects.values('id') });
P.filter({ box__in: Box.aobjects.filter({ name: 'x' }), price__in: [price, 3] });
expectError(P.filter({ box__in: Price.aobjects.all() }));
expectError(P.filter({ name__in: Box.aobjects.values('id') }));
expectType<string[]>(
  await Box.aobjects.values_list('name', { flat: true }).union(Topping.aobjects.values_list('name', { flat: true })),
);
expectError(P.all().union(Box.aobjects.all()));
P.filter(sql`true`, eq(pizzas.name, 'x'), { id: 1 });
P.update({ name: sql`upper(${pizzas.name})`, boxId: sql<number>`1` });
P.create({ name: sql<string>`'x'`, priceId: 1 });
P.filter({ id__gt: sql`1`, name__icontains: sql`'x'`, box: sql`1` });
expectType<number>((await P.annotate({ n: sql<number>`length(${pizzas.name})` }))[0]!.n);
expectType<Promise<number>>(P.bulk_update([pizza], ['name']));
expectType<Promise<Pizza[]>>(P.bulk_create([pizza], { batch_size: 2, ignore_conflicts: true }));
expectError(P.bulk_create([box]));
expectType<string>(await P.explain({ format: 'json' }));
expectType<Promise<boolean>>(P.contains(pizza));
expectError(P.contains(box));

// --- 5 ---
expectAssignable<AsyncManyToOneRelatedManager<Pizza>>(box.a$pizza_set);
expectAssignable<AsyncManyToOneRelatedQuerySet<Pizza>>(box.a$pizza_set);
expectAssignable<AsyncManyToManyRelatedManager<Topping>>(pizza.a$toppings);
expectAssignable<AsyncManyToManyRelatedQuerySet<Topping>>(pizza.a$toppings);
expectAssignable<AsyncManyToManyRelatedManager<Pizza>>(topping.a$pizza_set);
expectAssignable<AsyncQuerySet<Topping>>(pizza.a$toppings.all());
expectAssignable<AsyncQuerySet<Pizza>>(P);
expectAssignable<AsyncManager<Pizza>>(P);
expectType<Promise<void>>(box.a$pizza_set.add(pizza, pizza, { bulk: false }));
expectType<Promise<void>>(box.a$pizza_set.remove(pizza, { bulk: false }));
expectType<Promise<void>>(box.a$pizza_set.clear({ bulk: false }));
expectType<Promise<void>>(box.a$pizza_set.set([pizza], { clear: true, bulk: false }));
box.a$pizza_set.set(P.filter({ id: 1 }));
pizza.a$toppings.set(Topping.aobjects.filter({ id: 1 }));
expectType<Promise<Pizza>>(box.a$pizza_set.create({ name: 'x', priceId: 1 }));
expectType<Promise<void>>(pizza.a$toppings.add(topping, 5, { through_defaults: { amount: 3 } }));
expectType<Promise<Topping>>(pizza.a$toppings.create({ name: 'x', through_defaults: { amount: 1 } }));
expectType<Promise<void>>(pizza.a$toppings.set([topping, 1], { clear: true, through_defaults: { amount: 1 } }));
expectError(pizza.a$toppings.add(topping, { through_defaults: { amount: 'x' } }));
expectError(pizza.a$toppings.add(topping, { through_defaults: { pizzaId: 3 } }));
expectError(pizza.a$toppings.add(box));
expectError(box.a$pizza_set.add(topping));
expectError(box.a$pizza_set.add(1));

// --- 6 ---
const row = (
  await P.annotate({
    a: Lower('name'),
    b: Length('name'),
    c: Coalesce('box__name', Value('none')),
    d: Cast('id', doublePrecision()),
    e: Concat('name', Value('!')),
    f: NullIf('name', Value('x')),
    g: Greatest('id', 'priceId'),
    h: F('id').add(1),
    i: Case(When({ id: 1, then: Value('one') }), { default: Value('many') }),
    j: Exists(Topping.aobjects.filter({ pizza: OuterRef('pk') })),
    k: Subquery(Box.aobjects.filter({ pk: OuterRef('boxId') }).values('name')),
    l: Now(),
    m: Window(Rank(), { order_by: F('id').desc({ nulls_last: true }) }),
    n: Value(5),
    o: F('price__amount').mul(2),
    p: F('box__name'),
  })
)[0]!;
expectType<string>(row.a);
expectType<number>(row.b);
expectType<string>(row.c);
expectType<number>(row.d);
expectType<string>(row.e);
expectType<string | null>(row.f);
expectType<number>(row.g);
expectType<number>(row.h);
expectType<string>(row.i);
expectType<boolean>(row.j);
expectType<string | null>(row.k);
expectType<Date>(row.l);
expectType<number>(row.m);
expectType<number>(row.n);
expectType<string>(row.o);
expectType<string | null>(row.p);
expectType<{ s: number | null; x: string[] | null; y: string | null; z: boolean | null; d: number }>(
  await P.aggregate({
    s: Sum('id'),
    x: ArrayAgg('name', { distinct: true, ordering: 'name' }),
    y: StringAgg('name', { delimiter: ',' }),
    z: BoolAnd(Q({ id: 1 })),
    d: Sum('id', { default: 0, filter: Q({ id__gt: 1 }) }),
  }),
);
expectType<Topping[]>(
  (await P.prefetch_related(Prefetch('toppings', { to_attr: 'tops', queryset: Topping.aobjects.all() })))[0]!.tops,
);

// --- 7 ---
expectType<number>(
  await atomic(db, async () => 5, { durable: true, savepoint: false, isolation_level: 'repeatable read' }),
);
P.using('replica').using(db);
db.transaction(async (tx) => {
  await P.using(tx).count();
  await pizza.asave({ using: tx });
});
defineModels({ default: db, replica: db }, { Box: boxes });
