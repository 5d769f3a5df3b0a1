/** The terminals that write. */
import { planWrite, type WritePlan } from '../compile/plan.js';
import {
  type Assignment,
  bulkInsertSql,
  bulkUpdateSql,
  type Conflict,
  deleteSql,
  updateSql,
  writableField,
  writableFields,
} from '../compile/write.js';
import { FieldError, IntegrityError, ProtectedError, ValueError } from '../errors.js';
import { runCount, runRows } from '../execute/run.js';
import { atomic, inTransaction, together } from '../execute/transaction.js';
import { toOperand, Value } from '../expressions/base.js';
import { describe, isComputed } from '../expressions/operand.js';
import { CaseExpression, WhenClause } from '../expressions/case.js';
import { Condition, keyName, Q } from '../expressions/q.js';
import { column, type Instance, markLoaded } from '../hydrate/instance.js';
import { shown } from '../meta/codecs.js';
import type { Field, Model } from '../meta/model.js';
import { modelOf, STATE } from '../meta/held.js';
import { Param } from '../meta/param.js';
import { prepareRelated, saveInstance } from './save.js';
import { findOne } from './terminals.js';
import type { AsyncQuerySet } from './queryset.js';
import { listOf, refuseCombined, refuseSliced, refuseValues } from './refuse.js';
import {
  addTo,
  assigned,
  called,
  columnEncoder,
  conflictKey,
  filledFields,
  givenFields,
  namesOf,
  ownColumns,
  plainValue,
  readBack,
  resolveAssigned,
} from './row-values.js';
import { databaseOf } from './context.js';

type InstanceClass = new (values: unknown) => Instance;

export async function create(qs: AsyncQuerySet, values: Record<string, unknown>): Promise<Instance> {
  const { hold } = qs[STATE];
  const instance = new (hold.model.cls as InstanceClass)(values);
  await saveInstance(instance, { force_insert: true, using: hold.using }, hold.databases);
  return instance;
}

/** Lookups that name a field to create with: without `__`. */
function creationValues(
  model: Model,
  lookups: Record<string, unknown>,
  defaults: Record<string, unknown>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(lookups)) if (!key.includes('__')) values[key] = value;
  const out: Record<string, unknown> = { ...values, ...defaults };
  refuseStrangers(model, out);
  for (const name of Object.keys(out)) out[name] = called(out[name]);
  return out;
}

function refuseStrangers(model: Model, values: Record<string, unknown>): void {
  const invalid = Object.keys(values).filter((name) => name !== 'pk' && !model.members.has(name));
  if (invalid.length > 0)
    throw new FieldError(`Invalid field name(s) for model ${model.name}: ${invalid.map((n) => `'${n}'`).join(', ')}.`, {
      model: model.name,
      key: invalid[0] as string,
      choices: model.choices(),
    });
}

function splitDefaults(
  values: Record<string, unknown>,
  ...names: string[]
): [Record<string, unknown>, ...(Record<string, unknown> | undefined)[]] {
  const lookups = { ...values };
  const taken = names.map((name) => {
    const value = lookups[name];
    delete lookups[name];
    if (value !== undefined && value !== null && typeof value !== 'object')
      throw new ValueError(`'${name}' takes an object, got ${shown(value)}.`);
    return (value ?? undefined) as Record<string, unknown> | undefined;
  });
  return [lookups, ...taken];
}

export async function getOrCreate(qs: AsyncQuerySet, given: Record<string, unknown>): Promise<[Instance, boolean]> {
  const { hold } = qs[STATE];
  const [lookups, defaults = {}] = splitDefaults(given, 'defaults');
  refuseStrangers(hold.model, defaults);
  const found = (await findOne(qs, [lookups])) as Instance | undefined;
  if (found) return [found, false];
  return createOrGet(qs, lookups, defaults);
}

/** Creates; where another caller was faster, gives what it created. */
async function createOrGet(
  qs: AsyncQuerySet,
  lookups: Record<string, unknown>,
  defaults: Record<string, unknown>,
): Promise<[Instance, boolean]> {
  const { hold } = qs[STATE];
  const db = databaseOf(hold);
  const values = creationValues(hold.model, lookups, defaults);
  try {
    // Inside a transaction a failed INSERT would break it: a savepoint keeps it whole.
    const made = inTransaction(db) ? await atomic(db, () => qs.create(values)) : await qs.create(values);
    return [made, true];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const found = (await findOne(qs, [lookups])) as Instance | undefined;
    if (!found) throw error;
    return [found, false];
  }
}

