// `npm run check:type-budget`: a schema as large as life stays affordable, exact and flat.
//   --update   write the counts measured now as the budget

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../bench/types/compile.js';
import { type Plan, type PlannedTable, planQuery } from '../../bench/types/plan.js';
import { type CompilerVersion, type DrizzleLine, root } from '../../bench/types/workspace.js';
import { anysOf } from './no-any.js';
import { largePlan, largeProject } from './project.js';

const budgetFile = join(root, 'test-d/large/budget.json');
const allowedGrowth = 1.05;
const drizzleLines: readonly DrizzleLine[] = ['0.45', '1.0'];
const versions: readonly CompilerVersion[] = ['5.9', '7.0'];

const problems: string[] = [];
const counts: Record<string, number> = {};

const count = (drizzle: DrizzleLine, planned: Plan, version: CompilerVersion, further = ''): number => {
  const workspace = largeProject(drizzle, planned, further);
  const { ok, output, instantiations } = compile(workspace.directory, version);
  workspace.remove();
  if (ok) return instantiations;
  const errors = output.split('\n').filter((line) => line.includes('error TS'));
  problems.push(
    `${drizzle} on TypeScript ${version}: ${errors.length} errors, of them ${errors.filter((line) => line.includes('TS2589')).length} TS2589`,
    ...errors.slice(0, 10),
  );
  return instantiations;
};

/**
 * What one query adds to a program that has asked something of another model already: what is done once for a whole
 * schema is no part of it. Nine are asked, each alone, so that no odd one decides.
 */
const oneQuery = (drizzle: DrizzleLine, tables: number): number => {
  const bare = largePlan(tables, 0);
  const elsewhere = `export const elsewhere = ${(bare.tables[9] as PlannedTable).model}.aobjects.filter({ id: 1 });\n`;
  const asked = Array.from({ length: 10 }, (_, index) => planQuery(bare.tables, index)).filter(
    (query) => query.table.index % 10 !== 9,
  );
  const alone = count(drizzle, bare, '5.9', elsewhere);
  const added = asked.map((query) => count(drizzle, { ...bare, queries: [query] }, '5.9', elsewhere) - alone);
  return added.reduce((sum, each) => sum + each, 0) / added.length;
};

for (const drizzle of drizzleLines) {
  const planned = largePlan(200, 500);
  if (planned.relationCount < 500) problems.push(`the schema has only ${planned.relationCount} relations`);
  for (const version of versions)
    counts[`drizzle ${drizzle}, TypeScript ${version}`] = count(drizzle, planned, version);
}

const small = oneQuery('0.45', 10);
const large = oneQuery('0.45', 200);
console.log(
  `one query: ${Math.round(small)} instantiations on 10 tables, ${Math.round(large)} on 200 (${((large / small - 1) * 100).toFixed(1)}%)`,
);
if (large > small * allowedGrowth) problems.push('a query costs more on a large schema');

const walked = largeProject('0.45', largePlan(20, 60));
const anys = anysOf(walked.directory, ['models.ts', 'queries0.ts', 'queries1.ts']);
walked.remove();
if (anys.length > 0) problems.push(`any comes out at ${anys.length} places:`, ...anys.slice(0, 30));

// Of a package that exports its models as one constant: its declarations name the schema, and do not repeat it.
const packaged = largeProject('0.45', largePlan(200, 0));
packaged.write({
  'models.ts': [
    "import { defineModels } from 'drizzle-queryset';",
    "import { drizzle } from 'drizzle-orm/postgres-js';",
    "import * as schema from './schema.js';",
    "export const models = defineModels(drizzle('postgres://localhost/db'), schema);",
  ].join('\n'),
});
const emission = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', 'out'];
for (const version of versions) {
  const { ok, output } = compile(packaged.directory, version, ...emission);
  const declarations = ok ? readFileSync(packaged.path('out/models.d.ts'), 'utf8') : output;
  console.log(
    `models of 200 tables, exported as one, on TypeScript ${version}: ${declarations.length} B of declarations`,
  );
  if (!declarations.includes('typeof schema') || declarations.length > 1000)
    problems.push(`TypeScript ${version} repeats the schema where models are exported: ${declarations.slice(0, 300)}`);
}
packaged.remove();

if (process.argv.includes('--update')) writeFileSync(budgetFile, `${JSON.stringify(counts, null, 2)}\n`);
const budget: Record<string, number> = existsSync(budgetFile) ? JSON.parse(readFileSync(budgetFile, 'utf8')) : {};
for (const [name, instantiations] of Object.entries(counts)) {
  const allowed = budget[name] ?? 0;
  console.log(`${name}: ${instantiations} instantiations, budget ${allowed}`);
  if (!(instantiations <= allowed * allowedGrowth))
    problems.push(`${name}: ${instantiations} is more than 5% over the budget of ${allowed}`);
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
