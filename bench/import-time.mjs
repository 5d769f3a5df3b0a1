import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

// How long the built package takes to import once drizzle-orm is there, in fresh processes: the median, against a budget.
// node bench/import-time.mjs [runs]

const BUDGET_MS = 30;
const runs = Number(process.argv[2] ?? 21);
const root = fileURLToPath(new URL('..', import.meta.url));

const program = `
  const start = performance.now();
  await import('drizzle-orm');
  await import('drizzle-orm/pg-core');
  await import('drizzle-orm/postgres-js');
  const host = performance.now();
  const cpu = process.cpuUsage();
  await import('./dist/src/index.js');
  const done = performance.now();
  const used = process.cpuUsage(cpu);
  console.log(JSON.stringify({ host: host - start, own: done - host, cpu: (used.user + used.system) / 1000 }));
`;
const taken = Array.from({ length: runs }, () =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, encoding: 'utf8' })),
);
const quantile = (part, q) => taken.map((t) => t[part]).sort((a, b) => a - b)[Math.floor((runs - 1) * q)];
const line = (what, part) =>
  `${what}: ${quantile(part, 0.5).toFixed(1)} ms (quartiles ${quantile(part, 0.25).toFixed(1)}–${quantile(part, 0.75).toFixed(1)})`;

console.log(`${runs} fresh processes, Node ${process.versions.node}, ${cpus()[0]?.model.trim()}`);
console.log(line('drizzle-orm, with pg-core and postgres-js', 'host'));
console.log(line('drizzle-queryset on top', 'own'));
console.log(line('drizzle-queryset on top, processor time', 'cpu'));
if (quantile('own', 0.5) > BUDGET_MS) {
  console.error(`over the budget of ${BUDGET_MS} ms`);
  process.exitCode = 1;
}
