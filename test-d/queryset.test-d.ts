import { expectAssignable, expectError, expectType } from 'tsd';
import { type AsyncManager, type AsyncQuerySet, type AsyncRows, Count, F, Q, type With } from 'drizzle-queryset';
import { type SQL, sql } from 'drizzle-orm';
import { Author, Book, Country, db as other, Stock } from './schemas/library.js';
import { Box, db, Pizza, Price, Topping } from './schemas/pizza.js';

const P = Pizza.aobjects;

// --- evaluation ---
expectType<AsyncManager<Pizza>>(P);
expectType<AsyncQuerySet<Pizza>>(P.all());
expectType<AsyncQuerySet<Pizza, [number, string | null]>>(P.values_list('id', 'box__name'));
expectType<Pizza[]>(await P);
expectType<Promise<Pizza[]>>(P.eval());
expectType<Pizza>(await P.order_by('id')[0]);
expectType<Promise<Pizza>>(P.item(3));
expectType<AsyncQuerySet<Pizza>>(P.slice(5, 10));
for await (const row of P.filter({ id__gt: 1 })) expectType<Pizza>(row);
for await (const row of P.values_list('id', { flat: true }).iterator({ chunk_size: 100 })) expectType<number>(row);
expectType<Promise<string | number>>(
  P.all().then(
    (rows) => rows.length,
    (error: Error) => error.message,
  ),
);
expectType<Promise<unknown>>(P.all().then(null, (reason) => expectType<unknown>(reason)));
expectAssignable<PromiseLike<Pizza[]>>(P.all());
expectError((await P).name);
expectError(P.slice('a'));
expectError(P.iterator({ size: 5 }));
const takesPizzas = async (pizzas: AsyncQuerySet<Pizza>): Promise<Pizza[]> => pizzas.filter({ name: 'x' });
expectType<Pizza[]>(await takesPizzas(P.all()));
expectError(takesPizzas(Box.aobjects.all()));
expectError(takesPizzas(P.values('id')));

// --- the chain keeps its row ---
expectType<AsyncQuerySet<Pizza>>(
  P.filter({ id: 1 }).exclude({ id: 2 }).order_by('id').reverse().distinct().none().all(),
);
expectType<AsyncQuerySet<Pizza>>(
  P.using('replica')
    .using(db)
    .select_for_update({ skip_locked: true, of: ['self', 'box'] }),
);
expectType<AsyncQuerySet<Pizza>>(P.extra({ where: ['id > %s'], params: [1] }));
expectError(P.select_for_update({ of: ['bx'] }));
expectError(P.select_for_update({ of: ['toppings'] }));
Book.aobjects.select_related('author__mentor').select_for_update({ of: ['author', 'author__mentor'] });
expectError(P.extra({ were: [] }));
expectError(P.using(5));

// --- sets demand like rows ---
P.all().union(P.filter({ id: 1 }), { all: true });
P.values_list('id', 'name').union(Box.aobjects.values_list('id', 'name'), Topping.aobjects.values_list('id', 'name'));
P.all().intersection(P.all()).difference(P.all()).and(P.all()).or(P.all()).xor(P.all());
expectError(P.all().union(Box.aobjects.all()));
expectError(P.values_list('id', 'name').union(Box.aobjects.values_list('name', 'id')));
expectError(P.values_list('id').intersection(P.values_list('name')));
expectError(P.all().and(Box.aobjects.all()));
// Joined, the rows load what the first one loads.
expectType<Box | null | undefined>((await P.select_related('box').or(P.all()).first())?.box);
expectType<AsyncQuerySet<Pizza>>(P.all().and(P.select_related('box')).xor(P.prefetch_related('toppings')));
P.values('id').or(P.values('id'));
expectError(P.values('id').or(P.values('name')));
expectError(P.all().or(P.values('id')));
expectError(P.select_related('box').or(Box.aobjects.all()));

