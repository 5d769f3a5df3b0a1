/** The base of all lookups: a left-hand side, a right-hand side, and how they are written. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { copy, Expression, type Relabel } from '../expressions/expression.js';
import { refuse } from '../errors.js';
import type { FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { Param } from '../meta/param.js';

/** What stands right of a lookup: a place, an expression, or several of them. */
export type Rhs = Param | Expression;

/** A list with expressions in it: `range: [F('a'), 5]`. */
export class ListRhs extends Expression {
  constructor(readonly items: readonly Rhs[]) {
    super(items.filter((item) => item instanceof Expression));
  }
  override withSources(sources: readonly Expression[]): Expression {
    let i = 0;
    const items = this.items.map((item) => (item instanceof Expression ? (sources[i++] as Expression) : item));
    return copy(this, { sources, items });
  }
  override relabel(change: Relabel): Expression {
    const moved = super.relabel(change) as this;
    const items = moved.items.map((item) => (item instanceof Param && change.params?.get(item)) || item);
    return copy(moved, { items });
  }
  override groupBy(): Expression[] {
    return this.sources.flatMap((s) => s.groupBy());
  }
  override sql(): string {
    refuse('A list stands only right of in, range and the array lookups.');
  }
}

/** What a lookup is: one object of a table, by the lookup's name. */
export interface LookupDefinition {
  /** What the left-hand side is read as, where that is not itself. */
  readonly left?: (lhs: Expression) => Expression;
  /** What every call's value must be, checked before anything is sent: that it can be encoded, if nothing is said. */
  readonly check?: (lookup: Lookup) => (value: unknown) => void;
  /** What else stands right, checked once. */
  readonly prepare?: (rhs: Expression, lookup: Lookup) => void;
  readonly write: (lookup: Lookup, compiler: Compiler) => string;
}

/** A check that a value can be encoded. */
export const encodes =
  (encode: Encode) =>
  (value: unknown): void =>
    void encode(value);

export class Lookup extends Expression {
  override get isCondition(): boolean {
    return true;
  }
  constructor(
    lhs: Expression,
    readonly rhs: Rhs,
    readonly definition: LookupDefinition,
  ) {
    const { left, check, prepare } = definition;
    const inner = left ? left(lhs) : lhs;
    super(rhs instanceof Param ? [inner] : [inner, rhs]);
    if (rhs instanceof Param) rhs.require(check ? check(this) : encodes(this.encode));
    else prepare?.(rhs, this);
  }
  override get output(): FieldType {
    return TYPES.boolean;
  }
  /** The type that the right-hand side is read as. */
  get type(): FieldType {
    return this.lhs.output ?? TYPES.unknown;
  }
  /** How a value becomes the parameter. */
  get encode(): Encode {
    return this.type.encode;
  }
  get lhs(): Expression {
    return this.inner;
  }
  override withSources(sources: readonly Expression[]): Expression {
    return copy(this, { sources, rhs: sources[1] ?? this.rhs });
  }
  override relabel(change: Relabel): Expression {
    const moved = super.relabel(change);
    const rhs = this.rhs instanceof Param ? change.params?.get(this.rhs) : undefined;
    return rhs ? copy(moved, { rhs }) : moved;
  }
  override groupBy(): Expression[] {
    return this.sources.flatMap((s) => s.groupBy());
  }
  override sql(compiler: Compiler): string {
    return this.definition.write(this, compiler);
  }

  /** The right-hand side, written. */
  right(compiler: Compiler, encode: Encode, cast = ''): string {
    return place(compiler, this.rhs, encode, cast);
  }
}

/** A value's place with its cast, or the expression that stands for it. */
export const place = (compiler: Compiler, rhs: Rhs, encode: Encode, cast: string): string =>
  rhs instanceof Param ? compiler.param(rhs, encode) + cast : compiler.compile(rhs);

/** What a step of a path makes of the value before it: its transform. */
export type Step = (lhs: Expression) => Expression;
