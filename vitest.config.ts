import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = dirname(fileURLToPath(import.meta.url));
const built = process.env['TEST_DIST'] === '1';
const drizzle1 = process.env['TEST_DRIZZLE'] === '1';

const library = (source: string, output: string) => join(root, ...(built ? ['dist', 'src', output] : ['src', source]));

// What these are about has no Drizzle in it, or brings both lines by itself.
const ofNoLine = ['test/editor/**', 'test/package/**', 'test/sync/**', 'test/parity/types.test.ts'];

/** Tests run on the sources; `TEST_DIST=1` runs them on the build, `TEST_DRIZZLE=1` on drizzle-orm 1.0. */
export default defineConfig({
  resolve: {
    alias: [
      { find: /^drizzle-queryset$/, replacement: library('index.ts', 'index.js') },
      { find: /^drizzle-queryset\/sync$/, replacement: library('sync/index.ts', 'sync/index.js') },
      // `drizzle-orm-1` is the next major version under another name: sources and tests meet that copy alone.
      ...(drizzle1 ? [{ find: /^drizzle-orm(?=$|\/)/, replacement: 'drizzle-orm-1' }] : []),
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**', ...(drizzle1 ? ofNoLine : [])],
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
