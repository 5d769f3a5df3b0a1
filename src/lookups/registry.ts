/** The one table of lookups and transforms: what may follow a value of a given type. */
import { own } from '../meta/kinds.js';
import { Extract, Trunc, DATE_PARTS, TIME_PARTS } from '../expressions/dates.js';
import type { Expression } from '../expressions/expression.js';
import { refuseName } from '../errors.js';
import type { Family } from '../meta/field-type.js';
import type { Model } from '../meta/model.js';
import { didYouMean, noLookup } from '../meta/suggest.js';
import { ARRAY_LOOKUPS, arrayStep, RANGE_LOOKUPS, RANGE_STEPS } from './arrays.js';
import { COMPARISONS } from './comparison.js';
import { datePartLookups } from './dates.js';
import { JSON_LOOKUPS, KEY_LOOKUPS, KeyTransform } from './json.js';
import type { LookupDefinition, Step } from './lookup.js';
import { PATTERNS, SEARCH, SEARCHED } from './text.js';

const OF_FAMILY: Partial<Record<Family, Record<string, LookupDefinition>>> = {
  json: JSON_LOOKUPS,
  array: ARRAY_LOOKUPS,
  range: RANGE_LOOKUPS,
  text: SEARCH,
  tsvector: SEARCHED,
};

/** Patterns are of text; what has no text form of its own must be cast to it first. */
const NOT_TEXT = new Set<Family>([
  'integer',
  'float',
  'numeric',
  'boolean',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'bytea',
  'range',
]);

const extract =
  (kind: string): Step =>
  (lhs) =>
    new Extract(lhs, kind);

const DATE_STEPS = Object.fromEntries(DATE_PARTS.map((kind) => [kind, extract(kind)]));
const TIME_STEPS = Object.fromEntries(TIME_PARTS.map((kind) => [kind, extract(kind)]));
const TIMESTAMP_STEPS: Record<string, Step> = {
  ...DATE_STEPS,
  ...TIME_STEPS,
  date: (lhs) => new Trunc(lhs, 'date'),
  time: (lhs) => new Trunc(lhs, 'time'),
};

const STEPS: Partial<Record<Family, Record<string, Step>>> = {
  date: DATE_STEPS,
  time: TIME_STEPS,
  timestamp: TIMESTAMP_STEPS,
  timestamptz: TIMESTAMP_STEPS,
  range: RANGE_STEPS,
};

export type FamilyKey = Family | '*';

/** Of the user's own, by family; those of '*' are of all families. */
const customLookups: Partial<Record<FamilyKey, Record<string, LookupDefinition>>> = {};
const customSteps: Partial<Record<Family, Record<string, Step>>> = {};

/** Lookups and transforms of a foreign key's own name: those that mean the key. */
const RELATED = new Set(['exact', 'in', 'gt', 'gte', 'lt', 'lte', 'isnull']);

const familyOf = (lhs: Expression): Family => lhs.output?.family ?? 'other';

/** The tables of an expression's lookups: a name means what the first that has it says. */
function lookupTables(lhs: Expression): (Record<string, LookupDefinition> | undefined)[] {
  const family = familyOf(lhs);
  return [
    customLookups[family],
    customLookups['*'],
    lhs instanceof KeyTransform ? KEY_LOOKUPS : datePartLookups(lhs),
    OF_FAMILY[family],
    COMPARISONS,
    NOT_TEXT.has(family) ? undefined : PATTERNS,
  ];
}

/** The lookup of a name on an expression. */
export const findLookup = (lhs: Expression, name: string): LookupDefinition | undefined =>
  own(
    lookupTables(lhs).find((table) => own(table, name)),
    name,
  );

/** The transform of a name on an expression. */
export function findTransform(lhs: Expression, name: string): Step | undefined {
  const family = familyOf(lhs);
  const step = own(customSteps[family], name) ?? own(STEPS[family], name);
  if (step) return step;
  if (family === 'json') return (inner) => new KeyTransform(inner, name);
  return family === 'array' ? arrayStep(name) : undefined;
}

/** Applies a transform, or says what would have been valid. */
export function applyTransform(lhs: Expression, name: string, owner: string): Expression {
  const step = findTransform(lhs, name);
  if (step) return step(lhs);
  throw noLookup(owner, lhs.output?.family ?? 'this expression', name, lookupNames(lhs));
}

/** All names that may follow. */
export function lookupNames(lhs: Expression): string[] {
  const family = familyOf(lhs);
  const tables = [...lookupTables(lhs), customSteps[family], STEPS[family], family === 'array' ? { len: true } : {}];
  return [...new Set(tables.flatMap((table) => Object.keys(table ?? {})))];
}

/** A foreign key's own name takes the lookups that mean the key. */
export function checkRelated(lookups: readonly string[], target: Model): void {
  const lookup = lookups[0] ?? 'exact';
  if (lookups.length <= 1 && (RELATED.has(lookup) || own(customLookups['*'], lookup))) return;
  const choices = [...target.choices(), ...RELATED];
  refuseName(
    `${target.name} has no field '${lookup}'.${didYouMean(lookup, choices)} ` +
      `Related Field got invalid lookup: ${lookup}. Choices are: ${choices.join(', ')}`,
    lookup,
    target.name,
    choices,
  );
}

/** Adds a lookup to a family of types ('*' for all). */
export function addLookup(family: FamilyKey, name: string, lookup: LookupDefinition): void {
  (customLookups[family] ??= {})[name] = lookup;
}

/** Adds a transform to a family of types. */
export function addTransform(family: Family, name: string, step: Step): void {
  (customSteps[family] ??= {})[name] = step;
}
