/** A resolved query → SELECT, and where each part of a row is in it (Django's SQLCompiler). */
import { DatabaseError, FieldError, NotImplementedError, NotSupportedError } from '../errors.js';
import { OrderBy } from '../expressions/base.js';
import { CaseExpression } from '../expressions/case.js';
import type { Expression } from '../expressions/expression.js';
import { Random } from '../expressions/functions/math.js';
import { Col, F, Ref } from '../expressions/refs.js';
import { QueryExpression } from '../expressions/subquery.js';
import { type Model, quote } from '../meta/model.js';
import { Compiler, type Places } from './compiler.js';
import { EmptyResultSet, FullResultSet } from '../expressions/empty.js';
import { buildFilteredCondition } from './filter.js';
import type { Join } from './joins.js';
import { loadedFields } from './deferred.js';
import { columnOf, setupJoins, trimJoins } from './path.js';
import type { Query } from './query.js';
import { checkRequested, type RelatedInfo, relatedInfos } from './related.js';
import type { Where } from './where.js';

/** One item of the select list. */
export interface SelectItem {
  readonly expression: Expression;
  /** The name that it has in SQL, where it has one. */
  readonly alias: string | undefined;
}

/** Where the parts of a row are. */
export interface Layout {
  readonly items: readonly SelectItem[];
  readonly extra: readonly string[];
  /** The model's own columns: their fields, from `firstColumn` on. */
  readonly firstColumn: number;
  readonly columns: number;
  readonly annotations: readonly string[];
  readonly related: readonly RelatedInfo[];
  /** The name of each item in rows. */
  readonly names: readonly string[];
}

interface OrderTerm {
  readonly sql: string;
  readonly bare: string;
  readonly expression: OrderBy;
  readonly isRef: boolean;
}

export interface SelectOptions {
  readonly withLimits?: boolean;
  /** Names every column col1, col2, …, so that a query around it can tell them apart. */
  readonly columnAliases?: boolean;
  /** The rows go to a driver: arrays as text, since not every driver keeps what is NULL in them. */
  readonly rows?: boolean;
}

export class SelectCompiler extends Compiler {
  layout!: Layout;
  private metaOrdering = false;
  private textArrays = false;

  constructor(query: Query, places: Places) {
    // Ordering and select_related make joins: they are this statement's, not the shape's.
    super(query.clone(), places);
  }

  subquery(query: Query): string {
    return new SelectCompiler(query, this.places).select();
  }

  /** The whole statement's text. Throws EmptyResultSet where no row can match. */
  select(options: SelectOptions = {}): string {
    const { query } = this;
    if (query.combined) return this.combine(options);
    // What DISTINCT compares must stay what ORDER BY sorts by.
    this.textArrays = options.rows === true && !query.distinct;
    if ([...query.joins.refs.values()].every((n) => n === 0)) query.joins.initial(query.model);
    const select = this.selectList();
    const order = this.orderTerms();
    const { where, having } = query.where.splitHaving();
    const written = select.map((item) => this.item(item.expression));
    const group = this.groupTerms(select, order, having);
    // The model's own order is no order of groups.
    const ordered = this.metaOrdering && group.length > 0 ? [] : order;
    const extra = this.distinctExtras(ordered, written);
    const whereSql = this.tryCondition(where);
    const havingSql = having && this.tryCondition(having);
    const distinct = this.distinctPart();
    const from = this.from();
    const parts = [`SELECT ${distinct}${this.outputs(select, written, extra, options)}${from ? ` FROM ${from}` : ''}`];
    if (whereSql) parts.push(`WHERE ${whereSql}`);
    if (group.length > 0) parts.push(`GROUP BY ${group.join(', ')}`);
    if (havingSql) parts.push(`HAVING ${havingSql}`);
    if (ordered.length > 0) parts.push(`ORDER BY ${ordered.map((t) => t.sql).join(', ')}`);
    if (options.withLimits !== false) parts.push(...this.limits());
    const lock = this.lockPart();
    if (lock) parts.push(lock);
    const sql = parts.join(' ');
    return query.isSubquery && extra.length > 0 ? this.withoutExtras(sql, select) : sql;
  }

  // ---- the select list ------------------------------------------------------------------------------------------

