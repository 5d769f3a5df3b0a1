// What a completion and a check cost, in instantiations: the compiler's own count of its work, the same on every machine.

import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Workspace } from '../../bench/types/workspace.js';
import { preamble, projectFor } from './fixture.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let workspace: Workspace;
let service: ts.LanguageService;
let path: string;
let text = preamble;
let version = 0;
let models: number;

/** Instantiations that the compiler has made of the program as it stands. */
const made = (): number => service.getProgram()?.getInstantiationCount() ?? Number.NaN;

function write(content: string): void {
  text = preamble + content;
  version += 1;
}

/** Instantiations that it makes to offer what may stand at `|`, having just read the file anew. */
function cost(statement: string, offers = 'name'): number {
  const at = statement.indexOf('|');
  write(statement.slice(0, at) + statement.slice(at + 1));
  const offered = service.getCompletionsAtPosition(path, preamble.length + at, {});
  expect(offered?.entries.map(({ name }) => name.replaceAll('"', ''))).toContain(offers);
  return made();
}

beforeAll(() => {
  workspace = projectFor();
  path = workspace.path('caret.ts');
  const { options, fileNames } = ts.parseJsonConfigFileContent(
    JSON.parse(readFileSync(workspace.path('tsconfig.json'), 'utf8')),
    ts.sys,
    workspace.directory,
  );
  service = ts.createLanguageService({
    fileExists: ts.sys.fileExists,
    readFile: ts.sys.readFile,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...fileNames, path],
    getScriptVersion: (file) => (file === path ? String(version) : '0'),
    getScriptSnapshot: (file) => {
      const content = file === path ? text : ts.sys.readFile(file);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => workspace.directory,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
  });
  models = cost('Pizza.|;', 'aobjects');
});
afterAll(() => workspace.remove());

test.each([
  ["Pizza.aobjects.prefetch_related('|');", 'toppings'],
  ["Pizza.aobjects.select_related('|');", 'box'],
  ["Shop.aobjects.datetimes('|', 'month');", 'openedAt'],
  ["Pizza.aobjects.values_list('|');"],
  ["Pizza.aobjects.values('|');"],
  ["Pizza.aobjects.order_by('|');"],
  ["Pizza.aobjects.only('|');"],
  ["Pizza.aobjects.distinct('|');"],
  ["Pizza.aobjects.latest('|');"],
  ["Pizza.aobjects.filter({ name: F('|') });"],
  ["Pizza.aobjects.annotate({ other: F('|') });"],
  ["Pizza.aobjects.annotate({ n: Count('|') });"],
  ["Pizza.aobjects.annotate({ n: Coalesce('|', 'motto') });"],
  ['Pizza.aobjects.filter({ | });'],
  ['Pizza.aobjects.create({ | });'],
])('a name that is typed in %s costs little more than the models', (statement, offers = 'name') => {
  expect(cost(statement, offers) - models).toBeLessThan(20_000);
});

/** Instantiations that a check of the whole file makes. */
function checked(content: string): number {
  write(content);
  expect(service.getSemanticDiagnostics(path)).toEqual([]);
  return made();
}

test('to give a function a row that has more than it asks for costs little', () => {
  const rows = checked("export const rows = async () => await Pizza.aobjects.select_related('box');");
  const given = checked(`
    const nameOf = (pizza: Pizza): string => pizza.name;
    export const names = async () => (await Pizza.aobjects.select_related('box')).map(nameOf);
  `);
  expect(given - rows).toBeLessThan(20_000);
});

test.each([
  [
    'an annotated queryset that is asked for more',
    "export const pizzas = (name?: string) => { let found = Pizza.aobjects.annotate({ n: Count('toppings') }); if (name) found = found.filter({ name }); return found; };",
  ],
  [
    'SQL of which rows are made whose type is written',
    "export const pizzas: AsyncQuerySet<Pizza> = Pizza.aobjects.extra({ where: ['true'] });",
  ],
  [
    'an expression that is written to a column',
    "export const raise = () => Country.aobjects.update({ population: F('population').add(1) });",
  ],
  [
    'an annotated row that is given to a function',
    "const nameOf = (pizza: Pizza): string => pizza.name; export const names = async () => (await Pizza.aobjects.annotate({ n: Count('toppings') })).map(nameOf);",
  ],
  [
    'a related manager that is given for a queryset',
    'const count = (pizzas: AsyncQuerySet<Pizza>) => pizzas.count(); export const of = (box: InstanceType<typeof Box>) => count(box.a$pizza_set);',
  ],
])('%s costs little', (_what, content) => {
  const plain = checked("export const pizzas = Pizza.aobjects.filter({ name: 'a' });");
  const queryset = "import type { AsyncQuerySet } from 'drizzle-queryset'; export type Of = AsyncQuerySet<Pizza>;\n";
  expect(checked(queryset + content) - plain).toBeLessThan(15_000);
});

test('columns that a function gives cost what others do', () => {
  const table = (columns: string): string => `
    import { integer, pgTable, serial } from 'drizzle-orm/pg-core';
    export const made = [pgTable('made', ${columns}), integer, serial];
  `;
  const listed = checked(table('{ id: serial().primaryKey(), size: integer() }'));
  const given = checked(table('(t) => ({ id: t.serial().primaryKey(), size: t.integer() })'));
  expect(given - listed).toBeLessThan(5_000);
});

test('expressions that name those before them cost no more with each than its own', () => {
  const sum = (_: unknown, i: number): string =>
    `a${i}: F('population')${Array.from({ length: i }, (_one, before) => `.add(F('a${before}'))`).join('')}`;
  const named = (count: number): number =>
    checked(
      `export const countries = Country.aobjects.annotate({ ${Array.from({ length: count }, sum).join(', ')} });`,
    );
  const [four, eight, twelve] = [named(4), named(8), named(12)];
  expect(twelve - eight).toBeLessThan(2 * (eight - four));
});
