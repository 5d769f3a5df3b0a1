/** Drizzle's own SQL wherever a condition or an expression is taken: the escape hatch. */
import { isText, same } from '../meta/kinds.js';
import { Column, is, isSQLWrapper, Placeholder, SQL, type SQLWrapper, sql } from 'drizzle-orm';
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { dialect, placesOf } from '../meta/dialect.js';
import type { FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { heldQuery } from '../meta/held.js';
import { once } from '../meta/once.js';
import { quote } from '../meta/model.js';
import { Param } from '../meta/param.js';
import type { NullsOptions } from './base.js';
import { copy, Expression, type Relabel } from './expression.js';

/** Something that Drizzle made: it cannot come out of JSON, whatever its keys are. */
export function isDrizzleSql(value: unknown): value is SQLWrapper {
  if (!isSQLWrapper(value)) return false;
  // A query of Drizzle's own, `db.select(…)`, knows its place in SQL and what it would select.
  const isBuilder = typeof (value as { toSQL?: unknown }).toSQL === 'function' && !heldQuery(value);
  return isBuilder || [SQL, SQL.Aliased, Column].some((type) => is(value, type));
}

export const drizzleExpression = (value: SQLWrapper): Expression => new DrizzleSQL(value);

interface Decoder {
  mapFromDriverValue(value: unknown): unknown;
}

let decoders = 0;
const numbered = once((_decode: object) => ++decoders);
/** `mapWith(Number)` makes a decoder at each call, of the same function. */
const decoderId = (decoder: Decoder): number =>
  numbered(Object.hasOwn(decoder, 'mapFromDriverValue') ? decoder.mapFromDriverValue : decoder);

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
      if (is(value, Placeholder)) refuse(`Drizzle's placeholder '${value.name}' has no value here.`);
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
    return `D${JSON.stringify(this.text)}${this.decoder ? decoderId(this.decoder) : ''}`;
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
    return copy(this, { params, text });
  }
  override get output(): FieldType {
    const decoder = this.decoder;
    return decoder ? { ...TYPES.unknown, decode: (raw) => decoder.mapFromDriverValue(raw) } : TYPES.unknown;
  }
  /** Drizzle's `asc(…)` and `desc(…)` write the direction into the text: what is left without it, and what it says. */
  direction(): [bare: Expression, descending: boolean, nulls: NullsOptions] | undefined {
    const [end, asc, first, last] = /\s(?:(asc)|desc)(?:\s+nulls\s+(?:(first)|(last)))?\s*$/i.exec(this.text) ?? [];
    if (end === undefined) return undefined;
    const bare = copy(this, { text: this.text.slice(0, -end.length) });
    return [bare, !asc, { nulls_first: first !== undefined, nulls_last: last !== undefined }];
  }
  override sql(compiler: Compiler): string {
    const parts = placesOf(this.text).map((part) => {
      if (isText(part)) return part;
      const param = this.params[part];
      // Drizzle has encoded its own parameters already.
      return param ? compiler.param(param, same) : `$${part + 1}`;
    });
    return parts.join('');
  }
}

/**
 * Inside another query a table has another name, and so have the columns that Drizzle wrote with it. A table that the
 * text itself selects from keeps its own.
 */
const renamed = (text: string, aliases: Relabel['aliases']): string =>
  text.replace(/'(?:[^']|'')*'|(?:"(?:[^"]|"")+"\.)?"((?:[^"]|"")+)"\.(?=")/g, (all, name: string | undefined) => {
    const alias = name === undefined ? undefined : aliases.get(name.replaceAll('""', '"'));
    return alias === undefined || brings(text, name as string) ? all : `${quote(alias)}.`;
  });
const brings = (text: string, quoted: string): boolean =>
  [...text.matchAll(/(?:\b(?:from|join|using)\b|,)\s*(?:"(?:[^"]|"")+"\.)?"((?:[^"]|"")+)"(?!\.)/gi)].some(
    ([, table]) => table === quoted,
  );
