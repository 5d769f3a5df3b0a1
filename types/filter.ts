/**
 * The conditions of `filter`, `exclude`, `get` and `Q`.
 *
 * Only the union of the *written* keys is inferred. Three mapped types meet: every written key has its value; a key
 * that leads nowhere yet offers what could follow; and the model's own names are offered for a new key.
 */
import type { Evaluated } from './expression.js';
import type { RightOf, Walk } from './path.js';
import type { AnyModel, ModelOf } from './schema.js';
import type { CHECK, For, Hidden, Invalid, SPEC, TakesCondition, Valid } from './tags.js';

export type Where<N, Written> = WhereOf<ModelOf<N>, Written & string> & TakesCondition<N>;

/** The same for all arguments from the third on, however many. The last branch is for inference to find. */
export type Wheres<N, More> = { [I in keyof More]: WhereAt<N, More[I]> };
type WhereAt<N, A> = A extends object ? Where<N, keyof A> : A & object;

/**
 * Whether the program is compiled with `exactOptionalPropertyTypes`. Without it a key that may be left out may hold
 * `undefined`, which is no value: only with it can data with such keys be taken.
 */
export type Exact = { readonly key: undefined } extends { readonly key?: 1 } ? false : true;

// Without `NoInfer` the types of the values would be inferred into every branch of the walk.
type WhereOf<M extends AnyModel, Written extends string> = (Exact extends true
  ? { [P in Written]?: NoInfer<LookupAt<M, P>> }
  : { [P in Written]: NoInfer<LookupAt<M, P>> }) & { [P in Open<M, Written>]?: unknown } & {
  [P in M['names']]?: unknown;
};

/** A written key: a lookup, or a member of the `Q` that stands there. */
export type LookupAt<M extends AnyModel, P extends string> = string extends P
  ? unknown
  : P extends keyof ConditionMembers
    ? P extends M['names']
      ? RightOf<M, Walk<M, P>>
      : ConditionMembers[P]
    : RightOf<M, Walk<M, P>>;

// One by one: a conditional type that distributes over a union forgets what it has worked out before.
/** What could follow the keys that lead nowhere yet. Until the keys are inferred, `Written` is any string. */
export type Open<M extends AnyModel, Written extends string> = string extends Written
  ? never
  : { [P in Written]: NamesOf<Walk<M, P>> }[Written];

// Not `W['names']`, for the reason that `NameArg` in order.ts has: asked beforehand, it is a string, and no branch of the walk is taken.
type NamesOf<W> = [W] extends [{ readonly names: infer Names extends string }] ? Names : never;

type Method = (...args: never) => unknown;

/** What a `Q`, an expression or Drizzle's `SQL` consists of: where one of these stands, its members are no lookups. */
export interface ConditionMembers {
  and: Method;
  or: Method;
  xor: Method;
  not: Method;
  asc: Method;
  desc: Method;
  neg: Method;
  add: Method;
  sub: Method;
  mul: Method;
  div: Method;
  mod: Method;
  pow: Method;
  bitand: Method;
  bitor: Method;
  bitxor: Method;
  bitleftshift: Method;
  bitrightshift: Method;
  slice: Method;
  _: object;
  queryChunks: readonly unknown[];
  append: Method;
  toQuery: Method;
  buildQueryFromSourceParams: Method;
  getSQL: Method;
  as: Method;
  mapWith: Method;
  nullable: Method;
  inlineParams: Method;
  if: Method;
  usedTables: readonly unknown[];
  decoder: object;
  shouldOmitSQLParens: Method;
}

/** A `Q`, a conditional expression or Drizzle's `SQL`, ready made. */
export interface Condition<N> extends TakesCondition<N> {
  readonly and?: Method;
  readonly getSQL?: Method;
}

/** What a finished `Q` carries: its conditions, to be checked against the model of whatever queryset it is given to. */
export interface CarriesConditions<Conditions> extends Hidden<CHECK, <M>(model: M) => CheckConditions<M, Conditions>> {}

export type CheckConditions<M, Conditions> = M extends AnyModel
  ? Conditions extends { readonly [K in SPEC]: infer Spec }
    ? Extract<Evaluated<M, Spec>, Invalid<string>> extends infer C
      ? [C] extends [never]
        ? Valid
        : C
      : never
    : Complaints<M, Conditions> extends infer C
      ? [C] extends [never]
        ? Valid
        : C
      : never
  : never;

type Complaints<M extends AnyModel, Conditions> = {
  [P in keyof Conditions & string]: (Exact extends true ? Required<Conditions>[P] : Conditions[P]) extends RightOf<
    M,
    Walk<M, P>
  >
    ? never
    : RightOf<M, Walk<M, P>> extends Invalid<infer Sentence>
      ? Invalid<Sentence>
      : Invalid<`'${P}' takes another type of value.`>;
}[keyof Conditions & string];

export type { For };
