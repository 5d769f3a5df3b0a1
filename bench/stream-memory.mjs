import { fork } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import postgres from 'postgres';
import { build, dist } from './build.mjs';

// A million rows through `iterator` in a process of their own: how far its memory rises above where it started.
// node bench/stream-memory.mjs [rows]

const BUDGET_MB = 64;
const MB = 1024 * 1024;

async function stream(url, rows) {
  const [{ defineModels }, { drizzle }, { integer, pgTable, serial, text, timestamp }] = await Promise.all([
    import(process.env.BENCH_LIBRARY ?? '../dist/src/index.js'),
    import('drizzle-orm/postgres-js'),
    import('drizzle-orm/pg-core'),
  ]);
  const readings = pgTable('reading', {
    id: serial().primaryKey(),
    sensor: text().notNull(),
    value: integer().notNull(),
    takenAt: timestamp('taken_at', { withTimezone: true }).notNull(),
  });
  const client = postgres(url, { max: 2 });
  const { Reading } = defineModels(drizzle(client), { Reading: readings });

  await Reading.aobjects.order_by('id').slice(0, 1000);
  globalThis.gc();
  const start = process.memoryUsage();
  let peak = start.rss;
  let heap = start.heapUsed;
  let count = 0;
  let ids = 0;
  for await (const reading of Reading.aobjects.order_by('id').iterator({ chunk_size: 2000 })) {
    ids += reading.id;
    if (++count % 1000 === 0) {
      const now = process.memoryUsage();
      peak = Math.max(peak, now.rss);
      heap = Math.max(heap, now.heapUsed);
    }
  }
  await client.end();
  if (count !== rows || ids !== (rows * (rows + 1)) / 2) throw new Error(`${count} rows instead of ${rows}`);
  return { rss: (peak - start.rss) / MB, heap: (heap - start.heapUsed) / MB };
}

if (process.send) {
  const [url, rows] = process.argv.slice(2);
  process.send(await stream(url, Number(rows)));
  process.disconnect();
} else {
  const rows = Number(process.argv[2] ?? 1_000_000);
  await build();
  const { startServer } = await import(pathToFileURL(`${dist}/harness/server.js`).href);
  const server = await startServer();
  const sql = postgres(server.url, { max: 1, onnotice: () => {} });
  try {
    await sql`create table reading (id serial primary key, sensor text not null, value integer not null, taken_at timestamptz not null)`;
    await sql`insert into reading (sensor, value, taken_at)
      select 'sensor ' || i % 100, i % 1000, now() from generate_series(1, ${rows}::int) i order by i`;
    await sql`analyze reading`;
    const child = fork(new URL(import.meta.url), [server.url, String(rows)], { execArgv: ['--expose-gc'] });
    const risen = await new Promise((resolve, reject) => {
      child.once('message', resolve);
      child.once('exit', (code) => reject(new Error(`the stream's process ended with ${code}`)));
    });
    console.log(
      `${rows} rows: resident memory at most ${risen.rss.toFixed(1)} MB above the start, heap ${risen.heap.toFixed(1)} MB`,
    );
    if (risen.rss > BUDGET_MB) {
      console.error(`over the budget of ${BUDGET_MB} MB`);
      process.exitCode = 1;
    }
  } finally {
    await sql.end({ timeout: 2 });
    await server.stop();
  }
}