// --- reading ---
expectType<Pizza>(await P.get({ id: 1 }));
expectType<Pizza | null>(await P.first());
expectType<[number] | null>(await P.values_list('id').last());
expectType<number>(await P.count());
expectType<boolean>(await P.exists());
expectType<Map<number, Pizza>>(await P.in_bulk([1, 2]));
expectType<Map<string, Book>>(await Book.aobjects.in_bulk(['x'], { field_name: 'isbn' }));
expectType<Map<string, Country>>(await Country.aobjects.in_bulk());
expectType<Map<string, Book>>(await Book.aobjects.in_bulk({ field_name: 'isbn' }));
expectError(Book.aobjects.in_bulk({ field_name: 'isb' }));
expectType<string>(await P.explain({ format: 'json', analyze: true }));
expectType<Map<number, Pizza>>(await P.in_bulk(new Set([1])));
expectType<Map<string, Book>>(await Book.aobjects.in_bulk(new Set(['x']), { field_name: 'isbn' }));
expectError(P.in_bulk(['x']));
// A Map finds no tuple by its value.
expectError(Stock.aobjects.in_bulk());
expectError(Stock.aobjects.in_bulk([[1, 2]]));
expectError(Book.aobjects.in_bulk(['x'], { field_name: 'isb' }));
expectError(P.get('x'));
P.explain({ analyze: true, memory: true, serialize: 'text', generic_plan: false });
expectError(P.explain({ format: 'toml' }));
expectError(P.explain({ serialize: true }));

// --- writing ---
expectType<Pizza>(await P.create({ name: 'x', priceId: 1 }));
expectType<[Pizza, boolean]>(await P.get_or_create({ name: 'x', defaults: { priceId: 1 } }));
expectType<[Pizza, boolean]>(
  await P.update_or_create({ name__iexact: 'x', defaults: { name: 'y' }, create_defaults: { name: 'x', priceId: 1 } }),
);
expectType<Pizza[]>(
  await P.bulk_create([new Pizza({ name: 'x', priceId: 1 })], {
    batch_size: 10,
    update_conflicts: true,
    update_fields: ['name'],
    unique_fields: ['id'],
  }),
);
expectType<number>(await P.bulk_update(await P, ['name', 'box'], { batch_size: 10 }));
P.bulk_create(await P, { batch_size: null, update_conflicts: true, update_fields: ['box'], unique_fields: ['pk'] });
P.bulk_update(await P, ['boxId'], { batch_size: null });
expectError(Author.aobjects.bulk_update(await Author.aobjects, ['id']));
// The key says which row.
expectError(P.bulk_create(await P, { update_fields: ['id'] }));
expectError(P.bulk_create(await P, { update_fields: ['toppings'] }));
expectError(P.bulk_create(await P, { unique_fields: ['toppings'] }));
expectType<number>(await P.filter({ id: 1 }).update({ name: 'x', box: null }));
expectType<[number, Record<string, number>]>(await P.filter({ id: 1 }).delete());
expectError(P.create({ name: 'x' }));
expectError(P.create({ name: 'x', priceId: 1, nme: 1 }));
expectError(P.get_or_create({ nme: 'x' }));
expectError(P.get_or_create({ name: 'x', defaults: { nme: 1 } }));
expectError(P.get_or_create({ name: 'x', defaults: { priceId: 'x' } }));
expectError(P.get_or_create({ name: 'x', create_defaults: {} }));
expectError(P.bulk_create([new Box({ name: 'x' })]));
expectError(P.bulk_create([new Pizza({ name: 'x', priceId: 1 })], { update_fields: ['nme'] }));
expectError(P.bulk_update(await P, ['nme']));
expectError(P.bulk_update(await P, ['box__name']));
expectError(P.bulk_update(await P, ['toppings']));
expectError(P.update({ nme: 'x' }));
expectError(P.update({ name: 5 }));
expectError(P.update({ priceId: null }));
expectError(P.update({ box__name: 'x' }));
// A key that was worked out is looked at when it runs.
declare const either: 'name' | 'motto';
await P.update({ [either]: 'x' });
await P.create({ [either]: 'x', name: 'y', price: new Price({ amount: '1' }) });
await P.get_or_create({ [either]: 'x' });
expectError(P.update({ 3: 'x' }));
expectError(P.create({ [either]: 'x', priceId: 1 }));

