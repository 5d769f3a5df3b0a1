/** The resolved tree of conditions (Django's WhereNode). */
import { isText } from '../meta/kinds.js';
import { NotImplementedError } from '../errors.js';
import { Lookup } from '../lookups/lookup.js';
import { Param } from '../meta/param.js';
import * as TYPES from '../meta/types.js';
import { Expression } from '../expressions/expression.js';
import { ConditionTree, type QConnector } from '../expressions/q.js';
import type { Compiler } from './compiler.js';
import { EmptyResultSet, FullResultSet, writeOr } from '../expressions/empty.js';

/** The parts of a condition. */
interface Split {
  readonly where: Where;
  readonly having?: Where | undefined;
  readonly qualify?: Where | undefined;
}

const partOf = (condition: Expression): keyof Split =>
  condition.containsOver ? 'qualify' : condition.containsAggregate ? 'having' : 'where';

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

  /** This and another condition, joined. */
  plus(child: Expression, connector: QConnector = 'AND'): Where {
    if (child instanceof Where && child.empty) return this;
    if (this.empty && !this.negated) return new Where([child], connector);
    if (this.connector === connector && !this.negated) return new Where([...this.children, child], connector);
    return new Where([this, child], connector);
  }

  override groupBy(): Expression[] {
    return this.children.flatMap((c) => c.groupBy());
  }

  /** Divides what can be asked of rows from what can only be asked of groups, and that from what of windows over them. */
  split(isGrouped: boolean, negated = false): Split {
    if (!this.containsAggregate && !this.containsOver) return { where: this };
    const inNegated = negated !== this.negated;
    // A negated AND, an OR or a XOR with an aggregate or a window in it cannot be taken apart; a negated OR can.
    if (this.connector === 'XOR' || (this.connector === 'AND') === inNegated) {
      if (!this.containsOver) return { where: NONE, having: this };
      if (isGrouped && this.leaves().some((leaf) => !leaf.containsAggregate && !leaf.containsOver))
        throw new NotImplementedError(
          'Heterogeneous disjunctive predicates against window functions are not implemented when performing conditional aggregation.',
        );
      return { where: NONE, qualify: this };
    }
    const parts: Record<keyof Split, Expression[]> = { where: [], having: [], qualify: [] };
    for (const child of this.children) {
      const split = child instanceof Where ? child.split(isGrouped, inNegated) : { [partOf(child)]: child };
      for (const [part, condition] of Object.entries(split))
        if (condition && condition !== NONE) parts[part as keyof Split].push(condition);
    }
    const [where, having, qualify] = [parts.where, parts.having, parts.qualify].map((all) =>
      all.length > 0 ? new Where(all, this.connector, this.negated) : undefined,
    );
    return { where: where ?? NONE, having, qualify };
  }
  private leaves(): Expression[] {
    return this.children.flatMap((child) => (child instanceof Where ? child.leaves() : [child]));
  }

  /** The same condition of rows that have what is asked of them under names. */
  over(named: (expression: Expression) => Expression): Where {
    return this.mapSources((child) => {
      if (child instanceof Where) return child.over(named);
      const isOfWindow = child instanceof Lookup && child.rhs instanceof Param && child.lhs.containsOver;
      return isOfWindow ? child.mapSources(named) : named(child);
    }) as Where;
  }

  /** What is the whole of WHERE or HAVING has nothing beside it, and needs no parentheses. */
  override sql(compiler: Compiler, enclosed = true): string {
    const { connector, negated } = this;
    const isXor = connector === 'XOR' && this.children.length > 1;
    const parts: string[] = [];
    /** The children that no row, or every row, meets. */
    const fixed: boolean[] = [];
    for (const child of this.children) {
      const sql = writeOr<string | boolean>(() => child.sql(compiler), { empty: false, full: true });
      if (isText(sql)) parts.push(sql);
      else fixed.push(sql);
    }
    const odd = fixed.filter(Boolean).length % 2;
    // AND is decided by a child that is false, OR by one that is true.
    const decisive = connector === 'OR';
    const isDecided = !isXor && fixed.includes(decisive);
    if (isDecided || parts.length === 0) {
      const holds = isXor ? odd === 1 : isDecided === decisive;
      throw holds === negated ? new EmptyResultSet() : new FullResultSet();
    }
    // True for an odd number of true conditions; PostgreSQL has no XOR.
    if (isXor)
      return `(${parts.map((sql) => `CASE WHEN ${sql} THEN 1 ELSE 0 END`).join(' + ')} + ${odd}) % 2 = ${negated ? 0 : 1}`;
    const joined = parts.join(decisive ? ' OR ' : ' AND ');
    if (negated) return `NOT (${joined})`;
    return enclosed && parts.length > 1 ? `(${joined})` : joined;
  }
}

const NONE = new Where();

/** No row at all: `none()`. */
export class Nothing extends Expression {
  override get isCondition(): boolean {
    return true;
  }
  override sql(): string {
    throw new EmptyResultSet();
  }
}
