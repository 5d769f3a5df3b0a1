import { defineEntity, MikroORM, p, raw } from '@mikro-orm/postgresql';
import type { Contestant } from '../contestant.js';
import type { CustomerRow } from '../workloads.js';

const Box = defineEntity({
  name: 'Box',
  properties: { id: p.integer().primary(), name: p.string() },
});
const Price = defineEntity({
  name: 'Price',
  properties: { id: p.integer().primary(), amount: p.decimal(), currency: p.string().default('usd') },
});
const Topping = defineEntity({
  name: 'Topping',
  properties: { id: p.integer().primary(), name: p.string() },
});
const Pizza = defineEntity({
  name: 'Pizza',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    rating: p.integer(),
    box: () => p.manyToOne(Box).nullable(),
    price: () => p.oneToOne(Price),
    bakedAt: p.datetime(),
    toppings: () =>
      p.manyToMany(Topping).pivotTable('pizza_toppings').joinColumn('pizza_id').inverseJoinColumn('topping_id'),
  },
});
const Customer = defineEntity({
  name: 'Customer',
  properties: {
    id: p.integer().primary(),
    email: p.string().unique(),
    name: p.string(),
    visits: p.integer(),
    credit: p.decimal(),
    joined: p.datetime(),
  },
});

export async function open(url: string, poolSize: number): Promise<Contestant> {
  const orm = await MikroORM.init({
    clientUrl: url,
    entities: [Box, Price, Topping, Pizza, Customer],
    pool: { min: 0, max: poolSize },
  });
  // A fork a unit of work, as each request has in an application.
  const fork = () => orm.em.fork();

  const get = (id: number) => fork().findOneOrFail(Pizza, id);
  const getOrCreate = async (em: typeof orm.em, c: CustomerRow) => {
    const found = await em.findOne(Customer, { email: c.email });
    if (found) return found;
    const made = em.create(Customer, c);
    await em.flush();
    return made;
  };
  const load = async (count: number) => {
    const em = fork();
    return { em, rows: await em.find(Customer, {}, { orderBy: { id: 'asc' }, limit: count }) };
  };
  let loaded: Awaited<ReturnType<typeof load>> | undefined;

  return {
    operations: {
      key: get,
      join: ({ box, amount }) =>
        fork().find(
          Pizza,
          { box: { name: box }, price: { amount: { $gte: amount } } },
          { orderBy: [{ price: { amount: 'desc' } }, { id: 'asc' }], limit: 50 },
        ),
      values: (after) =>
        fork()
          .createQueryBuilder(Pizza, 'p')
          .leftJoin('p.box', 'b')
          .join('p.price', 'c')
          .select(['p.id', 'p.name', 'b.name as box', 'c.amount'])
          .where({ id: { $gt: after } })
          .orderBy({ id: 'asc' })
          .limit(1000)
          .execute('all', false),
      instances: (after) => fork().find(Pizza, { id: { $gt: after } }, { orderBy: { id: 'asc' }, limit: 1000 }),
      prefetch: (after) =>
        fork().find(
          Pizza,
          { id: { $gt: after } },
          { populate: ['box', 'price', 'toppings'], orderBy: { id: 'asc' }, limit: 200 },
        ),
      aggregate: (least) =>
        fork()
          .createQueryBuilder(Pizza, 'p')
          .select([
            raw('p.box_id as "boxId"'),
            raw('count(p.id) as n'),
            raw('max(p.rating) as top'),
            raw('sum(p.rating) as total'),
          ])
          .where({ box: { $ne: null } })
          .groupBy('p.box')
          .having('count(p.id) > ?', [least])
          .orderBy({ box: 'asc' })
          .execute('all', false),
      bulk_create: async (all) => {
        const em = fork();
        const rows = all.map((c) => em.create(Customer, c));
        await em.flush();
        return rows;
      },
      bulk_update: async (changes) => {
        loaded ??= await load(changes.length);
        loaded.rows.forEach((c, i) => {
          c.visits = changes[i]!.visits;
          c.credit = changes[i]!.credit;
        });
        await loaded.em.flush();
      },
      get_or_create: async ({ hit, miss }) => {
        const em = fork();
        return [await getOrCreate(em, hit), await getOrCreate(em, miss)];
      },
      create: async (c) => {
        const em = fork();
        const made = em.create(Customer, c);
        await em.flush();
        return made;
      },
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for await (const pizza of fork().stream(Pizza, { orderBy: { id: 'asc' } })) {
          folded.count += 1;
          folded.ids += pizza.id;
          folded.ratings += pizza.rating;
        }
        return folded;
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
      build: ({ box, amount }) => {
        const query = fork()
          .createQueryBuilder(Pizza, 'p')
          .join('p.box', 'b')
          .join('p.price', 'c')
          .where({ 'b.name': box, 'c.amount': { $gte: amount } })
          .orderBy([{ 'c.amount': 'desc' }, { 'p.id': 'asc' }])
          .limit(50);
        return { sql: query.getQuery(), params: query.getParams() };
      },
    },
    plain: {
      // Placeholders are numbered on the way to the driver.
      build: ({ sql, params }: { sql: string; params: unknown[] }) => {
        let n = 0;
        return { sql: sql.replaceAll('?', () => `$${++n}`), params };
      },
    },
    close: () => orm.close(),
  };
}
