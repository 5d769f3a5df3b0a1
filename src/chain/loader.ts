/** Single objects that are asked for in one tick: one statement for all of them, each caller gets its own. */
import type { Instance, Using } from '../hydrate/instance.js';
import { column, copyInstance } from '../hydrate/instance.js';
import type { Field, Model } from '../meta/model.js';
import { STATE } from '../meta/held.js';
import { currentDatabase } from '../execute/transaction.js';
import { relatedQuerySet } from './prefetch.js';

interface Waiting {
  readonly values: readonly unknown[];
  resolve(found: Instance | null): void;
  reject(error: unknown): void;
}

interface Batch {
  readonly waiting: Waiting[];
}

/** Batches of this tick, by the database or transaction that they go to. */
const batches = new WeakMap<object, Map<string, Batch>>();

/** The row of a model with these values in these columns, or null. */
export function loadOne(
  model: Model,
  fields: readonly Field[],
  values: readonly unknown[],
  using: Using,
): Promise<Instance | null> {
  return new Promise((resolve, reject) => {
    const { databases } = relatedQuerySet(model, using)[STATE].hold;
    const db = currentDatabase(databases.get(using));
    let ofDatabase = batches.get(db);
    if (!ofDatabase) batches.set(db, (ofDatabase = new Map()));
    const key = `${model.name}|${model.sqlName}|${fields.map((f) => f.name).join()}`;
    const open = ofDatabase.get(key);
    const waiting: Waiting = { values, resolve, reject };
    if (open) {
      open.waiting.push(waiting);
      return;
    }
    const batch: Batch = { waiting: [waiting] };
    ofDatabase.set(key, batch);
    queueMicrotask(() => {
      ofDatabase.delete(key);
      void load(model, fields, using, batch.waiting);
    });
  });
}

const mark = (value: unknown): string => (value instanceof Date ? `d${value.getTime()}` : String(value));

async function load(
  model: Model,
  fields: readonly Field[],
  using: Using,
  waiting: readonly Waiting[],
): Promise<void> {
  try {
    let base = relatedQuerySet(model, using);
    if (model.ordering.length > 0) base = base.order_by();
    const [field] = fields as [Field];
    if (waiting.length === 1 || fields.length > 1) {
      for (const { values, resolve } of waiting) {
        const [row] = await base.filter(Object.fromEntries(fields.map((f, i) => [f.name, values[i]]))).eval();
        resolve((row as Instance | undefined) ?? null);
      }
      return;
    }
    const keys = [...new Set(waiting.map((w) => w.values[0]))];
    const rows = (await base.filter({ [`${field.name}__in`]: keys }).eval()) as Instance[];
    const found = new Map(rows.map((row) => [mark(column(row, field)), row] as const));
    const given = new Set<Instance>();
    for (const { values, resolve } of waiting) {
      const row = found.get(mark(values[0])) ?? null;
      // Each caller gets an object of its own, as if it had asked alone.
      resolve(row && given.has(row) ? copyInstance(row) : row);
      if (row) given.add(row);
    }
  } catch (error) {
    for (const { reject } of waiting) reject(error);
  }
}
