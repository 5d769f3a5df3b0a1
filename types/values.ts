/** Rows of `values` and `values_list`. */
import type { Annotated, DefaultName, ExtrasOf, IsUnion, Shown } from './annotate.js';
import type { CheckedRef, Expression, ExpressionArg, OutputOf, Ref } from './expression.js';
import type { EndOf, NotAField } from './order.js';
import type { AliasSelected, FlatNeedsOne, FlatOrNamed, NameInUse, NeedsAName } from './message.js';
import type { Walk } from './path.js';
import type { AnyModel, ColumnValue, ModelOf } from './schema.js';
import type { EVAL, Invalid } from './tags.js';

/** The value that a path gives. */
export type ValueAt<M extends AnyModel, Path> = Path extends string ? Walk<M, Path>['out'] : never;

type IsExpression = { readonly [K in EVAL]: unknown } | { getSQL: unknown };

/** A name, an expression, or the trailing object of named expressions. */
export type ValuesArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: NoInfer<EndOf<M, A[I]>> extends 'value' | 'relation'
    ? A[I]
    : NoInfer<OtherValuesArg<M, A[I]>> extends infer Known extends string | object
      ? Known
      : never;
};

type OtherValuesArg<M extends AnyModel, A> = string extends A ? M['names'] : UnnamedArg<M, A>;
type UnnamedArg<M extends AnyModel, A> = A extends string
  ? NotSelected<M, A>
  : A extends IsExpression
    ? [ValueName<A>] extends [never]
      ? Invalid<NeedsAName>
      : [ValueName<A>] extends [Taken<M>]
        ? Invalid<NameInUse<M['name'], ValueName<A>>>
        : ExpressionArg<M, A>
    : A extends object
      ? { [K in keyof A]: K extends Taken<M> ? Invalid<NameInUse<M['name'], K & string>> : ExpressionArg<M, A[K]> }
      : M['names'];
type NotSelected<M extends AnyModel, A extends string> =
  EndOf<M, A> extends 'alias' ? Invalid<AliasSelected<A>> : NotAField<M, A>;
type Taken<M extends AnyModel> = M['keys'] | keyof M['relations'];

/** The key that an expression without a name has in `values()`. */
type ValueName<A> = A extends Expression<Ref<infer Path> | CheckedRef<infer Path>> ? Path : DefaultName<A>;
/** The expressions that are given without a name, by those. */
type Unnamed<A extends readonly unknown[]> = {
  [E in Extract<A[number], IsExpression> as ValueName<E>]: E;
};

type NamesIn<A extends readonly unknown[]> = Extract<A[number], string>;
type NamedIn<A extends readonly unknown[]> = A extends readonly [...unknown[], infer Last]
  ? Last extends string | IsExpression
    ? unknown
    : Last
  : unknown;

/** The model, with the names of the expressions that `values()` was given. */
export type ValuesName<N, A extends readonly unknown[]> = A extends readonly string[]
  ? N
  : Annotated<ModelOf<N>, ExtrasOf<ModelOf<N>, NamedIn<A> & Unnamed<A>>['extras']>['carrier'];

/** Every column and annotation: `values()` with nothing named. */
export type AllValues<M extends AnyModel> = {
  [K in keyof M['columns'] | Shown<M['extra']>]: K extends keyof M['columns']
    ? ColumnValue<M['columns'][K]>
    : K extends keyof M['extra']
      ? ValueAt<M, K>
      : never;
};

// Several names are not looked at one by one, for which every query would pay.
export type ValuesRow<M extends AnyModel, A extends readonly unknown[]> = A extends readonly [
  string,
  string,
  ...string[],
]
  ? { [K in A[number]]: ValueAt<M, K> }
  : A extends readonly []
    ? AllValues<M>
    : A extends readonly string[]
      ? NamesRow<M, A>
      : {
          [K in NamesIn<A> | keyof NamedIn<A> | keyof Unnamed<A>]: K extends keyof NamedIn<A>
            ? OutputOf<M, NamedIn<A>[K]>
            : K extends keyof Unnamed<A>
              ? OutputOf<M, Unnamed<A>[K]>
              : ValueAt<M, K>;
        };

/** What is not sure to be asked for, as the one of two names that a variable holds, may be missing. */
type NamesRow<M extends AnyModel, A extends readonly unknown[]> = [A[number]] extends [Sure<A>]
  ? { [K in A[number] & string]: ValueAt<M, K> }
  : { [K in Sure<A> & string]: ValueAt<M, K> } & { [K in Exclude<A[number] & string, Sure<A>>]?: ValueAt<M, K> };

/** The names that are asked for without doubt: of a list that is spread, and where one of several stands, there are none. */
export type Sure<A extends readonly unknown[]> = number extends A['length']
  ? never
  : { [I in keyof A]: IsUnion<A[I]> extends true ? never : A[I] }[number];

export interface ListOptions {
  flat?: boolean;
  named?: boolean;
}

/** The same for `values_list`, whose trailing object holds its options. */
export type ListArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: NoInfer<EndOf<M, A[I]>> extends 'value' | 'relation'
    ? A[I]
    : NoInfer<OtherListArg<M, A[I], A>> extends infer Known extends string | object
      ? Known
      : never;
};

type OtherListArg<M extends AnyModel, A, All> = string extends A ? M['names'] : UnnamedListArg<M, A, All>;
type UnnamedListArg<M extends AnyModel, A, All> = A extends string
  ? NotSelected<M, A>
  : A extends IsExpression
    ? ExpressionArg<M, A>
    : A extends object
      ? OptionsArg<A, All>
      : M['names'];

type OptionsArg<O, All> = O extends { flat: true; named: true }
  ? Invalid<FlatOrNamed>
  : O extends { flat: true }
    ? All extends readonly [unknown, unknown]
      ? ListOptions
      : Invalid<FlatNeedsOne>
    : ListOptions;

type Fields<A extends readonly unknown[]> = A extends readonly [...infer Rest, infer Last]
  ? Last extends string | IsExpression
    ? A
    : Rest
  : A;
type OptionsIn<A extends readonly unknown[]> = A extends readonly [...unknown[], infer Last] ? Last : unknown;

type FieldValue<M extends AnyModel, F> = F extends string ? ValueAt<M, F> : OutputOf<M, F>;

export type ListRow<M extends AnyModel, A extends readonly unknown[]> = A extends readonly [string, ...string[]]
  ? NamedRow<M, A>
  : ListRowOf<M, A>;
// `Names` has no constraint: see the arguments in order.ts.
type NamedRow<M extends AnyModel, Names> = { -readonly [I in keyof Names]: Walk<M, Names[I]>['out'] };

type ListRowOf<M extends AnyModel, A extends readonly unknown[]> =
  OptionsIn<A> extends { flat: true }
    ? Fields<A> extends readonly [infer One]
      ? FieldValue<M, One>
      : never
    : OptionsIn<A> extends { named: true }
      ? NamedTuple<M, Fields<A>>
      : Fields<A> extends readonly []
        ? AllValues<M>[keyof AllValues<M>][]
        : Tuple<M, Fields<A>>;

type Tuple<M extends AnyModel, F extends readonly unknown[]> = { -readonly [I in keyof F]: FieldValue<M, F[I]> };

/** A row of `values_list(…, { named: true })`: the tuple, whose items have names too. */
type NamedTuple<M extends AnyModel, F extends readonly unknown[]> = F extends readonly []
  ? AllValues<M>[keyof AllValues<M>][] & Readonly<AllValues<M>>
  : Tuple<M, F> & Readonly<NamesRow<M, F>>;
