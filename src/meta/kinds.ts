/** What a value is: asked so often that each question has a name. */
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';
export const { isArray } = Array;
/** What a record has under a name, and has not from elsewhere. */
export const own = <T>(record: Record<string, T> | undefined, name: string): T | undefined =>
  record && Object.hasOwn(record, name) ? record[name] : undefined;
/** What is given, as it is: one function, so that equal places are found to be equal. */
export const same = <T>(value: T): T => value;
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
