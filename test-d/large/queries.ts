// Five hundred queries of every kind over the planned schema, each reading its row so that nothing stays unresolved.

import { type Plan, type PlannedQuery, type PlannedTable, numberColumn, textColumn } from '../../bench/types/plan.js';
import { libraryQuery } from '../../bench/types/contestants/library.js';

interface Names {
  readonly plan: Plan;
  readonly query: PlannedQuery;
  readonly model: string;
  readonly text: string;
  readonly number: string;
  readonly first: string;
  readonly last: string;
  readonly firstText: string;
  readonly lastText: string;
  /** A model that points at this one, by its reverse name. */
  readonly reverse: string;
  readonly reverseText: string;
}

type Form = (names: Names) => readonly string[];

/** Bodies of async functions. Between them they use every documented way to a row. */
const forms: readonly Form[] = [
  ({ model, last, lastText, number }) => [
    `const found = await ${model}.aobjects.exclude(Q({ ${last}__${lastText}__icontains: 'x' }).or(Q({ ${number}__lt: 3 }))).first();`,
    'return found?.id;',
  ],
  ({ model, reverse, reverseText, text }) => [
    `const rows = await ${model}.aobjects.filter({ ${reverse}__${reverseText}__startswith: 'x' }).distinct().values('id', '${text}');`,
    `return rows[0]?.${text};`,
  ],
  ({ model, reverse, text }) => [
    `const rows = await ${model}.aobjects.annotate({ howMany: Count('${reverse}') }).filter({ howMany__gt: 1 }).order_by('-howMany', '${text}');`,
    'return rows[0]?.howMany.toFixed();',
  ],
  ({ model, first, number }) => [
    `const row = await ${model}.aobjects.select_related('${first}').get({ id: 1, ${number}__in: [1, 2] });`,
    `return row.${first}?.id;`,
  ],
  ({ model, first, firstText }) => [
    `const totals = await ${model}.aobjects.aggregate({ most: Max('${first}__${firstText}'), n: Count('id') });`,
    'return totals.most ?? totals.n.toFixed();',
  ],
  ({ model, number, text }) => [
    `const changed = await ${model}.aobjects.filter({ ${text}: 'x' }).update({ ${number}: F('${number}').add(1) });`,
    'return changed.toFixed();',
  ],
  ({ model, reverse, query }) => [
    `const [row] = await ${model}.aobjects.prefetch_related('${reverse}_set').slice(0, 1);`,
    `return row?.${reverse}_set[0]?.id ?? row?.${query.select[1]};`,
  ],
  ({ model, text, last, lastText }) => [
    `const names = await ${model}.aobjects.order_by('${text}').values_list('${last}__${lastText}', { flat: true });`,
    'return names[0];',
  ],
];

const names = (plan: Plan, query: PlannedQuery): Names | undefined => {
  const { table, hops } = query;
  const first = hops[0]?.relation.name ?? '';
  const pointing = plan.tables.find(
    (from) =>
      from.index !== table.index &&
      from.relations.some((relation) => relation.target === table.index && !relation.unique),
  );
  if (!pointing) return undefined;
  return {
    plan,
    query,
    model: table.model,
    text: textColumn(table),
    number: numberColumn(table),
    first,
    last: hops.map((hop) => hop.relation.name).join('__'),
    firstText: textColumn(hops[0]?.to as PlannedTable),
    lastText: textColumn(hops.at(-1)?.to as PlannedTable),
    reverse: pointing.sqlName,
    reverseText: textColumn(pointing),
  };
};

/** Half of them are the benches' own query, half go round the other forms. */
export const largeQuery = (plan: Plan, query: PlannedQuery): string => {
  const known = names(plan, query);
  if (query.index % 2 === 0 || !known) return libraryQuery(query);
  const form = forms[Math.floor(query.index / 2) % forms.length] as Form;
  return [`export async function query${query.index}() {`, ...form(known).map((line) => `  ${line}`), '}', ''].join(
    '\n',
  );
};
