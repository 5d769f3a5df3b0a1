/** `defineModels`: where a reader starts. Drizzle tables in, model classes out. */
import { isObject } from './meta/kinds.js';
import { Databases } from './chain/context.js';
import { makeModelClass } from './chain/model.js';
import { columnNamer, dialectDecoder, type DrizzleDatabase, isDatabase } from './drivers/session.js';
import { DefinitionError, refuse } from './errors.js';
import { type Declarations, Registry } from './meta/build.js';

/**
 * Makes a model class of every table.
 * @param db a Drizzle PostgreSQL database, or a record of aliases with one called `default`
 * @param tables tables by model name; a whole `import * as schema` will do, what is no table is left out
 * @param declarations what a table cannot say: many-to-many relations, names of relations, `Meta`
 * @returns the classes, by the names that `tables` has
 * @throws DefinitionError for a schema that cannot be understood
 */
export function defineModels(
  db: unknown,
  tables: Record<string, unknown>,
  declarations: Declarations = {},
): Record<string, unknown> {
  const databases = new Databases(aliases(db));
  if (!isObject(tables)) throw new DefinitionError('defineModels takes tables by model name.');
  const first = databases.get(undefined);
  const registry = new Registry(tables, declarations, columnNamer(first), dialectDecoder(first));
  const classes: Record<string, unknown> = {};
  for (const [name, model] of registry.models) classes[name] = makeModelClass(model, databases);
  return classes;
}

function aliases(db: unknown): Map<string, DrizzleDatabase> {
  const given = isDatabase(db) ? { default: db } : db;
  if (!isObject(given) || !('default' in given))
    refuse("defineModels takes a Drizzle database, or a record of aliases with one called 'default'.");
  const found: [string, unknown][] = Object.entries(given);
  for (const [alias, each] of found)
    if (!isDatabase(each)) refuse(`The alias '${alias}' is no Drizzle PostgreSQL database.`);
  return new Map(found as [string, DrizzleDatabase][]);
}
