/** Lookups on a relation's name: an instance stands for its key. */
import { isArray } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { copy, Expression, type Relabel } from '../expressions/expression.js';
import type { QueryExpression } from '../expressions/subquery.js';
import type { FieldType } from '../meta/field-type.js';
import type { Field, Model, Relation } from '../meta/model.js';
import { modelOf } from '../meta/held.js';
import { once } from '../meta/once.js';
import type { Param } from '../meta/param.js';
import { listLiteral } from '../meta/codecs.js';

const typesOf = once((_relation: Relation): FieldType[] => []);

/** The model whose primary key the relation is: its instances have the same keys. */
function ownKey({ kind, model, key }: Relation): Model | undefined {
  const isKey = kind === 'forward' && key?.columns.length === model.primaryKey.length;
  return isKey && key.columns.every((f) => f.primaryKey) ? model : undefined;
}

/** The key of an instance, or the value itself. */
export function keyOf(value: unknown, relation: Relation, target: Field, at: number, width: number): unknown {
  const model = modelOf(value);
  if (!model) {
    if (width > 1) {
      if (!isArray(value) || value.length !== width) refuse(`'${relation.name}' takes an instance or ${width} values.`);
      return value[at];
    }
    return value;
  }
  const field = model === target.model ? target : model === ownKey(relation) ? relation.key?.columns[at] : undefined;
  if (!field) refuse(`Cannot query "${value}": Must be "${target.model.name}" instance.`);
  const key = (value as Record<string, unknown>)[field.name];
  if (key === undefined || key === null) {
    refuse(`'${relation.name}' was given an unsaved ${model.name}: save it first.`);
  }
  return key;
}

/** The types of a key's columns, which take instances too. */
export function keyTypes(relation: Relation, targets: readonly Field[]): readonly FieldType[] {
  const types = typesOf(relation);
  targets.forEach((target, at) => {
    const { type } = target;
    types[at] ??= { ...type, encode: (value) => type.encode(keyOf(value, relation, target, at, targets.length)) };
  });
  return types;
}

/** A queryset without chosen columns must be of the far model. */
export function checkQuery({ query }: QueryExpression, relation: Relation, targets: readonly Field[]): void {
  const models = [relation.target, targets[0]?.model, ownKey(relation)];
  if (!query.hasSelectFields && !models.includes(query.model)) {
    refuse(`Cannot use QuerySet for "${query.model.name}": Use a QuerySet for "${relation.target.name}".`);
  }
}

/** Right of the columns of a key: `($1, $2)`, or for `in` the rows of one array a column. */
export class Keys extends Expression {
  constructor(
    private readonly types: readonly FieldType[],
    private readonly param: Param,
    private readonly isList: boolean,
  ) {
    super();
    param.require((value) => {
      if (isList && !isArray(value)) refuse("'in' takes a list of tuples or instances.");
      for (const type of types) for (const key of isList ? (value as unknown[]) : [value]) type.encode(key);
    });
  }
  override relabel(change: Relabel): Expression {
    return copy(super.relabel(change), { param: change.params?.get(this.param) ?? this.param });
  }
  override groupBy(): Expression[] {
    return [];
  }
  override sql(compiler: Compiler): string {
    const { param, types } = this;
    if (!this.isList)
      return `(${types.map((type) => `${compiler.param(param, type.encode)}::${type.base}`).join(', ')})`;
    const lists = types.map(
      (type) => `${compiler.param(param, (value) => listLiteral(value as unknown[], type.encode))}::${type.base}[]`,
    );
    return `(SELECT * FROM unnest(${lists.join(', ')}))`;
  }
}
