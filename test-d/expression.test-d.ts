import { expectError, expectType } from 'tsd';
import {
  Abs,
  ArrayAgg,
  Avg,
  BoolAnd,
  Case,
  Cast,
  Coalesce,
  Concat,
  Corr,
  Count,
  CumeDist,
  Exists,
  ExpressionWrapper,
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractYear,
  F,
  FilteredRelation,
  FirstValue,
  Greatest,
  JSONBAgg,
  JSONObject,
  KT,
  Lag,
  LastValue,
  Lead,
  Length,
  Lower,
  Max,
  Min,
  Now,
  NthValue,
  Ntile,
  NullIf,
  OuterRef,
  Pi,
  Power,
  Q,
  Rank,
  RawSQL,
  Round,
  RowNumber,
  RowRange,
  Sqrt,
  StdDev,
  StringAgg,
  Subquery,
  Substr,
  Sum,
  TruncDate,
  TruncHour,
  TruncMonth,
  Trunc,
  TruncTime,
  Upper,
  Value,
  When,
  Window,
} from 'drizzle-queryset';
import { sql } from 'drizzle-orm';
import { doublePrecision, integer, numeric, text } from 'drizzle-orm/pg-core';
import { Author, Book, Sample } from './schemas/library.js';
import { Box, Pizza, pizzas, Price } from './schemas/pizza.js';

const P = Pizza.aobjects;
const S = Sample.aobjects;
const B = Book.aobjects;

// --- annotate: properties of the row, names for what follows ---
const counted = await P.annotate({ n: Count('toppings'), low: Lower('box__name') }).get({
  n__gt: 1,
  low__startswith: 'x',
});
expectType<number>(counted.n);
expectType<string | null>(counted.low);
expectType<string>(counted.name);
expectType<{ id: number; n: number }[]>(await P.annotate({ n: Count('toppings') }).values('id', 'n'));
expectType<{ box__name: string | null; n: number }[]>(await P.values('box__name').annotate({ n: Count('id') }));
expectType<[string | null, number][]>(await P.values_list('box__name').annotate({ n: Count('id') }));
expectError((await P.alias({ n: Count('toppings') }).get({ n: 1 })).n);
// One of a call may name another, and that a third.
const chained = P.annotate({ n: Count('toppings'), twice: F('n').mul(2), half: F('twice').div(4) });
expectType<{ n: number; twice: number; half: number }>(await chained.values('n', 'twice', 'half').get());
expectError(P.annotate({ n: Count('toppings'), twice: F('m').mul(2), half: F('twice').div(4) }));
expectError(P.annotate({ a: F('b').add(1), b: F('a').add(1) }));
// What follows an annotation's name is asked of, and not selected.
const moments = S.annotate({ at: F('moment') }).alias({ hidden: F('moment') });
expectError(moments.values('at__year'));
expectError(moments.values_list('id', 'hidden__year'));
expectType<number>(
  (
    await moments
      .order_by('at__year')
      .values({ y: F('hidden__year') })
      .get({ at__year: 1 })
  ).y,
);
// aggregate() is of rows that have no aliases.
expectError(P.alias({ n: Count('toppings') }).aggregate(Sum('n')));
expectError(P.alias({ n: Count('toppings') }).aggregate({ some: Sum(F('n').add(1)) }));
expectType<{ n__sum: number | null; last: number | null; some: number }>(
  await moments
    .alias({ m: F('id') })
    .annotate({ n: F('m') })
    .aggregate(Sum('n'), { last: Max('hidden__year'), some: Count('id', { filter: Q({ m__gt: 1 }) }) }),
);
expectError(P.annotate({ n: Count('topings') }));
expectError(P.annotate({ name: Count('toppings') }));
expectError(P.annotate({ n: 5 }));
expectError(P.annotate({ n: 'name' }));
expectType<number>((await P.annotate({ n: Count('toppings'), m: F('n').add(1) }).get({ id: 1 })).m);
expectType<number>((await P.annotate(Count('toppings')).get({ id: 1 })).toppings__count);
expectType<number>((await P.annotate({ n: sql<number>`1` }).get({ id: 1 })).n);

