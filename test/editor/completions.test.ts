import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { serverVersions } from '../../bench/editor/servers.js';
import { EditorSession } from './fixture.js';

// A language server on a busy machine takes its time for the first answer.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

interface Case {
  /** A statement with the caret at `|`. */
  readonly at: string;
  readonly offers: readonly string[];
  readonly not?: readonly string[];
}

const textLookups = [
  'exact',
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'istartswith',
  'endswith',
  'iendswith',
  'in',
  'isnull',
  'regex',
  'iregex',
];
const under = (path: string, names: readonly string[]): string[] => names.map((name) => `${path}__${name}`);

const own = ['id', 'name', 'motto', 'details', 'boxId', 'priceId', 'box', 'price', 'toppings', 'pk'];
const boxNames = ['id', 'name', 'width', 'shop', 'shopId'];
const shopNames = ['id', 'title', 'openedAt', 'city', 'cityId'];
const cityNames = ['id', 'name', 'mayor', 'country', 'countryId'];
const countryNames = ['id', 'name', 'population', 'founded', 'neighbour', 'neighbourId'];
const city = 'box__shop__city';
const country = `${city}__country`;

/** The same five depths wherever an object of lookups is written. */
const lookupObject = (open: string, close: string): Case[] => [
  { at: `${open}{ | }${close}`, offers: own },
  { at: `${open}{ na| }${close}`, offers: ['name'] },
  { at: `${open}{ box__|: null }${close}`, offers: under('box', boxNames), not: ['box__title'] },
  { at: `${open}{ box__| }${close}`, offers: under('box', boxNames) },
  { at: `${open}{ 'box__|': null }${close}`, offers: under('box', boxNames) },
  { at: `${open}{ box__na|: null }${close}`, offers: ['box__name'] },
  { at: `${open}{ box__shop__|: null }${close}`, offers: under('box__shop', shopNames), not: ['box__shop__width'] },
  { at: `${open}{ ${city}__|: null }${close}`, offers: under(city, cityNames) },
  { at: `${open}{ ${country}__|: null }${close}`, offers: under(country, countryNames) },
  { at: `${open}{ '${country}__po|': null }${close}`, offers: [`${country}__population`] },
];

