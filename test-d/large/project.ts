import { libraryOnDrizzle0, libraryOnDrizzle1 } from '../../bench/types/contestants/library.js';
import { type Plan, plan } from '../../bench/types/plan.js';
import { type DrizzleLine, Workspace } from '../../bench/types/workspace.js';
import { largeQuery } from './queries.js';

const queriesPerFile = 50;

/** The large project: a schema, its models, files of fifty queries each, and perhaps further statements. */
export const largeProject = (drizzle: DrizzleLine, planned: Plan, further = ''): Workspace => {
  const library = drizzle === '1.0' ? libraryOnDrizzle1 : libraryOnDrizzle0;
  const workspace = new Workspace({ drizzle, usesLibrary: true });
  const files: Record<string, string> = {};
  for (let start = 0; start < planned.queries.length; start += queriesPerFile) {
    files[`queries${start / queriesPerFile}.ts`] = [
      "import { Count, F, Max, Q } from 'drizzle-queryset';",
      library.preamble(planned),
      ...planned.queries.slice(start, start + queriesPerFile).map((query) => largeQuery(planned, query)),
    ].join('\n');
  }
  if (further) files['further.ts'] = library.preamble(planned) + further;
  workspace.write({ ...library.schema(planned), ...files });
  return workspace;
};

export const largePlan = (tables: number, queries: number): Plan => plan(tables, queries);
