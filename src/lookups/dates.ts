/** Lookups on the year of a date: as bounds of the column itself, which an index can serve. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { Extract } from '../expressions/dates.js';
import { shown } from '../meta/codecs.js';
import { isDateLike } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { Param } from '../meta/param.js';
import { COMPARISONS } from './comparison.js';
import type { LookupDefinition } from './lookup.js';

const thisYear: Encode = (value) => TYPES.integer.encode(value);
const nextYear: Encode = (value) => String(Number(TYPES.integer.encode(value)) + 1);

function checkYear(value: unknown): void {
  const year = Number(TYPES.integer.encode(value));
  if (year < 1 || year > 9999) refuse(`A year lies between 1 and 9999, got ${shown(value)}.`);
}

/** The first moment of the year, in the column's own type. */
function start(compiler: Compiler, extract: Extract, rhs: Param, encode: Encode): string {
  const year = `${compiler.param(rhs, encode)}::integer`;
  const family = extract.inner.output?.family;
  if (family === 'date') return `make_date(${year}, 1, 1)`;
  if (family === 'timestamp') return `make_timestamp(${year}, 1, 1, 0, 0, 0)`;
  return `make_timestamptz(${year}, 1, 1, 0, 0, 0, ${extract.zoneSql(compiler)})`;
}

type Bounds = (column: string, first: () => string, next: () => string) => string;

const base = (name: string): LookupDefinition => COMPARISONS[name] as LookupDefinition;
const yearLookup = (name: string, bounds: Bounds): LookupDefinition => ({
  check: () => checkYear,
  write(lookup, compiler) {
    const { lhs: extract, rhs } = lookup;
    if (!(extract instanceof Extract) || !(rhs instanceof Param)) return base(name).write(lookup, compiler);
    return bounds(
      compiler.compile(extract.inner),
      () => start(compiler, extract, rhs, thisYear),
      () => start(compiler, extract, rhs, nextYear),
    );
  },
});

const YEAR: Record<string, LookupDefinition> = {
  exact: yearLookup('exact', (c, first, next) => `(${c} >= ${first()} AND ${c} < ${next()})`),
  gt: yearLookup('gt', (c, _first, next) => `${c} >= ${next()}`),
  gte: yearLookup('gte', (c, first) => `${c} >= ${first()}`),
  lt: yearLookup('lt', (c, first) => `${c} < ${first()}`),
  lte: yearLookup('lte', (c, _first, next) => `${c} < ${next()}`),
};

/** The lookups that a part of a date has of its own. */
export const datePartLookups = (lhs: unknown): Record<string, LookupDefinition> | undefined =>
  lhs instanceof Extract && lhs.kind === 'year' && isDateLike(lhs.inner.output) ? YEAR : undefined;
