// data/schema.data.json, asked by name: Django's own description of the judge's models.
import { readFileSync } from 'node:fs';

/**
 * What a value is, whatever JavaScript type carries it. An array's is its element's with `[]` behind;
 * `unknown` is what only the database knows (the columns of raw SQL).
 */
export type Kind = string;

export interface SchemaField {
  name: string;
  attname: string;
  column: string;
  type: string;
  db_type: string;
  null: boolean;
  unique: boolean;
  primary_key: boolean;
  base?: string;
  to?: string;
  to_field?: string;
  accessor?: string | null;
  query_name?: string;
}

export interface SchemaManyToMany {
  name: string;
  to: string;
  through_table: string;
  auto_through: boolean;
  source_column: string;
  target_column: string;
  symmetrical: boolean;
  accessor: string | null;
  query_name: string;
}

export interface SchemaModel {
  table: string;
  pk: string;
  ordering: string[];
  fields: SchemaField[];
  m2m: SchemaManyToMany[];
}

/** A relation from one model to another, seen from one of its ends. */
export interface SchemaRelation {
  /** The name of the attribute on an instance. */
  accessor: string;
  /** The name in lookups. */
  query: string;
  to: string;
  many: boolean;
  /** The field of the far side that a forward foreign key holds. */
  field?: SchemaField;
  /** Under which name Django caches what it prefetches: the field's name, or the accessor or query name far off. */
  cached: string;
}

const data = new URL('data/', import.meta.url);
export const schema = JSON.parse(readFileSync(new URL('schema.data.json', data), 'utf8')) as Record<
  string,
  SchemaModel
>;
/** Makes the tables and fills them. */
export const schemaSql = ['schema.sql', 'data.sql'].map((name) => readFileSync(new URL(name, data), 'utf8')).join('\n');

const kinds: Record<string, Kind> = {
  AutoField: 'int',
  BigAutoField: 'int',
  SmallAutoField: 'int',
  IntegerField: 'int',
  SmallIntegerField: 'int',
  BigIntegerField: 'int',
  PositiveIntegerField: 'int',
  PositiveSmallIntegerField: 'int',
  PositiveBigIntegerField: 'int',
  FloatField: 'float',
  DecimalField: 'decimal',
  CharField: 'text',
  TextField: 'text',
  SlugField: 'text',
  EmailField: 'text',
  URLField: 'text',
  BooleanField: 'bool',
  NullBooleanField: 'bool',
  DateField: 'date',
  DateTimeField: 'datetime',
  TimeField: 'time',
  DurationField: 'interval',
  UUIDField: 'uuid',
  JSONField: 'json',
  BinaryField: 'bytes',
};

/** The kind of a Django field by its class, `ArrayField`s by their base. */
export function kindOfType(type: string, base?: string): Kind {
  if (type === 'ArrayField') return `${kindOfType(base ?? 'TextField')}[]`;
  const kind = kinds[type];
  if (!kind) throw new Error(`No kind is known for Django's ${type}.`);
  return kind;
}

export function modelOf(name: string): SchemaModel {
  const model = schema[name];
  if (!model) throw new Error(`There is no model ${name}.`);
  return model;
}

export function fieldOf(model: string, name: string): SchemaField | undefined {
  const { fields, pk } = modelOf(model);
  const wanted = name === 'pk' ? pk : name;
  return fields.find((field) => field.name === wanted || field.attname === wanted);
}

export function kindOfField(field: SchemaField): Kind {
  if (!field.to) return kindOfType(field.type, field.base);
  return kindOfField(fieldOf(field.to, field.to_field ?? 'pk')!);
}

function relationsFrom(name: string): SchemaRelation[] {
  const found: SchemaRelation[] = [];
  for (const field of modelOf(name).fields) {
    if (!field.to) continue;
    found.push({
      accessor: field.name,
      query: field.name,
      to: field.to,
      many: false,
      field,
      cached: field.name,
    });
  }
  for (const m2m of modelOf(name).m2m) {
    found.push({ accessor: m2m.name, query: m2m.name, to: m2m.to, many: true, cached: m2m.name });
  }
  for (const [from, model] of Object.entries(schema)) {
    for (const field of model.fields) {
      if (field.to !== name || !field.accessor) continue;
      const many = field.type !== 'OneToOneField';
      const query = field.query_name ?? field.accessor;
      found.push({ accessor: field.accessor, query, to: from, many, cached: field.accessor });
    }
    for (const m2m of model.m2m) {
      if (m2m.to !== name || !m2m.accessor) continue;
      found.push({
        accessor: m2m.accessor,
        query: m2m.query_name,
        to: from,
        many: true,
        cached: m2m.query_name,
      });
    }
  }
  return found;
}

const relations = new Map<string, SchemaRelation[]>();

/** All relations of a model: its own, its many-to-many ones, and those that other models have to it. */
export function relationsOf(model: string): SchemaRelation[] {
  let known = relations.get(model);
  if (!known) {
    known = relationsFrom(model);
    relations.set(model, known);
  }
  return known;
}

export function relationByQuery(model: string, name: string): SchemaRelation | undefined {
  return relationsOf(model).find((relation) => relation.query === name);
}

export function relationByAccessor(model: string, name: string): SchemaRelation | undefined {
  return relationsOf(model).find((relation) => relation.accessor === name);
}

export interface StoredTable {
  name: string;
  key: string;
  serial: boolean;
  columns: { name: string; kind: Kind }[];
}

/** Every table with its columns, those between many-to-many relations included. */
export function storedTables(): StoredTable[] {
  const tables: StoredTable[] = [];
  for (const model of Object.values(schema)) {
    const key = model.fields.find((field) => field.primary_key)!;
    const columns = model.fields.map((field) => ({ name: field.column, kind: kindOfField(field) }));
    tables.push({ name: model.table, key: key.column, serial: key.db_type === 'serial', columns });
    for (const m2m of model.m2m) {
      if (!m2m.auto_through) continue;
      const names = ['id', m2m.source_column, m2m.target_column];
      const between = names.map((name) => ({ name, kind: 'int' }));
      tables.push({ name: m2m.through_table, key: 'id', serial: true, columns: between });
    }
  }
  return tables;
}
