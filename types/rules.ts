/**
 * What functions give. `Args` are the specs of the arguments, `M` the model.
 * Open to module augmentation: a function of your own is one more rule.
 */
import type { CheckedRef, DataOf, Evaluated, Give, JsonOf, Ref, Under } from './expression.js';
import type { Typed } from './lookup.js';
import type { NotADate, NotATime, NotSliceable, TextOperand } from './message.js';
import type { Invalid } from './tags.js';

type At<M, Args extends readonly unknown[], I extends keyof Args> = Evaluated<M, Args[I]>;
type AllData<M, Args extends readonly unknown[]> = DataOf<Evaluated<M, Args[number]>>;
/** `null` where any argument can be null. */
type NullOfAny<M, Args extends readonly unknown[]> = Extract<AllData<M, Args>, null>;

export interface Rules<M, Args extends readonly unknown[]> {
  text: Typed<'text', string | NullOfAny<M, Args>>;
  count: Typed<'int', number>;
  int: Typed<'int', number | NullOfAny<M, Args>>;
  float: Typed<'float', number | NullOfAny<M, Args>>;
  bool: Typed<'bool', boolean | NullOfAny<M, Args>>;
  bytes: Typed<'bytes', Uint8Array | NullOfAny<M, Args>>;
  json: Typed<'json', unknown>;
  json_items: Typed<'json', unknown[]>;
  document: Typed<'other', string>;
  score: Typed<'float', number>;
  /** The type of the first argument. */
  same: At<M, Args, 0>;
  /** The type of the first argument, or null. */
  nullable: OrNull<At<M, Args, 0>>;
  /** The type of the first argument, never null. */
  not_null: NotNull<At<M, Args, 0>>;
  /** The type of the first argument, as wide as it is compared, or null. */
  null_if: OrNull<Compared<At<M, Args, 0>, At<M, Args, 1>, Args>>;
  /** The type that `output_field` says, null where an argument can be. */
  field: Field<At<M, Args, 0>, NullOfRest<M, Args>>;
  /** The type of the first argument that has one; null only if every argument can be null. */
  coalesce: FirstOf<M, Args, Decisive<M, Args>, AnyNotNull<M, Args> extends true ? never : null>;
  /** The types of all branches. */
  case: FirstOf<M, Args, Decisive<M, Args>, NullOfAny<M, Args>>;
  concat: Typed<'text', string>;
  text_or_null: Typed<'text', string | null>;
  float_or_null: Typed<'float', number | null>;
  bool_or_null: Typed<'bool', boolean | null>;
  json_or_null: Typed<'json', unknown>;
  interval: Typed<'interval', string | NullOfAny<M, Args>>;
  date_part: OfKind<'date' | 'datetime', Args[0], At<M, Args, 0>, Part<M, Args>>;
  day_part: OfKind<'date' | 'datetime' | 'interval', Args[0], At<M, Args, 0>, Part<M, Args>>;
  time_part: OfKind<'datetime' | 'time' | 'interval', Args[0], At<M, Args, 0>, Part<M, Args>>;
  date_unit: OfKind<'date' | 'datetime', Args[0], At<M, Args, 0>, At<M, Args, 0>>;
  time_unit: OfKind<'datetime' | 'time', Args[0], At<M, Args, 0>, At<M, Args, 0>>;
  to_date: OfKind<'date' | 'datetime', Args[0], At<M, Args, 0>, ToDate<At<M, Args, 0>>>;
  to_time: OfKind<'datetime' | 'time', Args[0], At<M, Args, 0>, Typed<'time', string | NullOfAny<M, Args>>>;
  slice: Sliced<At<M, Args, 0>>;
  /** A decimal stays one, in its column's mode; any other number becomes a float. */
  real: Real<At<M, Args, 0>, NullOfAny<M, Args>>;
  power: Power<At<M, Args, 0>, At<M, Args, 1>, NullOfAny<M, Args>, Args>;
  sum: Sum<At<M, Args, 0>>;
  average: OrNull<Real<At<M, Args, 0>, null>>;
  array: Typed<'array', AllData<M, [Args[0]]>[] | null>;
  json_array: Typed<'json', JsonOf<At<M, Args, 0>>[] | null>;
  plus: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '+', Args>;
  minus: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '-', Args>;
  times: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '*', Args>;
  over: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '/', Args>;
  raised: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '^', Args>;
}

type OrNull<T> = T extends Typed<infer F, infer D> ? Typed<F, D | null> : never;
type NotNull<T> = T extends Typed<infer F, infer D> ? Typed<F, Exclude<D, null>> : never;
type Field<T, Null> = T extends Typed<infer F, infer D> ? Typed<F, D | Null> : never;
type NullOfRest<M, Args extends readonly unknown[]> = Args extends readonly [unknown, ...infer Rest]
  ? NullOfAny<M, Rest>
  : never;

