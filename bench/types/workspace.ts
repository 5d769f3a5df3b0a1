import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, from wherever this is run. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export type DrizzleLine = '0.45' | '1.0';

export const compilers = {
  '5.9': join(root, 'node_modules/typescript/bin/tsc'),
  '6.0': join(root, 'node_modules/typescript-6/bin/tsc'),
  '7.0': join(root, 'node_modules/typescript-7/bin/tsc'),
} as const;

export type CompilerVersion = keyof typeof compilers;

let declarations: string | undefined;

/** Temporary folders, removed together when the process ends. */
const temporary = new Set<string>();
process.once('exit', () => {
  for (const directory of temporary) rmSync(directory, { recursive: true, force: true });
});

const temporaryDirectory = (prefix: string): string => {
  const directory = mkdtempSync(join(tmpdir(), prefix));
  temporary.add(directory);
  return directory;
};

/**
 * The library as a user's project sees it: declaration files alone. They are emitted from `types/` and not taken from
 * `dist/`: a measurement never speaks of an older build, and the run time may be half-written meanwhile.
 */
const libraryDeclarations = (): string => {
  if (declarations) return declarations;
  const out = temporaryDirectory('dqs-declarations-');
  const project = join(out, 'tsconfig.json');
  writeFileSync(
    project,
    JSON.stringify({
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        typeRoots: [join(root, 'node_modules/@types')],
        rootDir: root,
        outDir: out,
        emitDeclarationOnly: true,
        declarationMap: false,
        sourceMap: false,
      },
      include: [join(root, 'types')],
    }),
  );
  execFileSync(process.execPath, [compilers['5.9'], '--project', project], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  declarations = out;
  return out;
};

export interface WorkspaceOptions {
  readonly drizzle?: DrizzleLine | undefined;
  readonly usesLibrary?: boolean | undefined;
  readonly compilerOptions?: Record<string, unknown>;
}

/** A project in a temporary folder: its own `node_modules`, so that one repository holds both lines of Drizzle. */
export class Workspace {
  readonly directory = temporaryDirectory('dqs-types-');

  constructor(readonly options: WorkspaceOptions = {}) {
    const modules = join(this.directory, 'node_modules');
    mkdirSync(modules);
    for (const name of ['kysely', 'postgres', '@types']) this.#link(name, name);
    this.#link('drizzle-orm', options.drizzle === '1.0' ? 'drizzle-orm-1' : 'drizzle-orm');
    if (options.usesLibrary) this.#installLibrary();
    this.write({
      'package.json': JSON.stringify({ name: 'project', private: true, type: 'module' }),
      'tsconfig.json': JSON.stringify({
        compilerOptions: {
          target: 'ES2022',
          lib: ['ES2023', 'ESNext.Disposable'],
          module: 'NodeNext',
          moduleResolution: 'NodeNext',
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          noUncheckedIndexedAccess: true,
          exactOptionalPropertyTypes: true,
          types: ['node'],
          ...options.compilerOptions,
        },
        include: ['*.ts'],
      }),
    });
  }

  write(files: Record<string, string>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
    temporary.delete(this.directory);
  }

  #link(name: string, installed: string): void {
    const source = join(root, 'node_modules', installed);
    if (existsSync(source)) symlinkSync(source, join(this.directory, 'node_modules', name), 'dir');
  }

  /** Copied, not linked: a link's real path would find the repository's own Drizzle instead of the project's. */
  #installLibrary(): void {
    const target = join(this.directory, 'node_modules/drizzle-queryset');
    const source = join(libraryDeclarations(), 'types');
    mkdirSync(target, { recursive: true });
    writeFileSync(
      join(target, 'package.json'),
      JSON.stringify({
        name: 'drizzle-queryset',
        version: '0.0.0',
        type: 'module',
        exports: { '.': { types: './public.d.ts' } },
      }),
    );
    for (const name of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.d.ts')) continue;
      mkdirSync(dirname(join(target, name)), { recursive: true });
      writeFileSync(join(target, name), readFileSync(join(source, name)));
    }
  }
}
