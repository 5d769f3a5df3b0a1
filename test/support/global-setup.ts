import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { chosenDrivers } from './drivers.js';
import { startServer } from './server.js';

declare module 'vitest' {
  export interface ProvidedContext {
    serverUrl: string;
    pgliteImage: string;
  }
}

/** Making a PGlite costs four times what loading an image of one does: one is made, every test file loads it. */
async function pgliteImage(folder: string): Promise<string> {
  const pglite = await PGlite.create();
  const image = await pglite.dumpDataDir('none');
  await pglite.close();
  const file = join(folder, 'pglite.tar');
  await writeFile(file, Buffer.from(await image.arrayBuffer()));
  return file;
}

/** Once for a whole run of vitest: one real server and one PGlite image, both gone at its end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const drivers = chosenDrivers();
  const folder = mkdtempSync(join(tmpdir(), 'queryset-tests-'));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  const needsServer = drivers.some((driver) => driver !== 'pglite');
  const server = needsServer ? await startServer() : undefined;
  // What the workers make goes with it: they are ended without the events in which they would remove it.
  process.env['TMPDIR'] = folder;
  project.provide('serverUrl', server?.url ?? '');
  project.provide('pgliteImage', drivers.includes('pglite') ? await pgliteImage(folder) : '');
  return async () => {
    process.removeListener('exit', removeFolder);
    await server?.stop();
    removeFolder();
  };
}
