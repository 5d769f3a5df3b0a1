import { type Generated, Kysely, PostgresDialect, type RawBuilder, sql } from 'kysely';
import pg from 'pg';
import Cursor from 'pg-cursor';
import type { Contestant } from '../contestant.js';
import type { CustomerRow } from '../workloads.js';

interface Database {
  box: { id: Generated<number>; name: string };
  price: { id: Generated<number>; amount: string; currency: Generated<string> };
  topping: { id: Generated<number>; name: string };
  pizza: {
    id: Generated<number>;
    name: string;
    rating: number;
    box_id: number | null;
    price_id: number;
    baked_at: Date;
  };
  pizza_toppings: { id: Generated<number>; pizza_id: number; topping_id: number };
  customer: {
    id: Generated<number>;
    email: string;
    name: string;
    visits: number;
    credit: string;
    joined: Date;
  };
}

const PIZZA = [
  'pizza.id',
  'pizza.name',
  'pizza.rating',
  'pizza.box_id as boxId',
  'pizza.price_id as priceId',
  'pizza.baked_at as bakedAt',
] as const;

export function open(url: string, poolSize: number): Contestant {
  const pool = new pg.Pool({ connectionString: url, max: poolSize });
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool, cursor: Cursor }) });

  const get = (id: number) => db.selectFrom('pizza').select(PIZZA).where('pizza.id', '=', id).executeTakeFirstOrThrow();
  const joined = ({ box, amount }: { box: string; amount: string }) =>
    db
      .selectFrom('pizza')
      .innerJoin('box', 'box.id', 'pizza.box_id')
      .innerJoin('price', 'price.id', 'pizza.price_id')
      .select(PIZZA)
      .where('box.name', '=', box)
      .where('price.amount', '>=', amount)
      .orderBy('price.amount', 'desc')
      .orderBy('pizza.id')
      .limit(50);
  const getOrCreate = async (c: CustomerRow) =>
    (await db.selectFrom('customer').selectAll().where('email', '=', c.email).executeTakeFirst()) ??
    (await db
      .insertInto('customer')
      .values(c)
      .onConflict((conflict) => conflict.column('email').doNothing())
      .returningAll()
      .executeTakeFirst()) ??
    (await db.selectFrom('customer').selectAll().where('email', '=', c.email).executeTakeFirstOrThrow());

  return {
    operations: {
      key: get,
      join: (input) => joined(input).execute(),
      values: (after) =>
        db
          .selectFrom('pizza')
          .leftJoin('box', 'box.id', 'pizza.box_id')
          .innerJoin('price', 'price.id', 'pizza.price_id')
          .select(['pizza.id', 'pizza.name', 'box.name as box', 'price.amount'])
          .where('pizza.id', '>', after)
          .orderBy('pizza.id')
          .limit(1000)
          .execute(),
      instances: (after) =>
        db.selectFrom('pizza').select(PIZZA).where('pizza.id', '>', after).orderBy('pizza.id').limit(1000).execute(),
      prefetch: async (after) => {
        const found = await db
          .selectFrom('pizza')
          .leftJoin('box', 'box.id', 'pizza.box_id')
          .innerJoin('price', 'price.id', 'pizza.price_id')
          .select([...PIZZA, 'box.name as boxName', 'price.amount', 'price.currency'])
          .where('pizza.id', '>', after)
          .orderBy('pizza.id')
          .limit(200)
          .execute();
        const links = await db
          .selectFrom('pizza_toppings')
          .innerJoin('topping', 'topping.id', 'pizza_toppings.topping_id')
          .select(['pizza_toppings.pizza_id as pizzaId', 'topping.id', 'topping.name'])
          .where(
            'pizza_toppings.pizza_id',
            'in',
            found.map((p) => p.id),
          )
          .execute();
        const byPizza = group(links);
        return found.map(({ boxName, amount, currency, ...pizza }) => ({
          ...pizza,
          box: pizza.boxId === null ? null : { id: pizza.boxId, name: boxName },
          price: { id: pizza.priceId, amount, currency },
          toppings: byPizza.get(pizza.id) ?? [],
        }));
      },
      aggregate: (least) =>
        db
          .selectFrom('pizza')
          .select((eb) => [
            'box_id as boxId',
            eb.fn.count('id').as('n'),
            eb.fn.max('rating').as('top'),
            eb.fn.sum('rating').as('total'),
          ])
          .where('box_id', 'is not', null)
          .groupBy('box_id')
          .having((eb) => eb.fn.count('id'), '>', least)
          .orderBy('box_id')
          .execute(),
      bulk_create: (all) => db.insertInto('customer').values(all).returningAll().execute(),
      bulk_update: (changes) =>
        db
          .updateTable('customer')
          .from(values(changes).as<'changed'>(sql`changed (id, visits, credit)`))
          .set((eb) => ({ visits: eb.ref('changed.visits'), credit: eb.ref('changed.credit') }))
          .whereRef('customer.id', '=', 'changed.id')
          .execute(),
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: (c) => db.insertInto('customer').values(c).returningAll().executeTakeFirstOrThrow(),
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for await (const pizza of db.selectFrom('pizza').select(PIZZA).orderBy('pizza.id').stream(1000)) {
          folded.count += 1;
          folded.ids += pizza.id;
          folded.ratings += pizza.rating;
        }
        return folded;
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
      build: (input) => {
        const { sql, parameters } = joined(input).compile();
        return { sql, params: parameters };
      },
    },
    close: () => db.destroy(),
  };
}

function group<T extends { pizzaId: number }>(links: T[]): Map<number, T[]> {
  const byPizza = new Map<number, T[]>();
  for (const link of links) {
    const list = byPizza.get(link.pizzaId);
    if (list) list.push(link);
    else byPizza.set(link.pizzaId, [link]);
  }
  return byPizza;
}

// A VALUES list as a table, the helper that Kysely's documentation gives, with the types PostgreSQL needs told.
function values(rows: { id: number; visits: number; credit: string }[]) {
  const lines = rows.map((r) => sql`(${r.id}::int, ${r.visits}::int, ${r.credit}::numeric)`);
  return sql`(values ${sql.join(lines)})` as RawBuilder<{ id: number; visits: number; credit: string }>;
}
