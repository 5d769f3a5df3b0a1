/**
 * SQL that a user writes for a lookup, a transform or a function: a function of written fragments that gives Drizzle's
 * `sql`. It runs once, over places, before there is any value: whatever a query is given later can only be a parameter.
 */
import { isText } from '../meta/kinds.js';
import { is, Placeholder, SQL, sql } from 'drizzle-orm';
import { refuse } from '../errors.js';
import { encodeLoose } from '../meta/codecs.js';
import { dialect, placesOf } from '../meta/dialect.js';
import { ContextParam } from '../meta/param.js';
import { isOptions, refuseUnknown, type Write } from './func.js';

export type TemplateFunction = (...fragments: SQL[]) => SQL;

/** Text as it is, the place of a fragment, or a value that the template itself holds. */
type Part = string | number | ContextParam;

/** What a definition is given: an object of these options. */
export function optionsOf<T extends object>(what: string, options: T, known: readonly string[]): T {
  if (!isOptions(options)) refuse(`${what} takes an object of options.`);
  refuseUnknown(what, options, known);
  return options;
}
/** The function that writes the SQL. */
export function checkSql(what: string, write: unknown): TemplateFunction {
  if (typeof write === 'function') return write as TemplateFunction;
  refuse(`${what}: sql is a function that gives Drizzle's sql\`…\`.`);
}

export interface Template {
  /** Templates of equal text are the same one, if a module that registers it is loaded twice. */
  readonly text: string;
  /** The SQL of these fragments, as a function's of its arguments. */
  readonly write: Write;
}

/** @param names of the fragments, for messages: all of them must be used */
export function templateOf(owner: string, names: readonly string[], write: TemplateFunction): Template {
  const places = names.map((name) => sql.placeholder(name));
  const written: unknown = write(...places.map((place) => sql`${place}`));
  if (!is(written, SQL)) refuse(`The sql of ${owner} must give Drizzle's sql\`…\`.`);
  const query = dialect.sqlToQuery(written);
  const parts = placesOf(query.sql).map(
    (part): Part => (isText(part) ? part : partOf(owner, places, query.params[part])),
  );
  names.forEach((name, i) => {
    if (!parts.includes(i)) refuse(`The sql of ${owner} does not use '${name}'.`);
  });
  return {
    text: JSON.stringify([query.sql, query.params.map(String)]),
    write(fragments, _sources, compiler) {
      const text = parts.map((part) => {
        if (isText(part)) return part;
        return typeof part === 'number' ? (fragments[part] as string) : compiler.param(part, encodeLoose);
      });
      return `(${text.join('')})`;
    },
  };
}

function partOf(owner: string, places: readonly Placeholder[], param: unknown): number | ContextParam {
  if (is(param, Placeholder)) {
    const index = places.indexOf(param);
    if (index >= 0) return index;
    refuse(`Drizzle's placeholder '${param.name}' has no value in the sql of ${owner}.`);
  }
  if (param === null || param === undefined) refuse(`The sql of ${owner} holds ${param}: write NULL in its text.`);
  return new ContextParam(() => param);
}

/** A name in keys and messages. */
export function checkName(what: string, name: unknown): asserts name is string {
  if (!isText(name) || !/^[A-Za-z_]\w*$/.test(name) || name.includes('__'))
    refuse(`${what} takes a name of letters, digits and single underscores, got ${JSON.stringify(name)}.`);
}
