/** `only()` and `defer()`: which columns of a model are read. */
import type { Field, Model } from '../meta/model.js';
import type { Query } from './query.js';

/** The fields of a model that `only()` and `defer()` leave. */
export function loadedFields(model: Model, deferred: Query['deferred'], prefix: string): readonly Field[] {
  if (deferred.names.size === 0) return model.fields;
  const here = new Set<string>();
  let deeper = false;
  for (const name of deferred.names) {
    if (!name.startsWith(prefix)) continue;
    const rest = name.slice(prefix.length);
    if (rest.includes('__')) {
      deeper = true;
      // What a path passes through is needed.
      if (!deferred.defer) here.add(rest.split('__')[0] as string);
    } else here.add(rest);
  }
  const named = (field: Field): boolean =>
    here.has(field.name) || (field.relation !== undefined && here.has(field.relation.name));
  if (deferred.defer) {
    const passed = new Set(
      [...deferred.names]
        .filter((n) => n.startsWith(prefix))
        .map((n) => n.slice(prefix.length))
        .filter((n) => n.includes('__'))
        .map((n) => n.split('__')[0]),
    );
    return model.fields.filter(
      (f) => f.primaryKey || !named(f) || (f.relation !== undefined && passed.has(f.relation.name)),
    );
  }
  if (here.size === 0 && !deeper && prefix !== '') return model.fields;
  return model.fields.filter((f) => f.primaryKey || named(f));
}
