/**
 * The base of everything that stands for a SQL expression. A user's expression is a small immutable tree;
 * `resolve` turns it, against a query, into a tree of columns and places; `sql` writes that tree.
 */
import { type Family, type FieldType, optionalType } from '../meta/field-type.js';
import { once } from '../meta/once.js';
import type { Compiler } from '../compile/compiler.js';
import type { Query } from '../compile/query.js';
import type { Param } from '../meta/param.js';

/** How names are resolved: may joins be made, which may be reused, is this inside `aggregate()`. */
export interface ResolveOptions {
  readonly allowJoins?: boolean;
  readonly reuse?: Set<string> | undefined;
  readonly summarize?: boolean | undefined;
  /** What a key of several columns is: inside `Count()`, and right of a key like it. Nothing elsewhere. */
  readonly wholeKey?: ((columns: readonly Expression[]) => Expression) | undefined;
}

/** New names for aliases, and new places for values, when a query is put inside another. */
export interface Relabel {
  readonly aliases: ReadonlyMap<string | undefined, string>;
  readonly params?: ReadonlyMap<Param, Param>;
}

export type Connector = '+' | '-' | '*' | '/' | '%' | '^' | '&' | '|' | '#' | '<<' | '>>';

const classIds = new Map<unknown, number>();
/** A class as part of a key: names do not survive minifiers. */
function classId(constructor: unknown): number {
  let id = classIds.get(constructor);
  if (id === undefined) classIds.set(constructor, (id = classIds.size));
  return id;
}

let typeCount = 0;
const typeId = once((_type: FieldType) => `:${++typeCount}`);

/** Beside values of these families a text is a text. */
const OF_THEIR_OWN = new Set<Family>(['text', 'integer', 'float', 'boolean', 'other']);

const NONE: readonly Expression[] = [];

export abstract class Expression {
  /** The type that the user said (`output_field`). */
  readonly outputField: FieldType | undefined;
  /** @param sources the expressions inside, in the order in which their values are collected */
  constructor(
    readonly sources: readonly Expression[] = NONE,
    outputField?: unknown,
  ) {
    this.outputField = optionalType(outputField);
  }

  /** The first of them: for most, the only one. */
  get inner(): Expression {
    return this.sources[0] as Expression;
  }
  /** It is a condition, and may stand in a filter. */
  get conditional(): boolean {
    return this.isCondition;
  }
  /** A condition by its form (a lookup, EXISTS, Q), not a boolean value. */
  get isCondition(): boolean {
    return false;
  }
  get windowCompatible(): boolean | undefined {
    return false;
  }
  /** One value of a query inside this one. */
  get isSubquery(): boolean {
    return false;
  }
  /** A value that the user wrote. */
  get isLiteral(): boolean {
    return false;
  }

  /** The same expression over other sources. */
  withSources(sources: readonly Expression[]): Expression {
    return copy(this, { sources });
  }

  /** What this is, values aside: equal keys mean the same SQL. */
  key(): string {
    return `${classId(this.constructor)}${this.ownKey()}${this.outputField ? typeId(this.outputField) : ''}(${this.sources.map((s) => s.key()).join()})`;
  }
  protected ownKey(): string {
    return '';
  }
  /** Adds the values inside, in order. */
  collect(values: unknown[]): void {
    for (const source of this.sources) source.collect(values);
  }
  /** The same tree with a fresh place for each value, in the order of `collect`. */
  bind(params: Param[]): Expression {
    return this.mapSources((s) => s.bind(params));
  }

  resolve(query: Query, options: ResolveOptions): Expression {
    const resolved = this.mapSources((s) => s.resolve(query, options));
    const type = resolved.isOfOneType ? resolved.output : undefined;
    return type && !OF_THEIR_OWN.has(type.family) ? resolved.mapSources((s) => s.literalAs(type)) : resolved;
  }
  /** Its sources are all of its own type, literals among them. */
  protected get isOfOneType(): boolean | undefined {
    return false;
  }
  /** A literal as one of a type: a decimal, a date or an enum may be written as text, and a list is an array of its kind. */
  literalAs(_type: FieldType): Expression {
    return this;
  }

  abstract sql(compiler: Compiler): string;

  /** What it gives where no row can match (Django's empty_result_set_value); undefined: PostgreSQL has to work it out. */
  get emptyResult(): unknown {
    return undefined;
  }
  /** The type of the value, where it is known. */
  get output(): FieldType | undefined {
    return this.outputField ?? this.ownOutput;
  }
  /** The type that it has by itself. */
  protected get ownOutput(): FieldType | undefined {
    return this.sources[0]?.output;
  }
  get containsAggregate(): boolean {
    return this.sources.some((s) => s.containsAggregate);
  }
  get containsOver(): boolean {
    return this.sources.some((s) => s.containsOver);
  }
  get containsColumns(): boolean {
    return this.sources.some((s) => s.containsColumns);
  }
  /** An aggregate over the rows of a subquery (`aggregate()` after `annotate()`). */
  get isSummary(): boolean {
    return false;
  }

  relabel(change: Relabel): Expression {
    return this.mapSources((s) => s.relabel(change));
  }

  /** What GROUP BY needs for this expression to be selected beside aggregates. */
  groupBy(): Expression[] {
    if (!this.containsAggregate) return [this];
    return this.sources.flatMap((s) => s.groupBy());
  }

  mapSources(map: (source: Expression) => Expression): Expression {
    const before = this.sources;
    if (before.length === 0) return this;
    let changed = false;
    const after = before.map((source) => {
      const mapped = map(source);
      if (mapped !== source) changed = true;
      return mapped;
    });
    return changed ? this.withSources(after) : this;
  }

  /** All expressions of the tree, this one first. */
  *walk(): Generator<Expression> {
    yield this;
    for (const source of this.sources) yield* source.walk();
  }

  toString(): string {
    return `${this.constructor.name}(${this.sources.map(String).join(', ')})`;
  }
}

/** The items of a part of an expression, behind a keyword: `ORDER BY a, b`. Without items there is no such part. */
export class Clause extends Expression {
  constructor(
    readonly keyword: string,
    items: readonly Expression[],
  ) {
    super(items);
  }
  protected override ownKey(): string {
    return this.keyword;
  }
  override groupBy(): Expression[] {
    return this.sources.flatMap((s) => s.groupBy());
  }
  override sql(compiler: Compiler): string {
    const items = this.sources.map((s) => compiler.compile(s)).join(', ');
    return items && ` ${this.keyword} ${items}`;
  }
}

/** For classes that are made by copying their fields: the same object with some of them replaced. */
export const copy = <T extends object>(object: T, changes: object): T =>
  Object.assign(Object.create(Object.getPrototypeOf(object)), object, changes);

/** The type of the first of these. */
export const firstOutput = ([first]: readonly Expression[]): FieldType | undefined => first?.output;

/** The first of these that is not NULL where no row can match, as COALESCE gives it. */
export function firstResult(sources: readonly Expression[]): unknown {
  const results = sources.map((source) => source.emptyResult);
  const at = results.findIndex((result) => result !== null);
  return at < 0 ? null : results[at];
}
