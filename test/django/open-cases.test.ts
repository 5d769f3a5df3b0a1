// Django's own answers to the open cases, on every database: the same result, the same change, no more statements.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chosenDrivers } from '../support/drivers.js';
import { judgeCase, openCases, readCases } from './cases.js';
import { type Judge, openJudge } from './judge.js';

const cases = readCases(openCases);

describe.each(chosenDrivers())('Django’s answers on %s', (driver) => {
  let judge: Judge;
  let skipped = 0;
  beforeAll(async () => {
    judge = await openJudge(driver, { serverUrl: inject('serverUrl'), pgliteImage: inject('pgliteImage') });
  });
  afterAll(() => judge?.close());

  for (const golden of cases) {
    test(golden.id, async ({ skip }) => {
      const outcome = await judgeCase(judge, golden);
      if (outcome.skipped) skipped++;
      if (outcome.skipped) skip(outcome.skipped);
      expect(outcome.mismatch, JSON.stringify(outcome.answer?.statements, bigText)).toBeUndefined();
      expect(outcome.extra, 'statements above Django’s number').toBe(0);
    });
  }

  test('fewer than one case in fifty has a reason to differ', () => {
    expect(skipped).toBeLessThan(cases.length / 50);
  });
});

function bigText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}
