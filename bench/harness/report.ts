import { type WorkloadName, workloads } from '../workloads.js';
import type { WorkloadReport } from './contest.js';
import { contestants } from './options.js';

export interface Report {
  taken: string;
  node: string;
  server: string;
  versions: Record<string, string>;
  cpu: string;
  cores: number;
  rounds: number;
  turnMs: number;
  /** Client and server on a core each. */
  pinned: boolean;
  /** Quartiles of the floor over itself, all workloads together: what is no difference. */
  noise: [number, number] | null;
  workloads: Partial<Record<WorkloadName, WorkloadReport>>;
}

const ratio = (r: number) => (r >= 100 ? r.toFixed(0) : r >= 10 ? r.toFixed(1) : r.toFixed(2));
export const micros = (us: number) =>
  us >= 10_000
    ? `${(us / 1000).toFixed(1)} ms`
    : us >= 1000
      ? `${(us / 1000).toFixed(2)} ms`
      : `${us.toFixed(us < 10 ? 2 : 0)} µs`;

/** One workload's lines, printed as soon as it is done. */
export function workloadLines(name: WorkloadName, report: WorkloadReport): string {
  const lines = [`\n${workloads[name].title} (${name}; 1.00 is ${contestants[report.baseline]!.title})`];
  for (const [contestant, r] of Object.entries(report.results)) {
    const server = r.server === null ? '' : ` = client ${micros(r.client)} + server ${micros(r.server)}`;
    lines.push(
      `  ${contestants[contestant]!.title.padEnd(18)} ${ratio(r.ratio).padStart(6)} (${ratio(r.low)}–${ratio(r.high)})`.padEnd(
        46,
      ) + `${micros(r.cpu)}${server}; wall ${micros(r.wall)} (${ratio(r.wallRatio)})`,
    );
  }
  for (const [contestant, reason] of Object.entries(report.without)) {
    lines.push(`  ${contestants[contestant]!.title.padEnd(18)}      – ${reason}`);
  }
  return lines.join('\n');
}

/** The whole as a Markdown table: a line a workload, a column a contestant, `ratio ±half the quartiles' distance`. */
export function table(report: Report): string {
  const names = Object.keys(contestants).filter((c) =>
    Object.values(report.workloads).some((w) => w.results[c] && c !== w.baseline),
  );
  const head = ['', ...names.map((c) => contestants[c]!.title)];
  const lines = Object.entries(report.workloads).map(([name, w]) => [
    workloads[name as WorkloadName].title,
    ...names.map((c) => {
      const r = w.results[c];
      if (!r) return '–';
      const absolute = workloads[name as WorkloadName].builds ? ` (${micros(r.cpu)})` : '';
      return `${ratio(r.ratio)} ±${((r.high - r.low) / 2).toFixed(2)}${absolute}`;
    }),
  ]);
  const widths = head.map((_, i) => Math.max(...[head, ...lines].map((line) => line[i]!.length), 3));
  const format = (line: string[]) =>
    `| ${line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  const rule = `| ${widths.map((w, i) => (i === 0 ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`)).join(' | ')} |`;
  return [format(head), rule, ...lines.map(format)].join('\n');
}

export function notes(report: Report): string {
  const noise = report.noise
    ? `By hand against itself: ${ratio(report.noise[0])} to ${ratio(report.noise[1])}; smaller differences are noise.`
    : '';
  return [
    `Processor time of client and server for one operation over hand-written SQL on postgres (prepared, arrays) in the same run;`,
    `medians of ${report.rounds} rounds, ± half the distance of their quartiles. Building alone: over the fastest peer. ${noise}`,
    `Concurrent gets: drizzle-queryset sends the gets by key of one tick as one statement, as prisma's dataloader does; the others send 64.`,
    `${report.server}, Node ${report.node}, ${report.cores} × ${report.cpu}${report.pinned ? ', client and server on a core each' : ''}.`,
    Object.entries(report.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  ].join('\n');
}
