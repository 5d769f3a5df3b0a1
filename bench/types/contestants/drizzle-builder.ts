import type { PlannedHop, PlannedQuery } from '../plan.js';
import { type Contestant, lines } from './contestant.js';
import { drizzleTables } from './drizzle-tables.js';

const joins = (query: PlannedQuery): string[] =>
  query.hops.map(
    ({ relation, from, to }) =>
      `.${relation.nullable ? 'leftJoin' : 'innerJoin'}(schema.${to.constant}, ` +
      `eq(schema.${from.constant}.${relation.column}, schema.${to.constant}.id))`,
  );

const selection = (query: PlannedQuery): string => {
  const [own, ownText, firstField, lastField] = query.select;
  const first = query.hops[0] as PlannedHop;
  const last = query.hops.at(-1) as PlannedHop;
  const column = (constant: string, key: string): string => `schema.${constant}.${key}`;
  return (
    `{ ${own}: ${column(query.table.constant, own)}, text: ${column(query.table.constant, ownText)}, ` +
    `first: ${column(first.to.constant, firstField)}, last: ${column(last.to.constant, lastField)} }`
  );
};

const conditions = (query: PlannedQuery): string[] => {
  const first = query.hops[0] as PlannedHop;
  const last = query.hops.at(-1) as PlannedHop;
  const own = `schema.${query.table.constant}`;
  return [
    `.where(and(eq(schema.${last.to.constant}.${query.filterColumn}, 'x'), gte(${own}.${query.ownNumber}, ${query.index})))`,
    `.orderBy(desc(schema.${first.to.constant}.${query.orderColumn}))`,
  ];
};

const builder = (drizzle: '0.45' | '1.0'): Contestant => ({
  id: `drizzle-${drizzle}-builder`,
  label: `drizzle ${drizzle} builder`,
  drizzle,
  schema: (plan) => ({
    'schema.ts': drizzleTables(plan),
    'db.ts': lines(
      "import { drizzle } from 'drizzle-orm/postgres-js';",
      "export const db = drizzle('postgres://localhost/db');",
    ),
  }),
  preamble: () =>
    lines(
      "import { and, desc, eq, gte } from 'drizzle-orm';",
      "import { db } from './db.js';",
      "import * as schema from './schema.js';",
    ),
  query: (query) =>
    lines(
      `export async function query${query.index}(): Promise<string | undefined> {`,
      `  const rows = await db.select(${selection(query)})`,
      `    .from(schema.${query.table.constant})`,
      ...[...joins(query), ...conditions(query)].map((line) => `    ${line}`),
      '    ;',
      '  return rows[0]?.text;',
      '}',
    ),
  probes: (query) => {
    const first = query.hops[0] as PlannedHop;
    const last = query.hops.at(-1) as PlannedHop;
    const from = `.from(schema.${query.table.constant})${joins(query).join('')}`;
    return {
      filter: {
        before: `db.select(${selection(query)})${from}.where(eq(schema.${last.to.constant}.`,
        after: ", 'x'))",
        expects: query.filterColumn,
      },
      select: {
        before: `db.select({ id: schema.${first.to.constant}.`,
        after: ` })${from}${conditions(query).join('')}`,
        expects: query.select[2],
      },
      hover: {
        before: `const rows = await db.select(${selection(query)})${from}${conditions(query).join('')};\nconst row = rows[0]!;\nro`,
        after: 'w;',
        expects: 'number',
      },
    };
  },
});

export const drizzle0Builder = builder('0.45');
export const drizzle1Builder = builder('1.0');
