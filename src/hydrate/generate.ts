/**
 * Mappers made of generated code: straight-line assignments instead of a loop over columns, several times as fast.
 * Where code may not be generated (a strict content policy), loops do the same.
 */
export type Row = readonly unknown[];
export type Decode = ((raw: unknown) => unknown) | undefined;
/** Fills an object's columns from a row. */
export type Fill = (target: Record<string, unknown>, row: Row) => void;
export type Make = (row: Row) => unknown;

type Factory = (decoders: readonly Decode[]) => unknown;

/** Runs a function's text, if that is allowed here. */
function generated<T>(body: string, decoders: readonly Decode[]): T | undefined {
  try {
    return (new Function('d', body) as Factory)(decoders) as T;
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}

/** A column's value as code. `at` are whole numbers; names appear as JSON text alone. */
function valueCode(at: number, decode: Decode, index: number): string {
  return decode === undefined ? `r[${at}]` : `(r[${at}]===null?null:d${index}(r[${at}]))`;
}

const names = (decoders: readonly Decode[]): string => decoders.map((_, i) => `d${i}=d[${i}]`).join();
const decoded = (raw: unknown, decode: Decode): unknown => (decode === undefined || raw === null ? raw : decode(raw));

/** Puts columns `from`, `from + 1`, … under these keys. */
export function makeFill(keys: readonly string[], from: number, decoders: readonly Decode[]): Fill {
  if (keys.length === 0) return () => {};
  const body = keys.map((key, i) => `t[${JSON.stringify(key)}]=${valueCode(from + i, decoders[i], i)};`).join('');
  return (
    generated<Fill>(`const ${names(decoders)};return (t,r)=>{${body}}`, decoders) ??
    ((target, row) => {
      keys.forEach((key, i) => {
        target[key] = decoded(row[from + i], decoders[i]);
      });
    })
  );
}

/** An object of these keys, from these columns. */
export function makeObject(keys: readonly string[], order: readonly number[], decoders: readonly Decode[]): Make {
  const body = keys.map((key, i) => `${JSON.stringify(key)}:${valueCode(order[i] as number, decoders[i], i)}`).join();
  return (
    generated<Make>(`const ${names(decoders)};return (r)=>({${body}})`, decoders) ??
    ((row) => Object.fromEntries(keys.map((key, i) => [key, decoded(row[order[i] as number], decoders[i])])))
  );
}

/** An array of these columns. */
export function makeTuple(order: readonly number[], decoders: readonly Decode[]): Make {
  const body = order.map((at, i) => valueCode(at, decoders[i], i)).join();
  return (
    generated<Make>(`const ${names(decoders)};return (r)=>[${body}]`, decoders) ??
    ((row) => order.map((at, i) => decoded(row[at], decoders[i])))
  );
}
