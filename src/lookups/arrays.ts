/** Arrays, ranges: what contains what, elements and slices. */
import { isText } from '../meta/kinds.js';
import type { Compiler, Encode } from '../compile/compiler.js';
import { type Expression, firstOutput } from '../expressions/expression.js';
import { call, Func, type FuncDefinition } from '../expressions/func.js';
import { QueryExpression } from '../expressions/subquery.js';
import { arrayType, type FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { once } from '../meta/once.js';
import { Param } from '../meta/param.js';
import { encodes, ListRhs, type LookupDefinition, place, type Rhs, type Step } from './lookup.js';

/** `numeric(10, 2)[]` and the like: the type as it is, so that elements compare as they are. */
const castTo = (type: FieldType): string => `::${type.base}`;

function rightSide(rhs: Rhs, compiler: Compiler, type: FieldType): string {
  if (rhs instanceof Param) return compiler.param(rhs, type.encode) + castTo(type);
  if (rhs instanceof ListRhs) {
    const element = type.element ?? TYPES.text;
    const items = rhs.items.map((item) => place(compiler, item, element.encode, ''));
    return `ARRAY[${items.join(', ')}]${castTo(type)}`;
  }
  const sql = compiler.compile(rhs);
  return rhs.output?.family === 'array' && !sql.startsWith('(SELECT') ? `${sql}${castTo(type)}` : sql;
}

const arrayOperator = (operator: string, right = rightSide): LookupDefinition => ({
  write: ({ lhs, rhs, type }, compiler) => `${compiler.compile(lhs)} ${operator} ${right(rhs, compiler, type)}`,
});

/** All values of a queryset, of elements or of arrays, are one array to overlap with. */
const overlapped: typeof rightSide = (rhs, compiler, type) =>
  rhs instanceof QueryExpression ? `ARRAY${compiler.compile(rhs)}${castTo(type)}` : rightSide(rhs, compiler, type);

export const ARRAY_LOOKUPS: Record<string, LookupDefinition> = {
  contains: arrayOperator('@>'),
  contained_by: arrayOperator('<@'),
  overlap: arrayOperator('&&', overlapped),
  exact: arrayOperator('='),
};

/** What is left of an array of arrays behind one index: its type says by its name how many dimensions it has. */
const rowOf = once((type: FieldType) => arrayType(type.element as FieldType, type.sql.slice(0, -2)));
const elementOf = ([array]: readonly Expression[]): FieldType => {
  const type = array?.output;
  return type?.sql.endsWith('[][]') ? rowOf(type) : (type?.element ?? TYPES.text);
};
/** PostgreSQL takes the indexes of an array of arrays in a row, and not one from the other. */
class ArrayIndex extends Func {}

/** How many elements; an empty array has none. */
const LENGTH: FuncDefinition = {
  name: 'len',
  output: TYPES.integer,
  write: ([array]) => `CASE WHEN ${array} IS NULL THEN NULL ELSE COALESCE(ARRAY_LENGTH(${array}, 1), 0) END`,
};

/** A bound of an index or slice: counted from 0, as Django does. */
const bound = (compiler: Compiler, n: number): string => `${compiler.constant(String(n))}::integer`;

/** The transform that a step names on an array: `tags__len`, `tags__0`, `tags__0_2` (from, up to and without). */
export function arrayStep(name: string): Step | undefined {
  if (name === 'len') return (lhs) => new Func(LENGTH, [lhs]);
  const [, first, last] = /^(\d{1,9})(?:_(\d{1,9}))?$/.exec(name) ?? [];
  if (first === undefined) return undefined;
  const from = Number(first) + 1;
  const definition: FuncDefinition = {
    name,
    output: last === undefined ? elementOf : firstOutput,
    write: ([array], [source], compiler) =>
      `${source instanceof ArrayIndex ? array : `(${array})`}[${bound(compiler, from)}${last === undefined ? '' : `:${bound(compiler, Number(last))}`}]`,
  };
  const Part = last === undefined ? ArrayIndex : Func;
  return (lhs) => new Part(definition, [lhs]);
}

const RANGE_ELEMENT: Record<string, FieldType> = {
  int4range: TYPES.integer,
  int8range: TYPES.bigint,
  numrange: TYPES.numeric,
  tsrange: TYPES.timestamp,
  tstzrange: TYPES.timestamptz,
  daterange: TYPES.date,
};

/** An element is the range of itself alone, so that one statement serves both. */
const spanEncoder = once((type: FieldType): Encode => {
  const element = RANGE_ELEMENT[type.base] ?? TYPES.text;
  return (value) => {
    if (isText(value) && /^\s*([[(]|empty\s*$)/i.test(value)) return type.encode(value);
    const end = `"${String(element.encode(value)).replace(/["\\]/g, '\\$&')}"`;
    return `[${end},${end}]`;
  };
});

const rangeLookup = (operator: string, encoder = (type: FieldType): Encode => type.encode): LookupDefinition => ({
  check: (lookup) => encodes(encoder(lookup.type)),
  write: (lookup, compiler) =>
    `${compiler.compile(lookup.lhs)} ${operator} ${lookup.right(compiler, encoder(lookup.type), `::${lookup.type.base}`)}`,
});

export const RANGE_LOOKUPS: Record<string, LookupDefinition> = {
  contains: rangeLookup('@>', spanEncoder),
  contained_by: rangeLookup('<@'),
  overlap: rangeLookup('&&'),
  fully_lt: rangeLookup('<<'),
  fully_gt: rangeLookup('>>'),
  not_lt: rangeLookup('&>'),
  not_gt: rangeLookup('&<'),
  adjacent_to: rangeLookup('-|-'),
};

const rangeElement = ([range]: readonly Expression[]): FieldType =>
  RANGE_ELEMENT[range?.output?.base ?? ''] ?? TYPES.text;

const part = (name: string, output: FuncDefinition['output'] = TYPES.boolean): Step => {
  const definition: FuncDefinition = { name, output, write: call(name) };
  return (lhs) => new Func(definition, [lhs]);
};

export const RANGE_STEPS: Record<string, Step> = {
  startswith: part('LOWER', rangeElement),
  endswith: part('UPPER', rangeElement),
  isempty: part('ISEMPTY'),
  lower_inc: part('LOWER_INC'),
  lower_inf: part('LOWER_INF'),
  upper_inc: part('UPPER_INC'),
  upper_inf: part('UPPER_INF'),
};