type AnyNotNull<M, Args extends readonly unknown[]> = {
  [I in keyof Args]: null extends DataOf<Evaluated<M, Args[I]>> ? false : true;
}[number] extends false
  ? false
  : true;

// A null literal has no type of its own. `Numbers` are those of the arguments that say the mode of a number.
type FirstOf<M, Args extends readonly unknown[], Numbers, Null> = OfFamilies<
  M,
  Args,
  Numbers,
  Null,
  GivenFamilies<Evaluated<M, Args[number]>>
>;
type OfFamilies<M, Args extends readonly unknown[], Numbers, Null, Families> = [Families] extends [Exact]
  ? Widest<Numbers, GivenFamilies<Numbers>, Null>
  : 'float' extends GivenFamilies<Evaluated<M, Exclude<Args[number], Given<unknown>>>> & Numbered<Families>
    ? Typed<'float', number | Null>
    : Typed<
        FirstFamily<M, Args>,
        | Exclude<
            DataOf<[Families] extends [Exact | 'custom'] ? OfTexts<M, Args> : Dated<Evaluated<M, Args[number]>>>,
            null | never[]
          >
        | Null
      >;
type Numbered<Families> = [Families] extends [Numeric] ? Families : never;
/** Whole numbers and literals beside a subquery's text, which is a numeric then. */
type OfTexts<M, Args extends readonly unknown[]> = Exclude<
  Evaluated<M, Exclude<Args[number], Given<Typed<'decimal', number>>>>,
  Typed<'int' | 'bigint', unknown>
>;
/** A text beside a Date is a literal of one. */
type Dated<T> = Date extends DataOf<T> ? Exclude<T, Typed<'text', unknown>> : T;
/** Columns say the mode; literals count beside them where those are whole, and a literal may not be. */
type Decisive<M, Args extends readonly unknown[]> = [
  Exclude<
    DataOf<Extract<Evaluated<M, Exclude<Args[number], Given<unknown>>>, Typed<'decimal', unknown>>>,
    null | bigint
  >,
] extends [never]
  ? Evaluated<M, Args[number]>
  : Evaluated<M, Exclude<Args[number], Given<unknown>>>;
/** A literal, or a subquery; in a branch of `Case` too. */
type Given<T> = Give<T> | Under<unknown, Give<T>>;
/** Of all but null. */
type GivenFamilies<T> = T extends Typed<infer F, infer D> ? ([D] extends [null] ? never : F) : never;
/** Numbers meet in the widest of their types. */
type Exact = 'int' | 'bigint' | 'decimal';
type Widest<T, Families, Null> = 'decimal' extends Families
  ? OfFamily<T, 'decimal', Null>
  : 'bigint' extends Families
    ? OfFamily<T, 'bigint', Null>
    : Typed<'int', number | Null>;
type OfFamily<T, F extends string, Null> = Typed<
  F,
  Mode<F, Exclude<DataOf<Extract<T, Typed<F, unknown>>>, null>> | Null
>;
/** Of two modes that which has room for either: a bigint among whole numbers, not a bigint where there are fractions. */
type Mode<F, D> = F extends 'bigint'
  ? Extract<D, bigint> | (bigint extends D ? never : D)
  : [D] extends [bigint]
    ? D
    : Exclude<D, bigint>;
type FirstFamily<M, Args extends readonly unknown[]> = Args extends readonly [infer First, ...infer Rest]
  ? Evaluated<M, First> extends Typed<infer F, infer D>
    ? [D] extends [null]
      ? FirstFamily<M, Rest>
      : F
    : never
  : 'other';

type ToDate<T> = T extends Typed<string, infer D> ? Typed<'date', D> : never;
type Part<M, Args extends readonly unknown[]> = Typed<'int', number | NullOfAny<M, Args>>;
/** What is of another kind has no parts of a date, or of a time. */
type OfKind<Kinds extends string, Spec, T, Out> =
  T extends Typed<Kinds | 'custom' | 'other', unknown>
    ? Out
    : Invalid<'date' extends Kinds ? NotADate<Subject<Spec>> : NotATime<Subject<Spec>>>;
/** A part of a text is any text; an array stays one. */
type Sliced<T> =
  T extends Typed<'text', infer D>
    ? Typed<'text', string | Extract<D, null>>
    : T extends Typed<'array' | 'custom' | 'other', unknown>
      ? T
      : Invalid<NotSliceable>;
type Subject<Spec> = Spec extends Ref<infer Path> | CheckedRef<infer Path> ? `'${Path}'` : 'This';

/** A decimal with room for a fraction: no bigint holds the average of two. The mode is that of the first, or of the second. */
type Fraction<D, Second = D> = [Exclude<D, null>] extends [bigint]
  ? [Exclude<Second, null>] extends [bigint]
    ? string
    : Exclude<Second, null>
  : Exclude<D, null>;

