// Columns of several types: the values that are hard about each, and its lookups with their meaning in JavaScript.
import fc from 'fast-check';
import { F } from 'drizzle-queryset';
import type { Leaf, Row, Truth } from './truth.js';

export type Kind = 'text' | 'integer' | 'bigint' | 'numeric' | 'boolean' | 'date' | 'timestamptz' | 'timestamp';
export interface Column {
  readonly name: string;
  readonly kind: Kind;
  /** Another column of the same kind that F() may name. */
  readonly beside?: string;
}

/** What values are compared by: larger keys are larger values. */
type Key = string | number | bigint;

/** A value as it may be given to a lookup, and the key that Django reads it as. */
interface Given {
  readonly value: unknown;
  readonly key: Key;
  /** Where `gte` and `lt` read a fraction as the next whole number. */
  readonly above?: Key;
}

export const TEXTS = [
  '',
  ' ',
  'a',
  'A',
  'ab',
  'aB',
  'b',
  '100%',
  '100x',
  'a_b',
  'axb',
  '_',
  '%',
  '\\',
  'a\\b',
  '\\%',
  "it's",
  '"q"',
  "'; DROP TABLE book; --",
  '$1',
  '{a,b}',
  'NULL',
  'é',
  'É',
  'e\u0301',
  '日本語',
  '😀',
  '\uffff',
  'line\nbreak',
  '\t',
  'x'.repeat(3000),
] as const;
const INTEGERS = [-2147483648, -2, -1, 0, 1, 2, 3, 300, 2147483647] as const;
const BIGINTS = [Number.MIN_SAFE_INTEGER, -1, 0, 1, 2147483648, Number.MAX_SAFE_INTEGER] as const;
const NUMERICS = ['-99999999.9999', '-0.0001', '0.0000', '0.1000', '9.9000', '10.0000', '99999999.9999'] as const;
const DAYS = [
  '0001-01-01',
  '1969-12-31',
  '1970-01-01',
  '2024-02-29',
  '2024-03-31',
  '2024-12-31',
  '9999-12-31',
] as const;
// Around midnight, and around the hours that clocks skip and repeat in Europe and New York.
const MOMENTS = [
  '1969-12-31T23:59:59.999Z',
  '1970-01-01T00:00:00.000Z',
  '2024-02-29T23:59:59.999Z',
  '2024-03-10T07:00:00.000Z',
  '2024-03-31T00:59:59.999Z',
  '2024-03-31T01:00:00.000Z',
  '2024-10-27T00:30:00.000Z',
  '2024-10-27T01:30:00.000Z',
  '9999-12-31T23:59:59.999Z',
] as const;

const bytes = (text: string): string => Buffer.from(text).toString('hex');
/** Four digits after the point, as a whole number. */
const scaled = (text: string): bigint => {
  const [, sign, whole, part = ''] = /^([+-]?)(\d*)\.?(\d*)$/.exec(text) as RegExpExecArray;
  return BigInt(`${sign}${whole || '0'}${part.padEnd(4, '0')}`);
};

/** What a stored value is compared by. */
const KEYS: Record<Kind, (stored: unknown) => Key> = {
  text: (stored) => bytes(stored as string),
  integer: (stored) => BigInt(stored as number),
  bigint: (stored) => BigInt(stored as number),
  numeric: (stored) => scaled(stored as string),
  boolean: (stored) => Number(stored),
  date: (stored) => stored as string,
  timestamptz: (stored) => (stored as Date).getTime(),
  timestamp: (stored) => (stored as Date).getTime(),
};
export const keyOf = (kind: Kind, stored: unknown): Key => KEYS[kind](stored);

const moments = MOMENTS.map((text) => new Date(text));
const STORED: Record<Kind, fc.Arbitrary<unknown>> = {
  text: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...TEXTS) }, fc.string({ unit: 'grapheme', maxLength: 4 })),
  integer: fc.constantFrom(...INTEGERS),
  bigint: fc.constantFrom(...BIGINTS),
  numeric: fc.constantFrom(...NUMERICS),
  boolean: fc.boolean(),
  date: fc.constantFrom(...DAYS),
  timestamptz: fc.constantFrom(...moments),
  timestamp: fc.constantFrom(...moments),
};
const withoutNul = (value: unknown): unknown => (typeof value === 'string' ? value.replaceAll('\0', '') : value);

