/**
 * JavaScript values → what a driver is given. Everything but booleans and bytes travels as text, which every
 * driver passes on unchanged and PostgreSQL reads by the type that the statement says: no driver's own
 * guess about a JavaScript value is in the way.
 */
import { ValueError } from '../errors.js';
import type { Family, FieldType } from './field-type.js';

/** A value as an error message shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 57)}…` : value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return 'an array';
  // The value is anyone's: it may have a `constructor` of its own.
  const name: unknown = value.constructor?.name;
  return `an object (${typeof name === 'string' && name !== '' ? name : 'Object'})`;
}

const fail = (what: string, value: unknown): never => {
  throw new ValueError(`Expected ${what}, got ${shown(value)}.`);
};

const INTEGER = /^\s*[+-]?\d+\s*$/;
const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
const NOT_FINITE = /^\s*[+-]?(nan|inf(inity)?)\s*$/i;

function encodeInteger(value: unknown): unknown {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return fail('a whole number', value);
    const whole = Math.trunc(value);
    return Number.isSafeInteger(whole) ? String(whole) : BigInt(whole).toString();
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string' && INTEGER.test(value)) return value.trim();
  return fail('a number', value);
}

function encodeNumber(value: unknown): unknown {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'string' && (NUMBER.test(value) || NOT_FINITE.test(value))) return value.trim();
  return fail('a number', value);
}

/** What no text of PostgreSQL holds: NUL, and halves of a surrogate pair, which drivers would replace in silence. */
const NO_TEXT = /[\0\ud800-\udfff]/u;

function encodeText(value: unknown): unknown {
  if (typeof value === 'string')
    return NO_TEXT.test(value) ? fail('text without NUL characters and lone surrogates', value) : value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value instanceof Date) return validDate(value).toISOString();
  return fail('text', value);
}

function encodeBoolean(value: unknown): unknown {
  if (typeof value === 'boolean') return value;
  if (value === 1 || value === '1' || value === 't' || value === 'true' || value === 'True') return true;
  if (value === 0 || value === '0' || value === 'f' || value === 'false' || value === 'False') return false;
  return fail('true or false', value);
}

const DATE = /^\s*[+-]?\d{4,6}-\d{1,2}-\d{1,2}/;
const DATE_ONLY = /^\s*\d{4,6}-\d{1,2}-\d{1,2}\s*$/;
const TIMESTAMP =
  /^\s*\d{4,6}-\d{1,2}-\d{1,2}([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?(:?\d{2})?)?)?\s*(BC)?\s*$/i;
const INFINITE = /^\s*[+-]?infinity\s*$/;
const TIME = /^\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|[+-]\d{2}(:?\d{2})?)?\s*$/i;

/** The last years of PostgreSQL's types. */
const LAST_YEAR = { date: 5874897, timestamp: 294276 };

function isRealDate(text: string, last: number): boolean {
  const [, y, m, d] = /(\d+)-(\d+)-(\d+)/.exec(text) ?? [];
  if (Number(y) < 1 || Number(y) > last) return false;
  const date = new Date(Date.UTC(2000, Number(m) - 1, Number(d)));
  date.setUTCFullYear(Number(y), Number(m) - 1, Number(d));
  return date.getUTCMonth() === Number(m) - 1 && date.getUTCDate() === Number(d);
}

/** Hours, minutes and seconds, and an offset, as PostgreSQL takes them; 24:00 is the end of a day. */
function isRealTime(text: string): boolean {
  const [, h, m, s, offset] = /(\d{1,2}):(\d{2})(?::(\d{2}))?[.\d]*\s*(?:[+-](\d{2}))?/.exec(text) ?? [];
  if (Number(m ?? 0) > 59 || Number(s ?? 0) > 59 || Number(offset ?? 0) > 15) return false;
  return Number(h ?? 0) < 24 || /24:00(:00(\.0+)?)?(?![\d:.])/.test(text);
}

function validDate(value: Date): Date {
  if (Number.isNaN(value.getTime())) return fail('a valid date', 'Invalid Date');
  return value;
}

function encodeDate(value: unknown): unknown {
  if (value instanceof Date) return isoOf(validDate(value)).replace(/T\S*/, '');
  if (typeof value === 'string') {
    if (INFINITE.test(value)) return value.trim();
    if (DATE.test(value) && (DATE_ONLY.test(value) || isTimestamp(value)) && isRealDate(value, LAST_YEAR.date))
      return value.trim();
  }
  return fail('a date (YYYY-MM-DD)', value);
}

