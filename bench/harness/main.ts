import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import postgres from 'postgres';
import { chart } from './chart.js';
import { Contender } from './contender.js';
import { contest } from './contest.js';
import { contestants, readOptions } from './options.js';
import { pin } from './pin.js';
import { notes, type Report, table, workloadLines } from './report.js';
import { seed } from './seed.js';
import { startServer } from './server.js';
import { quantile } from './statistics.js';

// `node main.js <bench folder> <options>`: server, seed, contestants, report; then all of it gone again.

const [folder = '.', ...args] = process.argv.slice(2);
const options = readOptions(args);

async function versions(): Promise<Record<string, string>> {
  const read = async (path: string) => JSON.parse(await readFile(path, 'utf8')).version as string;
  const own = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).dependencies as Record<string, string>;
  const { postgres: driver, kysely, prisma, typeorm, pg } = own;
  const shown = {
    postgres: driver,
    'drizzle-orm': await read(join(folder, '../node_modules/drizzle-orm/package.json')),
  };
  return { ...shown, kysely, prisma, typeorm, 'mikro-orm': own['@mikro-orm/core'], pg } as Record<string, string>;
}

const server = await startServer();
const pinned = pin(server.pid, 'server');
const contenders: Contender[] = [];
const sql = postgres(server.url, { max: 1, onnotice: () => {} });
try {
  await seed(sql, join(folder, 'schema.sql'));
  for (const name of options.contestants) {
    const { program, title } = contestants[name]!;
    try {
      contenders.push(await Contender.start(name, program, server.url));
    } catch (error) {
      console.log(`${title} cannot take part: ${(error as Error).message}`);
    }
  }

  const [{ version } = { version: '' }] = await sql`select split_part(version(), ' on ', 1) as version`;
  const report: Report = {
    taken: new Date().toISOString(),
    node: process.versions.node,
    server: version,
    versions: await versions(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    rounds: options.rounds,
    turnMs: options.turnMs,
    pinned,
    noise: null,
    workloads: {},
  };
  for (const name of options.workloads) {
    const result = await contest(name, contenders, sql, server.pid, options);
    report.workloads[name] = result;
    console.log(workloadLines(name, result));
  }
  const control = Object.values(report.workloads).flatMap((w) => (w.results.again ? [w.results.again.ratio] : []));
  if (control.length > 0) report.noise = [quantile(control, 0), quantile(control, 1)];

  console.log(`\n${table(report)}\n\n${notes(report)}`);
  if (options.out) {
    const out = resolve(folder, options.out);
    await mkdir(out, { recursive: true });
    await writeFile(join(out, 'results.json'), `${JSON.stringify(report, null, 2)}\n`);
    await writeFile(join(out, 'results.md'), `${table(report)}\n\n${notes(report)}\n`);
    await writeFile(join(out, 'results.svg'), chart(report));
    console.log(`\nwritten to ${out}`);
  }
} finally {
  await Promise.allSettled(contenders.map((c) => c.stop()));
  await sql.end({ timeout: 2 }).catch(() => {});
  await server.stop();
}
