import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '../../bench/types/compile.js';
import { type CompilerVersion, compilers } from '../../bench/types/workspace.js';
import { preamble, projectFor } from './fixture.js';

interface Case {
  /** One line of a user's program; the error must stand on the text between the two `«»`. */
  readonly code: string;
  /** What the message must say: the same words that the run-time error says. */
  readonly says: string;
  readonly atMost: number;
  /** Counted to the first full stop: what was written follows the sentence. */
  readonly toFirstStop?: true;
}

const cases: Record<string, Case> = {
  'a misspelt field in a filter': {
    code: "Pizza.aobjects.filter({ «nme»: 'x' });",
    says: "Pizza has no field 'nme'. Did you mean 'name'?",
    atMost: 120,
  },
  'a misspelt field with an instance': {
    code: "const price = new Price({ amount: '1' }); Pizza.aobjects.filter({ «pirce»: price });",
    says: "Pizza has no field 'pirce'. Did you mean 'price'?",
    atMost: 120,
    toFirstStop: true,
  },
  'a misspelt field with an expression': {
    code: "Pizza.aobjects.filter({ «nme»: F('name') });",
    says: "Pizza has no field 'nme'. Did you mean 'name'?",
    atMost: 120,
    toFirstStop: true,
  },
  'a misspelt expression in order_by': {
    code: "Pizza.aobjects.order_by(«F('nme')».desc());",
    says: "Pizza has no field 'nme'. Did you mean 'name'?",
    atMost: 200,
  },
  'a misspelt field name in in_bulk': {
    code: "await Pizza.aobjects.in_bulk(['x'], { «field_name»: 'nme' });",
    says: "Pizza has no field 'nme'. Did you mean 'name'?",
    atMost: 200,
  },
  'a misspelt field of a related model': {
    code: "Pizza.aobjects.filter({ «box__nmae»: 'x' });",
    says: "Box has no field 'nmae'. Did you mean 'name'?",
    atMost: 120,
  },
  'a misspelt field before a lookup': {
    code: "Pizza.aobjects.filter({ «mottto__icontains»: 'x' });",
    says: "Pizza has no field 'mottto'. Did you mean 'motto'?",
    atMost: 120,
  },
  'a field that is like no other': {
    code: "Pizza.aobjects.filter({ «zzzzzzzz»: 'x' });",
    says: "Pizza has no field 'zzzzzzzz'",
    atMost: 200,
  },
  'a lookup that the column lacks': {
    code: 'Pizza.aobjects.filter({ «name__year»: 2020 });',
    says: "'year'",
    atMost: 200,
  },
  'a misspelt lookup': {
    code: "Pizza.aobjects.filter({ «name__icontain»: 'x' });",
    says: "Did you mean 'icontains'?",
    atMost: 200,
  },
  'a wrong value': {
    code: 'Pizza.aobjects.filter({ «id»: true });',
    says: "Type 'boolean' is not assignable to type",
    atMost: 200,
  },
  'a misspelt name in order_by': {
    code: "Pizza.aobjects.order_by(«'nme'»);",
    says: "Pizza has no field 'nme'. Did you mean 'name'?",
    atMost: 200,
  },
  'a misspelt name in values_list': {
    code: "Pizza.aobjects.values_list('id', «'box__nmae'»);",
    says: "Box has no field 'nmae'. Did you mean 'name'?",
    atMost: 200,
  },
  'a field where select_related takes a relation': {
    code: "Pizza.aobjects.select_related(«'name'»);",
    says: "'name' is a field of Pizza, not a relation.",
    atMost: 200,
  },
  'a relation of many where select_related takes one': {
    code: "Pizza.aobjects.select_related(«'toppings'»);",
    says: "'toppings' of Pizza leads to many rows.",
    atMost: 200,
  },
  'a misspelt relation in select_for_update': {
    code: "Pizza.aobjects.select_for_update({ of: [«'bx'»] });",
    says: `is not assignable to type '"box" | "price" | "self"`,
    atMost: 200,
  },
  'a relation filtered with a text lookup': {
    code: "Pizza.aobjects.filter({ «box__icontains»: 'x' });",
    says: "'icontains'",
    atMost: 200,
  },
  'a misspelt field in create': {
    code: "await Pizza.aobjects.create({ name: 'x', priceId: 1, «mott»: 'y' });",
    says: "'mott'",
    atMost: 200,
  },
  'a wrong value in create': {
    code: 'await Pizza.aobjects.create({ «name»: 5, priceId: 1 });',
    says: `Type 'number' is not assignable to type 'string | Computed<"Pizza", "text">'.`,
    atMost: 120,
  },
  'null in an update of a column that takes none': {
    code: 'await Pizza.aobjects.filter({ id: 1 }).update({ «name»: null });',
    says: `Type 'null' is not assignable to type 'string | Computed<"Pizza", "text">'.`,
    atMost: 120,
  },
  'a row without a required column': {
    code: "await Pizza.aobjects.create(«{ name: 'x' }»);",
    says: "Pizza needs 'priceId'.",
    atMost: 120,
  },
  'a misspelt name in update_fields': {
    code: "const pizza = await Pizza.aobjects.get({ id: 1 }); await pizza.asave({ update_fields: [«'nme'»] });",
    says: `Did you mean '"name"'?`,
    atMost: 140,
  },
  'a misspelt field in F': {
    code: "Pizza.aobjects.filter({ name: F(«'nme'») });",
    says: "Pizza has no field 'nme'. Did you mean 'name'?",
    atMost: 200,
  },
  'an annotation that is called as a field is': {
    code: "Pizza.aobjects.annotate({ «name»: Count('toppings') });",
    says: "Pizza already has a field 'name'.",
    atMost: 200,
    toFirstStop: true,
  },
  'a field where aggregate takes an aggregate': {
    code: "await Pizza.aobjects.aggregate({ «total»: F('id') });",
    says: "'total' is not an aggregate expression.",
    atMost: 200,
    toFirstStop: true,
  },
};

