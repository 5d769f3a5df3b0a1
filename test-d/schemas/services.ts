// Functions as a package exports them, of inferred types: their declarations have the models' bare names.
import { sql } from 'drizzle-orm';
import { integer } from 'drizzle-orm/pg-core';
import {
  ArrayAgg,
  ArraySubquery,
  Case,
  Cast,
  Coalesce,
  Concat,
  Count,
  define_function,
  Exists,
  Extract,
  F,
  FilteredRelation,
  Func,
  JSONObject,
  Lower,
  Now,
  OuterRef,
  Prefetch,
  Q,
  Rank,
  RawSQL,
  SearchQuery,
  SearchVector,
  StringAgg,
  Subquery,
  Sum,
  TruncMonth,
  Value,
  ValueRange,
  When,
  Window,
} from 'drizzle-queryset';
import { Box, Pizza, Price, Topping } from './pizza.js';

declare module 'drizzle-queryset' {
  interface RegisteredModels {
    Pizza: typeof Pizza;
    Box: typeof Box;
    Price: typeof Price;
    Topping: typeof Topping;
  }
}

export const cheap = (amount: string) => Pizza.aobjects.filter({ price__amount__lt: amount });
export const first = async (name: string) => Pizza.aobjects.filter({ name }).first();
export const counted = async () => Box.aobjects.annotate({ n: Count('pizza') }).order_by('-n');
export const joined = () => Pizza.aobjects.select_related('box', 'price');
export const menu = () =>
  Box.aobjects.prefetch_related(Prefetch('pizza_set', { to_attr: 'pizzas' }), 'pizzas__toppings');
export const names = () => Topping.aobjects.values_list('id', 'name');
export class Kitchen {
  readonly toppings = (pizza: Pizza) => pizza.a$toppings;
  async labels() {
    return Pizza.aobjects.annotate({ label: F('name') }).values('id', 'label');
  }
}

// --- every other kind of value that a function may give ---
export const boxed = Q({ box__isnull: false }).and(Q({ name__startswith: 'x' }).not());
export const branch = When({ name: 'x' }, { then: Value(1) });
export const cases = Case(When({ name: 'x' }, { then: Value(1) }), { default: F('id') });
export const prefetch = Prefetch('pizza_set', Pizza.aobjects.all(), 'all');
export const field = F('name').slice(0, 3);
export const summed = F('id').add(1).mul(F('boxId')).desc({ nulls_last: true });
export const text = Concat(Lower('name'), Value(' '), Coalesce('box__name', Value('')));
export const cast = Cast('name', integer());
export const total = Sum('amount', { filter: Q({ currency: 'usd' }), default: '0' });
export const lists = { a: ArrayAgg('name', { distinct: true }), b: StringAgg('name', ', ') };
export const month = TruncMonth('added');
export const year = Extract('added', 'year');
export const now = Now();
export const rank = Window(Rank(), { order_by: F('name').asc(), frame: ValueRange({ start: null, end: 0 }) });
export const newest = Subquery(
  Pizza.aobjects
    .filter({ box: OuterRef('pk') })
    .values('name')
    .slice(0, 1),
);
export const all = ArraySubquery(Pizza.aobjects.filter({ box: OuterRef('pk') }).values('name'));
export const some = Exists(Pizza.aobjects.filter({ box: OuterRef('pk') }));
export const raw = RawSQL('1 + %s', [1], { output_field: integer() });
export const own = define_function('soundex', { function: 'soundex' });
export const called = Func('name', { function: 'soundex' });
export const filtered = FilteredRelation('pizza', { condition: Q({ pizza__name: 'x' }) });
export const search = { vector: SearchVector('name'), query: SearchQuery('x') };
export const object = JSONObject({ name: 'name', n: Count('id') });
export const drizzle = () => Pizza.aobjects.annotate({ n: sql<number>`1` });
export const manager = Pizza.aobjects;
export const related = { one: (box: Box) => box.a$pizza_set, other: (price: Price) => price.a$pizza };
export const rows = {
  only: () => Pizza.aobjects.only('name'),
  deferred: () => Pizza.aobjects.defer('name'),
  named: () => Pizza.aobjects.values_list('id', 'name', { named: true }),
  bulk: () => Pizza.aobjects.in_bulk([1]),
  raw: () => Pizza.aobjects.raw('select 1'),
  iterator: () => Pizza.aobjects.iterator(),
  aggregate: () => Pizza.aobjects.aggregate({ n: Count('id') }),
  created: () => Topping.aobjects.get_or_create({ name: 'x' }),
  plan: () => Pizza.aobjects.explain(),
  sql: () => Pizza.aobjects.toSQL(),
  query: () => Pizza.aobjects.query,
  filtered: () => Box.aobjects.annotate({ p: FilteredRelation('pizza', { condition: Q({ pizza__name: 'x' }) }) }),
  extra: () => Pizza.aobjects.extra({ select: { one: '1' } }),
  union: () => Topping.aobjects.values_list('name').union(Box.aobjects.values_list('name')),
};
