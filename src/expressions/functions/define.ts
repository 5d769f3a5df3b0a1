/** `define_function`: a function of the user's own, used as the built-in ones are. */
import { isText } from '../../meta/kinds.js';
import { type SQL, sql } from 'drizzle-orm';
import { refuse } from '../../errors.js';
import { optionalType } from '../../meta/field-type.js';
import { firstOutput } from '../expression.js';
import { Func, type FuncDefinition, type OutputOption, takeOptions } from '../func.js';
import { toExpression } from '../refs.js';
import { checkName, checkSql, optionsOf, type Template, type TemplateFunction, templateOf } from '../template.js';

export interface FunctionOptions {
  /** A function of the database, by its name: `similarity`, `public.slugify`. */
  readonly function?: string;
  /** Or the SQL, made of the written arguments. */
  readonly sql?: TemplateFunction;
  readonly arity?: number;
  /** A Drizzle column or column builder; without it the type of the first argument. */
  readonly output_field?: unknown;
  /** For the types alone: NULL may come out where none went in. */
  readonly nullable?: boolean;
}

const OPTIONS = ['function', 'sql', 'arity', 'output_field', 'nullable'];
const FUNCTION = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$/;
let counter = 0;

/** A Func whose argument list is written by a template. */
export function define_function(name: string, options: FunctionOptions): (...args: unknown[]) => Func {
  checkName('define_function()', name);
  optionsOf(`${name}: define_function()`, options, OPTIONS);
  const { arity }: FunctionOptions = options;
  if (arity !== undefined && (!Number.isInteger(arity) || arity < 0))
    refuse(`${name}: arity is a whole number, got ${String(arity)}.`);
  const write = writer(name, options);
  const output = optionalType(options.output_field);
  const templates = new Map<number, Template>();
  const template = (count: number): Template => {
    let made = templates.get(count);
    if (!made) {
      const names = Array.from({ length: count }, (_, i) => `argument ${i + 1}`);
      templates.set(count, (made = templateOf(name, names, write)));
    }
    return made;
  };
  // What is wrong with it shows where it is defined.
  if (arity !== undefined) template(arity);
  const definition: FuncDefinition = {
    name,
    output: output ?? firstOutput,
    write: (args, sources, compiler) => template(args.length).write(args, sources, compiler),
  };
  // Two functions may have one name: their queries are not the same.
  const variant = `#${++counter}`;
  return (...given) => {
    const over = takeOptions<OutputOption>(given);
    if (arity !== undefined && given.length !== arity)
      throw new TypeError(
        `'${name}' takes exactly ${arity} ${arity === 1 ? 'argument' : 'arguments'} (${given.length} given)`,
      );
    template(given.length);
    return new Func(definition, given.map(toExpression), over.output_field, variant);
  };
}

function writer(name: string, { function: called, sql: write }: FunctionOptions): TemplateFunction {
  if ((called === undefined) === (write === undefined))
    refuse(`${name}: define_function() takes either 'function' or 'sql'.`);
  if (write !== undefined) return checkSql(name, write);
  const own = checkFunction(name, called);
  return (...args: SQL[]) => sql`${sql.raw(own)}(${sql.join(args, sql.raw(', '))})`;
}

function checkFunction(name: string, called: unknown): string {
  if (!isText(called) || !FUNCTION.test(called))
    refuse(`${name}: 'function' is the name of a function, got ${JSON.stringify(called)}.`);
  return called;
}

interface CallOptions extends OutputOption {
  readonly function?: unknown;
  readonly template?: unknown;
  readonly arg_joiner?: unknown;
}
const CALL_OPTIONS = ['function', 'template', 'arg_joiner', 'output_field'];

/** `Func('name', { function: 'soundex', output_field: text() })`: a function of the database, called where it stands. */
export function func(...given: unknown[]): Func {
  const options = takeOptions<CallOptions>(given, 'Func', CALL_OPTIONS);
  const { function: called, template = '%(function)s(%(expressions)s)', arg_joiner = ', ', output_field } = options;
  if (!isText(template) || !isText(arg_joiner)) refuse('template and arg_joiner of Func are SQL text.');
  if (called !== undefined || template.includes('%(function)s')) checkFunction('Func', called);
  const definition: FuncDefinition = {
    name: 'Func',
    output: firstOutput,
    write: (args) =>
      template.replace(/%%|%\((function|expressions)\)s/g, (mark, name: string | undefined) =>
        mark === '%%' ? '%' : name === 'function' ? String(called) : args.join(arg_joiner),
      ),
  };
  return new Func(definition, given.map(toExpression), output_field, JSON.stringify([called, template, arg_joiner]));
}
