/** What all querysets of one `defineModels` share: its databases. */
import { isText } from '../meta/kinds.js';
import { isDatabase, type DrizzleDatabase } from '../drivers/session.js';
import { ConnectionDoesNotExist, refuse } from '../errors.js';
import type { Using } from '../hydrate/instance.js';

/** The database of a queryset's statements. */
export const databaseOf = ({ databases, using }: { databases: Databases; using: Using }): DrizzleDatabase =>
  databases.get(using);

export class Databases {
  constructor(private readonly aliases: ReadonlyMap<string, DrizzleDatabase>) {}

  /** The database of an alias; the default one where none is said. */
  get(using: Using): DrizzleDatabase {
    const alias = using ?? 'default';
    if (isDatabase(alias)) return alias;
    if (!isText(alias)) refuse('using takes an alias, or a Drizzle database or transaction.');
    const db = this.aliases.get(alias);
    if (db) return db;
    throw new ConnectionDoesNotExist(
      `The connection '${alias}' doesn't exist. Aliases: ${[...this.aliases.keys()].join(', ')}`,
    );
  }

  /** The alias of a database, where it has one. */
  aliasOf(using: Using): string {
    if (isText(using)) return using;
    for (const [alias, db] of this.aliases) if (db === using) return alias;
    return 'default';
  }
}
