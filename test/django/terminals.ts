// The calls that ask the database, each with its answer in the canonical encoding.
import type { Call, Json, Query } from './ast.js';
import { conditions, expressionArguments } from './chain.js';
import { type Context, call, MissingAttribute, modelClass } from './context.js';
import { encodeValue } from './encode.js';
import { toField, toFields, toLookups, toOrderKey, toValue } from './expressions.js';
import { fetchParts } from './fetch.js';
import { emptyScope, kindOfPath, type Rows } from './kinds.js';
import { encodeAggregate, encodeInstance, encodeRow, type Reading } from './rows.js';
import { fieldOf, kindOfField } from './schema.js';

/** The statements that were sent, as Django counts them. */
export interface Counter {
  sent(): number;
  leaveOut(statements: number): void;
}

/** What a terminal is asked of: a queryset in a box, for it must not be awaited by chance. */
export interface Asked {
  context: Context;
  queryset: { value: any };
  rows: Rows;
  reading: Reading;
  counter: Counter;
}

export interface Answered {
  /** What JavaScript got, for the steps that follow. */
  value: any;
  result: Json;
}

type Terminal = (asked: Asked, argument: any) => Promise<Answered>;

const plain = (value: any): Answered => ({ value, result: value ?? null });

function oneRow(asked: Asked, value: any): Answered {
  return { value, result: encodeRow(asked.reading, asked.rows, value) };
}

function allRows(asked: Asked, value: any[]): Answered {
  return { value, result: value.map((row) => encodeRow(asked.reading, asked.rows, row)) };
}

async function collected(iterable: AsyncIterable<unknown>): Promise<unknown[]> {
  const rows: unknown[] = [];
  for await (const row of iterable) rows.push(row);
  return rows;
}

function trailing(keywords: Record<string, unknown>): [] | [Record<string, unknown>] {
  const given = Object.entries(keywords).filter(([, value]) => value !== undefined && value !== null);
  return given.length > 0 ? [Object.fromEntries(given)] : [];
}

function lookedUp(name: string): Terminal {
  return async (asked, argument) => {
    const args = conditions(asked.context, argument, asked.rows.scope);
    return oneRow(asked, await call(asked.queryset.value, name, ...args));
  };
}

function byFields(name: string): Terminal {
  return async (asked, argument) => {
    const keys = (argument ?? []).map((key: Json) => toOrderKey(asked.context, key, asked.rows.scope));
    return oneRow(asked, await call(asked.queryset.value, name, ...keys));
  };
}

function answering(name: string): Terminal {
  return async (asked) => plain(await call(asked.queryset.value, name));
}

function single(name: string): Terminal {
  return async (asked) => oneRow(asked, await call(asked.queryset.value, name));
}

function orCreate(name: string): Terminal {
  return async (asked, { kwargs = {}, defaults, ...more }) => {
    const { context, rows } = asked;
    const written = (values: any) => toFields(context, rows.scope.model!, values, rows.scope);
    const keywords = {
      ...toLookups(context, kwargs, rows.scope),
      ...(defaults ? { defaults: written(defaults) } : {}),
      ...(more.create_defaults ? { create_defaults: written(more.create_defaults) } : {}),
    };
    const [instance, created] = await call(asked.queryset.value, name, keywords);
    return { value: instance, result: [encodeInstance(asked.reading, instance), created] };
  };
}

/** Objects that a related manager is given: instances, keys or what else the question puts there. */
function objects(asked: Asked, values: Json[]): unknown[] {
  const kind = asked.rows.scope.model ? kindOfPath(asked.rows.scope, 'pk') : 'unknown';
  return values.map((value) => toValue(asked.context, value, kind, asked.rows.scope));
}

function relatingOptions(asked: Asked, { through_defaults, ...keywords }: any): Record<string, unknown> {
  if (!through_defaults) return keywords;
  return { ...keywords, through_defaults: toLookups(asked.context, through_defaults, emptyScope(undefined)) };
}

