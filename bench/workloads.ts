import { SIZE } from './harness/seed.js';

// What every contestant is asked, and how an answer is brought to a form that all answers share.
// `n` counts the operations of a contestant, so that all are asked the same with different values each time.

export interface CustomerRow {
  email: string;
  name: string;
  visits: number;
  credit: string;
  joined: Date;
}

export interface Inputs {
  key: number;
  join: { box: string; amount: string };
  values: number;
  instances: number;
  prefetch: number;
  aggregate: number;
  bulk_create: CustomerRow[];
  bulk_update: { id: number; visits: number; credit: string }[];
  get_or_create: { hit: CustomerRow; miss: CustomerRow };
  create: CustomerRow;
  stream: null;
  concurrent: number[];
  build: { box: string; amount: string };
}

export type WorkloadName = keyof Inputs;

export interface Workload<W extends WorkloadName> {
  /** A line of the report. */
  title: string;
  input(n: number): Inputs[W];
  /** The answer's content, whatever shape a library gives it. Never timed. */
  canonical(answer: unknown): unknown;
  /** Connections in the pool; 1 where the operations come one after another. */
  pool?: number;
  /** The customer table is put back after every turn, and what was written is compared too. */
  writes?: boolean;
  /** The answer is `{ sql, params }`, and what it selects is compared. */
  builds?: boolean;
}

type Loose = any;

const pizzaOf = (p: Loose) => [
  p.id,
  p.name,
  p.rating,
  p.boxId ?? p.box?.id ?? null,
  p.priceId ?? p.price?.id,
  new Date(p.bakedAt).toISOString(),
];
const money = (amount: Loose) => (amount === null ? null : Number(amount).toFixed(2));
const pizzasOf = (rows: Loose) => rows.map(pizzaOf);

// Steps through the ids without repeating soon: 7919 is prime.
const pizzaId = (n: number) => ((n * 7919) % SIZE.pizzas) + 1;
const pageStart = (n: number, page: number) => (n * 7919) % (SIZE.pizzas - page);
const customer = (key: string, n: number): CustomerRow => ({
  email: `${key}@example.com`,
  name: `Customer ${key}`,
  visits: n % 7,
  credit: (10 + (n % 90) / 4).toFixed(2),
  joined: new Date(1_700_000_000_000 + n * 1000),
});
const boxAndAmount = (n: number) => ({
  box: `Box ${(n % 30) + 1}`,
  amount: (10 + (n % 40) / 8).toFixed(2),
});

export const workloads: { [W in WorkloadName]: Workload<W> } = {
  key: { title: 'get by key', input: pizzaId, canonical: pizzaOf },
  join: { title: 'filter over joins, limit 50', input: boxAndAmount, canonical: pizzasOf },
  values: {
    title: '1,000 rows of values',
    input: (n) => pageStart(n, 1000),
    canonical: (rows: Loose) =>
      rows.map((row: Loose) => {
        const [id, name, box, amount] = Object.values(row);
        return [id, name, box, money(amount)];
      }),
  },
  instances: { title: '1,000 instances', input: (n) => pageStart(n, 1000), canonical: pizzasOf },
  prefetch: {
    title: '200 with box, price, toppings',
    input: (n) => pageStart(n, 200),
    canonical: (rows: Loose) =>
      rows.map((p: Loose) => [
        ...pizzaOf(p),
        p.box?.name ?? null,
        money(p.price.amount),
        p.price.currency,
        [...p.toppings].map((t: Loose) => (t.topping ?? t).name).sort(),
      ]),
  },
  aggregate: {
    title: 'aggregate per box, having',
    input: (n) => 90 + (n % 9),
    canonical: (rows: Loose) => rows.map((r: Loose) => [r.boxId, Number(r.n), Number(r.top), Number(r.total)]),
  },
  bulk_create: {
    title: 'bulk insert 1,000',
    input: (n) => Array.from({ length: 1000 }, (_, i) => customer(`bulk${n}-${i}`, i)),
    // All have their keys; which numbers a sequence gave is nobody's business.
    canonical: (rows: Loose) => new Set(rows.map((r: Loose) => r.id)).size,
    writes: true,
  },
  bulk_update: {
    title: 'bulk update 1,000',
    input: (n) =>
      Array.from({ length: SIZE.customers }, (_, i) => ({
        id: i + 1,
        visits: (n + i * 7) % 1000,
        credit: (((n * 3 + i) % 8000) / 8).toFixed(2),
      })),
    canonical: () => null,
    writes: true,
  },
  get_or_create: {
    title: 'get_or_create, half hits',
    input: (n) => ({
      hit: customer(`customer${(n % SIZE.customers) + 1}`, n),
      miss: customer(`miss${n}`, n),
    }),
    canonical: (pair: Loose) =>
      pair.map((c: Loose) => [Number.isInteger(c.id), c.email, c.name, c.visits, money(c.credit)]),
    writes: true,
  },
  create: {
    title: 'create',
    input: (n) => customer(`new${n}`, n),
    canonical: (c: Loose) => [Number.isInteger(c.id), c.email, c.name, c.visits, money(c.credit)],
    writes: true,
  },
  // A cursor keeps its connection: from a pool, as in an application.
  stream: { title: 'stream 10,000', input: () => null, canonical: (folded) => folded, pool: 10 },
  concurrent: {
    title: '64 concurrent gets, pool of 10',
    input: (n) => Array.from({ length: 64 }, (_, i) => pizzaId(n * 64 + i)),
    canonical: pizzasOf,
    pool: 10,
  },
  build: { title: 'building alone', input: boxAndAmount, canonical: (built) => built, builds: true },
};

export const workloadNames = Object.keys(workloads) as WorkloadName[];

/** What a consumer of the stream makes of it: enough to need every row, too little to cost anything. */
export interface Folded {
  count: number;
  ids: number;
  ratings: number;
}
