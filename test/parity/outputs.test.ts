import { readFileSync } from 'node:fs';
import * as library from 'drizzle-queryset';
import ts from 'typescript';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Workspace } from '../../bench/types/workspace.js';
import { describeDatabases } from '../support/databases.js';
import { functions, outputs } from './outputs.js';
import { sampleModels, samplesSql } from './samples.js';

/** What the compiler says that one column's values are. */
type Kind =
  | 'string'
  | 'number'
  | 'bigint'
  | 'boolean'
  | 'null'
  | 'Date'
  | 'unknown'
  | 'object'
  | { readonly list: Kind[] };

function kindsOf(checker: ts.TypeChecker, type: ts.Type): Kind[] {
  return (type.isUnion() ? type.types : [type]).map((part): Kind => {
    const { flags } = part;
    if (flags & ts.TypeFlags.Any) throw new Error('any leaks');
    if (flags & ts.TypeFlags.Unknown) return 'unknown';
    if (flags & ts.TypeFlags.StringLike) return 'string';
    if (flags & ts.TypeFlags.NumberLike) return 'number';
    if (flags & ts.TypeFlags.BigIntLike) return 'bigint';
    if (flags & ts.TypeFlags.BooleanLike) return 'boolean';
    if (flags & ts.TypeFlags.Null) return 'null';
    if (checker.isArrayType(part)) return { list: kindsOf(checker, elementOf(checker, part)) };
    return part.symbol?.name === 'Date' ? 'Date' : 'object';
  });
}

const elementOf = (checker: ts.TypeChecker, list: ts.Type): ts.Type =>
  checker.getTypeArguments(list as ts.TypeReference)[0] as ts.Type;

function fits(value: unknown, kinds: readonly Kind[]): boolean {
  return kinds.some((kind) => {
    if (kind === 'unknown') return true;
    if (typeof kind === 'object') return Array.isArray(value) && value.every((item) => fits(item, kind.list));
    if (kind === 'null') return value === null;
    if (kind === 'Date') return value instanceof Date;
    return typeof value === kind && value !== null && !(value instanceof Date);
  });
}

const text = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));

/** What the compiler says of each call, or undefined where it refuses it. */
function declaredKinds(): (Kind[] | undefined)[] {
  const drizzle = process.env['TEST_DRIZZLE'] === '1' ? '1.0' : '0.45';
  const workspace = new Workspace({ drizzle, usesLibrary: true });
  afterAll(() => workspace.remove());
  workspace.write({
    'samples.ts': readFileSync(new URL('./samples.ts', import.meta.url), 'utf8'),
    'calls.ts': [
      `import { ${functions.join(', ')} } from 'drizzle-queryset';`,
      `import { drizzle } from 'drizzle-orm/postgres-js';`,
      `import { sampleModels } from './samples.js';`,
      'const { Owner, Sample } = sampleModels(drizzle.mock());',
      ...outputs.map((call, i) => `export const call${i} = async () => await ${call};`),
    ].join('\n'),
  });
  const file = workspace.path('calls.ts');
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(workspace.path('tsconfig.json'), ts.sys.readFile).config,
    ts.sys,
    workspace.directory,
  );
  const program = ts.createProgram([file], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file) as ts.SourceFile;
  const refused = new Set(
    program.getSemanticDiagnostics(source).map(({ start = 0 }) => source.getLineAndCharacterOfPosition(start).line),
  );
  const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol);
  return exported.map((symbol) => {
    const declaration = symbol.valueDeclaration as ts.Declaration;
    if (refused.has(source.getLineAndCharacterOfPosition(declaration.getStart(source)).line)) return undefined;
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    const rows = checker.getAwaitedType((signature as ts.Signature).getReturnType()) as ts.Type;
    return kindsOf(checker, elementOf(checker, rows));
  });
}

const declared = declaredKinds();

test('the compiler takes every call', () => {
  expect(outputs.filter((_, i) => declared[i] === undefined)).toEqual([]);
});

describeDatabases('what the compiler says of an expression is what comes', (database) => {
  let models: ReturnType<typeof sampleModels>;
  beforeAll(async () => {
    await database.run(samplesSql);
    models = sampleModels(database.db);
  });

  test('value by value', async () => {
    const scope = { ...library, ...models };
    const wrong: string[] = [];
    let answered = 0;
    for (const [i, call] of outputs.entries()) {
      // The very text that the compiler was given.
      const run = new Function(...Object.keys(scope), `return ${call};`) as (
        ...given: unknown[]
      ) => PromiseLike<unknown[]>;
      try {
        const values = await run(...Object.values(scope));
        answered++;
        const bad = values.find((value) => !fits(value, declared[i] ?? []));
        if (bad !== undefined) wrong.push(`${call}: ${text(bad)} is none of ${text(declared[i])}`);
      } catch (error) {
        // An overflow, a type that PostgreSQL does not compute with: nothing came.
        if (!(error instanceof library.DatabaseError)) wrong.push(`${call}: ${String(error)}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(answered).toBeGreaterThan(outputs.length * 0.9);
  }, 120_000);
});
