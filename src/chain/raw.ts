/** `raw()`: instances from SQL of the user's own. */
import { isArray, isText, own } from '../meta/kinds.js';
import type { SQLWrapper } from 'drizzle-orm';
import { bindValues, type Statement } from '../compile/compiler.js';
import { IndexError, refuse, refuseName } from '../errors.js';
import { parameter } from '../expressions/base.js';
import { Places, Compiler, finish } from '../compile/compiler.js';
import { drizzleExpression, isDrizzleSql } from '../expressions/drizzle.js';
import type { Expression } from '../expressions/expression.js';
import type { Query } from '../compile/query.js';
import { decoded } from '../hydrate/generate.js';
import { HYDRATE, type Instance, markLoaded, type Using } from '../hydrate/instance.js';
import { checkIndex } from '../meta/bounds.js';
import { shown } from '../meta/codecs.js';
import type { Field, Model } from '../meta/model.js';
import type { Param } from '../meta/param.js';
import { queryNamedRows } from '../execute/run.js';
import { isOptions } from '../expressions/func.js';
import { Indexable } from './indexable.js';
import type { Hold } from './queryset.js';
import { prefetchItems, prefetchObjects } from './prefetch.js';
import { INSPECT } from '../meta/held.js';

interface RawOptions {
  readonly params?: readonly unknown[] | Record<string, unknown> | null;
  /** Column of the query → field. */
  readonly translations?: Record<string, string> | null;
  readonly using?: Using;
}

/** Drizzle's SQL, or text: `%s` for each of a list, `%(name)s` for each of a record, `%%` for a percent sign. */
function statementOf(
  sql: string | SQLWrapper,
  params: readonly unknown[] | Record<string, unknown>,
): { statement: Statement; values: unknown[] } {
  const places = new Places();
  const all: Param[] = [];
  const values: unknown[] = [];
  const compiler = new RawCompiler(undefined as unknown as Query, places);
  const written = (expression: Expression): string => {
    expression.collect(values);
    return compiler.compile(expression.bind(all));
  };
  if (!isText(sql)) return { statement: finish(written(drizzleExpression(sql)), places, all), values };
  const place = (value: unknown): string => {
    if (value === undefined) refuse('raw() was given undefined. Use null for NULL.');
    return written(parameter(value));
  };
  const isList = isArray(params);
  let n = 0;
  const text = sql.replace(/%%|%s|%\((\w+)\)s/g, (mark, name: string | undefined) => {
    if (mark === '%%') return isList && params.length === 0 ? '%%' : '%';
    if (name !== undefined) {
      if (isList || !Object.hasOwn(params, name)) refuse(`raw() has no parameter '${name}'.`);
      return place((params as Record<string, unknown>)[name]);
    }
    if (!isList) refuse('raw() was given named parameters for %s.');
    const value: unknown = params[n++];
    // One place too many is said below, with the number of all of them.
    return n > params.length ? mark : place(value);
  });
  if (isList && n !== params.length) refuse(`raw() has ${n} places (%s) for ${params.length} parameters.`);
  return { statement: finish(text, places, all), values };
}

class RawCompiler extends Compiler {
  subquery(): string {
    refuse('A queryset is no parameter of raw().');
  }
}

export class RawQuerySet extends Indexable implements PromiseLike<Instance[]> {
  #rows: Promise<Instance[]> | undefined;
  #names: readonly string[] = [];
  constructor(
    private readonly hold: Hold,
    private readonly source: string | SQLWrapper,
    private readonly parameters: readonly unknown[] | Record<string, unknown>,
    private readonly translations: Record<string, string>,
  ) {
    super();
  }