// An aggregate's own name is a path, and goes before what that path would else lead to.
const owned = P.annotate(Count('toppings'), Count('id'), Count('pk'));
expectType<[number, number, number][]>(await owned.values_list('toppings__count', 'id__count', 'pk__count'));
expectType<{ toppings__count: number }[]>(await owned.values('toppings__count'));
owned.filter({ id__count__lt: 3, toppings__count__in: [1, 2], pk__count: 1 }, Q({ toppings__count: 1 }));
owned.filter({ id__gt: 1, pk__gt: 1, toppings__name: 'x', toppings__in: [1], toppings__name__startswith: 'x' });
owned.order_by('-toppings__count', 'toppings__name', F('id__count').desc(), 'id');
expectType<{ toppings__count__sum: number | null }>(await owned.aggregate(Sum('toppings__count')));
expectType<number>((await owned.annotate({ more: F('toppings__count').add(1) }).get({ id: 1 })).more);
owned.select_related('box').prefetch_related('toppings').only('name');
Box.aobjects
  .annotate(Avg('pizza__price__amount'))
  .filter({ pizza__price__amount__avg__gt: '1', pizza__price__amount: '1', pizza__name: 'x' })
  .order_by('pizza__price__amount__avg');
P.values('name').annotate(Count('id')).filter({ id__count__gt: 1 }).order_by('id__count');
expectError(owned.filter({ toppings__nmae: 'x' }));
expectError(owned.filter({ toppings__count__nosuch: 1 }));
// A field's name is an annotation's where the rows are values without it, and free in aggregate().
expectType<{ name: string; box: number }[]>(
  await P.values('name')
    .annotate({ box: Count('toppings') })
    .order_by('-box'),
);
P.values_list('name')
  .annotate({ id: Count('toppings') })
  .filter({ id__gt: 2 });
expectType<{ id: number | null }>(await P.aggregate({ id: Sum('id') }));
P.values('name')
  .annotate({ box: Count('toppings') })
  .annotate({ box: Count('id') });
expectError(P.values('name', 'id').annotate({ id: Count('toppings') }));
expectError(P.annotate({ id: Count('toppings') }));
expectError(P.alias({ box: Count('toppings') }));
expectError(owned.filter({ toppings__count: 'x' }));
expectError(owned.filter({ id__cuont: 1 }));
expectError(owned.order_by('toppings__cuont'));
expectError(P.filter({ toppings__count: 1 }));

// --- F and arithmetic ---
const sums = await S.annotate({
  a: F('int').add(1),
  b: F('int').add(F('real')),
  c: F('dec').mul(2),
  d: F('numbers__0').sub(1),
  e: F('moment').sub(F('moment')),
  f: F('int').neg(),
  g: F('huge').add(1),
}).values_list('a', 'b', 'c', 'd', 'e', 'f', 'g');
expectType<[number, number, string, number | null, string, number, bigint][]>(sums);
// A fraction is no bigint, and keeps the mode of a decimal column.
expectType<[number, number, string, number, number]>(
  await S.values_list(
    F('huge').mul(0.5),
    Value(0.5).add(F('huge')),
    F('dec').mul(0.5),
    F('decNumber').sub(1e-3),
    F('int').div(0.25),
  ).get({ id: 1 }),
);
expectError(S.annotate({ a: F('it').add(1) }));
expectError(S.annotate({ a: F('int').add(F('rel')) }));
expectError(F('int').plus(1));
// In arithmetic a text is a literal; a field is written F('…').
expectType<string>((await Price.aobjects.annotate({ a: F('amount').add('1.50') }).get({ id: 1 })).a);
expectType<string>((await S.annotate({ a: F('dec').mul('1.50').sub('2') }).get({ id: 1 })).a);
expectError(P.annotate({ a: F('id').add('priceId') }));
expectError(P.annotate({ a: F('id').mul('x') }));
expectError(P.annotate({ a: F('id').add(F('prceId')) }));
expectError(S.annotate({ a: F('moment').sub('day') }));

