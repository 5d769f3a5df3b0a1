/** Querysets inside expressions: Subquery, Exists, OuterRef. */
import { isText } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import { EmptyResultSet, FullResultSet, writeOr } from './empty.js';
import type { Query } from '../compile/query.js';
import { refuse } from '../errors.js';
import { arrayTypeOf, type FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { heldQuery } from '../meta/held.js';
import { Param } from '../meta/param.js';
import type { Shape } from '../state/shape.js';
import { setQuerySetWrapper, UserExpression } from './base.js';
import { copy, type Expression, type Relabel, type ResolveOptions } from './expression.js';
import { Q } from './q.js';
import { Col, F, keyRow } from './refs.js';

/** A queryset as the user holds it: its shape is part of this expression's key, its values are collected. */
export class QuerySetExpression extends UserExpression {
  /** The shape's query with places of this statement's own. */
  private readonly bound?: Query;
  /** Its rows' order matters: an array's. */
  private readonly isOrdered?: boolean;
  constructor(
    readonly shape: Shape<Query>,
    readonly values: readonly unknown[],
  ) {
    super();
  }
  override key(): string {
    return `q${this.shape.id}`;
  }
  override collect(values: unknown[]): void {
    for (const value of this.values) values.push(value);
  }
  override bind(params: Param[]): Expression {
    const places = new Map<Param, Param>();
    this.shape.params.forEach((param, i) => {
      const fresh = new Param(this.values[i]);
      fresh.check = param.check;
      places.set(param, fresh);
      params.push(fresh);
    });
    const bound = this.shape.query.relabeled({ aliases: new Map(), params: places });
    return copy(this, { bound });
  }
  override resolve(query: Query, options: ResolveOptions): Expression {
    return new QueryExpression((this.bound ?? this.shape.query).asSubquery(query, options, this.isOrdered));
  }
  ordered(): Expression {
    return copy(this as QuerySetExpression, { isOrdered: true } as never);
  }
  override sql(): string {
    refuse('A queryset stands only inside a query.');
  }
}

setQuerySetWrapper((value) => {
  const held = heldQuery<Query>(value);
  return held && new QuerySetExpression(held.shape, held.values);
});

/** A query inside another, resolved against it. */
export class QueryExpression extends UserExpression {
  override get isSubquery(): boolean {
    return true;
  }
  constructor(readonly query: Query) {
    super();
  }
  override resolve(outer: Query, options: ResolveOptions): Expression {
    return copy(this, { query: this.query.resolveOuter(outer, options) });
  }
  override relabel(change: Relabel): Expression {
    return copy(this, { query: this.query.relabeled(change) });
  }
  override get output(): FieldType | undefined {
    return this.query.outputType();
  }
  override groupBy(): Expression[] {
    const outer = this.query.externalColumns();
    return outer.some((col) => col.multivalued) ? [this] : outer;
  }
  override sql(compiler: Compiler): string {
    return `(${compiler.subquery(this.query)})`;
  }
}

/** One value of a queryset, as an expression. */
export class Subquery extends UserExpression {
  override get isSubquery(): boolean {
    return true;
  }
  constructor(inner: Expression, options: { output_field?: unknown } = {}) {
    super([inner], options.output_field);
  }
  override groupBy(): Expression[] {
    const columns = this.inner.groupBy();
    return columns[0] === this.inner ? [this] : columns;
  }
  override sql(compiler: Compiler): string {
    return compiler.compile(this.inner);
  }
}

/** All values of a queryset of one column, as an array. */
export class ArraySubquery extends Subquery {
  override get conditional(): boolean {
    return false;
  }
  protected override get ownOutput(): FieldType {
    return arrayTypeOf(this.inner.output ?? TYPES.unknown);
  }
  override sql(compiler: Compiler): string {
    return writeOr(() => `ARRAY${super.sql(compiler)}`, { empty: `'{}'::${this.output?.base}` });
  }
}

/** Whether a queryset has a row. */
export class Exists extends Subquery {
  override get isCondition(): boolean {
    return true;
  }
  private readonly negated?: boolean;
  protected override ownKey(): string {
    return this.negated ? '~' : '';
  }
  protected override get ownOutput(): FieldType {
    return TYPES.boolean;
  }
  and(other: unknown): Q {
    return new Q([this]).and(other);
  }
  or(other: unknown): Q {
    return new Q([this]).or(other);
  }
  xor(other: unknown): Q {
    return new Q([this]).xor(other);
  }
  /** No such row (`~Exists(…)`). */
  not(): Exists {
    return copy(this, { negated: !this.negated });
  }
  override sql(compiler: Compiler): string {
    const { query } = this.inner as QueryExpression;
    try {
      return `${this.negated ? 'NOT ' : ''}EXISTS(${compiler.subquery(query.forExists())})`;
    } catch (error) {
      if (error instanceof EmptyResultSet && this.negated) throw new FullResultSet();
      throw error;
    }
  }
}

/** A field of the query around this one. */
export class OuterRef extends F {
  constructor(readonly outer: string | OuterRef | F) {
    super(isText(outer) ? outer : outer.name);
  }
  protected override ownKey(): string {
    return isText(this.outer) ? JSON.stringify(this.outer) : `^${this.outer.key()}`;
  }
  override resolve(): Expression {
    return isText(this.outer) ? new ResolvedOuterRef(this.outer) : this.outer;
  }
}

/** An outer field that waits for the outer query. */
export class ResolvedOuterRef extends F {
  override resolve(query: Query, options: ResolveOptions): Expression {
    const resolved = query.resolveRef(this.name, { ...options, wholeKey: keyRow });
    return resolved instanceof Col && this.name.includes('__')
      ? copy(resolved as Col, { multivalued: true })
      : resolved;
  }
  override get output(): FieldType | undefined {
    return undefined;
  }
  override sql(): string {
    refuse('This queryset contains a reference to an outer query and may only be used in a subquery.');
  }
}
