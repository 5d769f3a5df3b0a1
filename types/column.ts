/** A queryset of a single column, as `in` and `Subquery` take it. */
import type { IsUnion } from './annotate.js';
import type { OneColumn } from './message.js';
import type { KeyValue, ModelOf } from './schema.js';
import type { InstanceOf, Invalid } from './tags.js';

/** The value of a queryset of one column; of whole instances, their key. */
export type OneColumnOf<N, Row> =
  Row extends InstanceOf<string>
    ? KeyValue<ModelOf<N>>
    : Row extends readonly [infer One]
      ? One
      : Row extends readonly unknown[]
        ? number extends Row['length']
          ? Row
          : Invalid<OneColumn>
        : Row extends Date | Uint8Array
          ? Row
          : Row extends object
            ? IsUnion<keyof Row> extends true
              ? Invalid<OneColumn>
              : Row[keyof Row]
            : Row;
