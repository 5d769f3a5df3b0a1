// One table of filter keys, valid and not, generated from a planned schema by the rules of Django's documentation.
// The compiler and the run time are both asked about each.

import { type Plan, type PlannedTable, plan, type ColumnKind } from '../../bench/types/plan.js';

export interface ParityKey {
  readonly model: string;
  readonly key: string;
  readonly value: unknown;
  readonly valid: boolean;
}

export const parityPlan: Plan = plan(10, 0);

const instant = new Date(Date.UTC(2020, 1, 3, 4, 5, 6));

const sample: Record<ColumnKind, unknown> = {
  serial: 3,
  integer: 3,
  bigint: 3,
  double: 1.5,
  numeric: '1.50',
  text: 'x',
  varchar: 'x',
  boolean: true,
  timestamp: instant,
  date: '2020-02-03',
  uuid: '6f9619ff-8b86-4011-b42d-00c04fc964ff',
  jsonb: { a: 1 },
};

/** Django has these on every field and casts; here they are for what is text. */
const patterns = [
  'iexact',
  'contains',
  'icontains',
  'startswith',
  'istartswith',
  'endswith',
  'iendswith',
  'regex',
  'iregex',
];
const isText = (kind: ColumnKind): boolean => kind === 'text' || kind === 'varchar';

/** The lookups of a type, with what stands on their right. */
const lookupsOf = (kind: ColumnKind): Record<string, unknown> => {
  const value = sample[kind];
  const common = {
    exact: value,
    in: [value, value],
    gt: value,
    gte: value,
    lt: value,
    lte: value,
    range: [value, value],
    isnull: true,
  };
  if (kind === 'jsonb')
    return {
      exact: value,
      isnull: false,
      contains: { a: 1 },
      contained_by: { a: 1 },
      has_key: 'a',
      has_keys: ['a'],
      has_any_keys: ['a'],
    };
  return isText(kind) ? { ...common, ...Object.fromEntries(patterns.map((name) => [name, 'x'])) } : common;
};

const dateParts: Record<string, unknown> = {
  year: 2020,
  iso_year: 2020,
  quarter: 1,
  month: 2,
  week: 5,
  week_day: 2,
  iso_week_day: 1,
  day: 3,
};
const timeParts: Record<string, unknown> = { hour: 4, minute: 5, second: 6 };

const transformsOf = (kind: ColumnKind): Record<string, unknown> => {
  if (kind === 'date') return dateParts;
  if (kind === 'timestamp') return { ...dateParts, ...timeParts, date: '2020-02-03', time: '04:05:06' };
  return {};
};

type Entry = readonly [key: string, value: unknown];

const columnsOf = (table: PlannedTable) => {
  const foreign = new Set(table.relations.map((relation) => relation.column));
  return table.columns.filter((column) => !foreign.has(column.key));
};

const validKeys = (table: PlannedTable): Entry[] => {
  const entries: Entry[] = [
    ['pk', 1],
    ['pk__in', [1, 2]],
    ['pk__gte', 1],
  ];
  for (const { key, kind } of columnsOf(table)) {
    entries.push([key, sample[kind]]);
    for (const [lookup, value] of Object.entries(lookupsOf(kind))) entries.push([`${key}__${lookup}`, value]);
    for (const [transform, value] of Object.entries(transformsOf(kind))) {
      entries.push([`${key}__${transform}`, value]);
      if (typeof value === 'number')
        entries.push([`${key}__${transform}__gte`, value], [`${key}__${transform}__in`, [value]]);
    }
    if (kind === 'jsonb') entries.push([`${key}__a__b`, 1], [`${key}__a__isnull`, true], [`${key}__a__icontains`, 'x']);
  }
  for (const relation of table.relations) {
    const target = parityPlan.tables[relation.target] as PlannedTable;
    const { name } = relation;
    entries.push(
      [relation.column, 1],
      [`${relation.column}__in`, [1]],
      [name, 1],
      [`${name}__exact`, 1],
      [`${name}__in`, [1, 2]],
      [`${name}__isnull`, true],
      [`${name}__gt`, 1],
      [`${name}__pk`, 1],
      [`${name}__pk__in`, [1]],
    );
    for (const column of columnsOf(target)) entries.push([`${name}__${column.key}`, sample[column.kind]]);
    for (const next of target.relations) {
      const further = parityPlan.tables[next.target] as PlannedTable;
      for (const column of columnsOf(further).slice(0, 3))
        entries.push([`${name}__${next.name}__${column.key}`, sample[column.kind]]);
      entries.push(
        [`${name}__${next.name}__isnull`, false],
        [`${name}__${next.name}__${next.name === 'parent' ? 'id' : 'pk'}__gt`, 1],
      );
    }
  }
  for (const link of table.manyToMany) {
    const target = parityPlan.tables[link.target] as PlannedTable;
    entries.push(
      [link.name, 1],
      [`${link.name}__in`, [1]],
      [`${link.name}__isnull`, true],
      [`${link.name}__id__gt`, 1],
    );
    for (const column of columnsOf(target).slice(0, 4))
      entries.push([`${link.name}__${column.key}`, sample[column.kind]]);
  }
  for (const from of parityPlan.tables) {
    if (from.relations.some((relation) => relation.target === table.index)) {
      entries.push(
        [from.sqlName, 1],
        [`${from.sqlName}__isnull`, true],
        [`${from.sqlName}__id__in`, [1]],
        [`${from.sqlName}__createdAt__year`, 2020],
      );
    }
    for (const link of from.manyToMany) {
      if (link.target === table.index) entries.push([link.relatedName, 1], [`${link.relatedName}__active`, true]);
    }
  }
  return entries;
};