export async function updateOrCreate(qs: AsyncQuerySet, given: Record<string, unknown>): Promise<[Instance, boolean]> {
  const { hold } = qs[STATE];
  const [lookups, defaults = {}, createDefaults] = splitDefaults(given, 'defaults', 'create_defaults');
  refuseStrangers(hold.model, defaults);
  if (createDefaults) refuseStrangers(hold.model, createDefaults);
  const db = databaseOf(hold);
  return together(db, async () => {
    const [instance, created] = await getOrCreate(qs.select_for_update(), {
      ...lookups,
      defaults: createDefaults ?? defaults,
    });
    if (created) return [instance, true];
    const names = Object.keys(defaults);
    const record = instance as unknown as Record<string, unknown>;
    for (const name of names) record[name] = called(defaults[name]);
    const writable = names.every((n) => n !== 'pk' && !hold.model.field(n).primaryKey);
    await saveInstance(
      instance,
      writable && names.length > 0
        ? { using: hold.using, update_fields: [...new Set([...names, ...onUpdate(hold.model)])] }
        : { using: hold.using },
      hold.databases,
    );
    return [instance, false];
  });
}

/** The fields that write themselves on every update. */
export function onUpdate(model: Model): string[] {
  return model.fields.filter((f) => f.drizzle.onUpdateFn !== undefined).map((f) => f.name);
}

export async function update(qs: AsyncQuerySet, given: Record<string, unknown>): Promise<number> {
  const { shape, values, hold } = qs[STATE];
  const { query } = shape;
  const { model } = hold;
  refuseCombined(query, 'update()');
  refuseSliced(query, 'update a query');
  if (query.distinctFields.length > 0) throw new ValueError('Cannot call update() after .distinct(*fields).');
  const all: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => ownColumns(model, name, value)),
  );
  for (const name of Object.keys(all)) {
    if (all[name] === undefined)
      throw new ValueError(`'${name}' is undefined. Use null for NULL, or leave the key out.`);
    writableField(model, name);
    all[name] = plainValue(model, name, all[name]);
  }
  const names = Object.keys(all);
  if (names.length === 0) return 0;
  for (const name of onUpdate(model)) if (!names.includes(name)) all[name] = model.field(name).drizzle.onUpdateFn?.();
  const own: unknown[] = [];
  let key = 'update';
  for (const [name, value] of Object.entries(all)) key += `;${keyName(name)}=${describeAssigned(value, name, own)}`;
  // A step of its own, so that the values are checked on every call.
  const step = shape.next(key, own, (before) => {
    const params: Param[] = [];
    const target = before.clone();
    target.clearOrdering(true);
    const assignments = Object.entries(all).map(([name, value]) => assigned(model, name, value, params));
    target.rowMode = { kind: 'instance' };
    pending.set(
      target,
      assignments.map((assignment) => resolveAssigned(target, assignment)),
    );
    return { query: target, params };
  });
  const plan = step.plan('update', () =>
    planWrite(step.params, (places) => updateSql(step.query, pending.get(step.query) as Assignment[], places)),
  );
  if (!plan.statement) return 0;
  return runCount(databaseOf(hold), plan.statement, [...values, ...own]);
}

/** A row that others still point to is protected: PROTECT and RESTRICT are the database's own refusal. */
async function asDelete<T>(model: Model, run: Promise<T>): Promise<T> {
  try {
    return await run;
  } catch (error) {
    if (!(error instanceof IntegrityError) || (error.code !== '23001' && error.code !== '23503')) throw error;
    const { table, table_name } = (error.cause ?? {}) as { table?: string; table_name?: string };
    // A default that points nowhere (ON DELETE SET DEFAULT) is another matter.
    const isDefault = [...model.members.values()].some(
      (m) => m.kind === 'reverse' && m.target.tableName === (table ?? table_name) && m.key?.onDelete === 'set default',
    );
    if (isDefault) throw error;
    const { message, cause, code, constraint } = error;
    throw new ProtectedError(message, { cause, code, ...(constraint === undefined ? {} : { constraint }) });
  }
}

/** The resolved assignments of an UPDATE's shape. */
const pending = new WeakMap<object, Assignment[]>();

/** Kinds of assigned values: everything that is given is one place. */
function describeAssigned(value: unknown, name: string, values: unknown[]): string {
  if (value === null) return 'n';
  if (isComputed(value)) return describe(value, name, values);
  values.push(value);
  return 'v';
}

export async function remove(qs: AsyncQuerySet): Promise<[number, Record<string, number>]> {
  const { shape, values, hold } = qs[STATE];
  const { query } = shape;
  refuseCombined(query, 'delete()');
  if (query.isSliced) throw new ValueError("Cannot use 'limit' or 'offset' with delete.");
  if (query.distinct) throw new ValueError('Cannot call delete() after .distinct().');
  refuseValues(query, 'delete()');
  const plan: WritePlan = shape.plan('delete', () => {
    const target = query.clone();
    target.clearOrdering(true);
    return planWrite(shape.params, (places) => deleteSql(target, places));
  });
  if (!plan.statement) return [0, {}];
  const n = await asDelete(hold.model, runCount(databaseOf(hold), plan.statement, values));
  return [n, n === 0 ? {} : { [hold.model.name]: n }];
}

// ---- in bulk -----------------------------------------------------------------------------------------------------

export interface BulkCreateOptions {
  readonly batch_size?: number | null;
  readonly ignore_conflicts?: boolean;
  readonly update_conflicts?: boolean;
  readonly update_fields?: readonly string[] | null;
  readonly unique_fields?: readonly string[] | null;
}

