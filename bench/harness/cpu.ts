import { existsSync, readdirSync, readFileSync } from 'node:fs';

// How much processor time the server's processes have used. Linux says it in /proc; elsewhere there is nothing to read
// and the report falls back to wall-clock.

const TICK_US = 10_000; // USER_HZ is 100 wherever Node runs

/** Can the server's processor time be read here? */
export const serverCpuReadable = existsSync('/proc/self/stat');

// The second field, the command's name in parentheses, may hold spaces: count from behind it.
function statFields(pid: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined; // the process ended in between
  }
}

function cpuOf(pid: string, fields: string[]): number {
  try {
    // Nanoseconds where the kernel keeps them; a PostgreSQL process has one thread.
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1000;
  } catch {
    return (Number(fields[11]) + Number(fields[12])) * TICK_US;
  }
}

/** Microseconds used so far, by process, of the postmaster and its children. */
export function serverCpu(postmaster: number): Map<string, number> {
  const used = new Map<string, number>();
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const fields = statFields(pid);
    if (!fields || (Number(pid) !== postmaster && Number(fields[1]) !== postmaster)) continue;
    used.set(pid, cpuOf(pid, fields));
  }
  return used;
}

/** Microseconds between two readings. */
export function serverCpuBetween(before: Map<string, number>, after: Map<string, number>): number {
  let total = 0;
  for (const [pid, used] of after) total += used - (before.get(pid) ?? 0);
  return total;
}
