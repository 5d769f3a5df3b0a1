/**
 * The trie of shapes. A chain of calls walks from a model's root, one node a call, by a key made of names,
 * lookups and kinds of values, never of values. What a node holds is worked out the first time that its shape
 * is seen, and is the same for every later call of that shape.
 */
import type { Param } from '../meta/param.js';

/** How many nodes are kept over all models; the least recently used half goes when it is exceeded. */
let capacity = 4096;
let population = 0;
let clock = 0;
let nextId = 1;
const roots = new Set<Shape<unknown>>();

export interface Step<Q> {
  readonly query: Q;
  readonly params: readonly Param[];
}

export class Shape<Q> {
  readonly id = nextId++;
  /** What is compiled for this shape, by terminal. */
  readonly plans = new Map<string, unknown>();
  private children: Map<string, Shape<Q>> | undefined;
  private used = clock;

  private constructor(
    readonly query: Q,
    /** All places, in the order in which values are collected along the chain. */
    readonly params: readonly Param[],
    /** Where this node's own places start. */
    private readonly first: number,
  ) {}

  static root<Q>(query: Q): Shape<Q> {
    const root = new Shape(query, [], 0);
    roots.add(root as Shape<unknown>);
    return root;
  }

  /**
   * The node of one more call.
   * @param key what the call is, values aside
   * @param values the call's own values, in the order of the places that `resolve` makes for them
   * @param resolve works the node out; it throws for what is wrong, and then nothing is kept
   */
  next(key: string, values: readonly unknown[], resolve: (query: Q) => Step<Q>): Shape<Q> {
    const found = this.children?.get(key);
    if (found) {
      found.used = ++clock;
      found.check(values);
      return found;
    }
    const { query, params } = resolve(this.query);
    const made = new Shape(query, params.length === 0 ? this.params : [...this.params, ...params], this.params.length);
    made.check(values);
    made.used = ++clock;
    if (!this.children) this.children = new Map();
    this.children.set(key, made);
    if (++population > capacity) evict();
    return made;
  }

  private check(values: readonly unknown[]): void {
    for (let i = 0; i < values.length; i++) this.params[this.first + i]?.check?.(values[i]);
  }

  /** A plan of this shape, made once. */
  plan<P>(name: string, make: () => P): P {
    let plan = this.plans.get(name) as P | undefined;
    if (plan === undefined) {
      plan = make();
      this.plans.set(name, plan);
    }
    return plan;
  }

  /** Drops the nodes that were not used since `before`, with all below them. */
  prune(before: number): void {
    if (!this.children) return;
    for (const [key, child] of this.children) {
      if (child.used < before) {
        this.children.delete(key);
        population -= child.size();
      } else child.prune(before);
    }
  }

  private size(): number {
    let n = 1;
    for (const child of this.children?.values() ?? []) n += child.size();
    return n;
  }
}

function evict(): void {
  const before = clock - (capacity >> 1);
  for (const root of roots) root.prune(before);
  // Everything was used lately (a node's use counts its ancestors' too): start again rather than grow.
  if (population > capacity) for (const root of roots) root.prune(Number.POSITIVE_INFINITY);
}

/** How many shapes are kept; for tests and for applications of unusual size. */
export function setShapeCapacity(nodes: number): void {
  capacity = nodes;
}

/** How many shapes there are now. */
export const shapeCount = (): number => population;
