import { expectError, expectType } from 'tsd';
import { Count, F, Length, Lower, Max, Prefetch, prefetch_related_objects } from 'drizzle-queryset';
import { Author, Book, Country, type Passport, Sample } from './schemas/library.js';
import { Box, Pizza, type Price, Topping } from './schemas/pizza.js';

const P = Pizza.aobjects;

// --- values_list: the contract's example, and nullability along the path ---
expectType<[number, string][]>(await P.filter({ box__name__startswith: 'A' }).values_list('id', 'price__amount'));
expectType<[number, string | null][]>(await P.values_list('id', 'box__name'));
expectType<[number | null, number, number | null][]>(await P.values_list('box', 'price', 'toppings'));
expectType<[string | null]>(await Topping.aobjects.values_list('pizza__price__currency').get({ pk: 1 }));
expectType<[number, string][]>(await P.values_list('pk', 'price__amount'));
expectType<[string | null, number | null][]>(
  await Book.aobjects.values_list('author__country__name', 'editor__passport__pk'),
);
expectType<number[]>(await P.values_list('id', { flat: true }));
expectType<(string | null)[]>(await P.values_list('box__name', { flat: true }));
expectType<([number, string | null] & { readonly id: number; readonly box__name: string | null })[]>(
  await P.values_list('id', 'box__name', { named: true }),
);
expectType<[number, string][]>(await P.values_list('id', Lower('name')));
expectType<[number, number | null][]>(await P.values_list('id', Length('box__name')));
expectError(P.values_list('nme'));
expectError(P.values_list('id', 'box__nme'));
expectError(P.values_list('name__icontains'));
expectError(P.values_list('id', 'name', { flat: true }));
expectError(P.values_list({ flat: true }));
expectError(P.values_list('id', { flat: true, named: true }));
expectError(P.values_list('id', { flt: true }));
expectError(P.values_list('id', Lower('nme')));

// --- values ---
expectType<{ id: number; box__name: string | null }[]>(await P.values('id', 'box__name'));
expectType<{ id: number; name: string; boxId: number | null; priceId: number }[]>(await P.values());
expectType<{ id: number; low: string }[]>(await P.values('id', { low: Lower('name') }));
expectType<{ low: string | null }[]>(await P.values({ low: Lower('box__name') }));
expectError(P.values('nme'));
expectError(P.values({ low: Lower('nme') }));
expectError(P.values('toppings__nme'));
// An expression without a name is found under its own, if it has one.
expectType<{ name: string; toppings__count: number }[]>(await P.values('name', Count('toppings')));
expectType<{ box__name: string | null; low: string }[]>(await P.values(F('box__name'), { low: Lower('name') }));
// The names are there for what follows.
expectType<{ low: string; n: number }[]>(
  await P.values({ low: Lower('name') })
    .annotate({ n: Count('pk') })
    .filter({ n__gt: 1, low__startswith: 'a' })
    .order_by('-low', 'n'),
);
expectType<string[]>(await P.values('name', { low: Lower('name') }).values_list('low', { flat: true }));
P.values(Count('toppings')).filter({ toppings__count__gt: 1 }).order_by('toppings__count');
expectError(P.values({ low: Lower('name') }).order_by('lwo'));
expectError(P.values({ low: Lower('name') }).filter({ low: 1 }));
expectError(P.values(Lower('name')));
expectError(P.values(F('name')));
expectError(P.values({ name: F('id') }));
expectError(P.values({ box: F('id') }));

// --- transforms, documents and arrays give values, too ---
expectType<[number, Date, string][]>(await Sample.aobjects.values_list('day__year', 'moment__date', 'moment__time'));
expectType<[number | null, string | null][]>(await Sample.aobjects.values_list('doc__a__b', 'doc__list__0'));
expectType<[number, number | null, string | null, string[]][]>(
  await Sample.aobjects.values_list('words__len', 'numbers__len', 'words__0', 'words__0_2'),
);
expectError(Sample.aobjects.values_list('doc__c'));
expectError(Sample.aobjects.values_list('txt__year'));

// --- each column in its own mode ---
expectType<[number, bigint, string, number, Date, string, 'sad' | 'ok' | 'happy', Uint8Array][]>(
  await Sample.aobjects.values_list('big', 'huge', 'dec', 'decNumber', 'dayDate', 'momentText', 'mood', 'raw'),
);
expectType<['a' | 'b', string, string, string[], number[] | null, unknown][]>(
  await Sample.aobjects.values_list('kind', 'clock', 'span', 'words', 'numbers', 'anything'),
);

