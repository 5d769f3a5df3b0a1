/** Single objects that are asked for in one tick: one statement for all of them, each caller gets its own. */
import { isText } from '../meta/kinds.js';
import { currentDatabase } from '../execute/transaction.js';
import { column, copyInstance, type Instance, keyText } from '../hydrate/instance.js';
import { once } from '../meta/once.js';
import { STATE } from '../meta/held.js';
import type { Field } from '../meta/model.js';
import type { AsyncQuerySet } from './queryset.js';
import { AT } from './symbols.js';

interface Waiting {
  readonly values: readonly unknown[];
  resolve(found: Instance | null): void;
  reject(error: unknown): void;
}

/** Those who wait in this tick, by the database or transaction that they ask. */
const batchesOf = once((_db: object) => new Map<string, Waiting[]>());

/**
 * The row with these values in these columns, or null.
 * @param all all rows of the model
 * @param missing the error where there is no such row
 */
export const loadOne = (
  all: AsyncQuerySet,
  fields: readonly Field[],
  values: readonly unknown[],
  missing?: () => Error,
): Promise<Instance | null> =>
  new Promise((given, reject) => {
    const resolve = missing ? (found: Instance | null) => (found ? given(found) : reject(missing())) : given;
    const { databases, using, root } = all[STATE].hold;
    const ofDatabase = batchesOf(currentDatabase(databases.get(using)));
    let key = String(root.id);
    for (const field of fields) key += `,${field.name}`;
    const open = ofDatabase.get(key);
    if (open) {
      open.push({ values, resolve, reject });
      return;
    }
    const waiting: Waiting[] = [{ values, resolve, reject }];
    ofDatabase.set(key, waiting);
    queueMicrotask(() => {
      ofDatabase.delete(key);
      load(all, fields, waiting);
    });
  });

function load(all: AsyncQuerySet, fields: readonly Field[], waiting: readonly Waiting[]): void {
  try {
    const base = all[STATE].hold.model.ordering.length > 0 ? all.order_by() : all;
    if (waiting.length > 1 && fields.length === 1) {
      loadAll(base, fields[0] as Field, waiting);
      return;
    }
    for (const { values, resolve, reject } of waiting) ask(one(base, fields, values), resolve, reject);
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}

function ask(rows: AsyncQuerySet, resolve: Waiting['resolve'], reject: Waiting['reject']): void {
  rows.eval().then(([row]) => resolve((row as Instance | undefined) ?? null), reject);
}

function one(base: AsyncQuerySet, fields: readonly Field[], values: readonly unknown[]): AsyncQuerySet {
  const filtered = () => {
    const condition: Record<string, unknown> = {};
    for (let i = 0; i < fields.length; i++) condition[(fields[i] as Field).name] = values[i];
    return base.filter(condition);
  };
  const [value] = values;
  if (values.length > 1 || (typeof value !== 'number' && !isText(value))) return filtered();
  // A plain value has the same shape each time: the way to it is found once.
  const shape = base[STATE].shape.plan(`one ${fields[0]?.name} ${typeof value}`, () => filtered()[STATE].shape);
  return base[AT](shape, values);
}

function loadAll(base: AsyncQuerySet, field: Field, waiting: readonly Waiting[]): void {
  const keys = [...new Set(waiting.map((w) => w.values[0]))];
  const distribute = (rows: unknown[]): void => {
    const found = new Map((rows as Instance[]).map((row) => [keyText([column(row, field)]), row] as const));
    const given = new Set<Instance>();
    for (const { values, resolve, reject } of waiting) {
      const row = found.get(keyText(values));
      // Each caller gets an object of its own, as if it had asked alone.
      if (row) resolve(given.has(row) ? copyInstance(row) : row);
      // Whole numbers have one spelling; what else equals a key, a fraction that is cut too, the database says.
      else if (field.type.family === 'integer' && /^(0|-?[1-9]\d*)$/.test(String(values[0]))) resolve(null);
      else ask(one(base, [field], values), resolve, reject);
      if (row) given.add(row);
    }
  };
  base
    .filter({ [`${field.name}__in`]: keys })
    .eval()
    .then(distribute)
    .catch((error: unknown) => {
      for (const { reject } of waiting) reject(error);
    });
}
