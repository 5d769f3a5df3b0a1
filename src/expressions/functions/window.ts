/** Functions that stand in a Window. */
import { isNumber } from '../../meta/kinds.js';
import { refuse } from '../../errors.js';
import type { FieldType } from '../../meta/field-type.js';
import * as TYPES from '../../meta/types.js';
import { Value } from '../base.js';
import { type Expression, firstOutput } from '../expression.js';
import { argumentsOf, call, Func, type FuncDefinition, sqlName } from '../func.js';
import { toExpression } from '../refs.js';

const definition = /* @__NO_SIDE_EFFECTS__ */ (name: string, output: FuncDefinition['output']): FuncDefinition => ({
  name,
  output,
  write: call(sqlName(name)),
  windowCompatible: true,
});

const rank = /* @__NO_SIDE_EFFECTS__ */ (name: string, output: FieldType) => {
  const made = definition(name, output);
  return () => new Func(made, []);
};
export const RowNumber = rank('RowNumber', TYPES.bigint);
export const Rank = rank('Rank', TYPES.bigint);
export const DenseRank = rank('DenseRank', TYPES.bigint);
export const PercentRank = rank('PercentRank', TYPES.float);
export const CumeDist = rank('CumeDist', TYPES.float);

interface WindowArguments {
  readonly expression: unknown;
  readonly num_buckets: unknown;
  readonly offset: unknown;
  readonly default: unknown;
  readonly nth: unknown;
  readonly output_field: unknown;
}
const windowArguments = (name: string, given: readonly unknown[], names: readonly string[]): Partial<WindowArguments> =>
  argumentsOf(name, given, names, ['output_field']);

function positive(n: unknown, refusal: string): Value {
  if (!(isNumber(n) && n > 0)) refuse(refusal);
  // How many rows is no value of the column, whose type a literal beside it would take.
  return new Value(n, { output_field: TYPES.integer });
}

/** The windowed value itself, which may not be left out. */
const sourceOf = (name: string, expression: unknown): Expression => {
  if (expression === null || expression === undefined) refuse(`${name} requires a non-null source expression.`);
  return toExpression(expression);
};

const NTILE = definition('Ntile', TYPES.integer);
/** `Ntile(4)` or `Ntile({ num_buckets: 4 })`. */
export const Ntile = (...given: unknown[]): Func => {
  const { num_buckets: n = 1, output_field } = windowArguments('Ntile', given, ['num_buckets']);
  return new Func(NTILE, [positive(n, 'num_buckets must be greater than 0.')], output_field);
};

const shift = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const made = { ...definition(name, firstOutput), ofOneType: true };
  return (...given: unknown[]): Func => {
    const named = windowArguments(name, given, ['expression', 'offset', 'default']);
    const { expression, offset = 1, default: fallback = null, output_field } = named;
    const source = sourceOf(name, expression);
    const rows = positive(offset, `${name} requires a positive integer for the offset.`);
    return new Func(made, [source, rows, ...(fallback === null ? [] : [toExpression(fallback)])], output_field);
  };
};
/** `Lag('price', 2, 0)`, `Lag('price', { offset: 2, default: 0 })` or `Lag({ expression: 'price' })`. */
export const Lag = shift('Lag');
export const Lead = shift('Lead');

const one = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const made = definition(name, firstOutput);
  return (...given: unknown[]): Func => {
    const { expression, output_field } = windowArguments(name, given, ['expression']);
    return new Func(made, [sourceOf(name, expression)], output_field);
  };
};
export const FirstValue = one('FirstValue');
export const LastValue = one('LastValue');

const NTH = definition('NthValue', firstOutput);
/** `NthValue('price', 2)` or `NthValue('price', { nth: 2 })`. */
export const NthValue = (...given: unknown[]): Func => {
  const { expression, nth = 1, output_field } = windowArguments('NthValue', given, ['expression', 'nth']);
  const source = sourceOf('NthValue', expression);
  return new Func(NTH, [source, positive(nth, 'NthValue requires a positive integer as for nth.')], output_field);
};
