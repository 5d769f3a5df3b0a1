/**
 * Every error that the library raises, in Django's own names.
 * Bad arguments are `TypeError`/`ValueError`; what the database says is mapped by SQLSTATE and kept as `cause`.
 */

/** A name that does not resolve, or is used as what it is not (Django's `FieldError`). */
export class FieldError extends Error {
  override name = 'FieldError';
  /** The model that was asked. */
  readonly model: string | undefined;
  /** The key or name that was wrong. */
  readonly key: string | undefined;
  /** Names that would have been valid. */
  readonly choices: readonly string[];
  constructor(
    message: string,
    info: { model?: string | undefined; key?: string | undefined; choices?: readonly string[] | undefined } = {},
  ) {
    super(message);
    this.model = info.model;
    this.key = info.key;
    this.choices = info.choices ?? [];
  }
}

/** A value of the right type that means nothing here (Python's `ValueError`). */
export class ValueError extends TypeError {
  override name = 'ValueError';
}

/** Refuses a name, or what it is used as. */
export function refuseName(message: string, key?: string, model?: string, choices?: readonly string[]): never {
  throw new FieldError(message, { key, model, choices });
}

/** Refuses a value or an argument. */
export function refuse(message: string, options?: ErrorOptions): never {
  throw new ValueError(message, options);
}

export const refuseUndefined = (name: string): never =>
  refuse(`'${name}' is undefined. Use null for NULL, or leave the key out.`);

/** A model definition that cannot be understood. */
export class DefinitionError extends Error {
  override name = 'DefinitionError';
}

/** No row matched; every model has its own subclass (`Pizza.DoesNotExist`). */
export class ObjectDoesNotExist extends Error {
  override name = 'ObjectDoesNotExist';
}

/** More than one row matched; every model has its own subclass. */
export class MultipleObjectsReturned extends Error {
  override name = 'MultipleObjectsReturned';
}

/** An index past the end of a queryset (Python's `IndexError`). */
export class IndexError extends RangeError {
  override name = 'IndexError';
}

/** The synchronous form exists in Django only. */
export class NotImplementedError extends Error {
  override name = 'NotImplementedError';
}

/** A synchronous call where only an asynchronous one can work, or the reverse. */
export class SynchronousOnlyOperation extends Error {
  override name = 'SynchronousOnlyOperation';
}

/** An alias that `defineModels` was not given. */
export class ConnectionDoesNotExist extends Error {
  override name = 'ConnectionDoesNotExist';
}

/** A relation that may not be read: `fetch_mode(RAISE)`. */
export class FieldFetchBlocked extends FieldError {
  override name = 'FieldFetchBlocked';
}

/** Base of what the database itself reports. */
export class DatabaseError extends Error {
  override name = 'DatabaseError';
  /** The SQLSTATE code, where the driver gave one. */
  readonly code: string | undefined;
  /** The constraint that was violated, where the database named it. */
  readonly constraint: string | undefined;
  constructor(message: string, options: { cause?: unknown; code?: string; constraint?: string | undefined } = {}) {
    super(message, options);
    this.code = options.code;
    this.constraint = options.constraint;
  }
}
/** Class 23: a constraint was violated. */
export class IntegrityError extends DatabaseError {
  override name = 'IntegrityError';
}
/** A row is still referenced by a foreign key that protects it. */
export class ProtectedError extends IntegrityError {
  override name = 'ProtectedError';
}
/** Class 22: a value is out of range or malformed. */
export class DataError extends DatabaseError {
  override name = 'DataError';
}
/** Connections, resources, locks, cancelled statements. */
export class OperationalError extends DatabaseError {
  override name = 'OperationalError';
}
/** Class 42: the statement does not fit the schema. */
export class ProgrammingError extends DatabaseError {
  override name = 'ProgrammingError';
}
/** The server's own invariants failed. */
export class InternalError extends DatabaseError {
  override name = 'InternalError';
}
/** The database or this queryset cannot do what was asked. */
export class NotSupportedError extends DatabaseError {
  override name = 'NotSupportedError';
}
/** A transaction is missing, broken or misused. */
export class TransactionManagementError extends ProgrammingError {
  override name = 'TransactionManagementError';
}
