import type { Arg, Call, Expression, Operand, Ref, SpecOf } from './expression.js';
export declare function F<N extends string = never, const P extends string = string>(name: Arg<N, P>): Expression<Ref<P>, N>;
export declare function Lower<N extends string = never, const A extends Operand = Operand>(text: Arg<N, A>): Expression<Call<'text', [SpecOf<A>]>, N>;
export interface Aggregate<Spec, N, Alias> extends Expression<Spec, N> { readonly default_alias: Alias }
export declare function Count<N extends string = never, const A extends Operand = Operand>(e: Arg<N, A>): Aggregate<Call<'count', [SpecOf<A>]>, N, A extends string ? `${A}__count` : never>;
