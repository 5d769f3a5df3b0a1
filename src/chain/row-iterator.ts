/** Rows one at a time out of chunks. By hand: an async generator that delegates waits twice for every row. */
export class RowIterator implements AsyncIterableIterator<unknown, undefined> {
  readonly #chunks: AsyncIterator<readonly unknown[], undefined>;
  #rows: readonly unknown[] = [];
  #at = 0;
  #ended = false;
  #loading: Promise<void> | undefined;

  constructor(chunks: AsyncIterator<readonly unknown[], undefined>) {
    this.#chunks = chunks;
  }
  [Symbol.asyncIterator](): this {
    return this;
  }
  next(): Promise<IteratorResult<unknown, undefined>> {
    return this.#at < this.#rows.length ? Promise.resolve(this.#take()) : this.#wait();
  }
  /** Leaves the rest on the server, and lets go of the cursor. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#ended = true;
    this.#rows = [];
    await this.#chunks.return?.();
    return { value: undefined, done: true };
  }

  #take(): IteratorYieldResult<unknown> {
    return { value: this.#rows[this.#at++], done: false };
  }
  async #wait(): Promise<IteratorResult<unknown, undefined>> {
    while (this.#at >= this.#rows.length) {
      if (this.#ended) return { value: undefined, done: true };
      // Who asks again before the chunk is there waits for the same one.
      this.#loading ??= this.#load();
      await this.#loading;
    }
    return this.#take();
  }
  async #load(): Promise<void> {
    try {
      const { value, done } = await this.#chunks.next();
      if (done) this.#ended = true;
      else if (!this.#ended) {
        this.#rows = value;
        this.#at = 0;
      }
    } catch (error) {
      this.#ended = true;
      throw error;
    } finally {
      this.#loading = undefined;
    }
  }
}
