/** How the relations of rows are fetched when one of them is asked for (Django 6.1's fetch modes). */
export type FetchMode = 'one' | 'peers' | 'raise';

/** Each for itself. */
export declare const FETCH_ONE: 'one';
/** For all rows that were loaded together, in one statement. */
export declare const FETCH_PEERS: 'peers';
/** Not at all: `FieldFetchBlocked`. */
export declare const RAISE: 'raise';
