/** The error classes of src/errors.ts, with their fields. */
import type { RaisedBy } from './tags.js';

export declare class FieldError extends Error {
  /** The model that was asked. */
  readonly model: string | undefined;
  /** The key or name that was wrong. */
  readonly key: string | undefined;
  /** Names that would have been valid. */
  readonly choices: readonly string[];
  constructor(message: string, info?: { model?: string; key?: string; choices?: readonly string[] });
}
export declare class ValueError extends TypeError {}
/** A model definition that cannot be understood. */
export declare class DefinitionError extends Error {}
/** Base of every model's `DoesNotExist`. */
export declare class ObjectDoesNotExist extends Error {}
/** Base of every model's `MultipleObjectsReturned`. */
export declare class MultipleObjectsReturned extends Error {}
/**
 * A model's own subclass of one of these. Its instances say whose they are: TypeScript would else take it for the base, and
 * where `instanceof` has said no to one model's it would have nothing left for the next one's.
 */
export type OwnError<Name, Base extends abstract new (...args: never) => unknown> = Omit<Base, 'prototype'> &
  OwnClass<InstanceType<Base> & RaisedBy<Name>>;
interface OwnClass<Raised> {
  new (message?: string, options?: { cause?: unknown }): Raised;
  readonly prototype: Raised;
}
export declare class IndexError extends RangeError {}
export declare class NotImplementedError extends Error {}
export declare class SynchronousOnlyOperation extends Error {}
export declare class ConnectionDoesNotExist extends Error {}
/** A relation that may not be read: `fetch_mode(RAISE)`. */
export declare class FieldFetchBlocked extends FieldError {}
/** Base of what the database itself reports; the driver's error is the `cause`. */
export declare class DatabaseError extends Error {
  /** The SQLSTATE code, where the driver gave one. */
  readonly code: string | undefined;
  /** The constraint that was violated, where the database named it. */
  readonly constraint: string | undefined;
  constructor(message: string, options?: { cause?: unknown; code?: string; constraint?: string });
}
export declare class IntegrityError extends DatabaseError {}
export declare class ProtectedError extends IntegrityError {}
export declare class DataError extends DatabaseError {}
export declare class OperationalError extends DatabaseError {}
export declare class ProgrammingError extends DatabaseError {}
export declare class InternalError extends DatabaseError {}
export declare class NotSupportedError extends DatabaseError {}
export declare class TransactionManagementError extends ProgrammingError {}
