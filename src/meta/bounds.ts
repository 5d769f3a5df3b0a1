/** Indexes and bounds of slices, counted from 0 as in Python. */
import { refuse } from '../errors.js';
import { shown } from './codecs.js';

/** A whole number that is not below zero. */
export function checkIndex(index: number): number {
  if (!Number.isSafeInteger(index)) refuse(`An index, or a slice's bound, is a whole number, got ${shown(index)}.`);
  if (index < 0) refuse('Negative indexing is not supported.');
  return index;
}

/** A bound that may be left out. */
export const checkBound = (bound: number | null | undefined): number | undefined =>
  bound === null || bound === undefined ? undefined : checkIndex(bound);
