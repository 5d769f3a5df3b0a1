// A schema "as large as life", and queries over it, as plain data. Every contestant writes out the same plan in its own
// idiom, so that what is compared is the libraries and not the schemas. Deterministic: the same sizes, the same plan.

export type ColumnKind =
  | 'serial'
  | 'text'
  | 'varchar'
  | 'integer'
  | 'bigint'
  | 'double'
  | 'numeric'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'uuid'
  | 'jsonb';

export interface PlannedColumn {
  readonly key: string;
  readonly kind: ColumnKind;
  readonly notNull: boolean;
  readonly hasDefault: boolean;
}

export interface PlannedRelation {
  /** The forward name: the column's key less its `Id`. */
  readonly name: string;
  readonly column: string;
  /** Index of the table pointed at. */
  readonly target: number;
  readonly nullable: boolean;
  readonly unique: boolean;
  /** A reference to this table or a later one: TypeScript needs the target named to break the cycle. */
  readonly annotated: boolean;
}

export interface PlannedManyToMany {
  readonly name: string;
  readonly target: number;
  readonly through: number;
  readonly throughFields: readonly [string, string];
  readonly relatedName: string;
}

export interface PlannedTable {
  readonly index: number;
  /** Model name, the key given to `defineModels`. */
  readonly model: string;
  /** Database name and TypeScript constant. */
  readonly sqlName: string;
  readonly constant: string;
  readonly columns: readonly PlannedColumn[];
  readonly relations: readonly PlannedRelation[];
  readonly manyToMany: readonly PlannedManyToMany[];
}

export interface PlannedHop {
  readonly relation: PlannedRelation;
  readonly from: PlannedTable;
  readonly to: PlannedTable;
}

export interface PlannedQuery {
  readonly index: number;
  readonly table: PlannedTable;
  /** One or two forward relations, over distinct tables. */
  readonly hops: readonly PlannedHop[];
  /** A text column at the end of the path, compared with a string. */
  readonly filterColumn: string;
  /** A number column of the table itself, compared with >=. */
  readonly ownNumber: string;
  /** A number column of the first related table, ordered by. */
  readonly orderColumn: string;
  /** Its key, a text of its own, and a column of each of the first and the last related table. */
  readonly select: readonly [string, string, string, string];
}

export interface Plan {
  readonly tables: readonly PlannedTable[];
  readonly queries: readonly PlannedQuery[];
  readonly relationCount: number;
}

const stems = [
  'Account',
  'Order',
  'Invoice',
  'Product',
  'Customer',
  'Shipment',
  'Employee',
  'Ticket',
  'Review',
  'Warehouse',
  'Campaign',
  'Message',
  'Payment',
  'Contract',
  'Project',
  'Lesson',
  'Recipe',
  'Vehicle',
  'Booking',
  'Station',
];
const textKeys = ['name', 'title', 'label', 'caption', 'subject', 'heading', 'summary'];
const extraTextKeys = ['note', 'slug', 'comment', 'locale', 'origin'];
const integerKeys = ['rank', 'position', 'quantity', 'priority', 'version'];
const bigKeys = ['total', 'views', 'hits', 'size'];
const firstForeignKeys = ['ownerId', 'creatorId', 'customerId', 'supplierId', 'editorId'];
const secondForeignKeys = ['groupId', 'teamId', 'categoryId', 'regionId'];
const columnsPerTable = 12;

const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

const planColumns = (index: number, relations: readonly PlannedRelation[]): PlannedColumn[] => {
  const columns: PlannedColumn[] = [{ key: 'id', kind: 'serial', notNull: true, hasDefault: true }];
  for (const relation of relations) {
    columns.push({ key: relation.column, kind: 'integer', notNull: !relation.nullable, hasDefault: false });
  }
  const own: PlannedColumn[] = [
    { key: pick(textKeys, index), kind: 'text', notNull: true, hasDefault: false },
    { key: pick(integerKeys, index), kind: 'integer', notNull: true, hasDefault: false },
    { key: pick(extraTextKeys, index), kind: 'varchar', notNull: false, hasDefault: false },
    { key: 'createdAt', kind: 'timestamp', notNull: true, hasDefault: true },
    { key: 'active', kind: 'boolean', notNull: true, hasDefault: true },
    { key: 'amount', kind: 'numeric', notNull: true, hasDefault: false },
    { key: pick(bigKeys, index), kind: 'bigint', notNull: false, hasDefault: false },
    { key: 'day', kind: 'date', notNull: false, hasDefault: false },
    { key: 'ratio', kind: 'double', notNull: false, hasDefault: false },
    { key: 'meta', kind: 'jsonb', notNull: false, hasDefault: false },
    { key: 'code', kind: 'uuid', notNull: false, hasDefault: false },
  ];
  return [...columns, ...own].slice(0, columnsPerTable);
};

