// A query of the judge's, asked through the public API: one call for one operation.
import type { Json, Query } from './ast.js';
import { applyCall, sourceOf } from './chain.js';
import { api, type Context, contextOf } from './context.js';
import { endsAtValue, fetchParts } from './fetch.js';
import { modelOfSource, rowsOf } from './kinds.js';
import type { djangoModels } from './models.js';
import { encodeResult, readingOf } from './rows.js';
import { fieldOf, kindOfField, relationByAccessor } from './schema.js';
import { takeSteps } from './steps.js';
import { type Answered, type Counter, runTerminal } from './terminals.js';

async function ask(context: Context, query: Query, counter: Counter): Promise<Json> {
  const reading = readingOf(context, query);
  await fetchParts(context, { from: query.from, chain: query.chain });
  let answered: Answered;
  if (query.from && endsAtValue(query.from)) {
    // The path ended at an instance or a plain value: there is nothing to ask of it.
    const { value } = context.fetched.get(query.from)!;
    answered = { value, result: encodeResult(reading, value, kindAtEnd(query)) };
  } else {
    const queryset: { value: any } = { value: undefined };
    let started = false;
    const rows = rowsOf(query, undefined, (step, scope) => {
      if (!started) queryset.value = sourceOf(context, query, scope);
      started = true;
      queryset.value = applyCall(context, queryset.value, step, scope);
    });
    if (!started) queryset.value = sourceOf(context, query, rows.scope);
    answered = await runTerminal({ context, queryset, rows, reading, counter }, query.terminal ?? ['eval']);
  }
  return takeSteps(answered, query.then ?? [], { context, reading, counter });
}

/** The kind of a plain value at the end of a path of attributes. */
function kindAtEnd(query: Query): string {
  const { model, path } = query.from!;
  let holder: string | undefined = model;
  for (const name of path.slice(0, -1)) holder = holder && relationByAccessor(holder, name)?.to;
  const field = holder && path.length > 0 ? fieldOf(holder, path.at(-1)!) : undefined;
  return field && !modelOfSource(query) ? kindOfField(field) : 'unknown';
}

async function inZone<T>(zone: string | undefined, work: () => Promise<T>): Promise<T> {
  return zone === undefined ? work() : api['timezone'].override(zone, work);
}

/** The answer to a query, in the canonical encoding; `counter` counts the statements. */
export async function interpret(
  models: ReturnType<typeof djangoModels>,
  query: Query,
  counter: Counter,
): Promise<Json> {
  return inZone(query.tz, async () => {
    if (!query.script) return ask(contextOf(models), query, counter);
    const results: Json[] = [];
    for (const part of query.script) results.push(await inZone(part.tz, () => ask(contextOf(models), part, counter)));
    return results;
  });
}