  private selectList(): SelectItem[] {
    const { query } = this;
    const items: SelectItem[] = [];
    const extra = [...query.extraSelect];
    for (const [alias, expression] of extra) items.push({ expression, alias });
    const firstColumn = items.length;
    const columns = query.defaultCols
      ? this.defaultColumns(query.model, query.joins.initial(query.model), query.deferred)
      : query.select;
    for (const expression of columns) items.push({ expression, alias: undefined });
    for (const [alias, expression] of query.annotationSelect) items.push({ expression, alias });
    const related: RelatedInfo[] = [];
    if (query.selectRelated !== false && query.defaultCols) {
      checkRequested(query);
      related.push(...relatedInfos(this, items));
    }
    this.layout = {
      items,
      extra: extra.map(([name]) => name),
      firstColumn,
      columns: columns.length,
      annotations: [...query.annotationSelect.keys()],
      related,
      names: namesOf(items, firstColumn, query.selectNames, query.selectWidths),
    };
    return items;
  }

  /** A model's columns without the deferred ones; the key is always there. */
  defaultColumns(model: Model, alias: string, deferred: Query['deferred'], prefix = ''): Col[] {
    const fields = loadedFields(model, deferred, prefix);
    return fields.map((field) => new Col(alias, field));
  }

  /** One item written; NULL for what no row has. */
  private item(expression: Expression): string {
    try {
      return this.compile(expression);
    } catch (error) {
      if (error instanceof FullResultSet) return 'true';
      if (!(error instanceof EmptyResultSet)) throw error;
      if (expression.isCondition) return 'false';
      return emptyValue(expression);
    }
  }

  private outputs(
    select: readonly SelectItem[],
    written: readonly string[],
    extra: readonly OrderTerm[],
    options: SelectOptions,
  ): string {
    if (select.length === 0 && extra.length === 0) return '1 AS "a"';
    const named = written.map((sql, i) => {
      const alias =
        select[i]?.alias ??
        (options.columnAliases || (this.query.isSubquery && extra.length > 0) ? `col${i + 1}` : undefined);
      const shown = this.textArrays && select[i]?.expression.output?.family === 'array' ? `(${sql})::text` : sql;
      return alias === undefined ? shown : `${shown} AS ${quote(alias)}`;
    });
    return [...named, ...extra.map((term) => term.bare)].join(', ');
  }

  /** A subquery gives what was asked for alone, without the columns that DISTINCT needed for its order. */
  private withoutExtras(sql: string, select: readonly SelectItem[]): string {
    const names = select.map((item, i) => `${quote('subquery')}.${quote(item.alias ?? `col${i + 1}`)}`);
    return `SELECT ${names.join(', ')} FROM (${sql}) "subquery"`;
  }

  // ---- ORDER BY -------------------------------------------------------------------------------------------------

  private orderTerms(): OrderTerm[] {
    const { query } = this;
    let ordering: readonly unknown[] = query.extraOrderBy.length > 0 ? query.extraOrderBy : query.orderBy;
    if (ordering.length === 0 && query.defaultOrdering && query.model.ordering.length > 0) {
      ordering = query.model.ordering;
      this.metaOrdering = true;
    }
    const terms: { expression: OrderBy; isRef: boolean }[] = [];
    for (const item of ordering) terms.push(...this.orderTerm(item));
    const out: OrderTerm[] = [];
    const seen = new Set<string>();
    for (const { expression, isRef } of terms) {
      const resolved = expression.resolve(query, { allowJoins: true }) as OrderBy;
      let bare: string;
      try {
        bare = isRef ? this.reference(resolved) : this.compile(resolved.expression);
      } catch (error) {
        if (error instanceof FullResultSet) bare = 'true';
        else if (error instanceof EmptyResultSet)
          bare = resolved.expression.isCondition ? 'false' : emptyValue(resolved.expression);
        else throw error;
      }
      if (seen.has(bare)) continue;
      seen.add(bare);
      out.push({ sql: bare + resolved.suffix(), bare, expression: resolved, isRef });
    }
    return out;
  }

  /** A selected annotation by its name; its name may be that of a column too, and then it is written out. */
  private reference(order: OrderBy): string {
    const ref = order.expression as Ref;
    if (this.textArrays && ref.output?.family === 'array') return this.compile(ref.source);
    return this.query.source ? this.compile(ref) : quote(ref.name);
  }

