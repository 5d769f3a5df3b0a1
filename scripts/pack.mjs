// `npm run check:pack`: the package as a user gets it. Packs it, follows the links of its pages, installs the tarball in an
// empty folder beside plain Drizzle, and there type-checks a program, runs it in plain Node, and runs it bundled.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'drizzle-queryset-pack-'));

function run(command, args, cwd = folder) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`);
  return stdout;
}

function node(script, ...args) {
  return run(process.execPath, [script, ...args]);
}

function inModules(...path) {
  return join(root, 'node_modules', ...path);
}

function expect(what, actual, wanted) {
  if (actual !== wanted) throw new Error(`${what}: expected ${JSON.stringify(wanted)}, got ${JSON.stringify(actual)}`);
  console.log(`ok: ${what}`);
}

function pack() {
  const text = run('npm', ['pack', '--json', '--pack-destination', folder], root);
  // `prepack` prints before the report does.
  const [report] = JSON.parse(text.slice(text.indexOf('[\n')));
  const stray = report.files.map((f) => f.path).filter((path) => !allowed.test(path));
  expect('only what is meant to be published', stray.join(', '), '');
  expect('the links of its pages lead to files of the package', deadLinks(report.files).join(', '), '');
  const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
  console.log(`${report.entryCount} files, ${kB(report.size)} packed, ${kB(report.unpackedSize)} installed`);
  return join(folder, report.filename);
}

const allowed =
  /^(dist\/(src\/.*\.(js|js\.map|d\.ts)|types\/.*\.d\.ts)|docs\/.*\.md|bench\/(README\.md|results\/results\.(md|svg))|README\.md|LICENSE|CHANGELOG\.md|CONTRIBUTING\.md|package\.json)$/;

/** Relative links, of what Markdown is published, to what is not. A folder is there if a file of it is. */
function deadLinks(files) {
  const paths = files.map((file) => file.path);
  return paths
    .filter((path) => path.endsWith('.md'))
    .flatMap((page) => {
      const text = readFileSync(join(root, page), 'utf8');
      const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
      return links.map(([, link]) => posix.join(posix.dirname(page), link));
    })
    .filter((target) => !paths.some((path) => path === target || path.startsWith(`${target}/`)));
}

const program = `
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { defineModels, Count } from 'drizzle-queryset';

const authors = pgTable('author', { id: serial().primaryKey(), name: text().notNull() });
const books = pgTable('book', {
  id: serial().primaryKey(),
  title: text().notNull(),
  authorId: integer('author_id').notNull().references(() => authors.id),
});
const client = new PGlite();
const db = drizzle({ client });
await db.execute(sql.raw('create table author (id serial primary key, name text not null)'));
await db.execute(sql.raw('create table book (id serial primary key, title text not null, author_id int not null)'));

const { Author, Book } = defineModels(db, { Author: authors, Book: books });
const ann = await Author.aobjects.create({ name: 'Ann' });
await new Book({ title: 'One', author: ann }).asave();
await new Book({ title: 'Two', author: ann }).asave();
const titles = await Book.aobjects.filter({ author__name: 'Ann' }).order_by('-title').values_list('title', { flat: true });
const [counted] = await Author.aobjects.annotate({ n: Count('book') }).values_list('name', 'n');
console.log(JSON.stringify([titles, counted]));
await client.close();
`;

const typeAssertions = `
export const exactTitles: string[] = titles;
export const exactCount: [string, number] | undefined = counted as [string, number] | undefined;
// @ts-expect-error no such field
Book.aobjects.filter({ author__nmae: 'Ann' });
`;

const printed = '[["Two","One"],["Ann",2]]\n';

try {
  const tarball = pack();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const links = ['drizzle-orm', '@electric-sql/pglite'].map((name) => `file:${inModules(name)}`);
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--install-links=false', tarball, ...links]);

  writeFileSync(join(folder, 'main.mjs'), program);
  expect('it runs in plain Node', node('main.mjs'), printed);

  writeFileSync(
    join(folder, 'sync.mjs'),
    "import { sync_to_async, async_to_sync } from 'drizzle-queryset/sync';\nconsole.log(typeof sync_to_async, typeof async_to_sync);\n",
  );
  expect('its second entry loads without the optional peers', node('sync.mjs'), 'function function\n');

  mkdirSync(join(folder, 'node_modules', '@types'), { recursive: true });
  cpSync(inModules('@types', 'node'), join(folder, 'node_modules', '@types', 'node'), { recursive: true });
  writeFileSync(join(folder, 'main.ts'), program + typeAssertions);
  const options = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--noUncheckedIndexedAccess',
    '--skipLibCheck',
  ];
  const target = ['--target', 'es2022', '--module', 'nodenext', '--types', 'node', 'main.ts'];
  for (const compiler of ['typescript', 'typescript-7']) {
    expect(`it type-checks under ${compiler}`, node(inModules(compiler, 'bin', 'tsc'), ...options, ...target), '');
  }

  // A dry run, for npm alone to decide: a range has a release candidate in it only where it names one.
  const line1 = join(folder, 'line-1');
  mkdirSync(line1);
  writeFileSync(join(line1, 'package.json'), '{ "private": true, "type": "module" }');
  const onLine1 = ['install', '--offline', '--dry-run', '--no-audit', '--no-fund', '--install-links=false', tarball];
  run('npm', [...onLine1, `file:${inModules('drizzle-orm-1')}`], line1);
  console.log('ok: npm installs it beside drizzle-orm 1.0');

  const { build } = await import('esbuild');
  await build({
    entryPoints: [join(folder, 'main.mjs')],
    outfile: join(folder, 'bundle.mjs'),
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    external: ['@electric-sql/pglite'],
    logLevel: 'error',
  });
  expect('it runs bundled and minified', node('bundle.mjs'), printed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
