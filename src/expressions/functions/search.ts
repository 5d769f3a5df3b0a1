/** Full-text search and trigrams (django.contrib.postgres.search). */
import { ValueError } from '../../errors.js';
import { shown } from '../../meta/codecs.js';
import { type FieldType, TYPES } from '../../meta/field-type.js';
import { toOperand, type UserExpression, Value } from '../base.js';
import type { Expression } from '../expression.js';
import { Func, type FuncDefinition, isOptions } from '../func.js';
import { toExpression } from '../refs.js';

const VECTOR: FieldType = { ...TYPES.unknown, family: 'tsvector', sql: 'tsvector', base: 'tsvector' };
export const QUERY: FieldType = { ...TYPES.unknown, sql: 'tsquery', base: 'tsquery' };

function optionsOf(owner: string, args: unknown[], names: readonly string[]): Record<string, unknown> {
  if (!isOptions(args[args.length - 1])) return {};
  const options = args.pop() as Record<string, unknown>;
  const unknown = Object.keys(options).find((key) => !names.includes(key));
  if (unknown !== undefined) throw new ValueError(`${owner} has no option '${unknown}'. Options: ${names.join(', ')}`);
  return options;
}

/** The configuration (`'english'`, or a column that names one) comes first where it is given. */
const configOf = (config: unknown): Expression[] =>
  config === undefined || config === null ? [] : [typeof config === 'string' ? new Value(config) : toOperand(config)];
const withConfig = (args: readonly string[], rest: string): string =>
  args.length === 0 ? rest : `(${args[0]})::regconfig, ${rest}`;

/** Documents: they are put together by `add`. */
class Vector extends Func {
  override add(other: unknown): never {
    const right = toOperand(other);
    if (!(right instanceof Vector))
      throw new ValueError('SearchVector can only be combined with another SearchVector.');
    return new Vector(JOINED, [this, right]) as never;
  }
}
const JOINED: FuncDefinition = { name: 'SearchVectors', output: VECTOR, write: ([a, b]) => `(${a} || ${b})` };

/** `SearchVector('title', 'body', { weight: 'A', config: 'english' })`. */
export function SearchVector(...args: unknown[]): Func {
  const { config, weight } = optionsOf('SearchVector', args, ['config', 'weight']);
  if (args.length === 0) throw new ValueError('SearchVector takes at least one field.');
  if (weight !== undefined && weight !== null && !['A', 'B', 'C', 'D'].includes(weight as string))
    throw new ValueError(`A weight is 'A', 'B', 'C' or 'D', got ${shown(weight)}.`);
  const settings = configOf(config);
  const n = settings.length;
  const definition: FuncDefinition = {
    name: 'SearchVector',
    output: VECTOR,
    write: (all) => {
      const text = all.slice(n).map((sql) => `COALESCE((${sql})::text, '')`);
      const vector = `to_tsvector(${withConfig(all.slice(0, n), text.join(` || ' ' || `))})`;
      return weight ? `setweight(${vector}, '${String(weight)}')` : vector;
    },
  };
  return new Vector(definition, [...settings, ...args.map(toExpression)], undefined, `${n}${String(weight ?? '')}`);
}

/** What is searched for: put together by `and`, `or` and `not`. */
class SearchedFor extends Func {
  and(other: unknown): SearchedFor {
    return this.joined('&&', other);
  }
  or(other: unknown): SearchedFor {
    return this.joined('||', other);
  }
  not(): SearchedFor {
    return new SearchedFor(NOT, [this]);
  }
  private joined(operator: '&&' | '||', other: unknown): SearchedFor {
    if (!(other instanceof SearchedFor))
      throw new ValueError('SearchQuery can only be combined with another SearchQuery.');
    const name = operator === '&&' ? 'SearchQueryAnd' : 'SearchQueryOr';
    return new SearchedFor({ name, output: QUERY, write: ([a, b]) => `(${a} ${operator} ${b})` }, [this, other]);
  }
}
const NOT: FuncDefinition = { name: 'SearchQueryNot', output: QUERY, write: ([query]) => `!!(${query})` };

const PARSERS: Record<string, string> = {
  plain: 'plainto_tsquery',
  phrase: 'phraseto_tsquery',
  raw: 'to_tsquery',
  websearch: 'websearch_to_tsquery',
};

/** `SearchQuery('red tomato', { search_type: 'phrase' })`. */
export function SearchQuery(value: unknown, options: Record<string, unknown> = {}): SearchedFor {
  const given = optionsOf('SearchQuery', [options], ['config', 'search_type', 'invert']);
  const type = given['search_type'] ?? 'plain';
  const parser = typeof type === 'string' && Object.hasOwn(PARSERS, type) ? PARSERS[type] : undefined;
  if (parser === undefined) throw new ValueError(`Unknown search_type argument ${shown(type)}.`);
  const settings = configOf(given['config']);
  const definition: FuncDefinition = {
    name: parser,
    output: QUERY,
    write: (all) => `${parser}(${withConfig(all.slice(0, -1), `(${all[all.length - 1]})::text`)})`,
  };
  const query = new SearchedFor(
    definition,
    [...settings, typeof value === 'string' ? new Value(value) : toOperand(value)],
    undefined,
    String(settings.length),
  );
  return given['invert'] ? query.not() : query;
}

