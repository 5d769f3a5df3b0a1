import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, max, type SQL, sql, sum } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Contestant } from '../contestant.js';
import { boxes, customers, pizzas, pizzaToppings, prices, toppings } from '../schema.js';
import type { CustomerRow } from '../workloads.js';

export function open(url: string, poolSize: number): Contestant {
  const client = postgres(url, { max: poolSize, onnotice: () => {} });
  const db = drizzle(client);

  const get = async (id: number) => {
    const [pizza] = await db.select().from(pizzas).where(eq(pizzas.id, id));
    return pizza;
  };
  const joined = ({ box, amount }: { box: string; amount: string }) =>
    db
      .select({
        id: pizzas.id,
        name: pizzas.name,
        rating: pizzas.rating,
        boxId: pizzas.boxId,
        priceId: pizzas.priceId,
        bakedAt: pizzas.bakedAt,
      })
      .from(pizzas)
      .innerJoin(boxes, eq(boxes.id, pizzas.boxId))
      .innerJoin(prices, eq(prices.id, pizzas.priceId))
      .where(and(eq(boxes.name, box), gte(prices.amount, amount)))
      .orderBy(desc(prices.amount), asc(pizzas.id))
      .limit(50);
  const getOrCreate = async (c: CustomerRow) => {
    const [found] = await db.select().from(customers).where(eq(customers.email, c.email));
    if (found) return found;
    const [made] = await db.insert(customers).values(c).onConflictDoNothing().returning();
    if (made) return made;
    const [theirs] = await db.select().from(customers).where(eq(customers.email, c.email));
    return theirs;
  };

  return {
    operations: {
      key: get,
      join: joined,
      values: (after) =>
        db
          .select({ id: pizzas.id, name: pizzas.name, box: boxes.name, amount: prices.amount })
          .from(pizzas)
          .leftJoin(boxes, eq(boxes.id, pizzas.boxId))
          .innerJoin(prices, eq(prices.id, pizzas.priceId))
          .where(gt(pizzas.id, after))
          .orderBy(pizzas.id)
          .limit(1000),
      instances: (after) => db.select().from(pizzas).where(gt(pizzas.id, after)).orderBy(pizzas.id).limit(1000),
      prefetch: async (after) => {
        const found = await db
          .select({ pizza: pizzas, box: boxes, price: prices })
          .from(pizzas)
          .leftJoin(boxes, eq(boxes.id, pizzas.boxId))
          .innerJoin(prices, eq(prices.id, pizzas.priceId))
          .where(gt(pizzas.id, after))
          .orderBy(pizzas.id)
          .limit(200);
        const links = await db
          .select({ pizzaId: pizzaToppings.pizzaId, topping: toppings })
          .from(pizzaToppings)
          .innerJoin(toppings, eq(toppings.id, pizzaToppings.toppingId))
          .where(
            inArray(
              pizzaToppings.pizzaId,
              found.map((r) => r.pizza.id),
            ),
          );
        const byPizza = new Map<number, (typeof toppings.$inferSelect)[]>();
        for (const { pizzaId, topping } of links) {
          const list = byPizza.get(pizzaId);
          if (list) list.push(topping);
          else byPizza.set(pizzaId, [topping]);
        }
        return found.map(({ pizza, box, price }) => ({
          ...pizza,
          box,
          price,
          toppings: byPizza.get(pizza.id) ?? [],
        }));
      },
      aggregate: (least) =>
        db
          .select({
            boxId: pizzas.boxId,
            n: count(pizzas.id),
            top: max(pizzas.rating),
            total: sum(pizzas.rating).mapWith(Number),
          })
          .from(pizzas)
          .where(isNotNull(pizzas.boxId))
          .groupBy(pizzas.boxId)
          .having(gt(count(pizzas.id), least))
          .orderBy(pizzas.boxId),
      bulk_create: (all) => db.insert(customers).values(all).returning(),
      // The way Drizzle's guide "Update many with different values for each row" shows.
      bulk_update: (changes) => {
        const visits: SQL[] = [sql`(case`];
        const credit: SQL[] = [sql`(case`];
        for (const change of changes) {
          visits.push(sql`when ${customers.id} = ${change.id} then ${change.visits}::integer`);
          credit.push(sql`when ${customers.id} = ${change.id} then ${change.credit}::numeric`);
        }
        visits.push(sql`end)`);
        credit.push(sql`end)`);
        return db
          .update(customers)
          .set({ visits: sql.join(visits, sql.raw(' ')), credit: sql.join(credit, sql.raw(' ')) })
          .where(
            inArray(
              customers.id,
              changes.map((c) => c.id),
            ),
          );
      },
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: async (c) => {
        const [made] = await db.insert(customers).values(c).returning();
        return made;
      },
      // No cursor in Drizzle for postgres.js: pages by key.
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for (let after = 0; ; ) {
          const page = await db.select().from(pizzas).where(gt(pizzas.id, after)).orderBy(pizzas.id).limit(1000);
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
      build: (input) => joined(input).toSQL(),
    },
    close: () => client.end(),
  };
}
