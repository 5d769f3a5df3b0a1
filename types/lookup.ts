/**
 * Column families, and for each its transforms and lookups. One interface a family, open to module augmentation:
 * that is how a lookup or transform of your own gets its types.
 *
 * A lookup's entry names what its right-hand side is (a key of `RightSide`); a transform's entry says what it gives.
 */
import type { PgColumnBuilder } from 'drizzle-orm/pg-core';
import type { AnyBuilder } from './augment.js';
import type { Computed, HasColumn, HasNoColumn } from './tags.js';

export type Family =
  | 'text'
  | 'int'
  | 'bigint'
  | 'float'
  | 'decimal'
  | 'bool'
  | 'date'
  | 'datetime'
  | 'time'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'array'
  | 'enum'
  | 'bytes'
  | 'range'
  | 'inet'
  | 'custom'
  | 'other';

/** A value of one family: what a column, a transform or an expression gives. */
export interface Typed<F extends string, out T> {
  readonly family: F;
  readonly data: T;
}

/** 0.45 names a column's class, 1.0 its data type; one table reads both. */
export interface FamilyByColumn {
  PgText: 'text';
  PgVarchar: 'text';
  PgChar: 'text';
  PgInteger: 'int';
  PgSmallInt: 'int';
  PgSerial: 'int';
  PgSmallSerial: 'int';
  PgBigInt53: 'bigint';
  PgBigInt64: 'bigint';
  PgBigSerial53: 'bigint';
  PgBigSerial64: 'bigint';
  PgReal: 'float';
  PgDoublePrecision: 'float';
  PgNumeric: 'decimal';
  PgNumericNumber: 'decimal';
  PgNumericBigInt: 'decimal';
  PgBoolean: 'bool';
  PgDate: 'date';
  PgDateString: 'date';
  PgTimestamp: 'datetime';
  PgTimestampString: 'datetime';
  PgTime: 'time';
  PgInterval: 'interval';
  PgUUID: 'uuid';
  PgJson: 'json';
  PgJsonb: 'json';
  PgArray: 'array';
  PgEnumColumn: 'enum';
  PgEnumObjectColumn: 'enum';
  PgInet: 'inet';
  PgCidr: 'inet';
  PgVector: 'other';
  PgHalfVector: 'other';
  PgBinaryVector: 'other';
  PgCustomColumn: 'custom';
  string: 'text';
  'string enum': 'enum';
  'number int16': 'int';
  'number int32': 'int';
  'number int53': 'bigint';
  'bigint int64': 'bigint int64';
  'string int64': 'bigint';
  'number float': 'float';
  'number double': 'float';
  'string numeric': 'decimal';
  number: 'decimal';
  boolean: 'bool';
  'string date': 'date';
  'object date': 'object date';
  'string timestamp': 'datetime';
  'string time': 'time';
  'string interval': 'interval';
  'string uuid': 'uuid';
  'object json': 'json';
  'object buffer': 'bytes';
  'string inet': 'inet';
  'string cidr': 'inet';
  custom: 'custom';
}

export type FamilyOf<Builder> = Builder extends { readonly _: { readonly columnType: keyof FamilyByColumn } }
  ? Special<FamilyByColumn[Builder['_']['columnType']], Builder>
  : Builder extends { readonly _: { readonly dimensions: number } }
    ? 'array'
    : Builder extends { readonly _: { readonly dataType: keyof FamilyByColumn } }
      ? Special<FamilyByColumn[Builder['_']['dataType']], Builder>
      : 'other';

type Special<F, Builder extends AnyBuilder> = F extends 'custom'
  ? CustomFamily<Builder['_'] extends { data: infer T } ? T : unknown>
  : F extends 'object date'
    ? DateFamily<Builder>
    : F extends 'bigint int64'
      ? BigFamily<Builder>
      : F;

// 1.0 says `object date` of dates and timestamps alike; only a timestamp's builder is configured with a time zone.
type DateFamily<Builder> =
  // biome-ignore lint/suspicious/noExplicitAny: any column config
  Builder extends PgColumnBuilder<any, infer Config>
    ? Config extends { withTimezone: boolean }
      ? 'datetime'
      : 'date'
    : 'datetime';

// It says `bigint int64` of a bigint and of a numeric that is read as one; only the latter is configured with a precision.
type BigFamily<Builder> =
  // biome-ignore lint/suspicious/noExplicitAny: any column config
  Builder extends PgColumnBuilder<any, { precision: number | undefined }> ? 'decimal' : 'bigint';