const isTimestamp = (text: string): boolean => TIMESTAMP.test(text) && isRealTime(text);

/** ISO text that PostgreSQL reads for every year that a Date can hold. */
function isoOf(value: Date): string {
  const text = value.toISOString();
  const year = value.getUTCFullYear();
  if (year > 0) return text.startsWith('+') ? text.slice(1) : text;
  // ISO counts a year 0, which is 1 BC; PostgreSQL's days begin in 4714 BC.
  if (year < -4712) return fail('a date since 4713 BC', text);
  return `${String(1 - year).padStart(4, '0')}${text.slice(year === 0 ? 4 : 7)} BC`;
}

function encodeTimestamp(value: unknown): unknown {
  if (value instanceof Date) return isoOf(validDate(value));
  if (typeof value === 'string') {
    if (INFINITE.test(value)) return value.trim();
    if (isTimestamp(value) && isRealDate(value, LAST_YEAR.timestamp)) return value.trim();
  }
  return fail('a date and time (YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ])', value);
}

/** Text without an offset is read in UTC, whatever the session's time zone is. */
function encodeTimestamptz(value: unknown): unknown {
  const text = encodeTimestamp(value) as string;
  if (value instanceof Date || INFINITE.test(text) || /(Z|[+-]\d{2}(:?\d{2})?(:?\d{2})?)$/i.test(text.slice(10)))
    return text;
  return `${text}Z`.replace(/^(\S+)Z$/, (all, date: string) => (DATE_ONLY.test(date) ? `${date} 00:00:00Z` : all));
}

function encodeTime(value: unknown): unknown {
  if (typeof value === 'string' && TIME.test(value) && isRealTime(value)) return value.trim();
  return fail('a time of day (HH:MM[:ss[.uuuuuu]])', value);
}

function encodeInterval(value: unknown): unknown {
  if (typeof value === 'string' && value.trim() !== '') return value;
  return fail("an interval such as '1 day 02:00:00'", value);
}

const UUID = /^\{?[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\}?$/i;
function encodeUuid(value: unknown): unknown {
  if (typeof value === 'string' && UUID.test(value)) return value;
  return fail('a UUID', value);
}

/** JSON text; what JSON cannot say is refused rather than dropped. */
function jsonText(value: unknown, replace: (key: string, item: unknown) => unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, replace);
  } catch (error) {
    if (error instanceof ValueError) throw error;
    throw new ValueError(`Expected a JSON value, got ${shown(value)}: ${(error as Error).message}`, { cause: error });
  }
  return text ?? (fail('a JSON value', value) as never);
}

const plainItem = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? rawNumber(item) : item);

/** A document of `jsonb`, whose texts are PostgreSQL's. */
export function encodeJson(value: unknown): unknown {
  return jsonText(value, (key, item) => {
    encodeText(key);
    return typeof item === 'string' ? encodeText(item) : plainItem(key, item);
  });
}

/** A column of type `json` keeps the text as it is. */
export const encodePlainJson = (value: unknown): unknown => jsonText(value, plainItem);

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
  if (Array.isArray(value)) return arrayLiteral(value, encodeLoose);
  if (typeof value === 'object') return encodeJson(value);
  return String(value);
}

function encodeRange(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length === 2) {
    const side = (item: unknown) => (item === null ? '' : `"${String(encodeLoose(item)).replace(/["\\]/g, '\\$&')}"`);
    return `[${side(value[0])},${side(value[1])})`;
  }
  return fail("a range: '[1,5)' or [lower, upper]", value);
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
  time: encodeTime,
  interval: encodeInterval,
  uuid: encodeUuid,
  json: encodeJson,
  bytea: encodeBytes,
  inet: encodeText,
  tsvector: encodeText,
  range: encodeRange,
};

export function encoderOf(family: Family, base: string): (value: unknown) => unknown {
  if (base === 'json') return encodePlainJson;
  return BY_FAMILY[family] ?? encodeLoose;
}

export function enumOf(values: readonly string[]): (value: unknown) => unknown {
  const known = new Set(values);
  return (value) => (known.has(value as string) ? value : fail(`one of ${values.join(', ')}`, value));
}

