/** Extract and Trunc: parts of dates and times, in a time zone. */
import type { Compiler } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
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

/** Writes the same zone twice as the same place: the encoder must be one function. */
const asText = (value: unknown): unknown => value;
abstract class DateFunction extends UserExpression {
  readonly zone: string | undefined;
  constructor(
    inner: Expression,
    readonly kind: string,
    options: { tzinfo?: string; output_field?: unknown } = {},
  ) {
    super([inner], options.output_field);
    this.zone = options.tzinfo === undefined || options.tzinfo === null ? undefined : checkZone(options.tzinfo);
  }
  protected override ownKey(): string {
    return `${this.kind}${this.zone === undefined ? '' : `@${this.zone}`}`;
  }
  override resolve(query: Query, options: ResolveOptions): Expression {
    const resolved = super.resolve(query, options) as this;
    resolved.validate();
    return resolved;
  }
  validate(): void {}
  /** The zone that it is read in. */
  zoneSql(compiler: Compiler): string {
    return this.zone === undefined ? compiler.param(CURRENT_ZONE, asText) : compiler.constant(this.zone);
  }
  protected local(compiler: Compiler): string {
    const sql = compiler.compile(this.inner);
    return this.inner.output?.family === 'timestamptz' ? this.inZone(sql, compiler) : sql;
  }
  protected inZone(sql: string, compiler: Compiler): string {
    return `(${sql} AT TIME ZONE ${this.zoneSql(compiler)})`;
  }
}

const TEMPORAL: readonly string[] = ['date', 'time', 'timestamp', 'timestamptz'];

/** Seconds have a fraction in PostgreSQL, and none in Django. */
const WHOLE_SECONDS: FieldType = { ...TYPES.integer, decode: (raw) => Math.trunc(Number(raw)) };

/** A part of a date as a number. */
export class Extract extends DateFunction {
  constructor(inner: Expression, kind: string, options: { tzinfo?: string } = {}) {
    super(inner, kind, options);
    if (!PARTS.includes(kind)) throw new ValueError(`Extract has no kind '${kind}'. Kinds: ${PARTS.join(', ')}`);
  }
  override get output(): FieldType {
    return this.kind === 'second' ? WHOLE_SECONDS : TYPES.integer;
  }
  override validate(): void {
    const family = this.inner.output?.family;
    const isTime = TIME_PARTS.includes(this.kind);
    if (family === 'date' && isTime) throw new ValueError(`Cannot extract time component '${this.kind}' from a date.`);
    if (family === 'time' && !isTime) throw new ValueError(`Cannot extract date component '${this.kind}' from a time.`);
    if (family === 'interval' && !isTime && this.kind !== 'day')
      throw new ValueError(`Cannot extract component '${this.kind}' from an interval.`);
    if (family && ![...TEMPORAL, 'interval', 'other'].includes(family)) {
      throw new ValueError(`Extract takes a date, time, timestamp or interval, got ${family}.`);
    }
  }
  override sql(compiler: Compiler): string {
    const part = `EXTRACT(${FIELDS[this.kind] ?? this.kind.toUpperCase()} FROM ${this.local(compiler)})`;
    return this.kind === 'week_day' ? `(${part} + 1)` : part;
  }
}

const UNITS = ['year', 'quarter', 'month', 'week', 'day', ...TIME_PARTS];

/** A date cut down to a unit. */
export class Trunc extends DateFunction {
  constructor(inner: Expression, kind: string, options: { tzinfo?: string; output_field?: unknown } = {}) {
    super(inner, kind, options);
    if (!UNITS.includes(kind) && kind !== 'date' && kind !== 'time') {
      throw new ValueError(`Trunc has no kind '${kind}'. Kinds: ${UNITS.join(', ')}`);
    }
  }
  protected override get ownOutput(): FieldType | undefined {
    const source = this.inner.output;
    if (this.kind === 'date') return source && dateLike(source, 'date');
    if (this.kind === 'time') return TYPES.time;
    return source;
  }
  override validate(): void {
    const source = this.inner.output?.family;
    const target = this.output?.family;
    if (!source || ![...TEMPORAL, 'other'].includes(source)) {
      throw new ValueError(`Trunc takes a date, time or timestamp, got ${source ?? 'an unknown type'}.`);
    }
    if (this.kind === 'date' || this.kind === 'time') {
      if (source !== 'timestamp' && source !== 'timestamptz' && source !== this.kind)
        throw new ValueError(`Cannot truncate a ${source} to a ${this.kind}.`);
      return;
    }
    if (!target || !TEMPORAL.includes(target)) throw new ValueError('output_field must be a date, time or timestamp.');
    const isTimeUnit = TIME_PARTS.includes(this.kind);
    if (source === 'date' && (target !== 'date' || isTimeUnit))
      throw new ValueError(`Cannot truncate a date to ${target === 'date' ? this.kind : `a ${target}`}.`);
    if (source === 'time' && (target !== 'time' || !isTimeUnit))
      throw new ValueError(`Cannot truncate a time to ${target === 'time' ? this.kind : `a ${target}`}.`);
    if (target === 'date' && isTimeUnit) throw new ValueError(`Cannot truncate to ${this.kind} as a date.`);
    if (target === 'time' && !isTimeUnit) throw new ValueError(`Cannot truncate to ${this.kind} as a time.`);
  }
  override sql(compiler: Compiler): string {
    const { kind } = this;
    const local = this.local(compiler);
    const source = this.inner.output?.family;
    const target = this.output?.family;
    if (kind === 'date' || kind === 'time') return `(${local})::${kind}`;
    const cut = `DATE_TRUNC('${kind}', ${local}${source === 'date' ? '::timestamp' : ''})`;
    if (source === 'date' || target === 'date' || target === 'time') return `${cut}::${target}`;
    if (source !== 'timestamptz') return cut;
    return this.inZone(cut, compiler);
  }
}
