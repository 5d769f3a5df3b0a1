/** The class of a model: its manager, its exceptions, and the accessors of its relations. */
import { Query } from '../compile/query.js';
import { FieldFetchBlocked, MultipleObjectsReturned, ObjectDoesNotExist, refuse } from '../errors.js';
import {
  assignRelated,
  cachedForward,
  column,
  hasValues,
  Instance,
  dropCache,
  originOf,
  markLoaded,
  readCache,
  type SaveOptions,
  setColumn,
  type Using,
  valuesOf,
  writeCache,
  wrongInstance,
} from '../hydrate/instance.js';
import type { Field, ForeignKey, Model, Relation } from '../meta/model.js';
import { MODEL, modelOf } from '../meta/held.js';
import { Shape } from '../state/shape.js';
import type { Databases } from './context.js';
import { loadOne } from './loader.js';
import { cachedOf, loadDeferred, prefetchObjects, relatedQuerySet } from './prefetch.js';
import { AsyncManager, type Hold } from './queryset.js';
import {
  AsyncManyToManyRelatedManager,
  AsyncManyToOneRelatedManager,
  AsyncNullableManyToOneRelatedManager,
} from './related.js';
import { saveInstance } from './save.js';
import { type ModelClass, notFound } from './exceptions.js';

interface Deletion {
  readonly using?: Using;
}

/** Makes the class that users hold. */
export function makeModelClass(model: Model, databases: Databases): unknown {
  const root = Shape.root(new Query(model));
  model.root = root;
  const hold: Hold = {
    model,
    databases,
    root,
    using: undefined,
    prefetch: [],
    fetchMode: 'one',
    known: undefined,
  };
  const { name } = model;
  const made = {
    [name]: class extends Instance {
      static readonly DoesNotExist = named(name, 'DoesNotExist', ObjectDoesNotExist);
      static readonly MultipleObjectsReturned = named(name, 'MultipleObjectsReturned', MultipleObjectsReturned);
      static get aobjects(): AsyncManager {
        return new AsyncManager(root, [], hold);
      }
      asave(options: SaveOptions = {}): Promise<void> {
        return saveInstance(this, options, databases);
      }
      adelete(options: Deletion = {}): Promise<[number, Record<string, number>]> {
        return deleteInstance(this, model, options);
      }
      arefresh_from_db(options: { fields?: readonly string[]; using?: Using } = {}): Promise<void> {
        return refresh(this, model, options);
      }
    },
  }[name] as unknown as typeof Instance & { prototype: Instance };
  Object.defineProperty(made.prototype, MODEL, { value: model });
  for (const [accessor, relation] of model.accessors) defineAccessor(made.prototype, accessor, relation);
  model.cls = made;
  return made;
}

const named = (model: string, name: string, base: typeof ObjectDoesNotExist): typeof ObjectDoesNotExist =>
  ({
    [name]: class extends base {
      override name = `${model}.${name}`;
    },
  })[name] as typeof ObjectDoesNotExist;

function defineAccessor(prototype: Instance, accessor: string, relation: Relation): void {
  const forward = relation.kind === 'forward';
  const Manager =
    relation.kind === 'm2m'
      ? AsyncManyToManyRelatedManager
      : relation.key?.nullable
        ? AsyncNullableManyToOneRelatedManager
        : AsyncManyToOneRelatedManager;
  Object.defineProperties(prototype, {
    [accessor]: {
      configurable: true,
      get(this: Instance) {
        return cachedOf(this, relation);
      },
      set(this: Instance, value: unknown) {
        if (!relation.single)
          refuse(`Direct assignment to '${accessor}' is prohibited. Use a$${accessor}.set() instead.`);
        if (forward) assignRelated(this, relation, value);
        else assignReverse(this, relation, value);
      },
    },
    [`a$${accessor}`]: {
      configurable: true,
      get(this: Instance) {
        if (!relation.single) return new Manager(this, relation);
        return forward ? fetchForward(this, relation) : fetchReverse(this, relation);
      },
    },
  });
}

/** `price.pizza = pizza`: the key is on the other side. */
function assignReverse(instance: Instance, relation: Relation, value: unknown): void {
  const forward = relation.inverse as Relation;
  if (value === null) {
    const old = readCache(instance, relation.accessor as string) as Instance | null | undefined;
    if (!old) return;
    assignRelated(old, forward, null);
    writeCache(instance, relation.accessor as string, null);
    return;
  }
  if (modelOf(value) !== relation.target) throw wrongInstance(relation, value);
  assignRelated(value as Instance, forward, instance);
  writeCache(instance, relation.accessor as string, value);
}

