import { type WorkloadName, workloads } from '../workloads.js';
import { contestants, FLOOR, OURS } from './options.js';
import type { Report } from './report.js';

// The table as a picture: a line a workload, a dot a contestant, on a logarithmic scale; left is better.

const LEFT = 210;
const WIDTH = 900;
const LINE = 28;
const TOP = 64;
const LEAST = 0.0625;
const MOST = 16;
const COLOURS: Record<string, string> = {
  queryset: '#d62728',
  'drizzle-builder': '#7f9a2e',
  'drizzle-prepared': '#a8c256',
  'drizzle-relational': '#4f6b12',
  kysely: '#1f77b4',
  prisma: '#9467bd',
  typeorm: '#e08a1e',
  'mikro-orm': '#17a2a2',
};

const x = (ratio: number) => {
  const within = Math.min(Math.max(ratio, LEAST), MOST);
  return LEFT + (Math.log2(within / LEAST) / Math.log2(MOST / LEAST)) * (WIDTH - LEFT - 30);
};
const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export function chart(report: Report): string {
  const lines = Object.entries(report.workloads);
  const shown = Object.keys(COLOURS).filter((c) => lines.some(([, w]) => w.results[c]));
  const height = TOP + lines.length * LINE + 52;
  const out: string[] = [];

  shown.forEach((c, i) => {
    const at = LEFT + (i % 4) * 165;
    const y = 18 + Math.floor(i / 4) * 20;
    out.push(`<circle cx="${at}" cy="${y}" r="${c === OURS ? 6 : 4.5}" fill="${COLOURS[c]}"/>`);
    out.push(
      `<text x="${at + 11}" y="${y + 4}"${c === OURS ? ' class="ours"' : ''}>${escape(contestants[c]!.title)}</text>`,
    );
  });
  for (let tick = LEAST; tick <= MOST; tick *= 2) {
    const at = x(tick).toFixed(1);
    out.push(
      `<line x1="${at}" x2="${at}" y1="${TOP - 8}" y2="${TOP + lines.length * LINE}" class="${tick === 1 ? 'one' : 'grid'}"/>`,
    );
    out.push(`<text x="${at}" y="${TOP + lines.length * LINE + 16}" text-anchor="middle" class="small">${tick}</text>`);
  }
  lines.forEach(([name, w], i) => {
    const y = TOP + i * LINE + LINE / 2;
    out.push(
      `<text x="${LEFT - 14}" y="${y + 4}" text-anchor="end">${escape(workloads[name as WorkloadName].title)}</text>`,
    );
    // Ours last, so that it lies on top.
    for (const c of [...shown.filter((s) => s !== OURS), ...shown.filter((s) => s === OURS)]) {
      const r = w.results[c];
      if (!r || c === FLOOR) continue;
      const at = x(r.ratio).toFixed(1);
      const tip = `<title>${escape(contestants[c]!.title)}: ${r.ratio.toFixed(2)}</title>`;
      const beyond = r.ratio > MOST;
      out.push(
        beyond
          ? `<path d="M${at} ${y - 5} l9 5 l-9 5 z" fill="${COLOURS[c]}">${tip}</path>`
          : `<circle cx="${at}" cy="${y}" r="${c === OURS ? 6 : 4.5}" fill="${COLOURS[c]}"${c === OURS ? '' : ' fill-opacity="0.85"'}>${tip}</circle>`,
      );
    }
  });
  const foot = TOP + lines.length * LINE + 36;
  out.push(
    `<text x="${LEFT}" y="${foot}" class="small">processor time, client and server, over hand-written SQL on postgres (1); building alone over its fastest peer; left is better</text>`,
  );

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Benchmark: cost of one operation relative to hand-written SQL">
<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.small { font-size: 11px; fill: #57606a }
.ours { font-weight: 600 }
.grid { stroke: #d0d7de; stroke-width: 1 }
.one { stroke: #57606a; stroke-width: 1.5 }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .small { fill: #9198a1 }
  .grid { stroke: #30363d }
  .one { stroke: #9198a1 }
}
</style>
${out.join('\n')}
</svg>
`;
}
