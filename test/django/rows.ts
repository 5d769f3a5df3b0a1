// Rows and instances in the judge's canonical encoding.
import { type Json, type Query, tagOf, walk } from './ast.js';
import { api, type Context } from './context.js';
import { encodeValue, isExpression } from './encode.js';
import { kindOf, type Rows, rowsOf } from './kinds.js';
import { fieldOf, type Kind, kindOfField, modelOf, relationsOf } from './schema.js';

/** What encoding an instance needs to know of the question. */
export interface Reading {
  context: Context;
  full: boolean;
  related: boolean;
  /** The kinds of annotations by name, those of nested querysets included. */
  annotations: Map<string, Kind>;
}

/** The kinds of all names that a query or a query inside it annotates. */
function annotationsIn(query: Query): Map<string, Kind> {
  const found = new Map<string, Kind>();
  const learn = (inside: Query) => {
    for (const [name, kind] of rowsOf(inside).scope.annotations) found.set(name, kind);
  };
  walk(query, (node) => {
    if ((typeof node['model'] === 'string' || node['from']) && Array.isArray(node['chain'])) learn(node as Query);
  });
  return found;
}

export function readingOf(context: Context, query: Query): Reading {
  return {
    context,
    full: query.full === true,
    related: query.related === true,
    annotations: annotationsIn(query),
  };
}

/** The name of the model whose instance this is. */
export function modelNameOf(context: Context, value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.keys(context.models).find((name) => value instanceof context.models[name]);
}

export function encodeAttribute(reading: Reading, model: string, instance: any, name: string): Json {
  const field = fieldOf(model, name);
  const kind = field ? kindOfField(field) : (reading.annotations.get(name) ?? 'unknown');
  return encodeResult(reading, instance[name], kind);
}

/** A value that may be an instance or a list of them, else one of the given kind. */
export function encodeResult(reading: Reading, value: unknown, kind: Kind, path: readonly unknown[] = []): Json {
  if (!isExpression(value)) {
    if (modelNameOf(reading.context, value)) return encodeInstance(reading, value, path);
    if (Array.isArray(value) && value.some((item) => modelNameOf(reading.context, item))) {
      return value.map((item) => encodeInstance(reading, item, path));
    }
  }
  return encodeValue(value, kind);
}

export function encodeInstance(reading: Reading, instance: any, path: readonly any[] = []): Json {
  if (instance === null || instance === undefined) return null;
  const model = modelNameOf(reading.context, instance);
  if (!model) return encodeValue(instance, 'unknown');
  const { fields, pk } = modelOf(model);
  const encoded: Record<string, Json> = {
    $model: model,
    pk: encodeValue(instance.pk, kindOfField(fieldOf(model, pk)!)),
  };
  const own = Object.keys(instance);
  if (reading.full) {
    const loaded = fields.filter((field) => own.includes(field.attname));
    encoded['fields'] = Object.fromEntries(
      loaded.map((field) => [field.attname, encodeValue(instance[field.attname], kindOfField(field))]),
    );
  }
  const relations = relationsOf(model);
  const columns = new Set([...fields.map((field) => field.attname), ...relations.map((one) => one.accessor)]);
  const added = own.filter((name) => !columns.has(name));
  const deeper = [...path, instance];
  if (added.length > 0) {
    encoded['ann'] = Object.fromEntries(
      added.map((name) => [
        name,
        encodeResult(reading, instance[name], reading.annotations.get(name) ?? 'unknown', deeper),
      ]),
    );
  }
  if (reading.related) addRelated(reading, encoded, model, deeper);
  return encoded;
}

