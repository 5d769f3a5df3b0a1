/** A condition that no row, or every row, meets: found while SQL is written, it takes its surroundings with it. */
export class EmptyResultSet extends Error {}

export class FullResultSet extends Error {}

/**
 * What `write` gives, or what stands for a condition that no row (`empty`) or every row (`full`) meets. Without a
 * stand-in the finding goes on outwards.
 */
export function writeOr<T>(write: () => T, standIns: { readonly empty?: T; readonly full?: T }): T {
  try {
    return write();
  } catch (error) {
    const { empty, full } = standIns;
    if (error instanceof EmptyResultSet && empty !== undefined) return empty;
    if (error instanceof FullResultSet && full !== undefined) return full;
    throw error;
  }
}
