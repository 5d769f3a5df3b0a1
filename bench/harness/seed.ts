import { readFileSync } from 'node:fs';
import type { Sql } from 'postgres';

/** What the tables hold before every run: the same rows each time, so that answers can be compared. */
export const SIZE = { pizzas: 10_000, boxes: 100, toppings: 50, toppingsEach: 3, customers: 1_000 };

const customersSeed = `
  insert into customer (email, name, visits, credit, joined)
  select 'customer' || i || '@example.com', 'Customer ' || i, i % 40, (i % 900) / 4.0,
         timestamptz '2020-01-01 00:00:00Z' + i * interval '7 hours'
  from generate_series(1, ${SIZE.customers}) i order by i`;

export async function seed(sql: Sql, schema: string): Promise<void> {
  await sql.unsafe(readFileSync(schema, 'utf8'));
  await sql.unsafe(`
    insert into box (name) select 'Box ' || i from generate_series(1, ${SIZE.boxes}) i order by i;
    insert into topping (name) select 'Topping ' || i from generate_series(1, ${SIZE.toppings}) i order by i;
    insert into price (amount, currency)
      select 5 + (i * 37 % 4000) / 100.0, case when i % 3 = 0 then 'eur' else 'usd' end
      from generate_series(1, ${SIZE.pizzas}) i order by i;
    -- One pizza in 50 has no box; the first 30 boxes have about twice as many as the others.
    insert into pizza (name, rating, box_id, price_id, baked_at)
      select 'Pizza ' || i, i * 13 % 101,
             case when i % 50 = 0 then null when i % 3 = 0 then (i / 3 % 30) + 1 else (i * 31 % ${SIZE.boxes}) + 1 end,
             i, timestamptz '2024-01-01 00:00:00Z' + i * interval '11 minutes 7 milliseconds'
      from generate_series(1, ${SIZE.pizzas}) i order by i;
    insert into pizza_toppings (pizza_id, topping_id)
      select i, ((i + j * 17) % ${SIZE.toppings}) + 1
      from generate_series(1, ${SIZE.pizzas}) i, generate_series(0, ${SIZE.toppingsEach - 1}) j order by i, j;
    ${customersSeed};
  `);
  await sql.unsafe('vacuum analyze');
}

/** The only table that workloads write to, put back as it was. */
export async function resetCustomers(sql: Sql): Promise<void> {
  await sql.unsafe(`truncate customer restart identity; ${customersSeed};`);
  await sql.unsafe('analyze customer');
}

/** All that a writing workload may leave behind, for comparison; surrogate keys excepted. */
export async function customersState(sql: Sql): Promise<string> {
  const [row] = await sql.unsafe(`
    select count(*) || ' rows ' || md5(string_agg(concat_ws('|', email, name, visits, credit, joined at time zone 'UTC'), ';' order by email)) as state
    from customer`);
  return String(row?.state);
}
