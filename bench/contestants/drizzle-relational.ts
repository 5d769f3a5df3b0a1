import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Contestant } from '../contestant.js';
import * as schema from '../schema.js';

// Drizzle's `db.query`. Filters over relations, aggregates and writes are the builder's.

export function open(url: string, poolSize: number): Contestant {
  const client = postgres(url, { max: poolSize, onnotice: () => {} });
  const db = drizzle(client, { schema });

  const get = (id: number) => db.query.pizzas.findFirst({ where: (pizza, { eq }) => eq(pizza.id, id) });
  const pageAfter = (after: number) =>
    db.query.pizzas.findMany({
      where: (pizza, { gt }) => gt(pizza.id, after),
      orderBy: (pizza) => pizza.id,
      limit: 1000,
    });

  return {
    operations: {
      key: get,
      values: (after) =>
        db.query.pizzas.findMany({
          columns: { id: true, name: true },
          with: { box: { columns: { name: true } }, price: { columns: { amount: true } } },
          where: (pizza, { gt }) => gt(pizza.id, after),
          orderBy: (pizza) => pizza.id,
          limit: 1000,
        }),
      instances: pageAfter,
      prefetch: (after) =>
        db.query.pizzas.findMany({
          with: { box: true, price: true, toppings: { columns: {}, with: { topping: true } } },
          where: (pizza, { gt }) => gt(pizza.id, after),
          orderBy: (pizza) => pizza.id,
          limit: 200,
        }),
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for (let after = 0; ; ) {
          const page = await pageAfter(after);
          for (const pizza of page) {
            folded.count += 1;
            folded.ids += pizza.id;
            folded.ratings += pizza.rating;
          }
          if (page.length < 1000) return folded;
          after = page[page.length - 1]!.id;
        }
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
    },
    plain: {
      values: (rows: Awaited<ReturnType<typeof pageAfter>>) =>
        rows.map((r) => {
          const row = r as unknown as {
            id: number;
            name: string;
            box: { name: string } | null;
            price: { amount: string };
          };
          return [row.id, row.name, row.box?.name ?? null, row.price.amount];
        }),
    },
    close: () => client.end(),
  };
}
