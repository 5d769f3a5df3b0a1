/**
 * The resolved query of a shape (Django's sql.Query): joins, conditions, annotations, what is selected and how it is
 * grouped, ordered and cut. A chain's call works on a clone, so that every shape keeps its own.
 */
import { isText } from '../meta/kinds.js';
import { refuse, refuseName } from '../errors.js';
import { copy, type Expression, type Relabel, type ResolveOptions } from '../expressions/expression.js';
import type { Q } from '../expressions/q.js';
import { Col, Ref } from '../expressions/refs.js';
import { QueryExpression } from '../expressions/subquery.js';
import { applyTransform } from '../lookups/registry.js';
import type { FieldType } from '../meta/field-type.js';
import type { Model } from '../meta/model.js';
import { addQ, buildFilteredCondition, resolveCondition } from './filter.js';
import type { FilteredRelation } from '../expressions/filtered-relation.js';
import { Joins } from './joins.js';
import { columnOf, namesToPath, setupJoins, trimJoins } from './path.js';
import { groupByModel } from './values.js';
import { Nothing, Where } from './where.js';

/** How rows that are no instances are given. */
export interface ValuesMode {
  readonly kind: 'dict' | 'tuple' | 'named' | 'flat';
  /** Those that were asked for; undefined: all. */
  readonly names?: readonly string[] | undefined;
}

/** The names that rows of values have. */
export const valueNames = ({ selectNames, extraSelect, annotationSelect }: Query): string[] => [
  ...new Set([...extraSelect.keys(), ...selectNames, ...annotationSelect.keys()]),
];

export type SelectTree = Map<string, SelectTree>;

export interface Combined {
  readonly operator: 'union' | 'intersection' | 'difference';
  readonly all: boolean;
  readonly queries: readonly Query[];
}

export interface ForUpdate {
  readonly nowait: boolean | undefined;
  readonly skipLocked: boolean | undefined;
  readonly of: readonly string[];
  readonly noKey: boolean | undefined;
}

export class Query {
  joins = new Joins();
  where = new Where();
  /** Columns, where not all of the model's are wanted. */
  select: readonly Expression[] = [];
  /** Their names in rows. */
  selectNames: readonly string[] = [];
  /** How many columns each of them has: a composite key has several. */
  selectWidths: readonly number[] = [];
  defaultCols = true;
  /** undefined: none; true: by the model's own columns. */
  groupBy: undefined | true | readonly Expression[];
  orderBy: readonly (string | Expression)[] = [];
  defaultOrdering = true;
  standardOrdering = true;
  low = 0;
  high: number | undefined;
  distinct?: boolean;
  distinctFields: readonly string[] = [];
  annotations = new Map<string, Expression>();
  annotationMask: ReadonlySet<string> | undefined;
  extra = new Map<string, Expression>();
  extraMask: ReadonlySet<string> | undefined;
  extraTables: readonly string[] = [];
  extraOrderBy: readonly string[] = [];
  combined: Combined | undefined;
  forUpdate: ForUpdate | undefined;
  /** true: those that every row has. */
  selectRelated?: boolean | SelectTree;
  /** Names, and whether they are left out or the only ones. */
  deferred: { readonly names: ReadonlySet<string>; readonly defer: boolean } = {
    names: new Set(),
    defer: true,
  };
  filteredRelations = new Map<string, FilteredRelation>();
  /** Joins of many rows that the next filter may reuse: those of one call. */
  usedAliases = new Set<string>();
  sticky?: boolean;
  externalAliases = new Set<string>();
  isSubquery?: boolean;
  /** undefined: rows are instances. */
  valuesMode: ValuesMode | undefined;
  /** The joins of the last lookup, for exclude's subquery. */
  lookupJoins: readonly string[] = [];
  /** What an aggregate's outer query reads from, instead of tables. */
  source: { readonly query: Query; readonly alias: string } | undefined;

  constructor(readonly model: Model) {}

  /** An empty query of the same model. */
  fresh(): Query {
    return new Query(this.model);
  }

