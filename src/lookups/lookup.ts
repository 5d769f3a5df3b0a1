/** The base of all lookups: a left-hand side, a right-hand side, and how they are written. */
import type { Compiler, Encode } from '../compile/compiler.js';
import { copy, Expression, type Relabel } from '../expressions/expression.js';
import { UserExpression } from '../expressions/base.js';
import { ValueError } from '../errors.js';
import { encodeLoose } from '../meta/codecs.js';
import { type FieldType, TYPES } from '../meta/field-type.js';
import { Param } from '../meta/param.js';

/** What stands right of a lookup: a place, an expression, or several of them. */
export type Rhs = Param | Expression;

/** A list with expressions in it: `range: [F('a'), 5]`. */
export class ListRhs extends Expression {
  constructor(readonly items: readonly Rhs[]) {
    super();
  }
  override get sources(): readonly Expression[] {
    return this.items.filter((item): item is Expression => item instanceof Expression);
  }
  override withSources(sources: readonly Expression[]): Expression {
    let i = 0;
    return new ListRhs(this.items.map((item) => (item instanceof Expression ? (sources[i++] as Expression) : item)));
  }
  override relabel(change: Relabel): Expression {
    return new ListRhs(
      this.items.map((item) => (item instanceof Param ? (change.params?.get(item) ?? item) : item.relabel(change))),
    );
  }
  override sql(): string {
    throw new ValueError('A list stands only right of in, range and the array lookups.');
  }
}

export interface LookupClass {
  new (lhs: Expression, rhs: Rhs): Lookup;
  readonly lookupName: string;
}

export abstract class Lookup extends Expression {
  override get isCondition(): boolean {
    return true;
  }
  static readonly lookupName: string;
  constructor(
    readonly lhs: Expression,
    readonly rhs: Rhs,
  ) {
    super();
    this.prepare();
  }

  /** What every call's value must be, checked before anything is sent. */
  protected prepare(): void {
    if (this.rhs instanceof Param) {
      const encode = this.encode;
      this.rhs.require((value) => void encode(value));
    }
  }

  get name(): string {
    return (this.constructor as typeof Lookup).lookupName;
  }
  override get conditional(): boolean {
    return true;
  }
  override get output(): FieldType {
    return TYPES.boolean;
  }
  /** The type that the right-hand side is read as. */
  protected get type(): FieldType {
    return this.lhs.output ?? TYPES.unknown;
  }
  /** How a value becomes the parameter. */
  protected get encode(): Encode {
    return this.lhs.output?.encode ?? encodeLoose;
  }
  override get sources(): readonly Expression[] {
    return this.rhs instanceof Param ? [this.lhs] : [this.lhs, this.rhs];
  }
  override withSources([lhs, rhs]: readonly Expression[]): Expression {
    return copy(this, { lhs: lhs as Expression, rhs: rhs ?? this.rhs });
  }
  override relabel(change: Relabel): Expression {
    const lhs = this.lhs.relabel(change);
    const rhs = this.rhs instanceof Param ? (change.params?.get(this.rhs) ?? this.rhs) : this.rhs.relabel(change);
    return lhs === this.lhs && rhs === this.rhs ? this : copy(this, { lhs, rhs });
  }
  override groupBy(): Expression[] {
    return this.sources.flatMap((s) => s.groupBy());
  }

  /** The right-hand side, written. */
  protected right(compiler: Compiler, encode: Encode = this.encode, cast = ''): string {
    return this.rhs instanceof Param ? compiler.param(this.rhs, encode) + cast : compiler.compile(this.rhs);
  }
}

/** A step of a path that changes the value: `created__year`. */
export abstract class Transform extends UserExpression {
  constructor(readonly inner: Expression) {
    super();
  }
  override get sources(): readonly Expression[] {
    return [this.inner];
  }
  override withSources([inner]: readonly Expression[]): Expression {
    return copy(this, { inner: inner as Expression });
  }
  /** Lookups of this transform's own, before those of its type. */
  ownLookup(_name: string): LookupClass | undefined {
    return undefined;
  }
}

/** How a path's step is made into a transform: undefined where the type has no such step. */
export type TransformFactory = (lhs: Expression) => Transform;
