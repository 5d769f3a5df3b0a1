// The judge's literals as the values that Drizzle's columns take.
import {
  type AnyPgColumn,
  bigint,
  boolean,
  date,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  smallint,
  text,
  time,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { isNode, type Json, tagOf } from './ast.js';
import type { Kind } from './schema.js';
import { bytea } from './tables.js';

/** A column that says what type an expression has: Django's `output_field`. */
export type OutputField = { array(): OutputField } | AnyPgColumn;

function decimalField(options: { max_digits?: number; decimal_places?: number } = {}) {
  return numeric({ precision: options.max_digits ?? 20, scale: options.decimal_places ?? 6 });
}

const fieldMakers: Record<string, (options: any) => unknown> = {
  AutoField: () => integer(),
  IntegerField: () => integer(),
  PositiveIntegerField: () => integer(),
  SmallIntegerField: () => smallint(),
  PositiveSmallIntegerField: () => smallint(),
  BigIntegerField: () => bigint({ mode: 'bigint' }),
  FloatField: () => doublePrecision(),
  DecimalField: decimalField,
  CharField: (options) => (options?.max_length ? varchar({ length: options.max_length }) : varchar()),
  TextField: () => text(),
  BooleanField: () => boolean(),
  DateField: () => date({ mode: 'string' }),
  DateTimeField: () => timestamp({ withTimezone: true, mode: 'string' }),
  TimeField: () => time(),
  DurationField: () => interval(),
  UUIDField: () => uuid(),
  JSONField: () => jsonb(),
  BinaryField: () => bytea(),
};

/** `"IntegerField"` or `["DecimalField", {…}]` or `["ArrayField", FIELD]` as a Drizzle column. */
export function outputField(type: unknown): any {
  const [name, options] = Array.isArray(type) ? type : [type, undefined];
  if (name === 'ArrayField') return outputField(options).array();
  const make = fieldMakers[name as string];
  if (!make) throw new Error(`No Drizzle column is known for Django's ${String(name)}.`);
  return make(options);
}

const tags = [
  '$decimal',
  '$bigint',
  '$float',
  '$date',
  '$time',
  '$interval',
  '$datetime',
  '$naive',
  '$uuid',
  '$bytes',
  '$json',
];

export function isLiteralTag(tag: string): boolean {
  return tags.includes(tag);
}

/** A literal for a place of the given kind: a decimal is text for a decimal column, and a number for others. */
export function literal(value: Json, kind: Kind): unknown {
  const tag = tagOf(value);
  if (!tag || !isNode(value)) return value;
  const inside = value[tag] as any;
  switch (tag) {
    case '$decimal':
      return ['int', 'float', 'json'].includes(kind) ? Number(inside) : inside;
    case '$bigint':
      return BigInt(inside);
    case '$float':
      return Number(inside);
    case '$interval':
      return `${inside} seconds`;
    case '$bytes':
      return Buffer.from(inside, 'hex');
    default:
      return inside;
  }
}

const literalFields: Record<string, string> = {
  $decimal: 'DecimalField',
  $bigint: 'BigIntegerField',
  $float: 'FloatField',
  $date: 'DateField',
  $time: 'TimeField',
  $interval: 'DurationField',
  $datetime: 'DateTimeField',
  $naive: 'DateTimeField',
  $uuid: 'UUIDField',
  $bytes: 'BinaryField',
  $json: 'JSONField',
};

/** The type that a literal brings with it when it stands among expressions, where no column tells it. */
export function fieldOfLiteral(tag: string): any {
  // Not `numeric(20, 6)`: a literal has the digits that it is written with.
  return tag === '$decimal' ? numeric() : outputField(literalFields[tag]);
}
