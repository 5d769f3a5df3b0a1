/**
 * Mappers made of generated code: straight-line assignments instead of a loop over columns, several times as fast.
 * Where code may not be generated (a strict content policy), loops do the same.
 */
export type Row = readonly unknown[];
export type Decode = ((raw: unknown) => unknown) | undefined;
/** Fills an object's columns from a row. */
export type Fill = (target: Record<string, unknown>, row: Row) => void;
export type Make = (row: Row) => unknown;

/** What a driver gave for a column, as its type reads it. */
export const decoded = (raw: unknown, decode: Decode): unknown => (raw === null || !decode ? raw : decode(raw));

/** A column's value as code. Places are whole numbers; names appear as JSON text alone. */
const valueCode = (at: number, decoders: readonly Decode[]): string =>
  decoders[at] ? `(r[${at}]===null?null:d${at}(r[${at}]))` : `r[${at}]`;

/** The function of this text, or, where code may not be generated, one that is made of a loop over the columns. */
function generated<T>(
  code: string,
  order: readonly number[],
  decoders: readonly Decode[],
  looping: (values: (row: Row) => unknown[]) => T,
): T {
  try {
    return new Function(...decoders.map((_, at) => `d${at}`), `return ${code}`)(...decoders) as T;
  } catch (error) {
    if (!(error instanceof EvalError)) throw error;
    return looping((row) => order.map((at) => decoded(row[at], decoders[at])));
  }
}

const entries = (keys: readonly string[], values: readonly unknown[]): object =>
  Object.fromEntries(keys.map((key, i) => [key, values[i]]));

/** Puts these columns under these keys. */
export function makeFill(keys: readonly string[], order: readonly number[], decoders: readonly Decode[]): Fill {
  const body = keys.map((key, i) => `t[${JSON.stringify(key)}]=${valueCode(order[i] as number, decoders)};`).join('');
  return generated(`(t,r)=>{${body}}`, order, decoders, (values) => (target, row) => {
    Object.assign(target, entries(keys, values(row)));
  });
}

/** An object of these keys, from these columns. */
export function makeObject(keys: readonly string[], order: readonly number[], decoders: readonly Decode[]): Make {
  const body = keys.map((key, i) => `${JSON.stringify(key)}:${valueCode(order[i] as number, decoders)}`).join();
  return generated(`(r)=>({${body}})`, order, decoders, (values) => (row) => entries(keys, values(row)));
}

/** An array of these columns. */
export function makeTuple(order: readonly number[], decoders: readonly Decode[]): Make {
  const body = order.map((at) => valueCode(at, decoders)).join();
  return generated(`(r)=>[${body}]`, order, decoders, (values) => values);
}
