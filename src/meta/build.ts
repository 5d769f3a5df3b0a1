/** Drizzle tables and declarations → models. Every wrong definition is refused here, by name. */
import { isText } from './kinds.js';
import { type Column, getTableColumns, getTableName, is, Table } from 'drizzle-orm';
import { getTableConfig, type PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { DefinitionError } from '../errors.js';
import type { Declaration, ForeignKeyDeclaration, ManyToManyDeclaration, MetaDeclaration } from './declarations.js';
import type { DialectDecoder } from './column.js';
import { nameColumns } from './dialect.js';
import { typeOfColumn } from './field-type.js';
import { type Field, type ForeignKey, Model, qualified, type Relation } from './model.js';
import { forwardName, keyOf, relationOf, stepOf } from './relation.js';
import { choicesFor } from './suggest.js';

export type Declarations = Record<string, Record<string, Declaration | MetaDeclaration>>;

/** A primary key or a unique constraint of the extra config. */
interface Constraint {
  readonly columns: readonly PgColumn[];
}

const INLINE = Symbol.for('drizzle:PgInlineForeignKeys');

/** What `defineModels` was given, made into models. */
export class Registry {
  readonly models = new Map<string, Model>();
  readonly #byTable = new Map<PgTable, Model>();
  readonly #declarations: Declarations;
  readonly #columnName: (column: Column) => string;
  readonly #decoder: DialectDecoder;

  constructor(
    tables: Record<string, unknown>,
    declarations: Declarations,
    columnName: (column: Column) => string,
    decoder: DialectDecoder,
  ) {
    this.#declarations = declarations;
    this.#columnName = columnName;
    this.#decoder = decoder;
    for (const [name, table] of Object.entries(tables)) {
      if (is(table, PgTable)) this.#addModel(name, table, false);
      else if (is(table, Table)) {
        throw new DefinitionError(`${name} is not a PostgreSQL table: use pgTable(…).`);
      }
    }
    if (this.models.size === 0) throw new DefinitionError('defineModels was given no PostgreSQL table.');
    for (const name of Object.keys(declarations)) this.#known(name, 'The declarations name');
    for (const model of this.models.values()) this.#addForward(model);
    for (const model of this.models.values()) this.#addManyToMany(model);
    for (const model of this.models.values()) this.#addReverse(model);
    for (const model of this.models.values()) this.#addMeta(model);
  }

  #known(name: string, who: string): Model {
    return this.models.get(name) ?? unknown(`${who} an unknown model`, name, this.models.keys());
  }

  #addModel(name: string, table: PgTable, hidden: boolean): Model {
    const config = getTableConfig(table);
    const model = new Model(name, table, qualified(config.schema, config.name), config.name, hidden);
    nameColumns(table, this.#columnName);
    const columns = getTableColumns(table) as Record<string, PgColumn>;
    for (const [key, column] of Object.entries(columns)) {
      checkFieldName(key, `${name}.${key}`);
      const isAlone = ({ columns }: Constraint) => columns.length === 1 && columns[0]?.name === column.name;
      const primaryKey = column.primary || config.primaryKeys.some(isAlone);
      const field: Field = {
        kind: 'field',
        name: key,
        column: this.#columnName(column),
        model,
        type: typeOfColumn(column, this.#decoder),
        nullable: !column.notNull && !primaryKey,
        primaryKey,
        unique: primaryKey || column.isUnique || config.uniqueConstraints.some(isAlone),
        generated: column.generated !== undefined,
        drizzle: column,
        relation: undefined,
      };
      model.fields.push(field);
      model.members.set(key, field);
    }
    const meta = this.#declarations[name]?.Meta as MetaDeclaration | undefined;
    const composite = config.primaryKeys[0]?.columns.map((c) => c.name);
    model.primaryKey =
      meta?.primary_key?.map((key) => this.#columnOf(model, key, 'Meta.primary_key')) ??
      model.fields.filter((f) => f.primaryKey || composite?.includes(f.drizzle.name));
    for (const field of model.primaryKey) field.primaryKey = true;
    if (!hidden) this.models.set(name, model);
    if (!this.#byTable.has(table)) this.#byTable.set(table, model);
    return model;
  }

  #columnOf(model: Model, key: string, where: string): Field {
    return (
      model.fields.find((f) => f.name === key) ??
      unknown(
        `${model.name}: ${where} names an unknown column`,
        key,
        model.fields.map((f) => f.name),
      )
    );
  }

  #declared(model: Model): [string, Declaration | MetaDeclaration][] {
    return Object.entries(this.#declarations[model.name] ?? {});
  }

  /** The foreign keys of a table: declared ones by their declaration, the others from `.references()`. */
  #addForward(model: Model): void {
    const { foreignKeys } = getTableConfig(model.table);
    const references = foreignKeys.map((fk) => {
      const { columns, foreignTable, foreignColumns } = fk.reference();
      return { near: columns.map((c) => fieldOf(model, c)), foreignTable, foreignColumns, onDelete: fk.onDelete };
    });
    const declared = new Set<string>();
    for (const [name, declaration] of this.#declared(model)) {
      if (!isForeignKey(declaration)) continue;
      const why = `${model.name}.${name}`;
      const columns = [declaration.column].flat().map((key) => this.#columnOf(model, key, `the relation '${name}'`));
      declared.add(namesOf(columns));
      const target = this.#target(model, declaration, why);
      const { to_field } = declaration.options;
      const real = references.find((r) => namesOf(r.near) === namesOf(columns));
      if (real && real.foreignTable !== target.table)
        throw new DefinitionError(`${why}: '${namesOf(columns)}' references another table than ${target.name}'s.`);
      const targetColumns = to_field
        ? [to_field].flat().map((key) => this.#columnOf(target, key, `to_field of ${why}`))
        : (real?.foreignColumns.map((c) => fieldOf(target, c)) ?? target.primaryKey);
      if (targetColumns.length !== columns.length) {
        throw new DefinitionError(
          `${why} has ${columns.length} columns for the ${targetColumns.length} of ${target.name}'s key.`,
        );
      }
      this.#addKey(keyOf(model, name, columns, target, targetColumns, real?.onDelete, declaration));
    }
    // Drizzle lists what `.references()` says before what the extra config does.
    const inline = (model.table as unknown as Record<symbol, unknown[]>)[INLINE]?.length ?? 0;
    for (const [i, { near, foreignTable, foreignColumns, onDelete }] of references.entries()) {
      const target = this.#byTable.get(foreignTable as PgTable);
      // A key to a table that no model stands for is a plain column.
      if (!target || declared.has(namesOf(near))) continue;
      const far = foreignColumns.map((c) => fieldOf(target, c));
      const name = forwardName((near[0] as Field).name);
      // No name of a key in a through table that is no model can be asked for: it may be a column's.
      const free = model.hidden && model.members.has(name) ? `+${name}` : name;
      const key = keyOf(model, free, near, target, far, onDelete);
      if (i < inline) this.#addKey(key);
      else if (!model.hidden && !model.foreignKeys.some((known) => namesOf(known.columns) === namesOf(near)))
        throw new DefinitionError(
          `${model.name} has a foreign key to table '${target.tableName}' in its extra config. Declare it: ${declarationOf(key, key.name)}`,
        );
    }
  }

  #addKey(key: ForeignKey): void {
    const { model, name, columns } = key;
    const relation = relationOf({ kind: 'forward', name, accessor: name, steps: [stepOf(key, true)], key });
    model.foreignKeys.push(key);
    this.#claim(relation, `${model.name}.${namesOf(columns)}`);
    if (columns.length === 1) (columns[0] as Field).relation = relation;
  }

  #target(model: Model, { target }: Declaration, why: string): Model {
    return target === 'self' ? model : this.#known(target, `${why} points to`);
  }

  #claim(relation: Relation, why: string): void {
    const { model, name, accessor } = relation;
    checkFieldName(name, why);
    const held = model.members.get(name);
    const clash = (what: string): never => {
      const cure =
        relation.kind === 'forward'
          ? `Declare it: ${declarationOf(relation.key as ForeignKey, 'some_name')}`
          : 'Give it a related_name.';
      throw new DefinitionError(`${why}: ${what} of ${model.name} is taken. ${cure}`);
    };
    if (held) clash(`the name '${name}'`);
    model.members.set(name, relation);
    if (accessor === undefined) return;
    if (model.accessors.has(accessor)) clash(`the accessor '${accessor}'`);
    model.accessors.set(accessor, relation);
  }

  #addReverse(model: Model): void {
    for (const key of model.foreignKeys) {
      if (key.relatedName?.endsWith('+')) continue;
      const forward = model.members.get(key.name) as Relation;
      const lower = model.name.toLowerCase();
      const relation = relationOf({
        kind: 'reverse',
        name: key.relatedQueryName ?? key.relatedName ?? lower,
        accessor: key.relatedName ?? (key.unique ? lower : `${lower}_set`),
        steps: [stepOf(key, false)],
        key,
        inverse: forward,
      });
      this.#claim(relation, `${model.name}.${key.name}`);
      forward.inverse = relation;
    }
  }

  #addManyToMany(model: Model): void {
    for (const [name, declaration] of this.#declared(model)) {
      if (!isManyToMany(declaration)) continue;
      const { options } = declaration;
      const why = `${model.name}.${name}`;
      const target = this.#target(model, declaration, why);
      const through = this.#through(options.through, why);
      const [near, far] = this.#throughKeys(through, model, target, options.through_fields, why);
      const symmetrical = target === model && (options.symmetrical ?? true);
      const relation = relationOf({
        kind: 'm2m',
        name,
        accessor: name,
        model,
        target,
        steps: [stepOf(near, false), stepOf(far, true)],
        through: { model: through, near, far, symmetrical },
      });
      this.#claim(relation, why);
      const hidden = symmetrical || options.related_name?.endsWith('+') === true;
      const lower = model.name.toLowerCase();
      relation.inverse = relationOf({
        kind: 'm2m',
        // A hidden relation has a name that no lookup of a user's can be: it serves the managers.
        name: hidden ? `+${why}` : (options.related_query_name ?? options.related_name ?? lower),
        accessor: hidden ? undefined : (options.related_name ?? `${lower}_set`),
        model: target,
        target: model,
        steps: [stepOf(far, false), stepOf(near, true)],
        through: { model: through, near: far, far: near, symmetrical: false },
        inverse: relation,
      });
      this.#claim(relation.inverse, why);
    }
  }

  #through(table: PgTable | string, why: string): Model {
    if (isText(table)) return this.#known(table, `${why} goes through`);
    if (!is(table, PgTable)) throw new DefinitionError(`${why}: through takes a table, or its model's name.`);
    const known = this.#byTable.get(table);
    if (known) return known;
    const model = this.#addModel(getTableName(table), table, true);
    this.#addForward(model);
    return model;
  }

  #throughKeys(
    through: Model,
    model: Model,
    target: Model,
    fields: readonly [string, string] | undefined,
    why: string,
  ): [ForeignKey, ForeignKey] {
    const keys = through.foreignKeys;
    const names = keys.map((k) => k.name);
    const named = (name: string): ForeignKey =>
      keys.find((k) => k.name === name || k.columns[0]?.name === name) ??
      unknown(`${why}: through_fields names an unknown foreign key of '${through.tableName}':`, name, names);
    const to = (end: Model) => keys.filter((k) => k.target === end);
    const [near, far, another] = fields?.map(named) ?? (model === target ? to(model) : [...to(model), ...to(target)]);
    if (near?.target.table !== model.table || far?.target.table !== target.table || another)
      throw new DefinitionError(
        `${why}: through table '${through.tableName}' needs one foreign key to ${model.name} and one to ${target.name}. Name them in through_fields. Choices are: ${names.join(', ')}`,
      );
    return [near, far];
  }

  #addMeta(model: Model): void {
    for (const [name, declaration] of this.#declared(model)) {
      if (name !== 'Meta' && !kindOf(declaration)) {
        throw new DefinitionError(`${model.name}.${name} is no declaration: use manyToMany(…), foreignKey(…) or Meta.`);
      }
    }
    const meta = this.#declarations[model.name]?.Meta as MetaDeclaration | undefined;
    if (!meta) return;
    for (const option of Object.keys(meta)) {
      if (!META.includes(option)) unknown(`${model.name}.Meta names an unknown option`, option, META);
    }
    const ordering = meta.ordering === undefined ? [] : [meta.ordering].flat();
    for (const name of ordering) {
      if (!isText(name) || name === '?') continue;
      this.#checkName(model, name.replace(/^-/, ''), 'Meta.ordering');
    }
    model.ordering = ordering;
    if (meta.get_latest_by !== undefined) {
      model.getLatestBy = [meta.get_latest_by].flat() as string[];
      for (const name of model.getLatestBy) this.#checkName(model, name.replace(/^-/, ''), 'Meta.get_latest_by');
    }
  }

  #checkName(model: Model, name: string, where: string): void {
    const first = name.split('__')[0] as string;
    if (first === 'pk' || model.members.has(first)) return;
    unknown(`${model.name}: ${where} names an unknown field`, first, model.choices());
  }
}

