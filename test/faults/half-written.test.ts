// What takes several statements is all there or not at all: each statement of it is made to fail in turn.
import { DatabaseError, IntegrityError } from 'drizzle-queryset';
import { expect, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
import { type AnyDatabase, describeDatabases } from '../support/databases.js';

interface Session {
  prepareQuery(
    query: { sql: string; params: unknown[] },
    ...rest: unknown[]
  ): { execute(...args: unknown[]): Promise<unknown> };
}

/**
 * The same database, whose Nth writing statement fails as the database's own would. Transactions are the driver's: each
 * gives the callback a session that counts on.
 */
function failingAt(db: AnyDatabase, n: number): { db: AnyDatabase; writes(): number } {
  let count = 0;
  const failing = <T extends object>(database: T): T => {
    const { session } = (database as unknown as { _: { session: Session } })._;
    const counted = new Proxy(session, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (key !== 'prepareQuery') return typeof value === 'function' ? value.bind(target) : value;
        return (query: { sql: string; params: unknown[] }, ...rest: unknown[]) => {
          const prepared = target.prepareQuery(query, ...rest);
          if (!/^\s*(insert|update|delete)/i.test(query.sql)) return prepared;
          return {
            execute: (...args: unknown[]) =>
              ++count === n
                ? Promise.reject(Object.assign(new Error('the disk is full'), { code: '53100' }))
                : prepared.execute(...args),
          };
        };
      },
    });
    return new Proxy(database, {
      get(target, key) {
        if (key === '_') return { ...(target as unknown as { _: object })._, session: counted };
        if (key === 'session') return counted;
        if (key === 'transaction')
          return (body: (tx: object) => Promise<unknown>, config?: unknown) =>
            (target as unknown as AnyDatabase).transaction(
              ((tx: object) => body(failing(tx))) as never,
              config as never,
            );
        const value = Reflect.get(target, key) as unknown;
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  };
  return { db: failing(db), writes: () => count };
}

type Shop = ReturnType<typeof defineShop>;

/** Each takes several writing statements. */
const operations: Record<string, (shop: Shop) => Promise<unknown>> = {
  'bulk_create in batches': ({ Topping }) =>
    Topping.aobjects.bulk_create(
      Array.from({ length: 7 }, (_, i) => new Topping({ name: `t${i}` })),
      { batch_size: 2 },
    ),
  'bulk_create of rows with different columns': ({ Price }) =>
    Price.aobjects.bulk_create([
      new Price({ amount: '1' }),
      new Price({ id: 50, amount: '2' }),
      new Price({ amount: '3' }),
    ]),
  'bulk_update in batches': async ({ Topping }) => {
    const rows = await Topping.aobjects.all();
    for (const row of rows) row.name += '!';
    return Topping.aobjects.bulk_update(rows, ['name'], { batch_size: 1 });
  },
  'set() of a foreign key': async ({ Box, Pizza }) =>
    (await Box.aobjects.get({ id: 1 })).a$pizza_set.set([await Pizza.aobjects.get({ id: 2 })]),
  'set() that clears first': async ({ Box, Pizza }) =>
    (await Box.aobjects.get({ id: 1 })).a$pizza_set.set([await Pizza.aobjects.get({ id: 2 })], { clear: true }),
  'set() one by one': async ({ Box, Pizza }) =>
    (await Box.aobjects.get({ id: 1 })).a$pizza_set.set([await Pizza.aobjects.get({ id: 2 })], { bulk: false }),
  'clear() one by one': async ({ Box }) => (await Box.aobjects.get({ id: 1 })).a$pizza_set.clear({ bulk: false }),
  'add() one by one': async ({ Box, Pizza }) =>
    (await Box.aobjects.get({ id: 2 })).a$pizza_set.add(
      await Pizza.aobjects.get({ id: 1 }),
      await Pizza.aobjects.get({ id: 2 }),
      { bulk: false },
    ),
  'set() of many-to-many': async ({ Pizza }) => (await Pizza.aobjects.get({ id: 3 })).a$toppings.set([1]),
  'set() of many-to-many that clears first': async ({ Pizza }) =>
    (await Pizza.aobjects.get({ id: 3 })).a$toppings.set([1, 2], { clear: true }),
  'create() of many-to-many': async ({ Pizza }) =>
    (await Pizza.aobjects.get({ id: 3 })).a$toppings.create({ name: 'olive' } as never),
  'get_or_create() of many-to-many': async ({ Pizza }) =>
    (await Pizza.aobjects.get({ id: 3 })).a$toppings.get_or_create({ name: 'olive' }),
  'update_or_create() of many-to-many': async ({ Pizza }) =>
    (await Pizza.aobjects.get({ id: 3 })).a$toppings.update_or_create({ name: 'olive', defaults: { name: 'olives' } }),
  'update_or_create() of what is there': ({ Topping }) =>
    Topping.aobjects.update_or_create({ name: 'bacon', defaults: { name: 'ham' } }),
};
/** Those that may need no second statement where one does it all. */
const single = new Set(['update_or_create() of what is there']);

describeDatabases(
  'the Nth statement fails',
  (database) => {
    const everything = async () =>
      database.rows(`select 'topping' as t, id, name as a, null::int as b from topping union all select 'pizza', id, name, box_id from pizza
        union all select 'price', id, amount::text, null from price union all select 'pair', pizza_id, topping_id::text, null from pizza_toppings order by 1, 2, 3`);

    test.each(Object.keys(operations))('%s', async (name) => {
      await database.run(freshRows);
      const before = await everything();
      const whole = failingAt(database.db, Number.POSITIVE_INFINITY);
      await operations[name]!(defineShop(whole.db));
      const writes = whole.writes();
      const after = await everything();
      expect(after).not.toEqual(before);
      expect(writes).toBeGreaterThanOrEqual(single.has(name) ? 1 : 2);
      for (let n = 1; n <= writes; n++) {
        await database.run(freshRows);
        const broken = failingAt(database.db, n);
        const error = await operations[name]!(defineShop(broken.db)).then(
          () => undefined,
          (e: unknown) => e,
        );
        expect(error, `statement ${n}`).toBeInstanceOf(DatabaseError);
        expect((error as DatabaseError).code).toBe('53100');
        expect((error as Error).name).toBe('OperationalError');
        expect((error as Error).cause).toMatchObject({ message: 'the disk is full' });
        expect(await everything(), `statement ${n} of ${writes}`).toEqual(before);
      }
    });

    test('a row that the database refuses undoes the batches before it', async () => {
      await database.run(freshRows);
      const { Topping } = defineShop(database.db);
      const rows = [new Topping({ name: 'a' }), new Topping({ name: 'b' }), new Topping({ id: 1, name: 'taken' })];
      await expect(Topping.aobjects.bulk_create(rows, { batch_size: 1 })).rejects.toBeInstanceOf(IntegrityError);
      expect(await Topping.aobjects.count()).toBe(3);
    });
  },
  { schema },
);
