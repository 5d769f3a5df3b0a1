/** How Drizzle's own SQL is written where it becomes part of a statement of ours: the same for every driver. */
import type { Column } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';
import { arrayLiteral, encodeJson, encodeLoose, listLiteral } from './codecs.js';

/** A statement's text between its places, and the places: `$1` is 0. Quoted text holds no place. */
export function placesOf(text: string): (string | number)[] {
  const parts: (string | number)[] = [];
  let from = 0;
  for (const match of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)/g)) {
    if (match[1] === undefined) continue;
    parts.push(text.slice(from, match.index), Number(match[1]) - 1);
    from = match.index + match[0].length;
  }
  parts.push(text.slice(from));
  return parts;
}

/** What a dialect of 1.0 does with a parameter of a column; 0.45 asks the column alone. */
interface ParamCodec {
  readonly normalizeParam?: (value: unknown) => unknown;
  readonly castParam?: (place: string) => string;
  readonly normalizeParamArray: (value: unknown[]) => unknown;
}

const anyType: ParamCodec = { normalizeParamArray: (value) => arrayLiteral(value, encodeLoose) };

const jsonType = (name: string): ParamCodec => ({
  normalizeParam: encodeJson,
  castParam: (place) => `${place}::text::${name}`,
  normalizeParamArray: (value) => listLiteral(value, encodeJson),
});

const JSON_TYPES: Record<string, ParamCodec> = { json: jsonType('json'), jsonb: jsonType('jsonb') };

// Asked once a type, by its name in Drizzle: of every type that there is, only JSON is written in a way of its own.
const codecs = new Proxy(JSON_TYPES, { get: (own, type) => own[String(type)] ?? anyType });

export const dialect = new PgDialect({ codecs } as ConstructorParameters<typeof PgDialect>[0]);

const namers = new WeakMap<object, (column: Column) => string>();

/** A table's columns have the names that the `casing` of its models' database gives them. */
export function nameColumns(table: object, columnName: (column: Column) => string): void {
  namers.set(table, columnName);
}

// 1.0 has no `casing`: a column's name is its own there.
const cased = dialect as unknown as { casing?: { getColumnCasing(column: Column): string } };
if (cased.casing) cased.casing = { getColumnCasing: (column) => namers.get(column.table)?.(column) ?? column.name };
