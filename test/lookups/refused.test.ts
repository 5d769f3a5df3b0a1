// A wrong key or value is an error with a name, where the call is made, and nothing is sent.
import { FieldError, Q, ValueError } from 'drizzle-queryset';
import { beforeAll, describe, expect, test } from 'vitest';
import { describeDatabases } from '../support/databases.js';
import { defineSamples, type Loose, loosely, samplesSql } from './samples.js';

const NUL = ['nul ', ' inside'].join(String.fromCharCode(0));

describeDatabases(
  'wrong lookups',
  (database) => {
    let models: Record<string, Loose>;
    beforeAll(() => {
      models = loosely(defineSamples(database.db));
    });

    async function refusedWith(
      kind: typeof FieldError | typeof ValueError,
      model: string,
      key: string,
      value: unknown,
    ): Promise<Error> {
      const before = database.connection.statements.length;
      let error: unknown;
      try {
        await models[model]!.aobjects.filter({ [key]: value });
      } catch (thrown) {
        error = thrown;
      }
      expect(error, `${model} ${key}`).toBeInstanceOf(kind);
      expect(database.connection.statements.length).toBe(before);
      return error as Error;
    }

    describe('a key that leads nowhere names itself, the model and what is near', () => {
      const cases: [model: string, key: string, ...named: string[]][] = [
        ['Word', 'tt', 'Word', "'tt'", 'id', 'part'],
        ['Word', 'prat', "'prat'", "Did you mean 'part'"],
        ['Word', 'part__contians', 'part', "'contians'", "Did you mean 'contains'"],
        ['Word', 't__year', 't', "'year'", 'icontains'],
        ['Word', 't__exact__exact', "'exact'"],
        ['Word', 't__part', "'part'"],
        ['Word', 'pk__nothing', "'nothing'"],
        ['Number', 'i__year', "'year'", 'gte'],
        ['Number', 'i__len', "'len'"],
        ['Moment', 'at__yaer', "'yaer'", "Did you mean 'year'"],
        ['Moment', 'day__hour', "'hour'", 'month'],
        ['Moment', 'at__year__month', "'month'"],
        ['Moment', 'at__year__toString', "'toString'"],
        ['Moment', 'clock__year', "'year'", 'minute'],
        ['Thing', 'flag__year', "'year'"],
        ['Thing', 'tags__has_key', "'has_key'", 'overlap'],
        ['Thing', 'mood__has_key', "'has_key'"],
        ['Thing', 'toString', "'toString'", 'Thing'],
        ['Thing', 'constructor', "'constructor'"],
        ['Thing', '__proto__x', 'Thing'],
        ['Thing', '', "''"],
        ['Thing', '__', 'Thing'],
        ['Thing', 'id__', 'id'],
      ];
      test.each(cases)('%s: %s', async (model, key, ...named) => {
        const error = await refusedWith(FieldError, model, key, 1);
        for (const name of named) expect(error.message).toContain(name);
        expect((error as FieldError).choices).toBeInstanceOf(Array);
      });
    });

    describe('a value that the type has not', () => {
      const cases: [model: string, key: string, value: unknown][] = [
        ['Number', 'i', 'x'],
        ['Number', 'i', '1.5x'],
        ['Number', 'i', {}],
        ['Number', 'i', []],
        ['Number', 'i', [1]],
        ['Number', 'i', new Date()],
        ['Number', 'i', Number.NaN],
        ['Number', 'i', Number.POSITIVE_INFINITY],
        ['Number', 'i', Symbol('x')],
        ['Number', 'i', () => 1],
        ['Number', 'i__in', 1],
        ['Number', 'i__in', 'abc'],
        ['Number', 'i__in', ['x']],
        ['Number', 'i__in', { 0: 1 }],
        ['Number', 'i__in', null],
        ['Number', 'i__range', [1]],
        ['Number', 'i__range', [1, 2, 3]],
        ['Number', 'i__range', 1],
        ['Number', 'i__range', ['a', 'b']],
        ['Number', 'i__isnull', 1],
        ['Number', 'i__isnull', 'true'],
        ['Number', 'i__isnull', null],
        ['Number', 'i__gt', null],
        ['Number', 'i__lte', null],
        ['Number', 'n', 'abc'],
        ['Number', 'd', '1,5'],
        ['Number', 'b', 'big'],
        ['Word', 't', {}],
        ['Word', 't', ['a']],
        ['Word', 't', { toString: () => 'x' }],
        ['Word', 't__contains', null],
        ['Word', 't__contains', {}],
        ['Word', 't__startswith', ['a']],
        ['Word', 't', NUL],
        ['Moment', 'day', 'yesterday'],
        ['Moment', 'day', '2024-02-30'],
        ['Moment', 'day', '2024-13-01'],
        ['Moment', 'day', 20240101],
        ['Moment', 'at', 'soon'],
        ['Moment', 'at', new Date(Number.NaN)],
        ['Moment', 'at', {}],
        ['Moment', 'at__year', 'x'],
        ['Moment', 'at__date', 'x'],
        ['Moment', 'clock', '25 o clock'],
        ['Moment', 'at__hour__in', ['x']],
        ['Thing', 'flag', 'maybe'],
        ['Thing', 'flag', 2],
        ['Thing', 'uid', 'not-a-uuid'],
        ['Thing', 'uid__in', ['x']],
        ['Thing', 'mood', 'angry'],
        ['Thing', 'tags', 7],
        ['Thing', 'tags__contains', 7],
        ['Thing', 'tags__len', 'x'],
        ['Word', 't', 'half \ud83d'],
        ['Word', 't', new Date(Number.NaN)],
        ['Moment', 'at__year__gt', 10_000],
        ['Moment', 'day', '0000-01-01'],
        ['Moment', 'day', '5874898-01-01'],
        ['Moment', 'day', new Date(-8.64e15)],
        ['Moment', 'at', '294277-01-01'],
        ['Moment', 'at', '2024-01-01 25:00'],
        ['Moment', 'at', '2024-01-01 12:60'],
        ['Moment', 'at', '2024-01-01 12:00+99'],
        ['Moment', 'clock', '24:01'],
        ['Moment', 'at__year__lt', 0],
        ['Thing', 'tags', '{a'],
        ['Thing', 'tags', 'a'],
        ['Thing', 'tags', '{{a},{b,c}}'],
        ['Thing', 'tags', [['a'], ['b', 'c']]],
        ['Thing', 'tags', [[[[[[['a']]]]]]]],
        ['Thing', 'doc', { a: NUL }],
        ['Thing', 'doc', { [NUL]: 1 }],
        ['Thing', 'doc__has_key', NUL],
        ['Thing', 'doc__has_keys', [[]]],
      ];
      test.each(cases)('%s: %s = %s', async (model, key, value) => {
        const error = await refusedWith(ValueError, model, key, value);
        expect(error.name).toBe('ValueError');
        expect(error).toBeInstanceOf(TypeError);
      });

      test('undefined is never "match all": the error names the key', async () => {
        for (const key of ['i', 'i__in', 'i__gt', 'pk', 'i__isnull', 'i__range']) {
          const error = await refusedWith(ValueError, 'Number', key, undefined);
          expect(error.message).toContain(key);
          expect(() => models['Number']!.aobjects.exclude({ [key]: undefined })).toThrow(ValueError);
          expect(() => models['Number']!.aobjects.filter(Q({ [key]: undefined } as never))).toThrow(ValueError);
        }
        expect(() => models['Number']!.aobjects.filter(undefined)).toThrow(TypeError);
        expect(() => models['Number']!.aobjects.filter(null)).toThrow(TypeError);
      });

      test('a shape that was good once checks the next value all the same', async () => {
        expect((await models['Number']!.aobjects.filter({ i__gte: 1 })).length).toBe(2);
        await refusedWith(ValueError, 'Number', 'i__gte', 'x');
        expect((await models['Number']!.aobjects.filter({ i__gte: 2 })).length).toBe(1);
        expect((await models['Thing']!.aobjects.filter({ mood__in: ['ok'] })).length).toBe(1);
        await refusedWith(ValueError, 'Thing', 'mood__in', ['ok', 'angry']);
      });
    });

    test('names that every object has are keys of a document like any other', async () => {
      for (const name of ['valueOf', 'constructor', '__proto__'])
        expect(await models['Thing']!.aobjects.filter({ [`doc__a__${name}`]: 1 })).toEqual([]);
    });

    test('what JSON.parse gives is values and lookups, never an expression', async () => {
      const parsed = JSON.parse('{"t": {"queryChunks": ["1=1"], "conditional": true}}') as object;
      expect(() => models['Word']!.aobjects.filter(parsed)).toThrow(ValueError);
      expect(() => models['Word']!.aobjects.filter(JSON.parse('{"__proto__": {"t": "a_b"}}'))).toThrow(FieldError);
      expect(() => models['Word']!.aobjects.filter(JSON.parse('{"queryChunks": ["1=1"]}'))).toThrow(FieldError);
      expect(() => models['Word']!.aobjects.filter(JSON.parse('[1]'))).toThrow(TypeError);
      expect(() => models['Word']!.aobjects.filter('t')).toThrow(TypeError);
      expect(() => models['Word']!.aobjects.order_by(JSON.parse('{"sql": "1"}'))).toThrow();
      expect(database.statements).toEqual([]);
    });
  },
  { schema: samplesSql },
);
