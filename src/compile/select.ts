/** A resolved query → SELECT, and where each part of a row is in it (Django's SQLCompiler). */
import { NotImplementedError, refuseName } from '../errors.js';
import type { OrderBy } from '../expressions/base.js';
import { CaseExpression } from '../expressions/case.js';
import type { Expression } from '../expressions/expression.js';
import { Col, Ref } from '../expressions/refs.js';
import { QueryExpression } from '../expressions/subquery.js';
import { quote, type Step } from '../meta/model.js';
import { Compiler, type Places } from './compiler.js';
import { EmptyResultSet, writeOr } from '../expressions/empty.js';
import type { Join } from './joins.js';
import { columnsOf, loadedFields } from './deferred.js';
import { combinedOrder, orderTerms, unchosenOrder } from './order.js';
import { columnsAt } from './path.js';
import { type Query, valueNames } from './query.js';
import { type RelatedInfo, relatedInfos } from './related.js';
import { setValues } from './values.js';
import type { Where } from './where.js';

/** One item of the select list. */
export interface SelectItem {
  readonly expression: Expression;
  /** The name that it has in SQL, where it has one. */
  readonly alias?: string;
}

/** Where the parts of a row are. */
export interface Layout {
  readonly items: readonly SelectItem[];
  /** The model's own columns: their fields, from `firstColumn` on. */
  readonly firstColumn: number;
  readonly columns: number;
  readonly annotations: readonly string[];
  readonly related: readonly RelatedInfo[];
  /** The name of each item in rows. */
  readonly names: readonly string[];
}

interface OrderTerm {
  /** Its SQL, without a direction. */
  readonly bare: string;
  readonly expression: OrderBy;
}
/** What a statement consists of before its limits, as SQL. */
interface Parts {
  /** From FROM to HAVING. */
  readonly rows: string;
  /** The select list, without names. */
  readonly written: readonly string[];
  readonly ordered: readonly OrderTerm[];
  readonly distinct: readonly string[];
}

const joined = (parts: readonly (string | false | undefined)[]): string => parts.filter(Boolean).join(' ');

/** Orders by the name of something that is selected. */
const isRef = (order: OrderBy): boolean => order.inner instanceof Ref;

export interface SelectOptions {
  /** Names every column col1, col2, …, so that a query around it can tell them apart. */
  readonly columnAliases?: boolean | undefined;
  /** Asks even where no row can match. */
  readonly always?: boolean | undefined;
  /** The rows go to a driver: arrays as text, since not every driver keeps what is NULL in them. */
  readonly rows?: boolean;
}

