/** Functions of dates and times. */
import type { Arg, Call, Expression, Known, Nullary, Operand, OutputField, SpecOf, WithField } from './expression.js';

export type DatePart =
  | 'year'
  | 'iso_year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'week_day'
  | 'iso_week_day'
  | 'hour'
  | 'minute'
  | 'second';
export type DateUnit = 'year' | 'quarter' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

export interface ZoneOption {
  /** A name of the time zone database: `'Europe/Paris'`. */
  tzinfo?: string;
}

export interface ExtractPart {
  <N extends string = never, const A extends Operand = Operand>(
    expression: Arg<N, A>,
    options?: ZoneOption,
  ): Expression<Call<'date_part', [SpecOf<A>]>, N>;
}
export interface TruncTo<Rule extends string> {
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>,
    options?: Known<O, ZoneOption & OutputField>,
  ): Expression<WithField<Call<Rule, [SpecOf<A>]>, O>, N>;
}

export declare function Extract<N extends string = never, const A extends Operand = Operand>(
  expression: Arg<N, A>,
  kind: DatePart,
  options?: ZoneOption,
): Expression<Call<'date_part', [SpecOf<A>]>, N>;
export declare const ExtractYear: ExtractPart;
export declare const ExtractIsoYear: ExtractPart;
export declare const ExtractQuarter: ExtractPart;
export declare const ExtractMonth: ExtractPart;
export declare const ExtractWeek: ExtractPart;
export declare const ExtractDay: ExtractPart;
export declare const ExtractWeekDay: ExtractPart;
export declare const ExtractIsoWeekDay: ExtractPart;
export declare const ExtractHour: ExtractPart;
export declare const ExtractMinute: ExtractPart;
export declare const ExtractSecond: ExtractPart;

export declare function Trunc<
  N extends string = never,
  const A extends Operand = Operand,
  const K extends DateUnit | 'date' | 'time' = DateUnit,
  const O = unknown,
>(
  expression: Arg<N, A>,
  kind: K,
  options?: Known<O, ZoneOption & OutputField>,
): Expression<
  WithField<Call<K extends 'date' ? 'to_date' : K extends 'time' ? 'to_time' : 'date_unit', [SpecOf<A>]>, O>,
  N
>;
export declare const TruncYear: TruncTo<'date_unit'>;
export declare const TruncQuarter: TruncTo<'date_unit'>;
export declare const TruncMonth: TruncTo<'date_unit'>;
export declare const TruncWeek: TruncTo<'date_unit'>;
export declare const TruncDay: TruncTo<'date_unit'>;
export declare const TruncHour: TruncTo<'date_unit'>;
export declare const TruncMinute: TruncTo<'date_unit'>;
export declare const TruncSecond: TruncTo<'date_unit'>;
/** The day of a moment, in its column's own mode. */
export declare const TruncDate: TruncTo<'to_date'>;
/** The time of day. */
export declare const TruncTime: TruncTo<'to_time'>;

export declare const Now: Nullary<'datetime', Date>;
/** When the transaction began. */
export declare const TransactionNow: Nullary<'datetime', Date>;
