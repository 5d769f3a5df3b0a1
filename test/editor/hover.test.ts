import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { serverVersions } from '../../bench/editor/servers.js';
import { EditorSession } from './fixture.js';

// A language server on a busy machine takes its time for the first answer.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** A statement with the caret in a name, and the type that its hover must show, on one line. */
const cases: readonly (readonly [statement: string, type: string])[] = [
  ['const one = await Pizza.aobjects.get({ id: 1 }); on|e;', 'Instance<"Pizza">'],
  ['const maybe = await Pizza.aobjects.first(); may|be;', 'Instance<"Pizza"> | null'],
  ['const rows = await Pizza.aobjects.all(); row|s;', 'Instance<"Pizza">[]'],
  ['const rows = await Pizza.aobjects.filter({ box__name: null }).order_by("id"); row|s;', 'Instance<"Pizza">[]'],
  ['const query = Pizza.aobjects.filter({ id: 1 }); quer|y;', 'AsyncQuerySet<"Pizza", Instance<"Pizza">>'],
  [
    'const query = Pizza.aobjects.exclude({ id: 1 }).order_by("-name"); quer|y;',
    'AsyncQuerySet<"Pizza", Instance<"Pizza">>',
  ],
  [
    'const query = Pizza.aobjects.values_list("id", "box__name"); quer|y;',
    'AsyncQuerySet<"Pizza", [number, string | null]>',
  ],
  ['const query = Pizza.aobjects.values_list("name", { flat: true }); quer|y;', 'AsyncQuerySet<"Pizza", string>'],
  [
    'const query = Pizza.aobjects.values("id", "motto"); quer|y;',
    'AsyncQuerySet<"Pizza", { id: number; motto: string | null; }>',
  ],
  ['const rows = await Pizza.aobjects.values_list("id", "box__name"); row|s;', '[number, string | null][]'],
  ['const rows = await Pizza.aobjects.values("id", "motto"); row|s;', '{ id: number; motto: string | null; }[]'],
  ['const manager = Pizza.aobjects; manage|r;', 'AsyncManager<"Pizza">'],
  ['const manager = box.a$pizza_set; manage|r;', 'AsyncNullableManyToOneRelatedManager<"Pizza", "boxId">'],
  ['const owner = await pizza.a$box; owne|r;', 'Instance<"Box"> | null'],
  ['const owner = await pizza.a$price; owne|r;', 'Instance<"Price">'],
  [
    'const [made, created] = await Pizza.aobjects.get_or_create({ name: "x", priceId: 1 }); mad|e; void created;',
    'Instance<"Pizza">',
  ],
  ['const fresh = new Pizza({ name: "x", priceId: 1 }); fres|h;', 'Instance<"Pizza">'],
  ['const named: Pizza = pizza; name|d;', 'Instance<"Pizza">'],
  // With more in a row, that and the name; and not all that an instance has.
  [
    'const query = Pizza.aobjects.annotate({ n: Count("toppings") }); quer|y;',
    'AsyncQuerySet<"Pizza", With<Instance<"Pizza">, { n: number; }>>',
  ],
  [
    'const rows = await Pizza.aobjects.annotate({ n: Count("toppings") }).order_by("n"); row|s;',
    'With<Instance<"Pizza">, { n: number; }>[]',
  ],
  [
    'const one = await Pizza.aobjects.select_related("box__shop").get({ id: 1 }); on|e;',
    'With<Instance<"Pizza">, { box: With<Instance<"Box">, { shop: Instance<"Shop">; }> | null; }>',
  ],
  [
    'const one = await Pizza.aobjects.select_related().first(); on|e;',
    'With<Instance<"Pizza">, { price: Instance<"Price">; }> | null',
  ],
  [
    'const rows = await Box.aobjects.prefetch_related("pizza_set", "pizza_set__toppings"); row|s;',
    'With<Instance<"Box">, { pizza_set: With<Instance<"Pizza">, { toppings: Instance<"Topping">[]; }>[]; }>[]',
  ],
  ['const found = await Pizza.aobjects.aggregate({ n: Count("id") }); foun|d;', '{ n: number; }'],
  ['const manager = pizza.a$toppings; manage|r;', 'AsyncManyToManyRelatedManager<"Topping", "pizza_toppings">'],
];

/** `const rows: Pizza[]`, however many lines the server broke it into. */
const typeShown = (hover: string): string => {
  const declaration = hover
    .replaceAll(/\s+/g, ' ')
    .replace(/;?\s*\}/g, '; }')
    .replaceAll(/\{; \}/g, '{}')
    .trim();
  return declaration.slice(declaration.indexOf(':') + 1).trim();
};

describe.each(serverVersions)('hover on TypeScript %s', (version) => {
  let session: EditorSession;
  beforeAll(() => {
    session = new EditorSession(version);
  });
  afterAll(() => session.close());

  test.each(cases)('%s', async (statement, type) => {
    expect(typeShown(await session.hover(statement))).toBe(type);
  });
});
