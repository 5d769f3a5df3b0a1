/** Every public name and its type. src/index.ts gives the values. */
import './augment.js';

export { Q } from './conditions.js';
export { defineModels, foreignKey, manyToMany, oneToOne } from './define.js';
export {
  ConnectionDoesNotExist, DataError, DatabaseError, DefinitionError, FieldError, FieldFetchBlocked, IndexError,
  IntegrityError, InternalError, MultipleObjectsReturned, NotImplementedError, NotSupportedError, ObjectDoesNotExist,
  OperationalError, ProgrammingError, ProtectedError, SynchronousOnlyOperation, TransactionManagementError, ValueError,
} from './errors.js';
export { Count, F, Lower } from './functions.js';
