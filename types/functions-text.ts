/** Functions of text. */
import type { Arg, Binary, Call, Expression, Nullary, Operand, SpecOf, Unary, Variadic } from './expression.js';

export declare const Chr: Unary<'text'>;
export declare const Concat: Variadic<'concat'>;
export declare const Left: Binary<'text'>;
export declare const Length: Unary<'int'>;
export declare const Lower: Unary<'text'>;
export declare const LPad: Pad;
export declare const LTrim: Unary<'text'>;
export declare const MD5: Unary<'text'>;
export declare const Ord: Unary<'int'>;
export declare const RandomUUID: Nullary<'uuid', string>;
export declare const Repeat: Binary<'text'>;
export declare const Reverse: Unary<'text'>;
export declare const Right: Binary<'text'>;
export declare const RPad: Pad;
export declare const RTrim: Unary<'text'>;
export declare const SHA1: Unary<'text'>;
export declare const SHA224: Unary<'text'>;
export declare const SHA256: Unary<'text'>;
export declare const SHA384: Unary<'text'>;
export declare const SHA512: Unary<'text'>;
export declare const StrIndex: Binary<'int'>;
export declare const Trim: Unary<'text'>;
export declare const Upper: Unary<'text'>;

export interface Pad {
  <
    N extends string = never,
    const A extends Operand = Operand,
    const B extends Operand = Operand,
    const C extends Operand = ' ',
  >(
    expression: Arg<N, A>['checked'],
    length: Arg<N, B>['checked'],
    fill_text?: Arg<N, C>['checked'],
  ): Expression<Call<'text', [SpecOf<A>, SpecOf<B>]>, N>;
}

export declare function Replace<
  N extends string = never,
  const A extends Operand = Operand,
  const B extends Operand = Operand,
  const C extends Operand = '',
>(
  expression: Arg<N, A>['checked'],
  text: Arg<N, B>['checked'],
  replacement?: Arg<N, C>['checked'],
): Expression<Call<'text', [SpecOf<A>, SpecOf<B>]>, N>;

export declare function Substr<
  N extends string = never,
  const A extends Operand = Operand,
  const B extends Operand = Operand,
  const C extends Operand = number,
>(
  expression: Arg<N, A>['checked'],
  pos: Arg<N, B>['checked'],
  length?: Arg<N, C>['checked'],
): Expression<Call<'text', [SpecOf<A>, SpecOf<B>]>, N>;

export declare function Collate<N extends string = never, const A extends Operand = Operand>(
  expression: Arg<N, A>['checked'],
  collation: string,
): Expression<Call<'same', [SpecOf<A>]>, N>;