/** What a column may hold. */
export const stored = (kind: Kind, nullable = true): fc.Arbitrary<unknown> => {
  const values = STORED[kind].map(withoutNul);
  return nullable ? fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: values }) : values;
};

const whole = (value: number | string | bigint | boolean): Given => {
  const number = typeof value === 'string' ? BigInt(value.trim()) : value;
  if (typeof number === 'bigint') return { value, key: number };
  return { value, key: BigInt(Math.trunc(Number(number))), above: BigInt(Math.ceil(Number(number))) };
};
const wholes = fc.constantFrom(
  ...[
    ...INTEGERS,
    ...BIGINTS,
    0.5,
    -0.5,
    1.5,
    2.5,
    1e15,
    '1',
    ' 2 ',
    '+3',
    '-1',
    2n ** 63n - 1n,
    -(2n ** 63n),
    true,
  ].map(whole),
  // Beyond every integer column: Django compares, and finds nothing or everything.
  ...[2n ** 70n, -(2n ** 70n), 1e30, -1e30, '99999999999999999999'].map(whole),
);
const decimal = (value: number | string | bigint): Given => ({ value, key: scaled(String(value)) });
const moment = (value: Date | string, at: Date = value as Date): Given => ({ value, key: at.getTime() });
const wallClock = (date: Date): string => date.toISOString().slice(0, -1);

/** What a lookup may be given. */
const GIVEN: Record<Kind, fc.Arbitrary<Given>> = {
  text: fc.oneof(
    { weight: 9, arbitrary: stored('text', false).map((value) => ({ value, key: bytes(value as string) })) },
    { weight: 1, arbitrary: fc.constantFrom(1, 100, 2n, -1).map((value) => ({ value, key: bytes(String(value)) })) },
  ),
  integer: wholes,
  bigint: wholes,
  numeric: fc.constantFrom(...[...NUMERICS, '9.9', '.1', '10', 0.1, 9.9, -1, 10n].map(decimal)),
  boolean: fc.constantFrom(
    ...[true, 1, '1', 't', 'True'].map((value) => ({ value, key: 1 })),
    ...[false, 0, '0', 'f', 'False'].map((value) => ({ value, key: 0 })),
  ),
  date: fc.constantFrom(
    ...DAYS.map((value) => ({ value, key: value })),
    ...moments.slice(1).map((value) => ({ value, key: value.toISOString().slice(0, 10) })),
  ),
  timestamptz: fc.constantFrom(
    ...moments.map((date) => moment(date)),
    ...moments.map((date) => moment(date.toISOString(), date)),
    ...moments.map((date) => moment(wallClock(date), date)),
    moment('2024-03-31 02:30:00+01:30', new Date('2024-03-31T01:00:00Z')),
    moment('2024-03-10 02:00:00-05', new Date('2024-03-10T07:00:00Z')),
    moment('2024-02-29', new Date('2024-02-29T00:00:00Z')),
    // Before the year 1, which ISO and PostgreSQL count differently.
    moment(new Date('0000-12-31T00:00:00Z')),
    moment(new Date('-000043-03-15T12:00:00Z')),
  ),
  timestamp: fc.constantFrom(
    ...moments.map((date) => moment(date)),
    ...moments.map((date) => moment(wallClock(date), date)),
    moment('1970-01-01', new Date(0)),
  ),
};

interface ColumnLookup {
  readonly suffix: string;
  readonly value: unknown;
  /** Of a stored value, never null. */
  readonly holds: (stored: unknown) => boolean;
}

const COMPARISONS: Record<string, (key: Key, given: Given) => boolean> = {
  '': (key, given) => key === given.key,
  exact: (key, given) => key === given.key,
  gt: (key, given) => key > given.key,
  gte: (key, given) => key >= (given.above ?? given.key),
  lt: (key, given) => key < (given.above ?? given.key),
  lte: (key, given) => key <= given.key,
};