export class SelectCompiler extends Compiler {
  layout!: Layout;
  #metaOrdering = false;
  #textArrays: boolean | undefined;
  #always: boolean | undefined;

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
    if (query.combined) return this.#combine(options);
    this.#always = options.always;
    this.#textArrays = options.rows && !query.distinct;
    if ([...query.joins.refs.values()].every((n) => n === 0)) query.joins.initial(query.model);
    const select = this.#selectList();
    const order = this.#orderTerms();
    const { where, having, qualify } = query.where.split(query.groupBy !== undefined);
    const written = select.map((item) => this.value(item.expression));
    const group = this.#groupTerms(select, order, [having, qualify]);
    // The model's own order is no order of groups.
    const ordered = this.#metaOrdering && query.groupBy ? [] : order;
    const whereSql = this.#tryCondition(where);
    const havingSql = having && this.#tryCondition(having);
    const distinct = this.#distinctTerms();
    const from = this.#from();
    const rows = joined([
      from && `FROM ${from}`,
      whereSql && `WHERE ${whereSql}`,
      group.length > 0 && `GROUP BY ${group.join(', ')}`,
      havingSql && `HAVING ${havingSql}`,
    ]);
    const parts = { rows, written, ordered, distinct };
    const asked = qualify ? this.#qualified(select, parts, qualify) : parts;
    const extra = this.#distinctExtras(asked.ordered, asked.written);
    const sql = joined([
      'SELECT',
      query.distinct && 'DISTINCT',
      asked.distinct.length > 0 && `ON (${asked.distinct.join(', ')})`,
      this.#outputs(select, asked, extra, options),
      asked.rows,
      asked.ordered.length > 0 && `ORDER BY ${asked.ordered.map((t) => t.bare + t.expression.suffix).join(', ')}`,
      ...this.#limits(),
      this.#lockPart(),
    ]);
    return query.isSubquery && extra.length > 0 ? this.#withoutExtras(sql, select) : sql;
  }

  // ---- the select list ------------------------------------------------------------------------------------------

  #selectList(): SelectItem[] {
    const { query } = this;
    const items: SelectItem[] = [];
    for (const [alias, expression] of query.extraSelect) items.push({ expression, alias });
    const firstColumn = items.length;
    const columns = query.defaultCols
      ? columnsOf(query.joins.initial(query.model), loadedFields(query.model, query.deferred))
      : query.select;
    for (const expression of columns) items.push({ expression });
    for (const [alias, expression] of query.annotationSelect) items.push({ expression, alias });
    const related = query.selectRelated && query.defaultCols ? relatedInfos(this, items) : [];
    this.layout = {
      items,
      firstColumn,
      columns: columns.length,
      annotations: [...query.annotationSelect.keys()],
      related,
      names: namesOf(items, firstColumn, query),
    };
    return items;
  }

  #outputs(
    select: readonly SelectItem[],
    { written, ordered }: Parts,
    extra: readonly OrderTerm[],
    options: SelectOptions,
  ): string {
    if (select.length === 0 && extra.length === 0) return '1 AS "a"';
    const named = written.map((sql, i) => {
      const alias =
        select[i]?.alias ??
        (options.columnAliases || (this.query.isSubquery && extra.length > 0) ? `col${i + 1}` : undefined);
      // What DISTINCT compares must stay what ORDER BY sorts by.
      const names = alias === undefined ? [sql] : [sql, quote(alias)];
      const isSorted = this.query.distinct && ordered.some(({ bare }) => names.includes(bare));
      const isText = options.rows && select[i]?.expression.output?.family === 'array' && !isSorted;
      const shown = isText ? `(${sql})::text` : sql;
      return alias === undefined ? shown : `${shown} AS ${quote(alias)}`;
    });
    return [...named, ...extra.map((term) => term.bare)].join(', ');
  }

  /** A subquery gives what was asked for alone, without the columns that DISTINCT needed for its order. */
  #withoutExtras(sql: string, select: readonly SelectItem[]): string {
    const names = select.map((item, i) => `${quote('subquery')}.${quote(item.alias ?? `col${i + 1}`)}`);
    return `SELECT ${names.join(', ')} FROM (${sql}) "subquery"`;
  }

  // ---- ORDER BY -------------------------------------------------------------------------------------------------

  #orderTerms(): OrderTerm[] {
    const { query } = this;
    const { ordering } = query;
    this.#metaOrdering = ordering.length > 0 && ordering === query.model.ordering;
    const out: OrderTerm[] = [];
    for (const item of ordering.flatMap((each) => orderTerms(query, each))) {
      const expression = item.resolve(query, { allowJoins: true }) as OrderBy;
      const bare = isRef(expression) ? this.#reference(expression) : this.value(expression.inner);
      if (!isKnown(bare) && !out.some((term) => term.bare === bare)) out.push({ bare, expression });
    }
    return out;
  }

  /** A selected annotation by its name; its name may be that of a column too, and then it is written out. */
  #reference(order: OrderBy): string {
    const ref = order.inner as Ref;
    if (this.#textArrays && ref.output?.family === 'array') return this.compile(ref.source);
    return this.query.source ? this.compile(ref) : quote(ref.name);
  }

  // ---- DISTINCT, GROUP BY ---------------------------------------------------------------------------------------

  /** What DISTINCT sorts by must be selected. */
  #distinctExtras(order: readonly OrderTerm[], written: readonly string[]): OrderTerm[] {
    if (!this.query.distinct || this.query.distinctFields.length > 0) return [];
    return order.filter((term) => !isRef(term.expression) && !written.includes(term.bare));
  }

  /** What DISTINCT ON compares. */
  #distinctTerms(): string[] {
    const { query } = this;
    return query.distinctFields.flatMap((name) => {
      if (query.annotationSelect.has(name)) return quote(name);
      return columnsAt(query, name).map((column) => this.compile(column));
    });
  }

  /**
   * WHERE and HAVING know no window functions: what is asked of them is asked of a subquery's rows, which have everything
   * that the statement names under a name.
   */
  #qualified(select: readonly SelectItem[], { rows, written, ordered, distinct }: Parts, qualify: Where): Parts {
    // No annotation has such a name.
    const own = (i: number): string => `;qual${i + 1}`;
    const names = select.map((item, i) => item.alias ?? own(i));
    const columns = [...written];
    const nameOf = (sql: string): string => {
      // An order may be by a name already.
      let i = names.findIndex((name) => quote(name) === sql);
      if (i < 0) i = columns.indexOf(sql);
      if (i < 0) {
        i = columns.push(sql) - 1;
        names.push(own(i));
      }
      return names[i] as string;
    };
    const read = (sql: string): string => this.column('qualify', nameOf(sql));
    const asked = this.#tryCondition(qualify.over((e) => new Ref(nameOf(this.value(e)), e, 'qualify')));
    const outside = {
      written: written.map((_, i) => this.column('qualify', names[i] as string)),
      ordered: ordered.map((term) => ({ ...term, bare: read(term.bare) })),
      distinct: distinct.map(read),
    };
    const list = columns.map((sql, i) => `${sql} AS ${quote(names[i] as string)}`).join(', ');
    return { ...outside, rows: joined([`FROM (SELECT ${list} ${rows}) "qualify"`, asked && `WHERE ${asked}`]) };
  }

  #groupTerms(
    select: readonly SelectItem[],
    order: readonly OrderTerm[],
    conditions: readonly (Where | undefined)[],
  ): string[] {
    const { query } = this;
    if (query.groupBy === undefined) return [];
    if (query.distinctFields.length > 0)
      throw new NotImplementedError('annotate() + distinct(fields) is not implemented.');
    const chosen = query.groupBy === true ? [] : query.groupBy;
    const sorted = this.#metaOrdering ? [] : order.map((term) => term.expression);
    const grouped = [
      ...select.map((item) => item.expression).filter((expression) => !chosen.includes(expression)),
      ...sorted.filter((term) => !isRef(term) && !chosen.includes(term.inner)),
      ...conditions.filter((condition) => condition !== undefined),
    ];
    const expressions = [...chosen, ...grouped.flatMap((expression) => expression.groupBy())];
    const out: string[] = [];
    for (const expression of collapsed(expressions)) {
      if (expression.isLiteral) continue;
      const index = select.findIndex(
        (item) => item.expression === expression || (expression instanceof Ref && item.alias === expression.name),
      );
      const byPosition =
        index >= 0 &&
        (hasQuery(expression) ||
          expression instanceof Ref ||
          expression instanceof CaseExpression ||
          expression.isCondition);
      const sql = byPosition ? String(index + 1) : this.value(expression);
      if (!isKnown(sql) && !out.includes(sql)) out.push(sql);
    }
    return out;
  }

  // ---- FROM, WHERE, LIMIT ---------------------------------------------------------------------------------------

  #tryCondition(where: Where): string {
    return writeOr(() => where.sql(this, false), this.#always ? { full: '', empty: 'false' } : { full: '' });
  }

  #from(): string {
    const { query } = this;
    if (query.source) {
      const inner = new SelectCompiler(query.source.query, this.places).select({
        columnAliases: true,
        always: this.#always,
      });
      return `(${inner}) ${quote(query.source.alias)}`;
    }
    let sql = '';
    for (const [alias, join] of query.joins.map) {
      if (query.joins.count(alias) === 0) continue;
      sql += join.step ? ` ${this.#joinSql(join, join.step)}` : `${sql ? ', ' : ''}${tableSql(join)}`;
    }
    for (const table of query.extraTables)
      if (query.joins.count(table) === 0) sql += `${sql ? ', ' : ''}${quote(table)}`;
    return sql;
  }

  #joinSql(join: Join, { columns }: Step): string {
    const on = columns.map(
      ([near, far]) => `${this.column(join.parent, near.column)} = ${this.column(join.alias, far.column)}`,
    );
    const { condition } = join;
    const sql = condition ? writeOr(() => `(${condition.sql(this)})`, { empty: 'false', full: '' }) : '';
    if (sql) on.push(sql);
    return `${join.type === 'LEFT' ? 'LEFT OUTER' : 'INNER'} JOIN ${tableSql(join)} ON (${on.join(' AND ')})`;
  }

  #limits(): string[] {
    const { low, high } = this.query;
    const parts: string[] = [];
    // Checked integers, written into the text: a plan for an unknown LIMIT is a bad plan.
    if (high !== undefined) parts.push(`LIMIT ${integer(high - low)}`);
    if (low > 0) parts.push(`OFFSET ${integer(low)}`);
    return parts;
  }

  #lockPart(): string {
    const lock = this.query.forUpdate;
    if (!lock) return '';
    const known = new Map([['self', this.query.joins.base as string], ...relatedAliases(this.layout.related)]);
    const of = lock.of.map((name) => {
      const alias = known.get(name);
      if (alias !== undefined) return quote(alias);
      return refuseName(
        `Invalid field name(s) given in select_for_update(of=(...)): ${name}. Only relational fields followed in the query are allowed. Choices are: ${[...known.keys()].join(', ')}.`,
        name,
      );
    });
    return `FOR ${lock.noKey ? 'NO KEY ' : ''}UPDATE${of.length > 0 ? ` OF ${of.join(', ')}` : ''}${lock.nowait ? ' NOWAIT' : ''}${lock.skipLocked ? ' SKIP LOCKED' : ''}`;
  }

  // ---- UNION and its like ---------------------------------------------------------------------------------------

  #combine(options: SelectOptions): string {
    const { query } = this;
    const { operator, all, queries } = query.combined as NonNullable<Query['combined']>;
    // values() after union() chooses for each query that has not chosen for itself, and among what others have chosen.
    const chosen = query.valuesMode && valueNames(query);
    const own = queries.find(hasChosen);
    const asked = chosen && (own ? valueNames(own) : [...chosen, ...unchosenOrder(query, chosen)]);
    const isAmong = chosen?.every((name) => asked?.includes(name));
    const hidden = isAmong ? (asked as string[]).filter((name) => !chosen?.includes(name)) : [];
    const wrapped = hidden.length > 0;
    const columnAliases = wrapped || options.columnAliases;
    const { always } = options;
    const parts: string[] = [];
    let first: SelectCompiler | undefined;
    for (let part of queries) {
      // Nothing to unite, nothing to take away.
      const mayBeEmpty = operator === 'union' || (operator === 'difference' && parts.length > 0);
      if (mayBeEmpty && part.isEmpty) continue;
      if (asked && !hasChosen(part)) {
        part = part.clone();
        // It may be combined itself, and chooses for its own queries then.
        part.valuesMode = query.valuesMode;
        setValues(part, asked);
      }
      const compiler = new SelectCompiler(part, this.places);
      // Right of a lookup, what its own DISTINCT needs for its order is no column.
      compiler.query.isSubquery = !!query.isSubquery;
      const sql = writeOr(() => compiler.select({ columnAliases, always }), mayBeEmpty ? { empty: '' } : {});
      if (sql === '') continue;
      parts.push(`(${sql})`);
      first ??= compiler;
    }
    if (!first) throw new EmptyResultSet();
    const { layout } = first;
    const names = namesOf(layout.items, layout.firstColumn, isAmong ? (own ?? first.query) : query);
    const columns = layout.items.map((item, i) => (wrapped ? quote(item.alias ?? `col${i + 1}`) : String(i + 1)));
    const isShown = (_: unknown, i: number): boolean => !hidden.includes(names[i] as string);
    this.layout = { ...layout, items: layout.items.filter(isShown), names: names.filter(isShown) };
    const order = combinedOrder(query, names, columns);
    const word = { union: 'UNION', intersection: 'INTERSECT', difference: 'EXCEPT' }[operator];
    const combined = parts.join(` ${word}${all ? ' ALL' : ''} `);
    // What is only sorted by stays inside; an order or a limit of one that is left alone, apart from those of the whole.
    const from = wrapped ? `(${combined})` : parts.length === 1 && combined;
    const out = [
      from ? `SELECT ${wrapped ? columns.filter(isShown).join(', ') : '*'} FROM ${from} "combined"` : combined,
    ];
    if (order.length > 0) out.push(`ORDER BY ${order.join(', ')}`);
    out.push(...this.#limits());
    return out.join(' ');
  }
}