  private orderTerm(item: unknown): { expression: OrderBy; isRef: boolean }[] {
    const { query } = this;
    const flip = !query.standardOrdering;
    if (typeof item !== 'string') {
      const expression = item as Expression;
      let order = expression instanceof OrderBy ? expression : new OrderBy(expression, false);
      if (flip) order = order.reversed();
      return [{ expression: order, isRef: false }];
    }
    if (item === '?') return [{ expression: new OrderBy(Random(), false), isRef: false }];
    const named = item.startsWith('-') ? item.slice(1) : item;
    const descending = item.startsWith('-') !== flip;
    const selected = query.annotationSelect.get(named);
    if (selected) return [{ expression: new OrderBy(new Ref(named, selected), descending), isRef: true }];
    const annotation = query.annotations.get(named);
    if (annotation) return [{ expression: new OrderBy(annotation, descending), isRef: false }];
    const extra = query.extra.get(named);
    if (extra) {
      return query.extraSelect.has(named)
        ? [{ expression: new OrderBy(new Ref(named, extra), descending), isRef: true }]
        : [{ expression: new OrderBy(extra, descending), isRef: false }];
    }
    const annotated = query.annotations.get(named.split('__')[0] as string);
    if (annotated) return [{ expression: new OrderBy(new F(named), descending), isRef: false }];
    return this.byName(named, query.model, undefined, descending, []).map((expression) => ({
      expression,
      isRef: false,
    }));
  }

  /** A path of names; a relation orders by its own model's ordering. */
  private byName(
    name: string,
    model: Model,
    start: string | undefined,
    descending: boolean,
    seen: readonly string[],
  ): OrderBy[] {
    const { query } = this;
    const names = name.split('__');
    const info = setupJoins(query, names, model, start ?? query.joins.initial(query.model));
    const last = names[names.length - 1] as string;
    if (
      info.final.kind !== 'field' &&
      info.rest.length === 0 &&
      last !== 'pk' &&
      info.model.ordering.length > 0 &&
      !isColumn(info.final.model, last)
    ) {
      const alias = info.joins[info.joins.length - 1] as string;
      const join = query.joins.get(alias);
      const mark = `${join.parent}>${join.step?.key.name}>${join.step?.direct}`;
      if (seen.includes(mark)) throw new FieldError('Infinite loop caused by ordering.', { key: name });
      return info.model.ordering.flatMap((item) => {
        if (typeof item !== 'string') {
          const order = item instanceof OrderBy ? item : new OrderBy(item as Expression, false);
          return [descending ? order.reversed() : order];
        }
        const inner = item.startsWith('-') ? item.slice(1) : item;
        return this.byName(inner, info.model, alias, item.startsWith('-') !== descending, [...seen, mark]);
      });
    }
    const { targets, alias } = trimJoins(query, info);
    return targets.map((target) => new OrderBy(columnOf(info, target, alias), descending));
  }

  // ---- DISTINCT, GROUP BY ---------------------------------------------------------------------------------------

  /** What DISTINCT sorts by must be selected. */
  private distinctExtras(order: readonly OrderTerm[], written: readonly string[]): OrderTerm[] {
    if (!this.query.distinct || this.query.distinctFields.length > 0) return [];
    return order.filter((term) => !term.isRef && !written.includes(term.bare));
  }

  private distinctPart(): string {
    const { query } = this;
    if (!query.distinct) return '';
    if (query.distinctFields.length === 0) return 'DISTINCT ';
    const columns = query.distinctFields.flatMap((name) => {
      if (query.annotationSelect.has(name)) return [quote(name)];
      const info = setupJoins(query, name.split('__'), query.model, query.joins.initial(query.model));
      const { targets, alias } = trimJoins(query, info);
      return targets.map((target) => this.compile(columnOf(info, target, alias)));
    });
    return `DISTINCT ON (${columns.join(', ')}) `;
  }

  private groupTerms(select: readonly SelectItem[], order: readonly OrderTerm[], having: Where | undefined): string[] {
    const { query } = this;
    if (query.groupBy === undefined) return [];
    if (query.distinctFields.length > 0)
      throw new NotImplementedError('annotate() + distinct(fields) is not implemented.');
    let expressions: Expression[] = [];
    if (query.groupBy !== true) expressions.push(...query.groupBy);
    const grouped = new Set(expressions);
    for (const { expression } of select) if (!grouped.has(expression)) expressions.push(...expression.groupBy());
    if (!this.metaOrdering) for (const term of order) if (!term.isRef) expressions.push(...term.expression.groupBy());
    expressions.push(...(having?.groupBy() ?? []));
    expressions = this.collapse(expressions);
    const out: string[] = [];
    for (const expression of expressions) {
      if (expression.isLiteral) continue;
      const index = select.findIndex(
        (item) => item.expression === expression || (expression instanceof Ref && item.alias === expression.name),
      );
      const byPosition =
        index >= 0 && (hasQuery(expression) || expression instanceof Ref || expression instanceof CaseExpression);
      const sql = byPosition ? String(index + 1) : this.item(expression);
      if (sql === 'true' || sql === 'false' || sql === 'NULL') continue;
      if (!out.includes(sql)) out.push(sql);
    }
    return out;
  }

