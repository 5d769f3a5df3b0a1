import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';

// Left to itself, the scheduler puts the client and the server's process on one core or on two as it pleases, and a
// short query costs up to twice as much the one way as the other. So each side gets a core of its own, as an
// application and its database have.

const CORE = { client: 0, server: 1 };
const possible = process.platform === 'linux' && cpus().length > 1;
let works: boolean | undefined;

/** Keeps a process, and those that it starts from now on, on its side's core. False where this cannot be done. */
export function pin(pid: number | undefined, side: keyof typeof CORE): boolean {
  if (!possible || pid === undefined || works === false) return false;
  try {
    execFileSync('taskset', ['-acp', String(CORE[side]), String(pid)], { stdio: 'ignore' });
    works = true;
  } catch {
    works = false;
  }
  return works;
}
