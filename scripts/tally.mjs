// Reads vitest's own JSON report and says it in one line: '123 passed, 0 failed'.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export function tally(file) {
  if (!existsSync(file)) return { ok: false, text: 'no report: vitest did not finish' };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  // A file that could not be loaded has no tests to count, and is a failure all the same.
  const broken = report.testResults.filter((f) => f.status === 'failed' && f.assertionResults.length === 0).length;
  const failed = report.numFailedTests + broken;
  const skipped = report.numPendingTests + report.numTodoTests;
  const text = `${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return { ok: failed === 0 && report.numPassedTests > 0, text };
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] && resolve(process.argv[1]) === here) {
  const line = tally(join(dirname(here), '..', '.tmp', 'vitest.json'));
  console.log(line.text);
  process.exit(line.ok ? 0 : 1);
}
