/** Full-text search and trigrams (django.contrib.postgres.search). */
import type { Arg, Args, Call, Expression, Give, Known, Operand, SpecOf, SpecsOf } from './expression.js';
import type { Typed } from './lookup.js';

type Text = Typed<'other', string>;

export interface SearchVectorOptions {
  config?: string | object;
  weight?: 'A' | 'B' | 'C' | 'D';
}
/** A document; annotated, it is found by `filter({ name: 'words' })`. `SearchVector('title', 'body', { weight: 'A' })`. */
export declare function SearchVector<
  N extends string = never,
  const A extends readonly (Operand | SearchVectorOptions)[] = readonly Operand[],
>(...expressions: Args<N, A>): Expression<DocumentSpec<A>, N>;
type DocumentSpec<A extends readonly unknown[]> = A extends readonly [...infer Rest, infer Last]
  ? Last extends string | Expression<unknown>
    ? Call<'document', SpecsOf<A>>
    : Last extends SearchVectorOptions
      ? Call<'document', SpecsOf<Rest>>
      : Call<'document', SpecsOf<A>>
  : never;

/** What is searched for. */
export interface SearchQuery extends Expression<Give<Text>> {
  and(other: SearchQuery): SearchQuery;
  or(other: SearchQuery): SearchQuery;
  not(): SearchQuery;
}
/** `SearchQuery('red tomato', { search_type: 'phrase' })`. */
export declare function SearchQuery(
  value: string | Expression<unknown>,
  options?: {
    config?: string | object;
    search_type?: 'plain' | 'phrase' | 'raw' | 'websearch';
    invert?: boolean;
  },
): SearchQuery;

export interface SearchRankOptions {
  weights?: readonly [number, number, number, number];
  normalization?: number;
  cover_density?: boolean;
}
/** How well a document fits what is searched for. */
export declare function SearchRank<N extends string = never, const A extends Operand = Operand>(
  vector: Arg<N, A>['checked'],
  query: string | SearchQuery,
  options?: SearchRankOptions,
): Expression<Call<'score', [SpecOf<A>]>, N>;

export interface SearchHeadlineOptions {
  config?: string | object;
  start_sel?: string;
  stop_sel?: string;
  max_words?: number;
  min_words?: number;
  short_word?: number;
  highlight_all?: boolean;
  max_fragments?: number;
  fragment_delimiter?: string;
}
/** The text, with what was found marked. */
export declare function SearchHeadline<N extends string = never, const A extends Operand = Operand, const O = unknown>(
  expression: Arg<N, A>['checked'],
  query: string | SearchQuery,
  options?: Known<O, SearchHeadlineOptions>,
): Expression<Call<'text', [SpecOf<A>]>, N>;

/** Of a field with a text. */
export interface Trigram {
  <N extends string = never, const A extends Operand = Operand>(
    expression: Arg<N, A>['checked'],
    text: string | Expression<unknown>,
  ): Expression<Call<'float', [SpecOf<A>]>, N>;
}
/** Of a text with the words of a field. */
export interface TrigramWord {
  <N extends string = never, const A extends Operand = Operand>(
    text: string | Expression<unknown>,
    expression: Arg<N, A>['checked'],
  ): Expression<Call<'float', [SpecOf<A>]>, N>;
}
export declare const TrigramSimilarity: Trigram;
export declare const TrigramDistance: Trigram;
export declare const TrigramWordSimilarity: TrigramWord;
export declare const TrigramWordDistance: TrigramWord;
export declare const TrigramStrictWordSimilarity: TrigramWord;
export declare const TrigramStrictWordDistance: TrigramWord;