function batches<T>(items: readonly T[], size: number | null | undefined): T[][] {
  if (size !== undefined && size !== null && !(Number.isSafeInteger(size) && size > 0))
    throw new ValueError('Batch size must be a positive integer.');
  if (!size || items.length <= size) return items.length === 0 ? [] : [[...items]];
  const out: T[][] = [];
  for (let i = 0; i < items.length; i += size) out.push(items.slice(i, i + size));
  return out;
}

function instancesOf(model: Model, objects: Iterable<unknown>, method: string): Instance[] {
  const list = listOf(objects, `${method}() takes a list of ${model.name} instances`);
  for (const object of list) {
    if (modelOf(object) !== model)
      throw new ValueError(`${method}() takes ${model.name} instances, got ${shown(object)}.`);
  }
  return list as Instance[];
}

function conflictOf(model: Model, options: BulkCreateOptions): Conflict | undefined {
  const { ignore_conflicts = false, update_conflicts = false, update_fields, unique_fields } = options;
  if (ignore_conflicts && update_conflicts)
    throw new ValueError('ignore_conflicts and update_conflicts are mutually exclusive.');
  if (ignore_conflicts) return { ignore: true, unique: [], update: [] };
  if (!update_conflicts) {
    if (update_fields?.length || unique_fields?.length)
      throw new ValueError('update_fields and unique_fields take update_conflicts: true.');
    return undefined;
  }
  if (!update_fields?.length)
    throw new ValueError('Fields that will be updated when a row insertion fails on conflicts must be provided.');
  if (!unique_fields?.length) throw new ValueError('Unique fields that can trigger the upsert must be provided.');
  const update = update_fields.map((name) => writableField(model, name));
  if (update.some((f) => f.primaryKey))
    throw new ValueError('bulk_create() cannot be used with primary keys in update_fields.');
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
  const db = databaseOf(hold);
  // Rows that leave out different columns are different statements: the database fills in what is left out.
  const groups = new Map<string, Instance[]>();
  const computed: Instance[] = [];
  for (const instance of list) {
    if (model.fields.some((f) => isComputed(column(instance, f)))) {
      computed.push(instance);
      continue;
    }
    addTo(groups, namesOf(givenFields(model, instance)), instance);
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
      await saveInstance(instance, { force_insert: true, using: hold.using }, hold.databases);
    return;
  }
  const plan = hold.root.plan(`bulk|${namesOf(fields)}|${conflictKey(conflict)}`, () => {
    const params = fields.map(() => new Param(undefined));
    return planWrite(params, (places) =>
      bulkInsertSql(model, fields, params, places, fields.map(columnEncoder), returning, conflict),
    );
  });
  const values = fields.map((f) => batch.map((instance) => column(instance, f)));
  if (!plan.statement) return;
  const rows = await runRows(db, plan.statement, values);
  batch.forEach((instance, i) => {
    markLoaded(instance, hold.using);
    const row = rows[i];
    if (row && returning.length > 0) readBack(instance, returning, row);
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
  if (!Array.isArray(names) || names.length === 0) throw new ValueError('Field names must be given to bulk_update().');
  batches([], options.batch_size);
  const fields = Array.from(names, (name) => {
    const member = model.members.get(name);
    if (member && member.kind !== 'field' && member.kind !== 'forward')
      throw new ValueError('bulk_update() can only be used with concrete fields.');
    return writableFields(model, name);
  }).flat();
  if (fields.some((f) => f.primaryKey)) throw new ValueError('bulk_update() cannot be used with primary key fields.');
  const list = instancesOf(model, objects, 'bulk_update');
  if (list.some((i) => i.pk === null || i.pk === undefined))
    throw new ValueError('All bulk_update() objects must have a primary key set.');
  if (list.length === 0) return 0;
  for (const instance of list) prepareRelated(instance, 'bulk_update', fields);
  const db = databaseOf(hold);
  const work = batches(list, options.batch_size);
  const run = async () => {
    let n = 0;
    for (const batch of work) n += await updateBatch(batch);
    return n;
  };
  const updateBatch = async (batch: readonly Instance[]): Promise<number> => {
    if (batch.some((instance) => fields.some((f) => isComputed(column(instance, f)))))
      return updateByCase(qs, batch, fields);
    const plain = shape.query.where.empty && !shape.query.isSliced;
    if (!plain) return updateByCase(qs, batch, fields);
    const { keys } = model;
    const all = [...keys, ...fields];
    const plan = hold.root.plan(`bulk_update|${namesOf(fields)}`, () => {
      const params = all.map(() => new Param(undefined));
      return planWrite(params, (places) => bulkUpdateSql(model, keys, fields, params, places, all.map(columnEncoder)));
    });
    if (!plan.statement) return 0;
    // The last of two objects with one key wins, as it does in Django's CASE only for the first: keys are unique here.
    const unique = new Map(batch.map((instance) => [[instance.pk].flat().join('\0'), instance] as const));
    return runCount(
      db,
      plan.statement,
      all.map((f) => [...unique.values()].map((instance) => column(instance, f) ?? null)),
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
