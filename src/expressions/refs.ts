/** Names and what they become: columns and references to the select list. */
import { isText } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import type { Query } from '../compile/query.js';
import { NotSupportedError, refuse, refuseName } from '../errors.js';
import { checkBound, checkIndex } from '../meta/bounds.js';
import { shown } from '../meta/codecs.js';
import type { FieldType } from '../meta/field-type.js';
import type { Field, Relation } from '../meta/model.js';
import * as TYPES from '../meta/types.js';
import { OrderBy, toOperand, UserExpression, Value } from './base.js';
import { DrizzleSQL } from './drizzle.js';
import { copy, Expression, type Relabel, type ResolveOptions } from './expression.js';

/** Turns what may stand as an argument into an expression: a text is a field's name. */
export const toExpression = (value: unknown): Expression => (isText(value) ? new F(value) : toOperand(value));

/** What may be left out, or given alone or as a list. */
export const listOf = (value: unknown): unknown[] => [value ?? []].flat();

/** `-price`: a name, and whether it is descending. */
export function orderName(text: string): [name: string, descending: boolean] {
  const descending = text.startsWith('-');
  return [descending ? text.slice(1) : text, descending];
}

/** A term of ORDER BY from what may stand for one: a name as `orderName` reads it, or an expression. */
export function toOrder(value: unknown): OrderBy {
  if (isText(value)) {
    const [name, descending] = orderName(value);
    return new OrderBy(new F(name), descending);
  }
  const expression = toOperand(value);
  if (expression instanceof OrderBy) return expression;
  const said = expression instanceof DrizzleSQL ? expression.direction() : undefined;
  return said ? new OrderBy(...said) : new OrderBy(expression, false);
}

/** A field, relation or annotation by name (Django's `F`). */
export class F extends UserExpression {
  constructor(readonly name: string) {
    super();
    if (!isText(name)) refuse(`F() takes a field's name, got ${shown(name)}.`);
  }
  protected override ownKey(): string {
    return JSON.stringify(this.name);
  }
  override resolve(query: Query, options: ResolveOptions): Expression {
    return query.resolveRef(this.name, options);
  }
  /**
   * The characters of a text, or the elements of an array, from `start` to before `end`, counted from 0.
   * @see https://docs.djangoproject.com/en/stable/ref/models/expressions/#slicing-f-expressions
   */
  slice(start: number, end?: number): Expression {
    return new Sliced(this, checkIndex(start), checkBound(end));
  }
  override sql(): string {
    refuseName(`F('${this.name}') was not resolved against a model.`);
  }
  override toString(): string {
    return `F(${this.name})`;
  }
}

/** No text or array is longer: what `integer` holds. */
const FURTHEST = 2 ** 31 - 1;

/** Part of a text or of an array (`F('name')[:3]`, as Python writes it). */
class Sliced extends UserExpression {
  constructor(source: Expression, start: number, end: number | undefined) {
    if (end !== undefined && end < start) refuse('Slice stop must be greater than slice start.');
    const bounds = end === undefined ? [start + 1] : [start + 1, end];
    super([source, ...bounds.map((bound) => new Value(Math.min(bound, FURTHEST)))]);
  }
  protected override get ownOutput(): FieldType | undefined {
    const { output } = this.inner;
    return output?.family === 'array' ? output : TYPES.text;
  }
  override sql(compiler: Compiler): string {
    const [of, first, last] = this.sources.map((s, i) => compiler.value(s) + (i ? '::integer' : ''));
    const family = this.inner.output?.family;
    if (family === 'array') return `(${of})[${first}:${last ?? ''}]`;
    if (family !== 'text') throw new NotSupportedError('This field does not support slicing.');
    return `SUBSTRING(${of}, ${first}${last ? `, ${last} - ${first} + 1` : ''})`;
  }
}

/** A column of a table in this query. */
export class Col extends UserExpression {
  constructor(
    readonly alias: string | undefined,
    readonly target: Field,
    /** The joins on its way may repeat the rows: it groups as the subquery, not as the column. */
    readonly multivalued?: boolean,
    /** The relation that the name ended at, where the column is a foreign key's. */
    readonly relation?: Relation,
  ) {
    super();
  }
  override get containsColumns(): boolean {
    return true;
  }
  protected override get ownOutput(): FieldType {
    return this.target.type;
  }
  override relabel(change: Relabel): Expression {
    const alias = change.aliases.get(this.alias);
    return alias === undefined ? this : copy(this, { alias });
  }
  override sql(compiler: Compiler): string {
    return compiler.column(this.alias, this.target.column);
  }
  override toString(): string {
    return `Col(${this.alias}, ${this.target.name})`;
  }
}

/** `(a, b)`: the columns of a composite key, as one value. */
export class KeyRow extends Expression {
  override sql(compiler: Compiler): string {
    return `(${this.sources.map((s) => compiler.compile(s)).join(', ')})`;
  }
}

/** The same, NULL where the row that it is of is missing: what `Count()` counts. */
class CountableKey extends KeyRow {
  override sql(compiler: Compiler): string {
    return `CASE WHEN ${compiler.compile(this.inner)} IS NOT NULL THEN ${super.sql(compiler)} END`;
  }
}

export const countableKey = (columns: readonly Expression[]): Expression => new CountableKey(columns);

/** The columns of a key, as one value. */
export const keyRow = (columns: readonly Expression[]): Expression =>
  columns.length === 1 ? (columns[0] as Expression) : new KeyRow(columns);

/** An annotation by its name in the select list. */
export class Ref extends UserExpression {
  constructor(
    readonly name: string,
    readonly source: Expression,
    readonly table?: string,
  ) {
    super();
  }
  override get conditional(): boolean {
    return this.source.conditional;
  }
  override get containsAggregate(): boolean {
    return this.source.containsAggregate;
  }
  override get output(): FieldType | undefined {
    return this.source.output;
  }
  override relabel(change: Relabel): Expression {
    return change.aliases.has(undefined) ? copy(this, { table: change.aliases.get(undefined) }) : this;
  }
  override groupBy(): Expression[] {
    return [this];
  }
  override sql(compiler: Compiler): string {
    return compiler.column(this.table, this.name);
  }
}

/** The `*` of `Count('*')`. */
export class Star extends Expression {
  override sql(): string {
    return '*';
  }
}