function relating(name: string): Terminal {
  return async (asked, argument = {}) => {
    const { args = [], ...keywords } = argument;
    await call(asked.queryset.value, name, ...objects(asked, args), ...trailing(relatingOptions(asked, keywords)));
    return plain(null);
  };
}

function rangeOf(argument: [number | null, number | null, number | null]): [unknown[], number] {
  const [start, stop, step] = argument;
  return [[start ?? 0, ...(stop === null ? [] : [stop])], step ?? 1];
}

const terminals: Record<string, Terminal> = {
  eval: async (asked) => allRows(asked, await asked.queryset.value),
  count: answering('count'),
  exists: answering('exists'),
  len: async (asked) => plain((await asked.queryset.value).length),
  bool: async (asked) => plain((await asked.queryset.value).length > 0),
  first: single('first'),
  last: single('last'),
  get: lookedUp('get'),
  latest: byFields('latest'),
  earliest: byFields('earliest'),
  in_bulk: async (asked, argument = {}) => {
    const { ids, field_name } = argument ?? {};
    const { context, rows } = asked;
    const kind = kindOfPath(rows.scope, field_name ?? 'pk');
    const wanted = ids ? [toValue(context, ids, kind, rows.scope)] : field_name ? [undefined] : [];
    const found: Map<unknown, unknown> = await call(
      asked.queryset.value,
      'in_bulk',
      ...wanted,
      ...trailing({ field_name }),
    );
    const entries = [...found].map(([key, row]): Json => [encodeValue(key, kind), encodeRow(asked.reading, rows, row)]);
    return { value: found, result: { $map: entries } };
  },
  aggregate: async (asked, argument) => {
    const args = expressionArguments(asked.context, argument, asked.rows.scope);
    const value = await call(asked.queryset.value, 'aggregate', ...args);
    return { value, result: encodeAggregate(asked.rows, argument, value) };
  },
  iterator: async (asked, argument) => {
    const before = asked.counter.sent();
    const rows = await collected(call(asked.queryset.value, 'iterator', ...trailing(argument ?? {})));
    // Django's record of statements has none for a server-side cursor.
    if (asked.counter.sent() > before) asked.counter.leaveOut(1);
    return allRows(asked, rows);
  },
  index: async (asked, index) => oneRow(asked, await call(asked.queryset.value, 'item', index)),
  getslice: async (asked, argument) => {
    const [range, step] = rangeOf(argument);
    const rows: any[] = await call(asked.queryset.value, 'slice', ...range);
    // Python takes every step-th row of what the slice gave, from its end where the step is negative.
    const inOrder = step < 0 ? [...rows].reverse() : rows;
    return allRows(
      asked,
      inOrder.filter((_, index) => index % Math.abs(step) === 0),
    );
  },
  // Python's `in`: it goes through the rows, and the queryset keeps them.
  contains: async (asked, argument) => {
    const wanted = toValue(asked.context, argument, 'unknown', asked.rows.scope);
    const rows: any[] = await asked.queryset.value;
    return plain(rows.some((row) => typeof row?.equals === 'function' && row.equals(wanted)));
  },
  explain: async (asked, argument) => {
    const plan = await call(asked.queryset.value, 'explain', ...trailing(argument ?? {}));
    return { value: plan, result: { $type: typeof plan } };
  },
  ordered: async (asked) => plain(asked.queryset.value.ordered),
  db: async (asked) => plain(asked.queryset.value.db),
  seq: async (asked, steps: Call[]) => {
    const results: Json[] = [];
    let value: any;
    for (const step of steps) {
      const before = asked.counter.sent();
      const answered = await runTerminal(asked, step);
      value = answered.value;
      results.push([answered.result, asked.counter.sent() - before]);
    }
    return { value, result: results };
  },
  create: async (asked, fields) => {
    const { context, rows, reading } = asked;
    const instance = await call(
      asked.queryset.value,
      'create',
      toFields(context, rows.scope.model!, fields ?? {}, rows.scope),
    );
    return { value: instance, result: encodeInstance(reading, instance) };
  },
  get_or_create: orCreate('get_or_create'),
  update_or_create: orCreate('update_or_create'),
  bulk_create: async (asked, { rows: given, ...keywords }) => {
    const { context, rows, reading } = asked;
    const model = modelClass(context, rows.scope.model!);
    const made = given.map((row: any) => new model(toFields(context, rows.scope.model!, row, rows.scope)));
    const value: any[] = await call(asked.queryset.value, 'bulk_create', made, ...trailing(keywords));
    return { value, result: value.map((instance) => encodeInstance(reading, instance)) };
  },
  bulk_update: async (asked, { set, fields, ...keywords }) => {
    const { context, rows } = asked;
    const model = rows.scope.model!;
    const instances: any[] = await asked.queryset.value;
    const kind = kindOfPath(rows.scope, 'pk');
    const keyOf = (key: unknown) => JSON.stringify(encodeValue(key, kind));
    const changed: any[] = [];
    for (const [key, values] of set as [Json, Record<string, Json>][]) {
      const wanted = keyOf(toValue(context, key, kind, rows.scope));
      const instance = instances.find((one) => keyOf(one.pk) === wanted);
      if (!instance) continue;
      for (const [name, value] of Object.entries(values)) {
        instance[name] = toField(context, model, name, value, rows.scope);
      }
      changed.push(instance);
    }
    await call(modelClass(context, model).aobjects, 'bulk_update', changed, fields, ...trailing(keywords));
    return plain(null);
  },
  update: async (asked, fields) => {
    const { context, rows } = asked;
    const entries = Object.entries(fields as Record<string, Json>).map(([name, value]) => {
      const field = fieldOf(rows.scope.model!, name);
      return [name, toValue(context, value, field ? kindOfField(field) : 'unknown', rows.scope)];
    });
    return plain(await call(asked.queryset.value, 'update', Object.fromEntries(entries)));
  },
  delete: async (asked) => deleted(await call(asked.queryset.value, 'delete')),
  add: relating('add'),
  remove: relating('remove'),
  clear: async (asked, argument) => {
    await call(asked.queryset.value, 'clear', ...trailing(argument ?? {}));
    return plain(null);
  },
  set: async (asked, { objs, ...keywords }) => {
    await call(asked.queryset.value, 'set', objects(asked, objs), ...trailing(relatingOptions(asked, keywords)));
    return plain(null);
  },
};