  clone(): Query {
    return copy(this as Query, {
      joins: this.joins.clone(),
      annotations: new Map(this.annotations),
      extra: new Map(this.extra),
      filteredRelations: new Map(this.filteredRelations),
      usedAliases: new Set(this.usedAliases),
      externalAliases: new Set(this.externalAliases),
    });
  }

  /** A clone for the next call of the chain. */
  chain(): Query {
    const other = this.clone();
    if (!other.sticky) other.usedAliases = new Set();
    other.sticky = false;
    return other;
  }

  // ---- names ----------------------------------------------------------------------------------------------------

  /** Every name that a lookup on this query may start with. */
  choices(model: Model): string[] {
    return model === this.model
      ? [...model.choices(), ...this.annotationSelect.keys(), ...this.filteredRelations.keys()]
      : model.choices();
  }

  /** A lookup's key: the path, the names after it, and the annotation where it starts with one. */
  solveLookup(
    key: string,
    summarize?: boolean,
  ): {
    lookups: readonly string[];
    parts: readonly string[];
    annotation?: Expression;
  } {
    const names = key.split('__');
    if (this.annotations.size > 0) {
      for (let n = 1; n <= names.length; n++) {
        const name = names.slice(0, n).join('__');
        const annotation = this.annotations.get(name);
        if (!annotation) continue;
        const isNamed = summarize && this.annotationSelect.has(name);
        return { lookups: names.slice(n), parts: [], annotation: isNamed ? inSubquery(name, annotation) : annotation };
      }
    }
    const { rest } = namesToPath(this, names, this.model);
    return { lookups: rest, parts: names.slice(0, names.length - rest.length) };
  }

  /** How many joins there are on a path, and how many of them its last column needs. */
  joinsTo(names: readonly string[]): { all: number; needed: number } {
    const scratch = this.clone();
    const info = setupJoins(scratch, names, this.model, scratch.joins.initial(this.model));
    return { all: info.joins.length, needed: trimJoins(scratch, info).joins.length };
  }

  resolveRef(name: string, options: ResolveOptions): Expression {
    const { allowJoins = true, reuse, summarize, wholeKey } = options;
    const annotation = this.annotations.get(name);
    if (annotation) {
      if (!allowJoins) {
        for (const part of annotation.walk()) {
          if (part instanceof Col && part.alias !== undefined && this.joins.map.get(part.alias)?.parent !== undefined) {
            refuseName('Joined field references are not permitted in this query', name);
          }
        }
      }
      if (!summarize) return annotation;
      if (!this.annotationSelect.has(name)) {
        refuseName(`Cannot aggregate over the '${name}' alias. Use annotate() to promote it.`, name);
      }
      return inSubquery(name, annotation);
    }
    const names = name.split('__');
    const first = this.annotations.get(names[0] as string);
    if (first) {
      let expression = first;
      // An alias is no column of the subquery: what it is made of is.
      if (summarize && this.annotationSelect.has(names[0] as string))
        expression = inSubquery(names[0] as string, first);
      for (const step of names.slice(1)) expression = applyTransform(expression, step, `'${name}'`);
      return expression;
    }
    const info = setupJoins(this, names, this.model, this.joins.initial(this.model), options);
    const { targets, alias, joins } = trimJoins(this, info);
    if (!allowJoins && joins.length > 1) refuseName('Joined field references are not permitted in this query', name);
    if (targets.length > 1 && !wholeKey)
      refuseName("Referencing multicolumn fields with F() objects isn't supported", name);
    for (const join of joins) reuse?.add(join);
    const columns = targets.map((target) => columnOf(info, target, alias));
    return wholeKey && columns.length > 1 ? wholeKey(columns) : (columns[0] as Expression);
  }

  resolveCondition(q: Q, options: ResolveOptions): Expression {
    return resolveCondition(this, q, options);
  }

  addQ(q: Q): void {
    addQ(this, q);
  }

  /**
   * The condition of a filtered relation, on the joins that lead to its table; it counts as no use of them. What else an
   * F() in it leads to is joined for it.
   */
  filteredCondition(q: Q, path: readonly string[]): Where {
    const { refs } = this.joins;
    this.joins.refs = new Map(refs);
    const condition = buildFilteredCondition(this, q, path);
    this.joins.refs = new Map([...this.joins.refs, ...refs]);
    return condition;
  }

