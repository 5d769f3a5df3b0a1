// `npm run bench:editor`: how long after an edit the language server answers, for each library on one schema in one run.
//   --only library,kysely   contestants whose id holds one of these
//   --servers 5.9,7.0       which language servers
//   --tables 50,200         sizes of the schema
//   --edits 15              edits timed at each place
//   --json FILE             where the numbers are written (bench/editor/results.json)

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { contestants } from '../types/contestants/all.js';
import type { Contestant, Probe } from '../types/contestants/contestant.js';
import { planQuery, planSchema } from '../types/plan.js';
import { writeProject } from '../types/project.js';
import { root } from '../types/workspace.js';
import { type ServerVersion, startServer } from './servers.js';
import type { LanguageServer } from './language-server.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    servers: { type: 'string', default: '5.9,7.0' },
    tables: { type: 'string', default: '50,200' },
    edits: { type: 'string', default: '15' },
    json: { type: 'string', default: join(root, 'bench/editor/results.json') },
  },
});

const edits = Number(options.edits);
const warmups = 2;
const places = ['filter', 'select', 'hover'] as const;
type PlaceName = (typeof places)[number];

interface Timing {
  readonly p50: number;
  readonly p95: number;
}

interface Measured {
  readonly contestant: string;
  readonly server: ServerVersion;
  readonly tables: number;
  readonly milliseconds: Record<PlaceName, Timing>;
}

const percentile = (sorted: readonly number[], share: number): number =>
  Number((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1));

const timing = (samples: readonly number[]): Timing => {
  const sorted = samples.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95) };
};

/** Types and deletes one letter at the place by turns; the clock runs from each edit to its answer. */
const timePlace = async (
  server: LanguageServer,
  path: string,
  preamble: string,
  probe: Probe,
  ask: 'completions' | 'hover',
): Promise<Timing> => {
  const head = `${preamble}export async function probe() {\n`;
  const typed = ask === 'hover' ? '' : (probe.expects.split('__').at(-1)?.split('.').at(-1)?.[0] ?? '');
  const samples: number[] = [];
  for (let turn = 0; turn < warmups + edits; turn++) {
    const letter = turn % 2 ? typed : '';
    // A hover has no letter to type where it is asked; the edit falls on the statement before it.
    const before = ask === 'hover' ? `void ${turn};\n${probe.before}` : probe.before + letter;
    const started = performance.now();
    server.edit(path, `${head}${before}${probe.after}\n}\n`);
    const offset = head.length + before.length;
    const answer = ask === 'hover' ? await server.hover(path, offset) : await server.completions(path, offset);
    if (turn >= warmups) samples.push(performance.now() - started);
    const found =
      typeof answer === 'string'
        ? answer.includes(probe.expects)
        : answer.some((name) => name.replaceAll(/^["']|["']$/g, '') === probe.expects);
    if (!found)
      throw new Error(
        `expected ${probe.expects} after\n${probe.before + letter}\nbut got ${String(answer).slice(0, 400)}`,
      );
  }
  return timing(samples);
};

const measure = async (contestant: Contestant, version: ServerVersion, tableCount: number): Promise<Measured> => {
  const workspace = writeProject(contestant, tableCount, 100);
  const tables = planSchema(tableCount);
  // Two relations deep, from the middle of the schema.
  const query = planQuery(tables, Math.floor(tableCount / 2) | 1);
  const preamble = contestant.preamble({ tables, queries: [query], relationCount: 0 });
  const probes = contestant.probes(query);
  const path = workspace.path('probe.ts');
  workspace.write({ 'probe.ts': preamble });
  const server = startServer(version, workspace.directory);
  try {
    server.open(path, preamble);
    const milliseconds: Partial<Record<PlaceName, Timing>> = {};
    for (const place of places) {
      milliseconds[place] = await timePlace(
        server,
        path,
        preamble,
        probes[place],
        place === 'hover' ? 'hover' : 'completions',
      );
    }
    return {
      contestant: contestant.id,
      server: version,
      tables: tableCount,
      milliseconds: milliseconds as Record<PlaceName, Timing>,
    };
  } finally {
    await server.close();
    workspace.remove();
  }
};

const wanted = options.only.split(',');
const chosen = contestants.filter((contestant) => wanted.some((part) => contestant.id.includes(part)));
const sizes = options.tables.split(',').map(Number);
const measured: Measured[] = [];
for (const version of options.servers.split(',') as ServerVersion[]) {
  console.log(`TypeScript ${version}: ms from an edit to the answer, p50 (p95), ${edits} edits each\n`);
  console.log(`| | ${sizes.flatMap((size) => places.map((place) => `${place}, N${size}`)).join(' | ')} |`);
  console.log(`|---|${'---:|'.repeat(sizes.length * places.length)}`);
  for (const contestant of chosen) {
    const rows: Measured[] = [];
    for (const size of sizes) rows.push(await measure(contestant, version, size));
    measured.push(...rows);
    const cells = rows.flatMap((row) =>
      places.map((place) => `${row.milliseconds[place].p50} (${row.milliseconds[place].p95})`),
    );
    console.log(`| ${contestant.label} | ${cells.join(' | ')} |`);
  }
  console.log('');
}
writeFileSync(options.json, `${JSON.stringify({ node: process.version, edits, measured }, null, 2)}\n`);
