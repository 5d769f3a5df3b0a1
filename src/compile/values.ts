/** What a query selects by its names (`values()`), and what it is then grouped by. */
import { refuseName } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { Ref } from '../expressions/refs.js';
import { columnsAt } from './path.js';
import type { Query } from './query.js';

/** Selects the columns of these names. */
export function addFields(query: Query, names: readonly string[]): void {
  const columns: Expression[] = [];
  query.selectWidths = names.map((name) => {
    // What follows an annotation's name is not selected either.
    if (query.annotations.has(name) || query.annotations.has(name.split('__', 1)[0] as string))
      refuseName(`Cannot select the '${name}' alias. Use annotate() to promote it.`, name);
    const found = columnsAt(query, name);
    columns.push(...found);
    return found.length;
  });
  if (columns.length > 0) query.setSelect(columns);
}

/** `values()`: the columns, annotations and extra columns of these names, or all. */
export function setValues(query: Query, fields: readonly string[]): void {
  query.select = [];
  let names = query.model.fields.map((f) => f.name);
  if (fields.length > 0) {
    const { extraSelect, annotationSelect } = query;
    if (query.extra.size > 0 || query.annotations.size > 0) query.defaultCols = false;
    names = fields.filter((field) => !extraSelect.has(field) && !annotationSelect.has(field));
    query.extraMask = new Set(fields.filter((field) => extraSelect.has(field)));
    query.annotationMask = new Set(fields.filter((field) => !extraSelect.has(field)));
  }
  if (query.groupBy === true) {
    groupByModel(query);
    query.select = [];
  } else if (query.groupBy) {
    // An annotation that is grouped by, and no longer selected, is written out.
    query.groupBy = query.groupBy.map((expression) =>
      expression instanceof Ref && !fields.includes(expression.name)
        ? (query.annotations.get(expression.name) as Expression)
        : expression,
    );
  }
  query.selectNames = names;
  addFields(query, names);
}

/** Where it is grouped by the model's own columns: GROUP BY them, written out. */
export function groupByModel(query: Query): void {
  if (query.groupBy !== true) return;
  addFields(
    query,
    query.model.fields.map((f) => f.name),
  );
  setGroupBy(query);
}

/** GROUP BY what is selected now. */
export function setGroupBy(query: Query): void {
  const group: Expression[] = [...query.select];
  // A subquery and a condition are grouped by their own value, not by the columns that they read.
  for (const annotation of query.annotationSelect.values()) {
    const isWhole = annotation.isSubquery || (annotation.isCondition && !annotation.containsAggregate);
    group.push(...(isWhole ? [annotation] : annotation.groupBy()));
  }
  query.groupBy = group;
}