const planRelations = (index: number, count: number): PlannedRelation[] => {
  const taken = new Set([index]);
  const free = (wanted: number): number => {
    let target = ((wanted % count) + count) % count;
    while (taken.has(target)) target = (target + 1) % count;
    taken.add(target);
    return target;
  };
  const relation = (
    column: string,
    target: number,
    options: { nullable: boolean; unique: boolean },
  ): PlannedRelation => ({
    name: column.replace(/Id$/, ''),
    column,
    target,
    annotated: target >= index,
    ...options,
  });
  // Mostly to an earlier table, as people write them; the second one forward, which closes the cycles.
  const relations = [
    relation(pick(firstForeignKeys, index), free(index - 1 - (index % 4)), { nullable: false, unique: false }),
    relation(pick(secondForeignKeys, index), free(index + 2 + (index % 3)), { nullable: true, unique: false }),
  ];
  if (index % 5 === 0) relations.push(relation('parentId', index, { nullable: true, unique: false }));
  if (index % 10 === 2 || index % 10 === 7) {
    relations.push(relation('profileId', free(index + 5), { nullable: false, unique: true }));
  }
  return relations;
};

export const planSchema = (tableCount: number): PlannedTable[] => {
  const model = (index: number): string => `${pick(stems, index)}${index}`;
  const relationsOf = Array.from({ length: tableCount }, (_, index) => planRelations(index, tableCount));
  const manyToMany = relationsOf.map((): PlannedManyToMany[] => []);
  for (let through = 3; through < tableCount; through += 10) {
    const [first, second] = relationsOf[through] as [PlannedRelation, PlannedRelation];
    manyToMany[first.target]?.push({
      name: `links${through}`,
      target: second.target,
      through,
      throughFields: [first.name, second.name],
      relatedName: `linked${through}`,
    });
  }
  return relationsOf.map((relations, index) => ({
    index,
    model: model(index),
    sqlName: model(index).toLowerCase(),
    constant: `${model(index)[0]?.toLowerCase()}${model(index).slice(1)}`,
    columns: planColumns(index, relations),
    relations,
    manyToMany: manyToMany[index] ?? [],
  }));
};

export const textColumn = (table: PlannedTable): string => pick(textKeys, table.index);
export const numberColumn = (table: PlannedTable): string => pick(integerKeys, table.index);

/** The nth column of one of these kinds, keys of relations left out. */
const columnOf = (table: PlannedTable, n: number, kinds?: readonly ColumnKind[]): string => {
  const foreign = new Set(table.relations.map((relation) => relation.column));
  const open = table.columns.filter((column) => !foreign.has(column.key) && (!kinds || kinds.includes(column.kind)));
  return pick(open, n).key;
};

const strings: readonly ColumnKind[] = ['text', 'varchar', 'numeric', 'uuid'];
const numbers: readonly ColumnKind[] = ['integer', 'bigint', 'double'];

const planHops = (tables: readonly PlannedTable[], start: PlannedTable, wanted: number, turn: number): PlannedHop[] => {
  const hops: PlannedHop[] = [];
  const seen = new Set([start.index]);
  let from = start;
  for (let step = 0; step < wanted; step++) {
    const open = from.relations.filter((relation) => !seen.has(relation.target));
    const relation = open[(turn >> step) % open.length];
    if (!relation) break;
    const to = tables[relation.target] as PlannedTable;
    hops.push({ relation, from, to });
    seen.add(to.index);
    from = to;
  }
  return hops;
};

export const planQuery = (tables: readonly PlannedTable[], index: number): PlannedQuery => {
  const round = Math.floor(index / tables.length);
  const table = tables[(index * 7 + round) % tables.length] as PlannedTable;
  const hops = planHops(tables, table, 1 + (index % 2), index + round);
  const first = hops[0] as PlannedHop;
  const last = hops.at(-1) as PlannedHop;
  return {
    index,
    table,
    hops,
    filterColumn: columnOf(last.to, index + round, strings),
    ownNumber: columnOf(table, index + round * 2, numbers),
    orderColumn: columnOf(first.to, index * 3 + round, numbers),
    select: ['id', textColumn(table), columnOf(first.to, index * 5 + round), columnOf(last.to, index * 3 + round * 7)],
  };
};

export const plan = (tableCount: number, queryCount: number): Plan => {
  const tables = planSchema(tableCount);
  return {
    tables,
    queries: Array.from({ length: queryCount }, (_, index) => planQuery(tables, index)),
    relationCount: tables.reduce((sum, table) => sum + table.relations.length + table.manyToMany.length, 0),
  };
};