  /** A table's primary key stands for all of its columns. */
  private collapse(expressions: Expression[]): Expression[] {
    const keyed = new Set<string | undefined>();
    for (const e of expressions)
      if (e instanceof Col && e.target.primaryKey && e.target.model.primaryKey.length === 1) keyed.add(e.alias);
    return expressions.filter((e) => !(e instanceof Col) || !keyed.has(e.alias) || e.target.primaryKey);
  }

  // ---- FROM, WHERE, LIMIT ---------------------------------------------------------------------------------------

  private tryCondition(where: Where): string {
    if (where.empty) return '';
    try {
      const sql = this.condition(where);
      return sql.startsWith('(') && where.children.length > 1 && !where.negated && where.connector !== 'XOR'
        ? sql.slice(1, -1)
        : sql;
    } catch (error) {
      if (error instanceof FullResultSet) return '';
      throw error;
    }
  }

  private from(): string {
    const { query } = this;
    if (query.source) {
      const inner = new SelectCompiler(query.source.query, this.places).select({ columnAliases: true });
      return `(${inner}) ${quote(query.source.alias)}`;
    }
    let sql = '';
    for (const [alias, join] of query.joins.map) {
      if (query.joins.count(alias) === 0) continue;
      sql += join.step ? ` ${this.joinSql(join)}` : `${sql ? ', ' : ''}${tableSql(join)}`;
    }
    for (const table of query.extraTables) sql += `${sql ? ', ' : ''}${quote(table)}`;
    return sql;
  }

  private joinSql(join: Join): string {
    const { step } = join;
    const on = (step?.columns ?? []).map(
      ([near, far]) => `${this.column(join.parent, near.column)} = ${this.column(join.alias, far.column)}`,
    );
    if (join.filtered) {
      const path = this.query.filteredPaths.get(join.alias) ?? new Set([join.alias]);
      const condition = join.filtered.resolved ?? buildFilteredCondition(this.query, join.filtered.condition, path);
      try {
        on.push(`(${this.condition(condition)})`);
      } catch (error) {
        if (error instanceof EmptyResultSet) on.push('false');
        else if (!(error instanceof FullResultSet)) throw error;
      }
    }
    return `${join.type === 'LEFT' ? 'LEFT OUTER' : 'INNER'} JOIN ${tableSql(join)} ON (${on.join(' AND ')})`;
  }

  private limits(): string[] {
    const { low, high } = this.query;
    const parts: string[] = [];
    // Checked integers, written into the text: a plan for an unknown LIMIT is a bad plan.
    if (high !== undefined) parts.push(`LIMIT ${integer(high - low)}`);
    if (low > 0) parts.push(`OFFSET ${integer(low)}`);
    return parts;
  }

  private lockPart(): string {
    const lock = this.query.forUpdate;
    if (!lock) return '';
    if (lock.nowait && lock.skipLocked)
      throw new NotSupportedError('The nowait option cannot be used with skip_locked.');
    const of = lock.of.length > 0 ? ` OF ${lock.of.map((name) => quote(this.lockAlias(name))).join(', ')}` : '';
    return `FOR ${lock.noKey ? 'NO KEY ' : ''}UPDATE${of}${lock.nowait ? ' NOWAIT' : ''}${lock.skipLocked ? ' SKIP LOCKED' : ''}`;
  }

  private lockAlias(name: string): string {
    if (name === 'self') return this.query.joins.base as string;
    const found = findRelated(this.layout.related, name.split('__'));
    if (found) return found.alias;
    throw new FieldError(
      `Invalid field name(s) given in select_for_update(of=(...)): ${name}. Only relational fields followed in the query are allowed. Choices are: ${['self', ...relatedNames(this.layout.related)].join(', ')}.`,
      { key: name },
    );
  }

  // ---- UNION and its like ---------------------------------------------------------------------------------------

  private combine(options: SelectOptions): string {
    const { query } = this;
    const { operator, all, queries } = query.combined as NonNullable<Query['combined']>;
    const parts: string[] = [];
    let first: SelectCompiler | undefined;
    for (let part of queries) {
      if (part.isEmpty && operator === 'union') continue;
      if (part.isEmpty && operator === 'difference' && parts.length > 0) continue;
      if (query.selectNames.length > 0 && part.selectNames.length === 0 && !part.combined) {
        part = part.clone();
        part.setValues([...query.extraSelect.keys(), ...query.selectNames, ...query.annotationSelect.keys()]);
      }
      const compiler = new SelectCompiler(part, this.places);
      try {
        parts.push(`(${compiler.select({ columnAliases: false })})`);
        first ??= compiler;
      } catch (error) {
        if (!(error instanceof EmptyResultSet)) throw error;
        if (operator === 'union' || (operator === 'difference' && parts.length > 0)) continue;
        throw error;
      }
    }
    if (!first) throw new EmptyResultSet();
    this.layout = {
      ...first.layout,
      names: namesOf(first.layout.items, first.layout.firstColumn, query.selectNames, query.selectWidths),
    };
    const order = this.combinedOrder(this.layout);
    const out = [
      parts.join(
        ` ${{ union: 'UNION', intersection: 'INTERSECT', difference: 'EXCEPT' }[operator]}${all ? ' ALL' : ''} `,
      ),
    ];
    if (order.length > 0) out.push(`ORDER BY ${order.join(', ')}`);
    if (options.withLimits !== false) out.push(...this.limits());
    return out.join(' ');
  }