// In the "C" collation only ASCII has a case; the value's own case is folded by the database's, so it is ASCII too.
const upper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
const PATTERNS: Record<string, (text: string, part: string) => boolean> = {
  iexact: (text, part) => upper(text) === upper(part),
  contains: (text, part) => text.includes(part),
  icontains: (text, part) => upper(text).includes(upper(part)),
  startswith: (text, part) => text.startsWith(part),
  istartswith: (text, part) => upper(text).startsWith(upper(part)),
  endswith: (text, part) => text.endsWith(part),
  iendswith: (text, part) => upper(text).endsWith(upper(part)),
};

function comparisons(kind: Kind): fc.Arbitrary<ColumnLookup> {
  const given = GIVEN[kind];
  const key = KEYS[kind];
  return fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(fc.constantFrom(...Object.keys(COMPARISONS)), given).map(([suffix, one]) => ({
        suffix,
        value: one.value,
        holds: (x: unknown) => COMPARISONS[suffix]?.(key(x), one) === true,
      })),
    },
    {
      weight: 2,
      arbitrary: fc.tuple(given, given).map(([low, high]) => ({
        suffix: 'range',
        value: [low.value, high.value],
        holds: (x: unknown) => key(x) >= low.key && key(x) <= high.key,
      })),
    },
    {
      weight: 2,
      arbitrary: fc.array(given, { minLength: 1, maxLength: 4 }).map((list) => ({
        suffix: 'in',
        value: list.map((one) => one.value),
        holds: (x: unknown) => list.some((one) => one.key === key(x)),
      })),
    },
    {
      weight: 1,
      // NULL is in no list, and takes nothing out of one.
      arbitrary: given.map((one) => ({
        suffix: 'in',
        value: new Set([null, one.value]),
        holds: (x: unknown) => one.key === key(x),
      })),
    },
  );
}

const isAscii = (value: unknown): boolean => /^[\x01-\x7f]*$/.test(String(value));
const patterns: fc.Arbitrary<ColumnLookup> = fc
  .tuple(fc.constantFrom(...Object.keys(PATTERNS)), GIVEN.text)
  .filter(([suffix, { value }]) => !suffix.startsWith('i') || isAscii(value))
  .map(([suffix, { value }]) => ({
    suffix,
    value,
    holds: (x: unknown) => PATTERNS[suffix]?.(x as string, String(value)) === true,
  }));

const joined = (name: string, suffix: string): string => (suffix === '' ? name : `${name}__${suffix}`);
const columnOf = (row: Row | null, name: string): unknown => (row === null ? null : (row.columns[name] ?? null));

/** Every lookup of a column at the end of a path. */
export function leavesOf(path: readonly string[], column: Column): fc.Arbitrary<Leaf> {
  const { name, kind, beside } = column;
  const lookups = kind === 'text' ? fc.oneof(comparisons(kind), patterns) : comparisons(kind);
  const plain: fc.Arbitrary<Leaf> = lookups.map(({ suffix, value, holds }) => ({
    path,
    key: joined(name, suffix),
    value,
    truth: (far) => {
      const x = columnOf(far, name);
      return x === null ? null : holds(x);
    },
  }));
  const nulls: fc.Arbitrary<Leaf> = fc
    .constantFrom<[string, unknown, boolean]>(
      ['isnull', true, true],
      ['isnull', false, false],
      ['', null, true],
      ['exact', null, true],
    )
    .map(([suffix, value, wanted]) => ({
      path,
      key: joined(name, suffix),
      value,
      truth: (far) => (columnOf(far, name) === null) === wanted,
    }));
  const none: fc.Arbitrary<Leaf> = fc.constantFrom([], [null]).map((value) => ({
    path,
    key: `${name}__in`,
    value,
    truth: () => false,
  }));
  const all = [
    { weight: 8, arbitrary: plain },
    { weight: 2, arbitrary: nulls },
    { weight: 1, arbitrary: none },
  ];
  if (beside !== undefined) {
    const compared: fc.Arbitrary<Leaf> = fc.constantFrom('', 'gt', 'gte', 'lt', 'lte').map((suffix) => ({
      path,
      key: joined(name, suffix),
      value: F(beside),
      truth: (far, start): Truth => {
        const [a, b] = [columnOf(far, name), columnOf(start, beside)];
        if (a === null || b === null) return null;
        return COMPARISONS[suffix]?.(keyOf(kind, a), { value: b, key: keyOf(kind, b) }) === true;
      },
    }));
    all.push({ weight: 1, arbitrary: compared });
  }
  return fc.oneof(...all);
}
