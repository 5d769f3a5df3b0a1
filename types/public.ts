/** Every public name and its type. src/index.ts gives the values. */
import './augment.js';
import type { Q as ConditionOf, When as BranchOf } from './conditions.js';
import type { AsyncManager as ManagerOf, AsyncQuerySet as QuerySetOf } from './queryset.js';
import type {
  AsyncManyToManyRelatedManager as ManyToManyOf,
  AsyncManyToOneRelatedManager as ManyToOneOf,
  AsyncNullableManyToOneRelatedManager as NullableManyToOneOf,
  ThroughOf,
} from './related.js';
import type { Annotated } from './annotate.js';
import type { Instance } from './instance.js';
import type { Typed } from './lookup.js';
import type { ElementFamily } from './path.js';
import type { ModelOf } from './schema.js';
import type { HasModel, InstanceOf, META } from './tags.js';

export {
  AnyValue,
  ArrayAgg,
  Avg,
  BitAnd,
  BitOr,
  BitXor,
  BoolAnd,
  BoolOr,
  Corr,
  Count,
  CovarPop,
  JSONBAgg,
  Max,
  Min,
  RegrAvgX,
  RegrAvgY,
  RegrCount,
  RegrIntercept,
  RegrR2,
  RegrSlope,
  RegrSXX,
  RegrSXY,
  RegrSYY,
  StdDev,
  StringAgg,
  Sum,
  Variance,
} from './aggregates.js';
export {
  ArraySubquery,
  Case,
  Exists,
  ExpressionWrapper,
  F,
  FilteredRelation,
  OuterRef,
  Prefetch,
  RawSQL,
  Subquery,
  Value,
} from './conditions.js';
export { prefetch_related_objects } from './row.js';
export { defineModels, foreignKey, manyToMany, oneToOne } from './define.js';
export {
  ConnectionDoesNotExist,
  DataError,
  DatabaseError,
  DefinitionError,
  FieldError,
  FieldFetchBlocked,
  IndexError,
  IntegrityError,
  InternalError,
  MultipleObjectsReturned,
  NotImplementedError,
  NotSupportedError,
  ObjectDoesNotExist,
  OperationalError,
  ProgrammingError,
  ProtectedError,
  SynchronousOnlyOperation,
  TransactionManagementError,
  ValueError,
} from './errors.js';
export { FETCH_ONE, FETCH_PEERS, RAISE, type FetchMode } from './fetch.js';
export {
  Cast,
  Coalesce,
  Greatest,
  JSONArray,
  JSONObject,
  KeyTextTransform,
  KeyTransform,
  KT,
  Least,
  NullIf,
} from './functions-comparison.js';
export {
  Extract,
  ExtractDay,
  ExtractHour,
  ExtractIsoWeekDay,
  ExtractIsoYear,
  ExtractMinute,
  ExtractMonth,
  ExtractQuarter,
  ExtractSecond,
  ExtractWeek,
  ExtractWeekDay,
  ExtractYear,
  Now,
  TransactionNow,
  Trunc,
  TruncDate,
  TruncDay,
  TruncHour,
  TruncMinute,
  TruncMonth,
  TruncQuarter,
  TruncSecond,
  TruncTime,
  TruncWeek,
  TruncYear,
} from './functions-date.js';
export {
  Abs,
  ACos,
  ASin,
  ATan,
  ATan2,
  Ceil,
  Cos,
  Cot,
  Degrees,
  Exp,
  Floor,
  Ln,
  Log,
  Mod,
  Pi,
  Power,
  Radians,
  Random,
  Round,
  Sign,
  Sin,
  Sqrt,
  Tan,
} from './functions-math.js';
export {
  Chr,
  Collate,
  Concat,
  Left,
  Length,
  Lower,
  LPad,
  LTrim,
  MD5,
  Ord,
  RandomUUID,
  Repeat,
  Replace,
  Reverse,
  Right,
  RPad,
  RTrim,
  SHA1,
  SHA224,
  SHA256,
  SHA384,
  SHA512,
  StrIndex,
  Substr,
  Trim,
  Upper,
} from './functions-text.js';
export {
  SearchHeadline,
  SearchQuery,
  SearchRank,
  SearchVector,
  TrigramDistance,
  TrigramSimilarity,
  TrigramStrictWordDistance,
  TrigramStrictWordSimilarity,
  TrigramWordDistance,
  TrigramWordSimilarity,
} from './functions-search.js';
export { define_function, Func, register_lookup, register_transform } from './register.js';
export { atomic, on_commit, timezone } from './transactions.js';
export {
  CumeDist,
  DenseRank,
  FirstValue,
  Lag,
  LastValue,
  Lead,
  Ntile,
  NthValue,
  PercentRank,
  Rank,
  RowNumber,
  RowRange,
  ValueRange,
  Window,
} from './window.js';

// --- types to annotate with --------------------------------------------------------------------------------------

type NameIn<I> = I extends HasModel<string> ? I[META] : never;