// --- select_related ---
const withBox = await P.select_related('box').get({ id: 1 });
expectType<Box | null>(withBox.box);
expectType<Price | undefined>(withBox.price);
const withTwo = await P.select_related('box', 'price').get({ id: 1 });
expectType<Price>(withTwo.price);
const deep = await Book.aobjects.select_related('author__mentor', 'sequel').get({ pk: 'x' });
expectType<Author | null>(deep.author.mentor);
expectType<Book | null>(deep.sequel);
const all = await Book.aobjects.select_related().get({ pk: 'x' });
expectType<Author>(all.author);
expectType<Author | null | undefined>(all.editor);
expectType<Passport | null>((await Author.aobjects.select_related('passport').get({ pk: 1 })).passport);
P.select_related('box').select_related(null);
expectError(P.select_related('name'));
expectError(P.select_related('toppings'));
expectError(P.select_related('bx'));
expectError(Book.aobjects.select_related('author__book'));
expectError((await P.get({ id: 1 })).toppings);

// --- prefetch_related ---
expectType<Topping[]>((await P.prefetch_related('toppings').get({ id: 1 })).toppings);
expectType<Pizza[]>((await Box.aobjects.prefetch_related('pizza_set').get({ id: 1 })).pizza_set);
expectType<Box | null>((await P.prefetch_related('box').get({ id: 1 })).box);
const nested = await Box.aobjects.prefetch_related('pizza_set__toppings').get({ id: 1 });
expectType<Topping[] | undefined>(nested.pizza_set[0]?.toppings);
const attr = await P.prefetch_related(
  Prefetch('toppings', Topping.aobjects.filter({ name: 'x' }), { to_attr: 'some' }),
).get({ id: 1 });
expectType<Topping[]>(attr.some);
const priced = await Box.aobjects
  .prefetch_related(Prefetch('pizza_set', { queryset: P.select_related('price') }))
  .get({ id: 1 });
expectType<Price | undefined>(priced.pizza_set[0]?.price);
P.prefetch_related(null);
expectError(P.prefetch_related('topping'));
expectError(P.prefetch_related('name'));
expectError(Box.aobjects.prefetch_related('pizza'));
expectError(P.prefetch_related(Prefetch('topping')));
expectError(attr.toppings);
const positional = await P.prefetch_related(Prefetch('toppings', Topping.aobjects.all(), 'some')).get({ id: 1 });
expectType<Topping[]>(positional.some);
expectType<Topping[]>((await P.prefetch_related(Prefetch('toppings', null, 'some')).get({ id: 1 })).some);
// Several paths through one relation are one property, whichever array method is asked.
const through = await Box.aobjects.prefetch_related('pizza_set', 'pizza_set__toppings', 'pizza_set__price');
expectType<Topping[][][]>(through.map((box) => box.pizza_set.map((pizza) => pizza.toppings)));
expectType<Price | undefined>(through[0]?.pizza_set.find((pizza) => pizza.toppings.length > 1)?.price);
const later = await Box.aobjects.prefetch_related('pizza_set').prefetch_related('pizza_set__toppings');
expectType<Topping[][]>(later.flatMap((box) => box.pizza_set.map((pizza) => pizza.toppings)));
// A path goes on from another's to_attr.
const onward = await Box.aobjects.prefetch_related(
  Prefetch('pizza_set', P.annotate({ n: Count('toppings') }), 'rich'),
  Prefetch('rich__toppings', { to_attr: 'tops' }),
  'rich__tops__pizza_set',
);
expectType<[number, Pizza[][]][]>(
  onward.flatMap((box) => box.rich.map((pizza): [number, Pizza[][]] => [pizza.n, pizza.tops.map((t) => t.pizza_set)])),
);
const both = await Box.aobjects
  .prefetch_related(Prefetch('pizza_set', { to_attr: 'rich' }))
  .prefetch_related('rich__price');
