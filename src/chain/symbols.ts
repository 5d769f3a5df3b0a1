/** Members of querysets for this library's own use: symbols, so that completion shows the user's names alone. */

/** The rows that a queryset keeps. */
export const CACHED: unique symbol = Symbol('rows');
/** The same model and database at another shape. */
export const AT: unique symbol = Symbol('at');
/** What rows need after they were read: nested prefetches and the like. */
export const FINISH: unique symbol = Symbol('finish');
/** One more step of the chain. */
export const NEXT: unique symbol = Symbol('next');
