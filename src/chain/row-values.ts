/** The values of rows that are written: which are given, how they travel, what comes back. */
import type { Encode } from '../compile/compiler.js';
import { type Assignment, writableField } from '../compile/write.js';
import { ValueError } from '../errors.js';
import { toOperand } from '../expressions/base.js';
import { isDrizzleSql } from '../expressions/drizzle.js';
import { Expression } from '../expressions/expression.js';
import { column, type Instance, setColumn } from '../hydrate/instance.js';
import { arrayLiteral, textArray } from '../meta/codecs.js';
import { heldQuery, modelOf } from '../meta/held.js';
import type { Field, Model } from '../meta/model.js';
import { Param } from '../meta/param.js';

/** Is this worked out by the database rather than given? */
export function isComputed(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Date) return false;
  return value instanceof Expression || heldQuery(value) !== undefined || isDrizzleSql(value);
}

/** What a value is in an assignment, and its place or expression. */
export function assigned(model: Model, name: string, value: unknown, params: Param[]): Assignment {
  const field = writableField(model, name);
  if (value === null || value === undefined) return { field, value: null };
  if (isComputed(value)) return { field, value: toOperand(value).bind(params) };
  const param = new Param(value);
  params.push(param);
  param.require((v) => void field.type.encode(v));
  return { field, value: param };
}

/** An instance given for a foreign key stands for its key. */
export function plainValue(model: Model, name: string, value: unknown): unknown {
  const given = modelOf(value);
  if (!given) return value;
  const member = model.members.get(name);
  const relation = member?.kind === 'field' ? member.relation : member;
  if (relation?.kind !== 'forward' || relation.target !== given) {
    throw new ValueError(`Cannot assign "${String(value)}" to ${model.name}.${name}.`);
  }
  const far = relation.key?.targetColumns[0] as Field;
  const key = column(value as Instance, far);
  if (key === undefined || key === null)
    throw new ValueError(`${model.name}.${name} was given an unsaved ${given.name}: save it first.`);
  return key;
}

/** A composite foreign key that is given by an instance or null, as its columns; all else as it is. */
export function ownColumns(model: Model, name: string, value: unknown): [string, unknown][] {
  const member = model.members.get(name);
  const key = member?.kind === 'forward' ? member.key : undefined;
  if (!key || key.columns.length === 1 || (value !== null && modelOf(value) !== key.target)) return [[name, value]];
  return key.columns.map((field, i) => {
    if (value === null) return [field.name, null];
    const part = column(value as Instance, key.targetColumns[i] as Field) ?? null;
    if (part === null)
      throw new ValueError(`${model.name}.${name} was given an unsaved ${key.target.name}: save it first.`);
    return [field.name, part];
  });
}

/** The values of one column of many rows, as one array parameter. */
export function columnEncoder(field: Field): Encode {
  let encode = encoders.get(field);
  if (!encode) {
    const { type } = field;
    const one: Encode = type.encode;
    encode = (values) =>
      isNested(field) ? textArray(values as unknown[], one) : arrayLiteral(values as unknown[], one);
    encoders.set(field, encode);
  }
  return encode;
}
const encoders = new WeakMap<Field, Encode>();
const isNested = (field: Field): boolean => ['array', 'json', 'other', 'range'].includes(field.type.family);

/** The fields that an instance has a value for; what it lacks the database fills in. */
export function givenFields(model: Model, instance: Instance): Field[] {
  return model.fields.filter((f) => {
    if (f.generated) return false;
    const value = column(instance, f);
    return value !== undefined && !(value === null && f.primaryKey);
  });
}

/** What an INSERT gives back: the columns that were not given. */
export function filledFields(model: Model, given: readonly Field[]): Field[] {
  return model.fields.filter((f) => !given.includes(f));
}

/** Columns that the database filled in. */
export function readBack(instance: Instance, fields: readonly Field[], row: readonly unknown[]): void {
  fields.forEach((field, i) => {
    const raw = row[i] ?? null;
    const { decode } = field.type;
    setColumn(instance, field, raw === null || decode === undefined ? raw : decode(raw));
  });
}
