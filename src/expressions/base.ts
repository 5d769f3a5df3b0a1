/** What every user-made expression can do besides: arithmetic, ordering; and literals, which they all take. */
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { castOfParam, type FieldType, isDateLike, isJson } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { Param } from '../meta/param.js';
import { drizzleExpression, isDrizzleSql } from './drizzle.js';
import { type Connector, copy, Expression, type Relabel } from './expression.js';
import { kindOf } from './literal-kinds.js';
import { combinedOutput } from './output.js';

/** Turns what may stand as an operand into an expression: a text is itself. */
export function toOperand(value: unknown): Expression {
  if (value instanceof Expression) return value;
  const wrapped = fromQuerySet(value);
  if (wrapped) return wrapped;
  if (isDrizzleSql(value)) return drizzleExpression(value);
  return new Value(value);
}

/** A queryset as an expression; filled in by subquery.ts, which knows querysets. */
let fromQuerySet: (value: unknown) => Expression | undefined = () => undefined;
export function setQuerySetWrapper(wrap: typeof fromQuerySet): void {
  fromQuerySet = wrap;
}

/** An expression as users hold it. */
export abstract class UserExpression extends Expression {
  override get conditional(): boolean {
    return this.output?.family === 'boolean';
  }
  add(other: unknown): Combined {
    return new Combined(this, '+', other);
  }
  sub(other: unknown): Combined {
    return new Combined(this, '-', other);
  }
  mul(other: unknown): Combined {
    return new Combined(this, '*', other);
  }
  div(other: unknown): Combined {
    return new Combined(this, '/', other);
  }
  mod(other: unknown): Combined {
    return new Combined(this, '%', other);
  }
  pow(other: unknown): Combined {
    return new Combined(this, '^', other);
  }
  neg(): Combined {
    return new Combined(this, '*', -1);
  }
  bitand(other: unknown): Combined {
    return new Combined(this, '&', other);
  }
  bitor(other: unknown): Combined {
    return new Combined(this, '|', other);
  }
  bitxor(other: unknown): Combined {
    return new Combined(this, '#', other);
  }
  bitleftshift(other: unknown): Combined {
    return new Combined(this, '<<', other);
  }
  bitrightshift(other: unknown): Combined {
    return new Combined(this, '>>', other);
  }
  /** Ascending; `nulls_first`/`nulls_last` say where NULL goes. */
  asc(options: NullsOptions = {}): OrderBy {
    return new OrderBy(this, false, options);
  }
  /** Descending. */
  desc(options: NullsOptions = {}): OrderBy {
    return new OrderBy(this, true, options);
  }
}

export interface NullsOptions {
  readonly nulls_first?: boolean | undefined;
  readonly nulls_last?: boolean | undefined;
}

/** Arithmetic. */
export class Combined extends UserExpression {
  constructor(
    lhs: Expression,
    readonly connector: Connector,
    rhs: unknown,
  ) {
    super([lhs, toOperand(rhs)]);
  }
  protected override ownKey(): string {
    return this.connector;
  }
  // PostgreSQL takes keys and indexes out of a document: `jsonb - text`.
  protected override get isOfOneType(): boolean {
    return this.output?.family !== 'json';
  }
  override get output(): FieldType | undefined {
    const [lhs, rhs] = this.sources as [Expression, Expression];
    return combinedOutput(lhs, this.connector, rhs);
  }
  override sql(compiler: Compiler): string {
    const [lhs, rhs] = this.sources.map((s) => compiler.value(s));
    const families = this.sources.map((s) => s.output?.family);
    // PostgreSQL subtracts dates to a number of days; Django to a duration.
    if (this.connector === '-' && families[0] === 'date' && families[1] === 'date')
      return `(interval '1 day' * (${lhs} - ${rhs}))`;
    if (this.connector === '%' && this.output?.family === 'float')
      return `(${lhs}::numeric % ${rhs}::numeric)::double precision`;
    return `(${lhs} ${this.connector} ${rhs})`;
  }
}

