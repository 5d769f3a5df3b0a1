/** The class of a model: its manager, its exceptions, and the accessors of its relations. */
import { Query } from '../compile/query.js';
import { FieldFetchBlocked, MultipleObjectsReturned, ObjectDoesNotExist, ValueError } from '../errors.js';
import {
  assignRelated,
  cachedForward,
  column,
  Instance,
  dropCache,
  originOf,
  markLoaded,
  readCache,
  type SaveOptions,
  setColumn,
  type Using,
  writeCache,
} from '../hydrate/instance.js';
import type { Field, ForeignKey, Model, Relation } from '../meta/model.js';
import { MODEL } from '../meta/held.js';
import { Shape } from '../state/shape.js';
import type { Databases } from './context.js';
import { loadOne } from './loader.js';
import { prefetchObjects, relatedQuerySet } from './prefetch.js';
import { AsyncManager, type Hold } from './queryset.js';
import {
  AsyncManyToManyRelatedManager,
  AsyncManyToOneRelatedManager,
  AsyncNullableManyToOneRelatedManager,
} from './related.js';
import { saveInstance, setRoot } from './save.js';

interface Deletion {
  readonly using?: Using;
}

/** Makes the class that users hold. */
export function makeModelClass(model: Model, databases: Databases): unknown {
  const root = Shape.root(new Query(model));
  setRoot(model, root);
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
  const exceptions = {
    DoesNotExist: named(name, 'DoesNotExist', ObjectDoesNotExist),
    MultipleObjectsReturned: named(name, 'MultipleObjectsReturned', MultipleObjectsReturned),
  };
  const made = {
    [name]: class extends Instance {
      static readonly DoesNotExist = exceptions.DoesNotExist;
      static readonly MultipleObjectsReturned = exceptions.MultipleObjectsReturned;
      static get aobjects(): AsyncManager {
        return new AsyncManager(root, [], hold);
      }
      async asave(options: SaveOptions = {}): Promise<void> {
        await saveInstance(this, options, databases);
      }
      async adelete(options: Deletion = {}): Promise<[number, Record<string, number>]> {
        return deleteInstance(this, model, options);
      }
      async arefresh_from_db(options: { fields?: readonly string[]; using?: Using } = {}): Promise<void> {
        await refresh(this, model, options);
      }
    },
  }[name] as unknown as typeof Instance & { prototype: Instance };
  Object.defineProperty(made.prototype, MODEL, { value: model });
  for (const [accessor, relation] of model.accessors) defineAccessor(made.prototype, accessor, relation);
  model.cls = made;
  return made;
}

function named(model: string, name: string, base: typeof ObjectDoesNotExist): typeof ObjectDoesNotExist {
  return {
    [name]: class extends base {
      override name = `${model}.${name}`;
    },
  }[name] as typeof ObjectDoesNotExist;
}

function defineAccessor(prototype: Instance, accessor: string, relation: Relation): void {
  const hidden = { configurable: true, enumerable: false };
  if (relation.single) {
    const forward = relation.kind === 'forward';
    Object.defineProperty(prototype, accessor, {
      ...hidden,
      get(this: Instance) {
        return forward ? cachedForward(this, relation) : readCache(this, accessor);
      },
      set(this: Instance, value: unknown) {
        if (forward) assignRelated(this, relation, value);
        else assignReverse(this, relation, value);
      },
    });
    Object.defineProperty(prototype, `a$${accessor}`, {
      ...hidden,
      get(this: Instance) {
        return forward ? fetchForward(this, relation) : fetchReverse(this, relation);
      },
    });
    return;
  }
  const Manager =
    relation.kind === 'm2m'
      ? AsyncManyToManyRelatedManager
      : relation.key?.nullable
        ? AsyncNullableManyToOneRelatedManager
        : AsyncManyToOneRelatedManager;
  Object.defineProperty(prototype, accessor, {
    ...hidden,
    get(this: Instance) {
      return readCache(this, accessor);
    },
    set() {
      throw new ValueError(`Direct assignment to '${accessor}' is prohibited. Use a$${accessor}.set() instead.`);
    },
  });
  Object.defineProperty(prototype, `a$${accessor}`, {
    ...hidden,
    get(this: Instance) {
      return new Manager(this, relation);
    },
  });
}

/** `price.pizza = pizza`: the key is on the other side. */
function assignReverse(instance: Instance, relation: Relation, value: unknown): void {
  const forward = relation.inverse as Relation;
  if (value === null) {
    const old = readCache(instance, relation.accessor as string) as Instance | null | undefined;
    if (old) assignRelated(old, forward, null);
    writeCache(instance, relation.accessor as string, undefined);
    return;
  }
  if ((value as Instance)?.[MODEL] !== relation.target) {
    throw new ValueError(
      `Cannot assign "${String(value)}": "${relation.model.name}.${relation.accessor}" must be a "${relation.target.name}" instance.`,
    );
  }
  assignRelated(value as Instance, forward, instance);
  writeCache(instance, relation.accessor as string, value);
}