  // ---- annotations ----------------------------------------------------------------------------------------------

  get annotationSelect(): ReadonlyMap<string, Expression> {
    return masked(this.annotations, this.annotationMask);
  }
  get extraSelect(): ReadonlyMap<string, Expression> {
    return masked(this.extra, this.extraMask);
  }

  addAnnotation(expression: Expression, alias: string, select = true, summarize?: boolean): void {
    checkAlias(alias);
    const resolved = expression.resolve(this, { allowJoins: true, summarize });
    if (select) {
      if (this.annotationMask) this.annotationMask = new Set([...this.annotationMask, alias]);
    } else {
      this.annotationMask = new Set([...this.annotationSelect.keys()].filter((name) => name !== alias));
    }
    this.annotations.set(alias, resolved);
  }

  // ---- what is selected -----------------------------------------------------------------------------------------

  get hasSelectFields(): boolean {
    return this.select.length > 0 || (this.annotationMask?.size ?? 0) > 0 || (this.extraMask?.size ?? 0) > 0;
  }
  setSelect(columns: readonly Expression[]): void {
    this.defaultCols = false;
    this.select = columns;
  }
  clearSelect(): void {
    this.select = [];
    this.defaultCols = false;
    this.selectRelated = false;
    this.extraMask = new Set();
    this.annotationMask = new Set();
  }

  // ---- ordering, slicing ----------------------------------------------------------------------------------------

  /** What the rows are ordered by: `extra()`, `order_by()`, or the model's own. */
  get ordering(): readonly unknown[] {
    if (this.extraOrderBy.length > 0) return this.extraOrderBy;
    return this.orderBy.length > 0 || !this.defaultOrdering ? this.orderBy : this.model.ordering;
  }
  clearOrdering(force?: boolean, clearDefault = true): void {
    if (!force && (this.isSliced || this.distinctFields.length > 0 || this.forUpdate)) return;
    this.orderBy = [];
    this.extraOrderBy = [];
    if (clearDefault) this.defaultOrdering = false;
  }

  get isSliced(): boolean {
    return this.low !== 0 || this.high !== undefined;
  }
  setLimits(low: number | undefined, high: number | undefined): void {
    if (high !== undefined)
      this.high = this.high === undefined ? this.low + high : Math.min(this.high, this.low + high);
    if (low !== undefined) this.low = this.high === undefined ? this.low + low : Math.min(this.high, this.low + low);
    if (this.low === this.high) this.setEmpty();
  }
  clearLimits(): void {
    this.low = 0;
    this.high = undefined;
  }

  setEmpty(): void {
    this.where = this.where.plus(new Nothing());
    this.changeCombined((query) => {
      const empty = query.clone();
      empty.setEmpty();
      return empty;
    });
  }
  /** The queries of a union and its like, each changed. */
  private changeCombined(change: (query: Query) => Query): void {
    if (this.combined) this.combined = { ...this.combined, queries: this.combined.queries.map(change) };
  }
  get isEmpty(): boolean {
    return (
      this.where.connector === 'AND' && !this.where.negated && this.where.children.some((c) => c instanceof Nothing)
    );
  }

  // ---- inside another query -------------------------------------------------------------------------------------

  /** The type of the one column, for `in` and Subquery. */
  outputType(): FieldType | undefined {
    const selected = this.select.length > 0 ? this.select : [...this.annotationSelect.values()];
    if (selected.length === 1) return selected[0]?.output;
    return this.defaultCols && this.model.primaryKey.length > 0 ? this.model.pk.type : undefined;
  }

  relabeled(change: Relabel): Query {
    const other = this.clone();
    other.changeAliases(change);
    return other;
  }

  /** Conditions, columns, annotations and groups, each changed. */
  private mapExpressions(map: (expression: Expression) => Expression): void {
    this.where = map(this.where) as Where;
    this.select = this.select.map(map);
    if (typeof this.groupBy === 'object') this.groupBy = this.groupBy.map(map);
    for (const [name, expression] of this.annotations) this.annotations.set(name, map(expression));
    for (const [alias, join] of this.joins.map)
      if (join.condition) this.joins.map.set(alias, { ...join, condition: map(join.condition) as Where });
  }

