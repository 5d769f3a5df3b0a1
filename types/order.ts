/** Names given as strings: fields of `values` and `only`, keys of `order_by`. Each is itself if it is valid, else what could stand there. */
import type { Walk } from './path.js';
import type { AnyModel } from './schema.js';
import type { CarriedBy, Carrying, EVAL, Invalid } from './tags.js';

/** The choices where a name is wrong, with the sentence that says why. */
export type Expected<Sentence extends string> = CarriedBy<Sentence> | Invalid<Sentence>;

type Sentence<Of> = Of extends Invalid<infer S> ? S : never;

type Choose<Path, W> = W extends { readonly end: 'value' | 'relation' }
  ? Path
  : W extends { readonly out: infer Out; readonly names: infer Choices extends string }
    ? Expected<Carrying<Sentence<Out>, Choices>>
    : never;

/** A path that gives a value: a field, a relation (its key), a transform, an annotation. */
export type FieldArg<M extends AnyModel, Path> = Path extends string ? Choose<Path, Walk<M, M, Path>> : M['names'];

/** A field of the model itself. */
export type OwnFieldArg<M extends AnyModel, Path> = Path extends keyof M['columns'] | keyof M['forward'] | 'pk'
  ? Path
  : Choose<never, Walk<M, M, Path & string>> | OwnNames<M>;
export type OwnNames<M extends AnyModel> = (keyof M['columns'] & string) | (keyof M['forward'] & string) | 'pk';

/** A key of `order_by`: a path with or without `-`, `?`, an expression, or Drizzle's SQL. */
export type OrderArg<M extends AnyModel, Key> = Key extends string
  ? Key extends '?'
    ? Key
    : Key extends `-${infer Path}`
      ? Negated<Key, Walk<M, M, Path>>
      : Choose<Key, Walk<M, M, Key>>
  : Key extends { readonly [K in EVAL]: unknown } | { getSQL: unknown }
    ? Key
    : M['names'] | `-${M['names']}` | '?';

type Negated<Key, W> = W extends { readonly end: 'value' | 'relation' }
  ? Key
  : W extends { readonly out: infer Out; readonly names: infer Choices extends string }
    ? Expected<Carrying<Sentence<Out>, `-${Choices}`>>
    : never;
