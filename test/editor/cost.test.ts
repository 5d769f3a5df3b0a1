// What a completion costs, in instantiations: the compiler's own count of its work, the same on every machine.

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

/** Instantiations that the compiler makes to offer what may stand at `|`, having just read the file anew. */
function cost(statement: string, offers = 'name'): number {
  const head = `${preamble}${statement.slice(0, statement.indexOf('|'))}`;
  text = head + statement.slice(statement.indexOf('|') + 1);
  version += 1;
  const offered = service.getCompletionsAtPosition(path, head.length, {});
  expect(offered?.entries.map(({ name }) => name.replaceAll('"', ''))).toContain(offers);
  return service.getProgram()?.getInstantiationCount() ?? Number.NaN;
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
  "Pizza.aobjects.values_list('|');",
  "Pizza.aobjects.values('|');",
  "Pizza.aobjects.order_by('|');",
  "Pizza.aobjects.only('|');",
  "Pizza.aobjects.distinct('|');",
  "Pizza.aobjects.latest('|');",
  "Pizza.aobjects.filter({ name: F('|') });",
  "Pizza.aobjects.annotate({ other: F('|') });",
  "Pizza.aobjects.annotate({ n: Count('|') });",
  "Pizza.aobjects.annotate({ n: Coalesce('|', 'motto') });",
  'Pizza.aobjects.filter({ | });',
  'Pizza.aobjects.create({ | });',
])('a name that is typed in %s costs little more than the models', (statement) => {
  expect(cost(statement) - models).toBeLessThan(20_000);
});
