/** A relation whose join carries a condition (Django's FilteredRelation). */
import { isText } from '../meta/kinds.js';
import { refuse } from '../errors.js';
import { copy, Expression } from './expression.js';
import { Condition, type Q } from './q.js';
import type { Param } from '../meta/param.js';
import type { Query } from '../compile/query.js';

export class FilteredRelation extends Expression {
  /** The name that `annotate` gave it; also its alias in SQL. */
  alias = '';
  /** Where its values are among those of the queryset that was annotated with it. */
  places: readonly Param[] = [];
  constructor(
    readonly relation: string,
    condition: Q,
  ) {
    super([condition]);
    if (!isText(relation) || relation === '') refuse('relation_name cannot be empty.');
  }
  get condition(): Q {
    return this.inner as Q;
  }
  protected override ownKey(): string {
    return JSON.stringify(this.relation);
  }
  override bind(params: Param[]): FilteredRelation {
    const first = params.length;
    const sources = [this.condition.bind(params)];
    return copy(this, { sources, places: params.slice(first) });
  }
  /** Checks the condition's paths: they may not leave the relation. */
  check(query: Query): void {
    const own = this.relation.split('__');
    const { all } = query.joinsTo(own);
    for (const part of this.condition.walk()) {
      if (!(part instanceof Condition)) continue;
      const { parts, lookups } = query.solveLookup(part.lookup);
      const shift = lookups.length === 0 ? 2 : 1;
      const left = parts.slice(0, -shift).findIndex((name, i) => own[i] !== name);
      // Django overlooks the last name of a path without a lookup, and the database finds no such join.
      const isDeeper = own.every((name, i) => parts[i] === name) && query.joinsTo(parts).needed > all;
      if (left < 0 && !isDeeper) continue;
      refuse(
        `FilteredRelation's condition doesn't support ${
          left >= 0 && left < own.length
            ? `relations outside the '${this.relation}' (got '${part.lookup}')`
            : `nested relations deeper than the relation_name (got '${part.lookup}' for '${this.relation}')`
        }.`,
      );
    }
  }

  override sql(): string {
    refuse('FilteredRelation is for annotate() and alias() alone.');
  }
}
