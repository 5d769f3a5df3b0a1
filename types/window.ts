/** `Window` and the functions that go into it. */
import type {
  Aggregated,
  Arg,
  Call,
  Expression,
  Give,
  Known,
  Operand,
  OutputField,
  SpecOf,
  WithField,
} from './expression.js';
import type { Nothing } from './annotate.js';
import type { Typed } from './lookup.js';
import type { ModelOf } from './schema.js';
import type { FRAME, Hidden } from './tags.js';

/** A frame of a window. */
export interface Frame extends Hidden<FRAME, true> {}
export interface FrameBounds {
  /** Negative: before this row; 0: this row; null: from the first row on. */
  start?: number | null;
  /** Positive: after this row; 0: this row; null: to the last row. */
  end?: number | null;
}
export declare function RowRange(bounds?: FrameBounds): Frame;
export declare function ValueRange(bounds?: FrameBounds): Frame;

/** A field's name, an expression, or several. */
type Partition<N> = readonly PartitionArg<N>[];
type PartitionArg<N> = KeyName<N> | object;
/** Any text fits: it is checked with the expression. The names are for an editor to offer. */
export type KeyName<N> = [N] extends [never] ? string : ModelOf<N>['names'] | (string & Nothing);

export interface WindowOptions<N> extends OutputField {
  partition_by?: PartitionArg<N> | Partition<N> | null;
  order_by?: PartitionArg<N> | Partition<N> | null;
  frame?: Frame | null;
}

export type Keys<K> = K extends readonly unknown[] ? K : K extends null | undefined ? [] : [K];
export type SpecsOfKeys<K extends readonly unknown[]> = {
  -readonly [I in keyof K]: SpecOf<K[I] extends `-${infer P}` ? P : K[I]>;
};
type PartitionOf<O> = O extends { partition_by: infer K } ? SpecsOfKeys<Keys<K>> : [];
export type OrderOf<O> = O extends { order_by: infer K } ? SpecsOfKeys<Keys<K>> : [];

/** Over a window an aggregate is a value of each row. */
type OfEachRow<Spec> = Spec extends Aggregated<infer Inner> ? Inner : Spec;

/** An expression over the rows around each row. The names of its keys are checked with it. */
export declare function Window<
  N extends string = never,
  const O extends { expression: Operand } = { expression: Operand },
>(
  options: Known<O, { expression: Operand } & WindowOptions<N>>,
): Expression<WithField<Call<'same', [OfEachRow<SpecOf<O['expression']>>, ...PartitionOf<O>, ...OrderOf<O>]>, O>, N>;
export declare function Window<N extends string = never, const A extends Operand = Operand, const O = unknown>(
  expression: Arg<N, A>['checked'],
  options?: Known<O, WindowOptions<N>>,
): Expression<WithField<Call<'same', [OfEachRow<SpecOf<A>>, ...PartitionOf<O>, ...OrderOf<O>]>, O>, N>;

export interface Ranking<F extends string> {
  (): Expression<Give<Typed<F, number>>>;
}
export declare const RowNumber: Ranking<'bigint'>;
export declare const Rank: Ranking<'bigint'>;
export declare const DenseRank: Ranking<'bigint'>;
export declare const PercentRank: Ranking<'float'>;
export declare const CumeDist: Ranking<'float'>;
export declare function Ntile(num_buckets?: number | { num_buckets?: number }): Expression<Give<Typed<'int', number>>>;

/** The value of another row of the window; null where there is none, unless a default says otherwise. */
export interface Shift {
  <N extends string = never, const O extends { expression: Operand } = { expression: Operand }>(
    options: Known<O, { expression: Operand; offset?: number; default?: Operand } & OutputField>,
  ): Expression<
    WithField<
      O extends { default: infer D } ? Shifted<O['expression'], D> : Call<'nullable', [SpecOf<O['expression']>]>,
      O
    >,
    N
  >;
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>['checked'],
    options?: Known<O, { offset?: number; default?: Operand } & OutputField>,
  ): Expression<WithField<O extends { default: infer D } ? Shifted<A, D> : Call<'nullable', [SpecOf<A>]>, O>, N>;
  <N extends string = never, const A extends Operand = Operand, const D extends Operand = null>(
    expression: Arg<N, A>['checked'],
    offset: number,
    default_?: D,
  ): Expression<Shifted<A, D>, N>;
}
type Shifted<A, Default> = Default extends null
  ? Call<'nullable', [SpecOf<A>]>
  : Call<'field', [SpecOf<A>, SpecOf<Default>]>;
export declare const Lag: Shift;
export declare const Lead: Shift;

export interface ValueOfFrame {
  <N extends string = never, const A extends Operand = Operand>(
    expression: Arg<N, A>['checked'] | { expression: Arg<N, A>['checked'] },
  ): Expression<Call<'nullable', [SpecOf<A>]>, N>;
}
export declare const FirstValue: ValueOfFrame;
export declare const LastValue: ValueOfFrame;
export declare function NthValue<N extends string = never, const A extends Operand = Operand>(
  expression: Arg<N, A>['checked'] | { expression: Arg<N, A>['checked']; nth?: number },
  nth?: number | { nth?: number },
): Expression<Call<'nullable', [SpecOf<A>]>, N>;
