// docs/reference.md names whatever a user can: a name that it lacks is one that nobody finds.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as entry from 'drizzle-queryset';
import * as sync from 'drizzle-queryset/sync';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const read = (...path: string[]) => readFileSync(join(root, ...path), 'utf8');

/** The words of the page's code, of which `Prefetch(lookup, …)` has two. */
const code = read('docs', 'reference.md').match(/```[\s\S]*?```|`[^`\n]+`/g) ?? [];
const named = new Set(code.flatMap((each) => each.match(/\w+/g) ?? []));
const missing = (names: Iterable<string>) => [...names].filter((name) => !named.has(name));

/** The members that an interface or class of a file declares, in whatever interfaces have such a name. */
function membersIn(file: string, ofName: RegExp): string[] {
  const bodies = read('types', file).matchAll(
    /^export (?:declare abstract class|interface) (\w+)[^{]*\{\n[\s\S]*?^\}/gm,
  );
  return [...bodies]
    .filter(([, name]) => ofName.test(name as string))
    .flatMap(([body]) =>
      [...body.matchAll(/^ {2}(?:readonly |get |set )?(\w+)[?<(:]/gm)].map(([, member]) => member as string),
    );
}

describe('docs/reference.md', () => {
  it('names every value of both entries', () => {
    const names = [...Object.keys(entry), ...Object.keys(sync)];
    expect(names.length).toBeGreaterThan(180);
    expect(missing(names)).toEqual([]);
  });

  it('names every method of querysets, managers, instances and models', () => {
    const methods = [
      ...membersIn('queryset.ts', /^(Chain|Async\w+)$/),
      ...membersIn('related.ts', /^Async/),
      ...membersIn('instance.ts', /^(InstanceBase|ModelClass|SaveOptions)$/),
    ];
    expect(methods).toEqual(expect.arrayContaining(['filter', 'fetch_mode', 'iterator', 'columns', 'clear', 'asave']));
    expect(missing(methods.filter((name) => !['then', 'name', 'prototype'].includes(name)))).toEqual([]);
  });

  it('names every method of expressions and conditions', () => {
    const methods = [
      ...membersIn('expression.ts', /^(Expression|FieldRef)$/),
      ...membersIn('conditions.ts', /^(Q|Predicate)$/),
    ];
    expect(methods).toEqual(expect.arrayContaining(['bitleftshift', 'slice', 'desc', 'xor']));
    expect(missing(methods)).toEqual([]);
  });

  it('names every lookup and every transform', () => {
    const names = membersIn('lookup.ts', /.(Lookups|Transforms)$/);
    expect(names).toEqual(expect.arrayContaining(['exact', 'iso_week_day', 'has_any_keys', 'adjacent_to']));
    expect(missing(names)).toEqual([]);
  });
});
