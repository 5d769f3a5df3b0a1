// How often a property is tried, and from which seed: the same in every run, unless the environment says otherwise.
import fc from 'fast-check';

/** `PROPERTY_SEED=7 PROPERTY_SCALE=50 npx vitest run test/property` looks for what the usual seed does not find. */
export const SEED = Number(process.env['PROPERTY_SEED'] ?? 1729);
const SCALE = Number(process.env['PROPERTY_SCALE'] ?? 1);

/** What vitest allows one property, a long hunt included. */
export const TIMEOUT = 30_000 * Math.max(1, SCALE);

/** Tries a property on what an arbitrary gives; the smallest counterexample is the error. */
export async function always<T>(
  arbitrary: fc.Arbitrary<T>,
  runs: number,
  property: (given: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, property), { seed: SEED, numRuns: Math.ceil(runs * SCALE) });
}

/** One random thing, the same for the same seed. */
export const drawn = <T>(arbitrary: fc.Arbitrary<T>): T => fc.sample(arbitrary, { seed: SEED, numRuns: 1 })[0] as T;
