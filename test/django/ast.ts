// The abstract syntax of the judge's queries. A node with a `$` key is a literal or an expression; what a bare
// string means depends on its position (a text among values, a field among expressions).

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Value = Json;
export type Expr = Json;
export type FieldType = string | [string, { [option: string]: Json } | FieldType];

export interface Condition {
  kwargs?: Record<string, Value>;
  and?: Condition[];
  or?: Condition[];
  not?: Condition;
  expr?: Expr;
}

export interface Arguments {
  args?: Expr[];
  kwargs?: Record<string, Expr>;
}

export interface From {
  model: string;
  get: Record<string, Value>;
  path: string[];
}

export interface Raw {
  model: string;
  sql: string;
  params?: Value[] | Record<string, Value>;
  translations?: Record<string, string>;
}

export type Call = [name: string, ...args: any[]];

export interface Query {
  model?: string;
  from?: From;
  raw?: Raw;
  chain?: Call[];
  terminal?: Call;
  then?: Call[];
  script?: Query[];
  tz?: string;
  atomic?: boolean;
  full?: boolean;
  related?: boolean;
  nested_ordered?: boolean;
}

export type Changes = Record<string, { '+'?: Json[]; '-'?: Json[] }>;

/** One question with Django's answer: a result or an error. */
export interface Case {
  id: string;
  topic: string;
  query: Query;
  ordered?: boolean;
  queries?: number;
  result?: Json;
  result_documented?: Json;
  quirk?: string;
  error?: string;
  message?: string;
  changes?: Changes;
}

export function isNode(value: unknown): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The name of a literal or expression (`$agg`), or nothing for a plain object. */
export function tagOf(value: unknown): string | undefined {
  return isNode(value) ? Object.keys(value).find((key) => key.startsWith('$')) : undefined;
}

/** Calls `visit` on every object inside, the outermost first; children of one that answers false are left out. */
export function walk(value: unknown, visit: (node: Record<string, any>) => boolean | void): void {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (isNode(value) && visit(value) !== false) walk(Object.values(value), visit);
}
