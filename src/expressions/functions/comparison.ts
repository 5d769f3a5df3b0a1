/** Casting and comparing functions, and JSON objects. */
import { isText } from '../../meta/kinds.js';
import { refuse } from '../../errors.js';
import { quote } from '../../meta/model.js';
import { typeOfOutput } from '../../meta/field-type.js';
import * as TYPES from '../../meta/types.js';
import { firstOutput, firstResult } from '../expression.js';
import { Value } from '../base.js';
import { argumentsOf, call, define, Func, type FuncDefinition, type OutputOption } from '../func.js';
import { comparedOutput } from '../output.js';
import { toExpression } from '../refs.js';
import { KeyTransform as KeyTransformNode } from '../../lookups/json.js';

const COMPARED = { several: true, ofOneType: true };
export const Coalesce = define('Coalesce', comparedOutput, undefined, { ...COMPARED, empty: firstResult });
export const Greatest = define('Greatest', comparedOutput, undefined, COMPARED);
export const Least = define('Least', comparedOutput, undefined, COMPARED);
export const NullIf = define('NullIf', comparedOutput, call('NULLIF'), COMPARED);

/** @see https://docs.djangoproject.com/en/stable/ref/models/database-functions/#cast */
export function Cast(expression: unknown, ...given: unknown[]): Func {
  const { output_field } = argumentsOf<OutputOption>('Cast', given, ['output_field']);
  const type = typeOfOutput(output_field);
  const written = type.family === 'enum' ? type.base : type.sql;
  return new Func(
    { name: 'Cast', output: type, write: ([x]) => `(${x})::${written}` },
    [toExpression(expression)],
    type,
  );
}

/** @see https://docs.djangoproject.com/en/stable/ref/models/database-functions/#collate */
export function Collate(expression: unknown, collation: string): Func {
  if (!isText(collation) || !/^[\w-]+(\.[\w-]+)?(@[\w-]+)?$/.test(collation))
    refuse(`Invalid collation name: ${JSON.stringify(collation)}.`);
  const definition: FuncDefinition = {
    name: 'Collate',
    output: firstOutput,
    write: ([text]) => `${text} COLLATE ${quote(collation)}`,
  };
  return new Func(definition, [toExpression(expression)], undefined, JSON.stringify(collation));
}

const jsonObject = define('JSONObject', TYPES.json, call('JSONB_BUILD_OBJECT'));
/** `JSONObject({ name: 'name', age: F('age') })`. */
export const JSONObject = (fields: Record<string, unknown> = {}): Func =>
  jsonObject(...Object.entries(fields).flatMap(([name, value]) => [new Value(name), toExpression(value)]));

/** `JSONArray('name', F('age'))`. */
export const JSONArray = define('JSONArray', TYPES.json, call('JSONB_BUILD_ARRAY'));

/** `KeyTransform('key', 'meta')`: a JSON key as JSON. */
export const KeyTransform = (key: string | number, expression: unknown): KeyTransformNode =>
  new KeyTransformNode(toExpression(expression), String(key));
/** `KeyTextTransform('key', 'meta')`: a JSON key as text. */
export const KeyTextTransform = (key: string | number, expression: unknown): KeyTransformNode =>
  new KeyTransformNode(toExpression(expression), String(key), true);
/** `KT('meta__dims__w')`: a path as text. */
export function KT(path: string): KeyTransformNode {
  const [field, ...keys] = String(path).split('__');
  if (keys.length === 0) refuse("KT() takes the path of a JSON key: KT('meta__key').");
  const last = keys.pop() as string;
  return KeyTextTransform(
    last,
    keys.reduce<unknown>((inner, key) => KeyTransform(key, inner), field),
  );
}
