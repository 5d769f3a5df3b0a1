/** The type of arithmetic, from the types of its two sides. */
import { dateLike, type FieldType, isDateLike } from '../meta/field-type.js';
import { once } from '../meta/once.js';
import * as TYPES from '../meta/types.js';
import type { Connector, Expression } from './expression.js';

const RANK: Partial<Record<FieldType['family'], number>> = { integer: 1, numeric: 2, float: 3 };

const rankOf = (type: FieldType): number => RANK[type.family] ?? 0;

export function combinedOutput(lhs: Expression, connector: Connector, rhs: Expression): FieldType | undefined {
  const a = lhs.output;
  const b = rhs.output;
  if (!a || !b) return a ?? b;
  // A literal of another type is one of its type: a text, or a Date beside a date.
  if (a.family === 'text' || isDateLiteral(lhs, b)) return b;
  if (b.family === 'text' || isDateLiteral(rhs, a)) return a;
  if (isDateLike(a) || isDateLike(b) || a.family === 'time' || b.family === 'time') return temporal(a, connector, b);
  if (a.family === 'interval' || b.family === 'interval') return TYPES.interval;
  return rankOf(a) > 0 && rankOf(b) > 0 ? numeric(a, b, lhs, connector, rhs) : a;
}

/** A `Date` that may be of any type of dates: nothing said what it is. */
const isDateLiteral = ({ isLiteral, outputField, output }: Expression, beside: FieldType): boolean =>
  isLiteral && !outputField && isDateLike(output) && isDateLike(beside);

/** The type of several branches: the first that is known, or the widest of numbers. A text beside another type is a literal. */
export function commonOutput(types: readonly (FieldType | undefined)[]): FieldType | undefined {
  const known = types.filter((t) => t !== undefined);
  const first = known.find((type) => type.family !== 'text') ?? known[0];
  if (!first || rankOf(first) === 0) return first;
  return known.reduce((wide, type) => {
    if (rankOf(type) !== rankOf(wide)) return rankOf(type) > rankOf(wide) ? type : wide;
    if (wide.family === 'integer') return wider(wide, type);
    return isWhole(wide) ? type : wide;
  }, first);
}

/** The same of expressions: a literal beside a column is of its type, if that has room for a fraction. */
export function comparedOutput(sources: readonly Expression[]): FieldType | undefined {
  const type = commonOutput(sources.map((s) => (s.isLiteral ? undefined : s.output)));
  return type && !isWhole(type) ? type : commonOutput(sources.map((s) => s.output));
}

/** Whole by its type: an integer, or a numeric column that is read as a bigint. */
export const isWhole = (type: FieldType): boolean => type.family === 'integer' || type.mode === 'bigint';

/** The same with room for a fraction: no bigint holds the average of two. */
export const withFraction = (type: FieldType): FieldType =>
  type.family === 'numeric' && isWhole(type) ? TYPES.numeric : type;

function temporal(a: FieldType, connector: Connector, b: FieldType): FieldType {
  if (a.family === 'interval') return b.family === 'date' ? dateLike(b, 'timestamp') : b;
  if (b.family === 'interval') return a.family === 'date' ? dateLike(a, 'timestamp') : a;
  if (connector === '-' && isDateLike(a) === isDateLike(b)) return TYPES.interval;
  return rankOf(a) > 0 ? b : a;
}

function numeric(a: FieldType, b: FieldType, lhs: Expression, connector: Connector, rhs: Expression): FieldType {
  if (a.family === 'integer' && b.family === 'integer') return connector === '^' ? TYPES.float : wider(a, b);
  const type = decisive(a, b, lhs, rhs);
  const exact = isWhole(a) && isWhole(b) && connector !== '/' && connector !== '^';
  return exact ? type : withFraction(type);
}

/** A part of a date and a sum are numeric in SQL: what is divided there has a fraction, which Django cuts. */
export const cut = once(
  (type: FieldType): FieldType => ({
    ...type,
    decode: (raw) =>
      // With no negative zero.
      (type.decode ?? Number)(typeof raw === 'number' ? Math.trunc(raw) + 0 : String(raw).replace(/(^-0)?\..*/, '')),
  }),
);

function decisive(a: FieldType, b: FieldType, lhs: Expression, rhs: Expression): FieldType {
  if (a.family === b.family) return lhs.isLiteral || (isWhole(a) && !rhs.isLiteral) ? b : a;
  // A literal that is not whole is numeric in SQL: beside a numeric column the result is that column's.
  if (a.family === 'numeric' && rhs.isLiteral) return a;
  if (b.family === 'numeric' && lhs.isLiteral) return b;
  return rankOf(a) > rankOf(b) ? a : b;
}

function wider(a: FieldType, b: FieldType): FieldType {
  const big = (type: FieldType) => type.base === 'bigint' || type.base === 'int8';
  const exact = [a, b].find((type) => big(type) && type.mode === 'bigint');
  return cut(exact ?? (big(a) || big(b) ? TYPES.bigint : TYPES.integer));
}
