/** Lookups on the year of a date: as bounds of the column itself, which an index can serve. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import { Extract } from '../expressions/dates.js';
import { shown } from '../meta/codecs.js';
import { TYPES } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { CURRENT_ZONE } from '../meta/timezone.js';
import { Exact, GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual } from './comparison.js';
import type { LookupClass } from './lookup.js';

const thisYear: Encode = (value) => TYPES.integer.encode(value);
const nextYear: Encode = (value) => String(Number(TYPES.integer.encode(value)) + 1);
const zone: Encode = (value) => value;

function checkYear(value: unknown): void {
  const year = Number(TYPES.integer.encode(value));
  if (year < 1 || year > 9999) throw new ValueError(`A year lies between 1 and 9999, got ${shown(value)}.`);
}

/** The first moment of the year, in the column's own type. */
function start(compiler: Compiler, extract: Extract, rhs: Param, encode: Encode): string {
  const year = `${compiler.param(rhs, encode)}::integer`;
  const family = extract.inner.output?.family;
  if (family === 'date') return `make_date(${year}, 1, 1)`;
  if (family === 'timestamp') return `make_timestamp(${year}, 1, 1, 0, 0, 0)`;
  const at = extract.zone === undefined ? compiler.param(CURRENT_ZONE, zone) : compiler.constant(extract.zone);
  return `make_timestamptz(${year}, 1, 1, 0, 0, 0, ${at})`;
}

type Bounds = (column: string, first: () => string, next: () => string) => string;

function yearLookup(base: LookupClass, bounds: Bounds): LookupClass {
  return class extends (base as unknown as typeof Exact) {
    static override readonly lookupName = base.lookupName;
    protected override prepare(): void {
      super.prepare();
      if (this.rhs instanceof Param) this.rhs.require(checkYear);
    }
    override sql(compiler: Compiler): string {
      const extract = this.lhs;
      const family = extract instanceof Extract ? extract.inner.output?.family : undefined;
      const { rhs } = this;
      if (
        !(extract instanceof Extract) ||
        !(rhs instanceof Param) ||
        (family !== 'date' && family !== 'timestamp' && family !== 'timestamptz')
      ) {
        return super.sql(compiler);
      }
      const column = compiler.compile(extract.inner);
      return bounds(
        column,
        () => start(compiler, extract, rhs, thisYear),
        () => start(compiler, extract, rhs, nextYear),
      );
    }
  } as unknown as LookupClass;
}

const YEAR: Record<string, LookupClass> = {
  exact: yearLookup(Exact as unknown as LookupClass, (c, first, next) => `(${c} >= ${first()} AND ${c} < ${next()})`),
  gt: yearLookup(GreaterThan as unknown as LookupClass, (c, _first, next) => `${c} >= ${next()}`),
  gte: yearLookup(GreaterThanOrEqual as unknown as LookupClass, (c, first) => `${c} >= ${first()}`),
  lt: yearLookup(LessThan as unknown as LookupClass, (c, first) => `${c} < ${first()}`),
  lte: yearLookup(LessThanOrEqual as unknown as LookupClass, (c, _first, next) => `${c} < ${next()}`),
};

/** The lookups that a part of a date has of its own. */
export function datePartLookup(lhs: unknown, name: string): LookupClass | undefined {
  return lhs instanceof Extract && lhs.kind === 'year' && Object.hasOwn(YEAR, name) ? YEAR[name] : undefined;
}
