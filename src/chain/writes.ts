/** The terminals that write. */
import { planWrite, type WritePlan } from '../compile/plan.js';
import type { Query } from '../compile/query.js';
import { type Assignment, deleteSql, updateSql, writableField } from '../compile/write.js';
import { IntegrityError, ProtectedError, refuse, refuseName, refuseUndefined } from '../errors.js';
import { runCount } from '../execute/run.js';
import { atomic, BRIEF, inTransaction, together } from '../execute/transaction.js';
import { describe, isComputed } from '../expressions/operand.js';
import { keyName } from '../expressions/q.js';
import type { Instance } from '../hydrate/instance.js';
import { shown } from '../meta/codecs.js';
import type { Model } from '../meta/model.js';
import { STATE } from '../meta/held.js';
import type { Param } from '../meta/param.js';
import { onUpdateFields, saveInstance } from './save.js';
import { NEXT } from './symbols.js';
import { findOne } from './terminals.js';
import type { AsyncQuerySet } from './queryset.js';
import { refuseCombined, refuseSliced, refuseValues } from '../compile/refuse.js';
import { assigned, called, ownColumns, plainValue, resolveAssigned } from './row-values.js';
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
    refuseName(
      `Invalid field name(s) for model ${model.name}: ${invalid.map((n) => `'${n}'`).join(', ')}.`,
      invalid[0] as string,
      model.name,
      model.choices(),
    );
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
      refuse(`'${name}' takes an object, got ${shown(value)}.`);
    return (value ?? undefined) as Record<string, unknown> | undefined;
  });
  return [lookups, ...taken];
}

export async function getOrCreate(qs: AsyncQuerySet, given: Record<string, unknown>): Promise<[Instance, boolean]> {
  const [lookups, defaults = {}] = splitDefaults(given, 'defaults');
  refuseStrangers(qs[STATE].hold.model, defaults);
  const found = (await findOne(qs, [lookups])) as Instance | undefined;
  if (found !== undefined) return [found, false];
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
    const made = inTransaction(db) ? await atomic(db, () => qs.create(values), BRIEF) : await qs.create(values);
    return [made, true];
  } catch (error) {
    if (!(error instanceof IntegrityError)) throw error;
    const found = (await findOne(qs, [lookups])) as Instance | undefined;
    if (found === undefined) throw error;
    return [found, false];
  }
}

export async function updateOrCreate(qs: AsyncQuerySet, given: Record<string, unknown>): Promise<[Instance, boolean]> {
  const { hold, shape } = qs[STATE];
  refuseValues(shape.query, 'update_or_create()');
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
        ? {
            using: hold.using,
            update_fields: [...new Set([...names, ...onUpdateFields(hold.model).map((f) => f.name)])],
          }
        : { using: hold.using },
      hold.databases,
    );
    return [instance, false];
  });
}

export async function update(qs: AsyncQuerySet, given: Record<string, unknown>): Promise<number> {
  const { shape, hold } = qs[STATE];
  const { query } = shape;
  const { model } = hold;
  refuseCombined(query, 'update()');
  refuseSliced(query, 'update a query');
  const all: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => ownColumns(model, name, value)),
  );
  for (const name of Object.keys(all)) {
    if (all[name] === undefined) refuseUndefined(name);
    writableField(model, name);
    all[name] = plainValue(model, name, all[name]);
  }
  const names = Object.keys(all);
  if (names.length === 0) return 0;
  for (const { name, drizzle } of onUpdateFields(model)) if (!names.includes(name)) all[name] = drizzle.onUpdateFn?.();
  const own: unknown[] = [];
  let key = 'update';
  for (const [name, value] of Object.entries(all)) key += `;${keyName(name)}=${describeAssigned(value, name, own)}`;
  // A step of its own, so that the values are checked on every call.
  const resolve = (before: Query) => {
    const params: Param[] = [];
    const target = before.clone();
    target.clearOrdering(true);
    const assignments = Object.entries(all).map(([name, value]) => assigned(model, name, value, params));
    target.valuesMode = undefined;
    pending.set(
      target,
      assignments.map((assignment) => resolveAssigned(target, assignment)),
    );
    return { query: target, params };
  };
  const { shape: step, values } = qs[NEXT]({ key, values: own, resolve })[STATE];
  const plan = step.plan('update', () =>
    planWrite(step.params, (places) => updateSql(step.query, pending.get(step.query) as Assignment[], places)),
  );
  return runCount(databaseOf(hold), plan.statement, values);
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
  if (query.isSliced) refuse("Cannot use 'limit' or 'offset' with delete.");
  if (query.distinct) refuse('Cannot call delete() after .distinct().');
  refuseValues(query, 'delete()');
  const plan: WritePlan = shape.plan('delete', () => {
    const target = query.clone();
    target.clearOrdering(true);
    return planWrite(shape.params, (places) => deleteSql(target, places));
  });
  const n = await asDelete(hold.model, runCount(databaseOf(hold), plan.statement, values));
  return [n, n === 0 ? {} : { [hold.model.name]: n }];
}