expectType<Price[]>(both.flatMap((box) => box.rich.map((pizza) => pizza.price)));
expectError(Box.aobjects.prefetch_related(Prefetch('pizza_set', { to_attr: 'rich' }), 'rich__topping'));
expectError(Box.aobjects.prefetch_related(Prefetch('pizza_set', { to_attr: 'rich' }), 'rish__toppings'));
const onePizza = await P.get({ id: 1 });
const loaded = await prefetch_related_objects([onePizza], 'box', 'toppings__pizza_set');
expectType<Pizza[][][]>(loaded.map((pizza) => pizza.toppings.map((topping) => topping.pizza_set)));
expectError(prefetch_related_objects([onePizza], 'topping'));
expectError(prefetch_related_objects(['a'], 'toppings'));
expectError(prefetch_related_objects(onePizza, 'toppings'));
P.prefetch_related(
  Prefetch('toppings', Topping.aobjects.only('name')),
  Prefetch('box__pizza_set', P.select_related('box')),
);
expectError(P.prefetch_related(Prefetch('toppings', Box.aobjects.all())));
expectError(P.prefetch_related(Prefetch('toppings', Topping.aobjects.values('name'))));
expectError(P.prefetch_related(Prefetch('toppings', Topping.aobjects.values_list('name'))));
expectError(P.prefetch_related(Prefetch('box__pizza_set', Box.aobjects.all())));
expectError(P.prefetch_related(Prefetch('toppings', { to_attr: 'name' })));
expectError(P.prefetch_related(Prefetch('toppings', Topping.aobjects.all(), 'name')));
expectError(P.prefetch_related(Prefetch('toppings', { to_attr: 5 })));

// --- only, defer ---
const only = await P.only('name').get({ id: 1 });
expectType<string>(only.name);
expectType<number>(only.id);
expectError(only.priceId);
expectError((await P.defer('name').get({ id: 1 })).name);
expectType<number | null>((await P.defer('name').get({ id: 1 })).boxId);
expectError((await P.defer('box').get({ id: 1 })).boxId);
expectError(P.only('nme'));
expectError(P.defer('nme'));

// --- dates, datetimes: the column's own mode ---
expectType<string[]>(await Book.aobjects.dates('published', 'month', 'DESC'));
expectType<Date[]>(await Author.aobjects.dates('born', 'year'));
expectType<Date[]>(await Book.aobjects.datetimes('added', 'hour', { order: 'DESC', tzinfo: 'Europe/Paris' }));
expectType<string[]>(await Sample.aobjects.datetimes('momentText', 'minute'));
expectError(Book.aobjects.dates('title', 'month'));
expectError(Book.aobjects.dates('published', 'hour'));
expectError(Book.aobjects.datetimes('published', 'hour'));
expectError(Book.aobjects.dates('publishd', 'year'));
expectError(Book.aobjects.dates('published', 'year', 'DOWN'));

// --- a name that the compiler does not know ---
declare const anyName: string;
expectError(P.values_list(anyName));
expectError(P.values_list('id', anyName));
expectError(P.values(anyName));
expectError(P.only(anyName));
expectError(P.distinct(anyName));
expectError(P.order_by(anyName));
expectError(P.order_by('id', anyName));
expectError(P.select_related(anyName));
expectError(P.prefetch_related(anyName));

// --- the queryset of a Prefetch says what a relation to one holds, and may leave it out ---
const lean = await Book.aobjects.prefetch_related(
  Prefetch('author', Author.aobjects.only('fullName')),
  Prefetch('editor__country', Country.aobjects.only('name')),
);
expectType<(string | undefined)[]>(lean.map((book) => book.author?.fullName));
expectError(lean.map((book) => book.author?.born));
expectType<(string | undefined)[]>(lean.map((book) => book.editor?.country?.name));
expectError(lean.map((book) => book.editor?.country?.population));
expectType<string[]>(lean.map((book) => book.title));
const renamed = await Book.aobjects.prefetch_related(Prefetch('author', Author.aobjects.filter({ id: 1 }), 'known'));
expectType<(Author | null)[]>(renamed.map((book) => book.known));
expectType<(Author | undefined)[]>(renamed.map((book) => book.author));
expectType<Author[]>((await Book.aobjects.prefetch_related(Prefetch('author'))).map((book) => book.author));
// What is loaded already is not fetched anew.
const joinedFirst = await Book.aobjects
  .select_related('author')
  .prefetch_related(Prefetch('author', Author.aobjects.annotate({ n: Count('book') })));
expectType<Date | null>((joinedFirst[0] as (typeof joinedFirst)[number]).author.born);
expectError(joinedFirst.map((book) => book.author.n));

// --- what a Prefetch knows for the types is no property of it ---
expectError(Prefetch('toppings').lookup);
expectError(Prefetch('toppings', null, 'found').to_attr);

// --- null takes back what was to be loaded ---
const unselected = await P.annotate({ n: Count('toppings') })
  .select_related('box', 'price')
  .select_related(null);
