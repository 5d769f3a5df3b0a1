/** Where no code may be generated (a strict content policy), loops give the same rows. */
import { afterEach, expect, test, vi } from 'vitest';
import { makeFill, makeObject, makeTuple } from '../../src/hydrate/generate.js';

const row = ['7', null, 'null', 'x'];
const decoders = [Number, Number, (raw: unknown) => JSON.parse(raw as string) as unknown, undefined];
const order = [3, 0, 1, 2];
const keys = ['text', 'number', 'missing', 'json'];
const object = { text: 'x', number: 7, missing: null, json: null };

afterEach(() => vi.unstubAllGlobals());

test.each([false, true])('mappers of a row, code forbidden: %s', (forbidden) => {
  if (forbidden)
    vi.stubGlobal(
      'Function',
      class {
        constructor() {
          throw new EvalError('Code generation from strings disallowed for this context');
        }
      },
    );
  expect(makeTuple(order, decoders)(row)).toEqual(Object.values(object));
  expect(makeObject(keys, order, decoders)(row)).toEqual(object);
  const target = { id: 1 };
  makeFill(keys, order, decoders)(target, row);
  expect(target).toEqual({ id: 1, ...object });
});
