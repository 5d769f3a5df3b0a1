// Whether an answer is Django's: structure against structure, with the few things that may differ and still agree.
import { type Case, type Changes, isNode, type Json, type Query, tagOf } from './ast.js';
import { encodeValue } from './encode.js';
import type { Answer } from './judge.js';
import { schema } from './schema.js';

const families: Record<string, string[]> = {
  missing: ['DoesNotExist', 'RelatedObjectDoesNotExist', 'ObjectDoesNotExist'],
  field: ['FieldError', 'FieldDoesNotExist'],
  argument: [
    'ValidationError',
    'ValueError',
    'TypeError',
    'AssertionError',
    'AttributeError',
    'NotImplementedError',
    'OverflowError',
    'InvalidOperation',
    'RangeError',
  ],
  database: ['DataError', 'ProgrammingError', 'OperationalError', 'InternalError', 'DatabaseError'],
  // The database knows one way to refuse a delete, Django two.
  protected: ['ProtectedError', 'RestrictedError'],
};

/** Python's error classes and this library's, by what they have in common. */
export function errorFamily(name: string): string {
  return Object.keys(families).find((family) => families[family]!.includes(name)) ?? name;
}

const sameNumber = (a: number, b: number) => a === b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));

function sameDecimal(a: string, b: string): boolean {
  if (a === b) return true;
  const digits = (text: string) => {
    const parts = /^(-?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text);
    return parts ? `${parts[1]}${parts[2]}.${parts[3] ?? ''}` : String(Number(text));
  };
  const [left, right] = [digits(a), digits(b)];
  return left === right || (/^-?\.$/.test(left) && /^-?\.$/.test(right));
}

/** A text of unknown kind (raw SQL gives nothing else) means what Django says it means. */
function sameText(text: string, expected: Json): boolean {
  if (typeof expected === 'string') return text === expected;
  if (typeof expected === 'number') return text.trim() !== '' && sameNumber(Number(text), expected);
  const tag = tagOf(expected);
  if (!tag) return false;
  const kinds: Record<string, string> = { $decimal: 'decimal', $bigint: 'int', $float: 'float' };
  return same(expected, encodeValue(text, kinds[tag] ?? tag.slice(1)));
}

/**
 * An attribute that was set to a text and not read back is that text in Python; here a column of text mode holds
 * instants, dates and decimals as text too, so the two are one value.
 */
function isTextOf(expected: string, actual: { [key: string]: Json }): boolean {
  const tag = tagOf(actual);
  const kind = tag === '$naive' ? 'datetime' : tag?.slice(1);
  const known = ['decimal', 'date', 'datetime', 'time', 'uuid', 'interval'];
  return kind !== undefined && known.includes(kind) && same(encodeValue(expected, kind), actual);
}

function sameMembers(expected: { [key: string]: Json }, actual: { [key: string]: Json }, nested: boolean): boolean {
  const keys = Object.keys(expected);
  if (keys.length !== Object.keys(actual).length) return false;
  return keys.every((key) => {
    if (!(key in actual)) return false;
    const [left, right] = [expected[key]!, actual[key]!];
    if (key === '$map') return sameSet(left as Json[], right as Json[], nested);
    if ((key === 'prefetched' || key === 'ann') && isNode(left) && isNode(right)) {
      return sameLists(left, right, nested);
    }
    return same(left, right, nested);
  });
}

/** What instances hold under names, where a list of instances has no order unless the question says so. */
function sameLists(expected: { [key: string]: Json }, actual: { [key: string]: Json }, nested: boolean): boolean {
  const keys = Object.keys(expected);
  if (keys.length !== Object.keys(actual).length) return false;
  return keys.every((key) => {
    if (!(key in actual)) return false;
    const [left, right] = [expected[key]!, actual[key]!];
    const instances = Array.isArray(left) && left.length > 0 && left.every((item) => isNode(item) && '$model' in item);
    if (!nested && instances && Array.isArray(right)) return sameSet(left, right, nested);
    return same(left, right, nested);
  });
}

/** Structural equality; `nested` keeps the order of lists inside instances. */
export function same(expected: Json, actual: Json, nested = false): boolean {
  if (typeof expected === 'number' && typeof actual === 'number') return sameNumber(expected, actual);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || expected.length !== actual.length) return false;
    return expected.every((item, index) => same(item, actual[index]!, nested));
  }
  if (isNode(actual) && typeof actual['$text'] === 'string') return sameText(actual['$text'], expected);
  if (typeof expected === 'string' && isNode(actual)) return isTextOf(expected, actual);
  if (isNode(expected)) {
    if (!isNode(actual)) return false;
    const [left, right] = [expected['$decimal'], actual['$decimal']];
    if (typeof left === 'string' && typeof right === 'string') return sameDecimal(left, right);
    return sameMembers(expected, actual, nested);
  }
  return expected === actual;
}

