import { isArray } from './kinds.js';

/**
 * A value's place in a query. The resolved query of a shape holds places, never values: the values of each call
 * travel beside it, and the compiled statement says which of them goes where and how it is encoded.
 */
export class Param {
  /** Run on every call's value at once, before anything is sent; throws for what the lookup cannot take. */
  check: ((value: unknown) => void) | undefined;

  /** What the shape says of the value, which SQL may depend on: true or false, or a list of NULLs alone. */
  readonly sample: unknown;
  /** The node of its shape is made: whoever looks at the place again has nothing to add. */
  isSealed = false;

  /** @param value the value of the call that first has this shape; it is not kept */
  constructor(value?: unknown) {
    if (typeof value === 'boolean' || isNulls(value)) this.sample = value;
  }

  /** Adds a check to those that are there. */
  require(check: (value: unknown) => void): void {
    if (this.isSealed) return;
    const before = this.check;
    this.check = before
      ? (value) => {
          before(value);
          check(value);
        }
      : check;
  }
}

export const isNulls = (value: unknown): boolean => isArray(value) && value.every((item) => item === null);

/** A value that no call gives: read when the statement is sent (the current time zone). */
export class ContextParam extends Param {
  constructor(readonly read: () => unknown) {
    super();
  }
}
