// What a query mentions must be there before it is written down: stored instances, and the ends of attribute paths.
import { type From, isNode, walk } from './ast.js';
import { type Context, MissingAttribute, modelClass } from './context.js';
import { toLookups } from './expressions.js';
import { emptyScope, type Scope } from './kinds.js';
import { relationByAccessor, type SchemaRelation } from './schema.js';

async function instanceOf(context: Context, model: string, lookups: any): Promise<any> {
  const scope = emptyScope(model);
  await fetchParts(context, lookups, scope);
  return modelClass(context, model).aobjects.get(toLookups(context, lookups, scope));
}

/** One attribute of an instance, in a box: a related manager, what a to-one relation leads to, or a plain value. */
export async function attributeOf(model: string | undefined, instance: any, name: string): Promise<{ value: any }> {
  if (instance === null || instance === undefined)
    throw new MissingAttribute(`${instance} has no attribute '${name}'.`);
  const relation = model ? relationByAccessor(model, name) : undefined;
  if (relation) {
    const accessor = `a$${name}`;
    if (!(accessor in instance)) throw new MissingAttribute(`${model} has no attribute '${accessor}'.`);
    return { value: relation.many ? instance[accessor] : await instance[accessor] };
  }
  if (!(name in instance)) {
    // Django loads a deferred field when it is read, with this very call.
    await instance.arefresh_from_db({ fields: [name] });
  }
  return { value: instance[name] };
}

async function follow(context: Context, from: From): Promise<{ value: any }> {
  let model: string | undefined = from.model;
  let reached: { value: any } = { value: await instanceOf(context, from.model, from.get) };
  for (const name of from.path) {
    reached = await attributeOf(model, reached.value, name);
    model = model && relationByAccessor(model, name)?.to;
  }
  return reached;
}

/** Fetches every `$obj` and `from` inside a part of a query that is not there yet. */
export async function fetchParts(context: Context, part: unknown, scope?: Scope): Promise<void> {
  const found: (() => Promise<void>)[] = [];
  walk(part, (node) => {
    const object = node['$obj'];
    if (object && !context.fetched.has(node)) {
      found.push(async () => {
        context.fetched.set(node, { value: await instanceOf(context, object[0], object[1]) });
      });
      return false;
    }
    const from = node['from'];
    if (isNode(from) && Array.isArray(from['path']) && !context.fetched.has(from)) {
      found.push(async () => {
        context.fetched.set(from, await follow(context, from as unknown as From));
      });
    }
    return true;
  });
  for (const fetch of found) await fetch();
}

/** Whether a path of attributes ends at an instance or a plain value and not at a related manager. */
export function endsAtValue(from: From): boolean {
  let model: string | undefined = from.model;
  let many = false;
  for (const name of from.path) {
    const relation: SchemaRelation | undefined = model ? relationByAccessor(model, name) : undefined;
    many = relation?.many ?? false;
    model = relation?.to;
  }
  return !many;
}
