// `npm test`: build, then vitest; ends with one plain line that counts the tests.
// Arguments are vitest's: `npm test -- test/sync`.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tally } from './tally.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// A run on drizzle-orm 1.0 comes after the others, and leaves their count alone.
const report = join(root, '.tmp', process.env.TEST_DRIZZLE === '1' ? 'vitest-drizzle-1.json' : 'vitest.json');

function run(script, args) {
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status ?? 1;
}

// Tests of the package itself (self-reference, workers) run what is built, so it has to be today's.
const built = run(join(root, 'scripts', 'build.mjs'), ['--if-stale']);
if (built !== 0) process.exit(built);

rmSync(report, { force: true });
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
const status = run(vitest, ['run', ...reporters, ...process.argv.slice(2)]);

const line = tally(report);
console.log(line.text);
process.exit(status !== 0 ? status : line.ok ? 0 : 1);
