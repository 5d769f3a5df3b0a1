/** Extract and Trunc: parts of dates and times, in a time zone. */
import { same } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { type FieldType, dateLike } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { CURRENT_ZONE, checkZone } from '../meta/timezone.js';
import { UserExpression } from './base.js';
import type { Expression, ResolveOptions } from './expression.js';
import type { Query } from '../compile/query.js';

export const DATE_PARTS = ['year', 'iso_year', 'quarter', 'month', 'week', 'day', 'week_day', 'iso_week_day'];
export const TIME_PARTS = ['hour', 'minute', 'second'];
const PARTS = [...DATE_PARTS, ...TIME_PARTS];
/** PostgreSQL's names of parts, where they are others. */
const FIELDS: Record<string, string> = { iso_year: 'ISOYEAR', week_day: 'DOW', iso_week_day: 'ISODOW' };

abstract class DateFunction extends UserExpression {
  readonly zone: string | undefined;
  constructor(
    inner: Expression,
    readonly kind: string,
    options: { tzinfo?: string | undefined; output_field?: unknown } = {},
  ) {
    super([inner], options.output_field);
    const zone = options.tzinfo ?? undefined;
    this.zone = zone === undefined ? undefined : checkZone(zone);
  }
  protected override ownKey(): string {
    return `${this.kind}${this.zone === undefined ? '' : `@${this.zone}`}`;
  }
  override resolve(query: Query, options: ResolveOptions): Expression {
    const resolved = super.resolve(query, options) as this;
    if (this.zone !== undefined && /^(date|time|interval)$/.test(`${resolved.inner.output?.family}`))
      refuse('tzinfo can only be used with a timestamp.');
    resolved.validate();
    return resolved;
  }
  validate(): void {}
  /** The zone that it is read in. */
  zoneSql(compiler: Compiler): string {
    return this.zone === undefined ? compiler.param(CURRENT_ZONE, same) : compiler.constant(this.zone);
  }
  protected local(compiler: Compiler): string {
    const sql = compiler.compile(this.inner);
    return this.inner.output?.family === 'timestamptz' ? this.inZone(sql, compiler) : sql;
  }
  protected inZone(sql: string, compiler: Compiler): string {
    return `(${sql} AT TIME ZONE ${this.zoneSql(compiler)})`;
  }
}

function checkKind(who: string, kind: string, kinds: readonly string[]): void {
  if (!kinds.includes(kind)) refuse(`${who} has no kind '${kind}'. Kinds: ${kinds.join(', ')}`);
}

const MOMENT = [...PARTS, 'date', 'time'];
/** What a value of each family has, and can be cut down to. */
const PARTS_OF: Record<string, readonly string[]> = {
  date: [...DATE_PARTS, 'date'],
  time: [...TIME_PARTS, 'time'],
  timestamp: MOMENT,
  timestamptz: MOMENT,
  other: PARTS,
};

/** A part of a date as a number. */
export class Extract extends DateFunction {
  constructor(inner: Expression, kind: string, options: { tzinfo?: string | undefined } = {}) {
    super(inner, kind, options);
    checkKind('Extract', kind, PARTS);
  }
  override get output(): FieldType {
    return TYPES.integer;
  }
  override validate(): void {
    const family = this.inner.output?.family ?? 'other';
    const parts = family === 'interval' ? ['day', ...TIME_PARTS] : PARTS_OF[family];
    if (!parts?.includes(this.kind)) refuse(`Cannot extract '${this.kind}' from a value of type ${family}.`);
  }
  override sql(compiler: Compiler): string {
    const part = `EXTRACT(${FIELDS[this.kind] ?? this.kind.toUpperCase()} FROM ${this.local(compiler)})`;
    // Seconds have a fraction in PostgreSQL, and none in Django.
    if (this.kind === 'second') return `TRUNC(${part})`;
    return this.kind === 'week_day' ? `(${part} + 1)` : part;
  }
}

const UNITS = ['year', 'quarter', 'month', 'week', 'day', ...TIME_PARTS, 'date', 'time'];

/** A date cut down to a unit. */
export class Trunc extends DateFunction {
  constructor(inner: Expression, kind: string, options: { tzinfo?: string | undefined; output_field?: unknown } = {}) {
    super(inner, kind, options);
    checkKind('Trunc', kind, UNITS);
  }
  protected override get ownOutput(): FieldType | undefined {
    const source = this.inner.output;
    if (this.kind === 'date') return source && dateLike(source, 'date');
    if (this.kind === 'time') return TYPES.time;
    return source;
  }
  override validate(): void {
    const source = this.inner.output?.family ?? 'unknown';
    const target = this.output?.family ?? 'unknown';
    const fit = [source, target].every((family) => PARTS_OF[family]?.includes(this.kind));
    // A date and a time stay what they are; of an unknown type the result has to be named.
    const kept = source === 'date' || source === 'time' ? target === source : target !== 'other';
    if (!fit || !kept) refuse(`Cannot truncate ${source} to '${this.kind}' as ${target}.`);
  }
  override sql(compiler: Compiler): string {
    const { kind } = this;
    const source = this.inner.output?.family;
    const target = this.output?.family;
    // In the hour that a clock repeats, local time does not say which moment it was.
    if (source === 'timestamptz' && target === source)
      return `DATE_TRUNC('${kind}', ${compiler.compile(this.inner)}, ${this.zoneSql(compiler)})`;
    const local = this.local(compiler);
    if (kind === 'date' || kind === 'time') return `(${local})::${kind}`;
    const cut = `DATE_TRUNC('${kind}', ${local}${source === 'date' ? '::timestamp' : ''})`;
    if (source === 'date' || target === 'date' || target === 'time') return `${cut}::${target}`;
    // What was cut is local time: of a moment it is made one again.
    return target === 'timestamptz' && source !== 'other' ? this.inZone(cut, compiler) : cut;
  }
}
