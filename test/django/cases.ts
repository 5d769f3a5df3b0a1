// Files of cases, plain or gzipped, and the drive of one file through one database.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Case } from './ast.js';
import { compareCase, extraStatements } from './compare.js';
import type { Answer, Judge } from './judge.js';
import { differenceOf } from './differences.js';

export function readCases(file: string | URL): Case[] {
  const bytes = readFileSync(file);
  const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const text = (zipped ? gunzipSync(bytes) : bytes).toString('utf8');
  const cases = JSON.parse(text) as Case[];
  const asked = JSON.parse(floatsKept(text)) as Case[];
  return cases.map((golden, index) => ({ ...golden, query: asked[index]!.query }));
}

/** A Python float that is whole (`1.0`) is an integer once JavaScript has read it: in a query it is marked before. */
function floatsKept(json: string): string {
  return json.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    const isWholeFloat = !token.startsWith('"') && /[.eE]/.test(token) && Number.isInteger(Number(token));
    return isWholeFloat ? `{"$float":"${token}"}` : token;
  });
}

export const openCases = new URL('data/cases-open.json.gz', import.meta.url);

export interface Outcome {
  golden: Case;
  answer?: Answer;
  /** What differs, where something does. */
  mismatch?: string;
  /** Why the answer differs and is right all the same: one of the reasons of docs/differences.md. */
  skipped?: string;
  /** Statements above Django's number. */
  extra: number;
}

/** A case that gets no answer waits for something that never comes: its database must be opened anew. */
export class NoAnswer extends Error {}

async function answerInTime(judge: Judge, golden: Case, milliseconds: number): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`no answer in ${milliseconds / 1000} s`)), milliseconds);
  });
  try {
    return await Promise.race([judge.ask(golden), late]);
  } finally {
    clearTimeout(timer);
  }
}

export async function judgeCase(judge: Judge, golden: Case, milliseconds = 20_000): Promise<Outcome> {
  const answer = await answerInTime(judge, golden, milliseconds);
  const mismatch = compareCase(golden, answer);
  const skipped = mismatch && differenceOf(golden, answer);
  if (skipped) return { golden, answer, skipped, extra: 0 };
  return { golden, answer, extra: extraStatements(golden, answer), ...(mismatch ? { mismatch } : {}) };
}
