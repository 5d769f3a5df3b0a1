/** The queryset: an immutable pair of a shape and its values, lazy until awaited (Django's QuerySet, asgimod's AsyncQuerySet). */
import type { SQL } from 'drizzle-orm';
import { checkMerge } from '../compile/combine.js';
import { bindValues, type Statement } from '../compile/compiler.js';
import { planSelect, type SelectPlan } from '../compile/plan.js';
import type { Query } from '../compile/query.js';
import { IndexError, NotImplementedError, refuse } from '../errors.js';
import { readRows } from '../execute/run.js';
import { argumentsOf, isOptions, refuseUnknown, takeOptions } from '../expressions/func.js';
import type { Reader } from '../hydrate/reader.js';
import type { FetchMode, Instance, Using } from '../hydrate/instance.js';
import { checkBound, checkIndex } from '../meta/bounds.js';
import { shown } from '../meta/codecs.js';
import type { Model } from '../meta/model.js';
import { type HeldQuery, INSPECT, STATE } from '../meta/held.js';
import type { Shape } from '../state/shape.js';
import * as bulk from './bulk.js';
import { combinator, combineWith, withoutEmpty } from './combinators.js';
import type { Databases } from './context.js';
import { drizzleSql } from './escape.js';
import { Indexable } from './indexable.js';
import type { Operation } from './operation.js';
import * as op from './operations.js';
import { refuseCombined } from '../compile/refuse.js';
import { AT, CACHED, FINISH, NEXT } from './symbols.js';
import { type PrefetchItem, prefetchItems, prefetchObjects } from './prefetch.js';
import * as terminal from './terminals.js';
import * as write from './writes.js';
import { rawQuerySet, type RawQuerySet } from './raw.js';

/** What travels beside the shape: nothing of it is part of the SQL. */
export interface Hold {
  readonly model: Model;
  readonly databases: Databases;
  /** The model's own shape: where plans that no chain shapes are kept. */
  readonly root: Shape<Query>;
  readonly using: Using;
  readonly prefetch: readonly PrefetchItem[];
  readonly fetchMode: FetchMode;
  /** Sets on every row what a related manager knows of it. */
  readonly known: ((instance: Instance) => void) | undefined;
}

/** What is passed on along the chain. */
export interface QueryState extends HeldQuery<Query> {
  readonly hold: Hold;
}

/** The rows that were read, or those that are on their way. */
export interface Read {
  rows: unknown[] | undefined;
  reading: Promise<unknown[]> | undefined;
}

export interface ReadPlan extends SelectPlan {
  readonly read: Reader;
}

export class AsyncQuerySet extends Indexable implements PromiseLike<unknown[]> {
  readonly #state: QueryState;
  #read: Read | undefined;

  constructor(shape: Shape<Query>, values: readonly unknown[], hold: Hold, read?: Read) {
    super();
    this.#state = { shape, values, hold };
    this.#read = read;
  }

  get [STATE](): QueryState {
    return this.#state;
  }

