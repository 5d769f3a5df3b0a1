/** exact, gt, gte, lt, lte, in, range, isnull: what every type has. */
import { isArray } from '../meta/kinds.js';
import type { Compiler, Encode } from '../compile/compiler.js';
import { EmptyResultSet } from '../expressions/empty.js';
import { refuse } from '../errors.js';
import { Expression } from '../expressions/expression.js';
import { KeyRow } from '../expressions/refs.js';
import { listLiteral, shown } from '../meta/codecs.js';
import type { FieldType } from '../meta/field-type.js';
import { once } from '../meta/once.js';
import { isNulls, Param } from '../meta/param.js';
import { encodes, ListRhs, Lookup, type LookupDefinition, place, type Rhs } from './lookup.js';

const MOST = 2n ** 63n - 1n;
const LEAST = -(2n ** 63n);

/** Whole numbers compare as bigint, so that one too large for the column matches nothing instead of failing. */
const wholeEncoder = /* @__NO_SIDE_EFFECTS__ */ (round: (value: number) => number) =>
  once(
    (type: FieldType): Encode =>
      (value) => {
        const text = type.encode(
          typeof value === 'number' && !Number.isInteger(value) ? round(value) : value,
        ) as string;
        if (text.length < 18) return text;
        const big = BigInt(text);
        return (big > MOST ? MOST : big < LEAST ? LEAST : big).toString();
      },
  );
/** What is not whole is cut off, or rounded up where the values below it are meant. */
const CUT = wholeEncoder(Math.trunc);
const UP = wholeEncoder(Math.ceil);

/** The encoder of a comparison: one function per type, so that equal places are found to be equal. */
export const comparisonEncoder = (type: FieldType | undefined, fallback: Encode, whole = CUT): Encode =>
  type?.family === 'integer' ? whole(type) : fallback;

function castOf({ output, outputField }: Expression): string {
  if (output?.family === 'integer') return '::bigint';
  if (output?.family === 'json') return '::text::jsonb';
  // What is said to have a fraction may be whole in SQL.
  return outputField && /float|numeric/.test(outputField.family) ? `::${outputField.base}` : '';
}

/** A comparison's encoder, which rounds what is not whole to a whole column's own values. */
const encoderOf = (lookup: Lookup, whole = CUT): Encode => comparisonEncoder(lookup.lhs.output, lookup.encode, whole);

const comparison = (operator: string, whole = CUT): LookupDefinition => ({
  check: (lookup) => encodes(encoderOf(lookup, whole)),
  write: (lookup, compiler) =>
    `${compiler.compile(lookup.lhs)} ${operator} ${lookup.right(compiler, encoderOf(lookup, whole), castOf(lookup.lhs))}`,
});

const EQUAL = comparison('=');
export const EXACT: LookupDefinition = {
  ...EQUAL,
  write(lookup, compiler) {
    const { lhs, rhs } = lookup;
    // A condition compared with true or false is itself, or its negation.
    if (rhs instanceof Param && typeof rhs.sample === 'boolean' && lhs.isCondition)
      return rhs.sample ? lhs.sql(compiler) : `NOT ${compiler.compile(lhs)}`;
    return EQUAL.write(lookup, compiler);
  },
};

/** A list as one array parameter; NULL equals nothing and is left out. */
export const listEncoder = once(
  (encode: Encode): Encode =>
    (value) =>
      listLiteral(
        (value as unknown[]).filter((item) => item !== null),
        encode,
      ),
);

/** An empty list: nothing is in it. Known from the shape, since `describe` tells empty lists apart. */
export const isEmptyList = (rhs: Rhs): boolean => rhs instanceof Param && isNulls(rhs.sample);

