/** `aggregate()` and `count()`: over the table, or over a subquery where the rows are not the table's. */
import { isNumber } from '../meta/kinds.js';
import { refuse } from '../errors.js';
import type { Expression } from '../expressions/expression.js';
import { Aggregate, Count } from '../expressions/aggregates.js';
import { DrizzleSQL } from '../expressions/drizzle.js';
import { Col, Ref } from '../expressions/refs.js';
import type { FieldType } from '../meta/field-type.js';
import type { Query } from './query.js';
import { refuseCombined } from './refuse.js';

/** The query whose one row is the answer; its annotations are the aggregates. */
export function aggregateQuery(query: Query, aggregates: ReadonlyMap<string, Expression>): Query {
  const inner = query.clone();
  inner.forUpdate = undefined;
  for (const [name, expression] of aggregates) {
    inner.addAnnotation(expression, name, true, true);
    const resolved = inner.annotations.get(name) as Expression;
    // What Drizzle's SQL consists of is not known here: the database says so.
    if (!resolved.containsAggregate && !(resolved instanceof DrizzleSQL))
      refuse(`'${name}' is not an aggregate expression.`);
  }
  const needsSubquery =
    inner.groupBy !== undefined ||
    inner.isSliced ||
    [...query.annotations.values()].some((e) => e.containsAggregate) ||
    [...aggregates.keys()].some((name) => [...(inner.annotations.get(name) as Expression).walk()].some(isOfRows)) ||
    query.where.containsOver ||
    inner.distinct ||
    inner.combined !== undefined;
  if (!needsSubquery) {
    inner.clearSelect();
    inner.annotationMask = new Set(aggregates.keys());
    finishOuter(inner);
    return inner;
  }
  return overSubquery(inner, aggregates, query.annotations);
}

/** Of an annotation of the rows. */
const isOfRows = (part: Expression): boolean => part instanceof Ref;

function finishOuter(query: Query): void {
  query.clearOrdering(true);
  query.valuesMode = { kind: 'tuple' };
}

/** @param before the annotations of the rows: an aggregate may have the name of one */
function overSubquery(
  inner: Query,
  aggregates: ReadonlyMap<string, Expression>,
  before: ReadonlyMap<string, Expression>,
): Query {
  inner.clearOrdering();
  if (!inner.combined) {
    inner.annotationMask = new Set(inner.annotationSelect.keys());
    if (!inner.distinct) {
      // Of what `alias()` named too: it groups the rows without being selected.
      const groups = [...before.values()].some((e) => e.containsAggregate);
      if (inner.defaultCols && groups && inner.groupBy !== undefined) {
        inner.groupBy = inner.model.primaryKey.map((f) => new Col(inner.joins.initial(inner.model), f));
      }
      inner.defaultCols = false;
    }
  }
  inner.selectRelated = false;
  const outer = inner.fresh();
  outer.defaultCols = false;
  const alias = 'subquery';
  const aliases = new Map<string | undefined, string>([[undefined, alias]]);
  for (const known of inner.joins.map.keys()) aliases.set(known, alias);
  let columns = 0;

  /** Columns of the inner rows become names in the subquery's list; so do subqueries that ask for such columns. */
  const rewrite = (expression: Expression): Expression =>
    expression.mapSources((source) => {
      if (source instanceof Ref) return source;
      const isAsked = source.isSubquery && !inner.combined && source.groupBy().length > 0;
      if (isAsked || source instanceof Col || (source instanceof Aggregate && !source.isSummary)) {
        refuseCombined(inner, `aggregate('${source instanceof Col ? source.target.name : String(source)}')`);
        const name = `;col${++columns}`;
        inner.annotations.set(name, source);
        inner.annotationMask = new Set([...(inner.annotationMask ?? inner.annotations.keys()), name]);
        return new Ref(name, source);
      }
      return rewrite(source);
    });

  for (const name of aggregates.keys()) {
    const expression = rewrite(inner.annotations.get(name) as Expression);
    outer.annotations.set(name, expression.relabel({ aliases }));
    const own = before.get(name);
    if (own) inner.annotations.set(name, own);
    else inner.annotations.delete(name);
  }
  if (
    !inner.combined &&
    inner.select.length === 0 &&
    !inner.defaultCols &&
    inner.annotationSelect.size === 0 &&
    inner.extraSelect.size === 0
  ) {
    inner.select = [
      new Col(inner.joins.initial(inner.model), inner.model.primaryKey[0] ?? (inner.model.fields[0] as never)),
    ];
  }
  outer.source = { query: inner, alias };
  finishOuter(outer);
  return outer;
}

/** `COUNT(*)` of a query's rows. */
export const countQuery = (query: Query): Query => aggregateQuery(query, new Map([['__count', Count('*')]]));

/** What an aggregate gives where no row can match, as its type has it. */
export function emptyAggregate(expression: Expression, type: FieldType | undefined): unknown {
  const result = expression.emptyResult ?? null;
  return type && isNumber(result)
    ? (type.decode ?? (type.family === 'float' ? Number : String))(
        type.mode === 'bigint' ? type.encode(result) : String(result),
      )
    : result;
}
