/** What a value is: asked so often that each question has a name. */
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint';
export const { isArray } = Array;
export const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