const vectorOf = (value: unknown): Expression => (typeof value === 'string' ? SearchVector(value) : toOperand(value));
const queryOf = (value: unknown): Expression => (typeof value === 'string' ? SearchQuery(value) : toOperand(value));

/** `SearchRank(SearchVector('body'), SearchQuery('cheese'), { weights: [0.2, 0.4, 0.6, 0.8], normalization: 2 })`. */
export function SearchRank(vector: unknown, query: unknown, options: Record<string, unknown> = {}): Func {
  const given = optionsOf('SearchRank', [options], ['weights', 'normalization', 'cover_density']);
  const name = given['cover_density'] ? 'ts_rank_cd' : 'ts_rank';
  const { weights, normalization } = given;
  const before = weights === undefined || weights === null ? [] : [toOperand(weights)];
  const after = normalization === undefined || normalization === null ? [] : [toOperand(normalization)];
  const n = before.length;
  const definition: FuncDefinition = {
    name,
    output: TYPES.float,
    write: (all) =>
      `${name}(${all.map((sql, i) => (i < n ? `(${sql})::real[]` : i > n + 1 ? `(${sql})::integer` : sql)).join(', ')})`,
  };
  return new Func(
    definition,
    [...before, vectorOf(vector), queryOf(query), ...after],
    undefined,
    `${n}${after.length}`,
  );
}

const HEADLINE: Record<string, string> = {
  start_sel: 'StartSel',
  stop_sel: 'StopSel',
  max_words: 'MaxWords',
  min_words: 'MinWords',
  short_word: 'ShortWord',
  highlight_all: 'HighlightAll',
  max_fragments: 'MaxFragments',
  fragment_delimiter: 'FragmentDelimiter',
};

/** `SearchHeadline('body', SearchQuery('red'), { start_sel: '<b>', stop_sel: '</b>' })`. */
export function SearchHeadline(expression: unknown, query: unknown, options: Record<string, unknown> = {}): Func {
  const given = optionsOf('SearchHeadline', [options], ['config', ...Object.keys(HEADLINE)]);
  const settings = configOf(given['config']);
  const written = Object.entries(HEADLINE)
    .filter(([name]) => given[name] !== undefined && given[name] !== null)
    .map(([name, option]) => {
      const value = given[name];
      return `${option}=${typeof value === 'string' ? `"${value.replaceAll('"', '""')}"` : String(value)}`;
    });
  const rest = written.length > 0 ? [new Value(written.join(', '))] : [];
  const n = settings.length;
  const definition: FuncDefinition = {
    name: 'ts_headline',
    output: TYPES.text,
    write: (all) => {
      const [document, searched, ...more] = all.slice(n);
      const list = [`(${document})::text`, searched, ...more.map((sql) => `(${sql})::text`)].join(', ');
      return `ts_headline(${withConfig(all.slice(0, n), list)})`;
    },
  };
  return new Func(
    definition,
    [...settings, toExpression(expression), queryOf(query), ...rest],
    undefined,
    `${n}${rest.length}`,
  );
}

// --- trigrams: functions of the pg_trgm extension --------------------------------------------------------------------

const textValue = (value: unknown): Expression => (typeof value === 'string' ? new Value(value) : toOperand(value));
const trigram = (name: string, write: FuncDefinition['write'], reversed: boolean) => {
  const definition: FuncDefinition = { name, output: TYPES.float, write };
  return (first: unknown, second: unknown): UserExpression =>
    new Func(
      definition,
      reversed ? [textValue(first), toExpression(second)] : [toExpression(first), textValue(second)],
    );
};
const called =
  (name: string): FuncDefinition['write'] =>
  (args) =>
    `${name}(${args.map((sql) => `(${sql})::text`).join(', ')})`;
const operator =
  (sign: string): FuncDefinition['write'] =>
  ([a, b]) =>
    `((${a})::text ${sign} (${b})::text)`;

export const TrigramSimilarity = trigram('TrigramSimilarity', called('SIMILARITY'), false);
export const TrigramDistance = trigram('TrigramDistance', operator('<->'), false);
export const TrigramWordSimilarity = trigram('TrigramWordSimilarity', called('WORD_SIMILARITY'), true);
export const TrigramWordDistance = trigram('TrigramWordDistance', operator('<<->'), true);
export const TrigramStrictWordSimilarity = trigram(
  'TrigramStrictWordSimilarity',
  called('STRICT_WORD_SIMILARITY'),
  true,
);
export const TrigramStrictWordDistance = trigram('TrigramStrictWordDistance', operator('<<<->'), true);
