import { Session } from 'node:inspector/promises';
import { findSourceMap } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFile } from 'node:fs/promises';
import { build, dist, folder } from './build.mjs';

// Where one workload's client time goes: the ten functions with the most of it.
// node bench/profile.mjs key [--contestant queryset] [--seconds 4] [--top 10] [--save key.cpuprofile]

process.setSourceMapsEnabled(true);
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    contestant: { type: 'string', default: 'queryset' },
    seconds: { type: 'string', default: '4' },
    top: { type: 'string', default: '10' },
    save: { type: 'string' },
  },
});
const [workload = 'key'] = positionals;

await build();
const load = (file) => import(pathToFileURL(`${dist}/${file}`).href);
const [{ startServer }, { seed, resetCustomers }, { workloads }, { open }, { default: postgres }] = await Promise.all([
  load('harness/server.js'),
  load('harness/seed.js'),
  load('workloads.js'),
  load(`contestants/${values.contestant}.js`),
  import('postgres'),
]);
if (!workloads[workload])
  throw new Error(`unknown workload '${workload}'; there are: ${Object.keys(workloads).join(', ')}`);

let next = 1000;
async function runFor(ms, run) {
  const end = performance.now() + ms;
  let count = 0;
  for (; performance.now() < end; count++) await run(workloads[workload].input(next++));
  return count;
}

function placeOf({ url, lineNumber, columnNumber }) {
  if (!url.startsWith('file:')) return url || '(engine)';
  const entry = url.includes('/node_modules/')
    ? undefined
    : findSourceMap(fileURLToPath(url))?.findEntry(lineNumber, columnNumber);
  const source = entry?.originalSource ?? url;
  const path = relative(`${folder}..`, source.startsWith('file:') ? fileURLToPath(source) : source);
  return `${path.replace(/^.*node_modules\//, '')}:${(entry?.originalLine ?? lineNumber) + 1}`;
}

/** Self time by function, in microseconds. */
function selfTimes({ nodes, samples, timeDeltas }) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const spent = new Map();
  samples.forEach((id, i) => {
    const frame = byId.get(id).callFrame;
    const key = `${frame.functionName || '(anonymous)'}\t${frame.url}:${frame.lineNumber}:${frame.columnNumber}`;
    const known = spent.get(key) ?? { frame, time: 0 };
    known.time += timeDeltas[i];
    spent.set(key, known);
  });
  return [...spent.values()].filter(({ frame }) => frame.functionName !== '(idle)').sort((a, b) => b.time - a.time);
}

const server = await startServer();
const sql = postgres(server.url, { max: 1, onnotice: () => {} });
try {
  await seed(sql, `${folder}schema.sql`);
  const contestant = await open(server.url, workloads[workload].pool ?? 1);
  const run = contestant.operations[workload];
  if (!run) throw new Error(`${values.contestant} has no '${workload}'`);
  await runFor(1000, run);
  if (workloads[workload].writes) await resetCustomers(sql);

  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 100 });
  await session.post('Profiler.start');
  const before = process.cpuUsage();
  const count = await runFor(Number(values.seconds) * 1000, run);
  const { user, system } = process.cpuUsage(before);
  const { profile } = await session.post('Profiler.stop');
  if (values.save) await writeFile(values.save, JSON.stringify(profile));

  const times = selfTimes(profile);
  const busy = times.reduce((sum, { time }) => sum + time, 0);
  console.log(
    `${values.contestant}, ${workload}: ${count} operations, ${((user + system) / count).toFixed(1)} µs of client processor time each`,
  );
  for (const { frame, time } of times.slice(0, Number(values.top))) {
    const share = `${((100 * time) / busy).toFixed(1)} %`.padStart(7);
    const each = `${(time / count).toFixed(2)} µs`.padStart(11);
    console.log(`${share} ${each}  ${(frame.functionName || '(anonymous)').padEnd(28)} ${placeOf(frame)}`);
  }
  const ours = new Map();
  for (const { frame, time } of times) {
    const place = placeOf(frame).replace(/:\d+$/, '');
    const group = /^(src|bench)\//.test(place)
      ? place
      : place
          .split('/')
          .slice(0, place.startsWith('@') ? 2 : 1)
          .join('/');
    ours.set(group, (ours.get(group) ?? 0) + time);
  }
  console.log('\nby file or package');
  for (const [group, time] of [...ours].sort((a, b) => b[1] - a[1]).slice(0, Number(values.top))) {
    console.log(
      `${`${((100 * time) / busy).toFixed(1)} %`.padStart(7)} ${`${(time / count).toFixed(2)} µs`.padStart(11)}  ${group}`,
    );
  }
  await contestant.close();
} finally {
  await sql.end({ timeout: 2 });
  await server.stop();
}
