/** select_related: the columns of single relations, joined into the same row. */
import { FieldError } from '../errors.js';
import type { Relation } from '../meta/model.js';
import { didYouMean } from '../meta/suggest.js';
import { setupJoins } from './path.js';
import type { Query, SelectTree } from './query.js';
import { loadedFields } from './deferred.js';
import type { SelectCompiler, SelectItem } from './select.js';
import type { Field, Model } from '../meta/model.js';

const MAX_DEPTH = 5;

export interface RelatedInfo {
  /** The name in `select_related`. */
  readonly name: string;
  /** The name under which the instance keeps it. */
  readonly cacheName: string;
  readonly relation: Relation;
  readonly model: Model;
  readonly alias: string;
  readonly first: number;
  readonly fields: readonly Field[];
  readonly related: readonly RelatedInfo[];
}

/** The related objects of a query's rows; their columns are added to the select list. */
export function relatedInfos(compiler: SelectCompiler, items: SelectItem[]): RelatedInfo[] {
  const { query } = compiler;
  const tree = query.selectRelated;
  return descend(
    compiler,
    items,
    query.model,
    query.joins.initial(query.model),
    typeof tree === 'boolean' ? undefined : tree,
    1,
    '',
  );
}

function descend(
  compiler: SelectCompiler,
  items: SelectItem[],
  model: Model,
  alias: string,
  tree: SelectTree | undefined,
  depth: number,
  prefix: string,
): RelatedInfo[] {
  const { query } = compiler;
  if (!tree && depth > MAX_DEPTH) return [];
  const infos: RelatedInfo[] = [];
  for (const [name, relation, cacheName] of choices(query, model, tree, depth)) {
    const key = relation.kind === 'forward' ? relation.key?.columns[0] : undefined;
    if (tree && key && !loadedFields(model, query.deferred, prefix).includes(key)) {
      throw new FieldError(
        `Field ${model.name}.${name} cannot be both deferred and traversed using select_related at the same time.`,
        { model: model.name, key: name },
      );
    }
    const { joins } = setupJoins(query, [name], model, alias);
    const far = joins[joins.length - 1] as string;
    const target = relation.target;
    const here = `${prefix}${name}__`;
    const columns = compiler.defaultColumns(target, far, query.deferred, here);
    const first = items.length;
    for (const expression of columns) items.push({ expression, alias: undefined });
    infos.push({
      name,
      cacheName,
      relation,
      model: target,
      alias: far,
      first,
      fields: columns.map((c) => c.target),
      related: descend(compiler, items, target, far, tree?.get(name), depth + 1, here),
    });
  }
  return infos;
}

function choices(
  query: Query,
  model: Model,
  tree: SelectTree | undefined,
  depth: number,
): [string, Relation, string][] {
  const out: [string, Relation, string][] = [];
  for (const [name, member] of model.members) {
    if (member.kind === 'field') continue;
    if (tree ? tree.has(name) && member.single : member.kind === 'forward' && !member.nullable) {
      out.push([name, member, member.accessor ?? name]);
    }
  }
  // Forward relations first, then reverse ones: the order of Django's select list.
  out.sort((a, b) => Number(a[1].kind !== 'forward') - Number(b[1].kind !== 'forward'));
  if (tree && depth === 1) {
    for (const [name, filtered] of query.filteredRelations) {
      const relation = lastRelation(query.model, filtered.relation);
      if (tree.has(name) && relation) out.push([name, relation, name]);
    }
  }
  return out;
}

function lastRelation(model: Model, path: string): Relation | undefined {
  let current = model;
  let relation: Relation | undefined;
  for (const name of path.split('__')) {
    const member = current.members.get(name);
    if (!member || member.kind === 'field') return undefined;
    relation = member;
    current = member.target;
  }
  return relation;
}

/** Every requested name must be a single relation. */
export function checkRequested(query: Query): void {
  if (typeof query.selectRelated === 'boolean') return;
  check(query, query.model, query.selectRelated, true);
}

function check(query: Query, model: Model, tree: SelectTree, top: boolean): void {
  const singles = [...model.members.values()]
    .filter((m): m is Relation => m.kind !== 'field' && m.single)
    .map((m) => m.name);
  if (top) singles.push(...query.filteredRelations.keys());
  for (const [name, below] of tree) {
    const member = model.members.get(name);
    const filtered = top ? query.filteredRelations.get(name) : undefined;
    if (filtered) {
      const relation = lastRelation(model, filtered.relation);
      if (relation) check(query, relation.target, below, false);
      continue;
    }
    if (member?.kind === 'field' || !member?.single) {
      const [why, what] =
        member?.kind === 'field'
          ? [`'${name}' is a field of ${model.name}, not a relation.`, 'Non-relational field']
          : [
              member
                ? `'${name}' of ${model.name} leads to many rows.`
                : `${model.name} has no relation '${name}'.${didYouMean(name, singles)}`,
              'Invalid field name(s)',
            ];
      throw new FieldError(
        `${why} ${what} given in select_related: '${name}'. Choices are: ${singles.join(', ') || '(none)'}`,
        { model: model.name, key: name, choices: singles },
      );
    }
    check(query, member.target, below, false);
  }
}
