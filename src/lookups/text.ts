/** Pattern lookups: of text, and of the types that are read as their text (docs/decisions/004). */
import { isObject } from '../meta/kinds.js';
import type { Compiler, Encode } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { Expression } from '../expressions/expression.js';
import { encodeLoose, shown } from '../meta/codecs.js';
import * as TYPES from '../meta/types.js';
import { Param } from '../meta/param.js';
import { encodes, type LookupDefinition } from './lookup.js';

/** `%`, `_` and `\` in a value match themselves. */
const escapeLike = (value: unknown): string => textOf(value).replace(/[\\%_]/g, '\\$&');

function textOf(value: unknown): string {
  if (isObject(value) && !(value instanceof Date)) refuse(`Expected text, got ${shown(value)}.`);
  return TYPES.text.encode(encodeLoose(value)) as string;
}

/** The left-hand side as text. */
function leftText(lhs: Expression, compiler: Compiler): string {
  const sql = compiler.compile(lhs);
  const { family, base } = lhs.output ?? TYPES.unknown;
  if (base === 'inet' || base === 'cidr') return `HOST(${sql})`;
  // A `char(n)` ends with the blanks that fill it, its text does not.
  return family === 'text' && base !== 'bpchar' && !lhs.isLiteral ? sql : `${sql}::text`;
}

/** Escapes a pattern that comes out of the database. */
const ESCAPED = (sql: string) =>
  `REPLACE(REPLACE(REPLACE(${sql}::text, E'\\\\', E'\\\\\\\\'), '%', E'\\\\%'), '_', E'\\\\_')`;

const same: Encode = (value) => textOf(value);

/** A value right of a lookup of text is text. */
const check = (): ((value: unknown) => void) => encodes(textOf);

/** @param before what may stand before the value: anything, or nothing */
function pattern(before: '%' | '', after: '%' | '', caseless = false): LookupDefinition {
  const encode: Encode = (value) => before + escapeLike(value) + after;
  const fold = (sql: string): string => (caseless ? `UPPER(${sql})` : sql);
  return {
    check,
    write({ lhs, rhs }, compiler) {
      const left = fold(leftText(lhs, compiler));
      if (rhs instanceof Param) return `${left} LIKE ${fold(compiler.param(rhs, encode) + (caseless ? '::text' : ''))}`;
      return `${left} LIKE ${before && "'%' || "}${fold(ESCAPED(compiler.compile(rhs)))}${after && " || '%'"}`;
    },
  };
}

const regex = (operator: string): LookupDefinition => ({
  check,
  write: (lookup, compiler) =>
    `${leftText(lookup.lhs, compiler)} ${operator} ${lookup.right(compiler, same, '::text')}`,
});

/** What text has, and what is read as its text. */
export const PATTERNS: Record<string, LookupDefinition> = {
  iexact: {
    check,
    write: (lookup, compiler) =>
      `UPPER(${leftText(lookup.lhs, compiler)}) = UPPER(${lookup.right(compiler, same, '::text')})`,
  },
  contains: pattern('%', '%'),
  icontains: pattern('%', '%', true),
  startswith: pattern('', '%'),
  istartswith: pattern('', '%', true),
  endswith: pattern('%', ''),
  iendswith: pattern('%', '', true),
  regex: regex('~'),
  iregex: regex('~*'),
};

/** Full-text search: the text as a document, the value as a plain query. */
export const SEARCH: Record<string, LookupDefinition> = {
  search: {
    check,
    write(lookup, compiler) {
      const { rhs } = lookup;
      const lhs = compiler.compile(lookup.lhs);
      const document = lookup.type.family === 'tsvector' ? lhs : `to_tsvector(COALESCE(${lhs}, ''))`;
      const query = lookup.right(compiler, same, '::text');
      // A SearchQuery says itself how it is read.
      const isQuery = rhs instanceof Expression && rhs.output?.base === 'tsquery';
      return `${document} @@ ${isQuery ? query : `plainto_tsquery(${query})`}`;
    },
  },
};
/** A document has no equal: `filter({ search: 'words' })` on an annotated `SearchVector` searches it. */
export const SEARCHED = { ...SEARCH, exact: SEARCH['search'] as LookupDefinition };
