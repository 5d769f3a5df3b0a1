/** exact, gt, gte, lt, lte, in, range, isnull: what every type has. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { EmptyResultSet } from '../expressions/empty.js';
import { ValueError } from '../errors.js';
import { Expression } from '../expressions/expression.js';
import { listLiteral, shown, textArray } from '../meta/codecs.js';
import type { FieldType } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { ListRhs, Lookup, type Rhs } from './lookup.js';

const MOST = 2n ** 63n - 1n;
const LEAST = -(2n ** 63n);

/** Whole numbers compare as bigint, so that one too large for the column matches nothing instead of failing. */
function wholeEncoder(type: FieldType, round: (value: number) => number): Encode {
  return (value) => {
    const text = type.encode(typeof value === 'number' && !Number.isInteger(value) ? round(value) : value) as string;
    if (text.length < 18) return text;
    const big = BigInt(text);
    return (big > MOST ? MOST : big < LEAST ? LEAST : big).toString();
  };
}

const encoders = new WeakMap<FieldType, Map<(value: number) => number, Encode>>();

/** The encoder of a comparison: one function per type, so that equal places are found to be equal. */
export function comparisonEncoder(
  type: FieldType | undefined,
  fallback: Encode,
  round: (value: number) => number = Math.trunc,
): Encode {
  if (type?.family !== 'integer') return fallback;
  let byRound = encoders.get(type);
  if (!byRound) encoders.set(type, (byRound = new Map()));
  let encode = byRound.get(round);
  if (!encode) byRound.set(round, (encode = wholeEncoder(type, round)));
  return encode;
}

function castOf(type: FieldType | undefined): string {
  if (type?.family === 'integer') return '::bigint';
  return type?.family === 'json' ? '::text::jsonb' : '';
}

abstract class Comparison extends Lookup {
  abstract readonly operator: string;
  protected get round(): (value: number) => number {
    return Math.trunc;
  }
  protected override get encode(): Encode {
    return comparisonEncoder(this.lhs.output, super.encode, this.round);
  }
  override sql(compiler: Compiler): string {
    return `${compiler.compile(this.lhs)} ${this.operator} ${this.right(compiler, this.encode, castOf(this.lhs.output))}`;
  }
}

export class Exact extends Comparison {
  static override readonly lookupName: string = 'exact';
  readonly operator = '=';
  override sql(compiler: Compiler): string {
    // A condition compared with true or false is itself, or its negation.
    if (this.rhs instanceof Param && typeof this.rhs.sample === 'boolean' && this.lhs.isCondition) {
      const lhs = compiler.condition(this.lhs);
      return this.rhs.sample ? lhs : `NOT ${lhs}`;
    }
    return super.sql(compiler);
  }
}

export class GreaterThan extends Comparison {
  static override readonly lookupName = 'gt';
  readonly operator = '>';
}
export class GreaterThanOrEqual extends Comparison {
  static override readonly lookupName = 'gte';
  readonly operator = '>=';
  protected override get round() {
    return Math.ceil;
  }
}
export class LessThan extends Comparison {
  static override readonly lookupName = 'lt';
  readonly operator = '<';
  protected override get round() {
    return Math.ceil;
  }
}
export class LessThanOrEqual extends Comparison {
  static override readonly lookupName = 'lte';
  readonly operator = '<=';
}

const listEncoders = new WeakMap<Encode, Encode>();

/** A list as one array parameter; NULL equals nothing and is left out. */
export function listEncoder(encode: Encode): Encode {
  let list = listEncoders.get(encode);
  if (!list) {
    list = (value) =>
      listLiteral(
        (value as Iterable<unknown> as unknown[]).filter((item) => item !== null),
        encode,
      );
    listEncoders.set(encode, list);
  }
  return list;
}

/** An empty list: nothing is in it. Known from the shape, since `describe` tells empty lists apart. */
export function isEmptyList(rhs: Rhs): boolean {
  return rhs instanceof Param && Array.isArray(rhs.sample) && rhs.sample.every((item) => item === null);
}

