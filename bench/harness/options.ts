import { parseArgs } from 'node:util';
import { type WorkloadName, workloadNames } from '../workloads.js';

/** Contestants by name, in the order in which the report shows them; the program is a file in contestants/. */
export const contestants: Record<string, { program: string; title: string }> = {
  postgres: { program: 'postgres', title: 'postgres by hand' },
  queryset: { program: 'queryset', title: 'drizzle-queryset' },
  'drizzle-builder': { program: 'drizzle-builder', title: 'drizzle builder' },
  'drizzle-prepared': { program: 'drizzle-prepared', title: 'drizzle prepared' },
  'drizzle-relational': { program: 'drizzle-relational', title: 'drizzle db.query' },
  kysely: { program: 'kysely', title: 'kysely' },
  prisma: { program: 'prisma', title: 'prisma' },
  typeorm: { program: 'typeorm', title: 'typeorm' },
  'mikro-orm': { program: 'mikro-orm', title: 'mikro-orm' },
  // The floor against itself: how far from 1.00 it comes is the machine's noise.
  again: { program: 'postgres', title: 'by hand, again' },
};

export const FLOOR = 'postgres';
export const OURS = 'queryset';

export interface Options {
  contestants: string[];
  workloads: WorkloadName[];
  rounds: number;
  turnMs: number;
  warmMs: number;
  /** Where the report is written; nowhere after a partial or a quick run, unless told. */
  out: string | undefined;
}

export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      workload: { type: 'string' },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const pick = <T extends string>(asked: string | undefined, known: readonly T[], what: string): T[] => {
    if (asked === undefined) return [...known];
    const wanted = asked.split(',').map((s) => s.trim());
    const unknown = wanted.find((name) => !known.includes(name as T));
    if (unknown) throw new Error(`unknown ${what} '${unknown}'; there are: ${known.join(', ')}`);
    return known.filter((name) => wanted.includes(name));
  };
  const chosen = pick(values.only, Object.keys(contestants), 'contestant');
  const partial = values.quick || values.only !== undefined || values.workload !== undefined;
  return {
    contestants: chosen.includes(FLOOR) ? chosen : [FLOOR, ...chosen],
    workloads: pick(values.workload, workloadNames, 'workload'),
    rounds: Number(values.rounds ?? (values.quick ? 7 : 25)),
    turnMs: values.quick ? 40 : 120,
    warmMs: values.quick ? 300 : 1000,
    out: values.out ?? (partial ? undefined : 'results'),
  };
}
