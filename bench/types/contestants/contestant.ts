import type { Plan, PlannedQuery } from '../plan.js';

/** A place in a file where an editor is asked something: the text before and after the caret. */
export interface Probe {
  readonly before: string;
  readonly after: string;
  /** A name that must be among the completions, or a text that the hover must hold. */
  readonly expects: string;
}

export interface Contestant {
  readonly id: string;
  readonly label: string;
  readonly drizzle?: '0.45' | '1.0';
  readonly usesLibrary?: boolean;
  /** What this contestant's API cannot say of the planned query, and so is spared. */
  readonly shortOf?: string;
  /** Everything but the queries: file name to text. */
  schema(plan: Plan): Record<string, string>;
  /** What a file of queries imports. */
  preamble(plan: Plan): string;
  /** One exported async function that runs the query and reads a field of its first row. */
  query(query: PlannedQuery): string;
  /** An unfinished filter, an unfinished selection, and a row to hover on. */
  probes(query: PlannedQuery): { readonly filter: Probe; readonly select: Probe; readonly hover: Probe };
}

export const lines = (...parts: readonly string[]): string => `${parts.join('\n')}\n`;
