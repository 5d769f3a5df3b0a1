/** Functions of dates and times. */
import * as TYPES from '../../meta/types.js';
import { Extract as ExtractExpression, Trunc as TruncExpression } from '../dates.js';
import { argumentsOf, define } from '../func.js';
import { toExpression } from '../refs.js';

interface DateArguments {
  readonly expression: unknown;
  readonly lookup_name: string;
  readonly kind: string;
  readonly tzinfo: string;
  readonly output_field: unknown;
}
const dateArguments = (who: string, given: readonly unknown[], names: readonly string[]) =>
  argumentsOf<DateArguments>(who, given, names) as DateArguments;

export const Now = define('Now', TYPES.timestamptzAsDate, () => 'STATEMENT_TIMESTAMP()');
export const TransactionNow = define('TransactionNow', TYPES.timestamptzAsDate, () => 'CURRENT_TIMESTAMP');

/** `Extract('created', 'year', { tzinfo })`, `Extract('created', { lookup_name: 'year' })`. */
export const Extract = (...given: unknown[]) => {
  const options = dateArguments('Extract', given, ['expression', 'lookup_name', 'tzinfo']);
  return new ExtractExpression(toExpression(options.expression), options.lookup_name, options);
};
const extract =
  /* @__NO_SIDE_EFFECTS__ */
    (kind: string) =>
    (expression: unknown, ...given: unknown[]) =>
      new ExtractExpression(toExpression(expression), kind, dateArguments('Extract', given, ['tzinfo']));
export const ExtractYear = extract('year');
export const ExtractIsoYear = extract('iso_year');
export const ExtractQuarter = extract('quarter');
export const ExtractMonth = extract('month');
export const ExtractWeek = extract('week');
export const ExtractDay = extract('day');
export const ExtractWeekDay = extract('week_day');
export const ExtractIsoWeekDay = extract('iso_week_day');
export const ExtractHour = extract('hour');
export const ExtractMinute = extract('minute');
export const ExtractSecond = extract('second');

/** `Trunc('created', 'month', { tzinfo, output_field })`, `Trunc('created', { kind: 'month' })`. */
export const Trunc = (...given: unknown[]) => {
  const options = dateArguments('Trunc', given, ['expression', 'kind', 'output_field', 'tzinfo']);
  return new TruncExpression(toExpression(options.expression), options.kind, options);
};
const trunc =
  /* @__NO_SIDE_EFFECTS__ */
    (kind: string) =>
    (expression: unknown, ...given: unknown[]) =>
      new TruncExpression(toExpression(expression), kind, dateArguments('Trunc', given, ['output_field', 'tzinfo']));
export const TruncYear = trunc('year');
export const TruncQuarter = trunc('quarter');
export const TruncMonth = trunc('month');
export const TruncWeek = trunc('week');
export const TruncDay = trunc('day');
export const TruncDate = trunc('date');
export const TruncTime = trunc('time');
export const TruncHour = trunc('hour');
export const TruncMinute = trunc('minute');
export const TruncSecond = trunc('second');
