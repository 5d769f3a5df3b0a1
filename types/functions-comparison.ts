/** `Cast`, `Coalesce` and their kin, and functions of JSON documents. */
import type { AnyBuilder } from './augment.js';
import type {
  Arg,
  Binary,
  Call,
  Expression,
  Fields,
  FieldType,
  Give,
  Operand,
  Ref,
  SpecOf,
  Variadic,
} from './expression.js';

/** The type is a Drizzle column or column builder: `Cast('age', doublePrecision())`, or `{ output_field: doublePrecision() }`. */
export declare function Cast<
  N extends string = never,
  const A extends Operand = Operand,
  Field extends AnyBuilder = AnyBuilder,
>(
  expression: Arg<N, A>['checked'],
  output_field: Field | { output_field: Field },
): Expression<Call<'field', [Give<FieldType<Field>>, SpecOf<A>]>, N>;
export declare const Coalesce: Variadic<'coalesce'>;
export declare const Greatest: Variadic<'coalesce'>;
export declare const Least: Variadic<'coalesce'>;
export declare const NullIf: Binary<'null_if'>;

export declare function JSONObject<
  N extends string = never,
  const A extends Readonly<Record<string, Operand>> = Readonly<Record<string, Operand>>,
>(
  fields: { [K in keyof A]: Arg<N, A[K]>['checked'] },
): Expression<Fields<{ -readonly [K in keyof A]: SpecOf<A[K]> }>, N>;

export declare const JSONArray: Variadic<'json_items'>;

/** A key of a document, as a document. */
export declare function KeyTransform<N extends string = never, const A extends Operand = Operand>(
  key: string | number,
  expression: Arg<N, A>['checked'],
): Expression<Call<'json_or_null', [SpecOf<A>]>, N>;
/** A key of a document, as text. */
export declare function KeyTextTransform<N extends string = never, const A extends Operand = Operand>(
  key: string | number,
  expression: Arg<N, A>['checked'],
): Expression<Call<'text_or_null', [SpecOf<A>]>, N>;
/** A path into a document, as text: `KT('meta__dims__w')`. */
export declare function KT<N extends string = never, const P extends string = string>(
  path: Arg<N, P>['checked'],
): Expression<Call<'text_or_null', [Ref<P>]>, N>;
