/** Functions of text. */
import { ValueError } from '../../errors.js';
import { TYPES } from '../../meta/field-type.js';
import type { Expression } from '../expression.js';
import { define, Func, isOptions } from '../func.js';
import { Value } from '../base.js';
import { toExpression } from '../refs.js';

const asText = (sql: string, source: Expression | undefined): string =>
  source?.output?.family === 'text' ? sql : `(${sql})::text`;
const textCall = (name: string) => (args: readonly string[], sources: readonly Expression[]) =>
  `${name}(${args.map((sql, i) => (i === 0 ? asText(sql, sources[0]) : sql)).join(', ')})`;

export const Lower = define('Lower', TYPES.text, textCall('LOWER'));
export const Upper = define('Upper', TYPES.text, textCall('UPPER'));
export const Trim = define('Trim', TYPES.text, textCall('BTRIM'));
export const LTrim = define('LTrim', TYPES.text, textCall('LTRIM'));
export const RTrim = define('RTrim', TYPES.text, textCall('RTRIM'));
export const Reverse = define('Reverse', TYPES.text, textCall('REVERSE'));
export const MD5 = define('MD5', TYPES.text, textCall('MD5'));
export const Length = define('Length', TYPES.integer, textCall('LENGTH'));
export const Ord = define('Ord', TYPES.integer, textCall('ASCII'));
export const Chr = define('Chr', TYPES.text, ([n]) => `CHR((${n})::integer)`);

const sha = (bits: number) =>
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
export const Concat = (...args: unknown[]): Func => {
  const options = isOptions(args[args.length - 1]) ? (args.pop() as { output_field?: unknown }) : {};
  if (args.length < 2) throw new ValueError('Concat must take at least two expressions');
  return new Func(CONCAT, args.map(toExpression), options.output_field);
};
const CONCAT = {
  name: 'Concat',
  output: TYPES.text,
  write: (args: readonly string[], sources: readonly Expression[]) =>
    `(${args.map((sql, i) => `COALESCE(${asText(sql, sources[i])}, '')`).join(' || ')})`,
};

const count = (name: string, value: unknown): Expression => {
  if (typeof value === 'number' && value < 1) throw new ValueError(`'${name}' must be greater than 0.`);
  return toExpression(value);
};
const LEFT = {
  name: 'Left',
  output: TYPES.text,
  write: ([t, n]: readonly string[], [s]: readonly Expression[]) => `LEFT(${asText(t as string, s)}, (${n})::integer)`,
};
const RIGHT = {
  name: 'Right',
  output: TYPES.text,
  write: ([t, n]: readonly string[], [s]: readonly Expression[]) => `RIGHT(${asText(t as string, s)}, (${n})::integer)`,
};
export const Left = (expression: unknown, length: unknown): Func =>
  new Func(LEFT, [toExpression(expression), count('length', length)]);
export const Right = (expression: unknown, length: unknown): Func =>
  new Func(RIGHT, [toExpression(expression), count('length', length)]);

const pad = (name: string, sql: string) => {
  const definition = {
    name,
    output: TYPES.text,
    write: ([t, n, fill]: readonly string[], [s]: readonly Expression[]) =>
      `${sql}(${asText(t as string, s)}, (${n})::integer, ${fill})`,
  };
  return (expression: unknown, length: unknown, fill: unknown = new Value(' ')): Func => {
    if (typeof length === 'number' && length < 0) throw new ValueError("'length' must be greater or equal to 0.");
    return new Func(definition, [toExpression(expression), toExpression(length), toExpression(fill)]);
  };
};
export const LPad = pad('LPad', 'LPAD');
export const RPad = pad('RPad', 'RPAD');

const REPEAT = {
  name: 'Repeat',
  output: TYPES.text,
  write: ([t, n]: readonly string[], [s]: readonly Expression[]) =>
    `REPEAT(${asText(t as string, s)}, (${n})::integer)`,
};
export const Repeat = (expression: unknown, number: unknown): Func => {
  if (typeof number === 'number' && number < 0) throw new ValueError("'number' must be greater or equal to 0.");
  return new Func(REPEAT, [toExpression(expression), toExpression(number)]);
};

const REPLACE = { name: 'Replace', output: TYPES.text, write: textCall('REPLACE') };
export const Replace = (expression: unknown, text: unknown, replacement: unknown = new Value('')): Func =>
  new Func(REPLACE, [toExpression(expression), toExpression(text), toExpression(replacement)]);

export const StrIndex = define('StrIndex', TYPES.integer, textCall('STRPOS'));

const SUBSTR = {
  name: 'Substr',
  output: TYPES.text,
  write: ([t, from, length]: readonly string[], [s]: readonly Expression[]) =>
    `SUBSTRING(${asText(t as string, s)}, (${from})::integer${length === undefined ? '' : `, (${length})::integer`})`,
};
export const Substr = (expression: unknown, pos: unknown, length?: unknown): Func => {
  if (typeof pos === 'number' && pos < 1) throw new ValueError("'pos' must be greater than 0");
  return new Func(SUBSTR, [
    toExpression(expression),
    toExpression(pos),
    ...(length === undefined || length === null ? [] : [toExpression(length)]),
  ]);
};

export const RandomUUID = define('RandomUUID', TYPES.uuid, () => 'GEN_RANDOM_UUID()');
