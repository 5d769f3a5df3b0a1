/** What a value is to PostgreSQL: its family (which lookups it has), its SQL type, how it travels in and out. */
import { isArray, isText } from './kinds.js';
import { Column, is, SQL } from 'drizzle-orm';
import { pgTable } from 'drizzle-orm/pg-core';
import { refuse } from '../errors.js';
import * as codec from './codecs.js';
import { qualified } from './model.js';
import { once } from './once.js';
import { type AnyColumn, columnDecoder, type DialectDecoder, elementColumnOf, modeOf, sqlTypeOf } from './column.js';
import * as TYPES from './types.js';

export type Family =
  | 'text'
  | 'integer'
  | 'float'
  | 'numeric'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'array'
  | 'bytea'
  | 'enum'
  | 'range'
  | 'tsvector'
  | 'inet'
  | 'other';

export type Mode = 'date' | 'string' | 'number' | 'bigint' | 'default';

export interface FieldType {
  readonly family: Family;
  /** The SQL type with its modifiers: what `Cast` writes. */
  readonly sql: string;
  /** The SQL type without modifiers: what a parameter is cast to. */
  readonly base: string;
  /** A JavaScript value (never null) → what the driver is given. Throws a ValueError for what cannot be one. */
  readonly encode: (value: unknown) => unknown;
  /** What the driver gave (never null) → a JavaScript value; undefined where both are the same. */
  readonly decode?: ((raw: unknown) => unknown) | undefined;
  /** Of an array's elements. */
  readonly element?: FieldType;
  /** Whether dates come as `Date`; the twin types of a date (date ↔ timestamp) keep it. */
  readonly mode: Mode;
}

/**
 * The cast of a parameter that is written for a type. JSON travels as text: a driver that is told of a JSON parameter
 * may make JSON of it once more.
 */
export const castOfParam = (type: FieldType): string => (isJson(type) ? `::text::${type.base}` : `::${type.base}`);

export const isJson = (type: FieldType): boolean => type.family === 'json';

const byColumn = new WeakMap<object, FieldType>();

const TYPES_OF_FAMILY: Partial<Record<Family, readonly string[]>> = {
  text: ['text', 'varchar', 'character varying', 'char', 'character', 'bpchar', 'citext', 'name'],
  integer: ['smallint', 'integer', 'int', 'bigint', 'int2', 'int4', 'int8', 'oid'],
  float: ['real', 'double precision', 'float4', 'float8', 'float'],
  numeric: ['numeric', 'decimal'],
  boolean: ['boolean', 'bool'],
  date: ['date'],
  time: ['time', 'time without time zone', 'time with time zone', 'timetz'],
  timestamp: ['timestamp', 'timestamp without time zone'],
  timestamptz: ['timestamptz', 'timestamp with time zone'],
  interval: ['interval'],
  uuid: ['uuid'],
  json: ['json', 'jsonb'],
  bytea: ['bytea'],
  inet: ['inet', 'cidr', 'macaddr', 'macaddr8'],
  tsvector: ['tsvector'],
  range: ['int4range', 'int8range', 'numrange', 'tsrange', 'tstzrange', 'daterange'],
};
const FAMILIES = new Map(
  Object.entries(TYPES_OF_FAMILY).flatMap(([family, types]) => types.map((type) => [type, family as Family] as const)),
);

const DATES = new Set<Family>(['date', 'timestamp', 'timestamptz']);

const SERIAL: Record<string, string> = { serial: 'integer', smallserial: 'smallint', bigserial: 'bigint' };

/** Types that without a length have the length 1, by the names that leave it open: a cast to one cuts nothing off. */
const OPEN: Record<string, string> = { ...SERIAL, char: 'bpchar', character: 'bpchar', bit: '"bit"' };

/** `numeric(10, 2)` → `numeric`; `timestamp (3) with time zone` → `timestamp with time zone`. */
function baseName(sql: string): string {
  const bare = sql
    .toLowerCase()
    .replace(/\s*\([^)]*\)/, '')
    .trim();
  return OPEN[bare] ?? bare;
}

/** How a Drizzle column stores and gives its values. */
export function typeOfColumn(column: Column, dialect?: DialectDecoder): FieldType {
  const known = byColumn.get(column);
  if (known) return known;
  const made = build(column as AnyColumn, dialect);
  // What a dialect alone can read is read in its driver's own way: the same table may serve databases of several.
  if (!dialect || innermost(made).family !== 'other') byColumn.set(column, made);
  return made;
}

function build(column: AnyColumn, dialect?: DialectDecoder): FieldType {
  const sql = sqlTypeOf(column);
  if (sql.endsWith(']')) return arrayOfColumn(column, sql, dialect);
  const named = typeNamed(sql);
  const pgEnum = (column as { enum?: { schema?: string; enumValues: string[] } }).enum;
  const family: Family = pgEnum ? 'enum' : named.family;
  const mode = modeOf(column) ?? (DATES.has(family) ? 'date' : 'default');
  // What Drizzle or the user's own column alone understands is theirs to write and to read.
  const isForeign = column.columnType === 'PgCustomColumn' || family === 'other';
  return {
    ...named,
    family,
    base: pgEnum ? qualified(pgEnum.schema, sql) : named.base,
    mode,
    encode: isForeign ? ownEncoder(column, named) : pgEnum ? codec.enumOf(pgEnum.enumValues) : named.encode,
    decode: !isForeign && passesThrough(column, family, mode) ? named.decode : columnDecoder(column, dialect),
  };
}

/** What the name of a type says of it. */
function typeNamed(sql: string): FieldType {
  const base = baseName(sql);
  const family = FAMILIES.get(base) ?? 'other';
  const encode = codec.encoderOf(family, base);
  return {
    family,
    sql: SERIAL[sql.toLowerCase()] ?? sql,
    base,
    mode: 'default',
    encode,
  };
}

