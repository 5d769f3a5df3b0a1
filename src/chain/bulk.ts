/** The terminals that write many rows in one statement. */
import { isArray } from '../meta/kinds.js';
import { planWrite } from '../compile/plan.js';
import { bulkInsertSql, bulkUpdateSql, type Conflict, fieldsOfNames, writableField } from '../compile/write.js';
import { refuse } from '../errors.js';
import { runCount, runRows } from '../execute/run.js';
import { together } from '../execute/transaction.js';
import { toOperand, Value } from '../expressions/base.js';
import { CaseExpression, WhenClause } from '../expressions/case.js';
import { isComputed } from '../expressions/operand.js';
import { Condition, Q } from '../expressions/q.js';
import { column, hasValues, type Instance, keyText, markLoaded, valuesOf } from '../hydrate/instance.js';
import { STATE } from '../meta/held.js';
import type { Field, Model } from '../meta/model.js';
import { Param } from '../meta/param.js';
import { databaseOf } from './context.js';
import type { AsyncQuerySet } from './queryset.js';
import { instancesOf } from './operation.js';
import { loadDeferred } from './prefetch.js';
import { addTo, columnsKey, conflictKey, filledFields, givenFields, readBack } from './row-values.js';
import { onUpdateFields, prepareRelated, saveInstance, touch, touchNew } from './save.js';

export interface BulkCreateOptions {
  readonly batch_size?: number | null;
  readonly ignore_conflicts?: boolean;
  readonly update_conflicts?: boolean;
  readonly update_fields?: readonly string[] | null;
  readonly unique_fields?: readonly string[] | null;
}

function batches<T>(items: readonly T[], size: number | null | undefined): T[][] {
  if (size !== undefined && size !== null && !(Number.isSafeInteger(size) && size > 0))
    refuse('Batch size must be a positive integer.');
  if (!size || items.length <= size) return items.length === 0 ? [] : [[...items]];
  const out: T[][] = [];
  for (let i = 0; i < items.length; i += size) out.push(items.slice(i, i + size));
  return out;
}

function conflictOf(model: Model, options: BulkCreateOptions): Conflict | undefined {
  const { ignore_conflicts, update_conflicts, update_fields, unique_fields } = options;
  if (ignore_conflicts && update_conflicts) refuse('ignore_conflicts and update_conflicts are mutually exclusive.');
  if (ignore_conflicts) return { ignore: true, unique: [], update: [] };
  if (!update_conflicts) {
    if (update_fields?.length || unique_fields?.length)
      refuse('update_fields and unique_fields take update_conflicts: true.');
    return undefined;
  }
  if (!update_fields?.length)
    refuse('Fields that will be updated when a row insertion fails on conflicts must be provided.');
  if (!unique_fields?.length) refuse('Unique fields that can trigger the upsert must be provided.');
  const update = update_fields.map((name) => writableField(model, name));
  if (update.some((f) => f.primaryKey)) refuse('bulk_create() cannot be used with primary keys in update_fields.');
  return { ignore: false, unique: unique_fields.map((name) => writableField(model, name)), update };
}

export async function bulkCreate(
  qs: AsyncQuerySet,
  objects: Iterable<unknown>,
  options: BulkCreateOptions,
): Promise<Instance[]> {
  const { hold } = qs[STATE];
  const { model } = hold;
  const list = instancesOf(model, objects, 'bulk_create');
  const conflict = conflictOf(model, options);
  batches([], options.batch_size);
  if (list.length === 0) return list;
  for (const instance of list) prepareRelated(instance, 'bulk_create');
  await loadDeferred(list, model.fields);
  for (const instance of list) touchNew(instance);
  const db = databaseOf(hold);
  // Rows that leave out different columns are different statements: the database fills in what is left out.
  const groups = new Map<string, Instance[]>();
  const computed: Instance[] = [];
  for (const instance of list) {
    if (valuesOf(instance, model.fields).some(isComputed)) {
      computed.push(instance);
      continue;
    }
    addTo(groups, columnsKey(givenFields(model, instance)), instance);
  }
  const work = [...groups.values()].flatMap((group) => batches(group, options.batch_size));
  const run = async () => {
    for (const batch of work) await insertBatch(qs, batch, conflict);
    for (const instance of computed)
      await saveInstance(instance, { force_insert: true, using: hold.using }, hold.databases, conflict);
  };
  if (work.length + computed.length > 1) await together(db, run);
  else await run();
  return list;
}

