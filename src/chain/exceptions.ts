/** The exceptions of a model's own class. */
import type { Model } from '../meta/model.js';

interface ModelClass {
  readonly DoesNotExist: new (message: string) => Error;
  readonly MultipleObjectsReturned: new (message: string) => Error;
}
export const classOf = (model: Model): ModelClass => model.cls as ModelClass;

export const notFound = (model: Model): Error =>
  new (classOf(model).DoesNotExist)(`${model.name} matching query does not exist.`);
