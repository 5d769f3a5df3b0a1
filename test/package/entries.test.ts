// The package as its own user: both entries, by the package's name, from what is built.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  exports: Record<string, { types: string; default: string } | string>;
  dependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};

/** What `import * as entry from name` has, each name with its `typeof`, in a plain Node in this folder. */
function namesOf(name: string): Record<string, string> {
  const code = `const entry = await import(${JSON.stringify(name)});
    console.log(JSON.stringify(Object.fromEntries(Object.entries(entry).map(([k, v]) => [k, typeof v]))));`;
  const args = ['--input-type=module', '-e', code];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, string>;
}

describe('the entries', () => {
  it('each file that `exports` names is there', () => {
    const files = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? entry : Object.values(entry),
    );
    expect(files.length).toBeGreaterThanOrEqual(5);
    for (const file of files) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it("'drizzle-queryset' imports itself by name, and has what the contract names", () => {
    const names = namesOf('drizzle-queryset');
    const functions = `defineModels manyToMany foreignKey oneToOne atomic on_commit
      Q F Value OuterRef Subquery Exists Case When Cast Coalesce Concat Lower Upper Length Now Greatest Least NullIf
      TruncMonth ExtractYear Count Sum Avg Min Max StdDev Variance ArrayAgg StringAgg JSONBAgg BoolAnd BoolOr
      Window Prefetch ObjectDoesNotExist MultipleObjectsReturned FieldError NotSupportedError NotImplementedError
      SynchronousOnlyOperation TransactionManagementError DatabaseError IntegrityError DataError OperationalError
      ProgrammingError InternalError IndexError`.split(/\s+/);
    expect(functions.filter((name) => names[name] !== 'function')).toEqual([]);
    expect(names['default']).toBeUndefined();
  });

  it('every value that the types declare exists at run time', () => {
    // types/public.ts re-exports the values in plain `export { … } from` lists; its types come by `export type`.
    const lists = readFileSync(join(root, 'types', 'public.ts'), 'utf8').matchAll(/^export \{([^}]*)\} from/gm);
    const declared = [...lists].flatMap((match) =>
      (match[1] ?? '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && !name.startsWith('type ')),
    );
    const names = namesOf('drizzle-queryset');
    expect(declared.length).toBeGreaterThan(50);
    expect(declared.filter((name) => !(name in names))).toEqual([]);
  });

  it("'drizzle-queryset/sync' has its two functions and nothing else", () => {
    expect(namesOf('drizzle-queryset/sync')).toEqual({
      async_to_sync: 'function',
      sync_to_async: 'function',
    });
  });

  it('needs Drizzle alone: no dependency, and every other peer is optional', () => {
    expect(Object.keys(manifest.dependencies ?? {})).toEqual([]);
    const required = Object.keys(manifest.peerDependencies).filter(
      (name) => !manifest.peerDependenciesMeta[name]?.optional,
    );
    expect(required).toEqual(['drizzle-orm']);
  });
});