/** With `exactOptionalPropertyTypes`, which the project has: without it such a key may hold `undefined`. */
const data = `
export async function data(patch: { name?: string }, row: { name: string; priceId?: number }, loose: { name?: string | undefined }) {
  await Pizza.aobjects.update(patch);
  await Pizza.aobjects.update(patch.name === 'x' ? { name: 'y' } : { boxId: null });
  await Pizza.aobjects.get_or_create(row);
  await Pizza.aobjects.update_or_create({ name: 'x', ...(patch.name === 'x' ? { boxId: 2 } : {}) });
  // @ts-expect-error
  await Pizza.aobjects.update(loose);
  // @ts-expect-error
  await Pizza.aobjects.get_or_create(loose);
  const known = patch.name === 'x';
  await Pizza.aobjects.filter(patch).exclude(known ? { name: 'y' } : { boxId__isnull: true }, patch, patch).exists();
  await Pizza.aobjects.get({ id: 1, ...(known && { price__amount__gt: '1' }) });
  const drawn = Q(patch).or(Q(known ? { name: 'y' } : { id: 1 }));
  await Pizza.aobjects.filter(known ? drawn : { box__name: 'x' }, known ? Q({ id: 1 }) : {}).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter(loose).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter({ name: undefined }).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter({ ...(known && { nme: 'x' }) }).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter(known ? { name: 'y' } : { price__amuont: 1 }).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter(known ? { name: 'y' } : { id: 'x' }).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter(Q({}).or(Q(known ? { name: 'y' } : { id: 'x' }))).exists();
  // @ts-expect-error
  await Pizza.aobjects.filter(Q({}).or(Q(loose))).exists();
}
`;

