/** The public door: every value with its public type, which types/public.ts declares. */
import type * as T from '../types/public.js';
import { defineModels as defineModels_ } from './define.js';
import {
  AnyValue as AnyValue_,
  ArrayAgg as ArrayAgg_,
  Avg as Avg_,
  BitAnd as BitAnd_,
  BitOr as BitOr_,
  BitXor as BitXor_,
  BoolAnd as BoolAnd_,
  BoolOr as BoolOr_,
  Corr as Corr_,
  Count as Count_,
  CovarPop as CovarPop_,
  JSONBAgg as JSONBAgg_,
  Max as Max_,
  Min as Min_,
  RegrAvgX as RegrAvgX_,
  RegrAvgY as RegrAvgY_,
  RegrCount as RegrCount_,
  RegrIntercept as RegrIntercept_,
  RegrR2 as RegrR2_,
  RegrSXX as RegrSXX_,
  RegrSXY as RegrSXY_,
  RegrSYY as RegrSYY_,
  RegrSlope as RegrSlope_,
  StdDev as StdDev_,
  StringAgg as StringAgg_,
  Sum as Sum_,
  Variance as Variance_,
} from './expressions/aggregates.js';
import {
  ArraySubquery as ArraySubquery_,
  Exists as Exists_,
  ExpressionWrapper as ExpressionWrapper_,
  F as F_,
  FilteredRelation as FilteredRelation_,
  OuterRef as OuterRef_,
  Q as Q_,
  RawSQL as RawSQL_,
  Subquery as Subquery_,
  Value as Value_,
} from './expressions/public.js';
import { Case as Case_, When as When_ } from './expressions/case.js';
import { Prefetch as Prefetch_, prefetch_related_objects as prefetch_related_objects_ } from './chain/prefetch.js';
import { define_function as define_function_, func as Func_ } from './expressions/functions/define.js';
import { register_lookup as register_lookup_, register_transform as register_transform_ } from './lookups/register.js';
import { foreignKey as foreignKey_, manyToMany as manyToMany_, oneToOne as oneToOne_ } from './meta/declarations.js';
import {
  Cast as Cast_,
  Coalesce as Coalesce_,
  Collate as Collate_,
  Greatest as Greatest_,
  JSONArray as JSONArray_,
  JSONObject as JSONObject_,
  KT as KT_,
  KeyTextTransform as KeyTextTransform_,
  KeyTransform as KeyTransform_,
  Least as Least_,
  NullIf as NullIf_,
} from './expressions/functions/comparison.js';
import {
  Extract as Extract_,
  ExtractDay as ExtractDay_,
  ExtractHour as ExtractHour_,
  ExtractIsoWeekDay as ExtractIsoWeekDay_,
  ExtractIsoYear as ExtractIsoYear_,
  ExtractMinute as ExtractMinute_,
  ExtractMonth as ExtractMonth_,
  ExtractQuarter as ExtractQuarter_,
  ExtractSecond as ExtractSecond_,
  ExtractWeek as ExtractWeek_,
  ExtractWeekDay as ExtractWeekDay_,
  ExtractYear as ExtractYear_,
  Now as Now_,
  TransactionNow as TransactionNow_,
  Trunc as Trunc_,
  TruncDate as TruncDate_,
  TruncDay as TruncDay_,
  TruncHour as TruncHour_,
  TruncMinute as TruncMinute_,
  TruncMonth as TruncMonth_,
  TruncQuarter as TruncQuarter_,
  TruncSecond as TruncSecond_,
  TruncTime as TruncTime_,
  TruncWeek as TruncWeek_,
  TruncYear as TruncYear_,
} from './expressions/functions/dates.js';
import {
  ACos as ACos_,
  ASin as ASin_,
  ATan as ATan_,
  ATan2 as ATan2_,
  Abs as Abs_,
  Ceil as Ceil_,
  Cos as Cos_,
  Cot as Cot_,
  Degrees as Degrees_,
  Exp as Exp_,
  Floor as Floor_,
  Ln as Ln_,
  Log as Log_,
  Mod as Mod_,
  Pi as Pi_,
  Power as Power_,
  Radians as Radians_,
  Random as Random_,
  Round as Round_,
  Sign as Sign_,
  Sin as Sin_,
  Sqrt as Sqrt_,
  Tan as Tan_,
} from './expressions/functions/math.js';
import {
  SearchHeadline as SearchHeadline_,
  SearchQuery as SearchQuery_,
  SearchRank as SearchRank_,
  SearchVector as SearchVector_,
  TrigramDistance as TrigramDistance_,
  TrigramSimilarity as TrigramSimilarity_,
  TrigramStrictWordDistance as TrigramStrictWordDistance_,
  TrigramStrictWordSimilarity as TrigramStrictWordSimilarity_,
  TrigramWordDistance as TrigramWordDistance_,
  TrigramWordSimilarity as TrigramWordSimilarity_,
} from './expressions/functions/search.js';
import {
  Chr as Chr_,
  Concat as Concat_,
  LPad as LPad_,
  LTrim as LTrim_,
  Left as Left_,
  Length as Length_,
  Lower as Lower_,
  MD5 as MD5_,
  Ord as Ord_,
  RandomUUID as RandomUUID_,
  RPad as RPad_,
  RTrim as RTrim_,
  Repeat as Repeat_,
  Replace as Replace_,
  Reverse as Reverse_,
  Right as Right_,
  SHA1 as SHA1_,
  SHA224 as SHA224_,
  SHA256 as SHA256_,
  SHA384 as SHA384_,
  SHA512 as SHA512_,
  StrIndex as StrIndex_,
  Substr as Substr_,
  Trim as Trim_,
  Upper as Upper_,
} from './expressions/functions/text.js';
import {
  CumeDist as CumeDist_,
  DenseRank as DenseRank_,
  FirstValue as FirstValue_,
  Lag as Lag_,
  LastValue as LastValue_,
  Lead as Lead_,
  NthValue as NthValue_,
  Ntile as Ntile_,
  PercentRank as PercentRank_,
  Rank as Rank_,
  RowNumber as RowNumber_,
} from './expressions/functions/window.js';
import { RowRange as RowRange_, ValueRange as ValueRange_, Window as Window_ } from './expressions/window.js';
import { atomic as atomic_, on_commit as on_commit_ } from './execute/transaction.js';
import { timezone as timezone_ } from './meta/timezone.js';

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
export { FETCH_ONE, FETCH_PEERS, RAISE } from './chain/fetch-modes.js';
export type * from '../types/public.js';
// What is a value here is a type too, and the star above gives neither.
export type Q<Model = never> = T.Q<Model>;
export type When<Model = never> = T.When<Model>;

