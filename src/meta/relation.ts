/** Foreign keys and the relations that they make at both ends. */
import type { ForeignKeyDeclaration } from './declarations.js';
import type { Field, ForeignKey, Model, Relation, Step } from './model.js';

/** `boxId` → `box`, `box_id` → `box`. */
export const forwardName = (column: string): string =>
  /.Id$/.test(column) ? column.slice(0, -2) : /._id$/.test(column) ? column.slice(0, -3) : column;

export function keyOf(
  model: Model,
  name: string,
  columns: Field[],
  target: Model,
  targetColumns: readonly Field[],
  onDelete: string | undefined,
  declaration?: ForeignKeyDeclaration,
): ForeignKey {
  const { isUnique, primary } = (columns[0] as Field).drizzle;
  return {
    model,
    name,
    columns,
    target,
    targetColumns,
    // Only what the column itself says counts: the types see no more.
    unique: declaration?.declares === 'oneToOne' || (columns.length === 1 && (isUnique || primary)),
    nullable: columns.some((f) => f.nullable),
    onDelete,
    relatedName: declaration?.options.related_name,
    relatedQueryName: declaration?.options.related_query_name,
  };
}

/** A hop over a foreign key: from the side that holds it (`direct`), or from the other. */
export function stepOf(key: ForeignKey, direct: boolean): Step {
  const columns = key.columns.map((near, i) => {
    const far = key.targetColumns[i] as Field;
    return direct ? ([near, far] as const) : ([far, near] as const);
  });
  const [from, to] = direct ? [key.model, key.target] : [key.target, key.model];
  return { from, to, columns, many: !direct && !key.unique, direct, nullable: !direct || key.nullable, key };
}

/** A relation of these steps; it goes from where they start to where they end. */
export function relationOf(given: Pick<Relation, 'kind' | 'name' | 'steps'> & Partial<Relation>): Relation {
  const [first] = given.steps as [Step];
  const last = given.steps.at(-1) as Step;
  return {
    model: first.from,
    target: last.to,
    single: given.kind !== 'm2m' && !first.many,
    nullable: given.steps.some((step) => step.nullable),
    ...given,
  };
}