  eval(): Promise<Instance[]> {
    // What the database refused may be tried again.
    this.#rows ??= this.#fetch().catch((error: unknown) => {
      this.#rows = undefined;
      throw error;
    });
    return this.#rows;
  }
  then<A = Instance[], B = never>(
    onRows?: ((rows: Instance[]) => A | PromiseLike<A>) | null,
    onError?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.eval().then(onRows, onError);
  }
  /** The names of the query's columns, as fields where they are some. */
  get columns(): Promise<readonly string[]> {
    return this.eval().then(() => this.#names);
  }
  async *[Symbol.asyncIterator](): AsyncGenerator<Instance> {
    yield* await this.eval();
  }
  async *iterator(): AsyncGenerator<Instance> {
    yield* await this.#fetch();
  }
  async item(index: number): Promise<Instance> {
    checkIndex(index);
    const row = (await this.eval())[index];
    if (row === undefined) throw new IndexError('list index out of range');
    return row;
  }
  using(using: Using): RawQuerySet {
    return this.#holding({ using });
  }
  prefetch_related(...lookups: unknown[]): RawQuerySet {
    const { prefetch, root } = this.hold;
    return this.#holding({ prefetch: prefetchItems(prefetch, lookups, root.query) });
  }
  #holding(changes: Partial<Hold>): RawQuerySet {
    return new RawQuerySet({ ...this.hold, ...changes }, this.source, this.parameters, this.translations);
  }
  toSQL(): { sql: string; params: unknown[] } {
    const { statement, values } = statementOf(this.source, this.parameters);
    return { sql: statement.text, params: bindValues(statement, values) };
  }
  override toString(): string {
    return `<RawQuerySet: ${isText(this.source) ? this.source : this.toSQL().sql}>`;
  }
  [INSPECT](): string {
    return this.toString();
  }

  async #fetch(): Promise<Instance[]> {
    const { model, databases, using, prefetch } = this.hold;
    const { statement, values } = statementOf(this.source, this.parameters);
    const { names, rows } = await queryNamedRows(databases.get(using), statement, values);
    const fields = names.map((name) => this.#fieldOf(model, name));
    this.#names = names.map((name, i) => fields[i]?.name ?? name);
    // Drivers give the last of them, where the first is meant as often (select a.*, b.*).
    const twice = names.find((name, i) => fields[i] && names.indexOf(name) !== i);
    if (twice !== undefined) refuseName(`Raw query must include '${twice}' once.`);
    for (const key of model.primaryKey) {
      // A driver that gives objects alone names no columns where there is no row.
      if (names.length > 0 && !fields.includes(key))
        refuseName(`Raw query must include the primary key (${key.name}).`, key.name, model.name);
    }
    const cls = model.cls as new (values: typeof HYDRATE) => Instance;
    const out = rows.map((row) => {
      const instance = new cls(HYDRATE);
      const target = instance as unknown as Record<string, unknown>;
      row.forEach((raw, i) => {
        const field = fields[i];
        target[field?.name ?? (names[i] as string)] = decoded(raw, field?.type.decode);
      });
      markLoaded(instance, using);
      return instance;
    });
    if (prefetch.length > 0) await prefetchObjects(out, prefetch);
    return out;
  }

  #fieldOf(model: Model, name: string): Field | undefined {
    const wanted = own(this.translations, name) ?? name;
    // A column's name may be another field's.
    return model.fields.find((f) => f.column === wanted) ?? model.fields.find((f) => f.name === wanted);
  }
}

const OPTIONS = ['params', 'translations', 'using'];

/** Is this what Django takes by keyword? A record of named parameters is told by the places of the SQL, `%(name)s`. */
const isKeywords = (sql: string | SQLWrapper, given: unknown): given is RawOptions =>
  isOptions(given) &&
  Object.keys(given).every((name) => OPTIONS.includes(name) && !(isText(sql) && sql.includes(`%(${name})s`))) &&
  Object.keys(given).length > 0;

/** `raw(sql, params, translations, { using })`, and each of them by keyword. */
export function rawQuerySet(hold: Hold, sql: unknown, args: readonly unknown[]): RawQuerySet {
  if (!isText(sql) && !isDrizzleSql(sql)) refuse(`raw() takes SQL text, or Drizzle's, got ${shown(sql)}.`);
  if (args.length > OPTIONS.length) refuse(`raw() takes no more than ${OPTIONS.join(', ')}.`);
  const options: RawOptions = {};
  args.forEach((given, i) => {
    Object.assign(options, isKeywords(sql, given) ? given : { [OPTIONS[i] as string]: given });
  });
  if (!isText(sql) && options.params) refuse("raw() takes parameters with text alone: Drizzle's SQL has its own.");
  const translations = options.translations ?? {};
  if (!isOptions(translations) || Object.values(translations).some((name) => !isText(name)))
    refuse(`raw() takes names of fields by columns as translations, got ${shown(translations)}.`);
  const { using = hold.using } = options;
  return new RawQuerySet({ ...hold, using, prefetch: [] }, sql, options.params ?? [], translations);
}
