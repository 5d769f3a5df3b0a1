import { defineModels, FieldError, manyToMany } from 'drizzle-queryset';
import { drizzle } from 'drizzle-orm/postgres-js';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drizzleTables } from '../../bench/types/contestants/drizzle-tables.js';
import type { PlannedTable } from '../../bench/types/plan.js';
import { Workspace } from '../../bench/types/workspace.js';
import { type ParityKey, parityKeys, parityPlan } from './keys.js';

interface AnyModel {
  readonly aobjects: { filter(lookups: Record<string, unknown>): { readonly query: unknown } };
}

describe('the run time', () => {
  const workspace = new Workspace({ drizzle: process.env['TEST_DRIZZLE'] === '1' ? '1.0' : '0.45' });
  let models: Record<string, AnyModel>;
  afterAll(() => workspace.remove());

  beforeAll(async () => {
    // The very text that the compiler is given.
    workspace.write({ 'schema.ts': drizzleTables(parityPlan) });
    const schema = (await import(pathToFileURL(workspace.path('schema.ts')).href)) as Record<string, never>;
    const tables = Object.fromEntries(parityPlan.tables.map((table) => [table.model, schema[table.constant]]));
    const declarations = Object.fromEntries(
      parityPlan.tables
        .filter((table) => table.manyToMany.length > 0)
        .map((table) => [
          table.model,
          Object.fromEntries(
            table.manyToMany.map((link) => [
              link.name,
              (manyToMany as (...args: unknown[]) => unknown)((parityPlan.tables[link.target] as PlannedTable).model, {
                through: schema[(parityPlan.tables[link.through] as PlannedTable).constant],
                through_fields: link.throughFields,
                related_name: link.relatedName,
              }),
            ]),
          ),
        ]),
    );
    models = (defineModels as (...args: unknown[]) => Record<string, AnyModel>)(drizzle.mock(), tables, declarations);
  });

  /** Undefined where the key is taken, or what is thrown. */
  const resolve = ({ model, key, value }: ParityKey): unknown => {
    try {
      String(models[model]?.aobjects.filter({ [key]: value }).query);
      return undefined;
    } catch (error) {
      return error;
    }
  };

  test('accepts every valid key', () => {
    const wrong = parityKeys
      .filter(({ valid }) => valid)
      .map((entry) => [`${entry.model}: ${entry.key}`, resolve(entry)]);
    expect(wrong.filter(([, error]) => error !== undefined).map(([name, error]) => `${name} ${String(error)}`)).toEqual(
      [],
    );
  });

  test('refuses every other with a FieldError', () => {
    const wrong = parityKeys
      .filter(({ valid }) => !valid)
      .map((entry) => [`${entry.model}: ${entry.key}`, resolve(entry)]);
    expect(
      wrong.filter(([, error]) => !(error instanceof FieldError)).map(([name, error]) => `${name} ${String(error)}`),
    ).toEqual([]);
  });
});
