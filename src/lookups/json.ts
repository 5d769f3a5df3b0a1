/** JSON: keys and indexes of a path, and what a document contains. */
import { isArray, isText } from '../meta/kinds.js';
import type { Compiler, Encode } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { UserExpression } from '../expressions/base.js';
import { copy, type Expression } from '../expressions/expression.js';
import { arrayLiteral, encodeJson, encodePlainJson, listLiteral, shown } from '../meta/codecs.js';
import type { FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { Param } from '../meta/param.js';
import { IN, isEmptyList, listEncoder } from './comparison.js';
import { encodes, ListRhs, type Lookup, type LookupDefinition, type Rhs } from './lookup.js';
import { PATTERNS } from './text.js';

const jsonb = (compiler: Compiler, lhs: Expression): string => {
  const sql = compiler.compile(lhs);
  return lhs.output?.base === 'json' ? `${sql}::jsonb` : sql;
};

/** `meta__dims__w`: one key or index, or a path of them. */
export class KeyTransform extends UserExpression {
  constructor(
    inner: Expression,
    readonly path: string,
    /** `->>` instead of `->`: the text of the value. */
    readonly asText?: boolean,
  ) {
    super([inner]);
    TYPES.text.encode(path);
  }
  protected override ownKey(): string {
    return `${this.asText ? 't' : ''}${JSON.stringify(this.path)}`;
  }
  override get output(): FieldType {
    return this.asText ? TYPES.text : TYPES.json;
  }
  text(): KeyTransform {
    return copy(this, { asText: true });
  }
  override sql(compiler: Compiler): string {
    const keys = [this.path];
    let root = this.inner;
    while (root instanceof KeyTransform && !root.asText) {
      keys.unshift(root.path);
      root = root.inner;
    }
    const arrow = this.asText ? '>>' : '>';
    const lhs = jsonb(compiler, root);
    if (keys.length > 1)
      return `(${lhs} #${arrow} ${compiler.constant(arrayLiteral(keys, TYPES.text.encode))}::text[])`;
    const isIndex = /^-?\d+$/.test(this.path) && Math.abs(Number(this.path)) < 2 ** 31;
    return `(${lhs} -${arrow} ${compiler.constant(this.path)}::${isIndex ? 'integer' : 'text'})`;
  }
}

/** Lookups of a key, before those of its type. Patterns read its value's text: all but `contains`, which JSON has of its own. */
export const KEY_LOOKUPS = Object.fromEntries(
  Object.entries(PATTERNS)
    .filter(([name]) => name !== 'contains')
    .map(([name, definition]) => [name, { ...definition, left: (lhs: Expression) => (lhs as KeyTransform).text() }]),
);

function asJsonb(compiler: Compiler, rhs: Expression): string {
  const sql = compiler.compile(rhs);
  return rhs.output?.family === 'json' || rhs.output === undefined ? sql : `to_jsonb(${sql})`;
}

/** A document right of an operator. */
const document = (compiler: Compiler, rhs: Rhs, encode: Encode = encodeJson): string =>
  rhs instanceof Param ? `${compiler.param(rhs, encode)}::text::jsonb` : asJsonb(compiler, rhs);

const check = () => encodes(encodeJson);

/** A whole document is what its column makes of it; it is compared as jsonb, whatever its own type is. */
const whole = ({ encode }: Lookup): Encode => (encode === encodePlainJson ? encodeJson : encode);

const operator = (sign: string): LookupDefinition => ({
  check,
  write: ({ lhs, rhs }, compiler) => `${jsonb(compiler, lhs)} ${sign} ${document(compiler, rhs)}`,
});

const oneKey: Encode = (value) => {
  if (!isText(value) && typeof value !== 'number') refuse(`A JSON key is text, got ${shown(value)}.`);
  return TYPES.text.encode(value);
};
const keyList: Encode = (value) => {
  if (!isArray(value)) refuse(`Expected a list of JSON keys, got ${shown(value)}.`);
  value.forEach(oneKey);
  return listLiteral(value, oneKey);
};
const keyLookup = (sign: string, keys: Encode, cast: string): LookupDefinition => ({
  check: () => (value) => void (isArray(value) ? keyList(value) : oneKey(value)),
  write: (lookup, compiler) => `${jsonb(compiler, lookup.lhs)} ${sign} ${lookup.right(compiler, keys, cast)}`,
});

export const JSON_LOOKUPS: Record<string, LookupDefinition> = {
  exact: {
    check: (lookup) => encodes(whole(lookup)),
    write(lookup, compiler) {
      const left = jsonb(compiler, lookup.lhs);
      const right = document(compiler, lookup.rhs, whole(lookup));
      // A literal NULL right of exact is JSON's own null, as null itself is.
      return `${left} = ${right === 'NULL' ? `'null'::jsonb` : right}`;
    },
  },
  in: {
    ...IN,
    write(lookup, compiler) {
      const { lhs, rhs } = lookup;
      if (rhs instanceof Param && !isEmptyList(rhs))
        return `${jsonb(compiler, lhs)} = ANY(${compiler.param(rhs, listEncoder(whole(lookup)))}::jsonb[])`;
      if (rhs instanceof ListRhs)
        return `${jsonb(compiler, lhs)} IN (${rhs.items.map((item) => document(compiler, item, whole(lookup))).join(', ')})`;
      return IN.write(lookup, compiler);
    },
  },
  gt: operator('>'),
  gte: operator('>='),
  lt: operator('<'),
  lte: operator('<='),
  contains: operator('@>'),
  contained_by: operator('<@'),
  has_key: keyLookup('?', oneKey, '::text'),
  has_keys: keyLookup('?&', keyList, '::text[]'),
  has_any_keys: keyLookup('?|', keyList, '::text[]'),
};
