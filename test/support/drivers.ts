/** The databases that every test of queries runs on. */
export const drivers = ['pglite', 'postgres-js', 'node-postgres'] as const;
export type Driver = (typeof drivers)[number];

/** `TEST_DATABASES=pglite,postgres-js` narrows a run; without it all three are tested. */
export function chosenDrivers(): readonly Driver[] {
  const named = process.env['TEST_DATABASES'];
  if (!named) return drivers;
  const chosen = named.split(',').map((name) => name.trim());
  const unknown = chosen.filter((name) => !(drivers as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new Error(`TEST_DATABASES names ${unknown.join(', ')}; there are ${drivers.join(', ')}.`);
  }
  return chosen as Driver[];
}
