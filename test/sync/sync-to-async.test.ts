import { availableParallelism } from 'node:os';
import { threadId } from 'node:worker_threads';
import { describe, expect, expectTypeOf, it } from 'vitest';
// A worker is a Node of its own and runs JavaScript, so these tests run what is built.
import { DatabaseError, IntegrityError } from '../../dist/src/errors.js';
import { sync_to_async } from '../../dist/src/sync/index.js';
import * as work from './fixtures/work.mjs';

const url = new URL('./fixtures/work.mjs', import.meta.url);
const inWorker = sync_to_async<typeof work>(url);

async function failure(promise: Promise<unknown>): Promise<any> {
  return promise.then(
    () => expect.fail('it should have been rejected'),
    (error: unknown) => error,
  );
}

describe('what is called', () => {
  it('a function by itself and its module', async () => {
    expect(await sync_to_async(work.add, url)(2, 3)).toBe(5);
  });

  it('any function of a module that is not loaded here', async () => {
    expect(await inWorker.add(2, 3)).toBe(5);
    const { add } = inWorker;
    expect(await add(20, 3)).toBe(23);
  });

  it('a function that is exported under another name', async () => {
    expect(work.doubled.name).toBe('hidden');
    expect(await sync_to_async(work.doubled, url)(21)).toBe(42);
    expect(await inWorker.doubled(4)).toBe(8);
  });

  it("a module of Node's own", async () => {
    const digest = await sync_to_async<typeof import('node:crypto')>('node:crypto').pbkdf2Sync('a', 'b', 1, 4, 'sha1');
    // PBKDF2-HMAC-SHA1 with one round is HMAC-SHA1(password, salt || 00000001).
    const { createHmac } = await import('node:crypto');
    const expected = createHmac('sha1', 'a')
      .update('b')
      .update(Buffer.from([0, 0, 0, 1]))
      .digest()
      .subarray(0, 4);
    expect(Buffer.isBuffer(digest)).toBe(true);
    expect(digest.equals(expected)).toBe(true);
  });

  it('a path or a string as well as a URL', async () => {
    expect(await sync_to_async(work.add, url.href)(1, 1)).toBe(2);
    expect(await sync_to_async(work.add, url.pathname)(1, 1)).toBe(2);
  });

  it('the wrapper has the name of what it wraps', () => {
    expect((sync_to_async(work.add, url) as { name: string }).name).toBe('add');
  });
});

describe('where it runs', () => {
  it('on another thread', async () => {
    expect(await inWorker.thread()).not.toBe(threadId);
  });

  it('off the event loop: timers go on', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 5);
    await inWorker.occupy(250);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(0); // none at all, were this thread occupied
  });

  it('one after another and with their state by default, as in asgiref', async () => {
    const before = await inWorker.countCalls();
    expect(await sync_to_async(work.countCalls, url)()).toBe(before + 1);
    expect(await inWorker.countCalls()).toBe(before + 2);
    const [a, b] = await Promise.all([inWorker.occupy(60), inWorker.occupy(60)]);
    expect(b.from).toBeGreaterThanOrEqual(a.to);
  });

  it.skipIf(availableParallelism() < 2)('at once with thread_sensitive: false', async () => {
    const anywhere = sync_to_async<typeof work>(url, { thread_sensitive: false });
    await Promise.all([anywhere.occupy(200), anywhere.occupy(200)]); // both workers have started
    const [a, b] = await Promise.all([anywhere.occupy(800), anywhere.occupy(800)]);
    expect(Math.max(a.from, b.from)).toBeLessThan(Math.min(a.to, b.to));
  });
});

describe('values', () => {
  it.each([
    ['undefined', undefined],
    ['a date', new Date(1700000000000)],
    ['a bigint', 12345678901234567890n],
    ['a map of sets', new Map([['a', new Set([1, 2])]])],
    ['nested objects', { a: [{ b: null }, Number.NaN, -0] }],
    ['a Buffer, as a Buffer', Buffer.from('text')],
    ['bytes', new Uint8Array([1, 2, 3])],
  ])('%s comes back as it went', async (_, value) => {
    expect(await inWorker.echo(value as unknown)).toStrictEqual(value);
  });

  it('what cannot be sent is named', async () => {
    const error = await failure(inWorker.echo(() => 1));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/^Argument 1 of echo\(\) cannot be sent to another thread: /);
    const given = await failure(inWorker.giveFunction());
    expect(given).toBeInstanceOf(TypeError);
    expect(given.message).toMatch(/^The result of giveFunction\(\) cannot be sent to another thread: /);
  });
});

