import { fileURLToPath } from 'node:url';
import { describe, expect, expectTypeOf, it } from 'vitest';
// A worker is a Node of its own and runs JavaScript, so these tests run what is built.
import { SynchronousOnlyOperation } from '../../dist/src/errors.js';
import { async_to_sync } from '../../dist/src/sync/index.js';
import * as work from './fixtures/work.mjs';

const url = new URL('./fixtures/work.mjs', import.meta.url);
const blocking = async_to_sync<typeof work>(url);

function thrown(call: () => unknown): any {
  try {
    call();
  } catch (error) {
    return error;
  }
  return expect.fail('it should have thrown');
}

describe('what is called', () => {
  it('an async function of a module, waited for', () => {
    expect(async_to_sync(work.later, url)('done', 20)).toBe('done');
    expect(blocking.later({ a: [1n] })).toEqual({ a: [1n] });
  });

  it('blocks: nothing else of this thread runs meanwhile', async () => {
    let ran = false;
    setImmediate(() => {
      ran = true;
    });
    blocking.later(1, 60);
    expect(ran).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(ran).toBe(true);
  });

  it('keeps its module between calls', () => {
    const before = blocking.countCalls();
    expect(blocking.countCalls()).toBe(before + 1);
  });

  it("a module of Node's own", () => {
    const text = async_to_sync<typeof import('node:fs/promises')>('node:fs/promises').readFile(
      fileURLToPath(url),
      'utf8',
    );
    expect(text).toContain('export async function later');
  });
});

describe('errors', () => {
  it('keep class name, message, stack and fields', () => {
    const error = thrown(() => blocking.rejectLater('no'));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.constructor.name).toBe('Refused');
    expect(error.message).toBe('no');
    expect(error.detail).toEqual([1, 2]);
    expect(error.stack).toContain('work.mjs');
  });

  it('of arguments and results that cannot be sent are named, and the worker goes on', () => {
    expect(() => blocking.later(() => 1)).toThrow(/^Argument 1 of later\(\) cannot be sent/);
    expect(() => blocking.giveFunction()).toThrow(/^The result of giveFunction\(\) cannot be sent/);
    expect(blocking.later(7)).toBe(7);
  });

  it('of a worker that ended do not outlive it: the next call has a new one', () => {
    expect(() => blocking.leave()).toThrow();
    expect(blocking.later('again')).toBe('again');
  });
});

describe('inside async code', () => {
  it('a function that is already waited for may not block in its turn', () => {
    const error = thrown(() => blocking.nested());
    expect(error).toBeInstanceOf(SynchronousOnlyOperation);
    expect(error.message).toBe('You cannot use async_to_sync inside an async function: await later() directly.');
  });
});

describe('wrong use', () => {
  const cases: [string, () => unknown, RegExp][] = [
    ['no module', () => (async_to_sync as any)(work.later), /needs to know the module that exports it/],
    ['a relative path', () => async_to_sync('../work.mjs'), /has no base here/],
    ['an object', () => (async_to_sync as any)({}), /not an object \(Object\)/],
  ];
  it.each(cases)('%s is a TypeError at once', (_, wrong, message) => {
    expect(wrong).toThrow(TypeError);
    expect(wrong).toThrow(message);
  });
});

describe('types', () => {
  it('are those of the wrapped function, its promise resolved', () => {
    expectTypeOf(async_to_sync(work.say, url)).toEqualTypeOf<(text: string) => string>();
    expectTypeOf(blocking.nested).toEqualTypeOf<() => string>();
    // @ts-expect-error a text, not a number
    const wrong = () => blocking.say(1);
    expectTypeOf(wrong).returns.toBeString();
  });
});
