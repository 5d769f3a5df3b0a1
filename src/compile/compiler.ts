/** Writes expressions as SQL text and notes which value goes to which place. */
import type { Expression } from '../expressions/expression.js';
import { quote } from '../meta/model.js';
import { ContextParam, type Param } from '../meta/param.js';
import type { Query } from './query.js';

export type Encode = (value: unknown) => unknown;

const same: Encode = (value) => value;

interface Place {
  readonly param: Param;
  readonly encode: Encode;
}

/** The places of one statement, shared by all of its subqueries. */
export class Places {
  readonly all: Place[] = [];
  readonly #byParam = new Map<Param, number[]>();

  readonly #constants = new Map<string, ContextParam>();

  /** A text that belongs to the shape (a JSON key of a path): it travels as a parameter too. */
  constant(text: string): string {
    let param = this.#constants.get(text);
    if (!param) this.#constants.set(text, (param = new ContextParam(() => text)));
    return this.mark(param, same);
  }

  /** A mark that stands for a value; the same value encoded the same way has the same mark. */
  mark(param: Param, encode: Encode): string {
    let indexes = this.#byParam.get(param);
    if (!indexes) this.#byParam.set(param, (indexes = []));
    let index = indexes.find((i) => this.all[i]?.encode === encode);
    if (index === undefined) {
      index = this.all.length;
      this.all.push({ param, encode });
      indexes.push(index);
    }
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
  const numbers = new Map<number, number>();
  const bindings: Binding[] = [];
  const numbered = text.replace(/\0(\d+)\0/g, (_, digits: string) => {
    const mark = Number(digits);
    let number = numbers.get(mark);
    if (number === undefined) {
      const place = places.all[mark] as Place;
      const context = place.param instanceof ContextParam ? place.param : undefined;
      const index = context ? -1 : params.indexOf(place.param);
      if (index < 0 && !context) throw new Error('A value of the statement has no place in its shape.');
      bindings.push({ index, context, encode: place.encode });
      number = bindings.length;
      numbers.set(mark, number);
    }
    return `$${number}`;
  });
  return { text: numbered, bindings };
}

/** The parameters of one call. */
export function bindValues(statement: Statement, values: readonly unknown[]): unknown[] {
  const { bindings } = statement;
  const out = new Array<unknown>(bindings.length);
  for (let i = 0; i < bindings.length; i++) {
    const { index, context, encode } = bindings[i] as Binding;
    out[i] = encode(context ? context.read() : values[index]);
  }
  return out;
}

export abstract class Compiler {
  constructor(
    readonly query: Query,
    readonly places: Places,
  ) {}

  /** A value. What is a condition by its form stands beside operators that would take a part of it. */
  compile(expression: Expression): string {
    const sql = expression.sql(this);
    return expression.isCondition ? `(${sql})` : sql;
  }

  /** A condition in WHERE, HAVING, WHEN or FILTER. */
  condition(expression: Expression): string {
    return expression.sql(this);
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