/** Definitions that cannot stand, a line each, and the sentence that the first line of the message has. */
const definitions: readonly (readonly [code: string, says: string])[] = [
  [
    'defineModels(db, { Team: teams, Match: matches });',
    "Two relations of Team are named 'match'. Give one a related_name.",
  ],
  ['defineModels(db, { Team: teams, Award: awards });', "The relation 'givenBy' of Award has the name of a column."],
  ['defineModels(db, { Team: teams }, { Taem: { Meta: {} } });', "There is no model 'Taem'."],
  [
    "defineModels(db, { Team: teams }, { Team: { name: manyToMany('Team', { through: matches }) } });",
    "The relation 'name' of Team has the name of a column.",
  ],
  [
    "defineModels(db, { Team: teams }, { Team: { rivals: manyToMany('Taem', { through: matches }) } });",
    "There is no model 'Taem'.",
  ],
  [
    "defineModels(db, { Team: teams }, { Team: { parent: foreignKey('parentId', 'Team') } });",
    "Team has no column 'parentId'.",
  ],
  // Said in a place of their own, declarations are checked where they are used.
  [
    "const far = { Team: { rivals: manyToMany('Taem', { through: matches }) } }; defineModels(db, { Team: teams }, far);",
    "There is no model 'Taem'.",
  ],
];
const definitionFile = `import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { drizzle } from 'drizzle-orm/postgres-js';
import { defineModels, foreignKey, manyToMany } from 'drizzle-queryset';
const db = drizzle('postgres://localhost/db');
const teams = pgTable('team', { id: serial().primaryKey(), name: text().notNull() });
const matches = pgTable('match', {
  id: serial().primaryKey(),
  homeId: integer().notNull().references(() => teams.id),
  awayId: integer().notNull().references(() => teams.id),
});
const awards = pgTable('award', { id: serial().primaryKey(), givenBy: integer().references(() => teams.id) });
`;

interface Shown {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** The first line of each error, as plain `tsc` prints it: `file(line,column): error TS1234: message`. */
const firstLines = (output: string): Shown[] =>
  [...output.matchAll(/^(\S+?)\((\d+),(\d+)\): error TS\d+: (.*)$/gm)].map(
    ([, file = '', line, column, message = '']) => ({ file, line: Number(line), column: Number(column), message }),
  );

/** Every error with its further lines, which are indented. */
const whole = (output: string, file: string): string =>
  output
    .split('\n')
    .reduce<{ lines: string[]; inside: boolean }>(
      ({ lines, inside }, line) => {
        const here = line.startsWith(file) || (inside && line.startsWith(' '));
        return { lines: here ? [...lines, line] : lines, inside: here };
      },
      { lines: [], inside: false },
    )
    .lines.join('\n');

const names = Object.keys(cases);
const fileOf = (name: string): string => `${name.replaceAll(/\W+/g, '_')}.ts`;

describe.each(Object.keys(compilers) as CompilerVersion[])('errors of TypeScript %s', (version) => {
  const workspace = projectFor();
  afterAll(() => workspace.remove());
  const places = new Map<string, { line: number; column: number }>();
  for (const name of names) {
    const code = cases[name]?.code ?? '';
    const head = `${preamble}export async function misuse(): Promise<void> {\n`;
    workspace.write({ [fileOf(name)]: `${head}${code.replaceAll(/[«»]/g, '')}\n}\n` });
    places.set(name, { line: head.split('\n').length, column: code.indexOf('«') + 1 });
  }
  workspace.write({ 'data.ts': `${preamble}${data}` });
  workspace.write({ 'definitions.ts': `${definitionFile}${definitions.map(([code]) => code).join('\n')}\n` });
  const { output } = compile(workspace.directory, version);

  test.each(definitions)('%s says why in its first line', (code, says) => {
    const line = definitionFile.split('\n').length + definitions.findIndex(([other]) => other === code);
    const errors = firstLines(output).filter((error) => error.file === 'definitions.ts' && error.line === line);
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining(says)]);
  });

  test('data with keys that may be left out is written as it is; what may be undefined is not', () => {
    expect(firstLines(output).filter(({ file }) => file === 'data.ts')).toEqual([]);
  });

  test.each(names)('%s: one short line, on the key', (name) => {
    const expected = cases[name] as Case;
    const errors = firstLines(output).filter((error) => error.file === fileOf(name));
    expect(errors.map(({ line, column }) => ({ line, column }))).toEqual([places.get(name)]);
    expect(whole(output, fileOf(name))).toContain(expected.says);
    const message = errors[0]?.message ?? '';
    const shown = expected.toFirstStop ? message.slice(0, message.indexOf('.') + 1) : message;
    if (expected.toFirstStop) expect(shown).toContain(expected.says.slice(0, expected.says.indexOf('.') + 1));
    expect(shown.length).toBeLessThanOrEqual(expected.atMost);
  });

  test("the compiler's own words", () => {
    expect(names.map((name) => whole(output, fileOf(name))).join('\n')).toMatchSnapshot();
  });
});
