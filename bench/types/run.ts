// `npm run bench:types`: what the types of each library cost, counted on one schema and the same queries in one run.
//   --only library,kysely   contestants whose id holds one of these
//   --compilers 5.9,7.0     which compilers
//   --json FILE             where the numbers are written (bench/types/results.json)

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Cost, compile } from './compile.js';
import { contestants } from './contestants/all.js';
import type { Contestant } from './contestants/contestant.js';
import { writeProject } from './project.js';
import { type CompilerVersion, root } from './workspace.js';

const sizes = [
  [10, 100],
  [50, 100],
  [50, 500],
  [200, 0],
  [200, 100],
] as const;

type Size = `N${number}Q${number}`;

interface Measured {
  readonly contestant: string;
  readonly compiler: CompilerVersion;
  readonly costs: Record<Size, Cost>;
  /** Difference quotients: what one more query (at 50 tables), and one more table (at 100 queries), costs. */
  readonly perQuery: { readonly instantiations: number; readonly milliseconds: number };
  readonly perTable: { readonly instantiations: number; readonly milliseconds: number };
}

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    compilers: { type: 'string', default: '5.9,7.0' },
    json: { type: 'string', default: join(root, 'bench/types/results.json') },
  },
});

const measure = (contestant: Contestant, compiler: CompilerVersion): Measured => {
  const costs: Record<Size, Cost> = {};
  for (const [tables, queries] of sizes) {
    const workspace = writeProject(contestant, tables, queries);
    const { ok, output, ...cost } = compile(workspace.directory, compiler);
    workspace.remove();
    if (!ok) throw new Error(`${contestant.id} does not compile on ${compiler}:\n${output.slice(0, 4000)}`);
    costs[`N${tables}Q${queries}`] = cost;
  }
  const slope = (from: Size, to: Size, steps: number) => {
    const [low, high] = [costs[from] as Cost, costs[to] as Cost];
    return {
      instantiations: Math.round((high.instantiations - low.instantiations) / steps),
      milliseconds: Number((((high.checkSeconds - low.checkSeconds) * 1000) / steps).toFixed(2)),
    };
  };
  return {
    contestant: contestant.id,
    compiler,
    costs,
    perQuery: slope('N50Q100', 'N50Q500', 400),
    perTable: slope('N50Q100', 'N200Q100', 150),
  };
};

const thousands = (count: number): string => (count < 10_000 ? String(count) : `${Math.round(count / 1000)}k`);

const table = (compiler: CompilerVersion, rows: readonly Measured[]): string => {
  const names = sizes.map(([tables, queries]): Size => `N${tables}Q${queries}`);
  const label = (id: string): string => contestants.find((contestant) => contestant.id === id)?.label ?? id;
  return [
    `Instantiations (check time) on TypeScript ${compiler}`,
    '',
    `| | ${sizes.map(([tables, queries]) => `N${tables} Q${queries}`).join(' | ')} | a query (N50) | a table (Q100) |`,
    `|---|${'---:|'.repeat(sizes.length + 2)}`,
    ...rows.map(
      (row) =>
        `| ${label(row.contestant)} | ${names
          .map(
            (name) =>
              `${thousands(row.costs[name]?.instantiations ?? Number.NaN)} (${row.costs[name]?.checkSeconds.toFixed(2)} s)`,
          )
          .join(
            ' | ',
          )} | ${row.perQuery.instantiations} (${row.perQuery.milliseconds} ms) | ${row.perTable.instantiations} (${row.perTable.milliseconds} ms) |`,
    ),
    '',
  ].join('\n');
};

const wanted = options.only.split(',');
const chosen = contestants.filter((contestant) => wanted.some((part) => contestant.id.includes(part)));
const measured: Measured[] = [];
for (const compiler of options.compilers.split(',') as CompilerVersion[]) {
  const rows = chosen.map((contestant) => measure(contestant, compiler));
  measured.push(...rows);
  console.log(table(compiler, rows));
}
for (const { label, shortOf } of chosen) if (shortOf) console.log(`${label}: ${shortOf}.`);
writeFileSync(options.json, `${JSON.stringify({ node: process.version, measured }, null, 2)}\n`);
