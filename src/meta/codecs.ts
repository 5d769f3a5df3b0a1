/**
 * JavaScript values → what a driver is given. Everything but booleans and bytes travels as text, which every
 * driver passes on unchanged and PostgreSQL reads by the type that the statement says: no driver's own
 * guess about a JavaScript value is in the way.
 */
import { isArray, isNumber, isText, same } from './kinds.js';
import { ValueError, refuse } from '../errors.js';
import type { Family, FieldType } from './field-type.js';

/** A value as an error message shows it. */
export function shown(value: unknown): string {
  if (isText(value)) return `'${value.length > 60 ? `${value.slice(0, 57)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  if (isArray(value)) return 'an array';
  // The value is anyone's: it may have a `constructor` of its own.
  const name: unknown = value.constructor?.name;
  return `an object (${isText(name) && name ? name : 'Object'})`;
}

const fail = (what: string, value: unknown): never => {
  refuse(`Expected ${what}, got ${shown(value)}.`);
};

const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|nan|inf(inity)?)\s*$/i;

/** What is neither number nor number's text, as one. */
function encodeOther(value: unknown, text: RegExp): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (isText(value) && text.test(value)) return value.trim();
  return fail('a number', value);
}

function encodeInteger(value: unknown): unknown {
  if (typeof value !== 'number') return encodeOther(value, INTEGER);
  if (!Number.isFinite(value)) return fail('a whole number', value);
  const whole = Math.trunc(value);
  return String(Number.isSafeInteger(whole) ? whole : BigInt(whole));
}

const encodeNumber = (value: unknown): unknown =>
  typeof value !== 'number' ? encodeOther(value, NUMBER) : Object.is(value, -0) ? '-0' : String(value);

/** What no text of PostgreSQL holds: NUL, and halves of a surrogate pair, which drivers would replace in silence. */
const NO_TEXT = /[\0\ud800-\udfff]/u;

function encodeText(value: unknown): unknown {
  if (isText(value))
    return NO_TEXT.test(value) ? fail('text without NUL characters and lone surrogates', value) : value;
  if (isNumber(value)) return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Date) return validDate(value).toISOString();
  return fail('text', value);
}

const TRUE = new Set<unknown>([1, '1', 't', 'True']);
const FALSE = new Set<unknown>([0, '0', 'f', 'False']);
const encodeBoolean = (value: unknown): unknown =>
  typeof value === 'boolean' ? value : TRUE.has(value) || (FALSE.has(value) ? false : fail('true or false', value));

/**
 * A time of day with an offset, as PostgreSQL takes them; 24:00 is the end of a day. Blanks belong to what comes after
 * them: two patterns of blanks in a row would take the square of their number to refuse a text.
 */
const CLOCK =
  '(([01]?\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?|24:00(:00(\\.0+)?)?)(\\s*(Z|[+-](0\\d|1[0-5])(:?[0-5]\\d){0,2}))?';
const TIME = new RegExp(`^\\s*${CLOCK}\\s*$`, 'i');
const TIMESTAMP = new RegExp(`^\\s*\\d{4,6}-\\d{1,2}-\\d{1,2}([T ]${CLOCK})?(\\s*BC)?\\s*$`, 'i');
const UUID = /^\{?[0-9a-f]{8}(-?[0-9a-f]{4}){4}[0-9a-f]{8}\}?$/i;
const INFINITE = /^\s*[+-]?infinity\s*$/;

/** Is the date that a text begins with one of the calendar, which repeats itself after 400 years? */
function isRealDate(text: string, lastYear: number): boolean {
  const [y = 0, m = 0, d = 0] = (text.match(/\d+/g) ?? []).map(Number);
  const days = new Date(Date.UTC(2000 + (y % 400), m, 0)).getUTCDate();
  return y > 0 && y <= lastYear && m > 0 && m < 13 && d > 0 && d <= days;
}

const validDate = (value: Date): Date => (Number.isNaN(value.getTime()) ? fail('a valid date', 'Invalid Date') : value);

