/** One instance is saved (Django's Model.save_base). */
import { planWrite, type WritePlan } from '../compile/plan.js';
import type { Statement } from '../compile/compiler.js';
import {
  type Assignment,
  type Conflict,
  insertSql,
  fieldsOfNames,
  updateSql,
  writableFields,
} from '../compile/write.js';
import { Query } from '../compile/query.js';
import { Where } from '../compile/where.js';
import { DatabaseError, refuse } from '../errors.js';
import { runCount, runRows } from '../execute/run.js';
import { toOperand } from '../expressions/base.js';
import { isComputed } from '../expressions/operand.js';
import { Col } from '../expressions/refs.js';
import {
  assignRelated,
  column,
  hasValue,
  hasValues,
  type Instance,
  isSaved,
  Kept,
  originOf,
  markLoaded,
  readCache,
  type SaveOptions,
  setColumn,
  type Using,
  valuesOf,
} from '../hydrate/instance.js';
import { EXACT } from '../lookups/comparison.js';
import { Lookup } from '../lookups/lookup.js';
import type { Field, Model } from '../meta/model.js';
import { MODEL } from '../meta/held.js';
import { once } from '../meta/once.js';
import { Param } from '../meta/param.js';
import type { Shape } from '../state/shape.js';
import type { Databases } from './context.js';
import { loadDeferred } from './prefetch.js';
import {
  assigned,
  columnsKey,
  conflictKey,
  filledFields,
  givenFields,
  readBack,
  resolveAssigned,
} from './row-values.js';

/** Keys of related objects that were saved after they were assigned. */
export function prepareRelated(instance: Instance, method: string, fields?: readonly Field[]): void {
  const model = instance[MODEL];
  for (const key of model.foreignKeys) {
    const kept = readCache(instance, key.name);
    if (!(kept instanceof Kept && kept.object && kept.isOf(instance))) continue;
    if (fields && !key.columns.some((f) => fields.includes(f))) continue;
    if (!isSaved(kept.object, key))
      refuse(`${method}() prohibited to prevent data loss due to unsaved related object '${key.name}'.`);
    assignRelated(instance, model.members.get(key.name) as never, kept.object);
  }
}

/** The columns of `update_fields`. A key is no field to write: it says which row. */
function onlyFields(model: Model, names: readonly string[]): Field[] {
  const isWritable = (name: string): boolean =>
    model.isWritten(name) && !writableFields(model, name).some((field) => field.primaryKey);
  const wrong = names.filter((name) => !isWritable(name));
  if (wrong.length > 0)
    refuse(
      `The following fields do not exist in this model, are m2m fields, or are non-concrete fields: ${wrong.join(', ')}`,
    );
  return fieldsOfNames(model, names);
}

/** The fields that write themselves: Drizzle's `$onUpdate`. */
export const onUpdateFields = once((model: Model): readonly Field[] =>
  model.fields.filter((f) => f.drizzle.onUpdateFn),
);

const generatedFields = once((model: Model): readonly Field[] => model.fields.filter((f) => f.generated));

/** Gives these of them what they write. */
export function touch(instance: Instance, fields: readonly Field[]): void {
  for (const field of fields) setColumn(instance, field, field.drizzle.onUpdateFn?.());
}
/** All of them for a new row, which keeps what it has. */
export function touchNew(instance: Instance): void {
  touch(
    instance,
    onUpdateFields(instance[MODEL]).filter((field) => column(instance, field) === undefined),
  );
}

