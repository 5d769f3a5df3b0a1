// `npm run check:size`: what the package adds to a bundle, minified and gzipped, Drizzle not counted.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** What a bundle is to add at the most. Models alone are under it; the whole is not yet, and that is said below. */
const TARGET = 60 * 1024;

/** What is bundled, and the most that it may weigh. */
const limits = [
  { name: 'everything', code: "export * from 'drizzle-queryset';", limit: 68 * 1024 },
  {
    name: 'models alone',
    code: "export { defineModels, manyToMany } from 'drizzle-queryset';",
    limit: TARGET,
  },
  { name: 'imported, not used', code: "import 'drizzle-queryset';", limit: 64 },
  { name: 'sync', code: "export * from 'drizzle-queryset/sync';", limit: 4 * 1024 },
];

async function weigh(code) {
  const result = await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: Object.keys(manifest.peerDependencies).flatMap((name) => [name, `${name}/*`]),
    logLevel: 'error',
    write: false,
  });
  const [file] = result.outputFiles;
  return { min: file.contents.byteLength, gzip: gzipSync(file.contents, { level: 9 }).byteLength };
}

let ok = true;
for (const { name, code, limit } of limits) {
  const { min, gzip } = await weigh(code);
  const over = gzip > TARGET ? `, ${gzip - TARGET} B over the target of ${TARGET} B` : '';
  const verdict = (gzip <= limit ? 'ok' : `over ${limit} B`) + over;
  ok &&= gzip <= limit;
  console.log(
    `${name.padEnd(20)} ${String(min).padStart(8)} B minified ${String(gzip).padStart(7)} B gzipped  ${verdict}`,
  );
}
process.exit(ok ? 0 : 1);
