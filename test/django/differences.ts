// Answers that differ from Django 3.2's and are right all the same. A case is asked first; only where its answer
// differs is a reason looked for, by what the question is about and never by its name.
import { type Case, isNode, type Json, type Query, tagOf, walk } from './ast.js';
import { compareCase, errorFamily } from './compare.js';
import type { Answer } from './judge.js';
import { emptyScope, kindOfPath, modelOfSource } from './kinds.js';
import { fieldOf, modelOf, relationByQuery } from './schema.js';

const textLookups =
  /__(iexact|contains|icontains|startswith|istartswith|endswith|iendswith|regex|iregex|contained_by|overlap|has_key|has_keys|has_any_keys)$/;

/** The reasons, each with its paragraph in docs/differences.md. */
export const reasons = [
  'django-bug',
  'later-django',
  'python',
  'output-field',
  'strict-lookup',
  'refused-earlier',
] as const;
export type Reason = (typeof reasons)[number];

type Rule = (golden: Case, answer: Answer) => boolean;

function some(query: Query, wanted: (node: Record<string, any>) => boolean): boolean {
  let found = false;
  walk(query, (node) => {
    found ||= wanted(node);
  });
  return found;
}

function lookups(query: Query): [path: string, value: Json][] {
  const found: [string, Json][] = [];
  walk(query, (node) => {
    if (isNode(node['kwargs'])) found.push(...Object.entries(node['kwargs']));
  });
  return found;
}

function callsOf(query: Query): any[][] {
  const calls: any[][] = [];
  walk(query, (node) => {
    if (Array.isArray(node['chain'])) calls.push(...node['chain']);
  });
  return calls;
}

/** A path that goes on after a relation with a name that the far model does not have. */
function endsNowhere(model: string | undefined, path: string): boolean {
  let here = model;
  for (const [index, step] of path.replace(/^-/, '').split('__').entries()) {
    const relation = here ? relationByQuery(here, step) : undefined;
    if (!relation) return index > 0 && here !== undefined && fieldOf(here, step) === undefined;
    here = relation.to;
  }
  return false;
}

/** A path of relations that comes by its own model again. */
function returnsTo(model: string | undefined, path: Json): boolean {
  let here = model;
  return String(path)
    .split('__')
    .some((step) => {
      here = here && relationByQuery(here, step)?.to;
      return here !== undefined && here === model;
    });
}

function prefetches(query: Query): [path: string, inner: Query | null, attribute: string | null][] {
  const found: [string, Query | null, string | null][] = [];
  walk(query, (node) => {
    if (Array.isArray(node['$prefetch'])) found.push(node['$prefetch'] as [string, Query | null, string | null]);
  });
  return found;
}

/** The model itself, or one that stands between it and another. */
function leadsTo(model: string, owner: string | undefined): boolean {
  return model === owner || modelOf(model).fields.some((field) => field.to !== undefined && field.to === owner);
}

const emptyQuery = (query: Query) =>
  (query.chain ?? []).some(([name, given]) => name === 'none' || JSON.stringify(given ?? null).includes('__in":[]'));

