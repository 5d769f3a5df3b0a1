import type { Plan, PlannedHop, PlannedQuery, PlannedTable } from '../plan.js';
import { type Contestant, lines } from './contestant.js';
import { drizzleTables } from './drizzle-tables.js';

/** Relations that point at a table, with the name its side of them gets. */
const reverse = (plan: Plan, table: PlannedTable) =>
  plan.tables.flatMap((from) =>
    from.relations
      .filter((relation) => relation.target === table.index)
      .map((relation) => ({ from, relation, name: `${from.constant}Of${relation.name}` })),
  );

const relations0 = (plan: Plan): string =>
  lines(
    "import { relations } from 'drizzle-orm';",
    "import * as schema from './schema.js';",
    ...plan.tables.map((table) => {
      const forward = table.relations.map((relation) => {
        const target = plan.tables[relation.target] as PlannedTable;
        return (
          `  ${relation.name}: one(schema.${target.constant}, { fields: [schema.${table.constant}.${relation.column}], ` +
          `references: [schema.${target.constant}.id], relationName: '${table.constant}_${relation.name}' }),`
        );
      });
      const backward = reverse(plan, table).map(({ from, relation, name }) =>
        relation.unique
          ? `  ${name}: one(schema.${from.constant}, { fields: [schema.${table.constant}.id], references: [schema.${from.constant}.${relation.column}], relationName: '${from.constant}_${relation.name}' }),`
          : `  ${name}: many(schema.${from.constant}, { relationName: '${from.constant}_${relation.name}' }),`,
      );
      return lines(
        `export const ${table.constant}Relations = relations(schema.${table.constant}, ({ one, many }) => ({`,
        ...forward,
        ...backward,
        '}));',
      );
    }),
  );

const relations1 = (plan: Plan): string =>
  lines(
    "import { defineRelations } from 'drizzle-orm';",
    "import * as schema from './schema.js';",
    'export const relations = defineRelations(schema, (r) => ({',
    ...plan.tables.flatMap((table) => [
      `  ${table.constant}: {`,
      ...table.relations.map((relation) => {
        const target = plan.tables[relation.target] as PlannedTable;
        return (
          `    ${relation.name}: r.one.${target.constant}({ from: r.${table.constant}.${relation.column}, to: r.${target.constant}.id, ` +
          `alias: '${table.constant}_${relation.name}'${relation.nullable ? '' : ', optional: false'} }),`
        );
      }),
      ...reverse(plan, table).map(
        ({ from, relation, name }) =>
          `    ${name}: r.${relation.unique ? 'one' : 'many'}.${from.constant}({ from: r.${table.constant}.id, to: r.${from.constant}.${relation.column}, ` +
          `alias: '${from.constant}_${relation.name}' }),`,
      ),
      ...table.manyToMany.map((link) => {
        const target = plan.tables[link.target] as PlannedTable;
        const through = plan.tables[link.through] as PlannedTable;
        const column = (name: string): string =>
          through.relations.find((relation) => relation.name === name)?.column ?? '';
        return (
          `    ${link.name}: r.many.${target.constant}({ from: r.${table.constant}.id.through(r.${through.constant}.${column(link.throughFields[0])}), ` +
          `to: r.${target.constant}.id.through(r.${through.constant}.${column(link.throughFields[1])}), alias: '${link.relatedName}' }),`
        );
      }),
      '  },',
    ]),
    '}));',
  );

/** The columns asked for at each level, nested as the relations are. */
const withClause = (query: PlannedQuery): string => {
  const [, , firstField, lastField] = query.select;
  const [first, second] = query.hops as readonly [PlannedHop, PlannedHop | undefined];
  const columns = (...keys: string[]): string =>
    `columns: { ${[...new Set(keys)].map((key) => `${key}: true`).join(', ')} }`;
  const inner = second
    ? `{ ${columns(firstField)}, with: { ${second.relation.name}: { ${columns(lastField)} } } }`
    : `{ ${columns(firstField, lastField)} }`;
  return `with: { ${first.relation.name}: ${inner} }`;
};

const ownColumns = (query: PlannedQuery): string => `columns: { ${query.select[0]}: true, ${query.select[1]}: true }`;

