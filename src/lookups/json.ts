/** JSON: keys and indexes of a path, and what a document contains. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { arrayLiteral, encodeJson, listLiteral, shown } from '../meta/codecs.js';
import { type FieldType, TYPES } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { Exact, In } from './comparison.js';
import { ListRhs, Lookup, type LookupClass, Transform } from './lookup.js';
import {
  type Contains,
  EndsWith,
  IContains,
  IEndsWith,
  IExact,
  IRegex,
  IStartsWith,
  Regex,
  StartsWith,
} from './text.js';

const jsonb = (compiler: Compiler, lhs: Expression): string => {
  const sql = compiler.compile(lhs);
  return lhs.output?.family === 'json' && lhs.output.base === 'json' ? `${sql}::jsonb` : sql;
};

/** `meta__dims__w`: one key or index, or a path of them. */
export class KeyTransform extends Transform {
  constructor(
    inner: Expression,
    readonly path: string,
    /** `->>` instead of `->`: the text of the value. */
    readonly asText = false,
  ) {
    super(inner);
    TYPES.text.encode(path);
  }
  protected override ownKey(): string {
    return `${this.asText ? 't' : ''}${JSON.stringify(this.path)}`;
  }
  override get output(): FieldType {
    return this.asText ? TYPES.text : TYPES.json;
  }
  text(): KeyTransform {
    return new KeyTransform(this.inner, this.path, true);
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
  override ownLookup(name: string): LookupClass | undefined {
    return Object.hasOwn(ON_TEXT, name) ? ON_TEXT[name] : undefined;
  }
}

/** Pattern lookups read the text of a key's value. */
function onText(base: LookupClass): LookupClass {
  return class extends (base as unknown as typeof Contains) {
    static override readonly lookupName = base.lookupName;
    constructor(lhs: Expression, rhs: Param | Expression) {
      super(lhs instanceof KeyTransform ? lhs.text() : lhs, rhs);
    }
  } as unknown as LookupClass;
}

const ON_TEXT: Record<string, LookupClass> = Object.fromEntries(
  [IExact, IContains, StartsWith, IStartsWith, EndsWith, IEndsWith, Regex, IRegex].map((c) => [
    c.lookupName,
    onText(c as unknown as LookupClass),
  ]),
);

/** JSON's own null, where a text compares with NULL. */
export class JsonExact extends Exact {
  override get encode(): Encode {
    return encodeJson;
  }
  override sql(compiler: Compiler): string {
    const lhs = jsonb(compiler, this.lhs);
    if (this.rhs instanceof Param) return `${lhs} = ${compiler.param(this.rhs, encodeJson)}::text::jsonb`;
    const rhs = asJsonb(compiler, this.rhs);
    // A literal NULL right of exact is JSON's own null, as null itself is.
    return `${lhs} = ${rhs === 'NULL' ? `'null'::jsonb` : rhs}`;
  }
}

function asJsonb(compiler: Compiler, rhs: Expression): string {
  const sql = compiler.compile(rhs);
  return rhs.output?.family === 'json' || rhs.output === undefined ? sql : `to_jsonb(${sql})`;
}

function jsonComparison(name: string, operator: string): LookupClass {
  return class extends JsonOperator {
    static override readonly lookupName = name;
    protected readonly operator = operator;
  } as unknown as LookupClass;
}
class JsonIn extends In {
  protected override prepare(): void {
    if (this.rhs instanceof Param) {
      this.rhs.require((value) => {
        if (!Array.isArray(value)) throw new ValueError(`'in' takes a list or a queryset, got ${shown(value)}.`);
        for (const item of value) encodeJson(item);
      });
    }
  }
  override sql(compiler: Compiler): string {
    if (this.rhs instanceof Param && (this.rhs.sample as unknown[]).some((v) => v !== null)) {
      return `${jsonb(compiler, this.lhs)} = ANY(${compiler.param(this.rhs, oneLevel)}::jsonb[])`;
    }
    if (this.rhs instanceof ListRhs) {
      const items = this.rhs.items.map((i) =>
        i instanceof Param ? `${compiler.param(i, encodeJson)}::text::jsonb` : asJsonb(compiler, i),
      );
      return `${jsonb(compiler, this.lhs)} IN (${items.join(', ')})`;
    }
    return super.sql(compiler);
  }
}
/** Arrays inside are JSON arrays, not a second dimension. */
const oneLevel: Encode = (value) =>
  `{${(value as unknown[])
    .filter((v) => v !== null)
    .map((v) => `"${String(encodeJson(v)).replace(/[\\"]/g, '\\$&')}"`)
    .join(',')}}`;

abstract class JsonOperator extends Lookup {
  protected abstract readonly operator: string;
  protected override get encode(): Encode {
    return encodeJson;
  }
  override sql(compiler: Compiler): string {
    const rhs =
      this.rhs instanceof Param ? `${compiler.param(this.rhs, encodeJson)}::text::jsonb` : asJsonb(compiler, this.rhs);
    return `${jsonb(compiler, this.lhs)} ${this.operator} ${rhs}`;
  }
}
class DataContains extends JsonOperator {
  static override readonly lookupName = 'contains';
  protected readonly operator = '@>';
}
class ContainedBy extends JsonOperator {
  static override readonly lookupName = 'contained_by';
  protected readonly operator = '<@';
}

const oneKey: Encode = (value) => {
  if (typeof value !== 'string' && typeof value !== 'number')
    throw new ValueError(`A JSON key is text, got ${shown(value)}.`);
  return TYPES.text.encode(value);
};
const keyList: Encode = (value) => {
  if (!Array.isArray(value)) throw new ValueError(`Expected a list of JSON keys, got ${shown(value)}.`);
  return listLiteral(value, oneKey);
};
abstract class KeyLookup extends Lookup {
  protected abstract readonly operator: string;
  protected abstract readonly keys: Encode;
  protected abstract readonly cast: string;
  protected override prepare(): void {
    if (this.rhs instanceof Param)
      this.rhs.require((value) => void (Array.isArray(value) ? keyList(value) : oneKey(value)));
  }
  override sql(compiler: Compiler): string {
    const rhs =
      this.rhs instanceof Param ? compiler.param(this.rhs, this.keys) + this.cast : compiler.compile(this.rhs);
    return `${jsonb(compiler, this.lhs)} ${this.operator} ${rhs}`;
  }
}
class HasKey extends KeyLookup {
  static override readonly lookupName = 'has_key';
  protected readonly operator = '?';
  protected readonly keys = oneKey;
  protected readonly cast = '::text';
}
class HasKeys extends KeyLookup {
  static override readonly lookupName = 'has_keys';
  protected readonly operator = '?&';
  protected readonly keys = keyList;
  protected readonly cast = '::text[]';
}
class HasAnyKeys extends KeyLookup {
  static override readonly lookupName = 'has_any_keys';
  protected readonly operator = '?|';
  protected readonly keys = keyList;
  protected readonly cast = '::text[]';
}

export const JSON_LOOKUPS: Record<string, LookupClass> = Object.fromEntries(
  [JsonExact, JsonIn, DataContains, ContainedBy, HasKey, HasKeys, HasAnyKeys].map((c) => [
    c.lookupName,
    c as unknown as LookupClass,
  ]),
);
JSON_LOOKUPS.gt = jsonComparison('gt', '>');
JSON_LOOKUPS.gte = jsonComparison('gte', '>=');
JSON_LOOKUPS.lt = jsonComparison('lt', '<');
JSON_LOOKUPS.lte = jsonComparison('lte', '<=');
