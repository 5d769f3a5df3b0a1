/** The sentences of a failed look-up. Their compile-time twins are in types/message.ts. */
import { FieldError, ValueError } from '../errors.js';

/** Edit distance, cut off early: only near names matter. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
    }
    row = next;
  }
  return row[b.length] ?? most + 1;
}

/** The name nearest to what was written, if any is near. */
function nearest(name: string, choices: Iterable<string>): string | undefined {
  const most = Math.max(2, Math.floor(name.length / 3));
  let best: string | undefined;
  let bestDistance = most + 1;
  for (const choice of choices) {
    const d = distance(name.toLowerCase(), choice.toLowerCase(), most);
    if (d < bestDistance) [best, bestDistance] = [choice, d];
  }
  return best;
}

/** ` Did you mean 'name'?`, where a name is near. */
export function didYouMean(name: string, choices: Iterable<string>): string {
  const near = nearest(name, choices);
  return near === undefined ? '' : ` Did you mean '${near}'?`;
}

/** `Pizza has no field 'nme'. Did you mean 'name'? Choices are: …` */
export function noField(model: string, name: string, choices: readonly string[]): FieldError | ValueError {
  // A name that comes from outside may be anything.
  if (typeof name !== 'string') return new ValueError(`${model} has no such field: a name is a text.`);
  const sorted = [...choices].sort();
  return new FieldError(
    `${model} has no field '${name}'.${didYouMean(name, choices)} ` +
      `Cannot resolve keyword '${name}' into field. Choices are: ${sorted.join(', ')}`,
    { model, key: name, choices: sorted },
  );
}

/** `'name' has no lookup 'yeer'. Did you mean 'year'?` */
export function noLookup(owner: string, family: string, name: string, choices: readonly string[]): FieldError {
  const sorted = [...choices].sort();
  return new FieldError(
    `${owner} has no lookup '${name}'.${didYouMean(name, choices)} ` +
      `Unsupported lookup '${name}' for ${family} or join on the field not permitted. ` +
      `Choices are: ${sorted.join(', ')}`,
    { key: name, choices: sorted },
  );
}