  /** The order of combined rows: by the position of a column that is selected. */
  private combinedOrder(layout: Layout): string[] {
    const { query } = this;
    let ordering: readonly unknown[] = query.extraOrderBy.length > 0 ? query.extraOrderBy : query.orderBy;
    if (ordering.length === 0 && query.defaultOrdering) ordering = query.model.ordering;
    return ordering.map((item) => {
      const flip = !query.standardOrdering;
      if (item === '?') return 'RANDOM() ASC';
      let order: OrderBy;
      let name: string | undefined;
      if (typeof item === 'string') {
        name = item.startsWith('-') ? item.slice(1) : item;
        order = new OrderBy(new F(name), item.startsWith('-') !== flip);
      } else {
        order = item instanceof OrderBy ? item : new OrderBy(item as Expression, false);
        if (flip) order = order.reversed();
        if (order.expression instanceof F) name = order.expression.name;
      }
      return `${this.position(layout, name) + 1}${order.suffix()}`;
    });
  }

  private position(layout: Layout, name: string | undefined): number {
    const { names } = layout;
    let index = name === undefined ? -1 : names.indexOf(name);
    const wanted = name === 'pk' ? this.query.model.pk.name : name;
    if (index < 0 && wanted !== undefined) index = names.indexOf(wanted);
    if (index < 0 && wanted === this.query.model.primaryKey[0]?.name) index = names.indexOf('pk');
    if (index < 0 && wanted !== undefined) {
      const member = this.query.model.members.get(wanted);
      const column = member?.kind === 'forward' ? member.key?.columns[0]?.name : undefined;
      if (column !== undefined) index = names.indexOf(column);
      if (index < 0 && member?.kind === 'field' && member.relation) index = names.indexOf(member.relation.name);
    }
    if (index >= 0) return index;
    throw new DatabaseError(`ORDER BY term '${name ?? 'expression'}' does not match any column in the result set.`);
  }
}

/** What each item is called in a row: its alias, the name that it was asked for by, or its field's. */
function namesOf(
  items: readonly SelectItem[],
  firstColumn: number,
  selectNames: readonly string[],
  widths: readonly number[],
): string[] {
  const selected = selectNames.flatMap((name, i) => new Array<string>(widths[i] ?? 1).fill(name));
  return items.map(
    (item, i) =>
      item.alias ?? selected[i - firstColumn] ?? (item.expression instanceof Col ? item.expression.target.name : ''),
  );
}

function emptyValue(expression: Expression): string {
  const type = expression.output;
  if (isCount(expression)) return '0';
  return type ? `NULL::${type.base}` : 'NULL';
}
const isCount = (expression: Expression): boolean =>
  (expression as { definition?: { name?: string } }).definition?.name === 'Count';

const hasQuery = (expression: Expression): boolean => {
  for (const part of expression.walk()) if (part instanceof QueryExpression) return true;
  return false;
};

const isColumn = (model: Model, name: string): boolean => model.members.get(name)?.kind === 'field';

function tableSql(join: Join): string {
  const alias = quote(join.alias);
  // Without an alias a table of another schema is known by its full name too, which Drizzle's columns have.
  return join.model.tableName === join.alias ? join.model.sqlName : `${join.model.sqlName} ${alias}`;
}

function integer(n: number): string {
  if (!Number.isSafeInteger(n) || n < 0) throw new TypeError(`A slice's bounds are whole numbers, got ${n}.`);
  return String(n);
}

function findRelated(infos: readonly RelatedInfo[], path: readonly string[]): RelatedInfo | undefined {
  const info = infos.find((i) => i.name === path[0]);
  return !info || path.length === 1 ? info : findRelated(info.related, path.slice(1));
}
const relatedNames = (infos: readonly RelatedInfo[]): string[] =>
  infos.flatMap((i) => [i.name, ...relatedNames(i.related).map((n) => `${i.name}__${n}`)]);
