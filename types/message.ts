/**
 * Every sentence that the compiler may show. Of a name that does not resolve (`NoField`, `NoRelation`, `NotARelation`,
 * `NotToOne`, `NoLookup`) the errors of the run time say it too, and `OneColumnKey`, `NotSliceable`, `NotAnAggregate`,
 * `AliasSelected` and `AliasAggregated` are its words. Of the others it has words of its own, Django's where there are some.
 *
 * "Near" means: equal but for one character added, left out, changed, or two neighbours exchanged.
 */

type NearKey<Written extends string, Name extends string> = Written extends `${infer First}${infer RestA}`
  ? Name extends `${First}${infer RestB}`
    ? NearKey<RestA, RestB>
    : OneStep<Written, RestA, Name>
  : Name extends `${string}${infer Rest}`
    ? Rest extends ''
      ? true
      : false
    : false;

type OneStep<Written extends string, RestA extends string, Name extends string> = RestA extends Name
  ? true
  : Name extends `${infer First}${infer RestB}`
    ? RestB extends Written
      ? true
      : RestB extends RestA
        ? true
        : RestA extends `${First}${infer TailA}`
          ? Written extends `${infer Head}${string}`
            ? RestB extends `${Head}${TailA}`
              ? true
              : false
            : false
          : false
    : false;

/** The names that are one step away from what was written. (Any string: what is written is not known yet.) */
export type Near<Written extends string, Names> = string extends Written ? never : NearAmong<Written, Names>;
type NearAmong<Written extends string, Names> = Names extends string
  ? NearKey<Written, Names> extends true
    ? Names
    : never
  : never;

type Suggest<Near> = [Near] extends [never] ? '' : Near extends string ? ` Did you mean '${Near}'?` : '';

export type NoField<
  Model extends string,
  Written extends string,
  Names,
> = `${Model} has no field '${Written}'.${Suggest<Near<Written, Names>>}`;
export type NoRelation<
  Model extends string,
  Written extends string,
  Names,
> = `${Model} has no relation '${Written}'.${Suggest<Near<Written, Names>>}`;
export type NotARelation<
  Model extends string,
  Written extends string,
> = `'${Written}' is a field of ${Model}, not a relation.`;
export type NotToOne<Model extends string, Written extends string> = `'${Written}' of ${Model} leads to many rows.`;
export type NoLookup<
  Path extends string,
  Written extends string,
  Names,
> = `'${Path}' has no lookup '${Written}'.${Suggest<Near<Written, Names>>}`;
export type LookupUsedAsField<Path extends string> = `'${Path}' is a lookup, not a field.`;
export type RequiredField<Model extends string, Field extends string> = `${Model} needs '${Field}'.`;
export type Clash<
  Model extends string,
  Name extends string,
> = `Two relations of ${Model} are named '${Name}'. Give one a related_name.`;
export type NameTaken<
  Model extends string,
  Name extends string,
> = `The relation '${Name}' of ${Model} has the name of a column.`;
export type UnknownModel<Name extends string> = `There is no model '${Name}'.`;
export type UnknownColumn<Model extends string, Name extends string> = `${Model} has no column '${Name}'.`;
export type NotThrough<
  Model extends string,
  Name extends string,
> = `The through table of ${Model}.${Name} needs one foreign key to each side.`;
export type FlatNeedsOne = "'flat' takes exactly one field.";
export type FlatOrNamed = "'flat' and 'named' exclude each other.";
export type OneColumnKey = 'in_bulk() needs a key of one column: name it with field_name.';
export type OneColumn = 'This needs a queryset of a single column.';
export type NameInUse<Model extends string, Name extends string> = `${Model} already has a field '${Name}'.`;
export type NotItsInstances<Model extends string> = `Prefetch() takes a queryset of whole ${Model} instances here.`;
export type NotADate<Subject extends string> = `${Subject} is not a date.`;
export type NotATime<Subject extends string> = `${Subject} has no time of day.`;
export type AliasSelected<Name extends string> = `Cannot select the '${Name}' alias. Use annotate() to promote it.`;
export type AliasAggregated<Name extends string> =
  `Cannot aggregate over the '${Name}' alias. Use annotate() to promote it.`;
export type NotSliceable = 'This field does not support slicing.';
export type NotAnAggregate<Name extends string> = `'${Name}' is not an aggregate expression.`;
export type TextOperand<Written extends string> = `'${Written}' is a text here. A field is written F('${Written}').`;
export type NeedsAName = 'An expression without a name of its own is given one: { name: expression }.';
export type UnknownOption<Name extends string> = `There is no option '${Name}'.`;
