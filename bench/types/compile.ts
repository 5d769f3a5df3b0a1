import { spawnSync } from 'node:child_process';
import { type CompilerVersion, compilers } from './workspace.js';

export interface Cost {
  readonly instantiations: number;
  /** Seconds that the checker alone took. */
  readonly checkSeconds: number;
  readonly memoryMegabytes: number;
}

export interface Compilation extends Cost {
  readonly ok: boolean;
  readonly output: string;
}

const statistic = (output: string, name: string): number => {
  const found = new RegExp(`^${name}:\\s+([\\d.,]+)`, 'm').exec(output)?.[1];
  return found === undefined ? Number.NaN : Number(found.replaceAll(',', ''));
};

/** Type-checks a folder's project. One checker thread, so that 7.0 does no work twice and the count is the same each time. */
export const compile = (directory: string, version: CompilerVersion, ...flags: readonly string[]): Compilation => {
  const single = version === '7.0' ? ['--singleThreaded'] : [];
  const run = spawnSync(
    process.execPath,
    [
      '--max-old-space-size=6144',
      compilers[version],
      '--project',
      directory,
      '--noEmit',
      '--extendedDiagnostics',
      '--pretty',
      'false',
      ...single,
      ...flags,
    ],
    { cwd: directory, encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  const output = run.stdout + run.stderr;
  return {
    ok: run.status === 0,
    output,
    instantiations: statistic(output, 'Instantiations'),
    checkSeconds: statistic(output, 'Check time'),
    memoryMegabytes: Math.round(statistic(output, 'Memory used') / 1024),
  };
};
