// Whatever is given means what Django means by it, or is an error of this library before anything is sent. It is never a
// condition, an expression or SQL, and never a crash.
import { inspect } from 'node:util';
import fc from 'fast-check';
import {
  integer,
  json as jsonColumn,
  jsonb,
  numeric,
  date,
  boolean,
  pgTable,
  serial,
  text as textColumn,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import {
  Count,
  DatabaseError,
  defineModels,
  F,
  FieldError,
  IndexError,
  MultipleObjectsReturned,
  NotSupportedError,
  ObjectDoesNotExist,
  Q,
  ValueError,
} from 'drizzle-queryset';
import { beforeAll, expect, it } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { anything, json, MARKER, NUL, name, text } from './hostile.js';
import { always, SEED, TIMEOUT } from './runs.js';

const boxes = pgTable('box', { id: serial().primaryKey(), label: textColumn().notNull() });
const items = pgTable('item', {
  id: serial().primaryKey(),
  name: textColumn(),
  code: varchar({ length: 8 }),
  size: integer(),
  price: numeric({ precision: 10, scale: 2 }),
  flag: boolean(),
  day: date(),
  at: timestamp({ withTimezone: true }),
  uid: uuid(),
  meta: jsonb(),
  plain: jsonColumn(),
  labels: textColumn().array(),
  boxId: integer('box_id').references(() => boxes.id),
});
const schema = `
  create table box (id serial primary key, label text not null);
  create table item (id serial primary key, name text, code varchar(8), size integer, price numeric(10, 2), flag boolean,
    day date, at timestamptz, uid uuid, meta jsonb, plain json, labels text[], box_id integer references box (id));
  insert into box (label) values ('a'), ('b');
  insert into item (name, size, meta, labels, box_id) values
    ('x', 1, '{"a": {"b": [1, null]}}', '{a,b}', 1), ('y', null, '[]', '{}', 2), (null, 3, null, null, null);`;

/** A queryset as far as these tests call it: with anything. */
type Call = (...args: unknown[]) => unknown;
type Anything = Record<string, Call>;

const SCALARS = ['name', 'code', 'size', 'price', 'flag', 'day', 'at', 'uid'];
const LOOKUPS = [
  ...[...SCALARS, 'id', 'pk', 'box', 'meta', 'plain', 'labels'].flatMap((column) => [
    column,
    ...['exact', 'in', 'gt', 'lte', 'range', 'isnull'].map((lookup) => `${column}__${lookup}`),
  ]),
  ...['iexact', 'contains', 'istartswith', 'endswith', 'search'].map((lookup) => `name__${lookup}`),
  ...['year', 'year__gt', 'month', 'date', 'date__in', 'time', 'hour__range', 'week_day'].map((part) => `at__${part}`),
  ...['a', 'a__b', 'a__0__in', 'a__icontains', 'a__isnull', 'contains', 'contained_by'].map((step) => `meta__${step}`),
  ...['has_key', 'has_keys', 'has_any_keys', 'a__gt'].map((step) => `meta__${step}`),
  ...['contains', 'contained_by', 'overlap', 'len', 'len__in', '0', '0__in', '0_1'].map((step) => `labels__${step}`),
  ...['box__label', 'box__label__in', 'box__id', 'box__pk__in', 'box__item', 'box__item__size'],
];

describeDatabases(
  `untrusted input (seed ${SEED})`,
  (database) => {
    let Item: Anything & (new (values?: unknown) => object);
    let items_: () => Anything;
    beforeAll(() => {
      const models = defineModels(database.db, { Box: boxes, Item: items });
      Item = models.Item as unknown as typeof Item;
      items_ = () => models.Item.aobjects as unknown as Anything;
    });

    /** A value's own error, of the database: what Django leaves to it too. */
    const OF_THE_DATABASE: Record<string, string[]> = {
      // Too long, out of range, not null, no such row, there already.
      write: ['22001', '22003', '23502', '23503', '23505'],
      read: [],
      alias: [],
    };

    async function judged(what: string, kind: 'read' | 'write' | 'alias', run: () => unknown): Promise<unknown> {
      // An alias is an identifier, quoted as one.
      const textOf = (sql: string) => (kind === 'alias' ? sql.replace(/"(?:[^"]|"")*"/g, '""') : sql);
      database.connection.statements.length = 0;
      let error: unknown;
      let answer: unknown;
      try {
        const given = run();
        const toSQL = (given as { toSQL?: () => { sql: string } } | undefined)?.toSQL;
        if (toSQL) expect(textOf(toSQL.call(given).sql), what).not.toContain(MARKER);
        if (Symbol.asyncIterator in Object(given) && !toSQL) {
          for await (const row of given as AsyncIterable<unknown>) answer = row;
        } else answer = await given;
      } catch (thrown) {
        error = thrown;
      }
      const sent = database.connection.statements.splice(0);
      for (const { sql } of sent) expect(textOf(sql), what).not.toContain(MARKER);
      if (error === undefined) return answer;
      const shown = `${what}: ${inspect(error)}`;
      if (error instanceof ObjectDoesNotExist || error instanceof MultipleObjectsReturned) return error;
      if (error instanceof IndexError) return error;
      if (error instanceof DatabaseError) {
        expect(OF_THE_DATABASE[kind], shown).toContain(error.code);
        return error;
      }
      const known = [FieldError, ValueError, NotSupportedError].some((type) => error instanceof type);
      expect(known, shown).toBe(true);
      // These look before they judge: a name may be the to_attr of an earlier lookup, a row may be there already.
      if (!/^(prefetch_related|get_or_create|update_or_create)/.test(what)) expect(sent, shown).toEqual([]);
      return error;
    }
    const holds = <T>(title: string, given: fc.Arbitrary<T>, runs: number, property: (given: T) => Promise<void>) =>
      it(title, () => always(given, runs, property), TIMEOUT);

    holds('as the value of a lookup', fc.tuple(fc.constantFrom(...LOOKUPS), anything), 150, async ([key, value]) => {
      const what = `${key} = ${inspect(value)}`;
      for (const method of ['filter', 'exclude'])
        await judged(`${method} ${what}`, 'read', () => items_()[method]?.({ [key]: value }));
      await judged(`Q ${what}`, 'read', () =>
        items_()['filter']?.(Q({ size: 1 }).or(Q({ [key]: value } as never) as never)),
      );
      await judged(`get ${what}`, 'read', () => items_()['get']?.({ [key]: value }));
    });

    const plainObjects = json.filter((value) => typeof value === 'object' && value !== null);
    holds(
      'no object is the value of a scalar',
      fc.tuple(fc.constantFrom(...SCALARS), plainObjects),
      30,
      async (given) => {
        const [key, value] = given;
        const error = await judged(`${key} = ${inspect(value)}`, 'read', () => items_()['filter']?.({ [key]: value }));
        expect(error, `${key} = ${inspect(value)}`).toBeInstanceOf(ValueError);
      },
    );

    const broken = fc
      .constantFrom(NUL, '\ud800', '\udfff')
      .chain((bad) => fc.tuple(fc.string(), fc.string()).map(([a, b]) => `${a}${bad}${b}`));
    const TEXTUAL = [
      'name',
      'name__in',
      'name__iexact',
      'name__icontains',
      'name__range',
      'code',
      'labels',
      'labels__contains',
      'box__label',
      'meta__a__icontains',
      'meta',
      'meta__a',
      'meta__has_key',
    ];
    holds(
      'no text that PostgreSQL cannot hold is sent',
      fc.tuple(fc.constantFrom(...TEXTUAL), broken),
      30,
      async (given) => {
        const [key, value] = given;
        const listed =
          /in$|contains$|labels/.test(key) && !key.includes('icontains')
            ? [value]
            : key.endsWith('range')
              ? [value, value]
              : value;
        const error = await judged(`${key} = ${inspect(listed)}`, 'read', () =>
          items_()['filter']?.({ [key]: listed }),
        );
        expect(error, `${key} = ${inspect(listed)}`).toBeInstanceOf(ValueError);
        const written = await judged(`name = ${inspect(value)}`, 'write', () => items_()['create']?.({ name: value }));
        expect(written).toBeInstanceOf(ValueError);
      },
    );

    /** Calls that read, of what is given alone or beside what is right. */
    const READS: Record<string, (qs: Anything, given: unknown) => unknown> = {
      'filter(x)': (qs, x) => qs['filter']?.(x),
      'exclude(x)': (qs, x) => qs['exclude']?.(x),
      'filter(Q, x)': (qs, x) => qs['filter']?.(Q({ size: 1 } as never), x),
      'filter(x, {})': (qs, x) => qs['filter']?.(x, {}),
      'complex_filter(x)': (qs, x) => qs['complex_filter']?.(x),
      'Q(x)': (qs, x) => qs['filter']?.(Q(x as never)),
      'Q.and(x)': (qs, x) => qs['filter']?.(Q({ size: 1 } as never).and(x as never)),
      'Q.or(x)': (qs, x) => qs['filter']?.(Q({ size: 1 } as never).or(x as never)),
      'Q().xor(x)': (qs, x) => qs['filter']?.(Q().xor(x as never)),
      'get(x)': (qs, x) => qs['get']?.(x),
      'order_by(x)': (qs, x) => qs['order_by']?.(x),
      'order_by(name, x)': (qs, x) => qs['order_by']?.('name', x),
      'values(x)': (qs, x) => qs['values']?.(x),
      'values({ n: x })': (qs, x) => qs['values']?.({ n: x }),
      'values_list(x)': (qs, x) => qs['values_list']?.(x),
      'values_list(name, x)': (qs, x) => qs['values_list']?.('name', x),
      'values_list(name, { flat: x })': (qs, x) => qs['values_list']?.('name', { flat: x }),
      'only(x)': (qs, x) => qs['only']?.(x),
      'only(name, x)': (qs, x) => qs['only']?.('name', x),
      'defer(x)': (qs, x) => qs['defer']?.(x),
      'defer(name, x)': (qs, x) => qs['defer']?.('name', x),
      'select_related(x)': (qs, x) => qs['select_related']?.(x),
      'select_related(box, x)': (qs, x) => qs['select_related']?.('box', x),
      'prefetch_related(x)': (qs, x) => qs['prefetch_related']?.(x),
      'distinct(x)': (qs, x) => qs['distinct']?.(x),
      'annotate(x)': (qs, x) => qs['annotate']?.(x),
      'annotate({ n: x })': (qs, x) => qs['annotate']?.({ n: x }),
      'annotate({ n: F(x) })': (qs, x) => qs['annotate']?.({ n: F(x as string) }),
      'annotate({ n: Count(x) })': (qs, x) => qs['annotate']?.({ n: Count(x as never) }),
      'alias({ n: x })': (qs, x) => qs['alias']?.({ n: x }),
      'aggregate(x)': (qs, x) => qs['aggregate']?.(x),
      'aggregate({ n: x })': (qs, x) => qs['aggregate']?.({ n: x }),
      'slice(x)': (qs, x) => qs['slice']?.(x),
      'slice(0, x)': (qs, x) => qs['slice']?.(0, x),
      'item(x)': (qs, x) => qs['item']?.(x),
      'in_bulk(x)': (qs, x) => qs['in_bulk']?.(x),
      'in_bulk([x])': (qs, x) => qs['in_bulk']?.([x]),
      'in_bulk([1], x)': (qs, x) => qs['in_bulk']?.([1], x),
      'in_bulk([1], { field_name: x })': (qs, x) => qs['in_bulk']?.([1], { field_name: x }),
      'latest(x)': (qs, x) => qs['latest']?.(x),
      'earliest(name, x)': (qs, x) => qs['earliest']?.('name', x),
      'dates(x)': (qs, x) => qs['dates']?.(x, 'year'),
      'dates(day, x)': (qs, x) => qs['dates']?.('day', x),
      'datetimes(at, day, x)': (qs, x) => qs['datetimes']?.('at', 'day', x),
      'iterator(x)': (qs, x) => qs['iterator']?.(x),
      'iterator({ chunk_size: x })': (qs, x) => qs['iterator']?.({ chunk_size: x }),
      'union(x)': (qs, x) => qs['union']?.(x),
      'and(x)': (qs, x) => qs['and']?.(x),
      'contains(x)': (qs, x) => qs['contains']?.(x),
      'explain(x)': (qs, x) => qs['explain']?.(x),
    };
    holds(
      'as the argument of a call that reads',
      fc.tuple(fc.constantFrom(...Object.keys(READS)), fc.oneof(anything, name)),
      500,
      async (given) => {
        const [title, value] = given;
        await judged(`${title} of ${inspect(value)}`, 'read', () => READS[title]?.(items_(), value));
      },
    );

    const values = fc.dictionary(
      fc.oneof(fc.constantFrom(...SCALARS, 'meta', 'plain', 'labels', 'box', 'boxId', 'pk'), name),
      anything,
      { maxKeys: 3, noNullPrototype: true },
    );
    holds('as a name', fc.tuple(name, name), 100, async ([first, second]) => {
      const what = inspect([first, second]);
      await judged(`filter key ${what}`, 'read', () => items_()['filter']?.({ [first]: 1, [second]: 'x' }));
      await judged(`annotate key ${what}`, 'alias', () =>
        items_()['annotate']?.({ [first]: F('size'), [second]: Count('box') }),
      );
      await judged(`values key ${what}`, 'alias', () =>
        items_()['values']?.({ [first]: F('size'), [second]: 'box__label' }),
      );
      await judged(`aggregate key ${what}`, 'alias', () =>
        items_()['aggregate']?.({ [first]: Count('size'), [second]: Count('box') }),
      );
      await judged(`order_by ${what}`, 'read', () => items_()['order_by']?.(first, second));
      await judged(`values ${what}`, 'read', () => items_()['values']?.(first, second));
      await judged(`only ${what}`, 'read', () => items_()['only']?.(first, second));
      await judged(`defer ${what}`, 'read', () => items_()['defer']?.(first, second));
    });

    /** Calls that write: what they write is taken back. */
    const WRITES: Record<string, (qs: Anything, given: unknown) => unknown> = {
      'create(x)': (qs, x) => qs['create']?.(x),
      'new(x)': (_qs, x) => new Item(x),
      'update(x)': (qs, x) => qs['update']?.(x),
      'get_or_create(x)': (qs, x) => qs['get_or_create']?.(x),
      'get_or_create({ name, defaults: x })': (qs, x) => qs['get_or_create']?.({ name: 'z', defaults: x }),
      'update_or_create({ name, defaults: x })': (qs, x) => qs['update_or_create']?.({ name: 'x', defaults: x }),
      'bulk_create(x)': (qs, x) => qs['bulk_create']?.(x),
      'bulk_create([x])': (qs, x) => qs['bulk_create']?.([x]),
      'bulk_create([new(x)])': (qs, x) => qs['bulk_create']?.([new Item(x), new Item(x)]),
      'bulk_create([], { batch_size: x })': (qs, x) => qs['bulk_create']?.([new Item()], { batch_size: x }),
      'bulk_update([1], x)': (qs, x) => qs['bulk_update']?.([new Item({ id: 1 })], x),
      'bulk_update([1], [x])': (qs, x) => qs['bulk_update']?.([new Item({ id: 1 })], [x]),
      'bulk_update(x)': (qs, x) => qs['bulk_update']?.(x, ['name']),
    };
    holds(
      'as what is written',
      fc.tuple(fc.constantFrom(...Object.keys(WRITES)), fc.oneof(values, anything)),
      200,
      async (given) => {
        const [title, value] = given;
        await judged(`${title} of ${inspect(value)}`, 'write', () => WRITES[title]?.(items_(), value));
      },
    );
    holds(
      'as the value of a column',
      fc.tuple(fc.constantFrom(...SCALARS, 'meta', 'plain', 'labels', 'box', 'boxId'), anything),
      100,
      async (given) => {
        const [key, value] = given;
        await judged(`update ${key} = ${inspect(value)}`, 'write', () => items_()['update']?.({ [key]: value }));
        await judged(`create ${key} = ${inspect(value)}`, 'write', () => items_()['create']?.({ [key]: value }));
        await judged(`bulk_create ${key} = ${inspect(value)}`, 'write', () =>
          items_()['bulk_create']?.([new Item({ [key]: value }), new Item({ [key]: null })]),
        );
      },
    );
    void text;
  },
  { schema, drivers: ['pglite', 'postgres-js'] },
);
