// What a request may bring where a value, a name or an object of lookups is expected.
import fc from 'fast-check';

/** Part of every hostile text: where it is found in SQL text, the input became SQL. */
export const MARKER = 'mArKeR';

/** A character that no text of PostgreSQL holds. */
export const NUL = String.fromCharCode(0);

const TEXTS = [
  MARKER,
  `'; DROP TABLE ${MARKER}; --`,
  `" OR "${MARKER}" = "${MARKER}`,
  `${MARKER}'`,
  `${MARKER}\\`,
  `/* ${MARKER} */`,
  `name AS ${MARKER}`,
  `meta__${MARKER}`,
  `meta__${MARKER}'__${MARKER}"`,
  `meta__${MARKER}${NUL}`,
  `name__${MARKER}`,
  `box__${MARKER}`,
  `-${MARKER}`,
  `-meta__${MARKER}`,
  `${NUL}${MARKER}`,
  `${NUL}1${NUL}`,
  '\ud800',
  `a\udc00${MARKER}`,
  '$1',
  '%s',
];
const NAMES = [
  'name',
  'size',
  'box',
  'boxId',
  'box__label',
  'box__item',
  'item',
  'labels__0',
  'meta__a__b',
  'at__year',
  '-name',
  '?',
  '-?',
  '--name',
  '-',
  '*',
  'pk',
  'id',
  '',
  '_',
  '__',
  '____',
  'name__',
  '__name',
  'name____in',
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'valueOf',
  'toJSON',
  'then',
  'getSQL',
  'queryChunks',
  'shouldInlineParams',
  'sql',
  'text',
  'params',
  'and',
  'or',
  'not',
  'children',
  'connector',
  'negated',
  'resolve',
  'key',
  'collect',
  'expression',
  'default',
  'defaults',
  'flat',
  'named',
  'length',
  '_',
  '$',
];
const VALUES = [
  '0000-01-01',
  '0001-01-01 BC',
  '2024-02-30',
  '5874898-01-01',
  '294277-01-01 00:00',
  '999999-12-31',
  '2024-01-01T24:00:00Z',
  '2024-01-01 25:00:00',
  '2024-01-01 12:60',
  '2024-01-01 12:00:61',
  '2024-01-01 12:00+99',
  'infinity',
  'now',
  'epoch',
  '1e400',
  '1e200000',
  '-1e-400',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '٣',
  '9'.repeat(400),
  '00000000-0000-0000-0000-000000000000',
  '{00000000-0000-0000-0000-000000000000}',
  '{a,b}',
  '{',
  '[1,2)',
  '{"a":1}',
  'null',
  'true',
];

export const text = fc.oneof(
  fc.constantFrom(...TEXTS),
  fc.constantFrom(...NAMES),
  fc.constantFrom(...VALUES),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
/** Names as `a__b__c`, of parts that lead somewhere and parts that do not. */
export const name = fc.oneof(
  text,
  fc
    .array(fc.constantFrom(...NAMES, 'a', 'gt', 'in', 'exact', 'contains', 'isnull', 'has_key', 'date', '0'), {
      minLength: 1,
      maxLength: 4,
    })
    .map((parts) => parts.join('__')),
);

const scalar = fc.oneof(
  text,
  fc.constantFrom(0, 1, -1, 0.5, -0, 1e21, 1e308, -1e308, 2 ** 31, 2 ** 53, null, true, false),
  fc.double(),
  fc.integer(),
);

/** Whatever JSON.parse gives, with keys that objects of JavaScript or of the libraries have. */
export const json: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    { weight: 3, arbitrary: scalar },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
    {
      weight: 2,
      arbitrary: fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries): unknown =>
        // By JSON.parse, so that `__proto__` is a key like any other.
        JSON.parse(`{${entries.map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`),
      ),
    },
  ),
})).value;

const circular: Record<string, unknown> = {};
circular['a'] = circular;
const circularList: unknown[] = [];
circularList.push(circularList);

/** What code may hand on that no JSON holds. */
const odd = fc.constantFrom<unknown>(
  undefined,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  2n ** 200n,
  -1n,
  Symbol(MARKER),
  Symbol.iterator,
  () => MARKER,
  new Date(Number.NaN),
  new Date(0),
  new Date(8.64e15),
  /x/,
  new Map([['name', 1]]),
  new Set([1, 'x', undefined]),
  new Uint8Array([1]),
  new ArrayBuffer(2),
  Object.create(null),
  Object.assign(Object.create(null), { name: 'x' }),
  Object.create({ name: 'inherited' }),
  { [Symbol('x')]: 1 },
  { constructor: null },
  { constructor: { name: { toString: null } } },
  { constructor: { name: Symbol('x') } },
  { toString: null, valueOf: null },
  { toString: () => MARKER },
  { toJSON: () => undefined },
  { getSQL: () => ({ queryChunks: [MARKER] }) },
  { name: undefined },
  { name: Symbol('x') },
  new String(MARKER),
  new Number(1),
  [undefined],
  [Symbol('x')],
  new Array(2),
  [[1], [2, 3]],
  [{}],
  circular,
  circularList,
  { a: circular },
  Promise.resolve(1),
  globalThis,
);

export const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: json },
  { weight: 2, arbitrary: odd },
  { weight: 1, arbitrary: fc.array(fc.oneof(json, odd), { minLength: 1, maxLength: 2 }) },
);