/** The SQL type of a `customType` is not seen: its data says what it may be. */
type CustomFamily<T> = unknown extends T
  ? 'custom'
  : T extends number
    ? 'float'
    : T extends bigint
      ? 'bigint'
      : T extends boolean
        ? 'bool'
        : T extends Date
          ? 'datetime'
          : T extends Uint8Array
            ? 'bytes'
            : T extends readonly unknown[]
              ? 'array'
              : 'custom';

// --- lookups ---------------------------------------------------------------------------------------------------

export interface AnyLookups {
  exact: 'same';
  in: 'list';
  isnull: 'flag';
}
export interface ComparedLookups extends AnyLookups {
  gt: 'same';
  gte: 'same';
  lt: 'same';
  lte: 'same';
}
export interface OrderedLookups extends ComparedLookups {
  range: 'pair';
}
export interface TextLookups extends OrderedLookups {
  iexact: 'text';
  contains: 'text';
  icontains: 'text';
  startswith: 'text';
  istartswith: 'text';
  endswith: 'text';
  iendswith: 'text';
  regex: 'text';
  iregex: 'text';
  search: 'text';
}
export interface NumberLookups extends OrderedLookups {}
export interface BoolLookups extends OrderedLookups {}
export interface DateLookups extends OrderedLookups {}
export interface DateTimeLookups extends OrderedLookups {}
export interface TimeLookups extends OrderedLookups {}
export interface IntervalLookups extends OrderedLookups {}
export interface UuidLookups extends OrderedLookups {
  iexact: 'text';
  contains: 'text';
  icontains: 'text';
  startswith: 'text';
  istartswith: 'text';
  endswith: 'text';
  iendswith: 'text';
}
export interface EnumLookups extends OrderedLookups {
  iexact: 'text';
  contains: 'text';
  icontains: 'text';
  startswith: 'text';
  istartswith: 'text';
  endswith: 'text';
  iendswith: 'text';
  regex: 'text';
  iregex: 'text';
}
export interface JsonLookups extends OrderedLookups {
  contains: 'json';
  contained_by: 'json';
  has_key: 'text';
  has_keys: 'texts';
  has_any_keys: 'texts';
}
/** What a path into a document has besides: it compares as text, too. */
export interface JsonKeyLookups extends JsonLookups {
  iexact: 'text';
  icontains: 'text';
  startswith: 'text';
  istartswith: 'text';
  endswith: 'text';
  iendswith: 'text';
  regex: 'text';
  iregex: 'text';
}
export interface ArrayLookups extends OrderedLookups {
  contains: 'array';
  contained_by: 'array';
  overlap: 'array';
}
export interface BytesLookups extends OrderedLookups {}
export interface RangeLookups extends OrderedLookups {
  contains: 'other';
  contained_by: 'other';
  overlap: 'other';
  fully_lt: 'other';
  fully_gt: 'other';
  not_lt: 'other';
  not_gt: 'other';
  adjacent_to: 'other';
}
/** A `customType` may be a text, a moment or a range: what it is not is refused when it runs. */
export interface CustomLookups
  extends Omit<TextLookups, keyof RangeLookups | keyof RangeTransforms>,
    RangeLookups,
    OtherLookups {}
export interface InetLookups extends TextLookups {}
export interface OtherLookups extends OrderedLookups {}
/** On the name of a relation itself. */
export interface RelationLookups extends ComparedLookups {}

export interface Lookups {
  text: TextLookups;
  int: NumberLookups;
  bigint: NumberLookups;
  float: NumberLookups;
  decimal: NumberLookups;
  bool: BoolLookups;
  date: DateLookups;
  datetime: DateTimeLookups;
  time: TimeLookups;
  interval: IntervalLookups;
  uuid: UuidLookups;
  json: JsonLookups;
  json_key: JsonKeyLookups;
  array: ArrayLookups;
  enum: EnumLookups;
  bytes: BytesLookups;
  range: RangeLookups;
  inet: InetLookups;
  custom: CustomLookups;
  other: OtherLookups;
  relation: RelationLookups;
}

// --- transforms ------------------------------------------------------------------------------------------------

/** A transform that keeps the data type of its column: `created__date` of a Date column compares with Dates. */
export interface Same<F extends string> {
  readonly same: F;
}

type Int = Typed<'int', number>;
type Bool = Typed<'bool', boolean>;