expectType<[number, Box | null | undefined, Price | undefined][]>(
  unselected.map((pizza): [number, Box | null | undefined, Price | undefined] => [pizza.n, pizza.box, pizza.price]),
);
const unfetched = await P.select_related('price').prefetch_related('toppings').prefetch_related(null);
expectType<Price[]>(unfetched.map((pizza) => pizza.price));
expectError(unfetched.map((pizza) => pizza.toppings));
expectType<Topping[][]>(
  (await P.select_related('price').prefetch_related('toppings').select_related(null)).map((pizza) => pizza.toppings),
);

// --- a name that is one of several, and a list of names ---
declare const relation: 'box' | 'price';
declare const relations: ('box' | 'price')[];
const both2 = ['box', 'price'] as const;
expectType<Price | undefined>((await P.select_related(relation).get()).price);
expectType<Price | undefined>((await P.select_related(...relations).get()).price);
expectType<Price>((await P.select_related(relation, 'price').get()).price);
expectType<Price>((await P.select_related(...both2).get()).price);
declare const fetchedName: 'toppings' | 'box';
declare const fetchedNames: ('toppings' | 'box')[];
expectError((await P.prefetch_related(fetchedName).get()).toppings);
expectError((await P.prefetch_related(...fetchedNames).get()).toppings);
expectError((await prefetch_related_objects([onePizza], fetchedName)).map((pizza) => pizza.toppings));
declare const column: 'name' | 'boxId';
declare const columns: ('name' | 'boxId')[];
expectType<string | undefined>((await P.values(column).get()).name);
expectType<number | null | undefined>((await P.values(...columns).get()).boxId);
expectType<string | undefined>((await P.values_list(column, { named: true }).get()).name);
expectType<string | undefined>((await P.values_list('id', column, { named: true }).get()).name);
expectType<number>((await P.values_list('id', column, { named: true }).get()).id);
expectType<string | number | null>(await P.values_list(column, { flat: true }).get());
expectError((await P.only(column).get()).name);
expectError((await P.only(...columns).get()).name);
expectType<number>((await P.only(...columns).get()).id);
expectError((await P.defer(...columns).get()).name);

// An aggregate over it has no name by itself.
expectError(P.aggregate(Max(column)));
expectError(P.annotate(Count(fetchedName)));
expectType<number>((await P.annotate({ n: Count(fetchedName) }).get()).n);
expectType<string | number | null>((await P.aggregate({ most: Max(column) })).most);

// --- the last only() counts, and defer(null) takes all back ---
expectType<number | null>((await P.only('name').only('boxId').get()).boxId);
expectError((await P.only('name').only('boxId').get()).name);
expectType<number | null>((await P.only('name').defer(null).get()).boxId);
expectType<string>((await P.defer('name').defer(null).get()).name);
expectType<number>((await P.defer('id').get()).id);
expectType<number>(
  (
    await P.annotate({ n: Count('toppings') })
      .only('name')
      .only('boxId')
      .get()
  ).n,
);

// --- columns of a row that is loaded with this one ---
const half = await Book.aobjects.select_related('author__mentor').only('title', 'author__fullName').get();
expectType<string>(half.author.fullName);
expectType<number>(half.author.id);
expectError(half.author.born);
const deferred = await Book.aobjects.select_related('author').defer('author__born').get();
expectType<string>(deferred.author.fullName);
expectError(deferred.author.born);

// The other way round as well, at any depth; what was not named stays whole.
const earlier = await Book.aobjects
  .only('title', 'author__fullName', 'editor__country__name')
  .select_related('author', 'editor__country')
  .get();
expectType<string>(earlier.author.fullName);
expectError(earlier.author.born);
expectType<string | undefined>(earlier.editor?.country?.name);
expectError(earlier.editor?.country?.population);
const bornless = await Book.aobjects.defer('author__born').select_related('author', 'sequel').get();
expectError(bornless.author.born);
expectType<string>(bornless.author.fullName);
expectType<Book | null>(bornless.sequel);
expectError((await Book.aobjects.defer('author__born').select_related().get()).author.born);
expectType<Author>((await Book.aobjects.only('title', 'author').select_related('author').get()).author);
expectType<{ id: string; n: number }[]>(
  await Book.aobjects
    .defer('author__born')
    .annotate({ n: Count('pk') })
    .filter({ n__gt: 1 })
    .order_by('n')
    .values('id', 'n'),
);

// --- a spread of less than an instance leaves the methods behind as well ---
const spread = { ...(await P.only('name').get()) };
expectType<string>(spread.name);
expectError(spread.asave());
expectType<Promise<void>>((await P.only('name').get()).asave());
