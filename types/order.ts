/** Names given as strings: fields of `values` and `only`, keys of `order_by`. Each is itself if it is valid, else what could stand there. */
import type { ExpressionArg, TypedOf } from './expression.js';
import type { Walk } from './path.js';
import type { AnyModel } from './schema.js';
import type { ForwardNames, Writable } from './write.js';
import type { NoField } from './message.js';
import type { CarriedBy, Carrying, EVAL, HasRow, Invalid } from './tags.js';

/** The choices where a name is wrong, with the sentence that says why. */
export type Expected<Sentence extends string> = CarriedBy<Sentence> | Invalid<Sentence>;

type Sentence<Of> = Of extends Invalid<infer S> ? S : never;

type Instead<W> = W extends { readonly end: Gives }
  ? never
  : W extends { readonly out: infer Out; readonly names: infer Choices extends string }
    ? Expected<Carrying<Sentence<Out>, Choices>>
    : never;

/** How a path ends: `'value'` and `'relation'` give something, and `'alias'` where it is not selected. */
export type EndOf<M extends AnyModel, Path> = Path extends string ? Walk<M, Path>['end'] : 'none';
type Gives = 'value' | 'relation' | 'alias';

/**
 * A path that gives a value: a field, a relation (its key), a transform, an annotation. The first branch is the
 * argument itself, for inference to find.
 *
 * `extends infer Known`: before a call's type arguments are known, the compiler asks of each parameter what it could be
 * at the most, and walks through all branches of a conditional type for that; there it stops.
 */
export type FieldArg<M extends AnyModel, Path> =
  EndOf<M, Path> extends Gives ? Path : NotAField<M, Path> extends infer Known extends string | object ? Known : never;
// A name that is any string has not been inferred yet, or is not known to the compiler: there is no sentence to work out.
export type NotAField<M extends AnyModel, Path> = string extends Path
  ? M['names']
  : Path extends string
    ? Instead<Walk<M, Path>>
    : M['names'];

/** The same for `only` and `defer`: what a row loads. Before anything is written, the model's own columns are offered. */
type LoadedArg<M extends AnyModel, Path> = string extends Path
  ? OwnNames<M>
  : Path extends ''
    ? OwnNames<M>
    : FieldArg<M, Path>;

/** A field of the model itself. */
export type OwnFieldArg<M extends AnyModel, Path> = Path extends OwnNames<M> ? Path : NotOneOf<M, Path, OwnNames<M>>;
/** The same where rows are written: not what the database makes itself. */
type WrittenArg<M extends AnyModel, Path> = Path extends Writable<M> ? Path : NotOneOf<M, Path, Writable<M> & string>;
type NotOneOf<M extends AnyModel, Path, Names extends string> = string extends Path
  ? Names
  : Path extends OwnNames<M>
    ? Names
    : Expected<Carrying<NoField<M['name'], Path & string, Names>, Names>>;
export type OwnNames<M extends AnyModel> = (keyof M['columns'] & string) | (ForwardNames<M> & string) | 'pk';

/** A key of `order_by`: a path with or without `-`, `?`, an expression, or Drizzle's SQL. */
type OrderArg<M extends AnyModel, Key> =
  OrderEnd<M, Key> extends Gives ? Key : NotAKey<M, Key> extends infer Known extends string | object ? Known : never;

type OrderEnd<M extends AnyModel, Key> = Key extends `-${infer Path}`
  ? Walk<M, Path>['end']
  : Key extends '?'
    ? 'value'
    : Key extends string
      ? Walk<M, Key>['end']
      : Key extends { readonly [K in EVAL]: unknown }
        ? TypedOf<M, Key> extends Invalid<string>
          ? 'none'
          : 'value'
        : Key extends HasRow<unknown>
          ? 'none'
          : Key extends { getSQL: unknown }
            ? 'value'
            : 'none';
type NotAKey<M extends AnyModel, Key> = string extends Key ? M['names'] : WrongKey<M, Key>;
type WrongKey<M extends AnyModel, Key> = Key extends `-${infer Path}`
  ? Negated<Walk<M, Path>>
  : Key extends string
    ? NotAField<M, Key>
    : Key extends { readonly [K in EVAL]: unknown }
      ? ExpressionArg<M, Key>
      : M['names'] | `-${M['names']}` | '?';

type Negated<W> = W extends { readonly out: infer Out; readonly names: infer Choices extends string }
  ? Expected<Carrying<Sentence<Out>, `-${Choices}`>>
  : never;

// --- the arguments of a call -----------------------------------------------------------------------------------

// Made for the model and not for the name that carries it, which every argument would take apart anew. `A` has no
// constraint: each `A[I]` would else stand for "`A[I]`, where `I` is an index", which is made and unmade at every use.
export type FieldArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: FieldArg<M, A[I]>;
};
export type OrderArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: OrderArg<M, A[I]>;
};
/** `defer(null)` takes back what has been deferred. */
export type LoadedArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: A[I] extends null ? null : LoadedArg<M, A[I]>;
};
export type WrittenArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: WrittenArg<M, A[I]>;
};