export const terminalNames = Object.keys(terminals);

export function deleted([total, byModel]: [number, Record<string, number>]): Answered {
  return { value: total, result: [total, { $row: byModel }] };
}

/** Asks one question of a queryset, after fetching what the question mentions. */
export async function runTerminal(asked: Asked, [name, argument]: Call): Promise<Answered> {
  const terminal = terminals[name];
  if (!terminal) throw new Error(`No terminal is named ${name}.`);
  if (name !== 'seq') await fetchParts(asked.context, argument, asked.rows.scope);
  if (asked.queryset.value === null || asked.queryset.value === undefined) {
    throw new MissingAttribute(`${asked.queryset.value} has no ${name}().`);
  }
  return terminal(asked, argument);
}

const writing = new Set<string | undefined>(
  'create get_or_create update_or_create bulk_create bulk_update update delete add remove clear set save'.split(' '),
);

/** Whether a query writes: then it runs in a transaction that is rolled back. */
export function isWriting(query: Query): boolean {
  if (query.script) return true;
  const steps = (query.then ?? []).map(([name, , , terminal]) => {
    if (name === 'manager') return terminal?.[0];
    // The step of this name sets an attribute.
    return name === 'set' ? undefined : name;
  });
  return [query.terminal?.[0], ...steps].some((name) => writing.has(name));
}
