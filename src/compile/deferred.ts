/** `only()` and `defer()`: which columns of a model are read. */
import type { Field, ForeignKey, Model } from '../meta/model.js';
import { Col } from '../expressions/refs.js';
import type { Query } from './query.js';

/**
 * The fields of a model that `only()` and `defer()` leave. Its key is always among them.
 * @param key what leads to it: the columns that it points to say that a row still is the one
 */
export function loadedFields(
  model: Model,
  deferred: Query['deferred'],
  prefix = '',
  key?: ForeignKey,
): readonly Field[] {
  if (deferred.names.size === 0) return model.fields;
  /** The names that end here, and those that pass through to further models. */
  const here = new Set<string>();
  const passed = new Set<string>();
  for (const name of deferred.names) {
    if (!name.startsWith(prefix)) continue;
    const [first, ...rest] = name.slice(prefix.length).split('__');
    (rest.length > 0 ? passed : here).add(first as string);
  }
  const isIn = (names: ReadonlySet<string>, field: Field): boolean =>
    names.has(field.name) || (field.relation !== undefined && names.has(field.relation.name));
  const isKey = (field: Field): boolean | undefined => field.primaryKey || key?.targetColumns.includes(field);
  if (deferred.defer)
    return model.fields.filter(
      (f) => isKey(f) || !isIn(here, f) || (f.relation !== undefined && passed.has(f.relation.name)),
    );
  if (here.size + passed.size === 0 && prefix !== '') return model.fields;
  // What a path passes through is needed.
  return model.fields.filter((f) => isKey(f) || isIn(here, f) || isIn(passed, f));
}

/** Fields as columns of a table of this alias. */
export const columnsOf = (alias: string, fields: readonly Field[]): Col[] =>
  fields.map((field) => new Col(alias, field));