export const ACos = ACos_ as unknown as typeof T.ACos;
export const ASin = ASin_ as unknown as typeof T.ASin;
export const ATan = ATan_ as unknown as typeof T.ATan;
export const ATan2 = ATan2_ as unknown as typeof T.ATan2;
export const Abs = Abs_ as unknown as typeof T.Abs;
export const AnyValue = AnyValue_ as unknown as typeof T.AnyValue;
export const ArrayAgg = ArrayAgg_ as unknown as typeof T.ArrayAgg;
export const ArraySubquery = ArraySubquery_ as unknown as typeof T.ArraySubquery;
export const Avg = Avg_ as unknown as typeof T.Avg;
export const BitAnd = BitAnd_ as unknown as typeof T.BitAnd;
export const BitOr = BitOr_ as unknown as typeof T.BitOr;
export const BitXor = BitXor_ as unknown as typeof T.BitXor;
export const BoolAnd = BoolAnd_ as unknown as typeof T.BoolAnd;
export const BoolOr = BoolOr_ as unknown as typeof T.BoolOr;
export const Case = Case_ as unknown as typeof T.Case;
export const Cast = Cast_ as unknown as typeof T.Cast;
export const Ceil = Ceil_ as unknown as typeof T.Ceil;
export const Chr = Chr_ as unknown as typeof T.Chr;
export const Coalesce = Coalesce_ as unknown as typeof T.Coalesce;
export const Collate = Collate_ as unknown as typeof T.Collate;
export const Concat = Concat_ as unknown as typeof T.Concat;
export const Corr = Corr_ as unknown as typeof T.Corr;
export const Cos = Cos_ as unknown as typeof T.Cos;
export const Cot = Cot_ as unknown as typeof T.Cot;
export const Count = Count_ as unknown as typeof T.Count;
export const CovarPop = CovarPop_ as unknown as typeof T.CovarPop;
export const CumeDist = CumeDist_ as unknown as typeof T.CumeDist;
export const Degrees = Degrees_ as unknown as typeof T.Degrees;
export const DenseRank = DenseRank_ as unknown as typeof T.DenseRank;
export const Exists = Exists_ as unknown as typeof T.Exists;
export const Exp = Exp_ as unknown as typeof T.Exp;
export const ExpressionWrapper = ExpressionWrapper_ as unknown as typeof T.ExpressionWrapper;
export const Extract = Extract_ as unknown as typeof T.Extract;
export const ExtractDay = ExtractDay_ as unknown as typeof T.ExtractDay;
export const ExtractHour = ExtractHour_ as unknown as typeof T.ExtractHour;
export const ExtractIsoWeekDay = ExtractIsoWeekDay_ as unknown as typeof T.ExtractIsoWeekDay;
export const ExtractIsoYear = ExtractIsoYear_ as unknown as typeof T.ExtractIsoYear;
export const ExtractMinute = ExtractMinute_ as unknown as typeof T.ExtractMinute;
export const ExtractMonth = ExtractMonth_ as unknown as typeof T.ExtractMonth;
export const ExtractQuarter = ExtractQuarter_ as unknown as typeof T.ExtractQuarter;
export const ExtractSecond = ExtractSecond_ as unknown as typeof T.ExtractSecond;
export const ExtractWeek = ExtractWeek_ as unknown as typeof T.ExtractWeek;
export const ExtractWeekDay = ExtractWeekDay_ as unknown as typeof T.ExtractWeekDay;
export const ExtractYear = ExtractYear_ as unknown as typeof T.ExtractYear;
export const F = F_ as unknown as typeof T.F;
export const FilteredRelation = FilteredRelation_ as unknown as typeof T.FilteredRelation;
export const FirstValue = FirstValue_ as unknown as typeof T.FirstValue;
export const Floor = Floor_ as unknown as typeof T.Floor;
export const Func = Func_ as unknown as typeof T.Func;
export const Greatest = Greatest_ as unknown as typeof T.Greatest;
export const JSONArray = JSONArray_ as unknown as typeof T.JSONArray;
export const JSONBAgg = JSONBAgg_ as unknown as typeof T.JSONBAgg;
export const JSONObject = JSONObject_ as unknown as typeof T.JSONObject;
export const KT = KT_ as unknown as typeof T.KT;
export const KeyTextTransform = KeyTextTransform_ as unknown as typeof T.KeyTextTransform;
export const KeyTransform = KeyTransform_ as unknown as typeof T.KeyTransform;
export const LPad = LPad_ as unknown as typeof T.LPad;
export const LTrim = LTrim_ as unknown as typeof T.LTrim;
export const Lag = Lag_ as unknown as typeof T.Lag;
export const LastValue = LastValue_ as unknown as typeof T.LastValue;
export const Lead = Lead_ as unknown as typeof T.Lead;
export const Least = Least_ as unknown as typeof T.Least;
export const Left = Left_ as unknown as typeof T.Left;
export const Length = Length_ as unknown as typeof T.Length;
export const Ln = Ln_ as unknown as typeof T.Ln;
export const Log = Log_ as unknown as typeof T.Log;
export const Lower = Lower_ as unknown as typeof T.Lower;
export const MD5 = MD5_ as unknown as typeof T.MD5;
export const Max = Max_ as unknown as typeof T.Max;
export const Min = Min_ as unknown as typeof T.Min;
export const Mod = Mod_ as unknown as typeof T.Mod;
export const Now = Now_ as unknown as typeof T.Now;
export const NthValue = NthValue_ as unknown as typeof T.NthValue;
export const Ntile = Ntile_ as unknown as typeof T.Ntile;
export const NullIf = NullIf_ as unknown as typeof T.NullIf;
export const Ord = Ord_ as unknown as typeof T.Ord;
export const OuterRef = OuterRef_ as unknown as typeof T.OuterRef;
export const PercentRank = PercentRank_ as unknown as typeof T.PercentRank;
export const Pi = Pi_ as unknown as typeof T.Pi;
export const Power = Power_ as unknown as typeof T.Power;
export const Prefetch = Prefetch_ as unknown as typeof T.Prefetch;
export const prefetch_related_objects = prefetch_related_objects_ as unknown as typeof T.prefetch_related_objects;
export const Q = Q_ as unknown as typeof T.Q;
export const RPad = RPad_ as unknown as typeof T.RPad;
export const RTrim = RTrim_ as unknown as typeof T.RTrim;
export const Radians = Radians_ as unknown as typeof T.Radians;
export const Random = Random_ as unknown as typeof T.Random;
export const RandomUUID = RandomUUID_ as unknown as typeof T.RandomUUID;
export const Rank = Rank_ as unknown as typeof T.Rank;
export const RawSQL = RawSQL_ as unknown as typeof T.RawSQL;
export const RegrAvgX = RegrAvgX_ as unknown as typeof T.RegrAvgX;
export const RegrAvgY = RegrAvgY_ as unknown as typeof T.RegrAvgY;
export const RegrCount = RegrCount_ as unknown as typeof T.RegrCount;
export const RegrIntercept = RegrIntercept_ as unknown as typeof T.RegrIntercept;
export const RegrR2 = RegrR2_ as unknown as typeof T.RegrR2;
export const RegrSXX = RegrSXX_ as unknown as typeof T.RegrSXX;
export const RegrSXY = RegrSXY_ as unknown as typeof T.RegrSXY;
export const RegrSYY = RegrSYY_ as unknown as typeof T.RegrSYY;
export const RegrSlope = RegrSlope_ as unknown as typeof T.RegrSlope;
export const Repeat = Repeat_ as unknown as typeof T.Repeat;
export const Replace = Replace_ as unknown as typeof T.Replace;
export const Reverse = Reverse_ as unknown as typeof T.Reverse;
export const Right = Right_ as unknown as typeof T.Right;
export const Round = Round_ as unknown as typeof T.Round;
export const RowNumber = RowNumber_ as unknown as typeof T.RowNumber;
export const RowRange = RowRange_ as unknown as typeof T.RowRange;
export const SHA1 = SHA1_ as unknown as typeof T.SHA1;
export const SHA224 = SHA224_ as unknown as typeof T.SHA224;
export const SHA256 = SHA256_ as unknown as typeof T.SHA256;
export const SHA384 = SHA384_ as unknown as typeof T.SHA384;
export const SHA512 = SHA512_ as unknown as typeof T.SHA512;
export const SearchHeadline = SearchHeadline_ as unknown as typeof T.SearchHeadline;
export const SearchQuery = SearchQuery_ as unknown as typeof T.SearchQuery;
export const SearchRank = SearchRank_ as unknown as typeof T.SearchRank;
export const SearchVector = SearchVector_ as unknown as typeof T.SearchVector;
export const Sign = Sign_ as unknown as typeof T.Sign;
export const Sin = Sin_ as unknown as typeof T.Sin;
export const Sqrt = Sqrt_ as unknown as typeof T.Sqrt;
export const StdDev = StdDev_ as unknown as typeof T.StdDev;
export const StrIndex = StrIndex_ as unknown as typeof T.StrIndex;
export const StringAgg = StringAgg_ as unknown as typeof T.StringAgg;
export const Subquery = Subquery_ as unknown as typeof T.Subquery;
export const Substr = Substr_ as unknown as typeof T.Substr;
export const Sum = Sum_ as unknown as typeof T.Sum;
export const Tan = Tan_ as unknown as typeof T.Tan;
export const TransactionNow = TransactionNow_ as unknown as typeof T.TransactionNow;
export const TrigramDistance = TrigramDistance_ as unknown as typeof T.TrigramDistance;
export const TrigramSimilarity = TrigramSimilarity_ as unknown as typeof T.TrigramSimilarity;
export const TrigramStrictWordDistance = TrigramStrictWordDistance_ as unknown as typeof T.TrigramStrictWordDistance;
export const TrigramStrictWordSimilarity =
  TrigramStrictWordSimilarity_ as unknown as typeof T.TrigramStrictWordSimilarity;