/** Families that every driver already gives as Drizzle's columns do. */
export function passesThrough(family: Family, base: string, mode: string): boolean {
  if (mode === 'string')
    return family === 'numeric' || family === 'date' || family === 'timestamp' || family === 'timestamptz';
  if (family === 'integer') return base !== 'bigint' && base !== 'int8' && base !== 'oid';
  return (
    family === 'text' ||
    family === 'float' ||
    family === 'boolean' ||
    family === 'uuid' ||
    family === 'json' ||
    family === 'enum' ||
    family === 'bytea' ||
    family === 'interval' ||
    family === 'time'
  );
}

type Encoder = (value: unknown) => unknown;

/** PostgreSQL's arrays have no more dimensions. */
export const MOST_DIMENSIONS = 6;

/** One element of an array literal, quoted so that nothing in it can end it. */
function element(value: unknown, encode: Encoder, dimension: number): string {
  if (value === null || value === undefined) return 'NULL';
  if (Array.isArray(value) && dimension > 0) return literal(value, encode, dimension);
  const encoded = encode(value);
  if (typeof encoded === 'boolean') return encoded ? 't' : 'f';
  if (encoded instanceof Uint8Array) return `"\\\\x${Buffer.from(encoded).toString('hex')}"`;
  const text = String(encoded);
  return /^[A-Za-z0-9_.+:-]+$/.test(text) && !/^null$/i.test(text) ? text : `"${text.replace(/[\\"]/g, '\\$&')}"`;
}

function literal(values: readonly unknown[], encode: Encoder, dimension: number): string {
  if (dimension > MOST_DIMENSIONS) return fail(`an array of at most ${MOST_DIMENSIONS} dimensions`, values);
  const below = dimension === 0 ? 0 : dimension + 1;
  let text = '{';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + element(values[i], encode, below);
  return `${text}}`;
}

/** PostgreSQL's own text form of an array: one parameter, whatever its length. */
export const arrayLiteral = (values: readonly unknown[], encode: Encoder): string => literal(values, encode, 1);

/** The values of a column, of which none is an array: what is one all the same is refused by `encode`. */
export const listLiteral = (values: readonly unknown[], encode: Encoder): string => literal(values, encode, 0);

/** Values that are arrays or documents themselves: each as its text, so that none becomes a second dimension. */
export function textArray(values: readonly unknown[], encode: (value: unknown) => unknown): string {
  return arrayLiteral(
    values.map((value) => (value === null || value === undefined ? null : String(encode(value)))),
    (text) => text,
  );
}

/** Arrays inside an array are all of one length: PostgreSQL has no ragged ones. */
export function checkDimensions(values: readonly unknown[], dimension = 1): string {
  if (dimension > MOST_DIMENSIONS) return fail(`an array of at most ${MOST_DIMENSIONS} dimensions`, values);
  let all: string | undefined;
  for (const value of values) {
    const own = Array.isArray(value) ? checkDimensions(value, dimension + 1) : '';
    if (all !== undefined && own !== all) return fail('arrays of one length', values);
    all = own;
  }
  return `${values.length},${all ?? ''}`;
}

/** An array given as PostgreSQL's text of one: checked, and written anew where the elements' text can be read. */
export function encodeArrayText(text: string, encode: Encoder | undefined): string {
  const list = readArray(text);
  if (!list) return fail("an array, or PostgreSQL's text of one", text);
  checkDimensions(list);
  return encode ? arrayLiteral(list, encode) : (encodeText(text) as string);
}

/** The elements of an array's text; undefined where it is none. */
function readArray(text: string): unknown[] | undefined {
  let at = 0;
  const space = () => {
    while (/^\s$/.test(text[at] ?? '')) at++;
  };
  const next = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [found] = pattern.exec(text) ?? [];
    at += found?.length ?? 0;
    return found;
  };
  const item = (dimension: number): unknown => {
    if (text[at] === '{') return list(dimension);
    const quoted = text[at] === '"';
    const found = next(quoted ? /"[^"\\]*(?:\\.[^"\\]*)*"/sy : /[^{},"\\]*(?:\\.[^{},"\\]*)*/sy);
    const bare = (quoted ? found?.slice(1, -1) : found?.trim())?.replace(/\\(.)/gs, '$1');
    return quoted ? bare : bare === '' ? undefined : /^null$/i.test(bare ?? '') ? null : bare;
  };
  const list = (dimension: number): unknown[] | undefined => {
    if (dimension > MOST_DIMENSIONS || text[at++] !== '{') return undefined;
    const out: unknown[] = [];
    space();
    if (text[at] === '}') {
      at++;
      return out;
    }
    for (;;) {
      space();
      const found = item(dimension + 1);
      if (found === undefined) return undefined;
      out.push(found);
      space();
      const end = text[at++];
      if (end === '}') return out;
      if (end !== ',') return undefined;
    }
  };
  space();
  const found = list(1);
  space();
  return at === text.length ? found : undefined;
}

