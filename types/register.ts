/** Lookups, transforms and functions of your own: one registration each, and one line of types. */
import type { SQL } from 'drizzle-orm';
import type {
  Arg,
  Args,
  Call,
  Expression,
  FieldType,
  Give,
  Known,
  Operand,
  OutputField,
  SpecOf,
  SpecsOf,
  WithField,
} from './expression.js';
import type * as L from './lookup.js';
import type { ALIAS, Invalid } from './tags.js';

// --- lookups -----------------------------------------------------------------------------------------------------

/** The interfaces of lookups by the names of their families. */
export interface LookupFamilies {
  any: L.AnyLookups;
  text: L.TextLookups;
  number: L.NumberLookups;
  bool: L.BoolLookups;
  date: L.DateLookups;
  datetime: L.DateTimeLookups;
  time: L.TimeLookups;
  interval: L.IntervalLookups;
  uuid: L.UuidLookups;
  enum: L.EnumLookups;
  json: L.JsonLookups;
  array: L.ArrayLookups;
  bytes: L.BytesLookups;
  range: L.RangeLookups;
  inet: L.InetLookups;
  other: L.OtherLookups;
}

export interface LookupDefinition<Kind> {
  /** What stands on the right: what the interface of the family says of this name. */
  rhs: Kind;
  /** The condition, of the SQL of the left and of the right; of the left and both ends for a `'pair'`. */
  sql: Kind extends 'pair' ? (lhs: SQL, low: SQL, high: SQL) => SQL : (lhs: SQL, rhs: SQL) => SQL;
}

/**
 * Adds a lookup to a family of columns. Its name and right-hand side are declared in the family's interface:
 * `declare module 'drizzle-queryset' { interface TextLookups { soundslike: 'text' } }`.
 * `sql` is called once, with places: a value of a query can only become a parameter.
 * @see https://docs.djangoproject.com/en/stable/howto/custom-lookups/
 */
export declare function register_lookup<
  Family extends keyof LookupFamilies,
  Name extends keyof LookupFamilies[Family] & string,
>(family: Family, name: Name, definition: LookupDefinition<LookupFamilies[Family][Name]>): void;

// --- transforms --------------------------------------------------------------------------------------------------

/** The interfaces of transforms by the names of their families. */
export interface TransformFamilies {
  text: L.TextTransforms;
  number: L.NumberTransforms;
  date: L.DateTransforms;
  time: L.TimeTransforms;
  datetime: L.DateTimeTransforms;
  json: L.JsonTransforms;
  array: L.ArrayTransforms;
  other: L.OtherTransforms;
}

export interface TransformDefinition<Declared, Field> {
  /** A Drizzle column or column builder: the type of what comes out. Without it, what goes in. */
  output_field?: Field & Fits<FieldType<Field>, Declared>;
  /** The value, of the SQL of what is transformed. */
  sql: (lhs: SQL) => SQL;
}

type Fits<Given, Declared> =
  Declared extends L.Typed<infer Family, unknown>
    ? Given extends L.Typed<Family, unknown>
      ? unknown
      : Invalid<`the transform is declared to give '${Family}'`>
    : unknown;

/**
 * Adds a transform to a family of columns. Its name and what it gives are declared in the family's interface:
 * `declare module 'drizzle-queryset' { interface TextTransforms { words: Typed<'int', number> } }`.
 * @see https://docs.djangoproject.com/en/stable/howto/custom-lookups/#a-transformer-example
 */
export declare function register_transform<
  Family extends keyof TransformFamilies,
  Name extends keyof TransformFamilies[Family] & string,
  Field = unknown,
>(family: Family, name: Name, definition: TransformDefinition<TransformFamilies[Family][Name], Field>): void;

// --- functions ---------------------------------------------------------------------------------------------------

interface FunctionShape<Arity, Field, Nullable> extends OutputField<Field> {
  /** How many arguments it takes; any number without it. */
  arity?: Arity;
  /** NULL may come out where none went in. */
  nullable?: Nullable;
}
interface CalledFunction {
  /** The name of a function of the database: `similarity`, `public.slugify`. */
  function: string;
  sql?: never;
}
interface WrittenFunction<Arity> {
  /** The SQL, of that of the arguments. Called once, with places: a value can only become a parameter. */
  sql: Arity extends 0
    ? () => SQL
    : Arity extends 1
      ? (first: SQL) => SQL
      : Arity extends 2
        ? (first: SQL, second: SQL) => SQL
        : Arity extends 3
          ? (first: SQL, second: SQL, third: SQL) => SQL
          : (...args: SQL[]) => SQL;
  function?: never;
}
export type FunctionDefinition<Arity, Field, Nullable> = FunctionShape<Arity, Field, Nullable> &
  (CalledFunction | WrittenFunction<Arity>);

