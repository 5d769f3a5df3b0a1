/** Drizzle's own SQL wherever a condition or an expression is taken: the escape hatch. */
import { Column, is, isSQLWrapper, Placeholder, SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Compiler } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import { dialect } from '../meta/dialect.js';
import { TYPES, type FieldType } from '../meta/field-type.js';
import { heldQuery } from '../meta/held.js';
import { quote } from '../meta/model.js';
import { Param } from '../meta/param.js';
import { copy, Expression, type Relabel } from './expression.js';

/** Something that Drizzle made: it cannot come out of JSON, whatever its keys are. */
export function isDrizzleSql(value: unknown): value is SQLWrapper {
  // Drizzle's `is` reads the constructor, which an object without a prototype has not.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) === null) return false;
  return is(value, SQL) || is(value, SQL.Aliased) || is(value, Column) || isBuilder(value);
}

/** A query of Drizzle's own, `db.select(…)`: it knows its place in SQL and what it would select. */
const isBuilder = (value: object): boolean =>
  isSQLWrapper(value) && typeof (value as { toSQL?: unknown }).toSQL === 'function' && !heldQuery(value);

export function drizzleExpression(value: SQLWrapper): Expression {
  return new DrizzleSQL(value);
}

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

export class DrizzleSQL extends Expression {
  private readonly text: string;
  private readonly values: readonly unknown[];
  private readonly params: readonly Param[] = [];
  private readonly decoder: Decoder | undefined;

  constructor(source: SQLWrapper) {
    super();
    const own = is(source, SQL.Aliased) ? source.sql : is(source, SQL) ? source : sql`${source}`;
    const query = dialect.sqlToQuery(own);
    for (const value of query.params) {
      if (is(value, Placeholder)) throw new ValueError(`Drizzle's placeholder '${value.name}' has no value here.`);
    }
    this.text = query.sql;
    this.values = query.params;
    const decoder = is(source, Column) ? source : (own as unknown as { decoder?: Decoder }).decoder;
    this.decoder = decoder as Decoder | undefined;
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
    const text = renamed(this.text, change.aliases);
    if (!change.params && text === this.text) return this;
    const params = this.params.map((p) => change.params?.get(p) ?? p);
    return copy(this, { params, text } as never);
  }
  override get output(): FieldType {
    const decoder = this.decoder;
    return decoder ? { ...TYPES.unknown, decode: (raw) => decoder.mapFromDriverValue(raw) } : TYPES.unknown;
  }
  /** Drizzle's `asc(…)` and `desc(…)` write the direction into the text: what is left without it, and what it says. */
  direction(): { bare: DrizzleSQL; descending: boolean; nulls: string | undefined } | undefined {
    const found = /\s(asc|desc)(?:\s+nulls\s+(first|last))?\s*$/i.exec(this.text);
    if (!found) return undefined;
    const bare = copy(this as DrizzleSQL, { text: this.text.slice(0, found.index) } as never);
    return { bare, descending: found[1]?.toLowerCase() === 'desc', nulls: found[2]?.toLowerCase() };
  }
  override sql(compiler: Compiler): string {
    // Drizzle numbers its places from 1 in order; quoted text holds no place.
    return this.text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g, (all, n: string | undefined) => {
      const param = n === undefined ? undefined : this.params[Number(n) - 1];
      return param ? compiler.param(param, asIs) : all;
    });
  }
}

/**
 * Inside another query a table has another name, and so have the columns that Drizzle wrote with it. A table that the
 * text itself selects from keeps its own.
 */
function renamed(text: string, aliases: Relabel['aliases']): string {
  return text.replace(
    /'(?:[^']|'')*'|(?:"(?:[^"]|"")+"\.)?"((?:[^"]|"")+)"\.(?=")/g,
    (all, name: string | undefined) => {
      const alias = name === undefined ? undefined : aliases.get(name.replaceAll('""', '"'));
      return alias === undefined || brings(text, name as string) ? all : `${quote(alias)}.`;
    },
  );
}
const brings = (text: string, quoted: string): boolean =>
  text
    .split(/\b(?:from|join|using)\b|,/i)
    .slice(1)
    .some((part) => /^\s*(?:"(?:[^"]|"")+"\.)?"((?:[^"]|"")+)"(?!\.)/.exec(part)?.[1] === quoted);

/** Drizzle has encoded its own parameters already. */
const asIs = (value: unknown): unknown => value;
