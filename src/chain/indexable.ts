/**
 * `qs[n]`. The Proxy stands at the end of the prototype chain: a name that the queryset has never reaches it,
 * so that only an index pays for it.
 */
import { isText } from '../meta/kinds.js';

const INDEX = /^-?\d+$/;

function Base(this: object): void {}
Base.prototype = new Proxy(Object.create(null) as object, {
  get(_target, key, receiver: { item(n: number): unknown }) {
    if (isText(key) && INDEX.test(key)) return receiver.item(Number(key));
    return Reflect.get(Object.prototype, key, receiver) as unknown;
  },
  has: (_target, key) => Reflect.has(Object.prototype, key),
  getPrototypeOf: () => Object.prototype,
});

/** A class whose numeric properties are `item(n)`. */
export const Indexable = Base as unknown as new () => object;