/** Its rows are not the model's own, as instances or as values(): their columns were chosen. */
const hasChosen = ({ valuesMode }: Query): unknown => valuesMode?.names;

/** A table's primary key stands for all of its columns. */
function collapsed(expressions: readonly Expression[]): Expression[] {
  const keyed = new Set<string | undefined>();
  for (const e of expressions)
    if (e instanceof Col && e.target.primaryKey && e.target.model.primaryKey.length === 1) keyed.add(e.alias);
  return expressions.filter((e) => !(e instanceof Col) || !keyed.has(e.alias) || e.target.primaryKey);
}

/** What each item is called in a row: its alias, the name that it was asked for by, or its field's. */
function namesOf(items: readonly SelectItem[], firstColumn: number, { selectNames, selectWidths }: Query): string[] {
  const selected = selectNames.flatMap((name, i) => new Array<string>(selectWidths[i] ?? 1).fill(name));
  return items.map(
    (item, i) =>
      item.alias ?? selected[i - firstColumn] ?? (item.expression instanceof Col ? item.expression.target.name : ''),
  );
}

/** What `value()` writes for what is known beforehand: PostgreSQL neither orders nor groups by it. */
const isKnown = (sql: string): boolean => /^(true|false|0|NULL(::.*)?)$/.test(sql);

const hasQuery = (expression: Expression): boolean =>
  [...expression.walk()].some((part) => part instanceof QueryExpression);

function tableSql(join: Join): string {
  const alias = quote(join.alias);
  // Without an alias a table of another schema is known by its full name too, which Drizzle's columns have.
  return join.model.tableName === join.alias ? join.model.sqlName : `${join.model.sqlName} ${alias}`;
}

/** The only values that SQL text holds: checked once more where they enter it. */
function integer(n: number): string {
  if (!Number.isSafeInteger(n) || n < 0) throw new TypeError(`A slice's bounds are whole numbers, got ${n}.`);
  return String(n);
}

/** The relations that are read beside the rows: the path of each, and its alias. */
const relatedAliases = (infos: readonly RelatedInfo[], prefix = ''): [string, string][] =>
  infos.flatMap(({ name, alias, related }) => [
    [prefix + name, alias],
    ...relatedAliases(related, `${prefix}${name}__`),
  ]);
