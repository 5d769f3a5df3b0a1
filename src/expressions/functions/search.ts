/** Full-text search and trigrams (django.contrib.postgres.search). */
import { isText } from '../../meta/kinds.js';
import { ValueError, refuse } from '../../errors.js';
import { shown } from '../../meta/codecs.js';
import type { FieldType } from '../../meta/field-type.js';
import * as TYPES from '../../meta/types.js';
import { toOperand } from '../base.js';
import type { Expression } from '../expression.js';
import { call, Func, type FuncDefinition, sqlName, takeOptions } from '../func.js';
import { toExpression } from '../refs.js';

const alone = (name: string) => new ValueError(`${name} can only be combined with another ${name}.`);

/** A function of the database, by its own name. */
const named = (name: string, output: FieldType): FuncDefinition => ({ name, output, write: call(name) });

const castTo = (type: string, value: Expression): Func =>
  new Func({ name: type, output: TYPES.text, write: ([sql]) => `(${sql})::${type}` }, [value]);

/** An argument that may be left out, as a list. */
const optional = (type: string, value: unknown): Expression[] =>
  value === undefined || value === null ? [] : [castTo(type, toOperand(value))];
/** The configuration: `'english'`, or a column that names one. */
const configOf = (options: Record<string, unknown>): Expression[] => optional('regconfig', options['config']);

/** Documents: they are put together by `add`. */
class Vector extends Func {
  override add(other: unknown): never {
    const right = toOperand(other);
    if (!(right instanceof Vector)) throw alone('SearchVector');
    return new Vector(JOINED, [this, right]) as never;
  }
}
const JOINED: FuncDefinition = { name: '||', output: TYPES.tsvector, write: ([a, b]) => `(${a} || ${b})` };
const DOCUMENT: FuncDefinition = {
  name: 'document',
  output: TYPES.text,
  write: (args) => args.map((sql) => `COALESCE((${sql})::text, '')`).join(` || ' ' || `),
};

/** `SearchVector('title', 'body', { weight: 'A', config: 'english' })`. */
export function SearchVector(...args: unknown[]): Func {
  const options = takeOptions<Record<string, unknown>>(args, 'SearchVector', ['config', 'weight']);
  const weight = options['weight'] ?? undefined;
  if (args.length === 0) refuse('SearchVector takes at least one field.');
  if (weight !== undefined && !['A', 'B', 'C', 'D'].includes(weight as string))
    refuse(`A weight is 'A', 'B', 'C' or 'D', got ${shown(weight)}.`);
  const definition: FuncDefinition = {
    name: `SearchVector${weight}`,
    output: TYPES.tsvector,
    write: (parts) => {
      const vector = `to_tsvector(${parts.join(', ')})`;
      return weight ? `setweight(${vector}, '${weight}')` : vector;
    },
  };
  return new Vector(definition, [...configOf(options), new Func(DOCUMENT, args.map(toExpression))]);
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
    if (!(other instanceof SearchedFor)) throw alone('SearchQuery');
    return new SearchedFor({ name: operator, output: TYPES.tsquery, write: ([a, b]) => `(${a} ${operator} ${b})` }, [
      this,
      other,
    ]);
  }
}
const NOT: FuncDefinition = { name: '!!', output: TYPES.tsquery, write: ([query]) => `!!(${query})` };

/** What stands before `to_tsquery`. */
const PARSERS: Record<string, string> = { plain: 'plain', phrase: 'phrase', raw: '', websearch: 'websearch_' };

/** `SearchQuery('red tomato', { search_type: 'phrase' })`. */
export function SearchQuery(value: unknown, options: Record<string, unknown> = {}): SearchedFor {
  const given = takeOptions<Record<string, unknown>>([options], 'SearchQuery', ['config', 'search_type', 'invert']);
  const type = given['search_type'] ?? 'plain';
  if (!isText(type) || !Object.hasOwn(PARSERS, type)) refuse(`Unknown search_type argument ${shown(type)}.`);
  const query = new SearchedFor(named(`${PARSERS[type]}to_tsquery`, TYPES.tsquery), [
    ...configOf(given),
    castTo('text', toOperand(value)),
  ]);
  return given['invert'] ? query.not() : query;
}

const vectorOf = (value: unknown): Expression => (isText(value) ? SearchVector(value) : toOperand(value));
const queryOf = (value: unknown): Expression => (isText(value) ? SearchQuery(value) : toOperand(value));

/** `SearchRank(SearchVector('body'), SearchQuery('cheese'), { weights: [0.2, 0.4, 0.6, 0.8], normalization: 2 })`. */
export function SearchRank(vector: unknown, query: unknown, options: Record<string, unknown> = {}): Func {
  const given = takeOptions<Record<string, unknown>>([options], 'SearchRank', [
    'weights',
    'normalization',
    'cover_density',
  ]);
  return new Func(named(given['cover_density'] ? 'ts_rank_cd' : 'ts_rank', TYPES.float), [
    ...optional('real[]', given['weights']),
    vectorOf(vector),
    queryOf(query),
    ...optional('integer', given['normalization']),
  ]);
}

/** `start_sel` is PostgreSQL's `StartSel`, and so on. */
const HEADLINE =
  /* @__PURE__ */
  'start_sel stop_sel max_words min_words short_word highlight_all max_fragments fragment_delimiter'.split(' ');

/** `SearchHeadline('body', SearchQuery('red'), { start_sel: '<b>', stop_sel: '</b>' })`. */
export function SearchHeadline(expression: unknown, query: unknown, options: Record<string, unknown> = {}): Func {
  const given = takeOptions<Record<string, unknown>>([options], 'SearchHeadline', ['config', ...HEADLINE]);
  const written = HEADLINE.flatMap((name) => {
    const value = given[name] ?? undefined;
    const option = name.replace(/(?:^|_)(.)/g, (_, first: string) => first.toUpperCase());
    const text = `"${String(value).replaceAll('"', '""')}"`;
    return value === undefined ? [] : [`${option}=${text}`];
  });
  return new Func(named('ts_headline', TYPES.text), [
    ...configOf(given),
    castTo('text', toExpression(expression)),
    queryOf(query),
    ...optional('text', written.join(', ') || undefined),
  ]);
}

// --- trigrams: functions of the pg_trgm extension --------------------------------------------------------------------

/** A function by its name after `Trigram`, or an operator. */
const trigram = /* @__NO_SIDE_EFFECTS__ */ (name: string, reversed: boolean, sign?: string) => {
  const definition: FuncDefinition = {
    name: `Trigram${name}`,
    output: TYPES.float,
    write: sign ? ([a, b]) => `(${a} ${sign} ${b})` : call(sqlName(name)),
  };
  return (first: unknown, second: unknown): Func => {
    const args = reversed ? [toOperand(first), toExpression(second)] : [toExpression(first), toOperand(second)];
    return new Func(
      definition,
      args.map((arg) => castTo('text', arg)),
    );
  };
};

export const TrigramSimilarity = trigram('Similarity', false);
export const TrigramDistance = trigram('Distance', false, '<->');
export const TrigramWordSimilarity = trigram('WordSimilarity', true);
export const TrigramWordDistance = trigram('WordDistance', true, '<<->');
export const TrigramStrictWordSimilarity = trigram('StrictWordSimilarity', true);
export const TrigramStrictWordDistance = trigram('StrictWordDistance', true, '<<<->');