// --- comparison ---
expectType<[string, string | null, number, number | null][]>(
  await S.values_list(
    Coalesce('nothing', Value('x')),
    Coalesce('nothing', 'host'),
    Greatest('int', 'small'),
    NullIf('int', Value(0)),
  ),
);
expectType<[number, string | null, number][]>(
  await S.values_list(Cast('txt', integer()), Cast('nothing', text()), Cast('dec', doublePrecision())),
);
expectType<[string]>(
  await S.values_list(ExpressionWrapper(F('int').mul(2), { output_field: numeric() })).get({ id: 1 }),
);
expectError(S.values_list(Coalesce('nothng', Value('x'))));
// Numbers meet in the widest of their types, in its column's mode.
expectType<[string, string, string, number | null, bigint, number, number]>(
  await S.values_list(
    Greatest('small', 'dec'),
    Coalesce('dec', Value(0)),
    Case(When({ id: 1 }, { then: 'small' }), { default: 'dec' }),
    Case(When({ id: 1 }, { then: 'small' })),
    Coalesce('huge', Value(0)),
    Greatest('int', 'big'),
    Coalesce('int', 'real'),
  ).get({ id: 1 }),
);
expectError(S.annotate({ a: Cast('text', integer()) }));
expectError(Cast('txt'));
// output_field is positional in Django, and has a name.
expectType<[number, string, string, string]>(
  await S.values_list(
    Cast('id', { output_field: doublePrecision() }),
    ExpressionWrapper('int', numeric()),
    Value(5, text()),
    Value(5, { output_field: text() }),
  ).get({ id: 1 }),
);
expectError(Cast('id', { output: text() }));
expectError(ExpressionWrapper('id', { output: text() }));
expectError(ExpressionWrapper('id'));
expectError(Value(5, { output: text() }));
// A plain object is a call's options and no operand; a list is written as a Value.
expectType<[string, string | null]>(
  await S.values_list(
    Coalesce('nothing', Value('x'), { output_field: text() }),
    Coalesce('nothing', 'host', { output_field: text() }),
  ).get({ id: 1 }),
);
const given: string[] = (await S.values({ a: Coalesce('words', Value(['x'])) }).get()).a;
expectType<{ b: string[] }>(await S.values({ b: Coalesce('words', Value([])) }).get());
export const firstGiven = given[0];
S.annotate({ a: Coalesce('words', Value(['x'])), b: Coalesce('raw', new Uint8Array()), c: Coalesce('moment', Now()) });
P.annotate({ a: Coalesce(pizzas.name, Value('x')), b: Coalesce(P.values('name'), Value('x')) });
expectError(Coalesce('name', Value('x'), { outputfield: text() }));
expectError(Concat('name', Value('x'), { output_feld: text() }));
expectError(Substr('name', 1, { length: 5 }));
expectError(Lower({ expression: 'name' }));
expectError(Lower(['name']));
expectError(Lower(await P.get({ id: 1 })));
expectError(F('id').add({ x: 1 }));
expectError(JSONObject({ a: { b: 1 } }));

// Beside a column a literal is of the column's type, wherever it stands.
expectType<[string, string, number, string, Date, Date, string, Date]>(
  await S.values_list(
    Coalesce('dec', Value(0.5)),
    Greatest(Value(0.5), 'dec'),
    Coalesce('decNumber', Value(0.5)),
    Coalesce('int', 'dec', Value(0.5)),
    Coalesce('dayDate', Value('2020-01-01')),
    Greatest(Value('2020-01-01'), 'moment'),
    Coalesce('day', Value('2020-01-01')),
    Case(When({ id: 1 }, { then: Value('2020-01-01') }), { default: 'dayDate' }),
  ).get({ id: 1 }),
);
expectType<[string | null, string | null, number | null, Date | null, Date | null, 'a' | 'b' | null]>(
  await S.values_list(
    NullIf(Value(2.25), 'dec'),
    NullIf('dec', Value(2.25)),
    NullIf(Value(2.25), 'int'),
    NullIf(Value('2020-01-01'), 'dayDate'),
    NullIf('moment', Value('2020-01-01')),
    NullIf('kind', Value('x')),
  ).get({ id: 1 }),
);
expectType<string>(await S.values_list(Coalesce('kind', Value('x')), { flat: true }).get({ id: 1 }));

// Numbers of several types come as one of them does: a float, a column's decimals beside a literal, a subquery's.
const decimals = S.filter({ id: OuterRef('id') }).values('dec');
expectType<[string, string, number, number, number, string, string]>(
  await S.values_list(
    Case(When({ id: 1 }, { then: 'dec' }), { default: 0.5 }),
    Case(When({ id: 1 }, { then: Value(0.5) }), { default: 'dec' }),
    Case(When({ id: 1 }, { then: 'dec' }), { default: 'real' }),
    Coalesce('real', 'dec'),
    Coalesce('huge', 'double'),
    Coalesce(Subquery(decimals), 0),
    Case(When({ id: 1 }, { then: Value(0.5) }), { default: Coalesce(Subquery(decimals), 'int', 0) }),
  ).get({ id: 1 }),
);