  /** Where its rows are kept. */
  protected get read(): Read | undefined {
    return (this.#read ??= { rows: undefined, reading: undefined });
  }

  // ---- derive ---------------------------------------------------------------------------------------------------

  get #query(): Query {
    return this[STATE].shape.query;
  }
  [NEXT](operation: Operation): AsyncQuerySet {
    const { shape, values, hold } = this[STATE];
    const own = operation.values;
    return new AsyncQuerySet(
      shape.next(operation.key, own, operation.resolve),
      own.length === 0 ? values : values.length === 0 ? own : [...values, ...own],
      hold,
    );
  }
  [AT](shape: Shape<Query>, values = this[STATE].values): AsyncQuerySet {
    return new AsyncQuerySet(shape, values, this[STATE].hold);
  }
  #holding(changes: Partial<Hold>): AsyncQuerySet {
    const { shape, values, hold } = this[STATE];
    return new AsyncQuerySet(shape, values, { ...hold, ...changes });
  }

  // ---- chain ----------------------------------------------------------------------------------------------------

  all(): AsyncQuerySet {
    return this[AT](this[STATE].shape);
  }
  filter(...args: unknown[]): AsyncQuerySet {
    return this[NEXT](op.filter(args, false));
  }
  exclude(...args: unknown[]): AsyncQuerySet {
    return this[NEXT](op.filter(args, true));
  }
  complex_filter(condition: unknown): AsyncQuerySet {
    return this[NEXT](op.complexFilter(condition));
  }
  annotate(...args: unknown[]): AsyncQuerySet {
    return this[NEXT](op.annotate(args, true));
  }
  alias(...args: unknown[]): AsyncQuerySet {
    return this[NEXT](op.annotate(args, false));
  }
  order_by(...args: unknown[]): AsyncQuerySet {
    return this[NEXT](op.orderBy(args));
  }
  reverse(): AsyncQuerySet {
    return this[NEXT](op.reverse());
  }
  distinct(...fields: string[]): AsyncQuerySet {
    return this[NEXT](op.distinct(fields));
  }
  values(...args: unknown[]): AsyncQuerySet {
    const named = takeOptions<Record<string, unknown>>(args);
    return this[NEXT](op.values(args, named, 'dict'));
  }
  values_list(...args: unknown[]): AsyncQuerySet {
    const { flat, named } = takeOptions<{ flat: boolean; named: boolean }>(args, 'values_list()', ['flat', 'named']);
    if (flat && named) refuse("'flat' and 'named' can't be used together.");
    if (flat && args.length > 1) refuse("'flat' is not valid when values_list is called with more than one field.");
    if (flat && args.length === 0) refuse("'flat' is not valid when values_list is called without a field.");
    return this[NEXT](op.values(args, {}, flat ? 'flat' : named ? 'named' : 'tuple'));
  }
  dates(field: string, kind: string, ...given: unknown[]): AsyncQuerySet {
    return this[NEXT](op.dates(field, kind, argumentsOf('dates()', given, ['order'])));
  }
  datetimes(field: string, kind: string, ...given: unknown[]): AsyncQuerySet {
    return this[NEXT](op.dates(field, kind, argumentsOf('datetimes()', given, ['order', 'tzinfo']), true));
  }
  none(): AsyncQuerySet {
    return this[NEXT](op.none());
  }
  union(...args: unknown[]): AsyncQuerySet {
    const { all } = takeOptions<{ all: boolean }>(args, 'union()', ['all']);
    return this.#combinator('union', args, all === true);
  }
  intersection(...args: unknown[]): AsyncQuerySet {
    return this.#combinator('intersection', args, false);
  }
  difference(...args: unknown[]): AsyncQuerySet {
    return this.#combinator('difference', args, false);
  }
  #combinator(operator: 'union' | 'intersection' | 'difference', others: unknown[], all: boolean): AsyncQuerySet {
    const left = withoutEmpty(operator, this as AsyncQuerySet, others as AsyncQuerySet[]);
    if (left instanceof AsyncQuerySet) return left;
    const [first, rest] =
      operator === 'union' && this.#query.isEmpty
        ? [left[0] as AsyncQuerySet, left.slice(1)]
        : [this as AsyncQuerySet, left];
    return first[NEXT](combinator(operator, first[STATE], rest, all));
  }
  and(other: unknown): AsyncQuerySet {
    return this.#combined(other, 'AND');
  }
  or(other: unknown): AsyncQuerySet {
    return this.#combined(other, 'OR');
  }
  xor(other: unknown): AsyncQuerySet {
    return this.#combined(other, 'XOR');
  }
  #combined(other: unknown, connector: 'AND' | 'OR' | 'XOR'): AsyncQuerySet {
    if (!(other instanceof AsyncQuerySet))
      refuse(`${connector.toLowerCase()}() takes a queryset, got ${shown(other)}.`);
    checkMerge(this.#query, other.#query, connector);
    // Nothing and x is nothing; nothing or x is x.
    if (this.#query.isEmpty) return connector === 'AND' ? this : other;
    if (other.#query.isEmpty) return connector === 'AND' ? other : this;
    if (connector === 'AND') return this[NEXT](combineWith(this[STATE], other, connector));
    // What was cut stands for its own rows alone.
    const self = this.#uncut();
    return self[NEXT](combineWith(self[STATE], other.#uncut(), connector));
  }
  #uncut(): AsyncQuerySet {
    const { hold } = this[STATE];
    if (!this.#query.isSliced) return this;
    return new AsyncQuerySet(hold.root, [], hold).filter({ pk__in: this.values('pk') });
  }
  select_related(...fields: (string | null)[]): AsyncQuerySet {
    return this[NEXT](op.selectRelated(fields));
  }
  prefetch_related(...lookups: unknown[]): AsyncQuerySet {
    refuseCombined(this.#query, 'prefetch_related()');
    return this.#holding({ prefetch: prefetchItems(this[STATE].hold.prefetch, lookups, this.#query) });
  }
  extra(options: op.ExtraOptions = {}): AsyncQuerySet {
    return this[NEXT](
      op.extra(keywords(options, 'extra', 'select', 'select_params', 'where', 'params', 'tables', 'order_by')),
    );
  }
  defer(...fields: (string | null)[]): AsyncQuerySet {
    return this[NEXT](op.defer(fields));
  }
  only(...fields: string[]): AsyncQuerySet {
    return this[NEXT](op.only(fields));
  }
  using(using: Using): AsyncQuerySet {
    this[STATE].hold.databases.get(using);
    return this.#holding({ using });
  }
  select_for_update(options: op.LockOptions = {}): AsyncQuerySet {
    return this[NEXT](
      op.selectForUpdate(keywords(options, 'select_for_update', 'nowait', 'skip_locked', 'of', 'no_key')),
    );
  }
  /** How relations of the rows are fetched when one of them asks: one by one, for all that were loaded together, or not at all. */
  fetch_mode(mode: FetchMode): AsyncQuerySet {
    if (!['one', 'peers', 'raise'].includes(mode)) refuse('fetch_mode() takes FETCH_ONE, FETCH_PEERS or RAISE.');
    return this.#holding({ fetchMode: mode });
  }
  raw(sql: unknown, ...args: unknown[]): RawQuerySet {
    return rawQuerySet(this[STATE].hold, sql, args);
  }

  /** `qs[a:b]`: whole numbers, none below zero. */
  slice(start?: number | null, stop?: number | null): AsyncQuerySet {
    const [low, high] = [checkBound(start), checkBound(stop)];
    const cut = this[NEXT](op.slice(low, high));
    const rows = this[CACHED]?.slice(low ?? 0, high);
    if (rows) cut.#read = { rows, reading: undefined };
    return cut;
  }

  // ---- evaluate -------------------------------------------------------------------------------------------------

  /** The rows that are already here, if any. */
  get [CACHED](): unknown[] | undefined {
    return this.read?.rows;
  }

  /** All rows. A queryset asks once and keeps them; `all()` gives a fresh one. */
  eval(): Promise<unknown[]> {
    const { read } = this;
    if (read?.rows) return Promise.resolve(read.rows);
    if (read?.reading) return read.reading;
    try {
      const reading = this.#fetch(read);
      if (read) read.reading = reading;
      return reading;
    } catch (error) {
      // Nothing was sent, and nothing is kept: it may be asked again.
      return Promise.reject(error);
    }
  }
  then<A = unknown[], B = never>(
    onRows?: ((rows: unknown[]) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.eval().then(onRows, onError);
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    yield* await this.eval();
  }

  // Not an async function: each would be a promise more for every query. What is wrong before anything is sent throws.
  #fetch(kept: Read | undefined): Promise<unknown[]> {
    const { shape, values, hold } = this[STATE];
    const db = terminal.readFrom(this);
    const keep = (rows: unknown[]) => {
      // What was forgotten on its way is given, and not kept.
      if (kept?.reading) kept.rows = rows;
      return rows;
    };
    const plan = terminal.readPlan(shape);
    if (!plan.statement) return Promise.resolve([]);
    // What the database refused may be tried again.
    const forget = () => forgetRows(kept);
    const read = (raw: readonly (readonly unknown[])[]) => {
      try {
        const rows = plan.read(raw, hold.using, hold.fetchMode);
        const more = this[FINISH](rows);
        if (!more) return keep(rows);
        return more.then(
          () => keep(rows),
          (error: unknown) => {
            forget();
            throw error;
          },
        );
      } catch (error) {
        forget();
        throw error;
      }
    };
    return readRows(db, plan.statement, values, read, forget);
  }

  /** What rows need beyond their columns. Those that are no instances have no relations to keep. */
  [FINISH](rows: unknown[]): Promise<void> | undefined {
    const { shape, hold } = this[STATE];
    if (shape.query.valuesMode) return undefined;
    const { known, prefetch } = hold;
    if (known) for (const row of rows) known(row as Instance);
    return prefetch.length > 0 ? prefetchObjects(rows as Instance[], prefetch) : undefined;
  }

  /** The row at an index (`qs[n]`). */
  item(index: number): Promise<unknown> {
    const cut = this.slice(checkIndex(index), index + 1);
    return cut.eval().then(([row]) => {
      if (row === undefined) throw new IndexError('list index out of range');
      return row;
    });
  }

  get length(): number {
    throw new NotImplementedError('AsyncQuerySet does not support length: use await qs.count().');
  }

  // ---- terminals ------------------------------------------------------------------------------------------------

  get(...args: unknown[]): Promise<unknown> {
    return terminal.get(this, args);
  }
  first(): Promise<unknown> {
    return terminal.first(this);
  }
  last(): Promise<unknown> {
    return terminal.last(this);
  }
  latest(...fields: string[]): Promise<unknown> {
    return terminal.latest(this, fields, true);
  }
  earliest(...fields: string[]): Promise<unknown> {
    return terminal.latest(this, fields, false);
  }
  count(): Promise<number> {
    return terminal.count(this);
  }
  exists(): Promise<boolean> {
    return terminal.exists(this);
  }
  contains(object: unknown): Promise<boolean> {
    return terminal.contains(this, object);
  }
  aggregate(...args: unknown[]): Promise<Record<string, unknown>> {
    return terminal.aggregate(this, args);
  }
  in_bulk(ids?: unknown, options: object = {}): Promise<Map<unknown, unknown>> {
    const [list, given] = isOptions(ids) ? [undefined, ids] : [ids, options];
    return terminal.inBulk(
      this,
      list as Iterable<unknown> | null | undefined,
      keywords(given, 'in_bulk', 'field_name'),
    );
  }
  iterator(options: { chunk_size?: number } = {}): AsyncIterableIterator<unknown> {
    return terminal.iterator(this, keywords(options, 'iterator', 'chunk_size'), (rows) => this[FINISH](rows));
  }
  explain(options: Record<string, unknown> = {}): Promise<string> {
    return terminal.explain(this, keywords(options, 'explain'));
  }
  create(values: Record<string, unknown> = {}): Promise<Instance> {
    return write.create(this, keywords(values, 'create'));
  }
  get_or_create(values: Record<string, unknown> = {}): Promise<[Instance, boolean]> {
    return write.getOrCreate(this, keywords(values, 'get_or_create'));
  }
  update_or_create(values: Record<string, unknown> = {}): Promise<[Instance, boolean]> {
    return write.updateOrCreate(this, keywords(values, 'update_or_create'));
  }
  bulk_create(objects: Iterable<unknown>, options: bulk.BulkCreateOptions = {}): Promise<Instance[]> {
    return bulk.bulkCreate(
      this,
      objects,
      keywords(
        options,
        'bulk_create',
        'batch_size',
        'ignore_conflicts',
        'update_conflicts',
        'update_fields',
        'unique_fields',
      ),
    );
  }
  bulk_update(
    objects: Iterable<unknown>,
    fields: readonly string[],
    options: { batch_size?: number | null } = {},
  ): Promise<number> {
    return bulk.bulkUpdate(this, objects, fields, keywords(options, 'bulk_update', 'batch_size'));
  }
  update(values: Record<string, unknown>): Promise<number> {
    forgetRows(this.read);
    return write.update(this, keywords(values, 'update'));
  }
  delete(): Promise<[number, Record<string, number>]> {
    forgetRows(this.read);
    return write.remove(this);
  }

  // ---- see ------------------------------------------------------------------------------------------------------

  /** The statement, as Drizzle's builders give it. */
  toSQL(): { sql: string; params: unknown[] } {
    const { shape, values } = this[STATE];
    const { statement } = terminal.readPlan(shape);
    if (!statement) return { sql: '', params: [] };
    return { sql: statement.text, params: bindValues(statement, values) };
  }
  /** `String(qs.query)`: the SQL text. */
  get query(): { toString(): string } {
    return { toString: () => this.toSQL().sql };
  }
  /** For use inside a Drizzle query. */
  getSQL(): SQL {
    const { shape, values } = this[STATE];
    // Inside another query it stands though no row can match, and arrays are arrays.
    const { statement } = shape.plan('sql', () =>
      planSelect(shape.query, shape.params, undefined, { always: true, rows: false }),
    );
    return drizzleSql({ sql: (statement as Statement).text, params: bindValues(statement as Statement, values) });
  }
  /** Whether the rows have an order of their own. */
  get ordered(): boolean {
    const query = this.#query;
    if (query.isEmpty) return true;
    if (query.extraOrderBy.length > 0 || query.orderBy.length > 0) return true;
    return query.defaultOrdering && query.model.ordering.length > 0 && query.groupBy === undefined;
  }
  /** The alias of the database that the rows come from. */
  get db(): string {
    const { databases, using } = this[STATE].hold;
    return databases.aliasOf(using);
  }
  get model(): unknown {
    return this[STATE].hold.model.cls;
  }
  override toString(): string {
    return `<AsyncQuerySet [...${this[STATE].hold.model.name}]>`;
  }
  [INSPECT](): string {
    return this.toString();
  }
}

/** A manager: a queryset over all rows that asks anew each time. */
export class AsyncManager extends AsyncQuerySet {
  protected override get read(): Read | undefined {
    return undefined;
  }
}

function forgetRows(read: Read | undefined): void {
  if (read) read.rows = read.reading = undefined;
}

/** What Django takes as keyword arguments: by these names, or by those of a model. */
function keywords<T extends object>(given: T, method: string, ...known: string[]): T {
  if (!isOptions(given)) refuse(`${method}() takes an object of keyword arguments, got ${shown(given)}.`);
  if (known.length > 0) refuseUnknown(`${method}()`, given, known);
  return given;
}
