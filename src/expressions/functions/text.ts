/** Functions of text. */
import { refuse } from '../../errors.js';
import * as TYPES from '../../meta/types.js';
import type { Expression } from '../expression.js';
import { define, type Func, type FuncDefinition } from '../func.js';
import { Value } from '../base.js';

const asText = (sql: string, source: Expression | undefined): string =>
  source?.output?.family === 'text' ? sql : `(${sql})::text`;
/* @__NO_SIDE_EFFECTS__ */
function textCall(name: string): FuncDefinition['write'] {
  return (args, sources) => `${name}(${args.map((sql, i) => (i === 0 ? asText(sql, sources[0]) : sql)).join(', ')})`;
}

/** A function by its own name, or by another one in SQL. */
const ofText = /* @__NO_SIDE_EFFECTS__ */ (name: string, sql = name.toUpperCase(), output = TYPES.text) =>
  define(name, output, textCall(sql));
export const Lower = ofText('Lower');
export const Upper = ofText('Upper');
export const Trim = ofText('Trim', 'BTRIM');
export const LTrim = ofText('LTrim');
export const RTrim = ofText('RTrim');
export const Reverse = ofText('Reverse');
export const MD5 = ofText('MD5');
export const Length = ofText('Length', 'LENGTH', TYPES.integer);
export const Ord = ofText('Ord', 'ASCII', TYPES.integer);
export const Chr = define('Chr', TYPES.text, ([n]) => `CHR((${n})::integer)`);

const sha = /* @__NO_SIDE_EFFECTS__ */ (bits: number) =>
  define(
    `SHA${bits}`,
    TYPES.text,
    ([text], [source]) => `ENCODE(SHA${bits}(CONVERT_TO(${asText(text as string, source)}, 'UTF8')), 'hex')`,
  );
export const SHA224 = sha(224);
export const SHA256 = sha(256);
export const SHA384 = sha(384);
export const SHA512 = sha(512);
/** PostgreSQL has SHA-1 in the pgcrypto extension alone. */
export const SHA1 = define(
  'SHA1',
  TYPES.text,
  ([text], [source]) => `ENCODE(DIGEST(${asText(text as string, source)}, 'sha1'), 'hex')`,
);

/** NULL counts as empty text, as in Django. */
export const Concat = define(
  'Concat',
  TYPES.text,
  (args, sources) => `(${args.map((sql, i) => `COALESCE(${asText(sql, sources[i])}, '')`).join(' || ')})`,
  { several: true },
);

/** A function of a text and a whole number, called `what`, which is not below `least`. */
/* @__NO_SIDE_EFFECTS__ */
function sized(name: string, what: string, least: 0 | 1, sql = name.toUpperCase(), fill?: string) {
  const made = define(name, TYPES.text, (args, sources) => {
    const written = args.map((arg, i) =>
      i === 0 ? asText(arg, sources[0]) : i === 1 || fill === undefined ? `(${arg})::integer` : arg,
    );
    return `${sql}(${written.join(', ')})`;
  });
  return (...args: unknown[]): Func => {
    if (typeof args[1] === 'number' && args[1] < least)
      refuse(`'${what}' must be greater ${least ? 'than' : 'or equal to'} 0.`);
    if (fill !== undefined) args[2] ??= new Value(fill);
    return made(...args);
  };
}
export const Left = sized('Left', 'length', 1);
export const Right = sized('Right', 'length', 1);
export const LPad = sized('LPad', 'length', 0, 'LPAD', ' ');
export const RPad = sized('RPad', 'length', 0, 'RPAD', ' ');
export const Repeat = sized('Repeat', 'number', 0);
export const Substr = sized('Substr', 'pos', 1, 'SUBSTRING');

const replace = ofText('Replace');
export const Replace = (expression: unknown, text: unknown, replacement: unknown = new Value('')): Func =>
  replace(expression, text, replacement);

export const StrIndex = ofText('StrIndex', 'STRPOS', TYPES.integer);

export const RandomUUID = define('RandomUUID', TYPES.uuid, () => 'GEN_RANDOM_UUID()');
