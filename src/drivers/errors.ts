/** What the database reports → this library's errors, by SQLSTATE class. */
import {
  DatabaseError,
  DataError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
} from '../errors.js';

interface DriverError {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly constraint?: unknown;
  readonly constraint_name?: unknown;
}

/** The driver's own error, inside what Drizzle wraps it in. */
function driverError(error: unknown): DriverError | undefined {
  for (
    let at = error as DriverError | undefined;
    at && typeof at === 'object';
    at = at.cause as DriverError | undefined
  ) {
    // A SQLSTATE, or the name of a failed connection: other errors have codes too, and are not the database's.
    if (typeof at.code === 'string' && (/^[0-9A-Z]{5}$/.test(at.code) || CONNECTION.test(at.code))) return at;
  }
  return undefined;
}

const BY_CLASS: Record<string, typeof DatabaseError> = {
  '08': OperationalError,
  '0A': DatabaseError,
  '20': ProgrammingError,
  '21': ProgrammingError,
  '22': DataError,
  '23': IntegrityError,
  '25': InternalError,
  '40': OperationalError,
  '42': ProgrammingError,
  '53': OperationalError,
  '54': OperationalError,
  '55': OperationalError,
  '57': OperationalError,
  '58': OperationalError,
  XX: InternalError,
};

/** Connection failures have names, not SQLSTATEs. */
const CONNECTION = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|CONNECTION_|CONNECT_TIMEOUT)/;

/** Did the database report it to a statement of the caller's own: the driver's error, bare or as Drizzle wraps it? */
export function isReported(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const source = driverError(error);
  return source !== undefined && (source === error || ('query' in error && 'params' in error));
}

export function mapDatabaseError(error: unknown): Error {
  const source = driverError(error);
  if (error instanceof DatabaseError) return error;
  if (!source) {
    const inner = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    if (inner instanceof Error && /terminated|connection|closed|ended|calling end|not queryable/i.test(inner.message)) {
      return new OperationalError(inner.message, { cause: inner });
    }
    return error instanceof Error ? error : new DatabaseError(String(error), { cause: error });
  }
  const code = String(source.code ?? '');
  const message = String(source.message ?? 'The database reported an error.');
  const constraint = source.constraint ?? source.constraint_name;
  const options = { cause: source, code, ...(typeof constraint === 'string' ? { constraint } : {}) };
  if (CONNECTION.test(code)) return new OperationalError(message, options);
  if (code === '0A000') return new NotSupportedError(message, options);
  const made = BY_CLASS[code.slice(0, 2)] ?? DatabaseError;
  return new made(message, options);
}
