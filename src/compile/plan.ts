/** What a terminal runs: a statement with the places of its shape, or the knowledge that there is nothing to ask. */
import { same } from '../meta/kinds.js';
import type { Param } from '../meta/param.js';
import { finish, Places, type Statement } from './compiler.js';
import { writeOr } from '../expressions/empty.js';
import type { Query } from './query.js';
import { type Layout, SelectCompiler, type SelectOptions } from './select.js';

export interface SelectPlan {
  readonly query: Query;
  readonly layout: Layout;
  /** undefined: no row can match. */
  readonly statement: Statement | undefined;
}

export interface WritePlan {
  readonly statement: Statement | undefined;
}

/** @param around what is made of the statement's text */
export function planSelect(
  query: Query,
  params: readonly Param[],
  around: (text: string) => string = same,
  options: SelectOptions = {},
): SelectPlan {
  const places = new Places();
  const compiler = new SelectCompiler(query, places);
  const { statement } = planWrite(params, () => around(compiler.select({ rows: true, ...options })), places);
  return { query: compiler.query, layout: compiler.layout, statement };
}

/** Writes a statement around what `write` makes; nothing to do where no row can match. */
export const planWrite = (
  params: readonly Param[],
  write: (places: Places) => string,
  places: Places = new Places(),
): WritePlan => ({
  statement: writeOr<Statement | null>(() => finish(write(places), places, params), { empty: null }) ?? undefined,
});
