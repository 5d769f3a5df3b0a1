/**
 * The types of expressions that no column stands behind. Taken whole, as `TYPES`: each is a constant of its own, so that
 * a bundler drops what only functions that nobody imports have need of.
 */
import * as codec from './codecs.js';
import type { Family, FieldType } from './field-type.js';

/* @__NO_SIDE_EFFECTS__ */
function plain(
  family: Family,
  mode: FieldType['mode'] = 'default',
  decode?: (raw: unknown) => unknown,
  base: string = family,
): FieldType {
  return { family, sql: base, base, mode, encode: codec.encoderOf(family), decode };
}

export const text: FieldType = plain('text');
export const integer: FieldType = plain('integer', 'default', Number);
/** Whole beyond 2^53 stays exact: a `bigint` where a number could not hold it. */
export const bigint: FieldType = plain('integer', 'number', codec.decodeInteger, 'bigint');
export const float: FieldType = plain('float', 'default', Number, 'double precision');
export const numeric: FieldType = plain('numeric', 'string', String);
export const boolean: FieldType = plain('boolean');
export const date: FieldType = plain('date', 'string');
export const dateAsDate: FieldType = plain('date', 'date', codec.decodeDate);
export const time: FieldType = plain('time');
export const timestamp: FieldType = plain('timestamp', 'string');
export const timestampAsDate: FieldType = plain('timestamp', 'date', codec.decodeTimestamp);
export const timestamptz: FieldType = plain('timestamptz', 'string', undefined, 'timestamp with time zone');
export const timestamptzAsDate: FieldType = plain(
  'timestamptz',
  'date',
  codec.decodeTimestamptz,
  'timestamp with time zone',
);
export const interval: FieldType = plain('interval');
export const uuid: FieldType = plain('uuid');
export const json: FieldType = plain('json', 'default', undefined, 'jsonb');
export const bytea: FieldType = plain('bytea');
/* @__NO_SIDE_EFFECTS__ */
function loose(base: string, family: Family = 'other'): FieldType {
  return { family, sql: base, base, mode: 'default', encode: codec.encodeLoose, decode: undefined };
}
/** What nothing is known of: rows give it as the driver does. */
export const unknown: FieldType = loose('text');
export const tsvector: FieldType = loose('tsvector', 'tsvector');
export const tsquery: FieldType = loose('tsquery');
