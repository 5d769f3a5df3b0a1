/** `Q` and `F`. */
import type { Arg, Call, Expression, Operand, Ref, SpecOf } from './expression.js';
import type { CarriesConditions, Where } from './filter.js';
import type { CHECK, For, Hidden } from './tags.js';

/** A condition. `Conditions` is what it says, for the model that it will meet; nothing is left of it where the model was known. */
export interface Q<N = never, Conditions = unknown> extends CarriesConditions<Conditions>, For<N> {
  and<const B>(other: Q<N, B> | Combinable): Q<N, Conditions | B>;
  or<const B>(other: Q<N, B> | Combinable): Q<N, Conditions | B>;
  xor<const B>(other: Q<N, B> | Combinable): Q<N, Conditions | B>;
  not(): Q<N, Conditions>;
}

/** Drizzle's SQL, or an expression that is a condition. */
export interface Combinable {
  getSQL?(): unknown;
}

export declare function Q<N extends string = never, const W = Record<never, never>>(
  where: QArg<N, W>,
): Q<N, [N] extends [never] ? W : Record<never, never>>;

type QArg<N, W> = [N] extends [never] ? W : W & Where<N, keyof W>;

export type { CHECK, Hidden, Call, Expression, Operand, Ref, SpecOf, Arg };
