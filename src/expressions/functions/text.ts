/** Functions of text. */
import { ValueError } from '../../errors.js';
import * as TYPES from '../../meta/types.js';
import type { Expression } from '../expression.js';
import { define, Func, type FuncDefinition, type OutputOption, takeOptions } from '../func.js';
import { Value } from '../base.js';
import { toExpression } from '../refs.js';

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
export const Concat = (...args: unknown[]): Func => {
  const { output_field } = takeOptions<OutputOption>(args);
  if (args.length < 2) throw new ValueError('Concat must take at least two expressions');
  return new Func(CONCAT, args.map(toExpression), output_field);
};
const CONCAT = {
  name: 'Concat',
  output: TYPES.text,
  write: (args: readonly string[], sources: readonly Expression[]) =>
    `(${args.map((sql, i) => `COALESCE(${asText(sql, sources[i])}, '')`).join(' || ')})`,
};

/** A function of a text and a whole number. */
const sized = /* @__NO_SIDE_EFFECTS__ */ (name: string): FuncDefinition => ({
  name,
  output: TYPES.text,
  write: ([text, n, ...rest], [source]) =>
    `${name.toUpperCase()}(${[asText(text as string, source), `(${n})::integer`, ...rest].join(', ')})`,
});
const count = (value: unknown, least: number, message: string): Expression => {
  if (typeof value === 'number' && value < least) throw new ValueError(message);
  return toExpression(value);
};

const side = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const definition = sized(name);
  return (expression: unknown, length: unknown): Func =>
    new Func(definition, [toExpression(expression), count(length, 1, "'length' must be greater than 0.")]);
};
export const Left = side('Left');
export const Right = side('Right');

const pad = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const definition = sized(name);
  return (expression: unknown, length: unknown, fill: unknown = new Value(' ')): Func => {
    const n = count(length, 0, "'length' must be greater or equal to 0.");
    return new Func(definition, [toExpression(expression), n, toExpression(fill)]);
  };
};
export const LPad = pad('LPad');
export const RPad = pad('RPad');

const REPEAT = sized('Repeat');
export const Repeat = (expression: unknown, number: unknown): Func =>
  new Func(REPEAT, [toExpression(expression), count(number, 0, "'number' must be greater or equal to 0.")]);

const REPLACE: FuncDefinition = { name: 'Replace', output: TYPES.text, write: textCall('REPLACE') };
export const Replace = (expression: unknown, text: unknown, replacement: unknown = new Value('')): Func =>
  new Func(REPLACE, [toExpression(expression), toExpression(text), toExpression(replacement)]);

export const StrIndex = ofText('StrIndex', 'STRPOS', TYPES.integer);

const SUBSTR: FuncDefinition = {
  name: 'Substr',
  output: TYPES.text,
  write: ([text, ...numbers], [source]) =>
    `SUBSTRING(${[asText(text as string, source), ...numbers.map((n) => `(${n})::integer`)].join(', ')})`,
};
export const Substr = (expression: unknown, pos: unknown, length?: unknown): Func => {
  const numbers = [count(pos, 1, "'pos' must be greater than 0")];
  if (length !== undefined && length !== null) numbers.push(toExpression(length));
  return new Func(SUBSTR, [toExpression(expression), ...numbers]);
};

export const RandomUUID = define('RandomUUID', TYPES.uuid, () => 'GEN_RANDOM_UUID()');