const invalidKeys = (table: PlannedTable): Entry[] => {
  const entries: Entry[] = [
    ['', 1],
    ['__', 1],
    ['nothing', 1],
    ['constructor', 1],
    ['toString', 'x'],
    ['hasOwnProperty', 1],
    ['pk__nothing', 1],
    ['pk__pk', 1],
    ['id__', 1],
    ['__id', 1],
    ['Id', 1],
    ['ID', 1],
    ['id ', 1],
    [' id', 1],
    ['id__gte__lte', 1],
    ['id__isnull__exact', true],
    ['id_gte', 1],
    [table.model, 1],
    [`${table.sqlName}_sets`, 1],
  ];
  for (const { key, kind } of columnsOf(table)) {
    entries.push([`${key}x`, sample[kind]], [`${key}_`, sample[kind]], [`x${key}`, sample[kind]]);
    if (kind === 'jsonb') continue;
    entries.push(
      [`${key}__nothing`, 1],
      [`${key}__${key}`, sample[kind]],
      [`${key}__exact__exact`, sample[kind]],
      [`${key}__pk`, 1],
      [`${key}__EXACT`, sample[kind]],
      [`${key}___exact`, sample[kind]],
      [`${key}__len`, 1],
      [`${key}__has_key`, 'a'],
      [`${key}__contained_by`, 'x'],
    );
    if (!isText(kind) && kind !== 'uuid') entries.push(...patterns.map((name): Entry => [`${key}__${name}`, 'x']));
    if (kind !== 'date' && kind !== 'timestamp')
      entries.push([`${key}__year`, 2020], [`${key}__year__gte`, 2020], [`${key}__hour`, 1]);
    if (kind === 'date') entries.push([`${key}__hour`, 1], [`${key}__date`, '2020-02-03'], [`${key}__year__month`, 1]);
    if (kind === 'timestamp')
      entries.push([`${key}__time__year`, 1], [`${key}__year__month`, 1], [`${key}__yaer`, 2020]);
  }
  for (const { name } of [...table.relations, ...table.manyToMany]) {
    entries.push(
      [`${name}x`, 1],
      [`${name}__nothing`, 1],
      [`${name}__icontains`, 'x'],
      [`${name}__startswith`, 'x'],
      [`${name}__regex`, 'x'],
      [`${name}__year`, 1],
      [`${name}__range`, [1, 2]],
      [`${name}____id`, 1],
      [`${name}__id__nothing`, 1],
      [`${name}__`, 1],
      [`${name}__in__in`, [1]],
    );
  }
  for (const from of parityPlan.tables) {
    if (from.relations.some((relation) => relation.target === table.index && !relation.unique)) {
      // The accessor's name is no name of a lookup.
      entries.push([`${from.sqlName}_set`, 1], [`${from.sqlName}_set__id`, 1], [`${from.sqlName}__nothing`, 1]);
    }
  }
  return entries;
};

const known = new Set<string>();

export const parityKeys: readonly ParityKey[] = parityPlan.tables.flatMap((table) => {
  const all = [
    ...validKeys(table).map(([key, value]) => ({ model: table.model, key, value, valid: true })),
    ...invalidKeys(table).map(([key, value]) => ({ model: table.model, key, value, valid: false })),
  ];
  return all.filter(({ model, key }) => {
    const name = `${model}.${key}`;
    if (known.has(name)) return false;
    known.add(name);
    return true;
  });
});

/** A value as TypeScript source. */
export const literal = (value: unknown): string =>
  value instanceof Date
    ? `new Date(${value.getTime()})`
    : Array.isArray(value)
      ? `[${value.map(literal).join(', ')}]`
      : JSON.stringify(value);