const cases: Record<string, readonly Case[]> = {
  filter: [
    ...lookupObject('Pizza.aobjects.filter(', ');'),
    { at: 'Pizza.aobjects.filter({ name__|: null });', offers: under('name', textLookups), not: ['name__year'] },
    { at: 'Pizza.aobjects.filter({ name__ic|: null });', offers: ['name__icontains'] },
    { at: "Pizza.aobjects.filter({ 'name__|': null });", offers: under('name', textLookups) },
    { at: 'Pizza.aobjects.filter({ box__name__|: null });', offers: under('box__name', textLookups) },
    {
      at: 'Pizza.aobjects.filter({ box__id__|: null });',
      offers: under('box__id', ['exact', 'gt', 'gte', 'lt', 'lte', 'in', 'range', 'isnull']),
    },
    {
      at: 'Pizza.aobjects.filter({ box__shop__openedAt__|: null });',
      offers: under('box__shop__openedAt', ['year', 'month', 'date', 'gt', 'range']),
    },
    {
      at: 'Pizza.aobjects.filter({ box__shop__openedAt__year__|: null });',
      offers: under('box__shop__openedAt__year', ['gte', 'lt', 'in']),
    },
    { at: `Pizza.aobjects.filter({ ${country}__name__|: null });`, offers: under(`${country}__name`, textLookups) },
    { at: "Pizza.aobjects.filter({ name: 'x', box__|: null });", offers: under('box', boxNames) },
    { at: "Pizza.aobjects.filter({ name: 'x' }).filter({ box__|: null });", offers: under('box', boxNames) },
    { at: 'Pizza.aobjects.filter({ toppings__|: null });', offers: under('toppings', ['id', 'name']) },
    { at: 'Box.aobjects.filter({ pizza__|: null });', offers: under('pizza', ['id', 'name', 'price', 'toppings']) },
    { at: 'Topping.aobjects.filter({ pizza__box__|: null });', offers: under('pizza__box', boxNames) },
    {
      at: 'Country.aobjects.filter({ neighbour__neighbour__|: null });',
      offers: under('neighbour__neighbour', countryNames),
    },
    { at: 'box.a$pizza_set.filter({ box__|: null });', offers: under('box', boxNames) },
    { at: 'pizza.a$toppings.filter({ na|: null });', offers: ['name'] },
  ],
  exclude: lookupObject('Pizza.aobjects.exclude(', ');'),
  get: lookupObject('await Pizza.aobjects.get(', ');'),
  Q: [
    ...lookupObject('Pizza.aobjects.filter(Q(', '));'),
    { at: "Pizza.aobjects.filter(Q({ name: 'x' }).or(Q({ box__|: null })));", offers: under('box', boxNames) },
  ],
  order_by: [
    { at: "Pizza.aobjects.order_by('|');", offers: own.slice(0, 8) },
    { at: "Pizza.aobjects.order_by('na|');", offers: ['name'] },
    { at: "Pizza.aobjects.order_by('-|');", offers: ['-name', '-id', '-box'] },
    { at: "Pizza.aobjects.order_by('box__|');", offers: under('box', boxNames) },
    { at: "Pizza.aobjects.order_by('-box__|');", offers: under('-box', boxNames) },
    { at: "Pizza.aobjects.order_by('id', 'box__na|');", offers: ['box__name'] },
    { at: "Pizza.aobjects.order_by('box__shop__|');", offers: under('box__shop', shopNames) },
    { at: `Pizza.aobjects.order_by('${city}__|');`, offers: under(city, cityNames) },
    { at: `Pizza.aobjects.order_by('-${country}__|');`, offers: under(`-${country}`, countryNames) },
  ],
  values: [
    { at: "Pizza.aobjects.values('|');", offers: own.slice(0, 8) },
    { at: "Pizza.aobjects.values('id', 'box__|');", offers: under('box', boxNames) },
    { at: "Pizza.aobjects.values('box__shop__ti|');", offers: ['box__shop__title'] },
    { at: `Pizza.aobjects.values('${city}__|');`, offers: under(city, cityNames) },
    { at: `Pizza.aobjects.values('${country}__|');`, offers: under(country, countryNames) },
  ],
  values_list: [
    { at: "Pizza.aobjects.values_list('|');", offers: own.slice(0, 8) },
    { at: "Pizza.aobjects.values_list('na|', { flat: true });", offers: ['name'] },
    { at: "Pizza.aobjects.values_list('id', 'box__|');", offers: under('box', boxNames) },
    { at: "Pizza.aobjects.values_list('box__shop__|', 'id');", offers: under('box__shop', shopNames) },
    { at: `Pizza.aobjects.values_list('${city}__ma|');`, offers: [`${city}__mayor`] },
    { at: `Pizza.aobjects.values_list('${country}__|');`, offers: under(country, countryNames) },
  ],
  select_related: [
    { at: "Pizza.aobjects.select_related('|');", offers: ['box', 'price'], not: ['toppings', 'name'] },
    { at: "Pizza.aobjects.select_related('bo|');", offers: ['box'] },
    { at: "Pizza.aobjects.select_related('box__|');", offers: ['box__shop'], not: ['box__name'] },
    { at: "Pizza.aobjects.select_related('price', 'box__shop__|');", offers: ['box__shop__city'] },
    { at: "Pizza.aobjects.select_related('box__shop__city__|');", offers: [country] },
  ],
  prefetch_related: [
    { at: "Pizza.aobjects.prefetch_related('|');", offers: ['toppings', 'box', 'price'], not: ['name'] },
    { at: "Pizza.aobjects.prefetch_related('top|');", offers: ['toppings'] },
    { at: "Pizza.aobjects.prefetch_related('toppings__|');", offers: ['toppings__pizza_set'], not: ['toppings__name'] },
    { at: "Pizza.aobjects.prefetch_related('box__shop__|');", offers: ['box__shop__city', 'box__shop__box_set'] },
    { at: "Pizza.aobjects.prefetch_related('box__shop__city__|');", offers: [country] },
  ],
  only: [
    { at: "Pizza.aobjects.only('|');", offers: own.slice(0, 6), not: ['toppings'] },
    { at: "Pizza.aobjects.only('id', 'box__|');", offers: under('box', ['id', 'name', 'width']) },
    { at: "Pizza.aobjects.only('box__shop__ti|');", offers: ['box__shop__title'] },
    { at: `Pizza.aobjects.only('${country}__|');`, offers: under(country, ['name', 'population']) },
  ],
  defer: [
    { at: "Pizza.aobjects.defer('mo|');", offers: ['motto'] },
    { at: "Pizza.aobjects.defer('box__|');", offers: under('box', ['id', 'name', 'width']) },
    { at: `Pizza.aobjects.defer('${city}__|');`, offers: under(city, ['name', 'mayor']) },
    { at: `Pizza.aobjects.defer('${country}__|');`, offers: under(country, ['name', 'population']) },
  ],
  'F inside a call': [
    { at: "Pizza.aobjects.filter({ name: F('|') });", offers: ['name', 'motto', 'box'] },
    { at: "Pizza.aobjects.filter({ name: F('box__|') });", offers: under('box', boxNames) },
    { at: "Pizza.aobjects.annotate({ other: F('box__na|') });", offers: ['box__name'] },
    { at: "Pizza.aobjects.annotate({ other: F('box__shop__|') });", offers: under('box__shop', shopNames) },
    { at: `Pizza.aobjects.annotate({ other: F('${city}__|') });`, offers: under(city, cityNames) },
    { at: `Pizza.aobjects.annotate({ other: F('${country}__|') });`, offers: under(country, countryNames) },
    { at: "await Pizza.aobjects.update({ name: F('mo|') });", offers: ['motto'] },
  ],
  'aggregates inside a call': [
    { at: "Box.aobjects.annotate({ n: Count('|') });", offers: ['pizza', 'id', 'shop'] },
    { at: "Box.aobjects.annotate({ n: Count('pizza__|') });", offers: under('pizza', ['id', 'name', 'toppings']) },
    { at: "await Pizza.aobjects.aggregate({ mean: Avg('price__|') });", offers: ['price__amount'] },
    { at: "Pizza.aobjects.annotate({ low: Lower('box__na|') });", offers: ['box__name'] },
    { at: "Box.aobjects.annotate(Count('|'));", offers: ['pizza', 'id', 'shop'] },
    { at: "await Box.aobjects.aggregate(Count('pizza__|'));", offers: under('pizza', ['id', 'name', 'toppings']) },
    { at: "Pizza.aobjects.annotate({ low: Lower(F('box__|')) });", offers: under('box', boxNames) },
    { at: "await Pizza.aobjects.aggregate({ top: Max(F('pr|')) });", offers: ['price'] },
    { at: "Pizza.aobjects.annotate({ a: Window(Sum('id'), { order_by: '|' }) });", offers: ['name', 'motto', 'box'] },
    {
      at: "Pizza.aobjects.annotate({ a: Window(Sum('id'), { partition_by: '|' }) });",
      offers: ['name', 'motto', 'box'],
    },
  ],
  "aggregates' own names": [
    { at: "Box.aobjects.annotate(Count('pizza')).order_by('pizza__|');", offers: ['pizza__count', 'pizza__name'] },
    { at: "Box.aobjects.annotate(Count('id')).values('id__|');", offers: ['id__count'] },
    { at: "Box.aobjects.annotate(Count('pizza')).filter({ pizza__|: 1 });", offers: ['pizza__count', 'pizza__name'] },
    { at: "Box.aobjects.annotate(Count('pizza')).filter({ pizza__count__|: 1 });", offers: ['pizza__count__gt'] },
  ],
  create: [
    {
      at: 'await Pizza.aobjects.create({ | });',
      offers: ['name', 'motto', 'boxId', 'box', 'priceId', 'price'],
      not: ['toppings'],
    },
    { at: 'await Pizza.aobjects.create({ na| });', offers: ['name'] },
    { at: "await Pizza.aobjects.create({ name: 'x', pr|: null });", offers: ['priceId', 'price'] },
    { at: 'new Pizza({ | });', offers: ['name', 'boxId', 'box'] },
    { at: 'await box.a$pizza_set.create({ | });', offers: ['name', 'priceId', 'price'] },
  ],
  'get_or_create, update': [
    { at: 'await Pizza.aobjects.get_or_create({ | });', offers: ['name', 'defaults'] },
    {
      at: "await Pizza.aobjects.get_or_create({ name: 'x', defaults: { | } });",
      offers: ['motto', 'boxId', 'priceId'],
    },
    { at: 'await Pizza.aobjects.update({ | });', offers: ['name', 'motto', 'boxId', 'box'] },
  ],
  bulk_update: [
    { at: "await Pizza.aobjects.bulk_update([pizza], ['|']);", offers: ['name', 'motto'] },
    { at: "await Pizza.aobjects.bulk_update([pizza], ['name', 'mo|']);", offers: ['motto'] },
  ],
  'fields named elsewhere': [
    { at: "await Pizza.aobjects.latest('|');", offers: ['id', 'name'] },
    { at: "Pizza.aobjects.distinct('box__|');", offers: under('box', boxNames) },
    { at: "Shop.aobjects.datetimes('|', 'month');", offers: ['openedAt'] },
    { at: 'pizza.|', offers: ['name', 'motto', 'box', 'a$box', 'a$toppings', 'asave', 'pk'] },
    { at: 'box.|', offers: ['name', 'shop', 'a$shop', 'a$pizza_set'] },
    {
      at: 'Pizza.aobjects.|',
      offers: ['filter', 'get', 'values_list', 'select_related', 'aggregate'],
      not: ['state', 'constructor'],
    },
  ],
};

describe.each(serverVersions)('completion on TypeScript %s', (version) => {
  let session: EditorSession;
  beforeAll(() => {
    session = new EditorSession(version);
  });
  afterAll(() => session.close());

  for (const [where, list] of Object.entries(cases)) {
    describe(where, () => {
      test.each(list)('$at', async ({ at, offers, not = [] }) => {
        const names = await session.completions(at);
        expect(names).toEqual(expect.arrayContaining([...offers]));
        for (const name of not) expect(names).not.toContain(name);
      });
    });
  }
});
