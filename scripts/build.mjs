// Compiles src/ and types/ to dist/ (JavaScript with its source in the maps, declarations).
// `--if-stale` leaves a dist/ alone that is newer than every source.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const stamp = join(root, '.tmp', 'build.tsbuildinfo');

function filesUnder(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function sourceOf(output) {
  const relative = output.slice(dist.length + 1).replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
  return join(root, relative);
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

// The compiler's incremental record is only as good as the folder that it describes.
if (!existsSync(dist)) rmSync(stamp, { force: true });
mkdirSync(dirname(stamp), { recursive: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});

if (existsSync(dist)) {
  for (const output of filesUnder(dist)) {
    // What a deleted or renamed source left behind must not be published; nor need the empty modules of types/.
    const isErased = output.startsWith(join(dist, 'types')) && !output.endsWith('.d.ts');
    if (isErased || !existsSync(sourceOf(output))) rmSync(output);
  }
}
process.exit(status ?? 1);
