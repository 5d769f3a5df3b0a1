// What is done with an instance after a terminal gave it: `then`.
import type { Call, Json } from './ast.js';
import { applyCall } from './chain.js';
import { type Context, call } from './context.js';
import { toField } from './expressions.js';
import { attributeOf, fetchParts } from './fetch.js';
import { emptyScope, rowsOf } from './kinds.js';
import { encodeInstance, encodeResult, modelNameOf, type Reading } from './rows.js';
import { fieldOf, kindOfField, relationByAccessor } from './schema.js';
import { type Answered, type Counter, deleted, runTerminal } from './terminals.js';

interface Walking {
  context: Context;
  reading: Reading;
  counter: Counter;
  current: any;
}

function trailing(keywords: unknown): unknown[] {
  return keywords && Object.keys(keywords).length > 0 ? [keywords] : [];
}

type Step = (walking: Walking, ...args: any[]) => Promise<Json | undefined>;

async function managed(walking: Walking, accessor: string, chain: Call[], terminal: Call): Promise<Answered> {
  const { context } = walking;
  const model = modelNameOf(context, walking.current);
  const manager = await attributeOf(model, walking.current, accessor);
  const query = { model: relationByAccessor(model!, accessor)!.to, chain };
  const queryset = { value: manager.value };
  await fetchParts(context, chain);
  const rows = rowsOf(query, undefined, (step, scope) => {
    queryset.value = applyCall(context, queryset.value, step, scope);
  });
  const { reading, counter } = walking;
  return runTerminal({ context, queryset, rows, reading, counter }, terminal);
}

const steps: Record<string, Step> = {
  attr: async (walking, name: string) => {
    const model = modelNameOf(walking.context, walking.current);
    const relation = model ? relationByAccessor(model, name) : undefined;
    const reached = await attributeOf(model, walking.current, name);
    const field = model ? fieldOf(model, name) : undefined;
    const kind = field && !relation ? kindOfField(field) : (walking.reading.annotations.get(name) ?? 'unknown');
    // A related manager yields its rows, everything else itself.
    const value: unknown = relation?.many ? await reached.value : reached.value;
    walking.current = value;
    return encodeResult(walking.reading, value, kind);
  },
  index: async (walking, index: number) => {
    walking.current = walking.current[index];
    return encodeResult(walking.reading, walking.current, 'unknown');
  },
  set: async (walking, name: string, value: Json) => {
    const model = modelNameOf(walking.context, walking.current)!;
    walking.current[name] = toField(walking.context, model, name, value, emptyScope(model));
    return undefined;
  },
  save: async (walking, keywords) => {
    await call(walking.current, 'asave', ...trailing(keywords));
    return encodeInstance(walking.reading, walking.current);
  },
  refresh: async (walking, keywords) => {
    await call(walking.current, 'arefresh_from_db', ...trailing(keywords));
    return undefined;
  },
  delete: async (walking) => deleted(await call(walking.current, 'adelete')).result,
  manager: async (walking, accessor: string, chain: Call[], terminal: Call) =>
    (await managed(walking, accessor, chain, terminal)).result,
};

export const stepNames = Object.keys(steps);

/** Takes the steps one after another; the result is that of the last one that has one. */
export async function takeSteps(start: Answered, calls: Call[], walking: Omit<Walking, 'current'>): Promise<Json> {
  const here: Walking = { ...walking, current: start.value };
  let result = start.result;
  for (const [name, ...args] of calls) {
    const step = steps[name];
    if (!step) throw new Error(`No step is named ${name}.`);
    await fetchParts(here.context, args);
    const answer = await step(here, ...args);
    if (answer !== undefined) result = answer;
  }
  return result;
}