const djangoBugs: Rule[] = [
  // iso_year was turned into a range of calendar years (mended in 4.0).
  (golden) => lookups(golden.query).some(([path]) => path.includes('__iso_year')),
  // An array of text was sent without its column's type.
  (golden) =>
    golden.error === 'ProgrammingError' && /operator does not exist: character varying\[\]/.test(golden.message ?? ''),
  // A Python error from inside the compiler, where nothing is indexed.
  (golden, answer) =>
    golden.error === 'IndexError' &&
    golden.message === 'list index out of range' &&
    !['index', 'getslice'].includes(golden.query.terminal?.[0] ?? '') &&
    answer.error !== undefined &&
    answer.error !== 'Crash',
  // order_by() did not look at what follows a relation's name.
  (golden, answer) =>
    answer.error === 'FieldError' &&
    callsOf(golden.query).some(
      ([name, keys]) =>
        name === 'order_by' &&
        keys.some((key: Json) => typeof key === 'string' && endsNowhere(modelOfSource(golden.query), key)),
    ),
  // Exists over a queryset that matches nothing was no condition at all, negated or not.
  (golden) => some(golden.query, (node) => isNode(node['$exists']) && emptyQuery(node['$exists'] as Query)),
  // Two querysets were joined under names that met.
  (golden) =>
    golden.error === 'AssertionError' &&
    golden.message === '' &&
    callsOf(golden.query).some(([name]) => name === 'and' || name === 'or'),
  // A join was dropped that an F() inside exclude() still named.
  (golden) => golden.error === 'ProgrammingError' && /^column t\d+\.\w+ does not exist/i.test(golden.message ?? ''),
  // What was deferred of a model was deferred of every instance of it, related ones too (mended in 4.2).
  (golden) => {
    const calls = golden.query.chain ?? [];
    if (!calls.some(([name]) => name === 'only' || name === 'defer')) return false;
    return calls.some(([name, paths]) => {
      return name === 'select_related' && paths?.some((path: Json) => returnsTo(modelOfSource(golden.query), path));
    });
  },
  // To defer every field was to defer none.
  (golden) => {
    const calls = golden.query.chain ?? [];
    const deferred = new Set(calls.flatMap(([name, names]) => (name === 'defer' ? names : [])));
    const model = modelOfSource(golden.query);
    if (deferred.size === 0 || !model || calls.some(([name]) => name === 'only')) return false;
    return modelOf(model).fields.every((field) => deferred.has(field.name) || deferred.has(field.attname));
  },
  // A Prefetch whose queryset filters over the relation that is prefetched took the owner of a row from that filter's join.
  (golden) =>
    prefetches(golden.query).some(([, inner]) => {
      if (!inner) return false;
      const from = modelOfSource(inner);
      return lookups(inner).some(([path]) => {
        const relation = from ? relationByQuery(from, path.split('__')[0]!) : undefined;
        return relation?.many === true && leadsTo(relation.to, modelOfSource(golden.query));
      });
    }),
  // A Prefetch with to_attr did nothing where its to-one relation was loaded already.
  (golden) => {
    const all = callsOf(golden.query).flatMap(([name, entries]) => (name === 'prefetch_related' ? entries : []));
    const paths = all.map((entry: any) => (typeof entry === 'string' ? entry : (entry?.$prefetch?.[0] ?? '')));
    return prefetches(golden.query).some(([path, , attribute]) => {
      return attribute && paths.filter((other) => other === path || other.startsWith(`${path}__`)).length > 1;
    });
  },
  // A subquery of values() was refused for want of a type that its column has.
  (golden) =>
    golden.error === 'FieldError' && golden.message === 'Cannot resolve expression type, unknown output_field',
];

/** An expected answer with null where old PostgreSQL aggregates gave an empty list or text. */
function emptiesAsNull(value: Json): Json {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(emptiesAsNull);
  if (isNode(value))
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, emptiesAsNull(inner)]));
  return value === '' ? null : value;
}

/** An expected answer with the values that are there instead of expressions. */
function workedOut(expected: Json, actual: Json | undefined): Json {
  if (isNode(expected) && tagOf(expected) === '$type' && !(isNode(actual) && tagOf(actual) === '$type'))
    return actual ?? null;
  if (Array.isArray(expected))
    return expected.map((item, i) => workedOut(item, Array.isArray(actual) ? actual[i] : undefined));
  if (!isNode(expected)) return expected;
  return Object.fromEntries(
    Object.entries(expected).map(([key, inner]) => [key, workedOut(inner, isNode(actual) ? actual[key] : undefined)]),
  );
}