// A sum of bigints is numeric: half of it is no bigint.
expectType<{ sum: bigint | null; half: string | null; some: bigint; part: number }>(
  await S.aggregate({
    sum: Sum('huge'),
    half: Sum('huge').div(Count('id')),
    some: Coalesce(Sum('huge'), Value(0n)),
    part: Coalesce(Sum('huge'), Value(1.5)),
  }),
);
expectError(S.aggregate({ a: StdDev('int', { distinct: true }) }));
expectError(S.aggregate({ a: Max('int', { distinct: true }) }));
S.aggregate({
  a: Sum('int', { distinct: true }),
  b: Avg('int', { distinct: true }),
  c: Count('int', { distinct: true }),
});

// --- text, numbers ---
expectType<[string, string | null, string, number | null, string][]>(
  await S.values_list(
    Upper('txt'),
    Lower('nothing'),
    Concat('nothing', Value('x')),
    Length('nothing'),
    Substr('txt', 1, 2),
  ),
);
expectType<[number, string, number, number, string, number][]>(
  await S.values_list(Abs('int'), Round('dec', 1), Sqrt('int'), Pi(), Power('dec', 2), Power('int', 2)),
);
expectType<[string, string, number, number, string]>(
  await S.values_list(
    Power('dec', Value(0.5)),
    Power(Value(0.5), 'dec'),
    Power(Value(0.5), 'decNumber'),
    Power('int', Value(0.5)),
    Round(Power(Value(2.25), 'dec')),
  ).get({ id: 1 }),
);
expectType<string | null>((await S.aggregate({ a: Power(Sum('huge'), Value(0.5)) })).a);
// What divides leaves a fraction; what goes into a document comes out as its numbers and texts.
expectType<[bigint, number, string, string | null, number | null, number[] | null, string[] | null]>(
  await S.values_list(
    F('big').add(F('huge')),
    F('huge').pow(2),
    F('int').mul(F('span')),
    Avg('clock'),
    NullIf('int', 'real'),
    JSONBAgg('dec'),
    JSONBAgg('dayDate'),
  ).get({ id: 1 }),
);
expectError(S.annotate({ a: Upper('tx') }));
expectError(Upper());

// --- dates ---
expectType<[number, number, Date, string, Date, string, string, Date][]>(
  await S.values_list(
    ExtractYear('day'),
    Extract('moment', 'hour', { tzinfo: 'Europe/Paris' }),
    TruncMonth('moment'),
    TruncMonth('day'),
    TruncDate('moment'),
    TruncDate('momentText'),
    TruncTime('moment'),
    Now(),
  ),
);
expectError(S.annotate({ a: Extract('moment', 'century') }));
expectType<[number, Date, string]>(
  await S.values_list(
    Extract('moment', { lookup_name: 'year', tzinfo: 'Europe/Paris' }),
    Trunc('moment', { kind: 'day' }),
    Trunc('day', { kind: 'month' }),
  ).get({ id: 1 }),
);
expectError(S.annotate({ a: Extract('moment', { lookup_name: 'century' }) }));
expectError(S.annotate({ a: Extract('moment', { kind: 'year' }) }));
expectError(S.annotate({ a: Extract('int', { lookup_name: 'year' }) }));
expectError(S.annotate({ a: Trunc('moment', { kind: 'century' }) }));
expectError(S.annotate({ a: Trunc('int', { kind: 'day' }) }));
expectError(S.annotate({ a: TruncMonth('momnt') }));
// What is no date has no parts of one; a date has no time, and a time no date.
expectError(S.annotate({ a: ExtractYear('txt') }));
expectError(S.annotate({ a: ExtractDay('int') }));
expectError(S.annotate({ a: ExtractHour('day') }));
expectError(S.annotate({ a: Extract('day', 'hour') }));
expectError(S.annotate({ a: Extract('int', 'day') }));
expectError(S.annotate({ a: TruncMonth('int') }));
expectError(S.annotate({ a: TruncHour('day') }));
expectError(S.annotate({ a: TruncDate('int') }));
expectError(S.annotate({ a: TruncTime('int') }));
expectError(S.annotate({ a: TruncTime('day') }));
expectError(S.annotate({ a: Trunc('day', 'hour') }));
expectError(S.annotate({ a: Trunc('int', 'date') }));
expectError(S.annotate({ a: Trunc('txt', 'time') }));
expectError(S.annotate({ a: TruncMonth(F('int')) }));
expectError(S.annotate({ a: ExtractYear(Lower('txt')) }));
expectError(S.annotate({ a: TruncHour(Max('day')) }));
expectType<number>((await S.annotate({ a: ExtractYear(TruncMonth('moment')) }).get({ id: 1 })).a);

