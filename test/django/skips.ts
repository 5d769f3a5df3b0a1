// Cases that are not asked, each for one of the reasons that docs/differences.md lists.
import type { Case } from './ast.js';

/** The reason to leave a case out, or nothing. */
export function skipReason(_golden: Case): string | undefined {
  return undefined;
}
