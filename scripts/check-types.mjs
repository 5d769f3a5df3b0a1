// The type tests (test-d/*.test-d.ts) under the plain compiler, for compilers that tsd does not speak to.
//   node scripts/check-types.mjs             TypeScript 5.9 on drizzle-orm 0.45, strict flags on
//   node scripts/check-types.mjs --matrix    every compiler, both lines of Drizzle, the optional flags on and off, and with
//                                            the tables and their models in a composite project of another package
//   --only TEXT                              cells whose name holds the text;  --verbose  every message
//
// The library is taken as a user has it: declarations emitted from types/, in the matrix without skipLibCheck. What stands
// in an `expectError(…)` must be reported, and nothing else may be.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values: options } = parseArgs({
  options: { matrix: { type: 'boolean' }, only: { type: 'string' }, verbose: { type: 'boolean' } },
});

const compilers = { 5.9: 'typescript', '6.0': 'typescript-6', '7.0': 'typescript-7' };
const lines = { 0.45: 'drizzle-orm', '1.0': 'drizzle-orm-1' };
const flagSets = {
  strict: { noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
  loose: { noUncheckedIndexedAccess: false, exactOptionalPropertyTypes: false },
};

const work = mkdtempSync(join(tmpdir(), 'check-types-'));
process.once('exit', () => rmSync(work, { recursive: true, force: true }));

function run(compiler, ...args) {
  const bin = join(root, 'node_modules', compiler, 'bin', 'tsc');
  const { stdout, stderr } = spawnSync(process.execPath, ['--max-old-space-size=6144', bin, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return stdout + stderr;
}

/** The declarations that a build writes, in a package of their own. */
function emitLibrary(into) {
  const project = join(work, 'emit.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        typeRoots: [join(root, 'node_modules/@types')],
        rootDir: root,
        outDir: into,
        emitDeclarationOnly: true,
        declarationMap: false,
        sourceMap: false,
      },
      include: [join(root, 'types')],
    }),
  );
  const output = run('typescript', '-p', project);
  if (output.trim() !== '') throw new Error(output);
  writeFileSync(
    join(into, 'package.json'),
    JSON.stringify({ name: 'drizzle-queryset', type: 'module', exports: { '.': { types: './types/public.d.ts' } } }),
  );
}

/** tsd's functions. That types are identical is for tsd to say; here they fit. */
const assertions = `
export declare function expectType<T>(value: T): void;
export declare function expectAssignable<T>(value: T): void;
export declare function expectNotAssignable<T>(value: unknown): void;
export declare function expectError(value?: unknown): void;
export declare function expectNotType<T>(value: unknown): void;
`;

const languageOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'ESNext.Disposable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  types: ['node'],
};

/** A project with the tests in it, on one line of Drizzle; `packaged` where the tables are in a package of their own. */
function makeProject(line, packaged) {
  const directory = join(work, `drizzle-${line}${packaged ? '-packaged' : ''}`);
  const modules = join(directory, 'node_modules');
  mkdirSync(modules, { recursive: true });
  symlinkSync(join(root, 'node_modules', lines[line]), join(modules, 'drizzle-orm'));
  for (const name of ['postgres', '@types']) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  emitLibrary(join(modules, 'drizzle-queryset'));
  mkdirSync(join(modules, 'tsd'));
  writeFileSync(join(modules, 'tsd', 'index.d.ts'), assertions);
  writeFileSync(
    join(modules, 'tsd', 'package.json'),
    JSON.stringify({ name: 'tsd', type: 'module', exports: './index.d.ts' }),
  );
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ type: 'module', private: true }));
  const schemas = join(directory, 'schemas');
  const tables = join(directory, 'packages', 'tables');
  copyTests('', directory);
  copyTests('schemas', packaged ? tables : schemas);
  if (packaged) {
    mkdirSync(schemas);
    for (const file of readdirSync(tables))
      writeFileSync(join(schemas, file), `export * from 'tables/${basename(file, '.ts')}.js';\n`);
    symlinkSync(tables, join(modules, 'tables'));
    writeFileSync(
      join(tables, 'package.json'),
      JSON.stringify({ name: 'tables', type: 'module', exports: { './*.js': { types: './dist/*.d.ts' } } }),
    );
    writeFileSync(
      join(tables, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: { ...languageOptions, composite: true, outDir: 'dist', rootDir: '.', skipLibCheck: true },
        include: ['*.ts'],
      }),
    );
  }
  return directory;
}

