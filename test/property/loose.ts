// The models without their types: conditions made at random have none.
export interface Loose {
  new (values?: object): LooseInstance;
  readonly aobjects: LooseQuerySet;
}
export interface LooseInstance {
  readonly id: number;
  readonly pk: unknown;
  readonly [column: string]: unknown;
}
export interface LooseQuerySet extends PromiseLike<unknown[]> {
  filter(...conditions: unknown[]): LooseQuerySet;
  exclude(...conditions: unknown[]): LooseQuerySet;
  order_by(...names: unknown[]): LooseQuerySet;
  values(...names: unknown[]): LooseQuerySet;
  values_list(...names: unknown[]): LooseQuerySet;
  distinct(...names: unknown[]): LooseQuerySet;
  reverse(): LooseQuerySet;
  all(): LooseQuerySet;
  slice(start?: unknown, stop?: unknown): LooseQuerySet;
  and(other: unknown): LooseQuerySet;
  or(other: unknown): LooseQuerySet;
  xor(other: unknown): LooseQuerySet;
  union(...others: unknown[]): LooseQuerySet;
  intersection(...others: unknown[]): LooseQuerySet;
  difference(...others: unknown[]): LooseQuerySet;
  only(...names: unknown[]): LooseQuerySet;
  defer(...names: unknown[]): LooseQuerySet;
  select_related(...names: unknown[]): LooseQuerySet;
  prefetch_related(...names: unknown[]): LooseQuerySet;
  annotate(...expressions: unknown[]): LooseQuerySet;
  alias(...expressions: unknown[]): LooseQuerySet;
  get(...conditions: unknown[]): Promise<unknown>;
  create(values?: unknown): Promise<unknown>;
  update(values?: unknown): Promise<number>;
  aggregate(...expressions: unknown[]): Promise<Record<string, unknown>>;
  count(): Promise<number>;
  exists(): Promise<boolean>;
  contains(object: unknown): Promise<boolean>;
  first(): Promise<unknown>;
  last(): Promise<unknown>;
  item(index: unknown): Promise<unknown>;
  in_bulk(ids?: unknown, options?: unknown): Promise<Map<unknown, unknown>>;
  iterator(options?: unknown): AsyncGenerator<unknown>;
  toSQL(): { sql: string; params: unknown[] };
}
