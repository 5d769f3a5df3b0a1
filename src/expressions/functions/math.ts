/** Functions of numbers. */
import type { FieldType } from '../../meta/field-type.js';
import * as TYPES from '../../meta/types.js';
import { type Expression, firstOutput } from '../expression.js';
import { argumentsOf, call, define, type Func } from '../func.js';
import { combinedOutput, commonOutput, withFraction } from '../output.js';

const family = (source: Expression | undefined) => source?.output?.family;
/** Numeric stays numeric, in the column's own mode, unless a float column stands beside it; the rest are fractions. */
const real = (sources: readonly Expression[]): FieldType => {
  if (sources.some((s) => !s.isLiteral && family(s) === 'float')) return TYPES.float;
  const type = commonOutput(sources.map((s) => s.output).filter((t) => t?.family === 'numeric'));
  return type ? withFraction(type) : TYPES.float;
};

const ofNumeric = (name: string, args: readonly string[]): string =>
  `${name}(${args.map((sql) => `(${sql})::numeric`).join(', ')})`;

export const Abs = define('Abs', firstOutput);
export const Ceil = define('Ceil', firstOutput, call('CEILING'));
export const Floor = define('Floor', firstOutput);
export const Sign = define('Sign', firstOutput);
const rest = ([a, b]: readonly Expression[]) => (a && b ? combinedOutput(a, '%', b) : undefined);
export const Mod = define('Mod', rest, (args, sources) =>
  rest(sources)?.family === 'float' ? `${ofNumeric('MOD', args)}::double precision` : `MOD(${args.join(', ')})`,
);
export const Sqrt = define('Sqrt', real);
export const Exp = define('Exp', real);
export const Ln = define('Ln', real);
/** `Log(base, x)`; PostgreSQL has it for numeric alone. */
export const Log = define('Log', real, (args, sources) => {
  const cast = ofNumeric('LOG', args);
  return real(sources).family === 'numeric' ? cast : `${cast}::double precision`;
});
export const Power = define('Power', real);

const double = /* @__NO_SIDE_EFFECTS__ */ (name: string, sql = name.toUpperCase()) =>
  define(name, TYPES.float, call(sql));
export const ACos = double('ACos');
export const ASin = double('ASin');
export const ATan = double('ATan');
export const ATan2 = double('ATan2');
export const Cos = double('Cos');
export const Cot = double('Cot');
export const Sin = double('Sin');
export const Tan = double('Tan');
export const Degrees = double('Degrees');
export const Radians = double('Radians');
export const Pi = define('Pi', TYPES.float);
export const Random = define('Random', TYPES.float, undefined, { ungrouped: true });

const round = define('Round', firstOutput, ([x, digits], [source]) => {
  if (digits === undefined) return `ROUND(${x})`;
  const rounded = `ROUND((${x})::numeric, (${digits})::integer)`;
  return family(source) === 'numeric' ? rounded : `${rounded}::${source?.output?.base}`;
});
/** `Round('price', 2)` or `Round('price', { precision: 2 })`. */
export const Round = (expression: unknown, ...given: unknown[]): Func => {
  const { precision = null } = argumentsOf<{ precision: unknown }>('Round', given, ['precision']);
  return precision === null ? round(expression) : round(expression, precision);
};
