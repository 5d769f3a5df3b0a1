/** The resolved tree of conditions (Django's WhereNode). */
import * as TYPES from '../meta/types.js';
import { Expression, type Relabel } from '../expressions/expression.js';
import { ConditionTree, type QConnector } from '../expressions/q.js';
import type { Compiler } from './compiler.js';
import { EmptyResultSet, FullResultSet, writeOr } from '../expressions/empty.js';

export class Where extends ConditionTree {
  override get isCondition(): boolean {
    return true;
  }
  override get output() {
    return TYPES.boolean;
  }
  get empty(): boolean {
    return this.children.length === 0;
  }

  /** A condition that every row meets. */
  fresh(): Where {
    return new Where();
  }

  /** This and another condition, joined. */
  plus(child: Expression, connector: QConnector = 'AND'): Where {
    if (child instanceof Where && child.empty) return this;
    if (this.empty && !this.negated) return new Where([child], connector);
    if (this.connector === connector && !this.negated) return new Where([...this.children, child], connector);
    return new Where([this, child], connector);
  }

  override relabel(change: Relabel): Where {
    return this.mapSources((s) => s.relabel(change)) as Where;
  }

  override groupBy(): Expression[] {
    return this.children.flatMap((c) => c.groupBy());
  }

  /** Divides what can be asked of rows from what can only be asked of groups. */
  splitHaving(): { where: Where; having: Where | undefined } {
    if (!this.containsAggregate) return { where: this, having: undefined };
    // A negated AND, an OR or a XOR with an aggregate in it cannot be taken apart.
    if (this.negated || this.connector !== 'AND') return { where: new Where(), having: this };
    const where: Expression[] = [];
    const having: Expression[] = [];
    for (const child of this.children) {
      if (child instanceof Where) {
        const split = child.splitHaving();
        if (!split.where.empty) where.push(split.where);
        if (split.having && !split.having.empty) having.push(split.having);
      } else (child.containsAggregate ? having : where).push(child);
    }
    return { where: new Where(where), having: having.length > 0 ? new Where(having) : undefined };
  }

  /** What is the whole of WHERE or HAVING has nothing beside it, and needs no parentheses. */
  override sql(compiler: Compiler, enclosed = true): string {
    if (this.connector === 'XOR' && this.children.length > 1) return this.xor(compiler);
    const and = this.connector !== 'OR';
    const parts: string[] = [];
    let full = 0;
    let empty = 0;
    for (const child of this.children) {
      const sql = writeOr<string | boolean>(() => compiler.condition(child), { empty: false, full: true });
      if (sql === true) full++;
      else if (sql === false) empty++;
      else parts.push(sql);
    }
    const none = and ? empty > 0 : empty > 0 && empty === this.children.length;
    const all = and ? full === this.children.length : full > 0;
    if (none) throw this.negated ? new FullResultSet() : new EmptyResultSet();
    if (all) throw this.negated ? new EmptyResultSet() : new FullResultSet();
    const joined = parts.join(and ? ' AND ' : ' OR ');
    if (this.negated) return `NOT (${joined})`;
    return enclosed && parts.length > 1 ? `(${joined})` : joined;
  }

  /** True for an odd number of true conditions; PostgreSQL has no XOR. */
  private xor(compiler: Compiler): string {
    const terms: string[] = [];
    let fixed = 0;
    for (const child of this.children) {
      const sql = writeOr<string | boolean>(() => compiler.condition(child), { empty: false, full: true });
      if (sql === true) fixed++;
      else if (sql !== false) terms.push(`CASE WHEN ${sql} THEN 1 ELSE 0 END`);
    }
    if (terms.length === 0) {
      throw (fixed % 2 === 1) !== this.negated ? new FullResultSet() : new EmptyResultSet();
    }
    return `(${terms.join(' + ')} + ${fixed}) % 2 = ${this.negated ? 0 : 1}`;
  }
}

/** No row at all: `none()`. */
export class Nothing extends Expression {
  override get isCondition(): boolean {
    return true;
  }
  override sql(): string {
    throw new EmptyResultSet();
  }
}
