// What cannot be understood is refused where it is defined, by name, and before any statement.
import * as orm from 'drizzle-orm';
import { mysqlTable, int as mysqlInt } from 'drizzle-orm/mysql-core';
import { foreignKey as drizzleForeignKey, integer, pgEnum, pgTable, pgView, serial, text } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import { DefinitionError, defineModels, foreignKey, manyToMany, oneToOne, ValueError } from 'drizzle-queryset';
import { describe, expect, test } from 'vitest';

const db = drizzle.mock();

/** Definitions that the types refuse too: the run time is asked without them. */
const define = defineModels as unknown as (
  db: unknown,
  tables: unknown,
  declarations?: unknown,
) => Record<string, AnyModel>;

interface AnyModel {
  readonly aobjects: { filter(lookups: object): { toSQL(): { sql: string } } };
  readonly prototype: object;
}

const targets = pgTable('target', { id: serial().primaryKey(), name: text().notNull() });
const others = pgTable('other', { id: serial().primaryKey() });
const pointers = pgTable('pointer', {
  id: serial().primaryKey(),
  targetId: integer('target_id').references(() => targets.id),
});
const twice = pgTable('twice', {
  id: serial().primaryKey(),
  firstId: integer('first_id').references(() => targets.id),
  secondId: integer('second_id').references(() => targets.id),
});
const pairs = pgTable('pair', {
  id: serial().primaryKey(),
  targetId: integer('target_id').references(() => targets.id),
  otherId: integer('other_id').references(() => others.id),
});
const halves = pgTable('half', {
  id: serial().primaryKey(),
  targetId: integer('target_id').references(() => targets.id),
});