export const IN: LookupDefinition = {
  check(lookup) {
    const encode = encoderOf(lookup);
    return (value) => {
      if (!isArray(value)) refuse(`'in' takes a list or a queryset, got ${shown(value)}.`);
      for (const item of value) {
        if (item === undefined) refuse("'in' was given a list with undefined in it.");
        if (item !== null) encode(item);
      }
    };
  },
  write(lookup, compiler) {
    const { rhs, type } = lookup;
    if (isEmptyList(rhs)) throw new EmptyResultSet();
    const lhs = compiler.compile(lookup.lhs);
    const encode = encoderOf(lookup);
    if (rhs instanceof ListRhs) {
      if (rhs.items.length === 0) throw new EmptyResultSet();
      return `${lhs} IN (${rhs.items.map((item) => place(compiler, item, encode, '')).join(', ')})`;
    }
    if (rhs instanceof Expression) {
      const sql = compiler.compile(rhs);
      return `${lhs} IN ${sql.startsWith('(') ? sql : `(${sql})`}`;
    }
    // PostgreSQL has no ragged arrays of arrays: each goes as text and is cast back.
    if (type.family === 'array')
      return `${lhs} IN (SELECT x::${type.base} FROM unnest(${compiler.param(rhs, listEncoder(encode))}::text[]) AS x)`;
    const cast = type.family === 'json' ? `::${type.base}` : castOf(lookup.lhs);
    return `${lhs} = ANY(${compiler.param(rhs, listEncoder(encode))}${cast && `${cast}[]`})`;
  },
};

/** The encoders of a pair's two ends. */
const endEncoders = once((encode: Encode): readonly [Encode, Encode] => {
  const end =
    (at: number): Encode =>
    (value) =>
      (value as unknown[])[at] === null ? null : encode((value as unknown[])[at]);
  return [end(0), end(1)];
});

/** Both ends of a pair, written. */
export const writeEnds = ({ rhs }: Lookup, compiler: Compiler, encode: Encode, cast: string): string[] =>
  rhs instanceof ListRhs
    ? rhs.items.map((item) => place(compiler, item, encode, cast))
    : endEncoders(encode).map((end) => place(compiler, rhs, end, cast));

/** Checks that there are two values, of a list with expressions in it too. */
function checkPair(value: unknown): asserts value is unknown[] {
  if (!isArray(value) || value.length !== 2) refuse(`'range' takes two values, got ${shown(value)}.`);
}

const RANGE: LookupDefinition = {
  check(lookup) {
    const encode = encoderOf(lookup);
    return (value) => {
      checkPair(value);
      for (const end of endEncoders(encode)) end(value);
    };
  },
  prepare(rhs, lookup) {
    const items: unknown = rhs instanceof ListRhs ? rhs.items : rhs;
    checkPair(items);
    for (const item of items) if (item instanceof Param) item.require(encodes(encoderOf(lookup)));
  },
  write(lookup, compiler) {
    // The type json has no order of its own.
    const lhs = compiler.compile(lookup.lhs) + (lookup.type.base === 'json' ? '::jsonb' : '');
    const ends = writeEnds(lookup, compiler, encoderOf(lookup), castOf(lookup.lhs));
    return `${lhs} BETWEEN ${ends.join(' AND ')}`;
  },
};

const ISNULL: LookupDefinition = {
  check: () => (value) => {
    if (typeof value !== 'boolean') refuse(`'isnull' takes true or false, got ${shown(value)}.`);
  },
  prepare() {
    refuse("'isnull' takes true or false.");
  },
  write(lookup, compiler) {
    const { lhs } = lookup;
    const wants = wantsNull(lookup);
    // A composite key is missing where any of its columns is.
    const isKey = wants && lhs instanceof KeyRow;
    const sql = `${compiler.compile(lhs)} IS ${wants && !isKey ? '' : 'NOT '}NULL`;
    return isKey ? `NOT (${sql})` : sql;
  },
};

/** `isnull` with a value that no call gives, or that is part of the shape: `describe` tells true and false apart. */
export const isNull = (lhs: Expression, value: Param): Lookup => new Lookup(lhs, value, ISNULL);
/** Whether it is an `isnull`, and asks for NULL. */
export const isIsNull = (condition: Expression): condition is Lookup =>
  condition instanceof Lookup && condition.definition === ISNULL;
export const wantsNull = (lookup: Lookup): boolean => lookup.rhs instanceof Param && lookup.rhs.sample === true;

/** What every type has. */
export const COMPARISONS: Record<string, LookupDefinition> = {
  exact: EXACT,
  gt: comparison('>'),
  gte: comparison('>=', UP),
  lt: comparison('<', UP),
  lte: comparison('<='),
  in: IN,
  range: RANGE,
  isnull: ISNULL,
};
