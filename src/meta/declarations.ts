/** What a table cannot say, said in the third argument of `defineModels`. */
import type { PgTable } from 'drizzle-orm/pg-core';

export interface ForeignKeyDeclaration {
  readonly declares: 'foreignKey' | 'oneToOne';
  readonly column: string | readonly string[];
  readonly target: string;
  readonly options: {
    related_name?: string;
    related_query_name?: string;
    to_field?: string | readonly string[];
  };
}

export interface ManyToManyDeclaration {
  readonly declares: 'manyToMany';
  readonly target: string;
  readonly options: {
    through: PgTable | string;
    through_fields?: readonly [string, string];
    related_name?: string;
    related_query_name?: string;
    symmetrical?: boolean;
  };
}

export interface MetaDeclaration {
  readonly ordering?: readonly unknown[];
  readonly get_latest_by?: string | readonly string[];
  readonly primary_key?: readonly string[];
}

export type Declaration = ForeignKeyDeclaration | ManyToManyDeclaration;

/**
 * Declares a many-to-many relation.
 * @param target the name of the model on the far side ('self' or this model's own name for a relation to self)
 * @param options `through`: the table between; `through_fields`: its two keys, where it has more; `related_name`;
 *   `symmetrical` (to self: true unless said otherwise)
 * @see https://docs.djangoproject.com/en/stable/ref/models/fields/#manytomanyfield
 */
export const manyToMany = (
  target: string,
  options = {} as ManyToManyDeclaration['options'],
): ManyToManyDeclaration => ({ declares: 'manyToMany', target, options });

/**
 * Declares or names a foreign key.
 * @param column the key of the column that holds it (several for a composite key)
 * @param target the name of the model that it points to
 * @param options `related_name`, `related_query_name`, `to_field`
 * @see https://docs.djangoproject.com/en/stable/ref/models/fields/#foreignkey
 */
export const foreignKey = (
  column: string | readonly string[],
  target: string,
  options: ForeignKeyDeclaration['options'] = {},
): ForeignKeyDeclaration => ({ declares: 'foreignKey', column, target, options });

/**
 * Declares or names a one-to-one relation.
 * @param column the key of the column that holds it
 * @param target the name of the model that it points to
 * @param options `related_name`, `related_query_name`, `to_field`
 * @see https://docs.djangoproject.com/en/stable/ref/models/fields/#onetoonefield
 */
export const oneToOne = (
  column: string | readonly string[],
  target: string,
  options: ForeignKeyDeclaration['options'] = {},
): ForeignKeyDeclaration => ({ declares: 'oneToOne', column, target, options });
