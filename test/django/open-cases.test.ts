// Django's own answers to the open cases, on every database: the same result, the same change, no more statements.
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { chosenDrivers } from '../support/drivers.js';
import { judgeCase, openCases, readCases } from './cases.js';
import { type Judge, openJudge } from './judge.js';
import { skipReason } from './skips.js';

const cases = readCases(openCases);

test('fewer than one case in fifty is left out', () => {
  expect(cases.filter(skipReason).length).toBeLessThan(cases.length / 50);
});

describe.each(chosenDrivers())('Django’s answers on %s', (driver) => {
  let judge: Judge;
  beforeAll(async () => {
    judge = await openJudge(driver, { serverUrl: inject('serverUrl'), pgliteImage: inject('pgliteImage') });
  });
  afterAll(() => judge?.close());

  for (const golden of cases) {
    test.skipIf(skipReason(golden) !== undefined)(golden.id, async () => {
      const { mismatch, answer } = await judgeCase(judge, golden);
      expect(mismatch, JSON.stringify(answer?.statements)).toBeUndefined();
      if (golden.queries !== undefined) expect(answer!.queries).toBeLessThanOrEqual(golden.queries);
    });
  }
});
