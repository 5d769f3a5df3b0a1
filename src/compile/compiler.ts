/** Writes expressions as SQL text and notes which value goes to which place. */
import type { Expression } from '../expressions/expression.js';
import { writeOr } from '../expressions/empty.js';
import { same } from '../meta/kinds.js';
import { quote } from '../meta/model.js';
import { once } from '../meta/once.js';
import { ContextParam, type Param } from '../meta/param.js';
import type { Query } from './query.js';

export type Encode = (value: unknown) => unknown;

interface Place {
  readonly param: Param;
  readonly encode: Encode;
}

/** The places of one statement, shared by all of its subqueries. */
export class Places {
  readonly all: Place[] = [];
  readonly #marksOf = once((_param: Param) => new Map<Encode, number>());
  readonly #constants = new Map<string, ContextParam>();

  /** A text that belongs to the shape (a JSON key of a path): it travels as a parameter too. */
  constant(text: string): string {
    let param = this.#constants.get(text);
    if (!param) this.#constants.set(text, (param = new ContextParam(() => text)));
    return this.mark(param, same);
  }

  /** A mark that stands for a value; the same value encoded the same way has the same mark. */
  mark(param: Param, encode: Encode): string {
    const marks = this.#marksOf(param);
    let index = marks.get(encode);
    if (index === undefined) marks.set(encode, (index = this.all.push({ param, encode }) - 1));
    return `\0${index}\0`;
  }
}

/** Text and places, ready to be filled with the values of one call. */
export interface Statement {
  readonly text: string;
  /** For each parameter in order: which collected value (or context), and how it is encoded. */
  readonly bindings: readonly Binding[];
  /** Prepared under this name; set by the driver's room on first use. */
  name?: string;
}

export interface Binding {
  readonly index: number;
  readonly context: ContextParam | undefined;
  readonly encode: Encode;
}

/** Numbers the marks of a text in the order in which they appear. */
export function finish(text: string, places: Places, params: readonly Param[]): Statement {
  const marks = new Map<string, number>();
  const numbered = text.replace(/\0(\d+)\0/g, (_, mark: string) => {
    if (!marks.has(mark)) marks.set(mark, marks.size + 1);
    return `$${marks.get(mark)}`;
  });
  const bindings = [...marks.keys()].map((mark): Binding => {
    const { param, encode } = places.all[Number(mark)] as Place;
    const context = param instanceof ContextParam ? param : undefined;
    const index = params.indexOf(param);
    if (index < 0 && !context) throw new Error('A value of the statement has no place in its shape.');
    return { index, context, encode };
  });
  return { text: numbered, bindings };
}

/** The parameters of one call. */
export const bindValues = ({ bindings }: Statement, values: readonly unknown[]): unknown[] =>
  bindings.map(({ index, context, encode }) => encode(context ? context.read() : values[index]));

export abstract class Compiler {
  constructor(
    readonly query: Query,
    readonly places: Places,
  ) {}

  /** A value. What is a condition by its form stands beside operators that would take a part of it. */
  compile(expression: Expression): string {
    if (!expression.isCondition) return expression.sql(this);
    return writeOr(() => `(${expression.sql(this)})`, { empty: 'false', full: 'true' });
  }

  /** A value that stands for itself (Django's empty_result_set_value): of what no row can match, NULL or no count. */
  value(expression: Expression): string {
    const { emptyResult, output } = expression;
    const empty = emptyResult === 0 ? '0' : output ? `NULL::${output.base}` : 'NULL';
    return writeOr(() => this.compile(expression), { empty });
  }

  param(param: Param, encode: Encode): string {
    return this.places.mark(param, encode);
  }

  /** A text that belongs to the shape, as a parameter. */
  constant(text: string): string {
    return this.places.constant(text);
  }

  column(alias: string | undefined, name: string): string {
    return alias === undefined ? quote(name) : `${quote(alias)}.${quote(name)}`;
  }

  /** A query inside this one, written with the same places. */
  abstract subquery(query: Query): string;
}