/** What it gives, of the specs of its arguments: `output_field`'s type or the first argument's, null where any can be. */
type Gives<Specs extends readonly unknown[], Field, Nullable> = OrNull<
  Call<'field', unknown extends Field ? Specs : [Give<FieldType<Field>>, ...Specs]>,
  Nullable
>;
type OrNull<Spec, Nullable> = Nullable extends true ? Call<'nullable', [Spec]> : Spec;

export interface NullaryFunction<Field, Nullable> {
  (): Expression<Gives<[], Field, Nullable>>;
}
export interface UnaryFunction<Field, Nullable> {
  <N extends string = never, const A extends Operand = Operand, const O = unknown>(
    expression: Arg<N, A>['checked'],
    options?: Known<O, OutputField>,
  ): Expression<WithField<Gives<[SpecOf<A>], Field, Nullable>, O>, N>;
}
export interface BinaryFunction<Field, Nullable> {
  <N extends string = never, const A extends Operand = Operand, const B extends Operand = Operand, const O = unknown>(
    first: Arg<N, A>['checked'],
    second: Arg<N, B>['checked'],
    options?: Known<O, OutputField>,
  ): Expression<WithField<Gives<[SpecOf<A>, SpecOf<B>], Field, Nullable>, O>, N>;
}
export interface TernaryFunction<Field, Nullable> {
  <
    N extends string = never,
    const A extends Operand = Operand,
    const B extends Operand = Operand,
    const C extends Operand = Operand,
    const O = unknown,
  >(
    first: Arg<N, A>['checked'],
    second: Arg<N, B>['checked'],
    third: Arg<N, C>['checked'],
    options?: Known<O, OutputField>,
  ): Expression<WithField<Gives<[SpecOf<A>, SpecOf<B>, SpecOf<C>], Field, Nullable>, O>, N>;
}
export interface VariadicFunction<Field, Nullable> {
  <N extends string = never, const A extends readonly (Operand | Required<OutputField>)[] = readonly Operand[]>(
    ...expressions: Args<N, A>
  ): Expression<Gives<SpecsOf<A>, Field, Nullable>, N>;
}
export type DefinedFunction<Arity, Field, Nullable> = Arity extends 0
  ? NullaryFunction<Field, Nullable>
  : Arity extends 1
    ? UnaryFunction<Field, Nullable>
    : Arity extends 2
      ? BinaryFunction<Field, Nullable>
      : Arity extends 3
        ? TernaryFunction<Field, Nullable>
        : VariadicFunction<Field, Nullable>;

/**
 * Makes a function that is used as the built-in ones are.
 * `const Soundex = define_function('Soundex', { function: 'soundex', arity: 1, output_field: text() })`
 * @see https://docs.djangoproject.com/en/stable/ref/models/expressions/#func-expressions
 */
export declare function define_function<const Arity = unknown, Field = unknown, const Nullable = false>(
  name: string,
  definition: FunctionDefinition<Arity, Field, Nullable>,
): DefinedFunction<Arity, Field, Nullable>;

export interface FuncOptions<Field = unknown> extends OutputField<Field> {
  /** The function's name in the database. */
  function?: string;
  /** SQL with `%(function)s` and `%(expressions)s` in it. */
  template?: string;
  arg_joiner?: string;
  readonly branch?: never;
}
type FuncSpec<A extends readonly unknown[]> = A extends readonly [...infer Rest, infer Last]
  ? Last extends string | { readonly [K in ALIAS]: unknown } | Expression<unknown>
    ? Call<'field', SpecsOf<A>>
    : Last extends { output_field: infer Field }
      ? Call<'field', [Give<FieldType<Field>>, ...SpecsOf<Rest>]>
      : Last extends FuncOptions
        ? Rest extends readonly []
          ? Give<L.Typed<'other', unknown>>
          : Call<'field', SpecsOf<Rest>>
        : Call<'field', SpecsOf<A>>
  : never;

/** A function of the database, called where it stands: `Func('name', { function: 'soundex', output_field: text() })`. */
export declare function Func<
  N extends string = never,
  const A extends readonly (Operand | FuncOptions)[] = readonly Operand[],
>(...expressions: Args<N, A>): Expression<FuncSpec<A>, N>;
