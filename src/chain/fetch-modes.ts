/** How the relations of rows are fetched when one of them is asked for. */
import type { FetchMode } from '../hydrate/instance.js';

/** Each for itself. */
export const FETCH_ONE: FetchMode & 'one' = 'one';
/** For all rows that were loaded together, in one statement. */
export const FETCH_PEERS: FetchMode & 'peers' = 'peers';
/** Not at all: `FieldFetchBlocked`. */
export const RAISE: FetchMode & 'raise' = 'raise';
