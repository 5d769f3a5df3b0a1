import { Count, defineModels, manyToMany, Max, Sum } from 'drizzle-queryset';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import type { Contestant } from '../contestant.js';
import { boxes, customers, pizzas, pizzaToppings, prices, toppings } from '../schema.js';
import type { CustomerRow } from '../workloads.js';

export function open(url: string, poolSize: number): Contestant {
  const client = postgres(url, { max: poolSize, onnotice: () => {} });
  const { Pizza, Customer } = defineModels(
    drizzle(client),
    { Topping: toppings, Box: boxes, Price: prices, Pizza: pizzas, Customer: customers },
    { Pizza: { toppings: manyToMany('Topping', { through: pizzaToppings }) } },
  );

  const joined = ({ box, amount }: { box: string; amount: string }) =>
    Pizza.aobjects.filter({ box__name: box, price__amount__gte: amount }).order_by('-price__amount', 'id').slice(0, 50);
  const getOrCreate = async ({ email, ...defaults }: CustomerRow) => {
    const [customer] = await Customer.aobjects.get_or_create({ email, defaults });
    return customer;
  };
  const load = async (count: number) => [...(await Customer.aobjects.order_by('id').slice(0, count))];
  let loaded: Awaited<ReturnType<typeof load>> | undefined;

  return {
    operations: {
      key: (id) => Pizza.aobjects.get({ id }),
      join: joined,
      values: (after) =>
        Pizza.aobjects
          .filter({ id__gt: after })
          .order_by('id')
          .values_list('id', 'name', 'box__name', 'price__amount')
          .slice(0, 1000),
      instances: (after) => Pizza.aobjects.filter({ id__gt: after }).order_by('id').slice(0, 1000),
      prefetch: (after) =>
        Pizza.aobjects
          .filter({ id__gt: after })
          .order_by('id')
          .select_related('box', 'price')
          .prefetch_related('toppings')
          .slice(0, 200),
      aggregate: (least) =>
        Pizza.aobjects
          .filter({ boxId__isnull: false })
          .values('boxId')
          .annotate({ n: Count('id'), top: Max('rating'), total: Sum('rating') })
          .filter({ n__gt: least })
          .order_by('boxId'),
      bulk_create: (all) => Customer.aobjects.bulk_create(all.map((c) => new Customer(c))),
      bulk_update: async (changes) => {
        loaded ??= await load(changes.length);
        loaded.forEach((c, i) => {
          c.visits = changes[i]!.visits;
          c.credit = changes[i]!.credit;
        });
        await Customer.aobjects.bulk_update(loaded, ['visits', 'credit']);
      },
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: (c) => Customer.aobjects.create({ ...c }),
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for await (const pizza of Pizza.aobjects.order_by('id').iterator({ chunk_size: 1000 })) {
          folded.count += 1;
          folded.ids += pizza.id;
          folded.ratings += pizza.rating;
        }
        return folded;
      },
      concurrent: (ids) => Promise.all(ids.map((id) => Pizza.aobjects.get({ id }))),
      build: (input) => joined(input).toSQL(),
    },
    close: () => client.end(),
  };
}