/** One term of ORDER BY. */
export class OrderBy extends Expression {
  constructor(
    expression: Expression,
    readonly descending: boolean,
    readonly nulls: NullsOptions = {},
  ) {
    super([expression]);
    if (nulls.nulls_first && nulls.nulls_last) refuse('nulls_first and nulls_last are mutually exclusive');
  }
  protected override ownKey(): string {
    return this.suffix;
  }
  asc(): OrderBy {
    return copy(this, { descending: false });
  }
  desc(): OrderBy {
    return copy(this, { descending: true });
  }
  reverse_ordering(): OrderBy {
    const { nulls_first, nulls_last } = this.nulls;
    return copy(this, { descending: !this.descending, nulls: { nulls_first: nulls_last, nulls_last: nulls_first } });
  }
  override groupBy(): Expression[] {
    return this.inner.groupBy();
  }
  get suffix(): string {
    return `${this.descending ? ' DESC' : ' ASC'}${this.nulls.nulls_first ? ' NULLS FIRST' : ''}${this.nulls.nulls_last ? ' NULLS LAST' : ''}`;
  }
  override sql(compiler: Compiler): string {
    return compiler.compile(this.inner) + this.suffix;
  }
}

/** A literal in an expression (Django's `Value`). */
export class Value extends UserExpression {
  override get isLiteral(): boolean {
    return true;
  }
  private readonly kindType: FieldType | undefined;
  private readonly kind: string;
  readonly param: Param | undefined;

  constructor(
    readonly value: unknown,
    options: { output_field?: unknown; untyped?: boolean } = {},
  ) {
    super([], options.output_field);
    const [kind, type] = kindOf(value);
    this.kindType = type;
    this.kind = options.untyped ? `u${kind}` : kind;
  }
  protected override ownKey(): string {
    return this.kind;
  }
  override collect(values: unknown[]): void {
    if (this.value !== null) values.push(this.value);
  }
  override bind(params: Param[]): Expression {
    if (this.value === null) return this;
    const param = new Param(this.value);
    const type = this.output;
    if (type) param.require((value) => void type.encode(value));
    params.push(param);
    return copy(this, { param });
  }
  // A list beside an array is one of its kind, an empty one too; a Date beside a date has its type; JSON is anything.
  override literalAs(type: FieldType): Expression {
    const { kind } = this;
    const fits = kind === 'd' ? isDateLike(type) : kind === 's' || (kind.startsWith('[') && type.family === 'array');
    if (!(fits || isJson(type)) || this.outputField) return this;
    // A fraction may be added to a column of whole decimals.
    const outputField = type.family === 'numeric' ? TYPES.numeric : type;
    this.param?.require((value) => void outputField.encode(value));
    return copy(this, { outputField });
  }
  override relabel(change: Relabel): Expression {
    const moved = this.param && change.params?.get(this.param);
    return moved ? copy(this, { param: moved }) : this;
  }
  protected override get ownOutput(): FieldType | undefined {
    return this.kindType;
  }
  override get emptyResult(): unknown {
    // A text that stands for something else is read by the database.
    return this.kind === 's' && this.output?.decode ? undefined : this.value;
  }
  override groupBy(): Expression[] {
    return [];
  }
  override sql(compiler: Compiler): string {
    const type = this.output;
    if (!this.param || !type) return type ? `NULL::${type.base}` : 'NULL';
    const place = compiler.param(this.param, type.encode);
    // The user's own SQL says by its context what an untyped text is.
    return this.kind === 'us' ? place : place + castOfParam(type);
  }
  override toString(): string {
    return `Value(${shown(this.value)})`;
  }
}

/** A parameter of the user's own SQL. */
export const parameter = (value: unknown): Expression =>
  value instanceof Expression ? value : new Value(value, { untyped: true });
