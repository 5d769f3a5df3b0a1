/** What a JavaScript value is by itself, where no column says what it is to be. */
import { isArray } from '../meta/kinds.js';
import { refuse } from '../errors.js';
import { checkDepth, decodeInteger, encodeJson, shown } from '../meta/codecs.js';
import { arrayTypeOf, type FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';

/** A number that is not whole: numeric in SQL, so that `price * 1.1` stays exact; a number in JavaScript. */
const NUMBER: FieldType = { ...TYPES.numeric, family: 'float', mode: 'number', decode: Number };
const EXACT = { mode: 'bigint', decode: (raw: unknown) => BigInt(raw as string) } as const;
const BIGINT: FieldType = { ...TYPES.bigint, ...EXACT };
/** Beyond PostgreSQL's own whole numbers. */
const HUGE: FieldType = { ...TYPES.numeric, ...EXACT };
const DOUBLE: FieldType = TYPES.float;
const JSON_TEXT: FieldType = { ...TYPES.json, encode: encodeJson };
const WHOLE: FieldType = { ...TYPES.bigint, decode: decodeInteger };

/** The type that a JavaScript value has by itself, and its name in a shape's key. */
export function kindOf(value: unknown, dimension = 1): [string, FieldType | undefined] {
  switch (typeof value) {
    case 'string':
      return ['s', TYPES.text];
    case 'boolean':
      return ['b', TYPES.boolean];
    case 'bigint':
      return value >= -(2n ** 63n) && value < 2n ** 63n ? ['B', BIGINT] : ['N', HUGE];
    case 'number':
      if (Number.isInteger(value) && Math.abs(value) < 2 ** 63)
        return Math.abs(value) < 2 ** 31 ? ['i', TYPES.integer] : ['I', WHOLE];
      return Number.isFinite(value) ? ['f', NUMBER] : ['F', DOUBLE];
    case 'object':
      if (value === null) return ['n', undefined];
      if (value instanceof Date) return ['d', TYPES.timestamptzAsDate];
      if (value instanceof Uint8Array) return ['y', TYPES.bytea];
      if (isArray(value)) {
        checkDepth(dimension, value);
        // Of an empty list, or one of NULLs alone, the kind is not known.
        const first = value.find((item) => item !== null);
        const [kind, element] = kindOf(value.includes(undefined) ? undefined : (first ?? null), dimension + 1);
        return [`[${kind}]`, arrayTypeOf(element ?? TYPES.text)];
      }
      return ['o', JSON_TEXT];
    case 'undefined':
      return refuse('undefined is no value: use null for NULL.');
    default:
      refuse(`${shown(value)} is no value that a database can hold.`);
  }
}
