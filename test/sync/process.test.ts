// What only a process of its own can show: that it ends, and what it says where a peer is not installed.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const work = JSON.stringify(new URL('./fixtures/work.mjs', import.meta.url).href);
const scratch = mkdtempSync(join(tmpdir(), 'drizzle-queryset-sync-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function node(code: string, cwd = root) {
  const args = ['--input-type=module', '-e', code];
  const { status, stdout, stderr, signal } = spawnSync(process.execPath, args, {
    cwd,
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { status, stdout: stdout.trim(), stderr, signal };
}

const imports = "import { sync_to_async, async_to_sync } from 'drizzle-queryset/sync';";

describe('a process that used a worker', () => {
  it('ends by itself after sync_to_async', () => {
    const code = `${imports}
      const sensitive = sync_to_async(${work});
      const anywhere = sync_to_async(${work}, { thread_sensitive: false });
      console.log((await Promise.all([sensitive.add(1, 2), anywhere.add(3, 4), anywhere.add(5, 6)])).join(' '));`;
    expect(node(code)).toMatchObject({ status: 0, signal: null, stdout: '3 7 11' });
  });

  it('ends by itself after async_to_sync, with what the worker printed in its place', () => {
    const code = `${imports}
      console.log('before');
      async_to_sync(${work}).say('within');
      console.log('after');`;
    expect(node(code)).toMatchObject({ status: 0, signal: null, stdout: 'before\nwithin\nafter' });
  });

  it('does not end before a call that is awaited', () => {
    const code = `${imports} console.log((await sync_to_async(${work}).occupy(300)).to > 0);`;
    expect(node(code)).toMatchObject({ status: 0, stdout: 'true' });
  });
});

describe('under a TypeScript runner', () => {
  it('the module is found by the name that the source imports it by', () => {
    const folder = join(scratch, 'typescript');
    mkdirSync(folder);
    const entry = new URL('../../dist/src/sync/index.js', import.meta.url).href;
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'work.ts'),
      'export const twice = (a: number): number => a * 2;\nexport const later = async (a: string) => a;\n',
    );
    writeFileSync(
      join(folder, 'main.ts'),
      `import { async_to_sync, sync_to_async } from ${JSON.stringify(entry)};
       import type * as work from './work.js';
       const url = new URL('./work.js', import.meta.url);
       console.log(await sync_to_async<typeof work>(url).twice(21), async_to_sync<typeof work>(url).later('x'));`,
    );
    const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
    const args = [tsx, join(folder, 'main.ts')];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
    expect({ status, stdout }).toEqual({ status: 0, stdout: '42 x\n' });
  });
});

describe('where it cannot run', () => {
  it("the program's main module is refused, since it would run again", () => {
    const main = join(scratch, 'main.mjs');
    const entry = new URL('../../dist/src/sync/index.js', import.meta.url).href;
    writeFileSync(
      main,
      `import { sync_to_async } from ${JSON.stringify(entry)};
       export function work() {}
       try { sync_to_async(work, import.meta.url); } catch (error) { console.log(error.name + ': ' + error.message); }`,
    );
    const { status, stdout } = spawnSync(process.execPath, [main], { encoding: 'utf8', timeout: 30_000 });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^TypeError: .*main module: the worker would run the whole program again/);
  });

  it('a peer that is not installed is named with the command that installs it', () => {
    const alone = join(scratch, 'alone');
    mkdirSync(alone, { recursive: true });
    cpSync(join(root, 'dist', 'src'), alone, { recursive: true });
    writeFileSync(join(alone, 'package.json'), '{ "type": "module" }');
    const code = `import { sync_to_async, async_to_sync } from './sync/index.js';
      await sync_to_async('node:path').join('a', 'b').catch((error) => console.log(error.message));
      try { async_to_sync('node:path').join('a'); } catch (error) { console.log(error.message); }`;
    const { status, stdout } = node(code, alone);
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      "sync_to_async() runs on the package 'piscina', which is not installed: npm install piscina",
      "async_to_sync() runs on the package 'synckit', which is not installed: npm install synckit",
    ]);
  });
});