/** ISO text that PostgreSQL reads for every year that a Date can hold. */
function isoOf(value: Date): string {
  const text = value.toISOString();
  const year = value.getUTCFullYear();
  if (year > 0) return text.replace('+', '');
  // ISO counts a year 0, which is 1 BC; PostgreSQL's days begin in 4714 BC.
  if (year < -4712) return fail('a date since 4713 BC', text);
  return `${String(1 - year).padStart(4, '0')}${text.slice(year === 0 ? 4 : 7)} BC`;
}

/** Dates and times up to the last year of PostgreSQL's type. */
const moment = (what: string, lastYear: number, ofDate: (iso: string) => string) => (value: unknown) => {
  if (value instanceof Date) return ofDate(isoOf(validDate(value)));
  const isMoment = isText(value) && (INFINITE.test(value) || (TIMESTAMP.test(value) && isRealDate(value, lastYear)));
  return isMoment ? value.trim() : fail(what, value);
};
const encodeDate = moment('a date (YYYY-MM-DD)', 5874897, (iso) => iso.replace(/T\S*/, ''));
const encodeTimestamp = moment('a date and time (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ])', 294276, same);

/** Text without an offset is read in UTC, whatever the session's time zone is. */
function encodeTimestamptz(value: unknown): unknown {
  const text = encodeTimestamp(value);
  if (value instanceof Date || INFINITE.test(text) || /(Z|[+-][\d:]+)$/i.test(text.slice(10))) return text;
  return text + (/^[\d-]+$/.test(text) ? ' 00:00:00Z' : 'Z');
}

const textLike = (pattern: RegExp, what: string) => (value: unknown) =>
  isText(value) && pattern.test(value) ? value : fail(what, value);

/** JSON text; what JSON cannot say is refused rather than dropped. */
const jsonEncoder = (checkText: (text: string) => unknown) => (value: unknown) => {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, (key, item: unknown) => {
      checkText(key);
      if (isText(item)) checkText(item);
      if (isLostInJson(item)) fail('a JSON value', item);
      return typeof item === 'bigint' ? rawNumber(item) : item;
    });
  } catch (error) {
    if (error instanceof ValueError) throw error;
    refuse(`Expected a JSON value, got ${shown(value)}: ${(error as Error).message}`, { cause: error });
  }
  return text ?? fail('a JSON value', value);
};

/** A document of `jsonb`, whose texts are PostgreSQL's; a column of type `json` keeps the text as it is. */
export const encodeJson = jsonEncoder(encodeText);
export const encodePlainJson = jsonEncoder(String);

/** What JSON would make null of, or an empty object; or the object that stands for SQL. */
function isLostInJson(item: unknown): boolean {
  if (typeof item === 'number') return !Number.isFinite(item);
  const { sql, getSQL = sql } = (item ?? {}) as Record<string, unknown>;
  return typeof getSQL === 'function' || item instanceof Map || item instanceof Set;
}

function rawNumber(value: bigint): unknown {
  const number = Number(value);
  return BigInt(number) === value ? number : fail('a number that JSON can carry', value);
}

function encodeBytes(value: unknown): unknown {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  return fail('bytes (a Buffer or Uint8Array)', value);
}

/** Where nothing is known of the type: the text of the value. */
export function encodeLoose(value: unknown): unknown {
  if (typeof value === 'boolean' || value instanceof Uint8Array) return value;
  if (value instanceof Date) return isoOf(validDate(value));
  if (isArray(value)) return arrayLiteral(value, encodeLoose);
  if (typeof value === 'object') return encodeJson(value);
  return String(value);
}

const BY_FAMILY: Partial<Record<Family, (value: unknown) => unknown>> = {
  text: encodeText,
  integer: encodeInteger,
  float: encodeNumber,
  numeric: encodeNumber,
  boolean: encodeBoolean,
  date: encodeDate,
  timestamp: encodeTimestamp,
  timestamptz: encodeTimestamptz,
  time: textLike(TIME, 'a time of day (HH:MM[:ss[.uuuuuu]])'),
  interval: textLike(/\S/, "an interval such as '1 day 02:00:00'"),
  uuid: textLike(UUID, 'a UUID'),
  json: encodeJson,
  bytea: encodeBytes,
  inet: encodeText,
  tsvector: encodeText,
};

