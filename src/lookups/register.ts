/** Lookups and transforms of the user's own, by one registration each. */
import type { SQL } from 'drizzle-orm';
import type { Compiler, Encode } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { isOptions } from '../expressions/func.js';
import { checkName, fragmentOf, Template, type TemplateFunction } from '../expressions/template.js';
import { encodeLoose, shown } from '../meta/codecs.js';
import { arrayType, castOfParam, type Family, type FieldType, optionalType, TYPES } from '../meta/field-type.js';
import { Param } from '../meta/param.js';
import { comparisonEncoder, listEncoder } from './comparison.js';
import { ListRhs, Lookup, type LookupClass, type Rhs, Transform } from './lookup.js';
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

const TEXTS = arrayType(TYPES.text);

/** What a right-hand side is: how it is checked, how it travels, and the type that the SQL sees. */
type Side = (lhs: Expression) => { encode: Encode; cast: string };

const sideOf = (type: FieldType): { encode: Encode; cast: string } => ({
  encode: type.encode,
  cast: castOfParam(type),
});
const fixed =
  (type: FieldType): Side =>
  () =>
    sideOf(type);

const same: Side = (lhs) => {
  const type = lhs.output;
  if (!type) return { encode: encodeLoose, cast: '' };
  return type.family === 'integer' ? { encode: comparisonEncoder(type, type.encode), cast: '::bigint' } : sideOf(type);
};

const flag: Encode = (value) => {
  if (typeof value !== 'boolean') throw new ValueError(`Expected true or false, got ${shown(value)}.`);
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
  other: () => ({ encode: encodeLoose, cast: '' }),
};

const first: Encode = (value) => (value as unknown[])[0];
const second: Encode = (value) => (value as unknown[])[1];
const pairs = new WeakMap<Encode, readonly [Encode, Encode]>();
function pairOf(encode: Encode): readonly [Encode, Encode] {
  let pair = pairs.get(encode);
  if (!pair) pairs.set(encode, (pair = [(value) => encode(first(value)), (value) => encode(second(value))]));
  return pair;
}

interface Definition {
  readonly name: string;
  readonly kind: string;
  readonly template: Template;
}

abstract class CustomLookup extends Lookup {
  protected abstract readonly definition: Definition;

  /** Called while the object is made, before the fields of a subclass are there: the check asks for them later. */
  protected override prepare(): void {
    const { rhs } = this;
    if (rhs instanceof Param) rhs.require((value) => this.check(value));
    else if (rhs instanceof ListRhs) this.checkList(rhs.items.length);
  }

  private check(value: unknown): void {
    const { kind } = this.definition;
    if (kind === 'pair' || kind === 'list') {
      if (!Array.isArray(value)) throw new ValueError(`'${this.name}' takes a list, got ${shown(value)}.`);
      this.checkList(value.length);
      const { encode } = same(this.lhs);
      for (const item of value) if (item !== null) encode(item);
      if (kind === 'pair' && value.includes(null))
        throw new ValueError(`Cannot use null as a query value: '${this.name}' takes a value.`);
    } else (SIDES[kind] as Side)(this.lhs).encode(value);
  }

  private checkList(length: number): void {
    if (this.definition.kind === 'pair' && length !== 2)
      throw new ValueError(`'${this.name}' takes a list of two, got one of ${length}.`);
  }

  override sql(compiler: Compiler): string {
    const { kind, template } = this.definition;
    const left = fragmentOf(compiler, this.lhs);
    return template.write(compiler, [left, ...(kind === 'pair' ? this.two(compiler) : [this.one(compiler, kind)])]);
  }

  private one(compiler: Compiler, kind: string): string {
    const { rhs } = this;
    if (rhs instanceof ListRhs) return `ARRAY[${this.each(compiler, rhs.items).join(', ')}]`;
    if (!(rhs instanceof Param)) return fragmentOf(compiler, rhs);
    const { encode, cast } = (SIDES[kind] as Side)(this.lhs);
    return compiler.param(rhs, encode) + cast;
  }

  private two(compiler: Compiler): string[] {
    const { rhs } = this;
    if (rhs instanceof ListRhs) return this.each(compiler, rhs.items);
    if (!(rhs instanceof Param)) throw new ValueError(`'${this.name}' takes a list of two.`);
    const { encode, cast } = same(this.lhs);
    return pairOf(encode).map((side) => compiler.param(rhs, side) + cast);
  }

