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
 * A name in the arguments of a call. The first branch is the argument itself, for inference to find.
 *
 * Properties of an interface, and not aliases: while a name is being typed, the compiler works out the variances of the
 * aliases that it meets in the parameters, which for these costs more than all else that it does then. `NoInfer` keeps it
 * from those within.
 *
 * `extends infer Known`: before a call's type arguments are known, the compiler asks of each parameter what it could be
 * at the most, and walks through all branches of a conditional type for that; there it stops.
 */
export interface NameArg<in out M extends AnyModel, in out Path> {
  /** A path that gives a value: a field, a relation (its key), a transform, an annotation. */
  readonly field: NoInfer<EndOf<M, Path>> extends Gives
    ? Path
    : NoInfer<NotAField<M, Path>> extends infer Known extends string | object
      ? Known
      : never;
  /** The same for `only` and `defer`: what a row loads. Before anything is written, the model's own columns are offered. */
  readonly loaded: string extends Path
    ? NoInfer<OwnNames<M>>
    : Path extends ''
      ? NoInfer<OwnNames<M>>
      : NameArg<M, Path>['field'];
  /** A field of the model itself, where rows are written: not what the database makes itself. */
  readonly written: Path extends NoInfer<Writable<M>> ? Path : NoInfer<NotOneOf<M, Path, Writable<M> & string>>;
  /** A key of `order_by`: a path with or without `-`, `?`, an expression, or Drizzle's SQL. */
  readonly order: NoInfer<OrderEnd<M, Path>> extends Gives
    ? Path
    : NoInfer<NotAKey<M, Path>> extends infer Known extends string | object
      ? Known
      : never;
}

// A name that is any string has not been inferred yet, or is not known to the compiler: there is no sentence to work out.
export type NotAField<M extends AnyModel, Path> = string extends Path
  ? M['names']
  : Path extends string
    ? Instead<Walk<M, Path>>
    : M['names'];

/** A field of the model itself. */
export type OwnFieldArg<M extends AnyModel, Path> = Path extends OwnNames<M> ? Path : NotOneOf<M, Path, OwnNames<M>>;
type NotOneOf<M extends AnyModel, Path, Names extends string> = string extends Path
  ? Names
  : Path extends OwnNames<M>
    ? Names
    : Expected<Carrying<NoField<M['name'], Path & string, Names>, Names>>;
export type OwnNames<M extends AnyModel> = (keyof M['columns'] & string) | (ForwardNames<M> & string) | 'pk';

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
  [I in keyof A]: NameArg<M, A[I]>['field'];
};
export type OrderArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: NameArg<M, A[I]>['order'];
};
/** `defer(null)` takes back what has been deferred. */
export type LoadedArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: A[I] extends null ? null : NameArg<M, A[I]>['loaded'];
};
export type WrittenArgs<in out M extends AnyModel, in out A> = {
  [I in keyof A]: NameArg<M, A[I]>['written'];
};
