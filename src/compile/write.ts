/** INSERT, UPDATE and DELETE. */
import { refuseName } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { Col, keyRow } from '../expressions/refs.js';
import { QueryExpression } from '../expressions/subquery.js';
import { IN } from '../lookups/comparison.js';
import { Lookup } from '../lookups/lookup.js';
import { listLiteral } from '../meta/codecs.js';
import { castOfParam, isJson } from '../meta/field-type.js';
import { type Field, type Model, quote } from '../meta/model.js';
import { once } from '../meta/once.js';
import type { Param } from '../meta/param.js';
import type { Compiler, Encode, Places } from './compiler.js';
import { writeOr } from '../expressions/empty.js';
import { Query } from './query.js';
import { SelectCompiler } from './select.js';
import { addFields, groupByModel } from './values.js';
import { Where } from './where.js';

/** A value to write: a place, an expression, or NULL. */
export type Assigned = Param | Expression | null;

const isExpression = (value: Assigned): value is Expression => value !== null && 'sql' in value;

export interface Assignment {
  readonly field: Field;
  readonly value: Assigned;
}

function written(compiler: Compiler, { field, value }: Assignment): string {
  if (value === null) return 'NULL';
  if (!isExpression(value)) {
    const place = compiler.param(value, field.type.encode);
    return isJson(field.type) ? place + castOfParam(field.type) : place;
  }
  const sql = compiler.value(value);
  return value.isLiteral && value.output?.family !== field.type.family ? `(${sql})::${field.type.base}` : sql;
}

/** The rows that a condition leaves: on the table itself, or by key where joins or groups are needed. */
function restrict(query: Query, places: Places): { where: string; compiler: Compiler } {
  const { joins } = query;
  const single =
    [...joins.map.keys()].every((alias) => alias === joins.base || joins.count(alias) === 0) &&
    query.groupBy === undefined &&
    !query.isSliced &&
    !query.distinct &&
    !query.combined &&
    !query.where.containsOver &&
    query.extraTables.length === 0;
  const target = single ? query : byKey(query);
  const compiler = new SelectCompiler(target, places);
  const where = writeOr(() => ` WHERE ${target.where.sql(compiler)}`, { full: '' });
  return { where, compiler };
}

function byKey(query: Query): Query {
  const { model } = query;
  const inner = query.clone();
  inner.clearOrdering();
  inner.forUpdate = undefined;
  groupByModel(inner);
  inner.clearSelect();
  addFields(
    inner,
    model.keys.map((f) => f.name),
  );
  const outer = new Query(model);
  const alias = outer.joins.initial(model);
  const row = keyRow(model.keys.map((f) => new Col(alias, f)));
  outer.where = new Where([new Lookup(row, new QueryExpression(inner.asSubquery(outer)), IN)]);
  return outer;
}

/** `UPDATE … SET …`; `columns` are bare names, as SET wants them. */
export function updateSql(
  query: Query,
  assignments: readonly Assignment[],
  places: Places,
  returning: readonly Field[] = [],
): string {
  const { where, compiler } = restrict(query, places);
  const sets = assignments.map((a) => `${quote(a.field.column)} = ${written(compiler, a)}`);
  return `UPDATE ${query.model.sqlName} SET ${sets.join(', ')}${where}${returningSql(query.model, returning)}`;
}

export function deleteSql(query: Query, places: Places): string {
  const { where } = restrict(query, places);
  return `DELETE FROM ${query.model.sqlName}${where}`;
}

const returningSql = (model: Model, fields: readonly Field[]): string =>
  fields.length === 0
    ? ''
    : ` RETURNING ${fields.map((f) => `${quote(model.tableName)}.${quote(f.column)}${f.type.family === 'array' ? '::text' : ''}`).join(', ')}`;

export interface Conflict {
  readonly ignore: boolean;
  readonly unique: readonly Field[];
  readonly update: readonly Field[];
}

function conflictSql(conflict: Conflict | undefined): string {
  if (!conflict) return '';
  if (conflict.ignore) return ' ON CONFLICT DO NOTHING';
  const sets = conflict.update.map((f) => `${quote(f.column)} = EXCLUDED.${quote(f.column)}`);
  return ` ON CONFLICT (${conflict.unique.map((f) => quote(f.column)).join(', ')}) DO UPDATE SET ${sets.join(', ')}`;
}

