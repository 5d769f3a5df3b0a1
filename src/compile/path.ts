/** Paths of names: `a__b__c` → joins, a last column, and what is left over for lookups. */
import { FieldError } from '../errors.js';
import { Col } from '../expressions/refs.js';
import type { Expression } from '../expressions/expression.js';
import { applyTransform } from '../lookups/registry.js';
import type { Field, Member, Model, Relation, Step } from '../meta/model.js';
import { once } from '../meta/once.js';
import { noField, noLookup } from '../meta/suggest.js';
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
  const last = relation.steps[relation.steps.length - 1] as Step;
  return last.key.targetColumns;
}

export function namesToPath(
  query: Query,
  names: readonly string[],
  start: Model,
  allowMany = true,
  failOnMissing = false,
): Path {
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
        const inner = namesToPath(query, filtered.relation.split('__'), model, allowMany, failOnMissing);
        member = inner.final;
        const own = member.kind === 'field' ? 0 : member.steps.length;
        hops.push(...inner.hops.slice(0, inner.hops.length - own));
      }
    }
    if (!member) {
      if (at === 0 || failOnMissing) throw noField(model.name, name, at === 0 ? query.choices(model) : model.choices());
      break;
    }
    const relation = member.kind === 'field' ? member.relation : member;
    if (!relation) {
      final = member;
      targets = [member as Field];
      at++;
      if (failOnMissing && at < names.length) throw notARelation(model, name, names[at] as string);
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
      if (failOnMissing && at < names.length) throw notARelation(relation.model, name, names[at] as string);
      break;
    }
  }
  return { hops, final: final as Member, targets, rest: names.slice(at), model };
}

function notARelation(model: Model, name: string, next: string): FieldError {
  return new FieldError(
    `Cannot resolve keyword '${next}' into field. Join on '${name}' not permitted: ${model.name}.${name} is no relation.`,
    {
      model: model.name,
      key: next,
    },
  );
}

/** `pk` of several columns: it takes what a relation to this model takes, an instance or a tuple. */
const compositeKey = once(
  (model: Model): Relation => ({
    kind: 'forward',
    name: 'pk',
    accessor: undefined,
    model,
    target: model,
    single: true,
    nullable: false,
    steps: [],
    key: undefined,
    through: undefined,
    inverse: undefined,
  }),
);
const pkOf = (model: Model): Member => (model.primaryKey.length > 1 ? compositeKey(model) : model.pk);

export interface JoinInfo extends Path {
  /** The alias of each hop, the base first. */
  readonly joins: string[];
}

export function setupJoins(
  query: Query,
  names: readonly string[],
  model: Model,
  alias: string,
  options: { canReuse?: Set<string> | undefined; allowMany?: boolean; reuseFiltered?: boolean } = {},
): JoinInfo {
  let path: Path | undefined;
  let failure: unknown;
  let rest: readonly string[] = [];
  for (let pivot = names.length; pivot > 0; pivot--) {
    try {
      path = namesToPath(query, names.slice(0, pivot), model, options.allowMany ?? true, true);
      rest = names.slice(pivot);
      break;
    } catch (error) {
      if (!(error instanceof FieldError) || pivot === 1) throw error;
      failure = error;
    }
  }
  const found = path as Path;
  if (rest.length > 0 && found.final.kind !== 'field') throw failure;
  const joins = [alias];
  let current = alias;
  for (const { step, filtered } of found.hops) {
    const reuse = step.many || options.reuseFiltered ? options.canReuse : undefined;
    current = query.joins.join(current, step, filtered, reuse, options.reuseFiltered && reuse !== undefined);
    joins.push(current);
    const join = query.joins.get(current);
    if (filtered && !join.condition)
      query.joins.map.set(current, { ...join, condition: query.filteredCondition(filtered.condition, joins) });
  }
  return { ...found, rest, joins };
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
  return { targets, alias: joins[joins.length - 1] as string, joins };
}

/** The column at the end of a path, with the transforms that follow it. */
export function columnOf(info: JoinInfo, target: Field, alias: string): Expression {
  const relation = info.final.kind === 'field' ? undefined : info.final;
  let expression: Expression = new Col(alias, target, false, relation);
  for (const name of info.rest) {
    if (relation)
      throw noLookup(`${relation.model.name}.${relation.name}`, 'a relation', name, relation.target.choices());
    expression = applyTransform(expression, name, `${target.model.name}.${target.name}`);
  }
  return expression;
}