  private each(compiler: Compiler, items: readonly Rhs[]): string[] {
    const { encode, cast } = same(this.lhs);
    return items.map((item) =>
      item instanceof Param ? compiler.param(item, encode) + cast : fragmentOf(compiler, item),
    );
  }
}

export interface LookupOptions {
  /** What stands right of the lookup. */
  readonly rhs: string;
  /** The condition, of the written left and right; of the left and both ends for a 'pair'. */
  readonly sql: TemplateFunction;
}

function optionsOf<T extends object>(what: string, options: T, known: readonly string[]): T {
  if (!isOptions(options)) throw new ValueError(`${what} takes a family, a name and an object of options.`);
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) throw new ValueError(`${what} has no option '${unknown}'. Options: ${known.join(', ')}`);
  if (typeof (options as { sql?: unknown }).sql !== 'function')
    throw new ValueError(`${what}: sql is a function that gives Drizzle's sql\`…\`.`);
  return options as T;
}

function familiesOf<T>(what: string, table: Record<string, readonly T[]>, family: string): readonly T[] {
  const found = Object.hasOwn(table, family) ? table[family] : undefined;
  if (found) return found;
  throw new ValueError(`${what}: unknown family '${String(family)}'. Families: ${Object.keys(table).join(', ')}`);
}

/** What was registered, by family and name: the same once more is no error. */
const registered = new Map<string, string>();

function claim(what: string, family: string, name: string, text: string): boolean {
  const key = `${what} ${family}__${name}`;
  const before = registered.get(key);
  if (before !== undefined && before !== text)
    throw new ValueError(`${what}('${family}', '${name}') was called before, with another definition.`);
  registered.set(key, text);
  return before === undefined;
}

export function register_lookup(family: string, name: string, options: LookupOptions): void {
  checkName('register_lookup()', name);
  const { rhs: kind, sql } = optionsOf('register_lookup()', options, ['rhs', 'sql']);
  const families = familiesOf('register_lookup()', LOOKUP_FAMILIES, family);
  if (kind !== 'pair' && !Object.hasOwn(SIDES, kind))
    throw new ValueError(
      `register_lookup(): unknown rhs '${String(kind)}'. One of ${[...Object.keys(SIDES), 'pair'].join(', ')}`,
    );
  const template = Template.of(name, kind === 'pair' ? ['lhs', 'low', 'high'] : ['lhs', 'rhs'], sql);
  const definition: Definition = { name, kind, template };
  class Registered extends CustomLookup {
    static override readonly lookupName = name;
    protected override get definition(): Definition {
      return definition;
    }
  }
  if (!claim('register_lookup', family, name, kind + template.text)) return;
  for (const each of families) addLookup(each, name, Registered as unknown as LookupClass);
}

export interface TransformOptions {
  /** A Drizzle column or column builder: the type of what comes out. Without it, what goes in. */
  readonly output_field?: unknown;
  readonly sql: (lhs: SQL) => SQL;
}

class CustomTransform extends Transform {
  constructor(
    inner: Expression,
    private readonly id: number,
    private readonly type: FieldType | undefined,
    private readonly template: Template,
  ) {
    super(inner);
  }
  protected override ownKey(): string {
    return `#${this.id}`;
  }
  override get conditional(): boolean {
    return this.output?.family === 'boolean';
  }
  override get output(): FieldType | undefined {
    return this.type ?? this.inner.output;
  }
  override sql(compiler: Compiler): string {
    return this.template.write(compiler, [fragmentOf(compiler, this.inner)]);
  }
}

let counter = 0;

export function register_transform(family: string, name: string, options: TransformOptions): void {
  checkName('register_transform()', name);
  const { output_field, sql } = optionsOf('register_transform()', options, ['output_field', 'sql']);
  const families = familiesOf('register_transform()', TRANSFORM_FAMILIES, family);
  const type = optionalType(output_field);
  const template = Template.of(name, ['lhs'], sql as TemplateFunction);
  if (!claim('register_transform', family, name, `${type?.sql}${type?.mode}${template.text}`)) return;
  const id = ++counter;
  for (const each of families) addTransform(each, name, (lhs) => new CustomTransform(lhs, id, type, template));
}
