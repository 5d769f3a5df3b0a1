/** Expressions that are given a type, and SQL of the user's own. */
import { isText } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import { shown } from '../meta/codecs.js';
import type { FieldType } from '../meta/field-type.js';
import * as TYPES from '../meta/types.js';
import { parameter, UserExpression } from './base.js';
import type { Expression } from './expression.js';

/** `ExpressionWrapper`: gives a type to what has none, or another one. */
export class Wrapper extends UserExpression {
  constructor(inner: Expression, output: FieldType) {
    super([inner], output);
  }
  override get conditional(): boolean {
    return super.conditional || this.inner.conditional;
  }
  override groupBy(): Expression[] {
    return this.inner.isLiteral ? [] : super.groupBy();
  }
  override sql(compiler: Compiler): string {
    return compiler.compile(this.inner);
  }
}

/** SQL of the user's own, with `%s` for each parameter. */
export class RawSQL extends UserExpression {
  constructor(
    readonly text: string,
    params: readonly unknown[] = [],
    options: { output_field?: unknown } = {},
  ) {
    super([...params].map(parameter), options.output_field);
    if (!isText(text)) refuse(`RawSQL() takes SQL text, got ${shown(text)}.`);
    const places = countPlaces(text);
    if (places !== this.sources.length) refuse(`RawSQL has ${places} places (%s) for ${this.sources.length} params.`);
  }
  override get conditional(): boolean {
    return !this.outputField || super.conditional;
  }
  protected override ownKey(): string {
    return JSON.stringify(this.text);
  }
  protected override get ownOutput(): FieldType {
    return TYPES.unknown;
  }
  override groupBy(): Expression[] {
    return [this];
  }
  override sql(compiler: Compiler): string {
    return `(${fillPlaces(
      this.text,
      this.sources.map((p) => compiler.compile(p)),
    )})`;
  }
}

/** How many `%s` a text has (`%%` is a percent sign). */
export const countPlaces = (text: string): number => text.replaceAll('%%', '').split('%s').length - 1;

/** Puts what was compiled in the places of a text. */
export function fillPlaces(text: string, compiled: readonly string[]): string {
  let i = 0;
  if (compiled.length === 0) return text.replaceAll('%%', '%');
  return text.replace(/%%|%s/g, (place) => (place === '%%' ? '%' : (compiled[i++] ?? '%s')));
}