// --- aggregates ---
expectType<{ n: number; total: string | null; mean: string | null; least: string | null }>(
  await Price.aobjects.aggregate({ n: Count('id'), total: Sum('amount'), mean: Avg('amount'), least: Min('currency') }),
);
expectType<{ amount__sum: string | null; n: number }>(await Price.aobjects.aggregate(Sum('amount'), { n: Count('*') }));
expectType<{ a: number | null; b: number | null; c: bigint | null; d: number | null; e: number }>(
  await S.aggregate({
    a: Sum('int'),
    b: Avg('int'),
    c: Sum('huge'),
    d: StdDev('real', { sample: true }),
    e: Sum('int', { default: 0 }),
  }),
);
expectType<{
  a: string[] | null;
  b: string | null;
  c: boolean | null;
  d: (string | null)[] | null;
  e: number | null;
  f: string | null;
}>(
  await S.aggregate({
    a: ArrayAgg('txt', { ordering: ['-txt'], distinct: true }),
    b: StringAgg('txt', ', '),
    c: BoolAnd('flag'),
    d: JSONBAgg('nothing'),
    e: Corr('int', 'real'),
    f: Max('momentText'),
  }),
);
expectType<{ n: number }>(await P.aggregate({ n: Count('id', { distinct: true, filter: Q({ box__name: 'x' }) }) }));
// What is of each row is no aggregate, wherever it stands; what is of an aggregate is one.
expectError(P.aggregate({ x: F('id') }));
expectError(P.aggregate({ x: F('id').add(1) }));
expectError(P.aggregate({ x: Lower('name') }));
expectError(P.aggregate({ x: F('box__name') }));
expectError(P.aggregate({ x: Value(1) }));
expectError(P.aggregate({ n: Count('id'), x: Coalesce('name', 'box__name') }));
expectError(P.aggregate({ x: Window(Sum('id'), { order_by: 'id' }) }));
expectError(P.aggregate({ x: Case(When({ id: 1 }, { then: F('id') })) }));
expectError(P.aggregate(Count('id'), { x: Exists(P) }));
expectError(P.annotate({ n: Count('toppings') }).aggregate({ x: F('id') }));
expectType<{ a: number | null; b: number; c: number | null; d: number | null; e: number | null }>(
  await P.aggregate({
    a: Sum('id').add(1),
    b: Coalesce(Max('id'), Value(0)),
    c: Count('id').add(F('a')),
    d: Case(When({ id: 1 }, { then: Sum('id') })),
    e: sql<number | null>`max(id)`,
  }),
);
expectType<{ x: number; y: number }>(
  await P.annotate({ n: Count('toppings') }).aggregate({ x: F('n'), y: F('n').add(1) }),
);
expectType<{ x: number | null }>(
  await P.annotate({ n: Count('toppings') }).aggregate({ x: Case(When({ n: 1 }, { then: Value(1) })) }),
);
expectError(P.aggregate({ n: Count('nme') }));
expectError(P.aggregate({ n: Count('id', { filter: Q({ nme: 'x' }) }) }));
expectError(P.aggregate({ n: Count('id', { filter: { name: 'x' } }) }));
expectError(P.aggregate({ n: Count('id', { distnct: true }) }));
// A filter is a condition, and no object; the fields of an order are checked, too.
S.annotate({ a: ArrayAgg('txt', { filter: Exists(P), ordering: ['-txt', F('id').desc()] }) });
S.annotate({ a: StringAgg('txt', { delimiter: ',', order_by: '-id' }), b: Avg('int', { filter: F('flag') }) });
S.annotate({ a: Sum('int', { filter: sql`true` }), b: Sum('int', { filter: Q({ id: 1 }) }) });
expectError(Sum('id', { filter: { id: 1 } }));
expectError(P.aggregate({ n: Avg('id', { filter: { nme: 1 } }) }));
expectError(S.annotate({ a: ArrayAgg('txt', { filter: { nme: 1 } }) }));
expectError(S.annotate({ a: ArrayAgg('txt', { ordering: 'nme' }) }));
expectError(S.annotate({ a: ArrayAgg('txt', { ordering: ['-nme'] }) }));
expectError(S.annotate({ a: StringAgg('txt', ',', { order_by: '-nme' }) }));
// What has no name of its own is given one.
P.annotate(Count('toppings')).aggregate(Sum('id'), Avg('id'));
expectError(P.annotate(Lower('name')));
expectError(P.annotate(F('name')));
expectError(P.annotate(sql`1`));
expectError(P.aggregate(F('id')));
expectError(P.aggregate(Sum('id').add(1)));
expectError(P.annotate(Count(F('id').add(1))));
expectError((await P.aggregate({ n: Count('id') })).m);
expectError(StringAgg('txt'));
expectError(S.annotate(StringAgg('txt', ',')));