const nest = (names: readonly string[], leaf: string): string =>
  names.reduceRight((inner, name) => `{ ${name}: ${inner} }`, leaf);

const queryFunction = (query: PlannedQuery, ...options: readonly string[]): string =>
  lines(
    `export async function query${query.index}(): Promise<string | undefined> {`,
    `  const rows = await db.query.${query.table.constant}.findMany({`,
    ...options.map((option) => `    ${option},`),
    '  });',
    `  return rows[0]?.${query.select[1]};`,
    '}',
  );

const hoverProbe = (query: PlannedQuery, ...conditions: string[]) => ({
  before: `const rows = await db.query.${query.table.constant}.findMany({ ${[ownColumns(query), withClause(query), ...conditions].join(', ')} });\nconst row = rows[0]!;\nro`,
  after: 'w;',
  expects: 'number',
});

const ownConditions = (query: PlannedQuery): string[] => [
  `where: (row, { and, eq, gte }) => and(eq(row.${query.select[1]}, 'x'), gte(row.${query.ownNumber}, ${query.index}))`,
  `orderBy: (row, { desc }) => desc(row.${query.ownNumber})`,
];

const relatedConditions = (query: PlannedQuery): string[] => {
  const names = query.hops.map((hop) => hop.relation.name) as [string, ...string[]];
  return [
    `where: { ${names[0]}: ${nest(names.slice(1), `{ ${query.filterColumn}: 'x' }`)}, ${query.ownNumber}: { gte: ${query.index} } }`,
    `orderBy: { ${names[0]}: { ${query.orderColumn}: 'desc' } }`,
  ];
};

export const drizzle0Query: Contestant = {
  id: 'drizzle-0.45-query',
  label: 'drizzle 0.45 db.query',
  drizzle: '0.45',
  shortOf: 'no filter over a relation and no order by one: its own columns instead',
  schema: (plan) => ({
    'schema.ts': drizzleTables(plan),
    'relations.ts': relations0(plan),
    'db.ts': lines(
      "import { drizzle } from 'drizzle-orm/postgres-js';",
      "import * as schema from './schema.js';",
      "import * as relations from './relations.js';",
      '',
      "export const db = drizzle('postgres://localhost/db', { schema: { ...schema, ...relations } });",
    ),
  }),
  preamble: () => "import { db } from './db.js';\n",
  query: (query) => queryFunction(query, ownColumns(query), withClause(query), ...ownConditions(query)),
  probes: (query) => ({
    filter: {
      before: `db.query.${query.table.constant}.findMany({ where: (row, { eq }) => eq(row.`,
      after: ", 'x') })",
      expects: query.select[1],
    },
    select: {
      before: `db.query.${query.table.constant}.findMany({ with: { ${query.hops[0]?.relation.name}: { columns: { `,
      after: ` } } }, ${ownConditions(query).join(', ')} })`,
      expects: query.select[2],
    },
    hover: hoverProbe(query, ...ownConditions(query)),
  }),
};

export const drizzle1Query: Contestant = {
  id: 'drizzle-1.0-query',
  label: 'drizzle 1.0 db.query',
  drizzle: '1.0',
  schema: (plan) => ({
    'schema.ts': drizzleTables(plan),
    'relations.ts': relations1(plan),
    'db.ts': lines(
      "import { drizzle } from 'drizzle-orm/postgres-js';",
      "import { relations } from './relations.js';",
      '',
      "export const db = drizzle('postgres://localhost/db', { relations });",
    ),
  }),
  preamble: () => "import { db } from './db.js';\n",
  query: (query) => queryFunction(query, ownColumns(query), withClause(query), ...relatedConditions(query)),
  probes: (query) => ({
    filter: {
      before: `db.query.${query.table.constant}.findMany({ where: ${query.hops.map((hop) => `{ ${hop.relation.name}: `).join('')}{ `,
      after: ` }${' }'.repeat(query.hops.length)} })`,
      expects: query.filterColumn,
    },
    select: {
      before: `db.query.${query.table.constant}.findMany({ with: { ${query.hops[0]?.relation.name}: { columns: { `,
      after: ` } } }, ${relatedConditions(query).join(', ')} })`,
      expects: query.select[2],
    },
    hover: hoverProbe(query, ...relatedConditions(query)),
  }),
};
