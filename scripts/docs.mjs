// `npm run check:docs`: compiles and runs the code of README.md, docs/guide.md and docs/reference.md, so that it cannot rot.
//   ```ts file=models   a module of that name
//   ```ts               a block of its own scope, run over freshly seeded rows
//   ```ts no-run        compiled only
//   ```text output      what README's module `main` prints
// A line that ends in `does not compile …` has to be an error.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const out = join(root, '.tmp', 'docs');

function blocksOf(file) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(/^```ts([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info, code], n) => ({
    name: `${file} block ${n + 1}`,
    file: /file=(\S+)/.exec(info)?.[1],
    run: !info.includes('no-run'),
    code: code.replace(/^(?=.*\/\/ does not compile)/gm, '// @ts-expect-error as the text says\n'),
  }));
}

function write(folder, name, code) {
  mkdirSync(join(out, folder), { recursive: true });
  writeFileSync(join(out, folder, name), code);
}

const prelude = `import { eq, sql } from 'drizzle-orm';
import { Avg, Case, Coalesce, Concat, Count, Exists, F, IntegrityError, OuterRef, Prefetch, Q, Rank, RowNumber, Upper, Value, When,
  Window, atomic, on_commit, prefetch_related_objects, timezone, type AsyncQuerySet,
  type AsyncRows, type With } from 'drizzle-queryset';
import { Box, Delivery, Pizza, Price, Topping, db, pizzas } from './models.js';
import { InitCap } from './lookups.js';
import './packaged.js';
export const unused = [eq, sql, Avg, Case, Coalesce, Concat, Count, Exists, F, IntegrityError, OuterRef, Prefetch, Q, Rank,
  Upper, Value, When, Window, atomic, on_commit, prefetch_related_objects, timezone, Box, Delivery, InitCap, Pizza, Price, Topping, db, pizzas];
export type Unused = AsyncRows<unknown> | AsyncQuerySet<With<Pizza, { n: number }>>;
`;

const seed = `import { getTableConfig } from 'drizzle-orm/pg-core';
import { sql } from 'drizzle-orm';
import * as schema from './models.js';
const { db, boxes, deliveries, pizzas, pizzaToppings, prices, toppings } = schema;
const tables = [toppings, boxes, prices, pizzas, pizzaToppings, deliveries];
export async function seed(): Promise<void> {
  for (const table of tables) {
    const { name, columns } = getTableConfig(table);
    const lines = columns.map((c) => {
      const fallback = typeof c.default === 'string' ? \` default '\${c.default}'\` : '';
      return \`"\${c.name}" \${c.getSQLType()}\${c.primary ? ' primary key' : ''}\${c.notNull ? ' not null' : ''}\${fallback}\`;
    });
    await db.execute(sql.raw(\`drop table if exists "\${name}"; \`));
    await db.execute(sql.raw(\`create table "\${name}" (\${lines.join(', ')})\`));
  }
  await db.insert(toppings).values([{ name: 'bacon' }, { name: 'mushroom' }]);
  await db.insert(boxes).values([{ name: 'medium box' }, { name: 'big box' }]);
  await db.insert(prices).values([{ amount: '9.99' }, { amount: '19.99' }, { amount: '29.99', currency: 'eur' }]);
  await db.insert(pizzas).values([
    { name: 'Hawaiian', boxId: 1, priceId: 1 },
    { name: 'Weird', boxId: null, priceId: 2 },
  ]);
  await db.insert(pizzaToppings).values([{ pizzaId: 1, toppingId: 1 }]);
  await db.insert(deliveries).values([
    { pizzaId: 1, address: { street: 'Via Roma', floor: 3 }, tags: ['hot', 'late'], sentAt: new Date('2024-07-01T18:00Z') },
  ]);
}
`;

function writeGuide() {
  const blocks = [...blocksOf('docs/guide.md'), ...blocksOf('docs/reference.md')];
  const steps = [];
  for (const block of blocks) {
    if (block.file !== undefined) {
      write('guide', `${block.file}.ts`, block.code);
    } else if (block.run) {
      steps.push(`await step(${JSON.stringify(block.name)}, async () => {\n${block.code}});\n`);
    } else {
      write('guide', `compiled-${steps.length}.ts`, `${block.code}export {};\n`);
    }
  }
  const runner = `import { seed } from './seed.js';
async function step(name: string, block: () => Promise<void>): Promise<void> {
  await seed();
  try {
    await block();
    process.stderr.write(\`ok: \${name}\\n\`);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(\`failed: \${name}: \${(error as Error).stack}\\n\`);
  }
}
`;
  write('guide', 'seed.ts', seed);
  // The modules that the guide's package of models imports.
  write('guide', 'schema.ts', "export * from './models.js';\n");
  write('guide', 'db.ts', "export { db } from './models.js';\n");
  write('guide', 'main.ts', prelude + runner + steps.join(''));
}

function writeReadme() {
  for (const block of blocksOf('README.md')) {
    if (block.file !== undefined) write('readme', `${block.file}.ts`, block.code);
    else if (block.run) write('guide', 'readme.ts', `import { Pizza } from './models.js';\n${block.code}`);
    else write('readme', 'compiled.ts', `import { Book } from './main.js';\n${block.code}`);
  }
}

function run(label, script, wanted) {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  const { status, stdout } = spawnSync(process.execPath, [tsx, script], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ok = status === 0 && (wanted === undefined || stdout === wanted);
  console.log(`${ok ? 'ok' : 'failed'}: ${label}`);
  if (ok) return;
  process.exitCode = 1;
  if (wanted !== undefined) console.log(stdout);
}

rmSync(out, { recursive: true, force: true });
writeGuide();
writeReadme();
write(
  '.',
  'tsconfig.json',
  JSON.stringify({
    extends: '../../tsconfig.json',
    compilerOptions: {
      noEmit: true,
      rootDir: '../..',
      declaration: false,
      declarationMap: false,
      sourceMap: false,
    },
    include: ['.'],
  }),
);
const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', out], { cwd: root, stdio: 'inherit' });
console.log(`${compiled.status === 0 ? 'ok' : 'failed'}: the code of README.md and docs/ compiles`);
if (compiled.status !== 0) process.exitCode = 1;
run('the code of docs/ runs', join(out, 'guide', 'main.ts'));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const [, printed] = /^```text output\n([\s\S]*?)^```$/m.exec(readme);
run('the quick start of README.md prints what it says', join(out, 'readme', 'main.ts'), printed);