async function insertBatch(
  qs: AsyncQuerySet,
  batch: readonly Instance[],
  conflict: Conflict | undefined,
): Promise<void> {
  const { hold } = qs[STATE];
  const { model } = hold;
  const fields = givenFields(model, batch[0] as Instance);
  const returning = conflict?.ignore ? [] : filledFields(model, fields);
  const db = databaseOf(hold);
  if (fields.length === 0) {
    for (const instance of batch)
      await saveInstance(instance, { force_insert: true, using: hold.using }, hold.databases, conflict);
    return;
  }
  const plan = hold.root.plan(`bulk|${columnsKey(fields)}${conflictKey(conflict)}`, () => {
    const params = fields.map(() => new Param());
    return planWrite(params, (places) => bulkInsertSql(model, fields, params, places, returning, conflict));
  });
  const values = fields.map((f) => batch.map((instance) => column(instance, f)));
  if (!plan.statement) return;
  const rows = await runRows(db, plan.statement, values);
  batch.forEach((instance, i) => {
    const row = rows[i];
    if (row && returning.length > 0) readBack(instance, returning, row);
    // Of what was passed over there is no key to know it by.
    if (hasValues(instance, model.primaryKey)) markLoaded(instance, hold.using);
  });
}

export async function bulkUpdate(
  qs: AsyncQuerySet,
  objects: Iterable<unknown>,
  names: readonly string[],
  options: { batch_size?: number | null },
): Promise<number> {
  const { hold, shape } = qs[STATE];
  const { model } = hold;
  if (!isArray(names) || names.length === 0) refuse('Field names must be given to bulk_update().');
  batches([], options.batch_size);
  for (const name of names)
    if (model.members.has(name) && !model.isWritten(name))
      refuse('bulk_update() can only be used with concrete fields.');
  const named = fieldsOfNames(model, names);
  const touched = onUpdateFields(model).filter((f) => !named.includes(f));
  const fields = [...named, ...touched];
  if (fields.some((f) => f.primaryKey)) refuse('bulk_update() cannot be used with primary key fields.');
  const list = instancesOf(model, objects, 'bulk_update');
  if (list.some((i) => i.pk === null || i.pk === undefined))
    refuse('All bulk_update() objects must have a primary key set.');
  if (list.length === 0) return 0;
  for (const instance of list) {
    prepareRelated(instance, 'bulk_update', fields);
    touch(instance, touched);
  }
  await loadDeferred(list, fields);
  const db = databaseOf(hold);
  const work = batches(list, options.batch_size);
  const run = async () => {
    let n = 0;
    for (const batch of work) n += await updateBatch(batch);
    return n;
  };
  const updateBatch = async (batch: readonly Instance[]): Promise<number> => {
    const plain = shape.query.where.empty && !shape.query.isSliced;
    if (!plain || fields.some((f) => batch.some((instance) => isComputed(column(instance, f)))))
      return updateByCase(qs, batch, fields);
    const { keys } = model;
    const all = [...keys, ...fields];
    const plan = hold.root.plan(`bulk_update|${columnsKey(fields)}`, () => {
      const params = all.map(() => new Param());
      return planWrite(params, (places) => bulkUpdateSql(model, keys, fields, params, places));
    });
    // Of two objects with one key the first wins, as the first WHEN of Django's CASE does.
    const unique = new Map<string, Instance>();
    for (const instance of batch) {
      const key = keyText(valuesOf(instance, keys));
      if (!unique.has(key)) unique.set(key, instance);
    }
    const rows = [...unique.values()];
    return runCount(
      db,
      plan.statement,
      all.map((f) => rows.map((instance) => column(instance, f) ?? null)),
    );
  };
  return work.length > 1 ? together(db, run) : run();
}

/** Where values are expressions: CASE WHEN pk = … THEN …, as Django writes it. */
async function updateByCase(qs: AsyncQuerySet, batch: readonly Instance[], fields: readonly Field[]): Promise<number> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const cases = batch.map((instance) => {
      const value = column(instance, field) ?? null;
      const result = isComputed(value) ? toOperand(value) : new Value(value, { output_field: field.type });
      return new WhenClause(new Q([new Condition('pk', instance.pk)]), result);
    });
    values[field.name] = new CaseExpression(cases, toOperand(null), field.type);
  }
  return qs.filter({ pk__in: batch.map((i) => i.pk) }).update(values);
}