function copyTests(from, into) {
  mkdirSync(into, { recursive: true });
  for (const file of readdirSync(join(root, 'test-d', from))) {
    if (file.endsWith('.ts')) writeFileSync(join(into, file), readFileSync(join(root, 'test-d', from, file)));
  }
}

/** Where each test file expects errors, and how many assertions it has. */
function readExpectations(directory) {
  const files = new Map();
  for (const name of readdirSync(directory).filter((file) => file.endsWith('.test-d.ts'))) {
    const source = ts.createSourceFile(name, readFileSync(join(directory, name), 'utf8'), ts.ScriptTarget.ES2022, true);
    const errors = [];
    let assertionCount = 0;
    const visit = (node) => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text.startsWith('expect')) {
        assertionCount++;
        if (node.expression.text === 'expectError') {
          errors.push({ start: node.getStart(), end: node.getEnd(), text: node.getText(), seen: false });
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
    files.set(name, { source, errors, assertionCount });
  }
  return files;
}

const diagnosticPattern = /^(.+?)\((\d+),(\d+)\): error (TS\d+): (.*)$/;

/** Compares what the compiler says with what the tests expect. */
function judge(directory, output) {
  const files = readExpectations(directory);
  const complaints = [];
  for (const text of output.split('\n')) {
    const [, path, line, column, code, message] = diagnosticPattern.exec(text) ?? [];
    if (path === undefined) {
      if (text.trim() !== '' && !text.startsWith(' ')) complaints.push(text);
      continue;
    }
    // Drizzle's own declarations have errors of their own under these flags.
    if (path.includes('node_modules') && !path.includes('drizzle-queryset')) continue;
    const file = files.get(basename(path));
    const position = file?.source.getPositionOfLineAndCharacter(Number(line) - 1, Number(column) - 1);
    const expected = file?.errors.find((error) => position >= error.start && position < error.end);
    if (expected) expected.seen = true;
    else complaints.push(`${basename(path)}(${line},${column}): ${code}: ${message}`);
  }
  for (const [name, { source, errors }] of files) {
    for (const error of errors.filter(({ seen }) => !seen)) {
      complaints.push(
        `${name}(${source.getLineAndCharacterOfPosition(error.start).line + 1}): no error in ${error.text}`,
      );
    }
  }
  const counts = [...files.values()];
  return {
    complaints,
    assertions: counts.reduce((sum, { assertionCount }) => sum + assertionCount, 0),
    errors: counts.reduce((sum, { errors }) => sum + errors.length, 0),
  };
}

const cells = options.matrix
  ? Object.keys(lines).flatMap((line) =>
      Object.keys(compilers).flatMap((compiler) => [
        ...Object.keys(flagSets).map((flags) => [compiler, line, flags, false]),
        [compiler, line, 'strict', true],
      ]),
    )
  : [['5.9', '0.45', 'strict', false]];

const projects = new Map();
let failed = 0;
for (const [compiler, line, flags, packaged] of cells) {
  const name = `TypeScript ${compiler}, drizzle-orm ${line}, ${flags} flags${packaged ? ', tables in another package' : ''}`;
  if (options.only && !name.includes(options.only)) continue;
  const key = `${line} ${packaged}`;
  if (!projects.has(key)) projects.set(key, makeProject(line, packaged));
  const directory = projects.get(key);
  const project = join(directory, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      compilerOptions: {
        ...languageOptions,
        ...(packaged ? { composite: true, outDir: 'dist', rootDir: '.' } : { noEmit: true }),
        skipLibCheck: !options.matrix,
        ...flagSets[flags],
      },
      include: ['*.test-d.ts', 'schemas/*.ts', 'node_modules/drizzle-queryset/types/*.d.ts'],
      exclude: [],
      references: packaged ? [{ path: './packages/tables' }] : [],
    }),
  );
  const started = Date.now();
  const tables = join(directory, 'packages', 'tables');
  // Written anew by each compiler.
  for (const folder of [directory, tables]) rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const written = packaged ? run(compilers[compiler], '-p', tables, '--pretty', 'false') : '';
  const result = judge(directory, written + run(compilers[compiler], '-p', project, '--pretty', 'false'));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  console.log(
    `${result.complaints.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${result.assertions} assertions, ${result.errors} of errors (${seconds} s)`,
  );
  for (const complaint of options.verbose ? result.complaints : result.complaints.slice(0, 40))
    console.log(`     ${complaint}`);
  failed += result.complaints.length;
}
process.exit(failed === 0 ? 0 : 1);