/**
 * A column's own mapping; of a document it may make the text or leave that to the driver. What is neither bytes nor their
 * text a driver may wait for without an end.
 */
const ownEncoder =
  (column: AnyColumn, { family, encode }: Pick<FieldType, 'family' | 'encode'>): FieldType['encode'] =>
  (value) => {
    // JSON's own null is one of a document's values.
    const written: unknown = value === null ? value : column.mapToDriverValue(value);
    if (is(written, SQL)) refuse(`The column '${column.name}' writes a value as SQL, which is no parameter.`);
    const isOwn = family === 'array' || ((family === 'json' || family === 'bytea') && !isText(written));
    return isOwn ? encode(written) : written;
  };

/** Does every driver give these values as the column does already? */
function passesThrough({ columnType }: AnyColumn, family: Family, mode: Mode): boolean {
  // Whole numbers beyond 2^53 come as numbers or as text, by the driver.
  return mode === 'default' ? columnType !== 'PgBytea' : mode === 'string' && family !== 'integer';
}

function arrayOfColumn(column: AnyColumn, sql: string, dialect?: DialectDecoder): FieldType {
  const inner = elementColumnOf(column);
  const element = inner ? build(inner, dialect) : typeNamed(sql.replace(/[[\]\d]+$/, ''));
  const type = arrayType(innermost(element), sql.replace(/\[\d+\]/g, '[]'));
  if (inner) return type;
  // A custom column that says of itself that it is an array.
  const read = (raw: unknown) => column.mapFromDriverValue(type.decode?.(raw) as never);
  return { ...type, encode: ownEncoder(column, type), decode: read };
}

/** PostgreSQL has one type for arrays of any number of dimensions. */
const innermost = (type: FieldType): FieldType => (type.element ? innermost(type.element) : type);

/** An array whose elements are of a given type. */
export function arrayType(element: FieldType, sql = `${element.sql}[]`): FieldType {
  const { family, encode } = element;
  const fromText = codec.textDecoder(element);
  const { decode } = element;
  // postgres.js parses a NULL as a number: NaN.
  const parsed: typeof decode =
    family === 'integer' ? (raw) => (Number.isNaN(raw) ? null : decode ? decode(raw) : raw) : decode;
  // Elements whose encoder reads their text; of others PostgreSQL's own text is not what a user gives.
  const ownText = !['json', 'bytea', 'other'].includes(family);
  // A document or what a column maps by itself may be an array, which is no further dimension.
  const isPlain = family === 'enum' || (family !== 'json' && encode === codec.encoderOf(family, element.base));
  const dimensions = isPlain ? undefined : sql.split('[]').length - 1;
  return {
    family: 'array',
    sql,
    base: `${element.base}[]`,
    mode: 'default',
    element,
    encode: (value) => {
      if (isText(value)) return codec.encodeArrayText(value, ownText ? encode : undefined);
      if (!isArray(value)) refuse(`Expected an array, got ${codec.shown(value)}.`);
      return codec.arrayLiteral(value, encode, dimensions);
    },
    decode: (raw) => codec.decodeArray(raw, isText(raw) ? fromText : parsed),
  };
}

export const arrayTypeOf = once((element: FieldType) => arrayType(element));

/** The expression's own SQL type may be another than the one that it is said to have: a number may come as text. */
const tolerant = once((type: FieldType): FieldType => ({ ...type, decode: codec.tolerantDecoder(type) }));

/**
 * The type of a builder. It is mostly written in the call itself, anew each time: builders that say the same have one type,
 * so that their queries have one shape. What a custom column does is in its functions, and no two are known to be alike.
 */
const typeOfBuilder = once((builder: object): FieldType => {
  const { c } = pgTable('output', { c: builder as never }) as unknown as { c: AnyColumn };
  const type = typeOfColumn(c);
  let inner = c;
  for (let next = elementColumnOf(c); next; next = elementColumnOf(next)) inner = next;
  if (inner.columnType === 'PgCustomColumn') return type;
  const key = JSON.stringify([type.sql, type.base, inner.columnType, inner.enumValues]);
  const known = byText.get(key);
  if (!known) byText.set(key, type);
  return known ?? type;
});
const byText = new Map<string, FieldType>();

/** `output_field`: a Drizzle column, or a builder (`numeric({ precision: 8, scale: 2 })`) that is made into one. */
export function typeOfOutput(output: unknown): FieldType {
  if (output && typeof output === 'object') {
    // JSON has no functions: what has one is of this library, and no text of a stranger's.
    if (typeof (output as FieldType).encode === 'function') return output as FieldType;
    if (is(output, Column)) return tolerant(typeOfColumn(output));
    if (typeof (output as { notNull?: unknown }).notNull === 'function') return tolerant(typeOfBuilder(output));
  }
  refuse('output_field takes a Drizzle column or column builder.');
}

/** The type that an option gives, where it is given. */
export const optionalType = (output: unknown): FieldType | undefined =>
  output === undefined || output === null ? undefined : typeOfOutput(output);

/** A date, with a time or without. */
export const isDateLike = (type: FieldType | undefined): boolean => type !== undefined && DATES.has(type.family);

/** The date type of the same mode as a timestamp's, and so on: `Date` stays `Date`, text stays text. */
export function dateLike(source: FieldType, family: 'date' | 'timestamp' | 'timestamptz'): FieldType {
  const asDate = source.mode === 'date';
  if (family === 'date') return asDate ? TYPES.dateAsDate : TYPES.date;
  if (family === 'timestamp') return asDate ? TYPES.timestampAsDate : TYPES.timestamp;
  return asDate ? TYPES.timestamptzAsDate : TYPES.timestamptz;
}
