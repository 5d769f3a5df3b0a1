// Trees of conditions, as deep as users write them.
import fc from 'fast-check';
import type { Leaf, Tree } from './truth.js';

export interface TreeOptions {
  /** Leaves that a NOT is written around. */
  readonly negations?: boolean;
}

export function trees(leaf: fc.Arbitrary<Leaf>, { negations = true }: TreeOptions = {}): fc.Arbitrary<Tree> {
  const leaves = leaf.map((one): Tree => ({ leaf: one }));
  return fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { weight: 3, arbitrary: leaves },
      {
        weight: 3,
        arbitrary: fc.record({
          connector: fc.constantFrom('and' as const, 'or' as const, 'and' as const, 'or' as const, 'xor' as const),
          parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        }),
      },
      ...(negations ? [{ weight: 2, arbitrary: tie('tree').map((not): Tree => ({ not })) }] : []),
    ),
  })).tree;
}
