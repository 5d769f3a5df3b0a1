// The judge is judged first: an answer that is wrong must not pass, and one that is right must.
import { describe, expect, test } from 'vitest';
import type { Case, Json } from './ast.js';
import { openCases, readCases } from './cases.js';
import { compareCase, extraStatements, same } from './compare.js';
import { encodeValue } from './encode.js';

const base = { id: 'x', topic: 'x', query: { model: 'Book' }, ordered: true };
const verdict = (golden: Partial<Case>, result: Json) =>
  compareCase({ ...base, ...golden } as Case, { result, queries: 1, statements: [] });

const instance = (pk: number, more: object = {}): Json => ({ $model: 'Book', pk, ...more }) as Json;

describe('equal answers', () => {
  const equal: [string, Json, Json][] = [
    ['trailing zeros of a decimal', { $decimal: '9.90' }, { $decimal: '9.9' }],
    ['a decimal of negative zero', { $decimal: '0.00' }, { $decimal: '-0' }],
    ['an integer and a float', 3, 3.0],
    ['floats that differ in the last bits', 0.1 + 0.2, 0.3],
    ['objects whose keys have another order', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['a text of unknown kind for a number', 3, { $text: '3' }],
    ['a text of unknown kind for a decimal', { $decimal: '3.10' }, { $text: '3.1' }],
    [
      'a text that was set where an instant is stored',
      '2020-06-01T10:00:00Z',
      { $datetime: '2020-06-01T10:00:00.000000Z' },
    ],
    [
      'prefetched instances in another order',
      instance(1, { prefetched: { authors: [instance(1), instance(2)] } }),
      instance(1, { prefetched: { authors: [instance(2), instance(1)] } }),
    ],
  ];
  test.each(equal)('%s', (_, expected, actual) => {
    expect(same(expected, actual)).toBe(true);
  });

  test('rows in another order, where the question has none', () => {
    expect(verdict({ result: [1, 2, 2], ordered: false }, [2, 1, 2])).toBeUndefined();
  });
});

describe('different answers', () => {
  const different: [string, Json, Json][] = [
    ['two decimals', { $decimal: '9.90' }, { $decimal: '9.91' }],
    ['decimals of opposite sign', { $decimal: '1' }, { $decimal: '-1' }],
    ['a decimal and a float', { $decimal: '9.9' }, 9.9],
    ['a text and a number', '3', 3],
    ['a number and a text', 3, '3'],
    ['null and nothing', null, false],
    ['a key more', { a: 1 }, { a: 1, b: null }],
    ['a key less', { a: 1, b: null }, { a: 1 }],
    ['lists in another order', [1, 2], [2, 1]],
    ['a longer list', [1, 2], [1, 2, 3]],
    [
      'instants a microsecond apart',
      { $datetime: '2020-01-01T00:00:00.000001Z' },
      { $datetime: '2020-01-01T00:00:00.000000Z' },
    ],
    [
      'an instant and a naive one',
      { $datetime: '2020-01-01T00:00:00.000000Z' },
      { $naive: '2020-01-01T00:00:00.000000' },
    ],
    [
      'other instances prefetched',
      instance(1, { prefetched: { a: [instance(1)] } }),
      instance(1, { prefetched: { a: [instance(2)] } }),
    ],
  ];
  test.each(different)('%s', (_, expected, actual) => {
    expect(same(expected, actual)).toBe(false);
  });

  test('rows in another order, where the question has one', () => {
    expect(verdict({ result: [1, 2] }, [2, 1])).toContain('result differs');
  });

  test('the same rows another number of times', () => {
    expect(verdict({ result: [1, 2, 2], ordered: false }, [1, 1, 2])).toContain('result differs');
  });

  test('prefetched instances in another order, where the question asks for theirs', () => {
    const [left, right] = [
      [instance(1), instance(2)],
      [instance(2), instance(1)],
    ];
    const golden = {
      query: { model: 'Book', nested_ordered: true },
      result: instance(1, { prefetched: { a: left } }),
    };
    expect(verdict(golden, instance(1, { prefetched: { a: right } }))).toContain('result differs');
  });

  test('another change with the same result', () => {
    const golden = { result: 1, changes: { box: { '-': [1] } } };
    const answer = { result: 1, changes: { box: { '-': [2] } }, queries: 1, statements: [] };
    expect(compareCase({ ...base, ...golden } as Case, answer)).toContain('changes differ');
    expect(compareCase({ ...base, ...golden } as Case, { ...answer, changes: {} })).toContain('changes differ');
    expect(compareCase({ ...base, ...golden } as Case, { ...answer, changes: golden.changes })).toBeUndefined();
  });
});

describe('errors', () => {
  const failed = (golden: Partial<Case>, error: string) =>
    compareCase({ ...base, ...golden } as Case, { error, message: '', queries: 0, statements: [] });

  test('agree in their family', () => {
    expect(failed({ error: 'AssertionError' }, 'ValueError')).toBeUndefined();
    expect(failed({ error: 'RestrictedError' }, 'ProtectedError')).toBeUndefined();
    expect(failed({ error: 'RelatedObjectDoesNotExist' }, 'ObjectDoesNotExist')).toBeUndefined();
  });

  test('differ between families, and a crash is no answer', () => {
    expect(failed({ error: 'FieldError' }, 'TypeError')).toContain('expected FieldError');
    expect(failed({ error: 'TypeError' }, 'Crash')).toContain('expected TypeError');
    expect(failed({ error: 'IntegrityError' }, 'DataError')).toContain('expected IntegrityError');
  });

  test('are not results, and results are not errors', () => {
    expect(verdict({ error: 'ValueError' }, [])).toContain('expected ValueError');
    expect(failed({ result: [] }, 'ValueError')).toContain('unexpected ValueError');
  });
});

describe('deletes', () => {
  const golden = {
    query: { model: 'Price', terminal: ['delete'] as [string] },
    result: [4, { $row: { Pizza: 3, Price: 1 } }],
  };

  test('are compared by the rows of the model itself', () => {
    expect(verdict(golden, [1, { $row: { Price: 1 } }])).toBeUndefined();
    expect(verdict(golden, [2, { $row: { Price: 2 } }])).toContain('result differs');
    expect(verdict(golden, [4, { $row: { Price: 1 } }])).toContain('result differs');
  });
});

test('more statements than Django are counted, fewer are not', () => {
  const asked = (queries: number) =>
    extraStatements({ ...base, queries: 2, result: 1 } as Case, { result: 1, queries, statements: [] });
  expect([1, 2, 3, 5].map(asked)).toEqual([0, 0, 1, 3]);
});

describe('encoding', () => {
  const encodings: [string, unknown, string, Json][] = [
    [
      'an instant of the database',
      '2020-01-01 00:30:00.5+00',
      'datetime',
      { $datetime: '2020-01-01T00:30:00.500000Z' },
    ],
    [
      'an instant with an offset',
      '2020-01-01T05:30:00+05:30',
      'datetime',
      { $datetime: '2020-01-01T00:00:00.000000Z' },
    ],
    [
      'an instant of the first year',
      '0001-01-01 00:00:00+00',
      'datetime',
      { $datetime: '0001-01-01T00:00:00.000000Z' },
    ],
    ['a date object', new Date('2020-01-01T00:00:00.123Z'), 'datetime', { $datetime: '2020-01-01T00:00:00.123000Z' }],
    ['an instant without a zone', '2020-01-01 00:00:00', 'datetime', { $naive: '2020-01-01T00:00:00.000000' }],
    ['a big whole number', 9007199254740993n, 'int', { $bigint: '9007199254740993' }],
    ['a small whole number as bigint', 7n, 'int', 7],
    ['a whole number that nobody decoded', '7', 'int', '7'],
    ['a decimal', '7.10', 'decimal', { $decimal: '7.10' }],
    ['not a number', Number.NaN, 'float', { $float: 'NaN' }],
    ['an interval of days', '1 day 02:00:00.5', 'interval', { $interval: 93_600.5 }],
    ['a negative interval', '-01:00:00', 'interval', { $interval: -3600 }],
    ['a mixed interval', '-1 days +01:00:00', 'interval', { $interval: -82_800 }],
    ['a time', '01:30:00', 'time', { $time: '01:30:00.000000' }],
    ['bytes', Buffer.from([0, 255]), 'bytes', { $bytes: '00ff' }],
    ['an array of dates', ['2020-01-01', null], 'date[]', [{ $date: '2020-01-01' }, null]],
    ['objects in a JSON array', [1, { a: [{}] }], 'json', [1, { $json: { a: [{}] } }]],
  ];
  test.each(encodings)('of %s', (_, value, kind, expected) => {
    expect(encodeValue(value, kind)).toEqual(expected);
  });
});

test('the cases are all there, each with one answer', () => {
  const cases = readCases(openCases);
  expect(cases).toHaveLength(2588);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(2588);
  expect(cases.every((golden) => 'result' in golden !== 'error' in golden)).toBe(true);
});
