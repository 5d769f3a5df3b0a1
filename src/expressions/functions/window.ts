/** Functions that stand in a Window. */
import { ValueError } from '../../errors.js';
import type { FieldType } from '../../meta/field-type.js';
import * as TYPES from '../../meta/types.js';
import { Value } from '../base.js';
import type { Expression } from '../expression.js';
import { call, Func, type FuncDefinition, type OutputOption, refuseUnknown, sqlName, takeOptions } from '../func.js';
import { toExpression } from '../refs.js';

const first = (sources: readonly Expression[]): FieldType | undefined => sources[0]?.output;
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

const NTILE = definition('Ntile', TYPES.integer);
/** `Ntile(4)` or `Ntile({ num_buckets: 4 })`. */
export const Ntile = (...given: unknown[]): Func => {
  const [n = 1] = positional('Ntile', given, ['num_buckets']) as [number?];
  if (!(n > 0)) throw new ValueError('num_buckets must be greater than 0.');
  return new Func(NTILE, [new Value(n)]);
};

/** Django's optional arguments, by place or by name. */
function positional(name: string, given: readonly unknown[], names: readonly string[]): unknown[] {
  const byPlace = [...given];
  const named: Record<string, unknown> = takeOptions(byPlace);
  refuseUnknown(name, named, [...names, 'output_field']);
  return names.map((each, i) => byPlace[i] ?? named[each]);
}

/** The windowed value itself, which may not be left out. */
const sourceOf = (name: string, expression: unknown): Expression => {
  if (expression === null || expression === undefined)
    throw new ValueError(`${name} requires a non-null source expression.`);
  return toExpression(expression);
};

const shift = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const made = definition(name, first);
  return (expression: unknown, ...given: unknown[]): Func => {
    const { output_field } = takeOptions<OutputOption>([...given]);
    const [offset = 1, fallback] = positional(name, given, ['offset', 'default']) as [number?, unknown?];
    const source = sourceOf(name, expression);
    if (offset === null || !(offset > 0)) throw new ValueError(`${name} requires a positive integer for the offset.`);
    const rest = fallback === undefined || fallback === null ? [] : [toExpression(fallback)];
    return new Func(made, [source, new Value(offset), ...rest], output_field);
  };
};
export const Lag = shift('Lag');
export const Lead = shift('Lead');

const one = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const made = definition(name, first);
  return (expression: unknown) => new Func(made, [toExpression(expression)]);
};
export const FirstValue = one('FirstValue');
export const LastValue = one('LastValue');

const NTH = definition('NthValue', first);
/** `NthValue('price', 2)` or `NthValue('price', { nth: 2 })`. */
export const NthValue = (expression: unknown, ...given: unknown[]): Func => {
  const [nth = 1] = positional('NthValue', given, ['nth']) as [number?];
  const source = sourceOf('NthValue', expression);
  if (!(nth > 0)) throw new ValueError('NthValue requires a positive integer as for nth.');
  return new Func(NTH, [source, new Value(nth)]);
};
