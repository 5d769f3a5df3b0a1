/** Functions of dates and times. */
import * as TYPES from '../../meta/types.js';
import { Extract as ExtractExpression, Trunc as TruncExpression } from '../dates.js';
import { define } from '../func.js';
import { toExpression } from '../refs.js';

type ExtractOptions = { tzinfo?: string };
type TruncOptions = { tzinfo?: string; output_field?: unknown };

export const Now = define('Now', TYPES.timestamptzAsDate, () => 'STATEMENT_TIMESTAMP()');
export const TransactionNow = define('TransactionNow', TYPES.timestamptzAsDate, () => 'CURRENT_TIMESTAMP');

/** `Extract('created', 'year', { tzinfo })`. */
export const Extract = (expression: unknown, kind: string, options: ExtractOptions = {}) =>
  new ExtractExpression(toExpression(expression), kind, options);
const extract =
  /* @__NO_SIDE_EFFECTS__ */
    (kind: string) =>
    (expression: unknown, options: ExtractOptions = {}) =>
      new ExtractExpression(toExpression(expression), kind, options);
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

/** `Trunc('created', 'month', { tzinfo, output_field })`. */
export const Trunc = (expression: unknown, kind: string, options: TruncOptions = {}) =>
  new TruncExpression(toExpression(expression), kind, options);
const trunc =
  /* @__NO_SIDE_EFFECTS__ */
    (kind: string) =>
    (expression: unknown, options: TruncOptions = {}) =>
      new TruncExpression(toExpression(expression), kind, options);
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
