// What both protocols need of a text: places in it by line and character, and the smallest change between two versions.

export interface Place {
  /** Both from 0. */
  readonly line: number;
  readonly character: number;
}

export const placeAt = (text: string, offset: number): Place => {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length - 1, character: offset - lineStart };
};

export interface Change {
  readonly start: number;
  readonly end: number;
  readonly inserted: string;
}

/** What a keyboard would have done: the one stretch in which the two texts differ. */
export const changeBetween = (old: string, now: string): Change => {
  const shorter = Math.min(old.length, now.length);
  let head = 0;
  while (head < shorter && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < shorter - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail++;
  return { start: head, end: old.length - tail, inserted: now.slice(head, now.length - tail) };
};
