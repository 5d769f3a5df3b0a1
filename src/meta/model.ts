/** The run-time normal form of the user's tables: what `types/schema.ts` says at compile time, said again. */
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { refuseName } from '../errors.js';
import type { FieldType } from './field-type.js';
import { noField } from './suggest.js';

/** One column of a model. */
export interface Field {
  readonly kind: 'field';
  /** The TypeScript key: the name in lookups. */
  readonly name: string;
  /** The name in the database. */
  readonly column: string;
  readonly model: Model;
  readonly type: FieldType;
  readonly nullable: boolean;
  /** A column of the primary key, which may be of several. */
  primaryKey: boolean;
  /** Alone unique: by `.unique()`, `.primaryKey()`, or a one-column constraint. */
  readonly unique: boolean;
  /** Never written: a generated column. */
  readonly generated: boolean;
  readonly drizzle: PgColumn;
  /** The foreign key that this column holds. */
  relation: Relation | undefined;
}

/** One hop of a join (Django's PathInfo). */
export interface Step {
  readonly from: Model;
  readonly to: Model;
  /** Pairs of columns that must be equal, near side first. */
  readonly columns: readonly (readonly [Field, Field])[];
  /** One near row may meet several far rows. */
  readonly many: boolean;
  /** The near side holds the key. */
  readonly direct: boolean;
  readonly nullable: boolean;
  /** The foreign key that is crossed, from either side. */
  readonly key: ForeignKey;
}

/** A foreign key as it is declared: the near columns, the far columns. */
export interface ForeignKey {
  readonly model: Model;
  /** The forward name: `box`. */
  readonly name: string;
  readonly columns: readonly Field[];
  readonly target: Model;
  readonly targetColumns: readonly Field[];
  readonly unique: boolean;
  readonly nullable: boolean;
  readonly onDelete: string | undefined;
  /** The names that its declaration asks for at the other end. */
  readonly relatedName: string | undefined;
  readonly relatedQueryName: string | undefined;
}

export interface Relation {
  readonly kind: 'forward' | 'reverse' | 'm2m';
  /** The name in lookups. */
  readonly name: string;
  /** The name on instances, without `a$`; undefined where the relation is hidden. */
  readonly accessor?: string | undefined;
  readonly model: Model;
  readonly target: Model;
  /** One row at most on the far side. */
  readonly single: boolean;
  /** The far row may be missing. */
  readonly nullable: boolean;
  readonly steps: readonly Step[];
  /** The foreign key behind a forward or reverse relation. */
  readonly key?: ForeignKey;
  /** Of a many-to-many relation. */
  readonly through?: Through;
  /** The same relation seen from the other side. */
  inverse?: Relation;
}

/** The table of a many-to-many relation, seen from one side. */
export interface Through {
  readonly model: Model;
  /** The foreign key to this side. */
  readonly near: ForeignKey;
  /** The foreign key to the far side. */
  readonly far: ForeignKey;
  /** To self, and every row stands for both directions. */
  readonly symmetrical: boolean;
}

export type Member = Field | Relation;

export class Model {
  readonly fields: Field[] = [];
  /** Every name that a lookup may start with: fields and relations. */
  readonly members = new Map<string, Member>();
  /** Every name on an instance: `box`, `pizza_set`, `toppings`. */
  readonly accessors = new Map<string, Relation>();
  readonly foreignKeys: ForeignKey[] = [];
  /** One field, or several: of `Meta.primary_key`, or of the key in the table's extra config. */
  primaryKey: Field[] = [];
  ordering: readonly unknown[] = [];
  getLatestBy: readonly string[] | undefined;
  /** A through table that no model stands for. */
  readonly hidden: boolean;
  /** The class that users see, and the shape of all of its rows; set when the class is made. */
  cls: unknown;
  root: unknown;

  constructor(
    readonly name: string,
    readonly table: PgTable,
    /** The quoted, schema-qualified name. */
    readonly sqlName: string,
    /** The bare name: the first alias. */
    readonly tableName: string,
    hidden: boolean,
  ) {
    this.hidden = hidden;
  }

  /** A name that its rows are written by: a column's, or a foreign key's. */
  isWritten(name: string): boolean {
    const kind = this.members.get(name)?.kind;
    return kind === 'field' || kind === 'forward';
  }

  /** The single primary key, which most of Django is about. */
  get pk(): Field {
    const field = this.primaryKey[0];
    if (field) return field;
    return refuseName(`${this.name} has no primary key: declare Meta: { primary_key: […] }.`, 'pk', this.name);
  }

  /** All fields of the primary key, of which there is one at least. */
  get keys(): Field[] {
    return [this.pk, ...this.primaryKey.slice(1)];
  }

  field(name: string): Field {
    const member = name === 'pk' ? this.pk : this.members.get(name);
    if (member?.kind === 'field') return member;
    const held = member && member.kind === 'forward' ? member.key?.columns[0] : undefined;
    if (held) return held;
    throw noField(this.name, name, this.choices());
  }

  /** All names, for error messages. */
  choices(): string[] {
    return [...this.members.keys()].filter((name) => !name.startsWith('+'));
  }
}

/** `"a""b"`: identifiers are quoted, always. */
export const quote = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

/** `"schema"."name"`, or the name alone. */
export const qualified = (schema: string | undefined, name: string): string =>
  [schema ?? [], name].flat().map(quote).join('.');
