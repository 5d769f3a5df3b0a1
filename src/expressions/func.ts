/** Functions of the database: a name, arguments, and the type that comes out. */
import { isObject } from '../meta/kinds.js';
import type { Compiler } from '../compile/compiler.js';
import { refuse } from '../errors.js';
import type { FieldType } from '../meta/field-type.js';
import { UserExpression } from './base.js';
import type { Expression } from './expression.js';
import { toExpression } from './refs.js';

/** How a function is written, from its written arguments. */
export type Write = (args: readonly string[], sources: readonly Expression[], compiler: Compiler) => string;
/** The type of its value, from its arguments. */
export type OutputOf = FieldType | ((sources: readonly Expression[]) => FieldType | undefined);

export interface FuncDefinition {
  readonly name: string;
  readonly write: Write;
  readonly output: OutputOf;
  readonly windowCompatible?: boolean;
  /** Its arguments are all of the type of its value. */
  readonly ofOneType?: boolean;
  /** Every row has a value of its own: it makes no groups. */
  readonly ungrouped?: boolean;
  /** There must be two arguments, or more. */
  readonly several?: boolean;
  /** What it gives where no row can match, if that is known beforehand. */
  readonly empty?: (sources: readonly Expression[]) => unknown;
}

export interface OutputOption {
  readonly output_field?: unknown;
}

export class Func extends UserExpression {
  constructor(
    readonly definition: FuncDefinition,
    args: readonly Expression[],
    output?: unknown,
    /** What the function's key needs beside its name: an option that is written into the text. */
    private readonly variant = '',
  ) {
    super(args, output);
  }
  override get windowCompatible(): boolean | undefined {
    return this.definition.windowCompatible;
  }
  protected override get isOfOneType(): boolean | undefined {
    return this.definition.ofOneType;
  }
  protected override ownKey(): string {
    return `${this.definition.name}${this.variant}`;
  }
  protected override get ownOutput(): FieldType | undefined {
    const { output } = this.definition;
    return typeof output === 'function' ? output(this.sources) : output;
  }
  override groupBy(): Expression[] {
    return this.definition.ungrouped ? [] : super.groupBy();
  }
  override get emptyResult(): unknown {
    return this.definition.empty?.(this.sources);
  }
  override sql(compiler: Compiler): string {
    return this.definition.write(
      this.sources.map((arg) => compiler.value(arg)),
      this.sources,
      compiler,
    );
  }
  override toString(): string {
    return `${this.definition.name}(${this.sources.map(String).join(', ')})`;
  }
}

/** `NAME(a, b)`. */
/* @__NO_SIDE_EFFECTS__ */
export function call(name: string): Write {
  return (args) => `${name}(${args.join(', ')})`;
}

/** `RowNumber` → `ROW_NUMBER`. */
export const sqlName = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();

/** A function of arguments that are fields' names or expressions. */
/* @__NO_SIDE_EFFECTS__ */
export function define(
  name: string,
  output: OutputOf,
  write: Write = call(sqlName(name)),
  more: Partial<FuncDefinition> = {},
) {
  const definition: FuncDefinition = { name, output, write, ...more };
  return (...args: unknown[]): Func => {
    const { output_field } = takeOptions<OutputOption>(args);
    if (more.several && args.length < 2) refuse(`${name} must take at least two expressions`);
    return new Func(definition, args.map(toExpression), output_field);
  };
}

/** Takes the trailing object of keyword arguments off a list of arguments; `who` knows them by these names. */
export function takeOptions<T extends object>(args: unknown[], who = '', known?: readonly string[]): Partial<T> {
  const options = isOptions(args.at(-1)) ? (args.pop() as T) : {};
  if (known) refuseUnknown(who, options, known);
  return options;
}

/**
 * Django's arguments, by place and by name, as one object: names in order, the trailing object over them.
 * @param more names that have no place
 */
export function argumentsOf<T extends object>(
  who: string,
  given: readonly unknown[],
  names: readonly string[],
  more: readonly string[] = [],
): Partial<T> {
  const byPlace = [...given];
  const byName = takeOptions<T>(byPlace, who, [...names, ...more]);
  if (byPlace.length > names.length) refuse(`${who} takes no more than ${names.join(', ')}.`);
  return { ...Object.fromEntries(byPlace.map((value, i) => [names[i], value])), ...byName } as Partial<T>;
}

/** Options are known by name. */
export function refuseUnknown(who: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((key) => !known.includes(key));
  if (unknown !== undefined) refuse(`${who} has no option '${unknown}'. Options: ${known.join(', ')}`);
}

/** The trailing object of keyword arguments. */
export function isOptions(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return prototype === Object.prototype || prototype === null;
}