/** The relation leads nowhere. */
const missing = ({ model, target }: Relation, name: string): Error =>
  new (target.cls as ModelClass).DoesNotExist(`${model.name} has no ${name}.`);

/** The related object of one instance, or of all that were loaded with it, as the fetch mode says. */
async function fetchRelated(
  instance: Instance,
  relation: Relation,
  columns: readonly Field[],
  values: readonly unknown[],
): Promise<Instance | null> {
  const { fetchMode, peers, using } = originOf(instance);
  const { model, target, accessor } = relation;
  if (fetchMode === 'raise')
    throw new FieldFetchBlocked(`Fetching of ${model.name}.${accessor} blocked.`, {
      model: model.name,
      key: accessor ?? '',
    });
  if (fetchMode !== 'peers') return loadOne(relatedQuerySet(target, using), columns, values);
  const waiting = (peers ?? []).filter((p) => p === instance || cachedOf(p, relation) === undefined);
  await prefetchObjects(waiting.includes(instance) ? waiting : [instance, ...waiting], [
    { path: [accessor as string] },
  ]);
  return (cachedOf(instance, relation) ?? null) as Instance | null;
}

async function fetchForward(instance: Instance, relation: Relation): Promise<Instance | null> {
  const { name, inverse } = relation;
  const cached = cachedForward(instance, relation);
  const key = relation.key as ForeignKey;
  if (cached === null && !relation.nullable) throw missing(relation, name);
  if (cached !== undefined) return cached;
  const values = valuesOf(instance, key.columns);
  if (values.includes(undefined) && !originOf(instance).adding) {
    // The key itself was deferred.
    await loadDeferred([instance], key.columns);
    return fetchForward(instance, relation);
  }
  if (!hasValues(instance, key.columns)) {
    if (!relation.nullable) throw missing(relation, name);
    return null;
  }
  const found = await fetchRelated(instance, relation, key.targetColumns, values);
  if (!found) throw notFound(relation.target);
  writeCache(instance, name, found);
  if (inverse?.single && inverse.accessor) writeCache(found, inverse.accessor, instance);
  return found;
}

async function fetchReverse(instance: Instance, relation: Relation): Promise<Instance> {
  const accessor = relation.accessor as string;
  const key = relation.key as ForeignKey;
  let found = readCache(instance, accessor) as Instance | null | undefined;
  const { targetColumns } = key;
  if (found === undefined) {
    if (valuesOf(instance, targetColumns).includes(undefined)) await loadDeferred([instance], targetColumns);
    if (!hasValues(instance, targetColumns)) throw missing(relation, accessor);
    found = await fetchRelated(instance, relation, key.columns, valuesOf(instance, targetColumns));
    if (found) writeCache(found, key.name, instance);
    writeCache(instance, accessor, found);
  }
  if (!found) throw missing(relation, accessor);
  return found;
}

async function deleteInstance(
  instance: Instance,
  model: Model,
  options: Deletion,
): Promise<[number, Record<string, number>]> {
  const { pk } = instance;
  if (pk === null || pk === undefined)
    refuse(`${model.name} object can't be deleted because its ${model.pk.name} attribute is set to None.`);
  const using = options.using ?? originOf(instance).using;
  const result = await relatedQuerySet(model, using).filter({ pk }).delete();
  for (const field of model.primaryKey) setColumn(instance, field, null);
  return result as [number, Record<string, number>];
}

async function refresh(
  instance: Instance,
  model: Model,
  options: { fields?: readonly string[]; using?: Using },
): Promise<void> {
  const { fields } = options;
  const using = options.using ?? originOf(instance).using;
  const columns: Field[] = [];
  for (const name of fields ?? []) {
    if (name.includes('__'))
      refuse('Found "__" in fields argument. Relations and transforms are not allowed in fields.');
    const relation = model.accessors.get(name);
    if (relation) dropCache(instance, name);
    if (relation && relation.kind !== 'forward') continue;
    columns.push(model.field(name));
  }
  if (fields && columns.length === 0) return;
  let source = relatedQuerySet(model, using).filter({ pk: instance.pk ?? null });
  // Only what is loaded is loaded again: deferred columns stay deferred.
  const wanted = fields ? columns : model.fields.filter((f) => column(instance, f) !== undefined);
  if (wanted.length > 0 && wanted.length < model.fields.length) source = source.only(...wanted.map((f) => f.name));
  const found = (await source.get()) as Instance;
  for (const field of fields ? columns : model.fields) {
    const value = column(found, field);
    if (value !== undefined) setColumn(instance, field, value);
  }
  if (!fields) dropCache(instance);
  else for (const field of columns) if (field.relation) dropCache(instance, field.relation.name);
  markLoaded(instance, using);
}