export interface TextTransforms {}
export interface NumberTransforms {}
export interface DateTransforms {
  year: Int;
  iso_year: Int;
  quarter: Int;
  month: Int;
  week: Int;
  week_day: Int;
  iso_week_day: Int;
  day: Int;
}
export interface TimeTransforms {
  hour: Int;
  minute: Int;
  second: Int;
}
export interface DateTimeTransforms extends DateTransforms, TimeTransforms {
  date: Same<'date'>;
  time: Typed<'time', string>;
}
export interface ArrayTransforms {
  len: Int;
}
export interface JsonTransforms {}
export interface OtherTransforms {}
export interface RangeTransforms extends OtherTransforms {
  startswith: Typed<'custom', unknown>;
  endswith: Typed<'custom', unknown>;
  isempty: Bool;
  lower_inc: Bool;
  lower_inf: Bool;
  upper_inc: Bool;
  upper_inf: Bool;
}
export interface CustomTransforms extends TextTransforms, DateTimeTransforms, RangeTransforms {}

export interface Transforms {
  text: TextTransforms;
  int: NumberTransforms;
  bigint: NumberTransforms;
  float: NumberTransforms;
  decimal: NumberTransforms;
  bool: OtherTransforms;
  date: DateTransforms;
  datetime: DateTimeTransforms;
  time: TimeTransforms;
  interval: OtherTransforms;
  uuid: TextTransforms;
  json: JsonTransforms;
  json_key: JsonTransforms;
  array: ArrayTransforms;
  enum: TextTransforms;
  bytes: OtherTransforms;
  range: RangeTransforms;
  inet: TextTransforms;
  custom: CustomTransforms;
  other: OtherTransforms;
}

// --- the right-hand side ---------------------------------------------------------------------------------------

/** Families that compare with each other. An expression fits where its kind is asked for. */
export interface Kinds {
  text: 'text';
  enum: 'text';
  uuid: 'text';
  inet: 'text';
  int: 'number';
  bigint: 'number';
  float: 'number';
  decimal: 'number';
  bool: 'boolean';
  date: 'date';
  datetime: 'date';
  time: 'time';
  interval: 'interval';
  json: 'json';
  json_key: AnyKind;
  array: 'array';
  bytes: 'bytes';
  range: 'range';
  custom: AnyKind;
  other: AnyKind;
}
/** What has no kind of its own fits anywhere. */
type AnyKind = string;
export type KindOf<F> = F extends keyof Kinds ? Kinds[F] : string;

/** What a queryset's one column must hold. Numbers compare whatever their columns' modes are. */
type Comparable<F, T> = F extends 'int' | 'bigint' | 'float'
  ? number | bigint
  : F extends 'decimal'
    ? number | bigint | string
    : T;

/** A literal of this family. Days of a Date column may be written as text, too. */
type Literal<F, T> = F extends 'date' ? (T extends Date ? T | string : T) : F extends 'array' ? Readonly<T> : T;

/**
 * What may stand on the right of a lookup. `Root` is the model that the queryset is of: an expression there is checked
 * against it. `Null` is `null` where the path can be missing.
 */
export interface RightSide<Root, F, T, Null> {
  same: Literal<F, T> | Null | Computed<Root, KindOf<F>>;
  list:
    | readonly (Literal<F, T> | Null | Computed<Root, KindOf<F>>)[]
    | ReadonlySet<Literal<F, T> | Null>
    | HasColumn<Comparable<F, T> | null>
    | (Computed<Root, 'array'> & HasNoColumn);
  pair: readonly [Literal<F, T> | Computed<Root, KindOf<F>>, Literal<F, T> | Computed<Root, KindOf<F>>];
  flag: boolean;
  text: string | Computed<Root, 'text'>;
  texts: readonly string[];
  number: number | Computed<Root, 'number'>;
  json: JsonPart<T> | Computed<Root, unknown>;
  array:
    | Readonly<T>
    | readonly ((T extends readonly (infer E)[] ? E : unknown) | Computed<Root, unknown>)[]
    | HasColumn<unknown>
    | Computed<Root, 'array'>;
  other: unknown;
}

/** What `contains` takes: any part of the document. */
type JsonPart<T> = T extends readonly (infer E)[]
  ? readonly JsonPart<E>[] | JsonPart<E>
  : T extends object
    ? { readonly [K in keyof T]?: JsonPart<T[K]> }
    : T;