export const encoderOf = (family: Family, base?: string): ((value: unknown) => unknown) =>
  base === 'json' ? encodePlainJson : (BY_FAMILY[family] ?? encodeLoose);

export function enumOf(values: readonly string[]): (value: unknown) => unknown {
  const known = new Set(values);
  return (value) => (known.has(value as string) ? value : fail(`one of ${values.join(', ')}`, value));
}

type Encoder = (value: unknown) => unknown;

/** One element of an array literal, quoted so that nothing in it can end it. */
function element(value: unknown, encode: Encoder, dimensions: number): string {
  if (value === null || value === undefined) return 'NULL';
  if (dimensions > 0 && isArray(value)) return literal(value, encode, dimensions);
  const encoded = encode(value);
  if (typeof encoded === 'boolean') return encoded ? 't' : 'f';
  if (encoded instanceof Uint8Array) return `"\\\\x${Buffer.from(encoded).toString('hex')}"`;
  const text = String(encoded);
  return /^[A-Za-z0-9_.+:-]+$/.test(text) && !/^null$/i.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function literal(values: readonly unknown[], encode: Encoder, dimensions: number): string {
  let text = '{';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + element(values[i], encode, dimensions - 1);
  return `${text}}`;
}

/**
 * PostgreSQL's own text form of an array: one parameter, whatever its length.
 * @param dimensions how many arrays inside one another are the array's own; an array further inside is an element
 */
export function arrayLiteral(values: readonly unknown[], encode: Encoder, dimensions = Infinity): string {
  checkDimensions(values, dimensions);
  return literal(values, encode, dimensions);
}

/** The values of a column: one that is an array or a document itself is the text that `encode` makes of it. */
export const listLiteral = (values: readonly unknown[], encode: Encoder): string => literal(values, encode, 1);

/** PostgreSQL's arrays have no more dimensions than 6. */
export function checkDepth(dimension: number, value: unknown): void {
  if (dimension > 6) fail('an array of at most 6 dimensions', value);
}

/** Arrays inside an array are all of one length: PostgreSQL has no ragged ones. */
function checkDimensions(values: readonly unknown[], dimensions: number, dimension = 1): string {
  checkDepth(dimension, values);
  let all: string | undefined;
  for (const value of values) {
    const own = dimension < dimensions && isArray(value) ? checkDimensions(value, dimensions, dimension + 1) : '';
    if (all !== undefined && own !== all) fail('arrays of one length', values);
    all = own;
  }
  return `${values.length},${all ?? ''}`;
}

/** An array given as PostgreSQL's text of one: checked, and written anew where the elements' text can be read. */
export function encodeArrayText(text: string, encode: Encoder | undefined): unknown {
  const written = arrayLiteral(readArray(text), encode ?? String);
  return encode ? written : encodeText(text);
}

/** Arrays come parsed, or (where the driver leaves a type alone) as PostgreSQL's text. */
export function decodeArray(raw: unknown, decode: ((raw: unknown) => unknown) | undefined): unknown {
  const items = isText(raw) ? readArray(raw.slice(raw.indexOf('{'))) : raw;
  if (!isArray(items) || !decode) return items;
  return items.map((item) => (item === null ? null : isArray(item) ? decodeArray(item, decode) : decode(item)));
}

/** A quoted element of an array's text, a brace, or an element without quotes. */
const TOKEN = /"([^"\\]*(?:\\.[^"\\]*)*)"|[{}]|(?:[^{},"\\]+|\\.)+/gs;

const asJson = (text: string): string => JSON.stringify(text.includes('\\') ? text.replace(/\\(.)/gs, '$1') : text);

/** The elements of an array's text, which is JSON's but for braces and quotes. */
function readArray(text: string): unknown[] {
  const json = text.replace(TOKEN, (token, quoted?: string) => {
    if (quoted !== undefined) return asJson(quoted);
    if (token === '{') return '[';
    if (token === '}') return ']';
    const bare = token.trim();
    return /^(null)?$/i.test(bare) ? bare.toLowerCase() : asJson(bare);
  });
  try {
    const items: unknown = JSON.parse(json);
    if (isArray(items)) return items;
  } catch {
    // It is refused below.
  }
  return fail("an array, or PostgreSQL's text of one", text);
}

/** A column of whole numbers holds others where it is a union's: its type is that of the first queryset. */
export function decodeInteger(raw: unknown): unknown {
  const number = Number(raw);
  return Number.isInteger(number) && !Number.isSafeInteger(number) ? BigInt(raw as string) : number;
}

/** A value of this type out of an array's text, where every element is text. */
export function textDecoder(type: FieldType): ((text: unknown) => unknown) | undefined {
  const { decode = (raw) => raw } = type;
  const read = FROM_TEXT[type.family];
  // A custom column reads what a driver gives, which is no text of these.
  return read ? (text) => decode(read(text)) : (type.decode ?? tolerantDecoder(type));
}

const FROM_TEXT: Partial<Record<Family, (text: unknown) => unknown>> = {
  boolean: (text) => text === 't' || text === 'true',
  json: (text) => JSON.parse(text as string),
  bytea: (text) => Buffer.from(String(text).slice(2), 'hex'),
};

/** For a type that an expression is said to have: numbers are numbers, however they come, and whole ones are cut. */
export function tolerantDecoder({ family, mode, decode }: FieldType): FieldType['decode'] {
  const isWhole = family === 'integer';
  if (isWhole && (mode === 'number' || !decode)) return (raw) => Math.trunc(Number(raw)) + 0;
  if (decode) return isWhole && mode !== 'default' ? (raw) => decode(String(raw).split('.')[0]) : decode;
  if (family === 'float') return Number;
  return family === 'numeric' || family === 'text' ? String : undefined;
}

/** Two digits of a text as a number. */
const two = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/**
 * PostgreSQL's usual text of a moment (`2020-01-31 12:00:00.123456+02`, or without the offset) → milliseconds, read
 * character by character: twice as fast as `new Date(text)`, in what a row takes longest for. NaN for any other text.
 */
function milliseconds(text: string): number {
  const { length } = text;
  const sign = text.charCodeAt(length - 3);
  // A whole hour's offset begins with + or -, which are 43 and 45; with a blank (32) stands ` BC`.
  const hasOffset = sign === 43 || sign === 45;
  const end = length - (hasOffset ? 3 : 0);
  if (end < 19 || end > 26 || text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32 || sign === 32) return Number.NaN;
  let fraction = 0;
  if (end > 19) {
    if (text.charCodeAt(19) !== 46) return Number.NaN;
    for (let i = 20, unit = 100; i < end && i < 23; i++, unit /= 10) fraction += (text.charCodeAt(i) - 48) * unit;
  }
  const year = two(text, 0) * 100 + two(text, 2);
  if (year < 100) return Number.NaN;
  const hour = two(text, 11) - (hasOffset ? (44 - sign) * two(text, end + 1) : 0);
  return Date.UTC(year, two(text, 5) - 1, two(text, 8), hour, two(text, 14), two(text, 17), fraction);
}

/**
 * What `Date` does not read, or not so: years before 100, after 9999 or before Christ, offsets of before there were zones,
 * and ISO's text without an offset, which it takes for the process's own time.
 */
const RARE = /^(?:00|\d{5})|BC$|[+-]\d\d:\d\d:|T[\d:.]+$/;

const seconds = (h = 0, m = 0, s = 0): number => (h * 60 + m) * 60 + s;

/**
 * Any text of a date or moment. One that says no offset is in UTC, whatever type it was said to be: what an expression gives
 * may be of either.
 */
export function decodeMoment(raw: unknown): Date {
  if (!isText(raw)) return new Date(raw as Date);
  const ms = milliseconds(raw);
  if (!Number.isNaN(ms)) return new Date(ms);
  if (!RARE.test(raw)) return new Date(raw);
  const [y = 0, month = 0, day = 0, h, m, s = 0, ...offset] = (raw.match(/[\d.]+/g) ?? []).map(Number);
  const midnight = new Date(0).setUTCFullYear(raw.endsWith('BC') ? 1 - y : y, month - 1, day);
  // What is less than a millisecond is cut.
  const time = Math.floor(Math.round(seconds(h, m, s) * 1e6) / 1e3);
  return new Date(midnight + time - seconds(...offset) * (/[ T].*-/.test(raw) ? -1000 : 1000));
}
