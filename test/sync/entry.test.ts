// The entry by its public name, which is the sources here: their workers are those of the build.
import { IntegrityError } from 'drizzle-queryset';
import { async_to_sync, sync_to_async } from 'drizzle-queryset/sync';
import { describe, expect, it } from 'vitest';
import type * as work from './fixtures/work.mjs';

const url = new URL('./fixtures/work.mjs', import.meta.url);

describe("'drizzle-queryset/sync' by its name", () => {
  it('runs a function in a worker of the pool', async () => {
    expect(await sync_to_async<typeof work>(url).add(1, 2)).toBe(3);
  });
  it('blocks on an asynchronous one', () => {
    expect(async_to_sync<typeof work>(url).later('value')).toBe('value');
  });
  it('gives the errors of the same entry', async () => {
    await expect(sync_to_async<typeof work>(url).throwKind('ours')).rejects.toBeInstanceOf(IntegrityError);
  });
});