export async function saveInstance(
  instance: Instance,
  options: SaveOptions,
  databases: Databases,
  conflict?: Conflict,
): Promise<void> {
  const model = instance[MODEL];
  prepareRelated(instance, 'save');
  const state = originOf(instance);
  const using: Using = options.using ?? state.using;
  const db = databases.get(using);
  const { force_insert, force_update, update_fields } = options;
  if (force_insert && (force_update || update_fields)) refuse('Cannot force both insert and updating in model saving.');
  let only = update_fields && onlyFields(model, [...update_fields]);
  if (only && only.length === 0) return;
  if (!state.adding) {
    // Columns that were deferred are not written: the rest is, and that is an UPDATE.
    const deferred = model.fields.filter((f) => column(instance, f) === undefined && !f.generated);
    if (only || deferred.length > 0) {
      const loaded = (only ?? model.fields).filter((f) => !deferred.includes(f) && !f.generated && !f.primaryKey);
      if (only && loaded.length === 0) return;
      if (only || (!force_insert && loaded.length > 0 && databases.get(state.using) === db)) only = loaded;
      // A row of its own, or all of one elsewhere, needs them.
      else await loadDeferred([instance], deferred);
    }
  }
  const keys = model.primaryKey;
  const hasKey = keys.length > 0 && hasValues(instance, keys);
  if (!hasKey && (force_update || only)) refuse('Cannot force an update in save() with no primary key.');
  const made = state.adding && keys.some(({ drizzle }) => (drizzle.defaultFn ?? drizzle.default) !== undefined);
  if (hasKey && !force_insert && !(made && !force_update && !only)) {
    touch(
      instance,
      onUpdateFields(model).filter((field) => only?.includes(field) ?? true),
    );
    const fields =
      only ?? model.fields.filter((f) => !keys.includes(f) && !f.generated && column(instance, f) !== undefined);
    const n = await updateRow(instance, model, fields, db);
    if (n > 0) {
      markLoaded(instance, using);
      return;
    }
    if (force_update) throw new DatabaseError('Forced update did not affect any rows.');
    if (only) throw new DatabaseError('Save with update_fields did not affect any rows.');
  }
  touchNew(instance);
  await insertRow(instance, model, db, conflict);
  markLoaded(instance, using);
}

type Database = ReturnType<Databases['get']>;

/** A plan of one row: kept by its columns, unless the database is to work a value out. */
const rowPlan = (model: Model, key: string, computed: readonly Field[], make: () => WritePlan): WritePlan =>
  computed.length > 0 ? make() : (model.root as Shape<Query>).plan(key, make);

function rowValues(instance: Instance, fields: readonly Field[]): unknown[] {
  const values: unknown[] = [];
  for (const field of fields) {
    if (!hasValue(instance, field)) continue;
    const value = column(instance, field);
    if (isComputed(value)) toOperand(value).collect(values);
    else values.push(value);
  }
  return values;
}

const shapeOf = (instance: Instance, fields: readonly Field[]): string =>
  columnsKey(fields, (field) => column(instance, field));

async function insertRow(
  instance: Instance,
  model: Model,
  db: Database,
  conflict: Conflict | undefined,
): Promise<void> {
  const fields = givenFields(model, instance);
  const computed = computedFields(instance, fields);
  const returning = conflict?.ignore ? [] : [...filledFields(model, fields), ...computed];
  const plan = rowPlan(model, `insert|${shapeOf(instance, fields)}${conflictKey(conflict)}`, computed, () => {
    const params: Param[] = [];
    const assignments = resolveRow(model, fields, instance, params, true);
    return planWrite(params, (places) => insertSql(model, assignments, places, returning, conflict));
  });
  await send(instance, db, plan.statement, rowValues(instance, fields), returning);
}

async function updateRow(instance: Instance, model: Model, fields: readonly Field[], db: Database): Promise<number> {
  const keys = model.primaryKey;
  const written = fields.length > 0 ? fields : keys;
  const computed = computedFields(instance, written);
  const returning = [...generatedFields(model), ...computed];
  const plan = rowPlan(model, `update|${shapeOf(instance, written)}`, computed, () => {
    const params: Param[] = [];
    const assignments = resolveRow(model, written, instance, params, false);
    const query = new Query(model);
    const alias = query.joins.initial(model);
    const matches = keys.map((key) => {
      const param = new Param(column(instance, key));
      params.push(param);
      return new Lookup(new Col(alias, key), param, EXACT);
    });
    query.where = new Where(matches);
    return planWrite(params, (places) => updateSql(query, assignments, places, returning));
  });
  const values = [...rowValues(instance, written), ...valuesOf(instance, keys)];
  return send(instance, db, plan.statement, values, returning);
}

const computedFields = (instance: Instance, fields: readonly Field[]): Field[] =>
  fields.filter((f) => isComputed(column(instance, f)));

/** How many rows were written. What the database worked out is read back (Django 6.0). */
async function send(
  instance: Instance,
  db: Database,
  statement: Statement | undefined,
  values: readonly unknown[],
  returning: readonly Field[],
): Promise<number> {
  if (returning.length === 0) return runCount(db, statement, values);
  const rows = await runRows(db, statement, values);
  if (rows[0]) readBack(instance, returning, rows[0]);
  return rows.length;
}

function resolveRow(
  model: Model,
  fields: readonly Field[],
  instance: Instance,
  params: Param[],
  inserting: boolean,
): Assignment[] {
  const query = new Query(model);
  query.joins.initial(model);
  return fields.map((field) =>
    resolveAssigned(query, assigned(model, field.name, column(instance, field), params), inserting),
  );
}
