import type { Plan, PlannedColumn, PlannedHop, PlannedQuery, PlannedTable } from '../plan.js';
import { type Contestant, lines } from './contestant.js';

const typeNames: Record<PlannedColumn['kind'], string> = {
  serial: 'Generated<number>',
  text: 'string',
  varchar: 'string',
  integer: 'number',
  bigint: 'number',
  double: 'number',
  numeric: 'string',
  boolean: 'boolean',
  timestamp: 'Date',
  date: 'string',
  uuid: 'string',
  jsonb: 'unknown',
};

const columnType = (column: PlannedColumn): string => {
  const base = typeNames[column.kind];
  if (column.kind === 'serial') return base;
  const nullable = column.notNull ? base : `${base} | null`;
  return column.hasDefault ? `Generated<${nullable}>` : nullable;
};

const interfaces = (plan: Plan): string =>
  lines(
    "import type { Generated } from 'kysely';",
    ...plan.tables.flatMap((table) => [
      '',
      `export interface ${table.model} {`,
      ...table.columns.map((column) => `  ${column.key}: ${columnType(column)};`),
      '}',
    ]),
    '',
    'export interface Database {',
    ...plan.tables.map((table) => `  ${table.sqlName}: ${table.model};`),
    '}',
  );

const from = (query: PlannedQuery): string =>
  `db.selectFrom('${query.table.sqlName}')${query.hops
    .map(
      ({ relation, from: source, to }) =>
        `.${relation.nullable ? 'leftJoin' : 'innerJoin'}('${to.sqlName}', '${source.sqlName}.${relation.column}', '${to.sqlName}.id')`,
    )
    .join('')}`;

const own = (query: PlannedQuery): [string, string] => [
  `'${query.table.sqlName}.${query.select[0]}'`,
  `'${query.table.sqlName}.${query.select[1]} as text'`,
];

const related = (query: PlannedQuery): [PlannedTable, PlannedTable] => [
  (query.hops[0] as PlannedHop).to,
  (query.hops.at(-1) as PlannedHop).to,
];

const selection = (query: PlannedQuery): string => {
  const [first, last] = related(query);
  return `.select([${own(query).join(', ')}, '${first.sqlName}.${query.select[2]} as first', '${last.sqlName}.${query.select[3]} as last'])`;
};

const conditions = (query: PlannedQuery): string[] => {
  const [first, last] = related(query);
  return [
    `.where('${last.sqlName}.${query.filterColumn}', '=', 'x')`,
    `.where('${query.table.sqlName}.${query.ownNumber}', '>=', ${query.index})`,
    `.orderBy('${first.sqlName}.${query.orderColumn}', 'desc')`,
  ];
};

export const kysely: Contestant = {
  id: 'kysely',
  label: 'kysely',
  schema: (plan) => ({
    'schema.ts': interfaces(plan),
    'db.ts': lines(
      "import { Kysely, type Dialect } from 'kysely';",
      "import type { Database } from './schema.js';",
      '',
      'declare const dialect: Dialect;',
      'export const db = new Kysely<Database>({ dialect });',
    ),
  }),
  preamble: () => "import { db } from './db.js';\n",
  query: (query) =>
    lines(
      `export async function query${query.index}(): Promise<string | undefined> {`,
      `  const rows = await ${from(query)}`,
      ...[...conditions(query), selection(query), '.execute();'].map((line) => `    ${line}`),
      '  return rows[0]?.text;',
      '}',
    ),
  probes: (query) => {
    const [first, last] = related(query);
    return {
      filter: {
        before: `${from(query)}.where('`,
        after: "', '=', 'x')",
        expects: `${last.sqlName}.${query.filterColumn}`,
      },
      select: {
        before: `${from(query)}${conditions(query).join('')}.select(['`,
        after: "'])",
        expects: `${first.sqlName}.${query.select[2]}`,
      },
      hover: {
        before: `const rows = await ${from(query)}${conditions(query).join('')}${selection(query)}.execute();\nconst row = rows[0]!;\nro`,
        after: 'w;',
        expects: 'number',
      },
    };
  },
};