export const TrigramWordDistance = TrigramWordDistance_ as unknown as typeof T.TrigramWordDistance;
export const TrigramWordSimilarity = TrigramWordSimilarity_ as unknown as typeof T.TrigramWordSimilarity;
export const Trim = Trim_ as unknown as typeof T.Trim;
export const Trunc = Trunc_ as unknown as typeof T.Trunc;
export const TruncDate = TruncDate_ as unknown as typeof T.TruncDate;
export const TruncDay = TruncDay_ as unknown as typeof T.TruncDay;
export const TruncHour = TruncHour_ as unknown as typeof T.TruncHour;
export const TruncMinute = TruncMinute_ as unknown as typeof T.TruncMinute;
export const TruncMonth = TruncMonth_ as unknown as typeof T.TruncMonth;
export const TruncQuarter = TruncQuarter_ as unknown as typeof T.TruncQuarter;
export const TruncSecond = TruncSecond_ as unknown as typeof T.TruncSecond;
export const TruncTime = TruncTime_ as unknown as typeof T.TruncTime;
export const TruncWeek = TruncWeek_ as unknown as typeof T.TruncWeek;
export const TruncYear = TruncYear_ as unknown as typeof T.TruncYear;
export const Upper = Upper_ as unknown as typeof T.Upper;
export const Value = Value_ as unknown as typeof T.Value;
export const ValueRange = ValueRange_ as unknown as typeof T.ValueRange;
export const Variance = Variance_ as unknown as typeof T.Variance;
export const When = When_ as unknown as typeof T.When;
export const Window = Window_ as unknown as typeof T.Window;
export const atomic = atomic_ as unknown as typeof T.atomic;
export const defineModels = defineModels_ as unknown as typeof T.defineModels;
export const define_function = define_function_ as unknown as typeof T.define_function;
export const foreignKey = foreignKey_ as unknown as typeof T.foreignKey;
export const manyToMany = manyToMany_ as unknown as typeof T.manyToMany;
export const on_commit = on_commit_ as unknown as typeof T.on_commit;
export const oneToOne = oneToOne_ as unknown as typeof T.oneToOne;
export const register_lookup = register_lookup_ as unknown as typeof T.register_lookup;
export const register_transform = register_transform_ as unknown as typeof T.register_transform;
export const timezone = timezone_ as unknown as typeof T.timezone;
