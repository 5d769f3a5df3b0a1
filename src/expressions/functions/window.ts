/** Functions that stand in a Window. */
import { ValueError } from '../../errors.js';
import type { FieldType } from '../../meta/field-type.js';
import * as TYPES from '../../meta/types.js';
import { Value } from '../base.js';
import type { Expression } from '../expression.js';
import { call, Func, type FuncDefinition, refuseUnknown, sqlName, takeOptions } from '../func.js';
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
  const [[n = 1], output] = optional('Ntile', given, ['num_buckets']);
  return new Func(NTILE, [positive(n, 'num_buckets must be greater than 0.')], output);
};

/** Django's optional arguments, by place or by name, and the type that the call asks for. */
function optional(who: string, given: readonly unknown[], names: readonly string[]): [unknown[], unknown] {
  const byPlace = [...given];
  const named: Record<string, unknown> = takeOptions(byPlace);
  refuseUnknown(who, named, [...names, 'output_field']);
  if (byPlace.length > names.length) throw new ValueError(`${who} takes no more than ${names.join(', ')}.`);
  return [names.map((name, i) => (i < byPlace.length ? byPlace[i] : named[name])), named.output_field];
}

function positive(n: unknown, refusal: string): Value {
  if (!((typeof n === 'number' || typeof n === 'bigint') && n > 0)) throw new ValueError(refusal);
  return new Value(n);
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
    const [[offset = 1, fallback], output] = optional(name, given, ['offset', 'default']);
    const source = sourceOf(name, expression);
    const rows = positive(offset, `${name} requires a positive integer for the offset.`);
    const rest = fallback === undefined || fallback === null ? [] : [toExpression(fallback)];
    return new Func(made, [source, rows, ...rest], output);
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
  const [[nth = 1], output] = optional('NthValue', given, ['nth']);
  const source = sourceOf('NthValue', expression);
  return new Func(NTH, [source, positive(nth, 'NthValue requires a positive integer as for nth.')], output);
};