type Real<T, Null> =
  T extends Typed<infer F, infer D>
    ? F extends 'decimal'
      ? Typed<F, Fraction<D> | Null>
      : F extends 'interval' | 'time'
        ? Typed<'interval', string | Null>
        : Typed<'float', number | Null>
    : never;
type Power<A, B, Null, Args> =
  A extends Typed<infer FA, infer DA>
    ? B extends Typed<infer FB, infer DB>
      ? 'float' extends FA | FB
        ? Typed<'float', number | Null>
        : 'decimal' extends FA | FB
          ? Typed<'decimal', DecimalData<FA, Exclude<DA, null>, FB, Exclude<DB, null>, '^', Args> | Null>
          : Typed<'float', number | Null>
      : never
    : never;
type Numeric = 'int' | 'bigint' | 'float' | 'decimal';
/** A literal that stands first is of the type of what it is compared with. */
type Compared<A, B, Args> =
  A extends Typed<Numeric, unknown>
    ? B extends Typed<Numeric, unknown>
      ? Args extends readonly [Give<unknown>, unknown]
        ? Arithmetic<B, A, '*'>
        : Arithmetic<A, B, '*'>
      : A
    : A extends Typed<'text', unknown>
      ? Date extends DataOf<B>
        ? B
        : A
      : A;
// A sum of whole numbers is wider than they are.
type Sum<T> =
  T extends Typed<infer F, infer D>
    ? Typed<F extends 'int' ? 'bigint' : [F, D] extends ['bigint', bigint | null] ? 'decimal' : F, D | null>
    : never;

/** decimal with anything exact is decimal, float with anything is float; dates move by intervals and differ by them. */
type Arithmetic<A, B, Op, Args = unknown> = Args extends readonly [
  unknown,
  Give<Typed<'text', infer Written extends string>>,
]
  ? string extends Written
    ? Combined<A, B, Op, Args>
    : A extends Typed<'decimal' | 'interval' | 'custom' | 'other', unknown>
      ? Combined<A, B, Op, Args>
      : Invalid<TextOperand<Written>>
  : Combined<A, B, Op, Args>;
type Combined<A, B, Op, Args> =
  A extends Typed<infer FA, infer TA>
    ? B extends Typed<infer FB, infer TB>
      ? Typed<ArithmeticFamily<FA, FB, Op>, ArithmeticData<FA, TA, FB, TB, Op, Args> | Extract<TA | TB, null>>
      : never
    : never;
type Day = 'date' | 'datetime' | 'time';
type ArithmeticFamily<FA, FB, Op> = FA extends Day
  ? FB extends Day | 'text'
    ? Op extends '-'
      ? 'interval'
      : FA
    : FA extends 'date'
      ? FB extends 'interval'
        ? 'datetime'
        : 'date'
      : FA
  : FB extends Day
    ? [FA, Op] extends ['text', '-']
      ? 'interval'
      : FB extends 'date'
        ? 'datetime'
        : FB
    : 'interval' extends FA | FB
      ? 'interval'
      : 'float' extends FA | FB
        ? 'float'
        : 'decimal' extends FA | FB
          ? 'decimal'
          : Op extends '^'
            ? 'float'
            : 'bigint' extends FA | FB
              ? 'bigint'
              : FA;
type ArithmeticData<FA, TA, FB, TB, Op, Args> = FA extends Day
  ? FB extends Day | 'text'
    ? Op extends '-'
      ? string
      : Exclude<TA, null>
    : Exclude<TA, null>
  : FB extends Day
    ? [FA, Op] extends ['text', '-']
      ? string
      : Exclude<TB, null>
    : 'interval' extends FA | FB
      ? string
      : 'float' extends FA | FB
        ? number
        : 'decimal' extends FA | FB
          ? DecimalData<FA, Exclude<TA, null>, FB, Exclude<TB, null>, Op, Args>
          : Op extends '^'
            ? number
            : bigint extends TA | TB
              ? bigint
              : Exclude<TA, null>;
// Whole numbers stay whole, unless they are divided.
type DecimalData<FA, TA, FB, TB, Op, Args> = FA extends 'decimal'
  ? FB extends 'decimal' | 'text'
    ? Args extends readonly [unknown, Give<unknown>]
      ? WithLiteral<TA, TB, Op>
      : Args extends readonly [Give<unknown>, unknown]
        ? WithLiteral<TB, TA, Op>
        : Op extends '/' | '^'
          ? Fraction<TA, TB>
          : [TA] extends [bigint]
            ? TB
            : TA
    : Op extends '/' | '^'
      ? Fraction<TA>
      : TA
  : Op extends '/' | '^'
    ? Fraction<TB>
    : TB;
/** Beside a literal a column keeps its mode, if that has room for a fraction. */
type WithLiteral<T, Written, Op> = Op extends '/' | '^' ? Fraction<T> : [Written] extends [bigint] ? T : Fraction<T>;
