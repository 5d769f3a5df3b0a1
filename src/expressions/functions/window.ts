/** Functions that stand in a Window. */
import { ValueError } from '../../errors.js';
import { type FieldType, TYPES } from '../../meta/field-type.js';
import { Value } from '../base.js';
import type { Expression } from '../expression.js';
import { call, Func } from '../func.js';
import { toExpression } from '../refs.js';

const first = (sources: readonly Expression[]): FieldType | undefined => sources[0]?.output;
const definition = /* @__NO_SIDE_EFFECTS__ */ (name: string, sql: string, output: FieldType | typeof first) => ({
  name,
  output,
  write: call(sql),
  windowCompatible: true,
});

const rank = /* @__NO_SIDE_EFFECTS__ */ (name: string, sql: string, output: FieldType) => {
  const made = definition(name, sql, output);
  return () => new Func(made, []);
};
export const RowNumber = rank('RowNumber', 'ROW_NUMBER', TYPES.bigint);
export const Rank = rank('Rank', 'RANK', TYPES.bigint);
export const DenseRank = rank('DenseRank', 'DENSE_RANK', TYPES.bigint);
export const PercentRank = rank('PercentRank', 'PERCENT_RANK', TYPES.float);
export const CumeDist = rank('CumeDist', 'CUME_DIST', TYPES.float);

const NTILE = definition('Ntile', 'NTILE', TYPES.integer);
export const Ntile = (options: { num_buckets?: number } | number = {}): Func => {
  const n = typeof options === 'number' ? options : (options.num_buckets ?? 1);
  if (!(n > 0)) throw new ValueError('num_buckets must be greater than 0.');
  return new Func(NTILE, [new Value(n)]);
};

const shift = /* @__NO_SIDE_EFFECTS__ */ (name: string) => {
  const made = definition(name, name.toUpperCase(), first);
  return (expression: unknown, options: { offset?: number; default?: unknown } = {}): Func => {
    const { offset = 1, default: fallback } = options;
    if (expression === null || expression === undefined)
      throw new ValueError(`${name} requires a non-null source expression.`);
    if (offset === null || !(offset > 0)) throw new ValueError(`${name} requires a positive integer for the offset.`);
    const args = [toExpression(expression), new Value(offset)];
    if (fallback !== undefined && fallback !== null) args.push(toExpression(fallback) as Value);
    return new Func(made, args);
  };
};
export const Lag = shift('Lag');
export const Lead = shift('Lead');

const one = /* @__NO_SIDE_EFFECTS__ */ (name: string, sql: string) => {
  const made = definition(name, sql, first);
  return (expression: unknown) => new Func(made, [toExpression(expression)]);
};
export const FirstValue = one('FirstValue', 'FIRST_VALUE');
export const LastValue = one('LastValue', 'LAST_VALUE');

const NTH = definition('NthValue', 'NTH_VALUE', first);
export const NthValue = (expression: unknown, options: { nth?: number } | number = {}): Func => {
  const nth = typeof options === 'number' ? options : (options.nth ?? 1);
  if (expression === null || expression === undefined)
    throw new ValueError('NthValue requires a non-null source expression.');
  if (!(nth > 0)) throw new ValueError('NthValue requires a positive integer as for nth.');
  return new Func(NTH, [toExpression(expression), new Value(nth)]);
};
