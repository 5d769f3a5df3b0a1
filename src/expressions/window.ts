/** Window functions: `Window(expression, { partition_by, order_by, frame })`. */
import type { Compiler } from '../compile/compiler.js';
import { ValueError } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { toOperand, UserExpression } from './base.js';
import type { Expression } from './expression.js';
import { toExpression, toOrder } from './refs.js';

export interface Frame {
  readonly frame: 'ROWS' | 'RANGE';
  readonly start: number | null;
  readonly end: number | null;
}

function frameOf(kind: 'ROWS' | 'RANGE', options: { start?: number | null; end?: number | null } = {}): Frame {
  const { start = null, end = null } = options;
  for (const bound of [start, end]) {
    if (bound !== null && !Number.isSafeInteger(bound))
      throw new ValueError(`A frame's bounds are whole numbers or null, got ${shown(bound)}.`);
  }
  if (kind === 'RANGE' && ((start !== null && start !== 0) || (end !== null && end !== 0))) {
    throw new ValueError(
      'PostgreSQL only supports UNBOUNDED together with PRECEDING and FOLLOWING in a RANGE frame of values.',
    );
  }
  return { frame: kind, start, end };
}
/** Rows before and after this one. */
export const RowRange = (options?: { start?: number | null; end?: number | null }): Frame => frameOf('ROWS', options);
/** Values before and after this one's. */
export const ValueRange = (options?: { start?: number | null; end?: number | null }): Frame =>
  frameOf('RANGE', options);

function bound(n: number | null, side: 'PRECEDING' | 'FOLLOWING'): string {
  if (n === null) return `UNBOUNDED ${side}`;
  if (n === 0) return 'CURRENT ROW';
  return n < 0 ? `${-n} PRECEDING` : `${n} FOLLOWING`;
}

const orderKey = (value: unknown): Expression => (typeof value === 'string' ? toOrder(value) : toOperand(value));

export class WindowExpression extends UserExpression {
  /** Where in the sources, after what is windowed and what it is partitioned by, the order starts. */
  private readonly orderAt: number;
  constructor(
    inner: Expression,
    partition: readonly Expression[],
    order: readonly Expression[],
    readonly frame: Frame | undefined,
    output: unknown,
  ) {
    super([inner, ...partition, ...order], output);
    this.orderAt = 1 + partition.length;
  }
  override get filterable(): boolean {
    return false;
  }
  override get containsOver(): boolean {
    return true;
  }
  override get containsAggregate(): boolean {
    return false;
  }
  protected override ownKey(): string {
    const { frame } = this;
    return `${this.orderAt}${frame ? `${frame.frame}${frame.start},${frame.end}` : ''}`;
  }
  override groupBy(): Expression[] {
    return this.sources.slice(1).flatMap((e) => e.groupBy());
  }
  override sql(compiler: Compiler): string {
    const [inner, ...rest] = this.sources.map((e) => compiler.compile(e));
    const order = rest.splice(this.orderAt - 1);
    const parts: string[] = [];
    if (rest.length > 0) parts.push(`PARTITION BY ${rest.join(', ')}`);
    if (order.length > 0) parts.push(`ORDER BY ${order.join(', ')}`);
    if (this.frame) {
      const { frame, start, end } = this.frame;
      parts.push(`${frame} BETWEEN ${bound(start, 'PRECEDING')} AND ${bound(end, 'FOLLOWING')}`);
    }
    return `${inner} OVER (${parts.join(' ')})`;
  }
}

export interface WindowOptions {
  readonly partition_by?: unknown;
  readonly order_by?: unknown;
  readonly frame?: Frame | null;
  readonly output_field?: unknown;
}

const list = (value: unknown): unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];

/** @see https://docs.djangoproject.com/en/stable/ref/models/expressions/#window-functions */
export function Window(expression: unknown, options: WindowOptions = {}): WindowExpression {
  const inner = toExpression(expression);
  if (!inner.windowCompatible)
    throw new ValueError(`Expression '${String(inner)}' isn't compatible with OVER clauses.`);
  return new WindowExpression(
    inner,
    list(options.partition_by).map(toExpression),
    list(options.order_by).map(orderKey),
    options.frame ?? undefined,
    options.output_field,
  );
}
