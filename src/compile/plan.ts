/** What a terminal runs: a statement with the places of its shape, or the knowledge that there is nothing to ask. */
import type { Param } from '../meta/param.js';
import { finish, Places, type Statement } from './compiler.js';
import { EmptyResultSet } from '../expressions/empty.js';
import type { Query } from './query.js';
import { type Layout, SelectCompiler } from './select.js';

export interface SelectPlan {
  readonly query: Query;
  readonly layout: Layout;
  /** undefined: no row can match. */
  readonly statement: Statement | undefined;
}

export interface WritePlan {
  readonly statement: Statement | undefined;
}

export function planSelect(query: Query, params: readonly Param[], prefix = ''): SelectPlan {
  const places = new Places();
  const compiler = new SelectCompiler(query, places);
  try {
    const text = compiler.select({ rows: true });
    return {
      query: compiler.query,
      layout: compiler.layout,
      statement: finish(prefix + text, places, params),
    };
  } catch (error) {
    if (!(error instanceof EmptyResultSet)) throw error;
    return { query: compiler.query, layout: compiler.layout, statement: undefined };
  }
}

/** Writes a statement around what `write` makes; nothing to do where no row can match. */
export function planWrite(params: readonly Param[], write: (places: Places) => string): WritePlan {
  const places = new Places();
  try {
    return { statement: finish(write(places), places, params) };
  } catch (error) {
    if (!(error instanceof EmptyResultSet)) throw error;
    return { statement: undefined };
  }
}
