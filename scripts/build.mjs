// Compiles src/ and types/: declarations to dist/, JavaScript by way of .tmp/js to one file an entry in dist/ (a hundred
// small files take three times as long to import). `--if-stale` leaves a dist/ alone that is newer than every source.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const compiled = join(root, '.tmp', 'js');
const stamp = join(root, '.tmp', 'build.tsbuildinfo');

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

/** The source of a file that tsc wrote. */
function sourceOf(output, folder) {
  return join(root, output.slice(folder.length + 1).replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts'));
}

function isFresh() {
  if (!existsSync(join(dist, 'src', 'index.js')) || !existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const inputs = [...filesUnder(join(root, 'src')), ...filesUnder(join(root, 'types'))];
  return [...inputs, join(root, 'tsconfig.json'), join(root, 'tsconfig.build.json')].every(
    (file) => statSync(file).mtimeMs <= built,
  );
}

if (process.argv.includes('--if-stale') && isFresh()) process.exit(0);

// Whole every time: the compiler's incremental record does not notice an output that is gone.
rmSync(stamp, { force: true });
mkdirSync(dirname(stamp), { recursive: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

// What a deleted or renamed source left behind must not be published.
for (const folder of [dist, compiled].filter(existsSync)) {
  for (const output of filesUnder(folder)) {
    const isOurs = folder === compiled || output.endsWith('.d.ts');
    if (!isOurs || !existsSync(sourceOf(output, folder))) rmSync(output);
  }
}

// errors.js stays a file of its own: the error classes of both entries are the same.
const errorsApart = {
  name: 'errors-apart',
  setup({ onResolve }) {
    onResolve({ filter: /(^|\/)errors\.js$/ }, ({ path, importer }) =>
      join(dirname(importer), path) === join(compiled, 'src', 'errors.js')
        ? { path: './errors.js', external: true }
        : undefined,
    );
  },
};
// Modules that are read first, so that those that read alike stand near each other in the one file: gzip looks back
// 32 kB, and a bundle of everything is 0.4 kB smaller than in the order of src/index.ts. Found by trying; any order works.
const first = [
  'meta/field-type',
  'chain/context',
  'meta/timezone',
  'execute/transaction',
  'meta/dialect',
  'hydrate/generate',
  'execute/cursor',
  'expressions/output',
  'expressions/wrapper',
  'expressions/drizzle',
  'drivers/errors',
  'expressions/empty',
  'expressions/functions/math',
  'expressions/functions/text',
  'expressions/dates',
  'expressions/template',
  'expressions/functions/search',
  'meta/column',
  'expressions/functions/define',
  'compile/deferred',
  'lookups/text',
  'lookups/json',
  'chain/indexable',
  'expressions/public',
  'expressions/filtered-relation',
  'expressions/case',
  'expressions/functions/dates',
  'expressions/window',
  'drivers/session',
  'expressions/functions/window',
  'compile/refuse',
  'expressions/literal-kinds',
  'expressions/refs',
  'lookups/dates',
  'expressions/functions/comparison',
  'meta/kinds',
  'lookups/register',
  'compile/filter',
  'expressions/aggregates',
  'lookups/registry',
  'compile/combine',
  'meta/suggest',
  'compile/aggregate',
  'meta/once',
  'chain/escape',
  'expressions/base',
  'expressions/operand',
  'lookups/lookup',
  'compile/compiler',
  'meta/types',
  'compile/related',
  'expressions/expression',
  'compile/write',
  'compile/joins',
  'chain/exceptions',
  'chain/operations',
  'chain/symbols',
  'state/shape',
  'lookups/related',
  'chain/related',
];
// In src/index.ts a constant gives a value its public type; in JavaScript it would be a second name, 160 times over.
const valuesThemselves = {
  name: 'values-themselves',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^first:/ }, ({ path }) => ({
      path: join(compiled, 'src', `${path.slice('first:'.length)}.js`),
      sideEffects: true,
    }));
    onLoad({ filter: /src[/\\]index\.js$/ }, ({ path }) => ({
      contents:
        first.map((module) => `import 'first:${module}';\n`).join('') +
        readFileSync(path, 'utf8').replace(/^export const (\w+) = (\w+);$/gm, 'export { $2 as $1 };'),
    }));
  },
};
// What several modules take from one package is imported once: esbuild would keep an import for each of them.
const importedOnce = {
  name: 'imported-once',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(drizzle-orm|node:)/ }, ({ path, importer }) =>
      importer === path ? { path, external: true } : { path, namespace: 'once', sideEffects: false },
    );
    onLoad({ filter: /./, namespace: 'once' }, ({ path }) => ({
      contents: `export { ${namesFrom(path).join(', ')} } from '${path}';`,
      resolveDir: root,
    }));
  },
};

/** The names that the modules of the one file import from a package. */
function namesFrom(path) {
  const bundled = filesUnder(join(compiled, 'src')).filter((file) => !file.startsWith(join(compiled, 'src', 'sync')));
  const texts = bundled.map((file) => readFileSync(file, 'utf8'));
  const imports = texts.flatMap((text) => [...text.matchAll(/^import \{ (.+) \} from '(.+)';$/gm)]);
  return [...new Set(imports.flatMap(([, names, from]) => (from === path ? names.split(', ') : [])))].sort();
}

await bundle({
  entryPoints: [join(compiled, 'src', 'index.js')],
  bundle: true,
  packages: 'external',
  plugins: [errorsApart, valuesThemselves, importedOnce],
});

// sync/ starts workers by file: its modules stay as they are.
const sync = filesUnder(join(compiled, 'src', 'sync')).filter((file) => file.endsWith('.js'));
await bundle({ entryPoints: [join(compiled, 'src', 'errors.js'), ...sync] });
process.exit(status ?? 1);

function bundle(options) {
  const shared = { outbase: compiled, outdir: dist, format: 'esm', platform: 'node', target: 'node20' };
  return build({ ...shared, sourcemap: true, logLevel: 'warning', ...options });
}
