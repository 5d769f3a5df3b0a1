/** A condition that no row, or every row, meets: found while SQL is written, it takes its surroundings with it. */
export class EmptyResultSet extends Error {
  override name = 'EmptyResultSet';
}
export class FullResultSet extends Error {
  override name = 'FullResultSet';
}
