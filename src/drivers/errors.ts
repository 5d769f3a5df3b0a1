/** What the database reports → this library's errors, by SQLSTATE class. */
import { isText } from '../meta/kinds.js';
import {
  DatabaseError,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from '../errors.js';

interface DriverError extends Error {
  readonly code: string;
  /** Of pg and PGlite; postgres.js says `constraint_name`. */
  readonly constraint?: string;
  readonly constraint_name?: string;
}

/** The driver's own error, inside what Drizzle wraps it in. */
function driverError(error: unknown): DriverError | undefined {
  let at = error as DriverError | undefined;
  // A SQLSTATE, or the name of a failed connection: other errors have codes too, and are not the database's.
  while (at && !(isText(at.code) && CODE.test(at.code))) at = at.cause as DriverError | undefined;
  return at;
}

/** A SQLSTATE, or the name that a failed connection has instead. */
const CODE = /^([0-9A-Z]{5}$|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|CONNECTION_|CONNECT_TIMEOUT)/;

/** The beginnings of the codes of each class of errors, as Django's driver reads them. */
const CLASSES: readonly (readonly [RegExp, typeof DatabaseError])[] = [
  [/^(08|2[678]|34|40|5|H|E[A-Z]|CONN)/, OperationalError],
  [/^0A/, NotSupportedError],
  [/^(2[01]|3[DF]|4[24])/, ProgrammingError],
  [/^22/, DataError],
  [/^23/, IntegrityError],
  [/^(2[45BDF]|3[89B]|[FPX])/, InternalError],
  [/^/, DatabaseError],
];

/** What drivers say, without a code, of connections that end, or do not come in time. */
const UNREACHED = /connection|closed|ended|calling end|time(d )?out/i;

/** What Drizzle says of a driver that sends each statement by itself. */
const UNSUPPORTED = /transactions .*support/i;

/** Did the database report it to a statement of the caller's own: the driver's error, bare or as Drizzle wraps it? */
export const isReported = (error: unknown): boolean =>
  isWrapped(error) || (error instanceof Error && driverError(error) === error);

/** Drizzle's own error around a driver's: its message has the statement and all of its values, which are nobody's to log. */
const isWrapped = (error: unknown): error is Error =>
  error instanceof Error && 'params' in error && /^Failed query/.test(error.message);

export function mapDatabaseError(error: unknown): Error {
  const source = driverError(error);
  if (error instanceof DatabaseError) return error;
  if (!source) {
    const inner = isWrapped(error) ? error.cause : error;
    if (!(inner instanceof Error)) return new DatabaseError(String(inner), { cause: inner });
    const { message } = inner;
    const Made = UNSUPPORTED.test(message) ? NotSupportedError : UNREACHED.test(message) && OperationalError;
    return Made ? new Made(message, { cause: inner }) : inner;
  }
  const { code, message, constraint = source.constraint_name } = source;
  const [, Made] = CLASSES.find(([codes]) => codes.test(code)) as (typeof CLASSES)[number];
  // Connections that fail at several addresses are one error without a message.
  return new Made(message || code, { cause: source, code, constraint });
}
