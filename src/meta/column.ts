/**
 * What a Drizzle column says of itself, on either line of Drizzle. 0.45 wraps the column of an array's elements and
 * decodes by methods of the column; 1.0 counts an array's dimensions on the column itself and leaves decoding to the
 * database's dialect, so that its built-in columns are decoded here, by their kind.
 */
import type { Column } from 'drizzle-orm';
import * as codec from './codecs.js';
import type { Mode } from './field-type.js';

export interface AnyColumn extends Column {
  getSQLType(): string;
}

export type Decode = (raw: unknown) => unknown;

/** How a database's dialect reads a column that only it knows how to read. */
export type DialectDecoder = (column: Column) => Decode | undefined;

/** Columns of 1.0 name the codec that reads them; those of 0.45 have no such property. */
const namesCodec = (column: Column): boolean => 'codec' in column;

/** 0.45 says `integer[]` of an array, 1.0 `integer` and one dimension. */
export const sqlTypeOf = (column: AnyColumn): string => column.getSQLType() + '[]'.repeat(dimensionsOf(column));

const dimensionsOf = (column: Column): number =>
  namesCodec(column) ? ((column as { dimensions?: number }).dimensions ?? 0) : 0;

/** The column of an array's elements: of the innermost, in 1.0. */
export function elementColumnOf(column: AnyColumn): AnyColumn | undefined {
  const levels = Array(dimensionsOf(column)).fill(0);
  if (levels.length === 0) return (column as { baseColumn?: AnyColumn }).baseColumn;
  // 1.0 maps whole arrays: an element, which may be an array of its own, is mapped inside as many as it stands in.
  const mapped =
    (name: 'mapToDriverValue' | 'mapFromDriverValue') =>
    (value: unknown): unknown =>
      levels.reduce(([inner]) => inner, column[name](levels.reduce((inner) => [inner], value)));
  return Object.assign(Object.create(column) as AnyColumn, {
    dimensions: 0,
    mapToDriverValue: mapped('mapToDriverValue'),
    mapFromDriverValue: mapped('mapFromDriverValue'),
  });
}

/** How a column that has a choice gives its values. */
const MODES: Record<string, Mode> = {
  PgNumeric: 'string',
  PgBigIntString: 'string',
  PgDateString: 'string',
  PgTimestampString: 'string',
  PgNumericNumber: 'number',
  PgBigInt53: 'number',
  PgBigSerial53: 'number',
  PgNumericBigInt: 'bigint',
  PgBigInt64: 'bigint',
  PgBigSerial64: 'bigint',
};

export const modeOf = ({ columnType }: Column): Mode | undefined => MODES[columnType];

/** What the dialects of 1.0 make of what a driver gives, by a column's mode or else by its kind. */
const DECODERS: Record<string, Decode> = {
  string: String,
  number: Number,
  bigint: (raw) => BigInt(raw as string),
  PgBytea: (raw) => Buffer.from(raw as Uint8Array),
};

/** Drizzle's own decoding of one value of a column; dates and moments are read by hand, with the same result where `Date` has one. */
export function columnDecoder(column: AnyColumn, dialect?: DialectDecoder): Decode {
  const { columnType } = column;
  if (/^Pg(Timestamp|Date)$/.test(columnType)) return codec.decodeMoment;
  const own: Decode = (raw) => column.mapFromDriverValue(raw as never);
  if (!namesCodec(column)) return own;
  const byDialect = DECODERS[modeOf(column) ?? columnType] ?? dialect?.(column);
  // As Drizzle's mappers do: the dialect's reading first, then the column's.
  return byDialect ? (raw) => own(byDialect(raw)) : own;
}
