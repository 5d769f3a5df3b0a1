/**
 * A value's place in a query. The resolved query of a shape holds places, never values: the values of each call
 * travel beside it, and the compiled statement says which of them goes where and how it is encoded.
 */
export class Param {
  /** Run on every call's value at once, before anything is sent; throws for what the lookup cannot take. */
  check: ((value: unknown) => void) | undefined;

  /** @param sample the value of the call that first had this shape: for messages only, never for SQL */
  constructor(readonly sample: unknown) {}

  /** Adds a check to those that are there. */
  require(check: (value: unknown) => void): void {
    const before = this.check;
    this.check = before
      ? (value) => {
          before(value);
          check(value);
        }
      : check;
  }
}

/** A value that no call gives: read when the statement is sent (the current time zone). */
export class ContextParam extends Param {
  constructor(readonly read: () => unknown) {
    super(undefined);
  }
}
