/** The exceptions of a model's own class. */
import type { Model } from '../meta/model.js';

export interface ModelClass {
  readonly DoesNotExist: new (message: string) => Error;
  readonly MultipleObjectsReturned: new (message: string) => Error;
}
export const notFound = (model: Model): Error =>
  new (model.cls as ModelClass).DoesNotExist(`${model.name} matching query does not exist.`);
