/** Pattern lookups: on every type, since other types are read as their text. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import { Expression } from '../expressions/expression.js';
import { encodeLoose, shown } from '../meta/codecs.js';
import { TYPES } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { Lookup } from './lookup.js';

/** `%`, `_` and `\` in a value match themselves. */
export const escapeLike = (value: unknown): string => textOf(value).replace(/[\\%_]/g, '\\$&');

function textOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && !(value instanceof Date))
    throw new ValueError(`Expected text, got ${shown(value)}.`);
  return TYPES.text.encode(encodeLoose(value)) as string;
}

/** The left-hand side as text. */
export function leftText(lookup: Lookup, compiler: Compiler): string {
  const lhs = compiler.compile(lookup.lhs);
  const type = lookup.lhs.output;
  if (type?.family === 'inet') return `HOST(${lhs})`;
  return type?.family === 'text' && !lookup.lhs.isLiteral ? lhs : `${lhs}::text`;
}

/** Escapes a pattern that comes out of the database. */
const ESCAPED = (sql: string) =>
  `REPLACE(REPLACE(REPLACE(${sql}::text, E'\\\\', E'\\\\\\\\'), '%', E'\\\\%'), '_', E'\\\\_')`;

const contains: Encode = (value) => `%${escapeLike(value)}%`;
const startsWith: Encode = (value) => `${escapeLike(value)}%`;
const endsWith: Encode = (value) => `%${escapeLike(value)}`;
const same: Encode = (value) => textOf(value);

abstract class Pattern extends Lookup {
  protected abstract readonly pattern: Encode;
  protected abstract readonly around: readonly [string, string];
  protected readonly caseless: boolean = false;
  protected override prepare(): void {
    if (this.rhs instanceof Param) this.rhs.require((value) => void textOf(value));
  }
  override sql(compiler: Compiler): string {
    const lhs = leftText(this, compiler);
    const fold = (sql: string) => (this.caseless ? `UPPER(${sql})` : sql);
    if (this.rhs instanceof Param)
      return `${fold(lhs)} LIKE ${fold(`${compiler.param(this.rhs, this.pattern)}${this.caseless ? '::text' : ''}`)}`;
    const [before, after] = this.around;
    const rhs = ESCAPED(compiler.compile(this.rhs));
    return `${fold(lhs)} LIKE ${before ? `'%' || ` : ''}${fold(rhs)}${after ? ` || '%'` : ''}`;
  }
}

export class Contains extends Pattern {
  static override readonly lookupName: string = 'contains';
  protected readonly pattern = contains;
  protected readonly around = ['%', '%'] as const;
}
export class IContains extends Contains {
  static override readonly lookupName = 'icontains';
  protected override readonly caseless = true;
}
export class StartsWith extends Pattern {
  static override readonly lookupName: string = 'startswith';
  protected readonly pattern = startsWith;
  protected readonly around = ['', '%'] as const;
}
export class IStartsWith extends StartsWith {
  static override readonly lookupName = 'istartswith';
  protected override readonly caseless = true;
}
export class EndsWith extends Pattern {
  static override readonly lookupName: string = 'endswith';
  protected readonly pattern = endsWith;
  protected readonly around = ['%', ''] as const;
}
export class IEndsWith extends EndsWith {
  static override readonly lookupName = 'iendswith';
  protected override readonly caseless = true;
}

export class IExact extends Lookup {
  static override readonly lookupName = 'iexact';
  protected override prepare(): void {
    if (this.rhs instanceof Param) this.rhs.require((value) => void textOf(value));
  }
  override sql(compiler: Compiler): string {
    return `UPPER(${leftText(this, compiler)}) = UPPER(${this.right(compiler, same, '::text')})`;
  }
}

export class Regex extends Lookup {
  static override readonly lookupName: string = 'regex';
  protected readonly operator: string = '~';
  protected override prepare(): void {
    if (this.rhs instanceof Param) this.rhs.require((value) => void textOf(value));
  }
  override sql(compiler: Compiler): string {
    return `${leftText(this, compiler)} ${this.operator} ${this.right(compiler, same, '::text')}`;
  }
}
export class IRegex extends Regex {
  static override readonly lookupName = 'iregex';
  protected override readonly operator = '~*';
}

/** Full-text search: the text as a document, the value as a plain query. */
export class Search extends Lookup {
  static override readonly lookupName: string = 'search';
  protected override prepare(): void {
    if (this.rhs instanceof Param) this.rhs.require((value) => void textOf(value));
  }
  override sql(compiler: Compiler): string {
    const lhs = compiler.compile(this.lhs);
    const document = this.lhs.output?.family === 'tsvector' ? lhs : `to_tsvector(COALESCE(${lhs}, ''))`;
    // A SearchQuery says itself how it is read.
    if (this.rhs instanceof Expression && this.rhs.output?.base === 'tsquery')
      return `${document} @@ ${compiler.compile(this.rhs)}`;
    return `${document} @@ plainto_tsquery(${this.right(compiler, same, '::text')})`;
  }
}
/** A document has no equal: `filter({ search: 'words' })` on an annotated `SearchVector` searches it. */
export class SearchExact extends Search {
  static override readonly lookupName = 'exact';
}
