// Files of cases, plain or gzipped, and the drive of one file through one database.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Case } from './ast.js';
import { compareCase, extraStatements } from './compare.js';
import type { Answer, Judge } from './judge.js';
import { skipReason } from './skips.js';

export function readCases(file: string | URL): Case[] {
  const bytes = readFileSync(file);
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return JSON.parse((zipped ? gunzipSync(bytes) : bytes).toString('utf8')) as Case[];
}

export const openCases = new URL('data/cases-open.json.gz', import.meta.url);

export interface Outcome {
  golden: Case;
  answer?: Answer;
  /** What differs, where something does. */
  mismatch?: string;
  skipped?: string;
  /** Statements above Django's number. */
  extra: number;
}

export async function judgeCase(judge: Judge, golden: Case): Promise<Outcome> {
  const skipped = skipReason(golden);
  if (skipped) return { golden, skipped, extra: 0 };
  const answer = await judge.ask(golden);
  const mismatch = compareCase(golden, answer);
  return { golden, answer, extra: extraStatements(golden, answer), ...(mismatch ? { mismatch } : {}) };
}