type Exceptions = { DoesNotExist: new (message: string) => Error };

async function viaPeers(instance: Instance, relation: Relation): Promise<void> {
  const { peers } = originOf(instance);
  const waiting = (peers ?? []).filter(
    (p) =>
      (relation.kind === 'forward' ? cachedForward(p, relation) : readCache(p, relation.accessor as string)) ===
      undefined,
  );
  await prefetchObjects(waiting.includes(instance) ? waiting : [instance, ...waiting], [
    { path: [relation.accessor as string], queryset: undefined, toAttr: undefined },
  ]);
}

function refuseFetch(instance: Instance, relation: Relation): void {
  if (originOf(instance).fetchMode === 'raise') {
    throw new FieldFetchBlocked(`Fetching of ${relation.model.name}.${relation.accessor} blocked.`, {
      model: relation.model.name,
      key: relation.accessor ?? '',
    });
  }
}

async function fetchForward(instance: Instance, relation: Relation): Promise<Instance | null> {
  const cached = cachedForward(instance, relation);
  const { DoesNotExist } = relation.target.cls as Exceptions;
  const key = relation.key as ForeignKey;
  const missing = () => new DoesNotExist(`${relation.model.name} has no ${relation.name}.`);
  if (cached === null && !relation.nullable) throw missing();
  if (cached !== undefined) return cached;
  const values = key.columns.map((f) => column(instance, f));
  if (values.some((v) => v === undefined) && !originOf(instance).adding) {
    // The key itself was deferred.
    await refresh(instance, relation.model, { fields: key.columns.map((f) => f.name) });
    return fetchForward(instance, relation);
  }
  if (values.some((v) => v === null || v === undefined)) {
    if (!relation.nullable) throw missing();
    return null;
  }
  refuseFetch(instance, relation);
  if (originOf(instance).fetchMode === 'peers') {
    await viaPeers(instance, relation);
    const found = cachedForward(instance, relation);
    if (!found) throw new DoesNotExist(`${relation.target.name} matching query does not exist.`);
    return found;
  }
  const found = await loadOne(relatedQuerySet(relation.target, originOf(instance).using), key.targetColumns, values);
  if (!found) throw new DoesNotExist(`${relation.target.name} matching query does not exist.`);
  writeCache(instance, relation.name, found);
  if (relation.inverse?.single && relation.inverse.accessor) writeCache(found, relation.inverse.accessor, instance);
  return found;
}

async function fetchReverse(instance: Instance, relation: Relation): Promise<Instance> {
  const accessor = relation.accessor as string;
  const { DoesNotExist } = relation.target.cls as Exceptions;
  const missing = () => new DoesNotExist(`${relation.model.name} has no ${accessor}.`);
  let found = readCache(instance, accessor) as Instance | null | undefined;
  if (found === undefined) {
    const key = relation.key as ForeignKey;
    const values = key.targetColumns.map((f) => column(instance, f));
    if (values.some((v) => v === null || v === undefined)) throw missing();
    refuseFetch(instance, relation);
    if (originOf(instance).fetchMode === 'peers') {
      await viaPeers(instance, relation);
      found = readCache(instance, accessor) as Instance | null | undefined;
    } else {
      found = await loadOne(relatedQuerySet(relation.target, originOf(instance).using), key.columns, values);
      if (found) writeCache(found, key.name, instance);
      writeCache(instance, accessor, found);
    }
  }
  if (!found) throw missing();
  return found;
}

async function deleteInstance(
  instance: Instance,
  model: Model,
  options: Deletion,
): Promise<[number, Record<string, number>]> {
  const { pk } = instance;
  if (pk === null || pk === undefined)
    throw new ValueError(
      `${model.name} object can't be deleted because its ${model.pk.name} attribute is set to None.`,
    );
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
  if (fields && fields.length === 0) return;
  const columns: Field[] = [];
  for (const name of fields ?? []) {
    if (name.includes('__'))
      throw new ValueError('Found "__" in fields argument. Relations and transforms are not allowed in fields.');
    const relation = model.accessors.get(name);
    if (relation) dropCache(instance, name);
    if (relation && relation.kind !== 'forward') continue;
    columns.push(model.field(name));
  }
  if (fields && columns.length === 0) return;
  let source = relatedQuerySet(model, using).filter({ pk: instance.pk });
  if (fields) source = source.only(...columns.map((f) => f.name));
  // Only what is loaded is loaded again: deferred columns stay deferred.
  else {
    const loaded = model.fields.filter((f) => column(instance, f) !== undefined);
    if (loaded.length < model.fields.length && loaded.length > 0) source = source.only(...loaded.map((f) => f.name));
  }
  const found = (await source.get()) as Instance;
  for (const field of fields ? columns : model.fields) {
    const value = column(found, field);
    if (value !== undefined) setColumn(instance, field, value);
  }
  if (!fields) dropCache(instance);
  else for (const field of columns) if (field.relation) dropCache(instance, field.relation.name);
  markLoaded(instance, using);
}