/** The same of a row with annotations, whose names count: `AsyncQuerySet<With<Pizza, { n: number }>>`. */
type NameWith<I> =
  I extends HasModel<infer N extends string>
    ? [AnnotationNames<I, N>] extends [never]
      ? N
      : Annotated<
          ModelOf<N>,
          { readonly [K in AnnotationNames<I, N>]: Typed<ElementFamily<Exclude<I[K], null>>, I[K]> }
        >['carrier']
    : never;
/** What an instance does not have by itself, prefetched relations aside. */
type AnnotationNames<I, N extends string> = {
  [K in Exclude<keyof I, keyof Instance<N>>]: I[K] extends Related | readonly Related[] ? never : K;
}[Exclude<keyof I, keyof Instance<N>>];
type Related = InstanceOf<string> | null | undefined;

type NameOrAny<I> = [I] extends [never] ? never : NameWith<I>;

export declare const Q: typeof ConditionOf;
/**
 * The type of a condition, to be gathered in variables and lists: `let found: Q = Q()`, `const conditions: Q[] = []`.
 * With a model (`Q<Pizza>`) its keys are checked where they are written; without one they are any model's.
 */
export type Q<I = never> = ConditionOf<NameOrAny<I>>;

export declare const When: typeof BranchOf;
/** The type of a branch, to be gathered likewise: `const branches: When[] = []`, `Case(...branches)`. */
export type When<I = never> = BranchOf<unknown, NameOrAny<I>>;

/** A queryset of a model, by the type of its instances: `AsyncQuerySet<Pizza>`, `AsyncQuerySet<Pizza, [number, string]>`. */
export type AsyncQuerySet<I, Row = I> = QuerySetOf<NameWith<I>, Row>;
export type AsyncManager<I> = ManagerOf<NameIn<I>>;
/** `box.a$pizza_set`; `remove` and `clear` are there where the key may be null. */
export type AsyncManyToOneRelatedManager<I, Column = unknown, Nullable extends boolean = false> = Nullable extends true
  ? NullableManyToOneOf<NameIn<I>, Column>
  : ManyToOneOf<NameIn<I>, Column>;
export type AsyncManyToOneRelatedQuerySet<
  I,
  Column = unknown,
  Nullable extends boolean = false,
> = AsyncManyToOneRelatedManager<I, Column, Nullable>;
/** `pizza.a$toppings`. */
export type AsyncManyToManyRelatedManager<I, Through = unknown> = ManyToManyOf<NameIn<I>, ThroughOf<Through>>;
export type AsyncManyToManyRelatedQuerySet<I, Through = unknown> = AsyncManyToManyRelatedManager<I, Through>;

// --- what a declaration file names ---------------------------------------------------------------------------------

// The types that TypeScript infers where a package exports a function or a value: it may write none that this module does
// not export (TS2742). Of models they take the name; who annotates by hand has the types above.
export type { Predicate, Q as ConditionOf, When as BranchOf } from './conditions.js';
export type { Aggregated, CheckedRef, Fields, RelationRef, Under } from './expression.js';
export type { InstanceBase } from './instance.js';
export type { AsyncManager as ManagerOf, AsyncQuerySet as QuerySetOf, Query } from './queryset.js';
export type {
  BinaryFunction,
  NullaryFunction,
  TernaryFunction,
  UnaryFunction,
  VariadicFunction,
} from './register.js';
export type {
  AsyncManyToManyRelatedManager as ManyToManyOf,
  AsyncManyToOneRelatedManager as ManyToOneOf,
  AsyncNullableManyToOneRelatedManager as NullableManyToOneOf,
} from './related.js';

export type { Aggregate } from './aggregates.js';
export type { BuilderMap, TableWithBuilders } from './augment.js';
export type { DatabaseChoice, Databases, DrizzleDatabase } from './database.js';
export type { ForeignKeyDeclaration, ManyToManyDeclaration, MetaOptions } from './declare.js';
export type { Models } from './define.js';
export type { Call, Expression, FieldRef, Give, OrderBy, Ref, SpecOf } from './expression.js';
export type { Instance, ModelClass } from './instance.js';
export type {
  AnyLookups,
  ArrayLookups,
  ArrayTransforms,
  BoolLookups,
  BytesLookups,
  DateLookups,
  DateTimeLookups,
  DateTimeTransforms,
  DateTransforms,
  EnumLookups,
  FamilyByColumn,
  InetLookups,
  IntervalLookups,
  JsonKeyLookups,
  JsonLookups,
  JsonTransforms,
  NumberLookups,
  NumberTransforms,
  OtherLookups,
  OtherTransforms,
  RangeLookups,
  Same,
  TextLookups,
  TextTransforms,
  TimeLookups,
  TimeTransforms,
  Typed,
  UuidLookups,
} from './lookup.js';
export type { AsyncRawQuerySet, AsyncRows } from './queryset.js';
export type { Rules } from './rules.js';
export type { ColumnValue, Model, RegisteredModels, Schema } from './schema.js';
export type { With } from './annotate.js';
export type { BuiltTable, Invalid, RefersTo, UniqueColumn } from './tags.js';
export type { AtomicOptions } from './transactions.js';
export type { Frame } from './window.js';
