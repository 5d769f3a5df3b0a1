/** Drizzle's own SQL wherever a condition or an expression is taken: the escape hatch. */
import { is, Placeholder, SQL } from 'drizzle-orm';
import type { Compiler } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import { dialect, placesOf } from '../meta/dialect.js';
import { TYPES, type FieldType } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { copy, Expression, type Relabel } from './expression.js';

/** Something that Drizzle made: it cannot come out of JSON, whatever its keys are. */
export function isDrizzleSql(value: unknown): value is SQL | SQL.Aliased {
  // Drizzle's `is` reads the constructor, which an object without a prototype has not.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === null) return false;
  return is(value, SQL) || is(value, SQL.Aliased);
}

export function drizzleExpression(value: SQL | SQL.Aliased): Expression {
  return new DrizzleSQL(value);
}

export class DrizzleSQL extends Expression {
  private readonly text: string;
  private readonly values: readonly unknown[];
  private readonly params: readonly Param[] = [];
  private readonly decoder: { mapFromDriverValue(value: unknown): unknown } | undefined;

  constructor(source: SQL | SQL.Aliased) {
    super();
    const sql = is(source, SQL.Aliased) ? source.sql : source;
    const query = dialect.sqlToQuery(sql);
    for (const value of query.params) {
      if (is(value, Placeholder)) throw new ValueError(`Drizzle's placeholder '${value.name}' has no value here.`);
    }
    this.text = query.sql;
    this.values = query.params;
    this.decoder = (sql as unknown as { decoder?: { mapFromDriverValue(value: unknown): unknown } }).decoder;
  }
  override get conditional(): boolean {
    return true;
  }
  override key(): string {
    return `D${JSON.stringify(this.text)}`;
  }
  override collect(values: unknown[]): void {
    values.push(...this.values);
  }
  override bind(params: Param[]): Expression {
    const own = this.values.map((value) => new Param(value));
    params.push(...own);
    return copy(this, { params: own });
  }
  override relabel(change: Relabel): Expression {
    if (!change.params) return this;
    const params = this.params.map((p) => change.params?.get(p) ?? p);
    return copy(this, { params });
  }
  override get output(): FieldType {
    const decoder = this.decoder;
    return decoder ? { ...TYPES.unknown, decode: (raw) => decoder.mapFromDriverValue(raw) } : TYPES.unknown;
  }
  override sql(compiler: Compiler): string {
    const parts = placesOf(this.text).map((part) => {
      if (typeof part === 'string') return part;
      const param = this.params[part];
      return param ? compiler.param(param, asIs) : `$${part + 1}`;
    });
    return parts.join('');
  }
}

/** Drizzle has encoded its own parameters already. */
const asIs = (value: unknown): unknown => value;
