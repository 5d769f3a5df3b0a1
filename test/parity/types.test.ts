import { afterAll, describe, expect, test } from 'vitest';
import { compile } from '../../bench/types/compile.js';
import { libraryOnDrizzle0, libraryOnDrizzle1 } from '../../bench/types/contestants/library.js';
import { type CompilerVersion, type DrizzleLine, Workspace } from '../../bench/types/workspace.js';
import { literal, parityKeys, parityPlan } from './keys.js';

const projects: readonly (readonly [CompilerVersion, DrizzleLine])[] = [
  ['5.9', '0.45'],
  ['7.0', '0.45'],
  ['7.0', '1.0'],
];

describe.each(projects)('the compiler, TypeScript %s, drizzle %s', (version, drizzle) => {
  const library = drizzle === '1.0' ? libraryOnDrizzle1 : libraryOnDrizzle0;
  const workspace = new Workspace({ drizzle, usesLibrary: true });
  afterAll(() => workspace.remove());
  const head = `${library.preamble(parityPlan)}export function keys(): void {\n`;
  const firstLine = head.split('\n').length;
  workspace.write({
    ...library.schema(parityPlan),
    'keys.ts': `${head}${parityKeys.map(({ model, key, value }) => `${model}.aobjects.filter({ '${key}': ${literal(value)} });`).join('\n')}\n}\n`,
  });
  const { output } = compile(workspace.directory, version);
  const refused = new Set([...output.matchAll(/^keys\.ts\((\d+),/gm)].map(([, line]) => Number(line)));
  const elsewhere = output.split('\n').filter((line) => line.includes(': error TS') && !line.startsWith('keys.ts'));

  test('the schema itself compiles', () => expect(elsewhere).toEqual([]));

  test('accepts every valid key', () => {
    const wrong = parityKeys.filter(({ valid }, index) => valid && refused.has(firstLine + index));
    expect(wrong.map(({ model, key }) => `${model}: ${key}`)).toEqual([]);
  });

  test('refuses every other', () => {
    const wrong = parityKeys.filter(({ valid }, index) => !valid && !refused.has(firstLine + index));
    expect(wrong.map(({ model, key }) => `${model}: ${key}`)).toEqual([]);
  });
});