function sortKey(value: Json): string {
  return JSON.stringify(value, (_, inner) => {
    if (typeof inner === 'number') return Number(inner.toPrecision(9));
    if (!isNode(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
  });
}

function sorted(values: readonly Json[]): Json[] {
  return values
    .map((value) => ({ value, key: sortKey(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ value }) => value);
}

/** Equality of multisets: in sorted order where that decides it, else by finding each one its like. */
function sameSet(expected: Json, actual: Json, nested: boolean): boolean {
  if (!Array.isArray(expected) || !Array.isArray(actual)) return same(expected, actual, nested);
  if (expected.length !== actual.length) return false;
  const [left, right] = [sorted(expected), sorted(actual)];
  if (left.every((item, index) => same(item, right[index]!, nested))) return true;
  const rest = [...right];
  return left.every((item) => {
    const found = rest.findIndex((other) => same(item, other, nested));
    if (found >= 0) rest.splice(found, 1);
    return found >= 0;
  });
}

/** The tables between many-to-many relations. */
const between = new Set(Object.values(schema).flatMap((model) => model.m2m.map((m2m) => m2m.through_table)));

/**
 * Rows that were added, without the number that a sequence gave to a row between two others: Django numbers them in
 * the order of a Python set, and conflicts use numbers up.
 */
function comparable(table: string, rows: readonly Json[]): Json[] {
  if (!between.has(table)) return [...rows];
  return rows.map((row) => Object.fromEntries(Object.entries(row as object).filter(([name]) => name !== 'id')));
}

function sameChanges(expected: Changes, actual: Changes): boolean {
  const tables = Object.keys(expected).filter(
    (table) => expected[table]!['+']?.length || expected[table]!['-']?.length,
  );
  if (tables.length !== Object.keys(actual).length) return false;
  return tables.every((table) => {
    const [left, right] = [expected[table]!, actual[table] ?? {}];
    const added = sameSet(comparable(table, left['+'] ?? []), comparable(table, right['+'] ?? []), false);
    return added && sameSet(left['-'] ?? [], right['-'] ?? [], false);
  });
}

/** What `delete()` gives by Django's count and by ours: the rows of the model itself, none of the database's cascades. */
function ownRows(model: string, result: Json): Json {
  if (!Array.isArray(result) || !isNode(result[1])) return result;
  const own = (result[1]['$row'] as Record<string, number>)[model] ?? 0;
  return [own, { $row: own > 0 ? { [model]: own } : {} }];
}

function deletedModel(query: Query): string | undefined {
  const last = query.then?.at(-1);
  if (last)
    return last[0] === 'delete' ? query.model : last[0] === 'manager' && last[3]?.[0] === 'delete' ? 'far' : undefined;
  return query.terminal?.[0] === 'delete' ? (query.model ?? 'far') : undefined;
}

/** The name of the model in a delete's answer, where the query leads to it through relations. */
function soleModel(result: Json): string {
  const counts = Array.isArray(result) && isNode(result[1]) ? Object.keys(result[1]['$row'] as object) : [];
  return counts[0] ?? '';
}

function cascadesToItself(model: string): boolean {
  return (
    schema[model]?.fields.some(
      (field) => field.to === model && (field as { on_delete?: string }).on_delete === 'CASCADE',
    ) ?? false
  );
}

function sameResult(query: Query, ordered: boolean, expected: Json, actual: Json): boolean {
  const deleting = deletedModel(query);
  if (deleting) {
    const model = deleting === 'far' ? soleModel(actual) || soleModel(expected) : deleting;
    const [own, ours] = [ownRows(model, expected), ownRows(model, actual)];
    if (Array.isArray(own) && Array.isArray(ours) && cascadesToItself(model)) {
      // The rows of the same model that the database took along are in Django's count.
      return Number(ours[0]) > 0 === Number(own[0]) > 0 && Number(ours[0]) <= Number(own[0]);
    }
    return same(own, ours) && same((own as Json[])[0]!, (actual as Json[])[0]!);
  }
  const nested = query.nested_ordered === true;
  return ordered ? same(expected, actual, nested) : sameSet(expected, actual, nested);
}

function compareResult(golden: Case, expected: Json, answer: Answer): string | undefined {
  const actual = answer.result ?? null;
  const { query } = golden;
  const agrees = query.script
    ? Array.isArray(expected) &&
      Array.isArray(actual) &&
      query.script.every((part, index) => sameResult(part, false, expected[index]!, actual[index]!))
    : sameResult(query, golden.ordered !== false, expected, actual);
  if (!agrees) return `result differs\n  expected ${JSON.stringify(expected)}\n  actual   ${JSON.stringify(actual)}`;
  if (golden.changes && !sameChanges(golden.changes, answer.changes ?? {})) {
    return `changes differ\n  expected ${JSON.stringify(golden.changes)}\n  actual   ${JSON.stringify(answer.changes)}`;
  }
  return undefined;
}

/** Nothing where the answer is Django's, else what differs. */
export function compareCase(golden: Case, answer: Answer): string | undefined {
  if (golden.error !== undefined) {
    if (answer.error === undefined)
      return `expected ${golden.error} (${golden.message}), got ${JSON.stringify(answer.result)}`;
    if (errorFamily(golden.error) === errorFamily(answer.error)) return undefined;
    return `expected ${golden.error} (${golden.message}), got ${answer.error}: ${answer.message}`;
  }
  if (answer.error !== undefined) return `unexpected ${answer.error}: ${answer.message}`;
  const documented = golden.result_documented;
  if (documented !== undefined && compareResult(golden, documented, answer) === undefined) return undefined;
  return compareResult(golden, golden.result ?? null, answer);
}

/** Statements that this library sent above what Django sent for the same answer. */
export function extraStatements(golden: Case, answer: Answer): number {
  if (golden.queries === undefined || answer.error !== undefined) return 0;
  return Math.max(0, answer.queries - golden.queries);
}
