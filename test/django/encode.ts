// Results in the judge's canonical encoding: what JavaScript cannot say in JSON is an object with one `$` key.
import type { Json } from './ast.js';
import type { Kind } from './schema.js';

export function isExpression(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { asc?: unknown }).asc === 'function';
}

function encodeInteger(value: unknown): Json {
  // A whole number is no text: one that comes as text was not decoded, or was set so by hand.
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && !Number.isInteger(value)) return encodeFloat(value);
  const whole = BigInt(value as string | number | bigint);
  return Number.isSafeInteger(Number(whole)) ? Number(whole) : { $bigint: String(whole) };
}

function encodeFloat(value: unknown): Json {
  const number = Number(value);
  if (Number.isNaN(number) && String(value) !== 'NaN') return String(value);
  return Number.isFinite(number) ? number : { $float: String(number) };
}

const instantText =
  /^(\d{4,6})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)?$/i;

function offsetMinutes(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours = '0', minutes = '0', seconds = '0'] = zone.slice(1).match(/\d\d/g) ?? [];
  const total = Number(hours) * 60 + Number(minutes) + Number(seconds) / 60;
  return zone.startsWith('-') ? -total : total;
}

/** An instant in UTC with microseconds, however its text spells it; without a zone it is a naive one. */
export function encodeInstant(value: unknown): Json {
  if (value instanceof Date) return { $datetime: value.toISOString().replace(/\.(\d{3})Z$/, '.$1000Z') };
  const parts = instantText.exec(String(value));
  if (!parts) return String(value);
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone] = parts;
  const micro = fraction.padEnd(6, '0');
  if (zone === undefined) return { $naive: `${year}-${month}-${day}T${hour}:${minute}:${second}.${micro}` };
  // `Date.UTC` reads years below 100 as of the last century.
  const at = new Date(0);
  at.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  at.setUTCHours(Number(hour), Number(minute), Number(second), 0);
  const utc = new Date(at.getTime() - offsetMinutes(zone) * 60_000);
  return { $datetime: `${utc.toISOString().slice(0, 19)}.${micro}Z` };
}

function encodeDate(value: unknown): Json {
  if (value instanceof Date) return { $date: value.toISOString().slice(0, 10) };
  return /^\d{4,6}-\d\d-\d\d$/.test(String(value)) ? { $date: String(value) } : encodeInstant(value);
}

function encodeTime(value: unknown): Json {
  const parts = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/.exec(String(value));
  if (!parts) return String(value);
  const [, hour, minute, second = '00', fraction = ''] = parts;
  return { $time: `${hour}:${minute}:${second}.${fraction.padEnd(6, '0')}` };
}

const unitSeconds: Record<string, number> = { year: 31_536_000, mon: 2_592_000, day: 86_400 };

/** Seconds of an interval that PostgreSQL wrote in its own style, months and years of Python's length. */
function encodeInterval(value: unknown): Json {
  if (typeof value === 'number') return { $interval: value };
  const text = String(value);
  let seconds = 0;
  for (const [, count, unit] of text.matchAll(/([+-]?\d+) (year|mon|day)s?/g)) {
    seconds += Number(count) * unitSeconds[unit!]!;
  }
  const clock = /([+-])?(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (clock) {
    const [, sign, hours, minutes, rest] = clock;
    const part = Number(hours) * 3600 + Number(minutes) * 60 + Number(rest);
    seconds += sign === '-' ? -part : part;
  } else if (/^-?\d+(\.\d+)? seconds?$/.test(text)) {
    seconds = Number.parseFloat(text);
  } else if (!/(year|mon|day)/.test(text)) {
    return text;
  }
  return { $interval: seconds };
}

function encodeBytes(value: unknown): Json {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('hex') };
  return typeof value === 'string' ? { $bytes: value.replace(/^\\x/, '') } : String(value);
}

/** What a JSON column holds: objects keep their inside as it is. */
export function encodeJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(encodeJson);
  return typeof value === 'object' && value !== null ? { $json: value as Json } : (value as Json);
}

/** A value of which only its JavaScript type is known: a text stays one that may stand for another kind. */
function encodeUnknown(value: unknown): Json {
  if (typeof value === 'bigint') return encodeInteger(value);
  if (typeof value === 'number') return encodeFloat(value);
  if (typeof value === 'string') return { $text: value };
  if (value instanceof Date) return encodeInstant(value);
  if (value instanceof Uint8Array) return encodeBytes(value);
  if (Array.isArray(value)) return value.map(encodeUnknown);
  return encodeJson(value);
}

const encoders: Record<Kind, (value: unknown) => Json> = {
  int: encodeInteger,
  float: encodeFloat,
  // The columns of decimals are text: a number is what somebody set and nobody read back.
  decimal: (value) => (typeof value === 'number' ? value : { $decimal: String(value) }),
  text: (value) => value as Json,
  bool: (value) => (value === 'true' ? true : value === 'false' ? false : (value as Json)),
  date: encodeDate,
  datetime: encodeInstant,
  time: encodeTime,
  interval: encodeInterval,
  uuid: (value) => ({ $uuid: String(value).toLowerCase() }),
  json: encodeJson,
  bytes: encodeBytes,
  unknown: encodeUnknown,
};

/** Encodes one value of a known kind. */
export function encodeValue(value: unknown, kind: Kind): Json {
  if (value === null || value === undefined) return null;
  if (isExpression(value)) return { $type: 'expression' };
  if (kind.endsWith('[]')) {
    const element = kind.slice(0, -2);
    return Array.isArray(value) ? value.map((item) => encodeValue(item, element)) : encodeUnknown(value);
  }
  const encode = encoders[kind];
  if (!encode) throw new Error(`There is no encoding for ${kind}.`);
  return encode(value);
}