  private changeAliases(change: Relabel): void {
    this.mapExpressions((e) => e.relabel(change));
    for (const [name, expression] of this.extra) this.extra.set(name, expression.relabel(change));
    this.orderBy = this.orderBy.map((item) => (isText(item) ? item : item.relabel(change)));
    this.changeCombined((q) => q.relabeled(change));
    for (const [name, relation] of this.filteredRelations)
      this.filteredRelations.set(name, relation.relabel(change) as FilteredRelation);
    this.joins.relabel(change);
    this.externalAliases = new Set([...this.externalAliases].map((alias) => change.aliases.get(alias) ?? alias));
    if (this.source) this.source = { ...this.source, query: this.source.query.relabeled(change) };
  }

  /** Gives this query aliases that the outer one does not use. */
  bumpPrefix(outer: Query): void {
    const aliases = this.joins.bumpPrefix(outer.joins);
    if (aliases.size > 0) this.changeAliases({ aliases });
  }

  /** This query as a subquery of another: its own aliases, its references to the outer one resolved. */
  asSubquery(outer: Query, options: ResolveOptions = {}, keepsOrder = false): Query {
    const clone = this.clone();
    // A table that nothing has named yet has an alias of its own too.
    if (clone.joins.base === undefined) clone.joins.initial(clone.model);
    clone.bumpPrefix(outer);
    clone.isSubquery = true;
    if (!keepsOrder) clone.clearOrdering();
    return clone.resolveOuter(outer, options);
  }

  resolveOuter(outer: Query, options: ResolveOptions): Query {
    const clone = this.clone();
    clone.mapExpressions((e) => e.resolve(outer, options));
    clone.changeCombined((q) => q.resolveOuter(outer, options));
    for (const alias of outer.joins.map.keys()) clone.externalAliases.add(alias);
    return clone;
  }

  /** The columns of outer queries that are used inside. */
  externalColumns(): Col[] {
    const out: Col[] = [];
    for (const source of [...this.annotations.values(), ...this.where.children]) {
      for (const part of source.walk()) {
        if (part instanceof QueryExpression)
          out.push(...part.query.externalColumns().filter((c) => this.isExternal(c)));
        else if (part instanceof Col && this.isExternal(part)) out.push(part);
      }
    }
    return out;
  }
  private isExternal(col: Col): boolean {
    return col.alias !== undefined && this.externalAliases.has(col.alias) && !this.joins.map.has(col.alias);
  }

  /** This query asked only for whether it has a row. */
  forExists(limit = true): Query {
    const query = this.clone();
    if (!query.distinct || !query.isSliced) {
      groupByModel(query);
      const selected = query.annotationSelect;
      query.clearSelect();
      // What DISTINCT ON names is selected.
      query.annotationMask = new Set(query.distinctFields.filter((name) => selected.has(name)));
    }
    if (query.combined?.operator === 'union') query.changeCombined((q) => q.forExists(false));
    query.clearOrdering(true);
    if (limit) query.setLimits(undefined, 1);
    return query;
  }
}

const masked = <T>(all: ReadonlyMap<string, T>, mask: ReadonlySet<string> | undefined): ReadonlyMap<string, T> =>
  mask ? new Map([...all].filter(([name]) => mask.has(name))) : all;

/** Names of annotations become identifiers: what could end or comment out one is refused. */
export function checkAlias(alias: string): void {
  if (alias === '' || alias === '__proto__' || /['"`;\s\u0000-\u001f\u007f[\]#]|--|\/\*|\*\//.test(alias)) {
    refuse(
      'Column aliases cannot contain whitespace characters, hashes, control characters, quotation marks, semicolons, or SQL comments.',
    );
  }
}

/** An annotation that `aggregate()` goes over, by its name; another aggregate of the same call is written out. */
const inSubquery = (name: string, annotation: Expression): Expression =>
  [...annotation.walk()].some((part) => part.isSummary) ? annotation : new Ref(name, annotation);