// --- conditions ---
const cased = await P.annotate({
  a: Case(When({ name: 'x' }, { then: Value('A') }), When(Q({ box__name: 'y' }), { then: 'name' }), {
    default: Value('B'),
  }),
  b: Case(When({ name: 'x', then: Value(1) })),
  c: Case(When(Q({ name: 'x' }), F('price__amount')), { default: F('price__amount') }),
  d: Case(When({ name: 'x' }, { then: Value(1) }), { default: Value(2), output_field: numeric() }),
}).values_list('a', 'b', 'c', 'd');
expectType<[string, number | null, string, string][]>(cased);
expectError(P.annotate({ a: Case(When({ nme: 'x' }, { then: Value('A') })) }));
expectError(P.annotate({ a: Case(When({ name: 'x' }, { then: 'nme' })) }));
expectError(P.annotate({ a: Case('name') }));
expectError(When({ id: 1 }, { thn: Value(1) }));
expectError(When({ id: 1, then: { x: 1 } }));
// A condition may be an expression, and what it says is checked.
expectType<[number | null, number | null, number | null]>(
  await S.annotate({
    a: Case(When(Exists(P), { then: Value(1) })),
    b: Case(When(Exists(P).not(), Value(1))),
    c: Case(When(F('flag'), { then: Value(1) })),
  })
    .values_list('a', 'b', 'c')
    .get({ id: 1 }),
);
const flagged = When(F('flg'), { then: Value(1) });
expectError(S.annotate({ a: Case(flagged) }));
const either = Q({ name: 'x' }).or(Q({ nme: 1 }));
expectError(P.annotate({ a: Case(When(either, { then: Value(1) })) }));
P.filter(Exists(P).or(Q({ id: 1 }))).filter(
  Exists(P)
    .and(Q({ box__name: 'x' }))
    .xor(Exists(P)),
);
expectError(P.filter(Exists(P).or(Q({ nme: 1 }))));
const existing = Exists(P).or(Q({ stars: 1 }));
expectError(P.filter(existing));
// A condition is a value: true, false, or null.
expectType<boolean | null>((await P.annotate({ q: Q({ id: 1 }) }).get({ q: true })).q);
expectError(P.annotate({ q: Q({ nme: 1 }) }));
expectError(P.annotate({ q: either }));
// Q(*args, **kwargs)
P.filter(Q(Q({ id: 1 }), { name: 'x' })).filter(Q(Exists(P), Q({ id: 1 }), { box__name: 'x' }));
const both = Q(Q({ id: 1 }), Exists(P), { name: 'x' });
P.filter(both).aggregate({ n: Count('id', { filter: both }) });
expectError(P.filter(Q(Q({ id: 1 }), { nme: 'x' })));
expectError(P.filter(Q(Q({ nme: 1 }), { name: 'x' })));
const wrongFirst = Q(Q({ nme: 1 }), { name: 'x' });
expectError(P.filter(wrongFirst));
const wrongLast = Q(Q({ id: 1 }), { nme: 'x' });
expectError(P.filter(wrongLast));
const wrongField = Q(F('nme'));
expectError(P.filter(wrongField));
const when = When({ stars: 5 }, { then: Value(1) });
expectError(P.annotate({ a: Case(when) }));