/** Arrays come parsed, or (where the driver leaves a type alone) as PostgreSQL's text. */
export function decodeArray(raw: unknown, decode: ((raw: unknown) => unknown) | undefined): unknown {
  const items = typeof raw === 'string' ? parseArray(raw) : raw;
  if (!Array.isArray(items) || !decode) return items;
  return items.map((item) => (item === null ? null : Array.isArray(item) ? decodeArray(item, decode) : decode(item)));
}

function parseArray(text: string): unknown[] {
  let at = text.indexOf('{') + 1;
  const list = (): unknown[] => {
    const out: unknown[] = [];
    while (at < text.length) {
      const c = text[at];
      if (c === '}') {
        at++;
        return out;
      }
      if (c === ',') at++;
      else if (c === '{') {
        at++;
        out.push(list());
      } else if (c === '"') {
        let item = '';
        for (at++; text[at] !== '"'; at++) {
          if (text[at] === '\\') at++;
          item += text[at];
        }
        at++;
        out.push(item);
      } else {
        const start = at;
        while (text[at] !== ',' && text[at] !== '}') at++;
        const item = text.slice(start, at);
        out.push(item === 'NULL' ? null : item);
      }
    }
    return out;
  };
  return list();
}

export function decodeInteger(raw: unknown): unknown {
  const number = Number(raw);
  return Number.isSafeInteger(number) || !Number.isFinite(number) ? number : BigInt(raw as string);
}
/** A value of this type out of an array's text, where every element is text. */
export function textDecoder(type: Pick<FieldType, 'family' | 'decode'>): ((text: unknown) => unknown) | undefined {
  const { family, decode } = type;
  if (family === 'boolean') return (text) => text === 't' || text === 'true';
  if (family === 'json') return (text) => JSON.parse(text as string);
  if (family === 'bytea') return (text) => Buffer.from(String(text).slice(2), 'hex');
  if (decode) return decode;
  return family === 'integer' || family === 'float' ? Number : undefined;
}

/** For a type that an expression is said to have: numbers are numbers, however they come. */
export function tolerantDecoder(family: Family): ((raw: unknown) => unknown) | undefined {
  if (family === 'integer' || family === 'float') return Number;
  return family === 'numeric' || family === 'text' ? String : undefined;
}

/** Two digits of a text as a number. */
const two = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

/**
 * PostgreSQL's usual text of a moment (`2020-01-31 12:00:00.123456+00`, or without the offset) → milliseconds, read
 * character by character: several times as fast as `new Date(text)`. NaN for any other text.
 */
function milliseconds(text: string, offset: boolean): number {
  const end = text.length - (offset ? 3 : 0);
  if (end < 19 || end > 26 || text.charCodeAt(4) !== 45 || text.charCodeAt(10) !== 32) return Number.NaN;
  if (offset && !text.endsWith('+00')) return Number.NaN;
  let fraction = 0;
  if (end > 19) {
    if (text.charCodeAt(19) !== 46) return Number.NaN;
    for (let i = 20, unit = 100; i < end && i < 23; i++, unit /= 10) fraction += (text.charCodeAt(i) - 48) * unit;
  }
  const year = two(text, 0) * 100 + two(text, 2);
  if (year < 100) return Number.NaN;
  return Date.UTC(year, two(text, 5) - 1, two(text, 8), two(text, 11), two(text, 14), two(text, 17), fraction);
}

/** A timestamp's decoder: the quick way, and the given one for texts that are not of the usual form. */
export function momentDecoder(offset: boolean, other: (raw: unknown) => unknown): (raw: unknown) => unknown {
  return (raw) => {
    const ms = typeof raw === 'string' ? milliseconds(raw, offset) : Number.NaN;
    return Number.isNaN(ms) ? other(raw) : new Date(ms);
  };
}

export const decodeDate = (raw: unknown): Date => new Date(raw as string);
export const decodeTimestamp = momentDecoder(false, (raw) => new Date(`${String(raw).replace(' ', 'T')}Z`));
export const decodeTimestamptz = momentDecoder(true, (raw) => new Date(raw as string));