// --- the SQL, and Drizzle around it ---
expectType<{ sql: string; params: unknown[] }>(P.toSQL());
expectType<SQL>(P.getSQL());
expectAssignable<{ toString(): string }>(P.query);
// A text of its own, and not Object's.
expectAssignable<keyof typeof P & keyof AsyncRows<Pizza>>('toString');
expectType<boolean>(P.ordered);
expectType<string>(P.db);
void other;

// --- raw ---
expectType<Pizza[]>(await P.raw('select * from pizza where id = %s', [1]));
expectType<Pizza[]>(await P.raw(sql`select * from pizza where id = ${1}`, { using: 'replica' }));
expectError(P.raw(sql`select 1`, [1]));
expectError(P.raw('select 1').filter({ id: 1 }));
expectType<readonly string[]>(await P.raw('select 1', [], { one: 'id' }, { using: 'replica' }).columns);
P.raw('select 1', { params: [1], translations: { one: 'id' }, using: db });
P.raw('select %(a)s', { a: 1 }, { translations: { one: 'id' } });
expectError(P.raw('select 1', [], { one: 5 }));

// --- a function over any queryset ---
declare function page<Row>(rows: AsyncRows<Row>, n: number): Promise<{ rows: Row[]; total: number }>;
expectType<Promise<{ rows: Pizza[]; total: number }>>(page(P, 1));
expectType<Promise<{ rows: Pizza[]; total: number }>>(page(P.filter({ id: 1 }).order_by('id'), 1));
expectType<Promise<{ rows: [number, string][]; total: number }>>(page(P.values_list('id', 'name'), 1));
expectType<Promise<{ rows: { name: string }[]; total: number }>>(page(P.values('name'), 1));
expectType<Promise<{ rows: Pizza[]; total: number }>>(page(new Box({ name: 'x' }).a$pizza_set, 1));
expectType<number>((await page(P.annotate({ n: Count('toppings') }), 1)).rows[0]!.n);
declare const anyRows: AsyncRows<Pizza>;
expectType<Pizza[]>(await anyRows.slice(0, 5));
// Its names are some model's: they are checked when it runs.
expectType<Pizza | null>(
  await anyRows
    .filter({ id: 1 }, Q({ name: 'x' }))
    .exclude({ id: 2 })
    .order_by('-pk')
    .first(),
);
expectError(anyRows.filter('id'));
expectError(anyRows.get(1));
expectError(anyRows.annotate({ n: Count('id') }));
declare function byKey<I>(model: { readonly aobjects: AsyncRows<I> }, pk: number): Promise<I>;
expectType<Pizza>(await byKey(Pizza, 1));
expectType<Box>(await byKey(Box, 1));
// A set is a list of distinct values.
P.filter({ id__in: new Set([1, 2]), box__in: new Set([new Box({ name: 'x' })]), name__in: new Set<string>() });
expectError(P.filter({ id__in: new Set(['1']) }));
expectError(P.filter({ name__in: 'abc' }));

// --- a function over annotated rows says which annotations it needs ---
const popular = (pizzas: AsyncQuerySet<With<Pizza, { n: number; label: string | null }>>) =>
  pizzas.filter({ n__gt: 3, label__startswith: 'x', box__name: 'y' }).order_by('-n');
