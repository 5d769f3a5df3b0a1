/** A left-hand side, names of transforms and a lookup, and a value → one resolved lookup. */
import { refuse, refuseName } from '../errors.js';
import { copy, type Expression } from '../expressions/expression.js';
import type { Operand } from '../expressions/operand.js';
import { keyRow } from '../expressions/refs.js';
import { QueryExpression, ResolvedOuterRef } from '../expressions/subquery.js';
import { isNull } from '../lookups/comparison.js';
import { checkQuery, Keys, keyTypes } from '../lookups/related.js';
import { Lookup, type LookupDefinition, type Rhs } from '../lookups/lookup.js';
import { applyTransform, findLookup, findTransform, lookupNames } from '../lookups/registry.js';
import type { Field, Relation } from '../meta/model.js';
import { noLookup } from '../meta/suggest.js';
import { ContextParam, Param } from '../meta/param.js';
import { Col } from '../expressions/refs.js';
import { addFields } from './values.js';
import { Where } from './where.js';

class Fixed extends ContextParam {
  override readonly sample: unknown;
  constructor(value: unknown) {
    super(() => value);
    this.sample = value;
  }
  /** No call gives it, so no call is checked. */
  override require(): void {}
}
/** Right-hand sides that no call gives. */
export const FIXED = { true: new Fixed(true) as Param, false: new Fixed(false) as Param };

/** JSON's own null, which `exact: null` means on a JSON document. */
export const JSON_NULL = new Fixed(null) as Param;

const ownerOf = (lhs: Expression, key: string): string =>
  lhs instanceof Col ? `${lhs.target.model.name}.${lhs.target.name}` : `'${key}'`;

export function buildLookup(start: Expression, names: readonly string[], value: Operand, key: string): Expression {
  let lhs = start;
  const transforms = names.slice(0, -1);
  let name = names.at(-1) ?? 'exact';
  for (const transform of transforms) lhs = applyTransform(lhs, transform, ownerOf(lhs, key));
  let found = findLookup(lhs, name);
  // A JSON document's keys come before the lookups that only make sense of text.
  if (!found || (lhs.output?.family === 'array' && findTransform(lhs, name))) {
    const step = findTransform(lhs, name);
    if (!step) throw noLookup(ownerOf(lhs, key), lhs.output?.family ?? 'this expression', name, lookupNames(lhs));
    lhs = step(lhs);
    name = 'exact';
    found = findLookup(lhs, name);
  }
  return make(found as LookupDefinition, lhs, name, value);
}

function make(lookup: LookupDefinition, lhs: Expression, name: string, value: Operand): Expression {
  if (value === null) {
    const isJson = lhs.output?.family === 'json' && name === 'exact';
    return isJson ? new Lookup(lhs, JSON_NULL, lookup) : equalsNull(lhs, name);
  }
  return new Lookup(lhs, adjustQuery(name, value, []), lookup);
}

function equalsNull(lhs: Expression, name: string): Expression {
  if (name === 'exact' || name === 'iexact') return isNull(lhs, FIXED.true);
  refuse(`Cannot use null as a query value: '${name}' takes a value.`);
}

/** A queryset right of a lookup gives one column, and for anything but `in` one row. */
function adjustQuery(name: string, value: Rhs, targets: readonly Field[]): Rhs {
  if (!(value instanceof QueryExpression)) return value;
  const query = value.query.clone();
  if (name === 'exact' && !(query.high !== undefined && query.high - query.low === 1)) {
    refuse('The QuerySet value for an exact lookup must be limited to one result using slicing.');
  }
  if (!query.hasSelectFields) {
    const own = targets[0]?.model === query.model;
    query.clearSelect();
    const names = (own ? targets : targets.length > 1 ? query.model.primaryKey : [query.model.pk]).map((f) => f.name);
    addFields(query, names);
    // What a union chooses is said by its names.
    query.selectNames = names;
    query.valuesMode = { kind: 'tuple', names };
  }
  const wanted = Math.max(targets.length, 1);
  const width = query.select.length + query.annotationSelect.size + query.extraSelect.size;
  if (width !== wanted)
    refuse(
      `Cannot use multi-field values as a filter value: the queryset right of '${name}' must have ${wanted} selected field${wanted === 1 ? '' : 's'}, and has ${width}.`,
    );
  return new QueryExpression(query);
}

/** A lookup on a relation's own name: it takes instances, keys, and querysets of the far model. */
export function buildRelatedLookup(
  columns: readonly Col[],
  relation: Relation,
  targets: readonly Field[],
  name: string,
  value: Operand,
  key: string,
): Expression {
  const lhs = keyRow(columns);
  if (value === null) return equalsNull(lhs, name);
  const lookup = findLookup(columns[0] as Expression, name) as LookupDefinition;
  if (name === 'isnull') return new Lookup(lhs, value, lookup);
  if (value instanceof QueryExpression) {
    checkQuery(value, relation, targets);
    return new Lookup(lhs, adjustQuery(name, value, targets), lookup);
  }
  const types = keyTypes(relation, targets);
  const left = columns.map((column, i) => copy(column, { outputField: types[i] }));
  if (columns.length === 1) return new Lookup(left[0] as Col, value, lookup);
  if (value instanceof ResolvedOuterRef && name !== 'in') return new Lookup(lhs, value, lookup);
  if (!(value instanceof Param))
    refuseName(`An expression cannot stand right of '${key}', whose key has several columns.`, key);
  if (name !== 'exact') return new Lookup(lhs, new Keys(types, value, name === 'in'), lookup);
  return new Where(left.map((column) => new Lookup(column, value, lookup)));
}