/** What definition must throw, and what its sentence must name. */
function refused(work: () => unknown, ...names: (string | RegExp)[]): void {
  let error: unknown;
  try {
    work();
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toBeInstanceOf(DefinitionError);
  expect((error as Error).name).toBe('DefinitionError');
  for (const name of names) expect((error as Error).message).toMatch(name);
}

describe('relations that clash', () => {
  test('two foreign keys to one table have one reverse name', () => {
    refused(() => define(db, { Target: targets, Twice: twice }), 'Twice', 'Target', 'related_name');
  });

  test('related_name on one of them cures it, on either', () => {
    for (const [name, column] of [
      ['first', 'firstId'],
      ['second', 'secondId'],
    ] as const) {
      expect(() =>
        define(
          db,
          { Target: targets, Twice: twice },
          { Twice: { [name]: foreignKey(column, 'Target', { related_name: 'x' }) } },
        ),
      ).not.toThrow();
    }
  });

  test('a related_name that two relations share', () => {
    refused(
      () =>
        define(
          db,
          { Target: targets, Twice: twice },
          {
            Twice: {
              first: foreignKey('firstId', 'Target', { related_name: 'both' }),
              second: foreignKey('secondId', 'Target', { related_name: 'both' }),
            },
          },
        ),
      'both',
      'Target',
    );
  });

  test('a related_name that is a column of the target', () => {
    refused(
      () =>
        define(
          db,
          { Target: targets, Pointer: pointers },
          { Pointer: { target: foreignKey('targetId', 'Target', { related_name: 'name' }) } },
        ),
      "'name'",
      'Target',
    );
  });

  test("a model whose lowercased name is a column of its target's", () => {
    refused(() => define(db, { Target: targets, Name: pointers }), "'name'", 'Target', 'Name');
  });

  test('a many-to-many relation named like a column', () => {
    refused(
      () =>
        define(db, { Target: targets, Other: others }, { Target: { name: manyToMany('Other', { through: pairs }) } }),
      "'name'",
      'Target',
    );
  });

  test('a foreign key whose forward name is its own column', () => {
    const plain = pgTable('plain', { id: serial().primaryKey(), target: integer().references(() => targets.id) });
    refused(() => define(db, { Target: targets, Plain: plain }), 'Plain', "'target'");
  });

  test('a foreign key whose forward name is another column', () => {
    const doubled = pgTable('doubled', {
      id: serial().primaryKey(),
      target: text(),
      targetId: integer('target_id').references(() => targets.id),
    });
    refused(() => define(db, { Target: targets, Doubled: doubled }), 'Doubled', "'target'");
  });

  test('a many-to-many relation and a foreign key from one model, met on the far side', () => {
    const both = pgTable('both', {
      id: serial().primaryKey(),
      targetId: integer('target_id').references(() => targets.id),
    });
    const between = pgTable('between', {
      id: serial().primaryKey(),
      bothId: integer('both_id').references(() => both.id),
      targetId: integer('target_id').references(() => targets.id),
    });
    refused(
      () => define(db, { Target: targets, Both: both }, { Both: { all: manyToMany('Target', { through: between }) } }),
      'Both',
      'Target',
      'related_name',
    );
  });
});

describe('through tables', () => {
  const through =
    (table: unknown, more: object = {}) =>
    () =>
      define(
        db,
        { Target: targets, Other: others },
        { Target: { links: manyToMany('Other', { through: table, ...more }) } },
      );

  test('that have one of the two foreign keys', () => refused(through(halves), 'Target.links', 'half', 'Other'));
  test('that are not given', () => {
    const links = (manyToMany as (target: string) => unknown)('Other');
    refused(() => define(db, { Target: targets, Other: others }, { Target: { links } }), 'Target.links', 'through');
  });
  test('that are no table', () => refused(through({ name: 'pair' }), 'Target.links', 'through'));
  test('named by a model that is not there', () => refused(through('Nothing'), 'Target.links', "'Nothing'"));
  test('with through_fields that are no foreign keys', () => {
    refused(through(pairs, { through_fields: ['id', 'otherId'] }), 'Target.links', "'id'", 'pair');
  });
  test('with through_fields that lead elsewhere', () => {
    refused(through(pairs, { through_fields: ['otherId', 'targetId'] }), 'Target.links', 'pair', 'through_fields');
  });
  test('to self with one key', () => {
    refused(
      () => define(db, { Target: targets }, { Target: { links: manyToMany('Target', { through: halves }) } }),
      'Target.links',
      'half',
    );
  });
  test('whose keys are named as their columns are', () => {
    const bare = pgTable('bare', {
      target: integer().references(() => targets.id),
      other: integer().references(() => others.id),
    });
    const { Target } = defineModels(
      db,
      { Target: targets, Other: others },
      { Target: { links: manyToMany('Other', { through: bare }) } },
    );
    const { sql } = Target.aobjects.filter({ links: 1 }).toSQL();
    expect(sql).toContain('"bare"."target"');
    expect(sql).toContain('"bare"."other" =');
    // A model of that table has names, and they clash.
    refused(() => define(db, { Target: targets, Other: others, Bare: bare }), 'Bare', "'target'");
  });
  test('with more keys than two, unless through_fields says which', () => {
    const three = pgTable('three', {
      id: serial().primaryKey(),
      aId: integer('a_id').references(() => targets.id),
      bId: integer('b_id').references(() => targets.id),
      otherId: integer('other_id').references(() => others.id),
    });
    refused(through(three), 'Target.links', 'three', 'through_fields');
    expect(through(three, { through_fields: ['bId', 'otherId'] })).not.toThrow();
  });
});

describe('names that lead nowhere', () => {
  test('a target, with the nearest model', () => {
    refused(
      () =>
        define(db, { Target: targets, Pointer: pointers }, { Pointer: { target: foreignKey('targetId', 'Targte') } }),
      "'Targte'",
      "Did you mean 'Target'",
    );
  });
  test('a column, with the nearest', () => {
    refused(
      () =>
        define(db, { Target: targets, Pointer: pointers }, { Pointer: { target: foreignKey('targteId', 'Target') } }),
      "'targteId'",
      "Did you mean 'targetId'",
    );
  });
  test('a target that is not the one that the column references', () => {
    refused(
      () =>
        define(
          db,
          { Target: targets, Other: others, Pointer: pointers },
          { Pointer: { target: foreignKey('targetId', 'Other') } },
        ),
      'Pointer.target',
      'targetId',
      'Other',
    );
  });
  test('a model in the declarations', () => {
    refused(() => define(db, { Target: targets }, { Targte: { Meta: {} } }), "'Targte'", "Did you mean 'Target'");
  });
  test('Meta.ordering', () =>
    refused(
      () => define(db, { Target: targets }, { Target: { Meta: { ordering: ['-nmae'] } } }),
      'Target',
      'ordering',
      "'nmae'",
      "'name'",
    ));
  test('Meta.get_latest_by', () =>
    refused(
      () => define(db, { Target: targets }, { Target: { Meta: { get_latest_by: 'nmae' } } }),
      'get_latest_by',
      "'nmae'",
    ));
  test('Meta.primary_key', () =>
    refused(
      () => define(db, { Target: targets }, { Target: { Meta: { primary_key: ['nmae'] } } }),
      'primary_key',
      "'nmae'",
    ));
  test('an option of Meta', () =>
    refused(() => define(db, { Target: targets }, { Target: { Meta: { order: ['name'] } } }), "'order'", 'ordering'));
  test('a declaration that is none', () =>
    refused(
      () => define(db, { Target: targets }, { Target: { extra: { to: 'Other' } } }),
      'Target.extra',
      'manyToMany',
    ));
});

describe('tables that cannot be models', () => {
  test('of another dialect', () => {
    const elsewhere = mysqlTable('elsewhere', { id: mysqlInt().primaryKey() });
    refused(() => define(db, { Target: targets, Elsewhere: elsewhere }), 'Elsewhere', 'PostgreSQL');
  });
  test('none at all', () => refused(() => define(db, {}), 'table'));
  test('nothing', () => refused(() => define(db, null), 'tables'));
  test('with a column called pk', () => {
    refused(() => define(db, { Odd: pgTable('odd', { id: serial().primaryKey(), pk: integer() }) }), 'Odd.pk');
  });
  test.each(['pk', 'a__b', ''])('or models with a relation called %j', (name) => {
    const links = manyToMany('Other', { through: pairs });
    const named = foreignKey('targetId', 'Target', { related_name: name });
    refused(() => define(db, { Target: targets, Other: others }, { Target: { [name]: links } }), 'Target', `'${name}'`);
    refused(() => define(db, { Target: targets, Pointer: pointers }, { Pointer: { target: named } }), `'${name}'`);
  });
  test('with a double underscore in a key', () => {
    refused(
      () => define(db, { Odd: pgTable('odd', { id: serial().primaryKey(), a__b: integer() }) }),
      'Odd.a__b',
      '__',
    );
  });
});

describe('what only the extra config says', () => {
  const hidden = pgTable('hidden', { id: serial().primaryKey(), targetId: integer('target_id') }, (t) => [
    drizzleForeignKey({ columns: [t.targetId], foreignColumns: [targets.id] }),
  ]);
  test('a foreign key there must be declared; the sentence shows how', () => {
    refused(
      () => define(db, { Target: targets, Hidden: hidden }),
      'Hidden',
      'targetId',
      /target: foreignKey\('targetId', 'Target'\)/,
    );
  });
  test('as the sentence shows, it is understood', () => {
    const { Hidden } = define(
      db,
      { Target: targets, Hidden: hidden },
      { Hidden: { target: foreignKey('targetId', 'Target') } },
    );
    const { sql } = Hidden!.aobjects.filter({ target__name: 'x' }).toSQL();
    expect(sql).toMatch(/JOIN "target"/);
  });
});

describe('databases', () => {
  test('something else', () => {
    for (const wrong of [{}, null, 'postgres://…', 7])
      expect(() => define(wrong, { Target: targets })).toThrow(ValueError);
  });
  test('aliases without a default', () =>
    expect(() => define({ replica: db }, { Target: targets })).toThrow(/default/));
  test('an alias that is no database', () =>
    expect(() => define({ default: db, replica: {} }, { Target: targets })).toThrow(/replica/));
});

/** What Drizzle's own relational queries are told, which 1.0 says in other words than 0.45. */
function drizzleRelations(): unknown {
  if ('defineRelations' in orm) {
    return (orm.defineRelations as (...args: unknown[]) => unknown)({ targets, pointers }, (r: any) => ({
      pointers: { target: r.one.targets({ from: r.pointers.targetId, to: r.targets.id }) },
    }));
  }
  return orm.relations(pointers, ({ one }) => ({
    target: one(targets, { fields: [pointers.targetId], references: [targets.id] }),
  }));
}

describe('a whole module of a schema', () => {
  const module = {
    targets,
    pointers,
    mood: pgEnum('mood', ['good', 'bad']),
    view: pgView('view').as((qb) => qb.select().from(targets)),
    pointerRelations: drizzleRelations(),
    helper: () => 1,
    version: '1.0',
    nothing: undefined,
    default: null,
  };

  test('gives models of its tables, and leaves the rest out', () => {
    const models = defineModels(db, module);
    expect(Object.keys(models).sort()).toEqual(['pointers', 'targets']);
    expect(models.pointers.aobjects.filter({ target__name: 'x' }).toSQL().sql).toContain('"target"');
  });
});

describe('the forward name', () => {
  const names: [key: string, relation: string][] = [
    ['boxId', 'box'],
    ['box_id', 'box'],
    ['theBigBoxId', 'theBigBox'],
    ['the_big_box_id', 'the_big_box'],
    ['URLId', 'URL'],
    ['box2Id', 'box2'],
  ];
  test.each(names)('of %s is %s', (key, relation) => {
    const table = pgTable(`named_${key}`, { id: serial().primaryKey(), [key]: integer().references(() => targets.id) });
    const { Named } = define(db, { Target: targets, Named: table });
    expect(Named!.aobjects.filter({ [`${relation}__name`]: 'x' }).toSQL().sql).toMatch(/JOIN "target"/);
  });

  test('of a one-to-one that is declared', () => {
    const { Target } = define(
      db,
      { Target: targets, Pointer: pointers },
      { Pointer: { goal: oneToOne('targetId', 'Target') } },
    );
    expect(Object.getOwnPropertyNames(Target!.prototype)).toContain('a$pointer');
  });
});
