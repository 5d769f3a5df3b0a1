// The interpreter has a word for everything that the format can say, and the library one for every name of Django's.
import { describe, expect, test } from 'vitest';
import { type Call, isNode, type Query, tagOf, walk } from './ast.js';
import { openCases, readCases } from './cases.js';
import { chainCalls } from './chain.js';
import { api } from './context.js';
import { expressionTags } from './expressions.js';
import { stepNames } from './steps.js';
import { terminalNames } from './terminals.js';
import { isLiteralTag, outputField } from './values.js';

const cases = readCases(openCases);

function queriesIn(query: Query): Query[] {
  const found: Query[] = [];
  walk(query, (node) => {
    if (Array.isArray(node['chain']) || Array.isArray(node['terminal']) || Array.isArray(node['then']))
      found.push(node as Query);
  });
  return found;
}

const queries = cases.flatMap(({ query }) => queriesIn(query));
const unknown = (used: readonly string[], known: readonly string[]) =>
  [...new Set(used)].filter((name) => !known.includes(name));

describe('the interpreter knows', () => {
  test('every call of a chain', () => {
    expect(
      unknown(
        queries.flatMap(({ chain }) => (chain ?? []).map(([name]) => name)),
        chainCalls,
      ),
    ).toEqual([]);
  });

  test('every terminal, those of a sequence too', () => {
    const terminals = queries.flatMap(({ terminal }) => (terminal ? [terminal] : []));
    const inside = terminals.flatMap(([name, steps]) => (name === 'seq' ? (steps as Call[]) : []));
    expect(
      unknown(
        [...terminals, ...inside].map(([name]) => name),
        terminalNames,
      ),
    ).toEqual([]);
  });

  test('every step', () => {
    expect(
      unknown(
        queries.flatMap((query) => (query.then ?? []).map(([name]) => name)),
        stepNames,
      ),
    ).toEqual([]);
  });

  test('every expression and literal', () => {
    const used: string[] = [];
    for (const { query } of cases) walk(query, (node) => void used.push(...(tagOf(node) ? [tagOf(node)!] : [])));
    expect(unknown(used, expressionTags).filter((tag) => !isLiteralTag(tag) && tag !== '$prefetch')).toEqual([]);
  });

  test.each([
    'AutoField BigIntegerField BinaryField BooleanField CharField DateField DateTimeField DecimalField DurationField',
    'FloatField IntegerField JSONField PositiveIntegerField SmallIntegerField TextField TimeField UUIDField',
  ])('the fields %s', (names) => {
    for (const name of names.split(' ')) {
      expect(isNode(outputField(name))).toBe(true);
      expect(isNode(outputField(['ArrayField', name]))).toBe(true);
    }
  });
});

describe('the library has', () => {
  test.each([
    ['comparison', 'Cast Coalesce Collate Greatest JSONObject Least NullIf'],
    [
      'text',
      'Chr Concat Left Length Lower LPad LTrim MD5 Ord Repeat Replace Reverse Right RPad RTrim SHA1 SHA224 SHA256 SHA384 SHA512 StrIndex Substr Trim Upper',
    ],
    [
      'mathematical',
      'Abs ACos ASin ATan ATan2 Ceil Cos Cot Degrees Exp Floor Ln Log Mod Pi Power Radians Random Round Sign Sin Sqrt Tan',
    ],
    [
      'date',
      'Extract ExtractDay ExtractHour ExtractIsoWeekDay ExtractIsoYear ExtractMinute ExtractMonth ExtractQuarter ExtractSecond ExtractWeek ExtractWeekDay ExtractYear Now Trunc TruncDate TruncDay TruncHour TruncMinute TruncMonth TruncQuarter TruncSecond TruncTime TruncWeek TruncYear',
    ],
    [
      'window',
      'CumeDist DenseRank FirstValue Lag LastValue Lead NthValue Ntile PercentRank Rank RowNumber RowRange ValueRange Window',
    ],
    [
      'aggregate',
      'ArrayAgg Avg BitAnd BitOr BoolAnd BoolOr Corr Count CovarPop JSONBAgg Max Min RegrAvgX RegrAvgY RegrCount RegrIntercept RegrR2 RegrSlope RegrSXX RegrSXY RegrSYY StdDev StringAgg Sum Variance',
    ],
    [
      'other',
      'Case Exists ExpressionWrapper F FilteredRelation KeyTextTransform KeyTransform OuterRef Prefetch Q RawSQL Subquery Value When',
    ],
  ])('Django’s %s expressions', (_, names) => {
    expect(names.split(' ').filter((name) => typeof api[name] !== 'function')).toEqual([]);
  });
});
