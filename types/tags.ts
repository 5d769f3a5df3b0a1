/**
 * The hidden keys under which types carry what they know.
 * The symbols stay in this file, so that no editor offers them; other files use the interfaces.
 */
import type { OneColumnOf } from './column.js';

declare const BUILDERS: unique symbol;
declare const NAME: unique symbol;
declare const REF: unique symbol;
declare const UNIQUE: unique symbol;
declare const MODEL: unique symbol;
declare const META: unique symbol;
declare const FOR: unique symbol;
declare const CHECK: unique symbol;
declare const SPEC: unique symbol;
declare const EVAL: unique symbol;
declare const VALUE: unique symbol;
declare const COLUMN: unique symbol;
declare const ROW: unique symbol;
declare const ALIAS: unique symbol;
declare const FRAME: unique symbol;
declare const LOOKUP: unique symbol;
declare const ATTR: unique symbol;
declare const INVALID: unique symbol;
declare const PHANTOM: unique symbol;
declare const CARRIED: unique symbol;
declare const LESSER: unique symbol;
declare const RAISED: unique symbol;

export type BUILDERS = typeof BUILDERS;
export type NAME = typeof NAME;
export type REF = typeof REF;
export type META = typeof META;
export type CHECK = typeof CHECK;
export type SPEC = typeof SPEC;
export type EVAL = typeof EVAL;
export type VALUE = typeof VALUE;
export type ROW = typeof ROW;
export type ALIAS = typeof ALIAS;
export type FRAME = typeof FRAME;
export type LOOKUP = typeof LOOKUP;
export type ATTR = typeof ATTR;

// --- phantoms ------------------------------------------------------------------------------------------------

export interface Left {
  readonly [PHANTOM]: 'left';
}
export interface Right {
  readonly [PHANTOM]: 'right';
}
interface Carrier<out T> {
  readonly [CARRIED]: T;
}
/** A type that no value has, and that knows `T`. */
type Phantom<T> = Left & Right & Carrier<T>;

/**
 * `Visible`, with `T` behind it. The second member of the union has no values, so that the union means and prints the
 * same as the first alone: an editor shows `AsyncQuerySet<"Pizza", …>`, and the tables of the whole schema that the
 * name carries stay out of sight. The price: a declaration file that TypeScript writes from an *inferred* type has only
 * the visible part, so what a package exports is annotated by name (`Promise<Pizza[]>`).
 */
export type Carrying<Visible, T> = Visible | Phantom<T>;

/** The same for an object, with a level less between. */
export type Carried<Visible, T extends object> = Visible | (Left & Right & T);

export type ObjectCarriedBy<Name> = [Name] extends [Carried<string, infer T>] ? T : never;

/** What a name carries. */
export type CarriedBy<Name> = [Name] extends [string | Phantom<infer T>] ? T : never;

/** One hidden property; lets an interface of another file carry one of the keys above. */
export type Hidden<Key extends symbol, Value> = { readonly [K in Key]: Value };

/** A table that remembers its name and its column builders, which Drizzle's built columns forget. */
export interface BuiltTable<Name extends string, Columns> {
  readonly [NAME]: Name;
  readonly [BUILDERS]: Columns;
}

/** A column builder after `.references()`: the name of the table it points at. */
export interface RefersTo<Table extends string> {
  readonly [REF]: Table;
}
/** The same, whatever the table. */
export interface Reference extends RefersTo<string> {}

/** A column builder after `.unique()`. */
export interface UniqueColumn {
  readonly [UNIQUE]: true;
}

/** What every instance of one model carries: enough to tell a Box from a Price without comparing their members. */
export interface InstanceOf<Name> {
  readonly [MODEL]: Name;
}

/** What every exception of one model's own class carries. */
export interface RaisedBy<Name> {
  readonly [RAISED]: Name;
}

/** The way from an instance back to its model. */
export interface HasModel<Name> {
  readonly [META]: Name;
}

/** Both, as members of a class: a spread leaves them behind. */
export declare abstract class InstanceTags<Plain extends string, Name> implements InstanceOf<Plain>, HasModel<Name> {
  get [MODEL](): Plain;
  get [META](): Name;
}

/** A place made for one model, from which a `Q` or an `F` written there learns the model. */
export interface For<Name> {
  readonly [FOR]?: Output<Name>;
}

/**
 * Beside a type that is still being inferred: nothing is assignable to it, but an expression written there learns its
 * model from it.
 */
export interface Place<Name> extends For<Name> {
  readonly [EVAL]: never;
}

/** A place that takes a `Q`: whatever the `Q` says is checked against the model by the call signature it carries. */
export interface TakesCondition<Name> extends For<Name> {
  readonly [CHECK]?: (model: ObjectCarriedBy<Name>) => Valid;
  /** An expression that is no `Q` stands there where it is true or false. */
  readonly [VALUE]?: (model: ObjectCarriedBy<Name>) => Output<'boolean'>;
}

/** A place that takes an expression whose output, worked out for the model, is of this kind. */
export interface Computed<Name, Kind> extends For<Name> {
  readonly [EVAL]: (model: ObjectCarriedBy<Name>) => Output<Kind>;
}

/** A covariant box, so that a sentence of `Invalid` in it never fits. */
export interface Output<out T> {
  readonly output: T;
}

/** What `alias()` names: it can be asked of, and is no part of a row. */
export interface Alias {
  readonly alias: true;
}

/** Beside the annotations of a model, as none that a row has: its related rows lack columns. */
export interface Lesser {
  readonly [LESSER]: Alias;
}

/** What a queryset gives to `in`, `Subquery` and the set operations. */
export interface HasRow<Row> {
  readonly [ROW]: Row;
}
/** A queryset of whole instances is of this model; one of chosen columns may be of any. */
export interface RowsFor<Target>
  extends HasRow<
    | InstanceOf<Target>
    | string
    | number
    | bigint
    | boolean
    | Date
    | null
    | readonly unknown[]
    | { readonly [MODEL]?: never; readonly [column: string]: unknown }
  > {}
export interface HasColumn<out T> {
  readonly [COLUMN]: (asked: never) => Output<T>;
}
/** The same of a queryset's rows, worked out only when it is asked for. */
export interface OfOneColumn<N, out Row> {
  readonly [COLUMN]: <Asked>(asked: Asked) => Output<Given<Asked, OneColumnOf<N, Row>>>;
}

/**
 * What a method gives. Where two querysets are compared, the compiler puts `any` for all that their methods are asked; what
 * they give is then any as well, so that a queryset whose rows have more is one of rows that have less.
 */
// biome-ignore lint/suspicious/noExplicitAny: nothing else is a queryset of more and of less at once
export type Given<Asked, T> = 0 extends Asked & 1 ? any : T;

/** What is no queryset, nor a subquery of one. */
export interface HasNoColumn {
  readonly [COLUMN]?: never;
}

export interface Valid {
  readonly valid: true;
}

/**
 * A sentence from the compiler. Nothing is assignable to it. Of two parts, for an interface with one missing property is
 * told by that property, and the value that was given printed with all its members before the sentence.
 */
export type Invalid<Sentence extends string> = Refused & Says<Sentence>;
interface Refused {
  readonly [PHANTOM]: 'refused';
}
interface Says<Sentence extends string> {
  readonly [INVALID]: Sentence;
}