export class In extends Lookup {
  static override readonly lookupName = 'in';
  protected override prepare(): void {
    if (this.rhs instanceof Param) {
      const encode = this.element;
      this.rhs.require((value) => {
        if (!Array.isArray(value)) throw new ValueError(`'in' takes a list or a queryset, got ${shown(value)}.`);
        for (const item of value) {
          if (item === undefined) throw new ValueError("'in' was given a list with undefined in it.");
          if (item !== null) encode(item);
        }
      });
    }
  }
  private get element(): Encode {
    return comparisonEncoder(this.lhs.output, super.encode);
  }
  override sql(compiler: Compiler): string {
    if (isEmptyList(this.rhs)) throw new EmptyResultSet();
    const lhs = compiler.compile(this.lhs);
    if (this.rhs instanceof ListRhs) {
      const items = this.rhs.items.map((item) =>
        item instanceof Param ? compiler.param(item, this.element) : compiler.compile(item),
      );
      if (items.length === 0) throw new EmptyResultSet();
      return `${lhs} IN (${items.join(', ')})`;
    }
    if (this.rhs instanceof Expression) {
      const rhs = compiler.compile(this.rhs);
      return `${lhs} IN ${rhs.startsWith('(') ? rhs : `(${rhs})`}`;
    }
    const type = this.lhs.output;
    const cast =
      type?.family === 'integer'
        ? '::bigint[]'
        : type?.family === 'array' || type?.family === 'json'
          ? `::${type.base}[]`
          : '';
    if (type?.family === 'array') return this.anyOfArrays(compiler, lhs);
    return `${lhs} = ANY(${compiler.param(this.rhs, listEncoder(this.element))}${cast})`;
  }
  /** PostgreSQL has no ragged arrays of arrays: each goes as text and is cast back. */
  private anyOfArrays(compiler: Compiler, lhs: string): string {
    const encode = this.element;
    const place = compiler.param(this.rhs as Param, arrayTexts(encode));
    return `${lhs} IN (SELECT x::${this.lhs.output?.base} FROM unnest(${place}::text[]) AS x)`;
  }
}

const textEncoders = new WeakMap<Encode, Encode>();
function arrayTexts(encode: Encode): Encode {
  let made = textEncoders.get(encode);
  if (!made) {
    made = (value) => textArray(value as unknown[], encode);
    textEncoders.set(encode, made);
  }
  return made;
}

const ends = new WeakMap<Encode, [Encode, Encode]>();
function endEncoders(encode: Encode): [Encode, Encode] {
  let made = ends.get(encode);
  if (!made) {
    const end =
      (at: number): Encode =>
      (value) =>
        (value as unknown[])[at] === null ? null : encode((value as unknown[])[at]);
    made = [end(0), end(1)];
    ends.set(encode, made);
  }
  return made;
}

export class Range extends Lookup {
  static override readonly lookupName = 'range';
  private get element(): Encode {
    return comparisonEncoder(this.lhs.output, super.encode);
  }
  protected override prepare(): void {
    if (this.rhs instanceof ListRhs) {
      if (this.rhs.items.length !== 2) throw new ValueError(`'range' takes two values, got ${this.rhs.items.length}.`);
      const encode = this.element;
      for (const item of this.rhs.items) if (item instanceof Param) item.require((value) => void encode(value));
    } else if (this.rhs instanceof Param) {
      const [first, last] = endEncoders(this.element);
      this.rhs.require((value) => {
        if (!Array.isArray(value) || value.length !== 2)
          throw new ValueError(`'range' takes two values, got ${shown(value)}.`);
        first(value);
        last(value);
      });
    } else throw new ValueError("'range' takes a list of two values.");
  }
  override sql(compiler: Compiler): string {
    const cast = castOf(this.lhs.output);
    // The type json has no order of its own.
    const lhs = compiler.compile(this.lhs) + (this.lhs.output?.base === 'json' ? '::jsonb' : '');
    if (this.rhs instanceof ListRhs) {
      const [a, b] = this.rhs.items.map((item) =>
        item instanceof Param ? compiler.param(item, this.element) + cast : compiler.compile(item),
      );
      return `${lhs} BETWEEN ${a} AND ${b}`;
    }
    const [first, last] = endEncoders(this.element);
    return `${lhs} BETWEEN ${compiler.param(this.rhs as Param, first)}${cast} AND ${compiler.param(this.rhs as Param, last)}${cast}`;
  }
}

export class IsNull extends Lookup {
  static override readonly lookupName: string = 'isnull';
  protected override prepare(): void {
    if (!(this.rhs instanceof Param)) throw new ValueError("'isnull' takes true or false.");
    this.rhs.require((value) => {
      if (typeof value !== 'boolean') throw new ValueError(`'isnull' takes true or false, got ${shown(value)}.`);
    });
  }
  /** Part of the shape: `describe` tells true and false apart. */
  get isNull(): boolean {
    return this.rhs instanceof Param && this.rhs.sample === true;
  }
  override sql(compiler: Compiler): string {
    if (this.lhs.isLiteral) return `${compiler.compile(this.lhs)} IS ${this.isNull ? '' : 'NOT '}NULL`;
    return `${compiler.compile(this.lhs)} IS ${this.isNull ? 'NULL' : 'NOT NULL'}`;
  }
}
