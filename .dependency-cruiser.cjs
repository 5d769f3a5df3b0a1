// The arrows of the house: data takes one direction, and so do the imports.
// chain → state → lookups, expressions → compile → execute → drivers, hydrate; `meta` and `errors` serve all.
// A type may be read from the left (it is erased); a value may not.

/** Rooms that each room may import values from, besides itself. */
const rooms = {
  chain: ['state', 'lookups', 'expressions', 'compile', 'execute', 'drivers', 'hydrate', 'meta'],
  state: ['lookups', 'expressions', 'meta'],
  lookups: ['expressions', 'meta'],
  expressions: ['lookups', 'meta'],
  compile: ['lookups', 'expressions', 'meta'],
  execute: ['compile', 'drivers', 'hydrate', 'meta'],
  drivers: ['meta'],
  hydrate: ['meta'],
  meta: [],
  sync: [],
  testing: ['chain', 'state', 'lookups', 'expressions', 'compile', 'execute', 'drivers', 'hydrate', 'meta'],
};

const arrows = Object.entries(rooms).map(([room, right]) => ({
  name: `${room}-looks-right`,
  comment: `src/${room} may import ${['errors', ...right].join(', ')}: not what is left of it.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^src/',
    pathNot: [`^src/(${[room, ...right].join('|')})/`, '^src/errors\\.ts$'],
    dependencyTypesNot: ['type-only'],
  },
}));

module.exports = {
  forbidden: [
    ...arrows,
    {
      name: 'errors-stand-alone',
      severity: 'error',
      from: { path: '^src/errors\\.ts$' },
      to: { path: '^src/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circular',
      comment: 'Modules that need each other at run time are one module.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'types-are-erased',
      comment: 'src/ takes only types from types/: erase the folder, and no JavaScript changes.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^types/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'types-know-drizzle-only',
      comment: 'types/ reads Drizzle and itself.',
      severity: 'error',
      from: { path: '^types/' },
      to: { pathNot: ['^types/', 'node_modules/drizzle-orm/'] },
    },
    {
      name: 'no-dev-dependency-in-the-product',
      comment: 'Beside Drizzle, the product imports nothing; the sync entry has its two optional peers.',
      severity: 'error',
      from: { path: '^src/' },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['npm-peer', 'type-only'],
      },
    },
    {
      name: 'one-room-calls-drizzle-sessions',
      comment: 'Only drivers/ knows a session or a driver package.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/drivers/'] },
      to: { path: 'node_modules/drizzle-orm/(postgres-js|node-postgres|pglite|neon|vercel)' },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
