/**
 * What functions give. `Args` are the specs of the arguments, `M` the model.
 * Open to module augmentation: a function of your own is one more rule.
 */
import type { DataOf, Evaluated } from './expression.js';
import type { Typed } from './lookup.js';

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
  /** The type of the first argument. */
  same: At<M, Args, 0>;
  plus: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '+'>;
  minus: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '-'>;
  times: Arithmetic<At<M, Args, 0>, At<M, Args, 1>, '*'>;
}

/** decimal with anything exact is decimal, float with anything is float; dates move by intervals and differ by them. */
type Arithmetic<A, B, Op> = A extends Typed<infer FA, infer TA>
  ? B extends Typed<infer FB, infer TB>
    ? Typed<ArithmeticFamily<FA, FB, Op>, ArithmeticData<FA, TA, FB, TB, Op> | Extract<TA | TB, null>>
    : never
  : never;
type Day = 'date' | 'datetime' | 'time';
type ArithmeticFamily<FA, FB, Op> = FA extends Day
  ? FB extends Day
    ? Op extends '-' ? 'interval' : FA
    : FA extends 'date' ? (FB extends 'interval' ? 'datetime' : 'date') : FA
  : FB extends Day
    ? FB extends 'date' ? 'datetime' : FB
    : 'float' extends FA | FB
      ? 'float'
      : 'decimal' extends FA | FB
        ? 'decimal'
        : 'bigint' extends FA | FB
          ? 'bigint'
          : 'interval' extends FA | FB
            ? 'interval'
            : FA;
type ArithmeticData<FA, TA, FB, TB, Op> = FA extends Day
  ? FB extends Day
    ? Op extends '-' ? string : Exclude<TA, null>
    : Exclude<TA, null>
  : FB extends Day
    ? Exclude<TB, null>
    : 'float' extends FA | FB
      ? number
      : FA extends 'decimal'
        ? Exclude<TA, null>
        : FB extends 'decimal'
          ? Exclude<TB, null>
          : FA extends 'bigint'
            ? Exclude<TA, null>
            : FB extends 'bigint'
              ? Exclude<TB, null>
              : Exclude<FB extends 'interval' ? TB : TA, null>;
