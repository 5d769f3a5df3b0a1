/** What a query that is cut, combined or no longer of instances cannot do. */
import type { Query } from './query.js';
import { NotSupportedError, refuse } from '../errors.js';

export function refuseSliced(query: Query, what: string): void {
  if (query.isSliced) refuse(`Cannot ${what} once a slice has been taken.`);
}

/** After union() and its like, only what orders, cuts or counts the combined rows is possible. */
export function refuseCombined(query: Query, call: string): void {
  if (query.combined)
    throw new NotSupportedError(`Calling QuerySet.${call} after ${query.combined.operator}() is not supported.`);
}

/** Rows of values have no relations, and no columns to leave out; nor have those that were combined. */
export function refuseValues(query: Query, call: string): void {
  refuseCombined(query, call);
  if (query.valuesMode) refuse(`Cannot call ${call} after .values() or .values_list()`);
}
