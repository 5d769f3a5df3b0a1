/** Conditions as users write them (Django's `Q`). */
import { isObject } from '../meta/kinds.js';
import type { Query } from '../compile/query.js';
import { refuse } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { Param } from '../meta/param.js';
import { drizzleExpression, isDrizzleSql } from './drizzle.js';
import { copy, Expression, type Relabel, type ResolveOptions } from './expression.js';
import { isOptions } from './func.js';
import { F } from './refs.js';
import { bindOperand, describe, type Operand } from './operand.js';

export type QConnector = 'AND' | 'OR' | 'XOR';

/** One lookup of a condition: `name__startswith`, and what stands right of it. */
export class Condition extends Expression {
  constructor(
    readonly lookup: string,
    readonly value: unknown,
    /** The value, bound to its places. */
    readonly operand?: Operand,
  ) {
    super();
  }
  override key(): string {
    return `${keyName(this.lookup)}=${describe(this.value, this.lookup, [])}`;
  }
  override collect(values: unknown[]): void {
    describe(this.value, this.lookup, values);
  }
  override bind(params: Param[]): Condition {
    return copy(this, { operand: bindOperand(this.value, params) });
  }
  override relabel(change: Relabel): Condition {
    const { operand } = this;
    const moved = operand instanceof Param ? change.params?.get(operand) : operand?.relabel(change);
    return moved === undefined || moved === operand ? this : copy(this, { operand: moved });
  }
  override sql(): string {
    refuse(`The condition on '${this.lookup}' was not resolved against a model.`);
  }
}

/** A lookup's name as part of a key: nothing in it can be taken for another key's grammar. */
export const keyName = (name: string): string => (/^\w+$/.test(name) ? name : JSON.stringify(name));

/** Conditions that are joined: as users write them, and resolved. */
export abstract class ConditionTree extends Expression {
  constructor(
    children: readonly Expression[] = [],
    readonly connector: QConnector = 'AND',
    readonly negated = false,
  ) {
    super(children);
  }
  get children(): readonly Expression[] {
    return this.sources;
  }
}

export class Q extends ConditionTree {
  override get conditional(): boolean {
    return true;
  }
  protected override ownKey(): string {
    return `${this.negated ? '~' : ''}${this.connector}`;
  }

  /** Both conditions (`&`). */
  and(other: unknown): Q {
    return this.combine(other, 'AND');
  }
  /** One of the conditions at least (`|`). */
  or(other: unknown): Q {
    return this.combine(other, 'OR');
  }
  /** An odd number of the conditions (`^`). */
  xor(other: unknown): Q {
    return this.combine(other, 'XOR');
  }
  /** The opposite (`~`). */
  not(): Q {
    // Twice negated is not what it was: under a negation, a condition across many rows asks a subquery.
    return this.negated ? new Q([this], 'AND', true) : new Q(this.children, this.connector, true);
  }

  private combine(other: unknown, connector: QConnector): Q {
    const right = toCondition(other);
    if (right instanceof Q && right.children.length === 0) return this;
    if (this.children.length === 0) return right instanceof Q ? right : new Q([right]);
    return new Q([], connector).plus(this).plus(right);
  }

  /** Adds a condition; what joins in the same way is not nested. */
  private plus(child: Expression): Q {
    if (child instanceof Q && !child.negated && (child.connector === this.connector || child.children.length === 1)) {
      return this.withSources([...this.children, ...child.children]) as Q;
    }
    return this.withSources([...this.children, child]) as Q;
  }

  override resolve(query: Query, options: ResolveOptions): Expression {
    return query.resolveCondition(this, options);
  }
  override sql(): string {
    refuse('Q() was not resolved against a model.');
  }
}

/** A condition as it may be given to `and`, `or`, `filter`: never a plain object. */
export function toCondition(value: unknown): Expression {
  if (value instanceof Q) return value;
  if (value instanceof Expression) {
    if (value.conditional || value instanceof F) return value;
    refuse('Cannot filter against a non-conditional expression.');
  }
  if (isDrizzleSql(value)) return drizzleExpression(value);
  refuse(`Expected a condition, got ${shown(value)}.`);
}

/** The names of lookups, own and enumerable, in Django's order: joins are made in it. */
export function lookupKeys(object: object): string[] {
  const keys = Object.keys(object);
  return keys.length > 1 ? keys.sort() : keys;
}

/** Lookups given as an object. */
export function lookupsOf(object: unknown): Condition[] {
  if (!isOptions(object)) refuse(`Expected a plain object of lookups, got ${shown(object)}.`);
  return lookupKeys(object).map((lookup) => new Condition(lookup, object[lookup]));
}

/** Is this an object of lookups rather than a condition? */
export const isLookups = (value: unknown): boolean =>
  isObject(value) && !(value instanceof Expression) && !isDrizzleSql(value);

/** What `filter(...)` was given, as one condition. */
export function conditionOf(args: readonly unknown[]): Q {
  const children: Expression[] = [];
  args.forEach((arg, i) => {
    if (isLookups(arg)) {
      if (i !== args.length - 1) refuse('Lookups come last, after all conditions.');
      children.push(...lookupsOf(arg));
    } else children.push(toCondition(arg));
  });
  return new Q(children);
}