function checkFieldName(name: string, why: string): void {
  if (!name || name === 'pk' || name.includes('__'))
    throw new DefinitionError(`${why}: '${name}' is no name of a field.`);
}

const META = ['ordering', 'get_latest_by', 'primary_key'];

function unknown(what: string, name: string, choices: Iterable<string>): never {
  throw new DefinitionError(`${what} '${name}'.${choicesFor(name, choices)}`);
}

const kindOf = (declaration: unknown) => (declaration as Partial<Declaration> | null)?.declares;

const isManyToMany = (declaration: unknown): declaration is ManyToManyDeclaration =>
  kindOf(declaration) === 'manyToMany';

const isForeignKey = (declaration: unknown): declaration is ForeignKeyDeclaration =>
  kindOf(declaration) === 'foreignKey' || kindOf(declaration) === 'oneToOne';

const namesOf = (fields: readonly Field[]): string => fields.map((f) => f.name).join();

/** What declares a foreign key. */
function declarationOf({ model, columns, target, unique }: ForeignKey, name: string): string {
  const keys = columns.map((f) => `'${f.name}'`).join(', ');
  const column = columns.length > 1 ? `[${keys}]` : keys;
  return `${model.name}: { ${name}: ${unique ? 'oneToOne' : 'foreignKey'}(${column}, '${target.name}') }`;
}

/** The field of a Drizzle column of this model's table. */
const fieldOf = (model: Model, column: Column | undefined): Field =>
  model.fields.find((f) => f.drizzle.name === column?.name) as Field;
