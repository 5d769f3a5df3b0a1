import type { Contestant } from './contestants/contestant.js';
import { type Plan, plan } from './plan.js';
import { Workspace } from './workspace.js';

const queriesPerFile = 50;

/** The plan's queries as this contestant writes them, fifty a file as an application would have them. */
export const queryFiles = (contestant: Contestant, planned: Plan): Record<string, string> => {
  const files: Record<string, string> = {};
  for (let start = 0; start < planned.queries.length; start += queriesPerFile) {
    const queries = planned.queries.slice(start, start + queriesPerFile);
    files[`queries${start / queriesPerFile}.ts`] = [
      contestant.preamble(planned),
      ...queries.map((query) => contestant.query(query)),
    ].join('\n');
  }
  return files;
};

export const writeProject = (contestant: Contestant, tableCount: number, queryCount: number): Workspace => {
  const planned = plan(tableCount, queryCount);
  const workspace = new Workspace({ drizzle: contestant.drizzle, usesLibrary: contestant.usesLibrary });
  workspace.write({ ...contestant.schema(planned), ...queryFiles(contestant, planned) });
  return workspace;
};
