import postgres from 'postgres';
import type { Contestant } from '../contestant.js';
import type { CustomerRow } from '../workloads.js';

// By hand on the driver: prepared by name, rows as arrays, one statement for a bulk write. The floor: 1.00.

type Params = postgres.ParameterOrJSON<never>[];

const PIZZA = 'p.id, p.name, p.rating, p.box_id, p.price_id, p.baked_at';
const CUSTOMER = 'id, email, name, visits, credit, joined';

const pizza = (r: readonly unknown[]) => ({
  id: r[0],
  name: r[1],
  rating: r[2],
  boxId: r[3],
  priceId: r[4],
  bakedAt: r[5],
});
const customer = (r: readonly unknown[]) => ({
  id: r[0],
  email: r[1],
  name: r[2],
  visits: r[3],
  credit: r[4],
  joined: r[5],
});

export function open(url: string, max: number): Contestant {
  const sql = postgres(url, { max, onnotice: () => {} });
  const rows = (text: string, params: unknown[]) => sql.unsafe(text, params as Params, { prepare: true }).values();

  const get = async (id: number) => {
    const [row] = await rows(`select ${PIZZA} from pizza p where p.id = $1`, [id]);
    return pizza(row!);
  };
  const insert = async (c: CustomerRow) => {
    const [row] = await rows(
      'insert into customer (email, name, visits, credit, joined) values ($1, $2, $3, $4, $5) on conflict do nothing returning id',
      [c.email, c.name, c.visits, c.credit, c.joined],
    );
    return row && { ...c, id: row[0] };
  };
  const find = async (email: string) => {
    const [row] = await rows(`select ${CUSTOMER} from customer where email = $1`, [email]);
    return row && customer(row);
  };
  const getOrCreate = async (c: CustomerRow) => (await find(c.email)) ?? (await insert(c)) ?? (await find(c.email));

  return {
    operations: {
      key: get,
      join: async ({ box, amount }) => {
        const found = await rows(
          `select ${PIZZA} from pizza p join box b on b.id = p.box_id join price c on c.id = p.price_id
           where b.name = $1 and c.amount >= $2 order by c.amount desc, p.id limit 50`,
          [box, amount],
        );
        return found.map(pizza);
      },
      values: (after) =>
        rows(
          `select p.id, p.name, b.name, c.amount from pizza p left join box b on b.id = p.box_id
           join price c on c.id = p.price_id where p.id > $1 order by p.id limit 1000`,
          [after],
        ),
      instances: async (after) => {
        const found = await rows(`select ${PIZZA} from pizza p where p.id > $1 order by p.id limit 1000`, [after]);
        return found.map(pizza);
      },
      prefetch: async (after) => {
        const found = await rows(
          `select ${PIZZA}, b.id, b.name, c.id, c.amount, c.currency from pizza p left join box b on b.id = p.box_id
           join price c on c.id = p.price_id where p.id > $1 order by p.id limit 200`,
          [after],
        );
        const pizzas = found.map((r) => ({
          ...pizza(r),
          box: r[6] === null ? null : { id: r[6], name: r[7] },
          price: { id: r[8], amount: r[9], currency: r[10] },
          toppings: [] as object[],
        }));
        const byId = new Map(pizzas.map((p) => [p.id, p]));
        const toppings = await rows(
          `select j.pizza_id, t.id, t.name from topping t join pizza_toppings j on j.topping_id = t.id
           where j.pizza_id = any($1)`,
          [[...byId.keys()]],
        );
        for (const [pizzaId, id, name] of toppings) byId.get(pizzaId)!.toppings.push({ id, name });
        return pizzas;
      },
      aggregate: async (least) => {
        const found = await rows(
          `select box_id, count(id), max(rating), sum(rating) from pizza where box_id is not null
           group by box_id having count(id) > $1 order by box_id`,
          [least],
        );
        return found.map((r) => ({ boxId: r[0], n: Number(r[1]), top: r[2], total: Number(r[3]) }));
      },
      bulk_create: async (all) => {
        const ids = await rows(
          `insert into customer (email, name, visits, credit, joined)
           select * from unnest($1::text[], $2::text[], $3::int[], $4::numeric[], $5::text[]::timestamptz[]) returning id`,
          [
            all.map((c) => c.email),
            all.map((c) => c.name),
            all.map((c) => c.visits),
            all.map((c) => c.credit),
            all.map((c) => c.joined.toISOString()),
          ],
        );
        return all.map((c, i) => ({ ...c, id: ids[i]![0] }));
      },
      bulk_update: (changes) =>
        rows(
          `update customer c set visits = n.visits, credit = n.credit
           from unnest($1::int[], $2::int[], $3::numeric[]) n (id, visits, credit) where c.id = n.id`,
          [changes.map((c) => c.id), changes.map((c) => c.visits), changes.map((c) => c.credit)],
        ),
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: insert,
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for await (const batch of sql.unsafe(`select ${PIZZA} from pizza p order by p.id`, []).cursor(1000)) {
          for (const row of batch) {
            folded.count += 1;
            folded.ids += row.id;
            folded.ratings += row.rating;
          }
        }
        return folded;
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
    },
    close: () => sql.end(),
  };
}