const laterDjango: Rule[] = [
  // ArrayAgg, JSONBAgg and StringAgg of nothing are null (5.0).
  (golden, answer) =>
    some(golden.query, (node) => /^(ArrayAgg|JSONBAgg|StringAgg)$/.test(node['$agg']?.[0] ?? '')) &&
    golden.result !== undefined &&
    compareCase({ ...golden, result: emptiesAsNull(golden.result) }, answer) === undefined,
  // A Prefetch may hold a sliced queryset (4.2).
  (golden) =>
    golden.message === 'Cannot filter a query once a slice has been taken.' &&
    some(golden.query, (node) => JSON.stringify(node['$prefetch'] ?? null).includes('"slice"')),
  // iterator() prefetches (4.1).
  (golden) =>
    JSON.stringify(golden.query.terminal ?? null).includes('"iterator"') &&
    callsOf(golden.query).some(([name]) => name === 'prefetch_related'),
  // isnull takes true or false (4.0).
  (golden, answer) =>
    errorFamily(answer.error ?? '') === 'argument' &&
    lookups(golden.query).some(([path, value]) => path.endsWith('isnull') && typeof value !== 'boolean'),
  // An unsaved instance is no value to filter by (5.0).
  (golden, answer) =>
    errorFamily(answer.error ?? '') === 'argument' &&
    lookups(golden.query).some(([, value]) => tagOf(value) === '$new'),
  // A filter may ask of window functions (4.2).
  (golden) => golden.message === 'Window is disallowed in the filter clause.',
  // What the database made of an expression is on the instance after save() (6.0).
  (golden, answer) =>
    JSON.stringify(golden.result ?? null).includes('{"$type":"expression"}') &&
    compareCase({ ...golden, result: workedOut(golden.result as Json, answer.result) }, answer) === undefined,
  // A second was a whole one where it was read, and had its fraction where it was compared (4.1).
  (golden) => lookups(golden.query).some(([path]) => path.endsWith('__second')),
];

const python: Rule[] = [
  // A named tuple of Python's has each name once.
  (golden) => golden.message?.startsWith('Encountered duplicate field name') === true,
  // Python makes text of anything: a list in place of a text is "['a']".
  (golden, answer) =>
    errorFamily(answer.error ?? '') === 'argument' &&
    lookups(golden.query).some(([path, value]) => {
      if (!Array.isArray(value) && (!isNode(value) || (tagOf(value) ?? '$json') !== '$json')) return false;
      if (textLookups.test(path)) return true;
      return !/__(in|range)$/.test(path) && kindOfPath(emptyScope(modelOfSource(golden.query)), path) === 'text';
    }),
  // Python makes a decimal of a float's bits, which are not 0.1.
  (golden) =>
    lookups(golden.query).some(([path, value]) =>
      [value].flat().some((one) => {
        if (typeof one !== 'number' || Number.isInteger(one)) return false;
        return kindOfPath(emptyScope(modelOfSource(golden.query)), path) === 'decimal';
      }),
    ),
];

/** A column has the lookups of its type: no text is looked for in a number, no key in a date. */
const strictLookup: Rule = (golden, answer) =>
  answer.error === 'FieldError' &&
  /has no lookup/.test(answer.message ?? '') &&
  lookups(golden.query).some(([path]) => textLookups.test(path));

/** Django wants to be told the type where two field classes meet; PostgreSQL knows it. */
const outputField: Rule = (golden) =>
  golden.error === 'FieldError' && golden.message?.startsWith('Expression contains mixed types') === true;

/** What the database refused, this library refuses before it is sent: as a bad argument. */
const refusedEarlier: Rule = (golden, answer) =>
  (errorFamily(golden.error ?? '') === 'database' ||
    golden.error === 'NotSupportedError' ||
    golden.message?.startsWith('null value in column') === true) &&
  answer.error === 'ValueError' &&
  answer.statements.every(({ sql }) => /^\s*select\b/i.test(sql));

const rules: [Reason, Rule[]][] = [
  ['django-bug', djangoBugs],
  ['later-django', laterDjango],
  ['python', python],
  ['output-field', [outputField]],
  ['strict-lookup', [strictLookup]],
  ['refused-earlier', [refusedEarlier]],
];

/** Why an answer that differs is right, or nothing. */
export function differenceOf(golden: Case, answer: Answer): Reason | undefined {
  if (answer.error === 'Crash' || answer.error === 'Unsupported') return undefined;
  return rules.find(([, own]) => own.some((rule) => rule(golden, answer)))?.[0];
}
