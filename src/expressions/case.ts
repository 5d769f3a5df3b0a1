/** Case and When. */
import type { Compiler } from '../compile/compiler.js';
import { EmptyResultSet, FullResultSet } from './empty.js';
import { refuse } from '../errors.js';
import type { FieldType } from '../meta/field-type.js';
import { UserExpression } from './base.js';
import { Expression } from './expression.js';
import { isOptions, takeOptions } from './func.js';
import { conditionOf, Q } from './q.js';
import { comparedOutput } from './output.js';
import { toExpression } from './refs.js';

export class WhenClause extends Expression {
  constructor(condition: Expression, result: Expression) {
    super([condition, result]);
  }
  get result(): Expression {
    return this.sources[1] as Expression;
  }
  override get output(): FieldType | undefined {
    return this.result.output;
  }
  override get isLiteral(): boolean {
    return this.result.isLiteral;
  }
  override literalAs(type: FieldType): Expression {
    return this.withSources([this.inner, this.result.literalAs(type)]);
  }
  override groupBy(): Expression[] {
    return this.sources.flatMap((s) => s.groupBy());
  }
  override sql(compiler: Compiler): string {
    return `WHEN ${this.inner.sql(compiler)} THEN ${compiler.compile(this.result)}`;
  }
}

/** `When(Q(…), { then })`, `When({ name: 'x' }, { then })`, `When({ name: 'x', then })`, `When(Q(…), value)`. */
export function When(condition: unknown, result?: unknown): WhenClause {
  const named = isOptions(result) ? result : result === undefined ? {} : { then: result };
  const isBare = isOptions(condition);
  const { then, ...lookups } = { ...(isBare ? condition : {}), ...named };
  const test = conditionOf([...(isBare ? [] : [condition]), lookups]);
  if (test.children.every((child) => child instanceof Q && child.children.length === 0))
    refuse("An empty Q() can't be used as a When() condition.");
  if (then === undefined) refuse('When() takes what it gives as { then: … }.');
  return new WhenClause(test, toExpression(then));
}

export class CaseExpression extends UserExpression {
  constructor(cases: readonly Expression[], fallback: Expression, output: unknown) {
    super([...cases, fallback], output);
  }
  private get cases(): readonly Expression[] {
    return this.sources.slice(0, -1);
  }
  private get fallback(): Expression {
    return this.sources.at(-1) as Expression;
  }
  protected override get isOfOneType(): boolean {
    return true;
  }
  protected override get ownOutput(): FieldType | undefined {
    return comparedOutput(this.sources);
  }
  override groupBy(): Expression[] {
    return this.cases.length === 0 ? this.fallback.groupBy() : super.groupBy();
  }
  override sql(compiler: Compiler): string {
    const parts: string[] = [];
    let fallback: string | undefined;
    for (const branch of this.cases) {
      try {
        parts.push(compiler.compile(branch));
      } catch (error) {
        if (error instanceof EmptyResultSet) continue;
        if (!(error instanceof FullResultSet)) throw error;
        fallback = compiler.compile((branch as WhenClause).result);
        break;
      }
    }
    fallback ??= compiler.value(this.fallback);
    if (parts.length === 0) return fallback;
    const sql = `CASE ${parts.join(' ')} ELSE ${fallback} END`;
    return this.outputField ? `(${sql})::${this.outputField.base}` : sql;
  }
}

/** `Case(When(…), …, { default, output_field })`. */
export function Case(...args: unknown[]): CaseExpression {
  const { default: fallback = null, output_field } = takeOptions<{ default: unknown; output_field: unknown }>(
    args,
    'Case',
    ['default', 'output_field'],
  );
  for (const branch of args)
    if (!(branch instanceof WhenClause))
      throw new TypeError('Positional arguments of Case() must all be When objects.');
  return new CaseExpression(args as WhenClause[], toExpression(fallback), output_field);
}
