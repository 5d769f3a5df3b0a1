import type { Contestant } from './contestant.js';
import { drizzle0Builder, drizzle1Builder } from './drizzle-builder.js';
import { drizzle0Query, drizzle1Query } from './drizzle-query.js';
import { kysely } from './kysely.js';
import { libraryOnDrizzle0, libraryOnDrizzle1 } from './library.js';

export const contestants: readonly Contestant[] = [
  libraryOnDrizzle0,
  libraryOnDrizzle1,
  drizzle0Builder,
  drizzle0Query,
  drizzle1Builder,
  drizzle1Query,
  kysely,
];
