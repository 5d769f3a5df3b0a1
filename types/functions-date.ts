/** Functions of dates and times. */
import type { Arg, Call, Expression, Known, Nullary, Operand, OutputField, SpecOf, WithField } from './expression.js';

type TimeUnit = 'hour' | 'minute' | 'second';
export type DatePart =
  | 'year'
  | 'iso_year'
  | 'quarter'
  | 'month'
  | 'week'
  | 'day'
  | 'week_day'
  | 'iso_week_day'
  | TimeUnit;
export type DateUnit = 'year' | 'quarter' | 'month' | 'week' | 'day' | TimeUnit;

export interface ZoneOption {
  /** A name of the time zone database: `'Europe/Paris'`. */
  tzinfo?: string;
}

export interface ExtractPart<Rule extends string> {
  <N extends string = never, const A extends Operand = Operand>(
    expression: Arg<N, A>['checked'],
    options?: ZoneOption,
  ): Expression<Call<Rule, [SpecOf<A>]>, N>;
}
export interface TruncTo<Rule extends string> {
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>['checked'],
    options?: Known<O, ZoneOption & OutputField>,
  ): Expression<WithField<Call<Rule, [SpecOf<A>]>, O>, N>;
}

export declare function Extract<
  N extends string = never,
  const A extends Operand = Operand,
  const K extends DatePart = DatePart,
>(
  expression: Arg<N, A>['checked'],
  lookup_name: K | ({ lookup_name: K } & ZoneOption),
  options?: ZoneOption,
): Expression<Call<K extends 'day' ? 'day_part' : K extends TimeUnit ? 'time_part' : 'date_part', [SpecOf<A>]>, N>;
export declare const ExtractYear: ExtractPart<'date_part'>;
export declare const ExtractIsoYear: ExtractPart<'date_part'>;
export declare const ExtractQuarter: ExtractPart<'date_part'>;
export declare const ExtractMonth: ExtractPart<'date_part'>;
export declare const ExtractWeek: ExtractPart<'date_part'>;
export declare const ExtractDay: ExtractPart<'day_part'>;
export declare const ExtractWeekDay: ExtractPart<'date_part'>;
export declare const ExtractIsoWeekDay: ExtractPart<'date_part'>;
export declare const ExtractHour: ExtractPart<'time_part'>;
export declare const ExtractMinute: ExtractPart<'time_part'>;
export declare const ExtractSecond: ExtractPart<'time_part'>;

type TruncKind = DateUnit | 'date' | 'time';
type TruncRule<K> = K extends 'date' | 'time' ? `to_${K}` : K extends TimeUnit ? 'time_unit' : 'date_unit';
export declare function Trunc<
  N extends string = never,
  const A extends Operand = Operand,
  const O extends { kind: TruncKind } = { kind: TruncKind },
>(
  expression: Arg<N, A>['checked'],
  options: Known<O, { kind: TruncKind } & ZoneOption & OutputField>,
): Expression<WithField<Call<TruncRule<O['kind']>, [SpecOf<A>]>, O>, N>;
export declare function Trunc<
  N extends string = never,
  const A extends Operand = Operand,
  const K extends TruncKind = DateUnit,
  const O = unknown,
>(
  expression: Arg<N, A>['checked'],
  kind: K,
  options?: Known<O, ZoneOption & OutputField>,
): Expression<WithField<Call<TruncRule<K>, [SpecOf<A>]>, O>, N>;
export declare const TruncYear: TruncTo<'date_unit'>;
export declare const TruncQuarter: TruncTo<'date_unit'>;
export declare const TruncMonth: TruncTo<'date_unit'>;
export declare const TruncWeek: TruncTo<'date_unit'>;
export declare const TruncDay: TruncTo<'date_unit'>;
export declare const TruncHour: TruncTo<'time_unit'>;
export declare const TruncMinute: TruncTo<'time_unit'>;
export declare const TruncSecond: TruncTo<'time_unit'>;
/** The day of a moment, in its column's own mode. */
export declare const TruncDate: TruncTo<'to_date'>;
/** The time of day. */
export declare const TruncTime: TruncTo<'to_time'>;

export declare const Now: Nullary<'datetime', Date>;
/** When the transaction began. */
export declare const TransactionNow: Nullary<'datetime', Date>;
