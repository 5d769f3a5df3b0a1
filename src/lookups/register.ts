/** Lookups and transforms of the user's own, by one registration each. */
import { isArray } from '../meta/kinds.js';
import type { SQL } from 'drizzle-orm';
import type { Encode } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { type Expression, firstOutput } from '../expressions/expression.js';
import { Func, type FuncDefinition } from '../expressions/func.js';
import {
  checkName,
  checkSql,
  optionsOf,
  type Template,
  type TemplateFunction,
  templateOf,
} from '../expressions/template.js';
import { encodeLoose, shown } from '../meta/codecs.js';
import { arrayType, castOfParam, type Family, type FieldType, optionalType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { comparisonEncoder, listEncoder, writeEnds } from './comparison.js';
import { ListRhs, type Lookup, type LookupDefinition } from './lookup.js';
import { addLookup, addTransform, type FamilyKey } from './registry.js';

/** What the public groups of types are here. types/register.ts has the same names. */
const LOOKUP_FAMILIES: Record<string, readonly FamilyKey[]> = {
  any: ['*'],
  text: ['text', 'inet'],
  number: ['integer', 'float', 'numeric'],
  bool: ['boolean'],
  date: ['date'],
  datetime: ['timestamp', 'timestamptz'],
  time: ['time'],
  interval: ['interval'],
  uuid: ['uuid'],
  enum: ['enum'],
  json: ['json'],
  array: ['array'],
  bytes: ['bytea'],
  range: ['range'],
  inet: ['inet'],
  other: ['other', 'tsvector'],
};
const TRANSFORM_FAMILIES: Record<string, readonly Family[]> = {
  text: ['text', 'uuid', 'enum', 'inet'],
  number: ['integer', 'float', 'numeric'],
  date: ['date', 'timestamp', 'timestamptz'],
  time: ['time', 'timestamp', 'timestamptz'],
  datetime: ['timestamp', 'timestamptz'],
  json: ['json'],
  array: ['array'],
  other: ['boolean', 'interval', 'bytea', 'range', 'other', 'tsvector'],
};

const TEXTS = /* @__PURE__ */ arrayType(TYPES.text);

/** What a right-hand side is: how it is checked, how it travels, and the type that the SQL sees. */
type Side = (lhs: Expression) => { encode: Encode; cast: string };

const sideOf = (type: FieldType): { encode: Encode; cast: string } => ({
  encode: type.encode,
  cast: castOfParam(type),
});
const fixed =
  /* @__NO_SIDE_EFFECTS__ */
    (type: FieldType): Side =>
    () =>
      sideOf(type);

const same: Side = (lhs) => {
  const type = lhs.output;
  if (!type) return { encode: encodeLoose, cast: '' };
  return type.family === 'integer' ? { encode: comparisonEncoder(type, type.encode), cast: '::bigint' } : sideOf(type);
};

const flag: Encode = (value) => {
  if (typeof value !== 'boolean') refuse(`Expected true or false, got ${shown(value)}.`);
  return value;
};

const SIDES: Record<string, Side> = {
  same,
  text: fixed(TYPES.text),
  number: fixed(TYPES.numeric),
  flag: () => ({ encode: flag, cast: '::boolean' }),
  texts: fixed(TEXTS),
  json: fixed(TYPES.json),
  array: same,
  list: (lhs) => {
    const { encode, cast } = same(lhs);
    return { encode: listEncoder(encode), cast: cast === '' ? '' : `${cast}[]` };
  },
  pair: same,
  other: () => ({ encode: encodeLoose, cast: '' }),
};

function customLookup(name: string, kind: string, template: Template): LookupDefinition {
  const isPair = kind === 'pair';
  const checkLength = (length: number): void => {
    if (isPair && length !== 2) refuse(`'${name}' takes a list of two, got one of ${length}.`);
  };
  const side = (lookup: Lookup) => (SIDES[kind] as Side)(lookup.lhs);
  return {
    check: (lookup) => (value) => {
      if (!isPair && kind !== 'list') return void side(lookup).encode(value);
      if (!isArray(value)) refuse(`'${name}' takes a list, got ${shown(value)}.`);
      checkLength(value.length);
      const { encode } = same(lookup.lhs);
      for (const item of value) if (item !== null) encode(item);
      if (isPair && value.includes(null)) refuse(`Cannot use null as a query value: '${name}' takes a value.`);
    },
    prepare(rhs) {
      if (rhs instanceof ListRhs) checkLength(rhs.items.length);
      else if (isPair) refuse(`'${name}' takes a list of two.`);
    },
    write(lookup, compiler) {
      const { lhs, rhs } = lookup;
      const isList = rhs instanceof ListRhs;
      const { encode, cast } = isPair || isList ? same(lhs) : side(lookup);
      const right =
        isPair || isList ? writeEnds(lookup, compiler, encode, cast) : [lookup.right(compiler, encode, cast)];
      const written = isList && !isPair ? [`ARRAY[${right.join(', ')}]`] : right;
      return template.write([compiler.compile(lhs), ...written], lookup.sources, compiler);
    },
  };
}

export interface LookupOptions {
  /** What stands right of the lookup. */
  readonly rhs: string;
  /** The condition, of the written left and right; of the left and both ends for a 'pair'. */
  readonly sql: TemplateFunction;
}

function known<T>(what: string, table: Record<string, T>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name] as T;
  refuse(`${what} '${String(name)}'. One of ${Object.keys(table).join(', ')}`);
}

/** What was registered, by family and name: the same once more is no error. */
const registered = new Map<string, string>();

function claim(what: string, family: string, name: string, text: string): boolean {
  const key = `${what} ${family}__${name}`;
  const before = registered.get(key);
  if (before !== undefined && before !== text)
    refuse(`${what}('${family}', '${name}') was called before, with another definition.`);
  registered.set(key, text);
  return before === undefined;
}

export function register_lookup(family: string, name: string, options: LookupOptions): void {
  checkName('register_lookup()', name);
  const { rhs: kind } = optionsOf('register_lookup()', options, ['rhs', 'sql']);
  const sql = checkSql('register_lookup()', options.sql);
  const families = known('register_lookup(): unknown family', LOOKUP_FAMILIES, family);
  known('register_lookup(): unknown rhs', SIDES, kind);
  const template = templateOf(name, kind === 'pair' ? ['lhs', 'low', 'high'] : ['lhs', 'rhs'], sql);
  if (!claim('register_lookup', family, name, kind + template.text)) return;
  const definition = customLookup(name, kind, template);
  for (const each of families) addLookup(each, name, definition);
}

export interface TransformOptions {
  /** A Drizzle column or column builder: the type of what comes out. Without it, what goes in. */
  readonly output_field?: unknown;
  readonly sql: (lhs: SQL) => SQL;
}

let counter = 0;

export function register_transform(family: string, name: string, options: TransformOptions): void {
  checkName('register_transform()', name);
  const { output_field } = optionsOf('register_transform()', options, ['output_field', 'sql']);
  const sql = checkSql('register_transform()', options.sql);
  const families = known('register_transform(): unknown family', TRANSFORM_FAMILIES, family);
  const type = optionalType(output_field);
  const template = templateOf(name, ['lhs'], sql);
  if (!claim('register_transform', family, name, `${type?.sql}${type?.mode}${template.text}`)) return;
  const definition: FuncDefinition = {
    name,
    output: type ?? firstOutput,
    write: template.write,
  };
  // Two families may have transforms of one name: their queries are not the same.
  const variant = `#${++counter}`;
  for (const each of families) addTransform(each, name, (lhs) => new Func(definition, [lhs], undefined, variant));
}
