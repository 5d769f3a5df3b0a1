/** Aliases and joins: when one is reused, when it must keep rows without a match (Django's join promotion). */
import type { Model, Step } from '../meta/model.js';
import { copy, type Relabel } from '../expressions/expression.js';
import type { FilteredRelation } from '../expressions/filtered-relation.js';
import type { Query } from './query.js';
import type { Where } from './where.js';

export type JoinType = 'INNER' | 'LEFT';

export interface Join {
  readonly alias: string;
  readonly model: Model;
  readonly parent?: string | undefined;
  /** The hop that this join makes; undefined for the base table. */
  readonly step?: Step;
  readonly type?: JoinType;
  readonly filtered?: FilteredRelation | undefined;
  /** What rows of a filtered relation must meet, resolved on this join and those before it. */
  readonly condition?: Where | undefined;
}

/** Aliases and how often each is used. */
export class Joins {
  readonly map = new Map<string, Join>();
  refs = new Map<string, number>();
  prefix = 'T';
  usedPrefixes: ReadonlySet<string> = new Set(['T']);

  clone(): Joins {
    return copy(this as Joins, { map: new Map(this.map), refs: new Map(this.refs) });
  }

  /** The aliases of another query's subqueries, which are part of this one's now, are not given again. */
  avoid(other: Joins): void {
    this.usedPrefixes = new Set([...this.usedPrefixes, ...other.usedPrefixes]);
  }

  get(alias: string): Join {
    return this.map.get(alias) as Join;
  }
  get base(): string | undefined {
    return this.map.keys().next().value;
  }
  count(alias: string): number {
    return this.refs.get(alias) ?? 0;
  }
  ref(alias: string): void {
    this.refs.set(alias, this.count(alias) + 1);
  }
  unref(alias: string): void {
    this.refs.set(alias, this.count(alias) - 1);
  }

  /** The alias of the base table, made on first use. */
  initial(model: Model): string {
    const { base } = this;
    if (base !== undefined) {
      this.ref(base);
      return base;
    }
    const alias = newAlias(this, model);
    this.map.set(alias, { alias, model });
    this.refs.set(alias, 1);
    return alias;
  }

  /**
   * The alias of a join: an equal one that may be reused, or a new one.
   * @param reuse the aliases that may be; undefined for all
   * @param preferred the one to take where several are equal; otherwise the last of them
   */
  join(
    parent: string,
    step: Step,
    filtered: FilteredRelation | undefined,
    reuse: ReadonlySet<string> | undefined,
    ignoreFilter?: boolean,
    preferred: string | undefined = filtered?.alias,
  ): string {
    let found: string | undefined;
    for (const [alias, join] of this.map) {
      if (reuse !== undefined && !reuse.has(alias)) continue;
      if (join.parent !== parent || !join.step || !sameStep(join.step, step)) continue;
      if (join.filtered?.alias !== filtered?.alias && !ignoreFilter) continue;
      found = alias;
      if (alias === preferred) break;
    }
    if (found !== undefined) {
      this.ref(found);
      return found;
    }
    const alias = newAlias(this, step.to, filtered?.alias);
    const type: JoinType = this.get(parent).type === 'LEFT' || step.nullable ? 'LEFT' : 'INNER';
    this.map.set(alias, { alias, model: step.to, parent, step, type, filtered });
    this.refs.set(alias, 1);
    return alias;
  }

  /** INNER → LEFT for nullable joins, and for what hangs below them. */
  promote(aliases: Iterable<string>): void {
    const queue = [...aliases];
    for (let alias = queue.shift(); alias !== undefined; alias = queue.shift()) {
      const join = this.get(alias);
      if (join.type === undefined) continue;
      const parentIsLeft = join.parent !== undefined && this.get(join.parent).type === 'LEFT';
      if ((join.step?.nullable || parentIsLeft) && join.type !== 'LEFT') {
        this.map.set(alias, { ...join, type: 'LEFT' });
        for (const [child, below] of this.map) if (below.parent === alias && !queue.includes(child)) queue.push(child);
      }
    }
  }

  /** LEFT → INNER, with the joins above. */
  demote(aliases: Iterable<string>): void {
    const queue = [...aliases];
    for (let alias = queue.shift(); alias !== undefined; alias = queue.shift()) {
      const join = this.get(alias);
      if (join.type !== 'LEFT') continue;
      this.map.set(alias, { ...join, type: 'INNER' });
      if (join.parent !== undefined && this.get(join.parent).type === 'INNER') queue.push(join.parent);
    }
  }

  inner(): Set<string> {
    return new Set([...this.map.values()].filter((j) => j.type === 'INNER').map((j) => j.alias));
  }

  /** Takes a prefix that the outer query's joins do not have; says what each alias is to become. */
  bumpPrefix(outer: Joins): Map<string | undefined, string> {
    const aliases = new Map<string | undefined, string>();
    if (this.prefix !== outer.prefix) return aliases;
    const used = new Set([...this.usedPrefixes, ...outer.usedPrefixes]);
    for (let n = 0; used.has(this.prefix); n++) this.prefix = nthPrefix(n);
    this.usedPrefixes = outer.usedPrefixes = used.add(this.prefix);
    for (const alias of this.map.keys()) aliases.set(alias, `${this.prefix}${aliases.size}`);
    return aliases;
  }

  /** The same joins under other aliases. */
  relabel(change: Relabel): void {
    const joins = [...this.map.values()];
    const counts = joins.map((join) => this.count(join.alias));
    this.map.clear();
    this.refs.clear();
    joins.forEach((join, i) => {
      const alias = change.aliases.get(join.alias) ?? join.alias;
      const parent = join.parent && (change.aliases.get(join.parent) ?? join.parent);
      this.map.set(alias, { ...join, alias, parent });
      this.refs.set(alias, counts[i] as number);
    });
  }
}

/** The table's own name at first, then T3, T4, … */
function newAlias({ map, prefix }: Joins, model: Model, wanted?: string): string {
  const name = wanted ?? model.tableName;
  const taken = wanted === undefined && [...map.values()].some((j) => j.model.tableName === name);
  if (!taken && !map.has(name)) return name;
  let n = map.size + 1;
  while (map.has(`${prefix}${n}`)) n++;
  return `${prefix}${n}`;
}

/** U, V, … Z, A, … T, U1_, … */
const nthPrefix = (n: number): string =>
  String.fromCharCode(65 + ((n + 20) % 26)) + (n < 26 ? '' : `${Math.floor(n / 26)}_`);

const sameStep = (a: Step, b: Step): boolean => a === b || (a.key === b.key && a.direct === b.direct);

/**
 * Makes each join of some conditions what they need together. Says which have a row then.
 * @param needed for each condition the joins that it needs to have a row
 */
export function settleJoins(
  { joins }: Query,
  connector: 'AND' | 'OR' | 'XOR',
  negated: boolean,
  needed: readonly Iterable<string>[],
): Set<string> {
  const all = connector === 'AND' ? !negated : connector === 'OR' && negated;
  // An XOR holds where one condition does, so that a row which all of them need is needed; its negation where none does.
  const wanted = connector === 'XOR' && negated ? Infinity : needed.length;
  const votes = new Map<string, number>();
  for (const aliases of needed) for (const alias of aliases) votes.set(alias, (votes.get(alias) ?? 0) + 1);
  const promote = new Set<string>();
  const demote = new Set<string>();
  for (const [alias, count] of votes) {
    // Some condition does not need the row: without it that condition could still hold.
    (all || count >= wanted ? demote : promote).add(alias);
  }
  joins.promote(promote);
  joins.demote(demote);
  return demote;
}
