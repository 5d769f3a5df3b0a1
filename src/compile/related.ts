/** select_related: the columns of single relations, joined into the same row. */
import { refuseName } from '../errors.js';
import type { Relation } from '../meta/model.js';
import { didYouMean } from '../meta/suggest.js';
import { namesToPath, setupJoins } from './path.js';
import type { Query, SelectTree } from './query.js';
import { columnsOf, loadedFields } from './deferred.js';
import type { SelectCompiler, SelectItem } from './select.js';
import type { Field, Model } from '../meta/model.js';

const MAX_DEPTH = 5;

export interface RelatedInfo {
  /** The name in `select_related`. */
  readonly name: string;
  readonly isFiltered: boolean;
  /** It leads from the instance itself: a filtered relation may start further on. */
  readonly isOwn: boolean;
  readonly relation: Relation;
  readonly alias: string;
  readonly first: number;
  readonly fields: readonly Field[];
  readonly related: readonly RelatedInfo[];
}

/** The related objects of a query's rows; their columns are added to the select list. */
export function relatedInfos(compiler: SelectCompiler, items: SelectItem[]): RelatedInfo[] {
  const { query } = compiler;
  const tree = typeof query.selectRelated === 'object' ? query.selectRelated : undefined;
  return descend(compiler, items, query.model, query.joins.initial(query.model), tree, 1, '');
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
  for (const [name, relation] of tree ? requested(query, model, tree, depth) : required(model)) {
    const { joins } = setupJoins(query, [name], model, alias);
    const isOwn = joins.length === 2;
    const key = isOwn && relation.kind === 'forward' ? relation.key?.columns[0] : undefined;
    if (tree && key && !loadedFields(model, query.deferred, prefix).includes(key)) {
      refuseName(
        `Field ${model.name}.${name} cannot be both deferred and traversed using select_related at the same time.`,
        name,
        model.name,
      );
    }
    const far = joins.at(-1) as string;
    const target = relation.target;
    const here = `${prefix}${name}__`;
    const fields = loadedFields(target, query.deferred, here, relation.key);
    const first = items.length;
    for (const expression of columnsOf(far, fields)) items.push({ expression });
    infos.push({
      name,
      isFiltered: depth === 1 && query.filteredRelations.has(name),
      isOwn,
      relation,
      alias: far,
      first,
      fields,
      related: descend(compiler, items, target, far, tree?.get(name), depth + 1, here),
    });
  }
  return infos;
}

type Choice = readonly [name: string, relation: Relation];

/** A model's relations of one row. Forward ones first, then reverse ones: the order of Django's select list. */
function singles(model: Model): Choice[] {
  const all = [...model.members.values()].filter((m): m is Relation => m.kind !== 'field' && m.single);
  const isForward = ({ kind }: Relation): boolean => kind === 'forward';
  return [...all.filter(isForward), ...all.filter((m) => !isForward(m))].map((m) => [m.name, m]);
}

/** Those that every row has, which `select_related()` without names follows. */
const required = (model: Model): Choice[] =>
  singles(model).filter(([, { kind, nullable }]) => kind === 'forward' && !nullable);

/** Those that were asked for. */
function requested(query: Query, model: Model, tree: SelectTree, depth: number): Choice[] {
  const choices = singles(model);
  if (depth === 1)
    for (const name of query.filteredRelations.keys()) {
      const { final } = namesToPath(query, [name], model);
      if (final.kind !== 'field') choices.push([name, final]);
    }
  const names = choices.map(([name]) => name);
  for (const name of tree.keys()) {
    if (names.includes(name)) continue;
    const member = model.members.get(name);
    const [why, what] =
      member?.kind === 'field'
        ? [`'${name}' is a field of ${model.name}, not a relation.`, 'Non-relational field']
        : [
            member
              ? `'${name}' of ${model.name} leads to many rows.`
              : `${model.name} has no relation '${name}'.${didYouMean(name, names)}`,
            'Invalid field name(s)',
          ];
    refuseName(
      `${why} ${what} given in select_related: '${name}'. Choices are: ${names.join(', ') || '(none)'}`,
      name,
      model.name,
      names,
    );
  }
  return choices.filter(([name]) => tree.has(name));
}
