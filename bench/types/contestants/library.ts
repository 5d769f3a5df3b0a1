import type { Plan, PlannedManyToMany, PlannedQuery, PlannedTable } from '../plan.js';
import { type Contestant, lines } from './contestant.js';
import { drizzleTables } from './drizzle-tables.js';

const manyToMany = (plan: Plan, link: PlannedManyToMany): string => {
  const target = plan.tables[link.target] as PlannedTable;
  const through = plan.tables[link.through] as PlannedTable;
  return (
    `${link.name}: manyToMany('${target.model}', { through: schema.${through.constant}, ` +
    `through_fields: ['${link.throughFields[0]}', '${link.throughFields[1]}'], related_name: '${link.relatedName}' }),`
  );
};

export const libraryModels = (plan: Plan): string =>
  lines(
    "import { defineModels, manyToMany } from 'drizzle-queryset';",
    "import { drizzle } from 'drizzle-orm/postgres-js';",
    "import * as schema from './schema.js';",
    '',
    'export const {',
    ...plan.tables.map((table) => `  ${table.model},`),
    "} = defineModels(drizzle('postgres://localhost/db'), {",
    ...plan.tables.map((table) => `  ${table.model}: schema.${table.constant},`),
    '}, {',
    ...plan.tables
      .filter((table) => table.manyToMany.length > 0)
      .flatMap((table) => [
        `  ${table.model}: {`,
        ...table.manyToMany.map((link) => `    ${manyToMany(plan, link)}`),
        '  },',
      ]),
    '});',
  );

interface LibraryPaths {
  readonly first: string;
  readonly last: string;
}

const paths = (query: PlannedQuery): LibraryPaths => ({
  first: query.hops[0]?.relation.name ?? '',
  last: query.hops.map((hop) => hop.relation.name).join('__'),
});

const valuesList = (query: PlannedQuery): string => {
  const { first, last } = paths(query);
  const [own, ownText, firstField, lastField] = query.select;
  return `values_list('${own}', '${ownText}', '${first}__${firstField}', '${last}__${lastField}')`;
};

const conditions = (query: PlannedQuery): string[] => {
  const { first, last } = paths(query);
  return [
    `.filter({ ${last}__${query.filterColumn}: 'x', ${query.ownNumber}__gte: ${query.index} })`,
    `.order_by('-${first}__${query.orderColumn}')`,
  ];
};

export const libraryQuery = (query: PlannedQuery): string =>
  lines(
    `export async function query${query.index}(): Promise<string | undefined> {`,
    `  const rows = await ${query.table.model}.aobjects`,
    ...conditions(query).map((line) => `    ${line}`),
    `    .${valuesList(query)};`,
    '  return rows[0]?.[1];',
    '}',
  );

const library = (drizzle: '0.45' | '1.0'): Contestant => ({
  id: drizzle === '0.45' ? 'library-0.45' : 'library-1.0',
  label: `drizzle-queryset on ${drizzle}`,
  drizzle,
  usesLibrary: true,
  schema: (plan) => ({ 'schema.ts': drizzleTables(plan), 'models.ts': libraryModels(plan) }),
  preamble: (plan) => `import { ${plan.tables.map((table) => table.model).join(', ')} } from './models.js';\n`,
  query: libraryQuery,
  probes: (query) => {
    const { first, last } = paths(query);
    const model = `${query.table.model}.aobjects`;
    return {
      filter: { before: `${model}.filter({ ${last}__`, after: ': null })', expects: `${last}__${query.filterColumn}` },
      select: {
        before: `${model}${conditions(query).join('')}.values_list('id', '${first}__`,
        after: "')",
        expects: `${first}__${query.select[2]}`,
      },
      hover: {
        before: `const rows = await ${model}${conditions(query).join('')}.${valuesList(query)};\nconst row = rows[0]!;\nro`,
        after: 'w;',
        expects: 'number',
      },
    };
  },
});

export const libraryOnDrizzle0 = library('0.45');
export const libraryOnDrizzle1 = library('1.0');
