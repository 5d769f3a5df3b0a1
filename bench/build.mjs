import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

// Makes bench/dist: the peers installed from their own lock file, Prisma's client generated, and the programs compiled.
// Contestants see this library as its users do, by name, as it was built.

export const folder = fileURLToPath(new URL('.', import.meta.url));
export const dist = join(folder, 'dist');
const library = join(folder, '../dist/src/index.js');

const programs = ['harness/main.ts', 'harness/child.ts', 'harness/server.ts', 'harness/seed.ts', 'workloads.ts'];

const olderThan = (made, source) => !existsSync(made) || statSync(made).mtimeMs < statSync(source).mtimeMs;
const run = (command, args, env = {}) =>
  execFileSync(command, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...env },
  });

function install() {
  if (!olderThan(join(folder, 'node_modules/.package-lock.json'), join(folder, 'package-lock.json'))) return;
  console.log('installing the peers…');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
}

function generatePrisma() {
  const schema = join(folder, 'prisma/schema.prisma');
  if (!olderThan(join(dist, 'prisma/client.ts'), schema)) return;
  // Generating runs no engine, but asks for one to be there: any program will do, and nothing is downloaded.
  run(process.execPath, ['node_modules/prisma/build/index.js', 'generate', '--schema', schema], {
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
  });
}

const byName = {
  name: 'drizzle-queryset by name',
  setup(build) {
    build.onResolve({ filter: /^drizzle-queryset$/ }, () => ({
      path: relative(join(dist, 'contestants'), process.env.BENCH_LIBRARY ?? library),
      external: true,
    }));
  },
};

export async function build() {
  install();
  generatePrisma();
  const { build: bundle } = await import('esbuild');
  const contestants = readdirSync(join(folder, 'contestants')).map((file) => join(folder, 'contestants', file));
  await bundle({
    entryPoints: [...contestants, ...programs.map((file) => join(folder, file))],
    outbase: folder,
    outdir: dist,
    bundle: true,
    packages: 'external',
    plugins: [byName],
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: true,
    logLevel: 'warning',
  });
}
