/** The sentences of a failed look-up. Their compile-time twins are in types/message.ts. */
import { isText } from './kinds.js';
import { FieldError, ValueError } from '../errors.js';

/** How many characters must be added, left out or changed to make one name of the other. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((next[j - 1] as number) + 1, (row[j] as number) + 1, (row[j - 1] as number) + cost);
    }
    row = next;
  }
  return row[b.length] as number;
}

/** ` Did you mean 'name'?`, of the nearest name, where one is near. */
export function didYouMean(name: string, choices: Iterable<string>): string {
  let nearest = Math.max(2, Math.floor(name.length / 3)) + 1;
  let sentence = '';
  for (const choice of choices) {
    // A name that comes from outside may be long: what is far away is not compared.
    if (Math.abs(name.length - choice.length) >= nearest) continue;
    const away = distance(name.toLowerCase(), choice.toLowerCase());
    if (away >= nearest) continue;
    nearest = away;
    sentence = ` Did you mean '${choice}'?`;
  }
  return sentence;
}

/** ` Did you mean 'name'? Choices are: …` */
export const choicesFor = (name: string, choices: Iterable<string>): string =>
  `${didYouMean(name, choices)} Choices are: ${[...choices].join(', ')}`;

/** `Pizza has no field 'nme'. Did you mean 'name'? Choices are: …` */
export function noField(model: string, name: string, choices: readonly string[]): FieldError | ValueError {
  // A name that comes from outside may be anything.
  if (!isText(name)) return new ValueError(`${model} has no such field: a name is a text.`);
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