describe('errors', () => {
  it('keep class name, message, stack and fields', async () => {
    const error = await failure(inWorker.refuse('no', { reasons: ['a'] }));
    expect(error).toBeInstanceOf(RangeError);
    expect(error.constructor.name).toBe('Refused');
    expect(error.name).toBe('Refused');
    expect(error.message).toBe('no');
    expect(error.detail).toEqual({ reasons: ['a'] });
    expect(error.stack).toContain('work.mjs');
    expect(error.stack).toContain('refuse');
  });

  it('of one class are of one class here', async () => {
    const [a, b] = await Promise.all([failure(inWorker.refuse('a', 1)), failure(inWorker.refuse('b', 2))]);
    expect(a).toBeInstanceOf(b.constructor);
  });

  it("are the language's own classes", async () => {
    expect(await failure(inWorker.throwKind('type'))).toBeInstanceOf(TypeError);
    const both = await failure(inWorker.throwKind('aggregate'));
    expect(both).toBeInstanceOf(AggregateError);
    expect(both.errors[0]).toBeInstanceOf(RangeError);
    expect(both.errors[1].message).toBe('second');
  });

  it("are this library's own classes", async () => {
    const error = await failure(inWorker.throwKind('ours'));
    expect(error).toBeInstanceOf(IntegrityError);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ message: 'duplicate key', code: '23505' });
  });

  it('keep their cause, a circular one too', async () => {
    const error = await failure(inWorker.throwKind('cause'));
    expect(error.message).toBe('outer');
    expect(error.cause).toBeInstanceOf(TypeError);
    expect(error.cause.message).toBe('inner');
    const round = await failure(inWorker.throwKind('circular'));
    expect(round.cause.message).toBe('round');
  });

  it('that are a DOMException, no error at all, or hold a function', async () => {
    expect(await failure(inWorker.throwKind('abort'))).toMatchObject({
      name: 'AbortError',
      message: 'stopped',
    });
    expect(await failure(inWorker.throwKind('other'))).toEqual({ not: 'an error' });
    const odd = await failure(inWorker.throwKind('uncloneable field'));
    expect(odd.message).toBe('odd');
    expect(odd.callback).toContain('callback');
  });
});

describe('wrong use', () => {
  const cases: [string, () => unknown, RegExp][] = [
    ['no module', () => (sync_to_async as any)(work.add), /needs to know the module that exports it/],
    [
      'no name',
      () =>
        sync_to_async(
          (
            (): (() => number) => () =>
              1
          )(),
          url,
        ),
      /has no name/,
    ],
    ['an async function', () => sync_to_async(work.later, url), /can only be applied to sync functions/],
    ['a relative path', () => sync_to_async('./work.mjs'), /has no base here; pass new URL/],
    ['a package by name', () => sync_to_async('some-package'), /import\.meta\.resolve/],
    ['a number', () => (sync_to_async as any)(1), /not number/],
    ['nothing', () => (sync_to_async as any)(), /not undefined/],
    ['null', () => (sync_to_async as any)(null), /not null/],
    ['an unknown option', () => sync_to_async(url, { threads: 3 } as any), /unexpected option 'threads'/],
    ['a wrong option', () => sync_to_async(url, { thread_sensitive: 1 } as any), /true or false/],
    ['options that are no object', () => sync_to_async(work.add, url, 'x' as any), /are an object/],
  ];
  it.each(cases)('%s is a TypeError at once', (_, wrong, message) => {
    expect(wrong).toThrow(TypeError);
    expect(wrong).toThrow(message);
  });

  it('a name that the module does not export lists those that it does', async () => {
    const error = await failure((inWorker as any).missing());
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(/work\.mjs exports no function 'missing'\. It exports: .*add.*echo/);
  });

  it('an async function, seen in the worker', async () => {
    expect((await failure(inWorker.later(1))).message).toMatch(/can only be applied to sync functions/);
  });

  it('a module that is not there', async () => {
    const gone = sync_to_async<typeof work>(new URL('./fixtures/gone.mjs', import.meta.url));
    expect(await failure(gone.add(1, 2))).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
  });

  it('a module can be passed through a promise', async () => {
    expect(await Promise.resolve(inWorker)).toBe(inWorker);
  });
});

describe('types', () => {
  it('are those of the wrapped function', () => {
    expectTypeOf(sync_to_async(work.add, url)).toEqualTypeOf<(a: number, b: number) => Promise<number>>();
    expectTypeOf(inWorker.occupy).toEqualTypeOf<(ms: number) => Promise<{ from: number; to: number }>>();
    expectTypeOf(inWorker).not.toHaveProperty('version');
    // @ts-expect-error two numbers, not a string
    const wrong = () => inWorker.add(1, '2');
    expectTypeOf(wrong).returns.resolves.toBeNumber();
  });
});
