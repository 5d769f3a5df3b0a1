/** Casting and comparing functions, and JSON objects. */
import { ValueError } from '../../errors.js';
import { quote } from '../../meta/model.js';
import { type FieldType, TYPES, typeOfOutput } from '../../meta/field-type.js';
import type { Compiler } from '../../compile/compiler.js';
import { copy, type Expression } from '../expression.js';
import { UserExpression, Value } from '../base.js';
import { Func, isOptions } from '../func.js';
import { commonOutput } from '../output.js';
import { toExpression } from '../refs.js';
import { typeKey } from '../wrapper.js';
import { KeyTransform as KeyTransformNode } from '../../lookups/json.js';

/** The first type that is known; whole numbers beside fractions are fractions. */
const common = (sources: readonly Expression[]): FieldType | undefined => {
  const types = sources.map((s) => (s.isLiteral ? undefined : s.output)).filter((t) => t !== undefined);
  return commonOutput(types) ?? commonOutput(sources.map((s) => s.output));
};

function several(name: string, least: number) {
  const definition = {
    name,
    output: common,
    write: (args: readonly string[]) => `${name.toUpperCase()}(${args.join(', ')})`,
  };
  return (...args: unknown[]): Func => {
    const options = isOptions(args[args.length - 1]) ? (args.pop() as { output_field?: unknown }) : {};
    if (args.length < least)
      throw new ValueError(`${name} must take at least ${least === 2 ? 'two' : least} expressions`);
    return new Func(definition, args.map(toExpression), options.output_field);
  };
}
export const Coalesce = several('Coalesce', 2);
export const Greatest = several('Greatest', 2);
export const Least = several('Least', 2);
const NULLIF = {
  name: 'NullIf',
  output: common,
  write: (args: readonly string[]) => `NULLIF(${args.join(', ')})`,
};
export const NullIf = (a: unknown, b: unknown): Func => new Func(NULLIF, [toExpression(a), toExpression(b)]);

/** `CAST(x AS type)`. */
class CastExpression extends UserExpression {
  constructor(
    readonly inner: Expression,
    readonly type: FieldType,
  ) {
    super();
  }
  override get conditional(): boolean {
    return this.type.family === 'boolean';
  }
  override get sources(): readonly Expression[] {
    return [this.inner];
  }
  override withSources([inner]: readonly Expression[]): Expression {
    return copy(this, { inner: inner as Expression });
  }
  protected override ownKey(): string {
    return typeKey(this.type);
  }
  override get output(): FieldType {
    return this.type;
  }
  override sql(compiler: Compiler): string {
    return `(${compiler.compile(this.inner)})::${this.type.family === 'enum' ? this.type.base : this.type.sql}`;
  }
}
/** @see https://docs.djangoproject.com/en/stable/ref/models/database-functions/#cast */
export function Cast(expression: unknown, output: unknown): CastExpression {
  return new CastExpression(toExpression(expression), typeOfOutput(output));
}

class CollateExpression extends UserExpression {
  constructor(
    readonly inner: Expression,
    readonly collation: string,
  ) {
    super();
  }
  override get sources(): readonly Expression[] {
    return [this.inner];
  }
  override withSources([inner]: readonly Expression[]): Expression {
    return copy(this, { inner: inner as Expression });
  }
  protected override ownKey(): string {
    return JSON.stringify(this.collation);
  }
  override sql(compiler: Compiler): string {
    return `${compiler.compile(this.inner)} COLLATE ${quote(this.collation)}`;
  }
}
/** @see https://docs.djangoproject.com/en/stable/ref/models/database-functions/#collate */
export function Collate(expression: unknown, collation: string): CollateExpression {
  if (typeof collation !== 'string' || !/^[\w-]+(\.[\w-]+)?(@[\w-]+)?$/.test(collation))
    throw new ValueError(`Invalid collation name: ${JSON.stringify(collation)}.`);
  return new CollateExpression(toExpression(expression), collation);
}

const JSON_OBJECT = {
  name: 'JSONObject',
  output: TYPES.json,
  write: (args: readonly string[]) => `JSONB_BUILD_OBJECT(${args.join(', ')})`,
};
/** `JSONObject({ name: 'name', age: F('age') })`. */
export function JSONObject(fields: Record<string, unknown> = {}): Func {
  return new Func(
    JSON_OBJECT,
    Object.entries(fields).flatMap(([name, value]) => [new Value(name), toExpression(value)]),
  );
}

const JSON_ARRAY = {
  name: 'JSONArray',
  output: TYPES.json,
  write: (args: readonly string[]) => `JSONB_BUILD_ARRAY(${args.join(', ')})`,
};
/** `JSONArray('name', F('age'))`. */
export const JSONArray = (...expressions: unknown[]): Func => new Func(JSON_ARRAY, expressions.map(toExpression));

/** `KeyTransform('key', 'meta')`: a JSON key as JSON. */
export const KeyTransform = (key: string | number, expression: unknown): KeyTransformNode =>
  new KeyTransformNode(toExpression(expression), String(key));
/** `KeyTextTransform('key', 'meta')`: a JSON key as text. */
export const KeyTextTransform = (key: string | number, expression: unknown): KeyTransformNode =>
  new KeyTransformNode(toExpression(expression), String(key), true);
/** `KT('meta__dims__w')`: a path as text. */
export function KT(path: string): KeyTransformNode {
  const [field, ...keys] = String(path).split('__');
  if (keys.length === 0) throw new ValueError("KT() takes the path of a JSON key: KT('meta__key').");
  const last = keys.pop() as string;
  return KeyTextTransform(
    last,
    keys.reduce<unknown>((inner, key) => KeyTransform(key, inner), field),
  );
}