const labelled = P.annotate({ n: Count('toppings'), label: F('box__name') });
expectType<[number, string | null, string][]>(
  (await popular(labelled)).map((pizza): [number, string | null, string] => [pizza.n, pizza.label, pizza.name]),
);
expectType<[number, string][]>(await popular(labelled).values_list('n', 'name'));
expectError(popular(P.all()));
expectError(popular(P.annotate({ n: F('name'), label: F('name') })));
const fetched = (pizzas: AsyncQuerySet<With<Pizza, { toppings: Topping[]; box: Box | null }>>) =>
  pizzas.filter({ toppings__name: 'x', box__name: 'y' });
expectType<Topping[][]>(
  (await fetched(P.select_related('box').prefetch_related('toppings'))).map((pizza) => pizza.toppings),
);
// Rows that have more are rows that have less.
popular(labelled.select_related('box'));
popular(labelled.prefetch_related('toppings'));
popular(labelled.annotate({ m: Count('toppings') }).extra({ select: { one: '1' } }));
popular(P.alias({ m: Count('toppings') }).annotate({ n: Count('toppings'), label: F('box__name'), more: F('id') }));
fetched(
  P.annotate({ n: Count('toppings') })
    .prefetch_related('toppings')
    .select_related('box', 'price'),
);
takesPizzas(labelled.select_related('box'));
let list = P.all();
list = list.select_related('box');
list = list.prefetch_related('toppings').annotate({ n: Count('toppings') });
expectType<AsyncQuerySet<Pizza>>(list);
let boxed = P.select_related('box');
boxed = boxed.select_related('price');
expectError((boxed = list));
expectError((list = P.only('id')));
expectError((list = P.defer('name')));
let ids = P.values('id');
ids = P.values('id', 'name');
expectError((ids = P.values('name')));
let pairs = P.values_list('id', 'name');
pairs = pairs.filter({ id: 1 });
expectError((pairs = P.values_list('name', 'id')));
expectError((pairs = P.values_list('id', 'name', 'box')));
const openPizzas = (): AsyncQuerySet<Pizza> => P.select_related('box').filter({ id: 1 });
expectType<Pizza[]>(await openPizzas());
const kept = <Row>(rows: AsyncQuerySet<Pizza, Row>) => rows.filter({ name: 'x' });
expectType<number[]>((await kept(labelled)).map((pizza) => pizza.n));
const many: Q<With<Pizza, { n: number }>> = Q({ n__gt: 3 });
P.annotate({ n: Count('toppings') }).filter(many);
expectError<Q<With<Pizza, { n: number }>>>(Q({ m__gt: 3 }));

// --- an alias is no part of a row, and the later of two annotations of one name counts ---
const aliased = P.alias({ n: Count('toppings') });
expectType<{ id: number; name: string; boxId: number | null; priceId: number }>(await aliased.values().get());
expectError((await aliased.values_list({ named: true }).get()).n);
expectType<string>((await aliased.filter({ n__gt: 1 }).order_by('-n').get()).name);
expectError(aliased.values('n'));
expectError(aliased.values('id', 'n'));
expectError(aliased.values_list('n', { flat: true }));
expectError(aliased.dates('n', 'year'));
expectType<{ m: number }>(await aliased.values({ m: F('n') }).get());
expectType<{ id: number; name: string; boxId: number | null; priceId: number; m: number }>(
  await aliased
    .annotate({ m: F('n').add(1) })
    .values()
    .get(),
);
expectType<number>((await aliased.annotate({ n: F('n') }).get()).n);
expectType<{ n: number }>(
  await aliased
    .annotate({ n: F('n') })
    .values('n')
    .get(),
);
const again = P.annotate({ n: Count('toppings') }).annotate({ n: F('name') });
expectType<string>((await again.get()).n);
expectType<{ n: string }>(await again.values('n').get());
expectType<Promise<void>>((await again.get()).asave());
expectError(P.annotate({ name: Count('toppings') }));
expectError(P.annotate({ toppings: Count('toppings') }));
expectError(P.annotate({ box: Count('toppings') }));
expectError(P.annotate({ pk: Count('toppings') }));
