// Models of a package whose tables and declarations are modules, as docs/guide.md has them: what its declaration files say of
// them, to its users and to an editor, is the modules' names.
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineModels } from 'drizzle-queryset';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../bench/types/compile.js';
import { Workspace } from '../../bench/types/workspace.js';
import * as relations from './fixtures/relations.js';
import * as tables from './fixtures/tables.js';

const fixtures = join(dirname(fileURLToPath(import.meta.url)), 'fixtures');
const models = `import { drizzle } from 'drizzle-orm/postgres-js';
import { defineModels } from 'drizzle-queryset';
import * as relations from './relations.js';
import * as tables from './tables.js';
export const { Box, Pizza, Topping } = defineModels(drizzle('postgres://localhost/db'), tables, relations);
`;
const emission = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly', '--outDir', 'out'];

describe('models of tables and declarations that are modules', () => {
  it.each(['5.9', '7.0'] as const)(
    'are declared by the names of those, on TypeScript %s',
    (version) => {
      const workspace = new Workspace({ usesLibrary: true });
      workspace.write({ 'models.ts': models });
      for (const name of ['schema.ts', 'tables.ts', 'relations.ts'])
        workspace.write({ [name]: readFileSync(join(fixtures, name), 'utf8') });
      const { ok, output } = compile(workspace.directory, version, ...emission);
      expect(ok, output).toBe(true);
      const declared = readFileSync(workspace.path('out/models.d.ts'), 'utf8');
      workspace.remove();
      const pizza = declared.slice(declared.indexOf('Pizza:'), declared.indexOf('Topping:'));
      expect(pizza).toContain('typeof tables');
      expect(pizza).toContain('typeof relations');
      // Its columns and its through table are named there, and nowhere here.
      expect(pizza).not.toMatch(/boxId|pizzaId|Builder/);
      expect(pizza.length).toBeLessThan(200);
    },
    120_000,
  );

  it('are named in what is inferred of a row that lacks columns beside a loaded relation', () => {
    const workspace = new Workspace({ usesLibrary: true });
    const queries = `import { Count } from 'drizzle-queryset';
import { Pizza } from './models.js';
export const light = () => Pizza.aobjects.select_related('box').annotate({ n: Count('toppings') }).defer('name');
`;
    workspace.write({ 'models.ts': models, 'queries.ts': queries });
    for (const name of ['schema.ts', 'tables.ts', 'relations.ts'])
      workspace.write({ [name]: readFileSync(join(fixtures, name), 'utf8') });
    const { ok, output } = compile(workspace.directory, '5.9', ...emission);
    expect(ok, output).toBe(true);
    const declared = readFileSync(workspace.path('out/queries.d.ts'), 'utf8');
    workspace.remove();
    expect(declared).toMatch(/box: .*Instance<"Box"> \| null/);
  }, 120_000);

  const client = new PGlite();
  beforeAll(async () => {
    await client.exec(`
      create table topping (id serial primary key, name text not null);
      create table box (id serial primary key, name text not null);
      create table pizza (id serial primary key, name text not null, box_id int references box);
      create table pizza_toppings (id serial primary key, pizza_id int not null references pizza,
        topping_id int not null references topping);
      insert into topping (name) values ('bacon'), ('mushroom');
      insert into pizza (name) values ('Aloha'), ('Weird');
      insert into pizza_toppings (pizza_id, topping_id) values (1, 1), (1, 2), (2, 2);
    `);
  });
  afterAll(() => client.close());

  it('have the relations and the Meta that the modules say', async () => {
    const { Pizza, Topping } = defineModels(drizzle({ client }), tables, relations);
    expect(await Pizza.aobjects.values_list('name', { flat: true })).toEqual(['Weird', 'Aloha']);
    const mushroom = await Topping.aobjects.get({ name: 'mushroom' });
    expect(await mushroom.a$pizza_set.order_by('id').values_list('id', { flat: true })).toEqual([1, 2]);
  });
});