// --- other querysets ---
const subs = await Box.aobjects
  .annotate({
    newest: Subquery(
      P.filter({ box: OuterRef('pk') })
        .order_by('-id')
        .values('name')
        .slice(0, 1),
    ),
    has: Exists(P.filter({ box: OuterRef('pk') })),
    none: Exists(P.filter({ box: OuterRef('pk') })).not(),
  })
  .values_list('newest', 'has', 'none');
expectType<[string | null, boolean, boolean][]>(subs);
// What an OuterRef is, only the query around knows.
const outer = Subquery(
  P.annotate({ own: OuterRef('name') })
    .values('own')
    .slice(0, 1),
);
expectType<[NonNullable<unknown> | null][]>(await P.annotate({ outer }).values_list('outer'));
const outerText = Subquery(P.values({ own: OuterRef('name') }).slice(0, 1), { output_field: text() });
expectType<[string | null][]>(await P.annotate({ outerText }).values_list('outerText'));
// A text may be a day, a decimal or a name: what is asked of it is the column's to answer.
const newest = P.annotate({
  day: Subquery(S.order_by('-day').values('day').slice(0, 1)),
  dec: Subquery(S.values('dec').slice(0, 1)),
  txt: Subquery(S.values('txt').slice(0, 1)),
  moment: Subquery(S.values('moment').slice(0, 1)),
});
newest.filter({ day__year: 2020, day__gte: '2020-01-01', dec__gt: '5', txt__icontains: 'x', moment__year: 2020 });
expectType<[number | null, string | null, string | null]>(
  await newest
    .annotate({ y: ExtractYear('day'), up: Lower('txt'), twice: F('dec').mul(2) })
    .values_list('y', 'up', 'twice')
    .get(),
);
expectError(newest.filter({ day__nosuch: 1 }));
expectError(newest.filter({ moment__icontains: 'x' }));
expectError(Subquery(P.values_list('id', 'name')));
expectError(Exists('name'));
// Right of `in` a subquery is what its queryset is.
P.filter({ id__in: Subquery(P.values('id')), box__in: Subquery(Box.aobjects.values('id')) });
P.filter({ box__id__in: Subquery(Box.aobjects.values('pk')), box__in: Subquery(Box.aobjects.all()) });
Price.aobjects.filter({
  amount__in: Subquery(Price.aobjects.values('amount')),
  amount: Subquery(Price.aobjects.values('amount')),
});
expectError(P.filter({ id__in: Subquery(P.values('name')) }));
expectError(P.filter({ box__in: Subquery(P.values('name')) }));
expectError(P.filter({ id__in: F('priceId') }));
expectError(P.filter({ box__in: F('id') }));
expectError(Subquery(Subquery(P.values('id'))));

// --- windows ---
expectType<[number, number, number, number | null, number | null][]>(
  await S.values_list(
    Window(RowNumber(), { order_by: 'int' }),
    Window(Rank(), { partition_by: ['txt'], order_by: F('int').desc() }),
    Window(CumeDist(), { order_by: '-int' }),
    Window(Lag('int', { offset: 1 }), { order_by: ['int'] }),
    Window(Sum('int'), { partition_by: 'txt' }),
  ),
);
expectType<[number]>(await S.values_list(Window(Lag('int', { default: 0 }), { order_by: 'int' })).get({ id: 1 }));
expectError(S.values_list(Window(Lag('it'), { order_by: 'int' })));
expectType<[number | null, number, number | null, number]>(
  await S.values_list(
    Window(Lag('int', 2), { order_by: 'int' }),
    Window(Lag('int', 2, 0), { order_by: 'int' }),
    Window(NthValue('int', 2), { order_by: 'int' }),
    Window(Ntile(4), { order_by: 'int' }),
  ).get({ id: 1 }),
);
// A default that can be null leaves the value one that can be.
expectType<[number | null, number | null, number] | null>(
  await Book.aobjects
    .values_list(
      Window(Lag('authorId', 1, F('pages')), { order_by: 'id' }),
      Window(Lead('authorId', { default: F('pages') }), { order_by: 'id' }),
      Window(Lead('authorId', { default: F('authorId') }), { order_by: 'id' }),
    )
    .first(),
);
expectError(Book.aobjects.values_list(Window(Lag('id', 1, F('pges')), { order_by: 'id' })));
expectError(Lag('int', { ofset: 2 }));
// Keyword arguments by their names.
expectType<[number | null, number, number | null, number | null, number, string | null, string | null]>(
  await S.values_list(
    Window({ expression: Avg('int'), partition_by: 'txt', order_by: ['-id'], frame: RowRange() }),
    Window({ expression: Lag({ expression: 'id', offset: 1, default: 0 }), order_by: 'id' }),
    Window({ expression: Lead({ expression: 'id' }), order_by: F('id').desc() }),
    Window(NthValue({ expression: 'id', nth: 2 })),
    Window(Ntile({ num_buckets: 2 })),
    Window(FirstValue({ expression: 'txt' })),
    Window(LastValue({ expression: F('txt') })),
  ).get({ id: 1 }),
);
expectError(S.annotate({ a: Window({ expression: Avg('it') }) }));
expectError(S.annotate({ a: Window({ expression: Avg('int'), order_by: 'nme' }) }));
expectError(S.annotate({ a: Window({ expression: Avg('int'), oder_by: 'int' }) }));
expectError(Window({ order_by: 'int' }));
expectError(S.annotate({ a: Window(Lag({ expression: 'it' })) }));
expectError(Lag({ expression: 'int', ofset: 2 }));
expectError(NthValue({ nth: 2 }));
expectError(S.values_list(Window(Rank(), { partition_by: 'nme' })));
expectError(S.values_list(Window(Rank(), { partition_by: 'txt', fram: null })));