/** One row. */
export function insertSql(
  model: Model,
  assignments: readonly Assignment[],
  places: Places,
  returning: readonly Field[],
  conflict?: Conflict,
): string {
  const compiler = new SelectCompiler(new Query(model), places);
  const into = model.sqlName;
  const back = returningSql(model, returning);
  if (assignments.length === 0) return `INSERT INTO ${into} DEFAULT VALUES${conflictSql(conflict)}${back}`;
  const columns = assignments.map((a) => quote(a.field.column)).join(', ');
  const values = assignments.map((a) => written(compiler, a)).join(', ');
  return `INSERT INTO ${into} (${columns}) VALUES (${values})${conflictSql(conflict)}${back}`;
}

/** How a column's values go into one array parameter, and come out as rows again. */
function arrayColumn(field: Field): { cast: string; back: string } {
  const { type } = field;
  // An array of arrays would be one rectangular array: each row's array goes as its text.
  if (type.family === 'array' || type.family === 'json' || type.family === 'other' || type.family === 'range')
    return { cast: 'text[]', back: `::${type.base === 'text' ? type.sql : type.base}` };
  return { cast: `${type.base}[]`, back: '' };
}

/** The values of one column of many rows, as one array parameter. */
export const columnEncoder = once(
  ({ type }: Field): Encode =>
    (values) =>
      listLiteral(values as unknown[], type.encode),
);

/** Rows `d` of the columns c0, c1, …, of one array parameter each. */
function unnest(
  fields: readonly Field[],
  arrays: readonly Param[],
  places: Places,
): { rows: string; names: string; values: string[] } {
  const columns = fields.map(arrayColumn);
  const lists = fields.map((f, i) => `${places.mark(arrays[i] as Param, columnEncoder(f))}::${columns[i]?.cast}`);
  return {
    rows: `FROM unnest(${lists.join(', ')})`,
    names: columns.map((_, i) => `c${i}`).join(', '),
    values: columns.map(({ back }, i) => `d.c${i}${back}`),
  };
}

/** Many rows in one statement and one shape: a parameter a column, whatever the number of rows. */
export function bulkInsertSql(
  model: Model,
  fields: readonly Field[],
  arrays: readonly Param[],
  places: Places,
  returning: readonly Field[],
  conflict?: Conflict,
): string {
  const { rows, names, values } = unnest(fields, arrays, places);
  return (
    `INSERT INTO ${model.sqlName} (${fields.map((f) => quote(f.column)).join(', ')}) SELECT ${values.join(', ')} ` +
    `${rows} WITH ORDINALITY AS d(${names}, n) ORDER BY d.n${conflictSql(conflict)}${returningSql(model, returning)}`
  );
}

/** Different values for many rows, in one statement. */
export function bulkUpdateSql(
  model: Model,
  keys: readonly Field[],
  fields: readonly Field[],
  arrays: readonly Param[],
  places: Places,
): string {
  const { rows, names, values } = unnest([...keys, ...fields], arrays, places);
  const sets = fields.map((f, i) => `${quote(f.column)} = ${values[i + keys.length]}`);
  const same = keys.map((f, i) => `${quote(model.tableName)}.${quote(f.column)} = ${values[i]}`);
  return `UPDATE ${model.sqlName} SET ${sets.join(', ')} ${rows} AS d(${names}) WHERE ${same.join(' AND ')}`;
}

/** The fields that a written name means: a column, or those of a forward relation. */
export function writableFields(model: Model, name: string, single = false): readonly Field[] {
  const member = name === 'pk' ? model.pk : model.members.get(name);
  const fields =
    name === 'pk'
      ? model.keys
      : member?.kind === 'field'
        ? [member]
        : member?.kind === 'forward'
          ? member.key?.columns
          : undefined;
  if (fields && !(single && fields.length > 1)) return fields;
  if (member)
    refuseName(
      `Cannot update model field '${model.name}.${name}' (only non-relations and foreign keys permitted).`,
      name,
      model.name,
    );
  return [model.field(name)];
}

/** The columns of these names, each once: a relation may be named beside its own column. */
export const fieldsOfNames = (model: Model, names: readonly string[]): Field[] => [
  ...new Set([...names].flatMap((name) => writableFields(model, name))),
];

/** The one field that a written name means. */
export const writableField = (model: Model, name: string): Field => writableFields(model, name, true)[0] as Field;
