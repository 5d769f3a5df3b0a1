/** Paths of names: `a__b__c` → joins, a last column, and what is left over for lookups. */
import { refuseName } from '../errors.js';
import { Col } from '../expressions/refs.js';
import type { Expression } from '../expressions/expression.js';
import { applyTransform } from '../lookups/registry.js';
import type { Field, Member, Model, Relation, Step } from '../meta/model.js';
import { once } from '../meta/once.js';
import { noField } from '../meta/suggest.js';
import type { FilteredRelation } from '../expressions/filtered-relation.js';
import type { Query } from './query.js';

/** One hop of a path. */
export interface Hop {
  readonly step: Step;
  readonly filtered: FilteredRelation | undefined;
}

export interface Path {
  readonly hops: Hop[];
  /** What the path ends at. */
  readonly final: Member;
  /** The columns that the end means: the key of the far row for a relation. */
  readonly targets: readonly Field[];
  /** Names after it. */
  readonly rest: readonly string[];
  /** The model that the end is on. */
  readonly model: Model;
}

/** A relation of many rows where none is allowed: `exclude` turns it into a subquery. */
export class MultiJoin extends Error {
  constructor(readonly names: readonly NamedHops[]) {
    super('a multi-valued relation');
  }
}
export interface NamedHops {
  readonly name: string;
  readonly hops: readonly Hop[];
}

/** The columns that a relation's own name means on the far side. */
function targetsOf(relation: Relation): readonly Field[] {
  if (relation.kind === 'reverse' || relation.steps.length === 0) return relation.target.primaryKey;
  const last = relation.steps.at(-1) as Step;
  return last.key.targetColumns;
}

export function namesToPath(query: Query, names: readonly string[], start: Model, allowMany = true): Path {
  const hops: Hop[] = [];
  const named: NamedHops[] = [];
  let model = start;
  let final: Member | undefined;
  let targets: readonly Field[] = [];
  let at = 0;
  for (; at < names.length; at++) {
    const name = names[at] as string;
    let filtered: FilteredRelation | undefined;
    let member: Member | undefined = name === 'pk' ? pkOf(model) : model.members.get(name);
    if (!member && at === 0) {
      filtered = query.filteredRelations.get(name);
      if (filtered) {
        const inner = namesToPath(query, filtered.relation.split('__'), model, allowMany);
        member = inner.final;
        const own = member.kind === 'field' ? 0 : member.steps.length;
        hops.push(...inner.hops.slice(0, inner.hops.length - own));
      }
    }
    if (!member) {
      if (at === 0) throw noField(model.name, name, query.choices(model));
      break;
    }
    const relation = member.kind === 'field' ? member.relation : member;
    if (!relation) {
      final = member;
      targets = [member as Field];
      at++;
      break;
    }
    const own: Hop[] = relation.steps.map((step, i) => ({
      step,
      filtered: i === relation.steps.length - 1 ? filtered : undefined,
    }));
    if (!allowMany) {
      const many = own.findIndex((hop) => hop.step.many);
      if (many >= 0) throw new MultiJoin([...named, { name, hops: own.slice(0, many + 1) }]);
    }
    named.push({ name, hops: own });
    hops.push(...own);
    final = relation;
    targets = targetsOf(relation);
    model = relation.target;
    // A key's own column is a value: nothing can be reached through it.
    if (member.kind === 'field' && name !== 'pk') {
      at++;
      break;
    }
  }
  return { hops, final: final as Member, targets, rest: names.slice(at), model };
}

/** `pk` of several columns: it takes what a relation to this model takes, an instance or a tuple. */
const compositeKey = once(
  (model: Model): Relation => ({
    kind: 'forward',
    name: 'pk',
    model,
    target: model,
    single: true,
    nullable: false,
    steps: [],
  }),
);
const pkOf = (model: Model): Member => (model.primaryKey.length > 1 ? compositeKey(model) : model.pk);

/** The error for the first name that a path leaves over. */
export const unresolved = ({ model, rest }: Path): Error => noField(model.name, rest[0] as string, model.choices());

export interface JoinInfo extends Path {
  /** The alias of each hop, the base first. */
  readonly joins: string[];
}

export interface JoinOptions {
  /** The joins of many rows that may be used again. */
  readonly reuse?: Set<string> | undefined;
  readonly allowMany?: boolean;
  /** Inside a filtered relation's condition: any of `reuse`, whether it is filtered or not. */
  readonly reuseFiltered?: boolean;
}

export function setupJoins(
  query: Query,
  names: readonly string[],
  model: Model,
  alias: string,
  { reuse: canReuse, allowMany, reuseFiltered }: JoinOptions = {},
): JoinInfo {
  const path = namesToPath(query, names, model, allowMany);
  // What follows a column are its transforms; a relation has none.
  const [next] = path.rest;
  if (next !== undefined && path.final.kind !== 'field') {
    if (!path.model.members.has(next)) throw unresolved(path);
    refuseName(
      `Cannot resolve keyword '${next}' into field. Join on '${names.at(-path.rest.length - 1)}' not permitted.`,
      next,
      path.final.model.name,
    );
  }
  const joins = [alias];
  let current = alias;
  for (const { step, filtered } of path.hops) {
    const reuse = step.many || reuseFiltered ? canReuse : undefined;
    current = query.joins.join(current, step, filtered, reuse, reuseFiltered && reuse !== undefined);
    joins.push(current);
    const join = query.joins.get(current);
    if (filtered && !join.condition) {
      const condition = query.filteredCondition(filtered.condition, joins);
      // After the joins that its condition needs.
      query.joins.map.delete(current);
      query.joins.map.set(current, { ...join, condition });
    }
  }
  return { ...path, joins };
}

/** Leaves off the joins whose far columns the near side holds already: `box__id` is `box_id`. */
export function trimJoins(query: Query, info: JoinInfo): { targets: readonly Field[]; alias: string; joins: string[] } {
  const joins = [...info.joins];
  let { targets } = info;
  for (let i = info.hops.length - 1; i >= 0 && joins.length > 1; i--) {
    const { step, filtered } = info.hops[i] as Hop;
    if (!step.direct || filtered) break;
    const near = targets.map((target) => step.columns.find(([, far]) => far === target)?.[0]);
    if (near.includes(undefined)) break;
    targets = near as Field[];
    query.joins.unref(joins.pop() as string);
  }
  return { targets, alias: joins.at(-1) as string, joins };
}

/** The column at the end of a path, with the transforms that follow it. */
export function columnOf(info: JoinInfo, target: Field, alias: string): Expression {
  let expression: Expression = new Col(alias, target, false, info.final.kind === 'field' ? undefined : info.final);
  for (const name of info.rest) expression = applyTransform(expression, name, `${target.model.name}.${target.name}`);
  return expression;
}

/** The columns that a path from the query's own model ends at: several for a key of several columns. */
export function columnsAt(query: Query, path: string): Expression[] {
  const info = setupJoins(query, path.split('__'), query.model, query.joins.initial(query.model));
  const { targets, alias } = trimJoins(query, info);
  return targets.map((target) => columnOf(info, target, alias));
}