// --- documents, raw SQL, filtered relations ---
expectType<[{ n: number; t: string | null }]>(
  await S.values_list(JSONObject({ n: 'int', t: 'nothing' })).get({ id: 1 }),
);
expectType<[string | null, unknown, number][]>(
  await S.values_list(KT('doc__a__b'), RawSQL('now()'), RawSQL('%s + 1', [1], { output_field: integer() })),
);
expectError(S.values_list(KT('dok__a')));
expectError(S.values_list(JSONObject({ n: 'it' })));
const filtered = Author.aobjects.annotate({
  long: FilteredRelation('book', { condition: Q({ book__pages__gt: 500 }) }),
});
expectType<[number, string | null][]>(
  await filtered.filter({ long__title__startswith: 'x' }).values_list('id', 'long__title'),
);
expectError(filtered.filter({ long__ttle: 'x' }));
expectError(Author.aobjects.annotate({ long: FilteredRelation('bok', { condition: Q({ id: 1 }) }) }));
expectType<[string | null]>(
  await Author.aobjects
    .annotate({ any: FilteredRelation('book') })
    .values_list('any__title')
    .get({ id: 1 }),
);
expectError(P.annotate({ t: FilteredRelation('toppings', { condition: Q({ nme: 1 }) }) }));
const wrongly = FilteredRelation('toppings', { condition: Q({ nme: 1 }) });
expectError(P.annotate({ t: wrongly }));

// --- expressions of their own are worked out where they are used ---
const title = Lower('title');
expectType<[string]>(await B.values_list(title).get({ pk: 'x' }));
expectError(P.annotate({ t: title }));
expectError(P.values_list(title));

// --- in writes ---
expectType<number>(await Price.aobjects.update({ amount: F('amount').mul(2), currency: Upper('currency') }));
await Price.aobjects.create({ amount: '1', currency: Lower(Value('EUR')) });
expectError(Price.aobjects.update({ amount: Lower('currency') }));
expectError(Price.aobjects.update({ currency: F('amnt') }));

// --- slices of fields ---
expectType<[string][]>(await Pizza.aobjects.annotate({ s: F('name').slice(0, 3) }).values_list('s'));
expectType<[string | null][]>(await Pizza.aobjects.annotate({ s: F('box__name').slice(2) }).values_list('s'));
Pizza.aobjects.filter({ name: F('box__name').slice(0, 3) }).order_by(F('name').slice(1).desc());
Pizza.aobjects.annotate({ s: Concat(F('toppings__name').slice(0, 3), Value('x')) });
expectError(Pizza.aobjects.annotate({ s: F('id').slice(0, 3) }));
expectError(Pizza.aobjects.annotate({ s: F('nme').slice(0, 3) }));
expectError(F('name').slice('a'));
expectError(Lower('name').slice(1));

// --- what an expression knows for the types is no property of it ---
expectError(Count('toppings').default_alias);
expectError(RowRange().frame_type);
expectError(Window(Rank(), { frame: { frame_type: 'ROWS' } }));
S.annotate({ r: Window(Rank(), { order_by: 'id', frame: RowRange() }) });