/** What was loaded with the instance: a property that was not loaded is `undefined`, and reading it asks nothing. */
function addRelated(reading: Reading, encoded: Record<string, Json>, model: string, path: readonly any[]): void {
  const instance = path.at(-1);
  const single: Record<string, Json> = {};
  const lists: Record<string, Json> = {};
  for (const relation of relationsOf(model)) {
    const value = instance[relation.accessor];
    if (value === undefined) continue;
    if (!relation.many) {
      const leadsBack = value !== null && path.some((passed) => passed === value || passed.equals(value));
      if (!leadsBack) single[relation.cached] = encodeInstance(reading, value, path);
    } else if (Array.isArray(value)) {
      lists[relation.cached] = value.map((item) => encodeInstance(reading, item, path));
    }
  }
  if (Object.keys(single).length > 0) encoded['rel'] = single;
  if (Object.keys(lists).length > 0) encoded['prefetched'] = lists;
}

/** One row of a queryset, by the shape that its chain gave it. */
export function encodeRow(reading: Reading, rows: Rows, row: any): Json {
  const { shape, columns } = rows;
  const kindByName = (name: string) =>
    columns.find((column) => column.name === name)?.kind ?? rows.scope.annotations.get(name) ?? 'unknown';
  if (row === null || row === undefined) return null;
  switch (shape) {
    case 'instances':
      return encodeInstance(reading, row);
    case 'flat':
      return encodeValue(row, columns[0]?.kind ?? 'unknown');
    case 'row': {
      const entries = Object.entries(row as object);
      return {
        $row: Object.fromEntries(entries.map(([name, value]) => [name, encodeValue(value, kindByName(name))])),
      };
    }
    case 'list':
      return Array.from(row as unknown[], (value, index) => encodeValue(value, columns[index]?.kind ?? 'unknown'));
    case 'named': {
      const names: readonly string[] = row._fields;
      // By position: an array has names of its own, `length` among them.
      return { $named: names.map((name, index) => [name, encodeValue(row[index], kindByName(name))]) };
    }
  }
}

/** The answer of `aggregate()`. */
export function encodeAggregate(rows: Rows, given: any, answer: Record<string, unknown>): Json {
  const kinds = new Map<string, Kind>();
  for (const [name, expression] of Object.entries((given?.kwargs ?? {}) as Record<string, Json>)) {
    kinds.set(name, kindOf(expression, rows.scope));
    rows.scope.annotations.set(name, kinds.get(name)!);
  }
  for (const expression of (given?.args ?? []) as Json[]) {
    const [name, argument] = tagOf(expression) === '$agg' ? (expression as any).$agg : ['', ''];
    kinds.set(`${[argument].flat()[0]}__${name.toLowerCase()}`, kindOf(expression, rows.scope));
  }
  const entries = Object.entries(answer).map(([name, value]) => [
    name,
    encodeValue(value, kinds.get(name) ?? 'unknown'),
  ]);
  return { $row: Object.fromEntries(entries) };
}

/** Django's class of an error, or what went wrong besides: a crash is no answer to a question that should fail. */
export function errorName(thrown: unknown): string {
  if (!(thrown instanceof Error)) return `thrown ${typeof thrown}`;
  if (thrown.name === 'Unsupported') return 'Unsupported';
  if (thrown.name === 'MissingAttribute') return 'AttributeError';
  const known = [
    'MultipleObjectsReturned',
    'ObjectDoesNotExist',
    'FieldError',
    'NotSupportedError',
    'NotImplementedError',
    'TransactionManagementError',
    'IndexError',
    'ConnectionDoesNotExist',
    'ProtectedError',
    'IntegrityError',
    'DataError',
    'OperationalError',
    'ProgrammingError',
    'InternalError',
    'DatabaseError',
    'ValueError',
  ];
  const name = known.find((one) => typeof api[one] === 'function' && thrown instanceof api[one]);
  if (name) return name;
  // This library throws no RangeError or SyntaxError of its own: JavaScript did.
  if (thrown.constructor === RangeError || thrown.constructor === SyntaxError) return 'Crash';
  if (thrown.constructor !== TypeError) return thrown.name;
  const crashed = /is not a function|is not iterable|is not a constructor|Cannot (read|set|destructure|convert|use)/;
  return crashed.test(thrown.message) ? 'Crash' : 'TypeError';
}
