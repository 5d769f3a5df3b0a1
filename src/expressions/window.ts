/** Window functions: `Window(expression, { partition_by, order_by, frame })`. */
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { shown } from '../meta/codecs.js';
import { UserExpression } from './base.js';
import { argumentsOf } from './func.js';
import { Clause, type Expression } from './expression.js';
import { listOf, toExpression, toOrder } from './refs.js';

interface FrameBounds {
  readonly start?: number | null;
  readonly end?: number | null;
}

function bound(n: number | null, side: 'PRECEDING' | 'FOLLOWING'): string {
  if (n === null) return `UNBOUNDED ${side}`;
  if (!Number.isSafeInteger(n)) refuse(`A frame's bounds are whole numbers or null, got ${shown(n)}.`);
  if (n === 0) return 'CURRENT ROW';
  return n < 0 ? `${-n} PRECEDING` : `${n} FOLLOWING`;
}

/** Which rows around this one. Its text is made here alone, of checked numbers. */
class Frame {
  constructor(readonly sql: string) {}
}

function frameOf(kind: 'ROWS' | 'RANGE', { start = null, end = null }: FrameBounds = {}): Frame {
  const sql = ` ${kind} BETWEEN ${bound(start, 'PRECEDING')} AND ${bound(end, 'FOLLOWING')}`;
  if (kind === 'RANGE' && (start || end)) {
    refuse('PostgreSQL only supports UNBOUNDED together with PRECEDING and FOLLOWING in a RANGE frame of values.');
  }
  return new Frame(sql);
}
/** Rows before and after this one. */
export const RowRange = (bounds?: FrameBounds): Frame => frameOf('ROWS', bounds);
/** Values before and after this one's. */
export const ValueRange = (bounds?: FrameBounds): Frame => frameOf('RANGE', bounds);

export class WindowExpression extends UserExpression {
  constructor(
    inner: Expression,
    partition: readonly Expression[],
    order: readonly Expression[],
    readonly frame: string,
    output: unknown,
  ) {
    super([inner, new Clause('PARTITION BY', partition), new Clause('ORDER BY', order)], output);
  }
  override get containsOver(): boolean {
    return true;
  }
  override get containsAggregate(): boolean {
    return false;
  }
  protected override ownKey(): string {
    return this.frame;
  }
  override groupBy(): Expression[] {
    return this.sources.slice(1).flatMap((e) => e.groupBy());
  }
  override sql(compiler: Compiler): string {
    const [inner, ...clauses] = this.sources.map((e) => compiler.compile(e));
    return `${inner} OVER (${(clauses.join('') + this.frame).trim()})`;
  }
}

export interface WindowOptions {
  readonly expression?: unknown;
  readonly partition_by?: unknown;
  readonly order_by?: unknown;
  readonly frame?: Frame | null;
  readonly output_field?: unknown;
}

/** @see https://docs.djangoproject.com/en/stable/ref/models/expressions/#window-functions */
export function Window(...given: unknown[]): WindowExpression {
  const names = ['expression', 'partition_by', 'order_by', 'frame', 'output_field'];
  const options = argumentsOf<WindowOptions>('Window', given, names);
  const inner = toExpression(options.expression);
  if (!inner.windowCompatible) refuse(`Expression '${inner}' isn't compatible with OVER clauses.`);
  const { frame } = options;
  if (frame && !(frame instanceof Frame)) refuse('A frame is a RowRange() or a ValueRange().');
  return new WindowExpression(
    inner,
    listOf(options.partition_by).map(toExpression),
    listOf(options.order_by).map(toOrder),
    frame?.sql ?? '',
    options.output_field,
  );
}
