/** Functions of numbers. */
import type { Arg, Binary, Call, Expression, Nullary, Operand, SpecOf, Unary } from './expression.js';

export declare const Abs: Unary<'same'>;
export declare const ACos: Unary<'float'>;
export declare const ASin: Unary<'float'>;
export declare const ATan: Unary<'float'>;
export declare const ATan2: Binary<'float'>;
export declare const Ceil: Unary<'same'>;
export declare const Cos: Unary<'float'>;
export declare const Cot: Unary<'float'>;
export declare const Degrees: Unary<'float'>;
export declare const Exp: Unary<'real'>;
export declare const Floor: Unary<'same'>;
export declare const Ln: Unary<'real'>;
export declare const Log: Binary<'power'>;
export declare const Mod: Binary<'times'>;
export declare const Pi: Nullary<'float', number>;
export declare const Power: Binary<'power'>;
export declare const Radians: Unary<'float'>;
export declare const Random: Nullary<'float', number>;
export declare const Sign: Unary<'same'>;
export declare const Sin: Unary<'float'>;
export declare const Sqrt: Unary<'real'>;
export declare const Tan: Unary<'float'>;

export declare function Round<N extends string = never, const A extends Operand = Operand>(
  expression: Arg<N, A>['checked'],
  options?: number | { precision?: number },
): Expression<Call<'same', [SpecOf<A>]>, N>;
