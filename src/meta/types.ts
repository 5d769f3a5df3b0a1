/**
 * The types of expressions that no column stands behind. Taken whole, as `TYPES`: each is a constant of its own, so that
 * a bundler drops what only functions that nobody imports have need of.
 */
import * as codec from './codecs.js';
import type { Family, FieldType } from './field-type.js';

/* @__NO_SIDE_EFFECTS__ */
function plain(
  family: Family,
  base: string = family,
  mode: FieldType['mode'] = 'default',
  decode?: (raw: unknown) => unknown,
): FieldType {
  return { family, sql: base, base, mode, encode: codec.encoderOf(family), decode };
}

export const text: FieldType = plain('text');
export const integer: FieldType = plain('integer', 'integer', 'default', Number);
/** Whole beyond 2^53 stays exact: a `bigint` where a number could not hold it. */
export const bigint: FieldType = plain('integer', 'bigint', 'number', codec.decodeInteger);
export const float: FieldType = plain('float', 'double precision', 'default', Number);
export const numeric: FieldType = plain('numeric', 'numeric', 'string', String);
export const boolean: FieldType = plain('boolean');
export const date: FieldType = plain('date', 'date', 'string');
export const dateAsDate: FieldType = plain('date', 'date', 'date', codec.decodeMoment);
export const time: FieldType = plain('time');
export const timestamp: FieldType = plain('timestamp', 'timestamp', 'string');
export const timestampAsDate: FieldType = plain('timestamp', 'timestamp', 'date', codec.decodeMoment);
export const timestamptz: FieldType = plain('timestamptz', 'timestamp with time zone', 'string');
export const timestamptzAsDate: FieldType = plain(
  'timestamptz',
  'timestamp with time zone',
  'date',
  codec.decodeMoment,
);
export const interval: FieldType = plain('interval');
export const uuid: FieldType = plain('uuid');
export const json: FieldType = plain('json', 'jsonb');
export const bytea: FieldType = plain('bytea');
/** What nothing is known of: rows give it as the driver does. */
export const unknown: FieldType = plain('other', 'text');
export const tsvector: FieldType = plain('tsvector');
export const tsquery: FieldType = plain('other', 'tsquery');
