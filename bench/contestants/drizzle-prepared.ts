import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, max, placeholder, sum } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Contestant } from '../contestant.js';
import { boxes, customers, pizzas, pizzaToppings, prices, toppings } from '../schema.js';
import type { CustomerRow } from '../workloads.js';

// Drizzle's builder with every statement prepared beforehand by its user. Bulk writes have no fixed text to prepare.

export function open(url: string, poolSize: number): Contestant {
  const client = postgres(url, { max: poolSize, onnotice: () => {} });
  const db = drizzle(client);

  const byId = db
    .select()
    .from(pizzas)
    .where(eq(pizzas.id, placeholder('id')))
    .prepare('pizza_by_id');
  const joined = db
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
    .where(and(eq(boxes.name, placeholder('box')), gte(prices.amount, placeholder('amount'))))
    .orderBy(desc(prices.amount), asc(pizzas.id))
    .limit(50)
    .prepare('pizzas_joined');
  const values = db
    .select({ id: pizzas.id, name: pizzas.name, box: boxes.name, amount: prices.amount })
    .from(pizzas)
    .leftJoin(boxes, eq(boxes.id, pizzas.boxId))
    .innerJoin(prices, eq(prices.id, pizzas.priceId))
    .where(gt(pizzas.id, placeholder('after')))
    .orderBy(pizzas.id)
    .limit(1000)
    .prepare('pizza_values');
  const page = db
    .select()
    .from(pizzas)
    .where(gt(pizzas.id, placeholder('after')))
    .orderBy(pizzas.id)
    .limit(1000)
    .prepare('pizza_page');
  const withRelated = db
    .select({ pizza: pizzas, box: boxes, price: prices })
    .from(pizzas)
    .leftJoin(boxes, eq(boxes.id, pizzas.boxId))
    .innerJoin(prices, eq(prices.id, pizzas.priceId))
    .where(gt(pizzas.id, placeholder('after')))
    .orderBy(pizzas.id)
    .limit(200)
    .prepare('pizzas_related');
  const perBox = db
    .select({
      boxId: pizzas.boxId,
      n: count(pizzas.id),
      top: max(pizzas.rating),
      total: sum(pizzas.rating).mapWith(Number),
    })
    .from(pizzas)
    .where(isNotNull(pizzas.boxId))
    .groupBy(pizzas.boxId)
    .having(gt(count(pizzas.id), placeholder('least')))
    .orderBy(pizzas.boxId)
    .prepare('pizzas_per_box');
  const byEmail = db
    .select()
    .from(customers)
    .where(eq(customers.email, placeholder('email')))
    .prepare('customer_by_email');
  const row = {
    email: placeholder('email'),
    name: placeholder('name'),
    visits: placeholder('visits'),
    credit: placeholder('credit'),
    joined: placeholder('joined'),
  };
  const insert = db.insert(customers).values(row).returning().prepare('customer_insert');
  const insertNew = db.insert(customers).values(row).onConflictDoNothing().returning().prepare('customer_insert_new');

  const get = async (id: number) => {
    const [pizza] = await byId.execute({ id });
    return pizza;
  };
  const getOrCreate = async (c: CustomerRow) => {
    const [found] = await byEmail.execute({ email: c.email });
    if (found) return found;
    const [made] = await insertNew.execute({ ...c });
    if (made) return made;
    const [theirs] = await byEmail.execute({ email: c.email });
    return theirs;
  };

  return {
    operations: {
      key: get,
      join: (input) => joined.execute(input),
      values: (after) => values.execute({ after }),
      instances: (after) => page.execute({ after }),
      prefetch: async (after) => {
        const found = await withRelated.execute({ after });
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
      aggregate: (least) => perBox.execute({ least }),
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: async (c) => {
        const [made] = await insert.execute({ ...c });
        return made;
      },
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for (let after = 0; ; ) {
          const pizzasPage = await page.execute({ after });
          for (const pizza of pizzasPage) {
            folded.count += 1;
            folded.ids += pizza.id;
            folded.ratings += pizza.rating;
          }
          if (pizzasPage.length < 1000) return folded;
          after = pizzasPage[pizzasPage.length - 1]!.id;
        }
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
    },
    close: () => client.end(),
  };
}
