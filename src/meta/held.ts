/** How the inner rooms recognise what users hold, without importing it: by symbols that no JSON can carry. */
import { isObject } from './kinds.js';
import type { Model } from './model.js';
import type { Shape } from '../state/shape.js';

/** On a queryset: its shape and values. */
export const STATE: unique symbol = Symbol('queryset');
/** On an instance's prototype: its model. */
export const MODEL: unique symbol = Symbol('model');

/** Under which Node asks an object how it is shown. */
export const INSPECT: unique symbol = Symbol.for('nodejs.util.inspect.custom') as never;

export interface HeldQuery<Q> {
  readonly shape: Shape<Q>;
  readonly values: readonly unknown[];
}

export const heldQuery = <Q>(value: unknown): HeldQuery<Q> | undefined =>
  isObject(value) && STATE in value ? (value as { [STATE]: HeldQuery<Q> })[STATE] : undefined;

export const modelOf = (value: unknown): Model | undefined =>
  isObject(value) && MODEL in value ? (value as { [MODEL]: Model })[MODEL] : undefined;
