import 'reflect-metadata';
import { DataSource, EntitySchema, MoreThan } from 'typeorm';
import type { Contestant } from '../contestant.js';
import type { CustomerRow } from '../workloads.js';

interface Box {
  id: number;
  name: string;
}
interface Price {
  id: number;
  amount: string;
  currency: string;
}
interface Topping {
  id: number;
  name: string;
}
interface Pizza {
  id: number;
  name: string;
  rating: number;
  boxId: number | null;
  priceId: number;
  bakedAt: Date;
  box?: Box | null;
  price?: Price;
  toppings?: Topping[];
}
interface Customer extends CustomerRow {
  id: number;
}

const id = { type: 'integer', primary: true, generated: 'increment' } as const;
const text = (length: number) => ({ type: 'varchar', length }) as const;
const money = { type: 'numeric', precision: 10, scale: 2 } as const;

const BoxEntity = new EntitySchema<Box>({ name: 'box', columns: { id, name: text(50) } });
const PriceEntity = new EntitySchema<Price>({
  name: 'price',
  columns: { id, amount: money, currency: text(16) },
});
const ToppingEntity = new EntitySchema<Topping>({ name: 'topping', columns: { id, name: text(30) } });
const PizzaEntity = new EntitySchema<Pizza>({
  name: 'pizza',
  columns: {
    id,
    name: text(50),
    rating: { type: 'integer' },
    boxId: { type: 'integer', name: 'box_id', nullable: true },
    priceId: { type: 'integer', name: 'price_id' },
    bakedAt: { type: 'timestamptz', name: 'baked_at' },
  },
  relations: {
    box: { type: 'many-to-one', target: 'box', joinColumn: { name: 'box_id' }, nullable: true },
    price: { type: 'one-to-one', target: 'price', joinColumn: { name: 'price_id' } },
    toppings: {
      type: 'many-to-many',
      target: 'topping',
      joinTable: {
        name: 'pizza_toppings',
        joinColumn: { name: 'pizza_id' },
        inverseJoinColumn: { name: 'topping_id' },
      },
    },
  },
});
const CustomerEntity = new EntitySchema<Customer>({
  name: 'customer',
  columns: {
    id,
    email: { ...text(60), unique: true },
    name: text(50),
    visits: { type: 'integer' },
    credit: money,
    joined: { type: 'timestamptz' },
  },
});

export async function open(url: string, poolSize: number): Promise<Contestant> {
  const source = new DataSource({
    type: 'postgres',
    url,
    poolSize,
    entities: [BoxEntity, PriceEntity, ToppingEntity, PizzaEntity, CustomerEntity],
  });
  await source.initialize();
  const pizzas = source.getRepository(PizzaEntity);
  const customers = source.getRepository(CustomerEntity);

  const get = (key: number) => pizzas.findOneByOrFail({ id: key });
  // By the builder: `find` with a limit and an order by a relation's column makes SQL that fails.
  const joined = ({ box, amount }: { box: string; amount: string }) =>
    pizzas
      .createQueryBuilder('pizza')
      .innerJoin('pizza.box', 'box')
      .innerJoin('pizza.price', 'price')
      .where('box.name = :box', { box })
      .andWhere('price.amount >= :amount', { amount })
      .orderBy('price.amount', 'DESC')
      .addOrderBy('pizza.id')
      .limit(50);
  const getOrCreate = async (c: CustomerRow) =>
    (await customers.findOneBy({ email: c.email })) ?? (await customers.save(customers.create(c)));
  let loaded: Customer[] | undefined;

  return {
    operations: {
      key: get,
      join: (input) => joined(input).getMany(),
      values: (after) =>
        pizzas
          .createQueryBuilder('pizza')
          .leftJoin('pizza.box', 'box')
          .innerJoin('pizza.price', 'price')
          .select(['pizza.id as id', 'pizza.name as name', 'box.name as box', 'price.amount as amount'])
          .where('pizza.id > :after', { after })
          .orderBy('pizza.id')
          .limit(1000)
          .getRawMany(),
      instances: (after) => pizzas.find({ where: { id: MoreThan(after) }, order: { id: 'asc' }, take: 1000 }),
      prefetch: (after) =>
        pizzas.find({
          relations: { box: true, price: true, toppings: true },
          where: { id: MoreThan(after) },
          order: { id: 'asc' },
          take: 200,
        }),
      aggregate: (least) =>
        pizzas
          .createQueryBuilder('pizza')
          .select([
            'pizza.boxId as "boxId"',
            'count(pizza.id) as n',
            'max(pizza.rating) as top',
            'sum(pizza.rating) as total',
          ])
          .where('pizza.boxId is not null')
          .groupBy('pizza.boxId')
          .having('count(pizza.id) > :least', { least })
          .orderBy('pizza.boxId')
          .getRawMany(),
      // Fills the keys in on the objects that it is given.
      bulk_create: async (all) => {
        const rows = customers.create(all);
        await customers.insert(rows);
        return rows;
      },
      bulk_update: async (changes) => {
        loaded ??= await customers.find({ order: { id: 'asc' }, take: changes.length });
        loaded.forEach((c, i) => {
          c.visits = changes[i]!.visits;
          c.credit = changes[i]!.credit;
        });
        await customers.save(loaded);
      },
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: (c) => customers.save(customers.create(c)),
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        const stream = await pizzas.createQueryBuilder('pizza').orderBy('pizza.id').stream();
        for await (const row of stream) {
          const pizza = row as unknown as { pizza_id: number; pizza_rating: number };
          folded.count += 1;
          folded.ids += pizza.pizza_id;
          folded.ratings += pizza.pizza_rating;
        }
        return folded;
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
      build: (input) => {
        const [sql, params] = joined(input).getQueryAndParameters();
        return { sql, params };
      },
    },
    close: () => source.destroy(),
  };
}
