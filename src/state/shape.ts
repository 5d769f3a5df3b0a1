/**
 * The trie of shapes. A chain of calls walks from a model's root, one node a call, by a key made of names,
 * lookups and kinds of values, never of values. What a node holds is worked out the first time that its shape
 * is seen, and is the same for every later call of that shape.
 */
import type { Param } from '../meta/param.js';

/** How many nodes are kept over all models; the least recently used half goes when it is exceeded. */
const CAPACITY = 4096;
let population = 0;
let clock = 0;
let nextId = 1;
/** Plans of one shape: those of writes depend on which columns are given and NULL. */
const PLANS = 512;
/** Every node that has others below it. A node that is held stays here when its parent has let it go. */
const parents = new Set<Shape<never>>();

export interface Step<Q> {
  readonly query: Q;
  readonly params: readonly Param[];
}

export class Shape<Q> {
  readonly id = nextId++;
  /** What is compiled for this shape, by terminal. */
  readonly plans = new Map<string, unknown>();
  private readonly children = new Map<string, Shape<Q>>();
  private used = clock;

  private constructor(
    readonly query: Q,
    /** All places, in the order in which values are collected along the chain. */
    readonly params: readonly Param[],
    /** Where this node's own places start. */
    private readonly first: number,
  ) {}

  static root<Q>(query: Q): Shape<Q> {
    return new Shape(query, [], 0);
  }

  /**
   * The node of one more call.
   * @param key what the call is, values aside
   * @param values the call's own values, in the order of the places that `resolve` makes for them
   * @param resolve works the node out; it throws for what is wrong, and then nothing is kept
   */
  next(key: string, values: readonly unknown[], resolve: (query: Q) => Step<Q>): Shape<Q> {
    const found = this.children.get(key);
    if (found) {
      found.used = ++clock;
      found.check(values);
      return found;
    }
    const { query, params } = resolve(this.query);
    const made = new Shape(query, params.length === 0 ? this.params : [...this.params, ...params], this.params.length);
    made.check(values);
    made.used = ++clock;
    for (const param of params) param.isSealed = true;
    this.children.set(key, made);
    parents.add(this as unknown as Shape<never>);
    if (++population > CAPACITY) evict();
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
      if (this.plans.size >= PLANS) this.plans.clear();
      this.plans.set(name, plan);
    }
    return plan;
  }

  /** Drops the nodes below that were not used since `before`; says how many are left. */
  prune(before: number): number {
    for (const [key, child] of this.children) if (child.used < before) this.children.delete(key);
    const { size } = this.children;
    if (size === 0) parents.delete(this as unknown as Shape<never>);
    return size;
  }
}

function prune(before: number): void {
  population = 0;
  for (const parent of parents) population += parent.prune(before);
}

function evict(): void {
  prune(clock - (CAPACITY >> 1));
  // Everything was used lately (a node's use counts its ancestors' too): start again rather than grow.
  if (population > CAPACITY) prune(Infinity);
}
