// Every relation of two schemas, in one table of names that the compiler and the run time are both held to.
import { drizzle } from 'drizzle-orm/postgres-js';
import type { ModelClass } from 'drizzle-queryset';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { MODEL } from '../../src/meta/held.js';
import type { Model as RunTimeModel, Relation } from '../../src/meta/model.js';
import type { AnySchema, Model } from '../../types/schema.js';
import { defineShop } from '../asgimod/pizzeria.js';
import type { AnyDatabase } from '../support/databases.js';
import { defineCompany } from './company.js';

const db = drizzle.mock() as unknown as AnyDatabase;

/** Name in lookups → kind, target, whether the types have null there. */
const shop = {
  Topping: { pizza: ['many', 'Pizza', true] },
  Box: { pizza: ['reverse', 'Pizza', true] },
  Price: { pizza: ['reverse_one', 'Pizza', true] },
  Pizza: {
    box: ['forward', 'Box', true],
    price: ['forward', 'Price', false],
    toppings: ['many', 'Topping', true],
    delivery: ['reverse', 'Delivery', true],
  },
  Delivery: { pizza: ['forward', 'Pizza', false] },
} as const;

const company = {
  Department: { lead: ['forward', 'Employee', true], employee: ['reverse', 'Employee', true] },
  Employee: {
    department: ['forward', 'Department', false],
    manager: ['forward', 'Employee', true],
    reports: ['reverse', 'Employee', true],
    leads: ['reverse_one', 'Department', true],
    badge: ['reverse_one', 'Badge', true],
    parking: ['reverse', 'Parking', true],
    sent: ['reverse', 'Message', true],
    inbox: ['reverse', 'Message', true],
    expertise: ['reverse', 'Expertise', true],
    friends: ['many', 'Employee', true],
    follows: ['many', 'Employee', true],
    followers: ['many', 'Employee', true],
    skills: ['many', 'Skill', true],
  },
  Badge: { employee: ['forward', 'Employee', false] },
  Parking: { holder: ['forward', 'Employee', true] },
  Message: { sender: ['forward', 'Employee', false], recipient: ['forward', 'Employee', true] },
  Skill: { expertise: ['reverse', 'Expertise', true], experts: ['many', 'Employee', true] },
  Expertise: {
    employee: ['forward', 'Employee', false],
    skill: ['forward', 'Skill', false],
    endorser: ['forward', 'Employee', true],
  },
  Shelf: { part: ['reverse', 'Part', true] },
  Part: { shelf: ['forward', 'Shelf', true] },
  Stock: {},
} as const;

/** Model → its `a$` accessors. */
const shopAccessors = {
  Topping: ['a$pizza_set'],
  Box: ['a$pizza_set'],
  Price: ['a$pizza'],
  Pizza: ['a$box', 'a$price', 'a$toppings', 'a$delivery_set'],
  Delivery: ['a$pizza'],
} as const;

const companyAccessors = {
  Department: ['a$lead', 'a$employee_set'],
  Employee: [
    'a$department',
    'a$manager',
    'a$reports',
    'a$leads',
    'a$badge',
    'a$parking_set',
    'a$sent',
    'a$received',
    'a$expertise_set',
    'a$friends',
    'a$follows',
    'a$followers',
    'a$skills',
  ],
  Badge: ['a$employee'],
  Parking: ['a$holder'],
  Message: ['a$sender', 'a$recipient'],
  Skill: ['a$expertise_set', 'a$experts'],
  Expertise: ['a$employee', 'a$skill', 'a$endorser'],
  Shelf: ['a$part_set'],
  Part: ['a$shelf'],
  Stock: [],
} as const;

// --- what the types say -----------------------------------------------------------------------------------------

type RelationsOf<N extends string, S extends AnySchema> = Model<N, S>['relations'];
type Told<C> =
  C extends ModelClass<infer N, infer S>
    ? {
        readonly [R in keyof RelationsOf<N, S> & string]: RelationsOf<N, S>[R] extends {
          readonly kind: infer Kind;
          readonly target: { readonly name: infer Target };
          readonly null: infer Null;
        }
          ? readonly [Kind, Target, [Null] extends [never] ? false : true]
          : never;
      }
    : never;
type Relations<Models> = { readonly [M in keyof Models]: Told<Models[M]> };
type InstanceTypeOf<C> = C extends new (
  ...args: never[]
) => infer I
  ? I
  : C extends { readonly prototype: infer I }
    ? I
    : never;
type AccessorsOf<Models> = { readonly [M in keyof Models]: Extract<keyof InstanceTypeOf<Models[M]>, `a$${string}`> };
type Names<T> = { readonly [M in keyof T]: T[M] extends readonly string[] ? T[M][number] : never };

test('the types have these relations, and no others', () => {
  expectTypeOf<Relations<ReturnType<typeof defineShop>>>().toEqualTypeOf<typeof shop>();
  expectTypeOf<Relations<ReturnType<typeof defineCompany>>>().toEqualTypeOf<typeof company>();
  expectTypeOf<AccessorsOf<ReturnType<typeof defineShop>>>().toEqualTypeOf<Names<typeof shopAccessors>>();
  expectTypeOf<AccessorsOf<ReturnType<typeof defineCompany>>>().toEqualTypeOf<Names<typeof companyAccessors>>();
});

// --- what the run time says -------------------------------------------------------------------------------------

const kindOf = ({ kind, single }: Relation) =>
  kind === 'm2m' ? 'many' : kind === 'reverse' && single ? 'reverse_one' : kind;

function told(model: unknown): Record<string, unknown> {
  const { members } = (model as { prototype: { [MODEL]: RunTimeModel } }).prototype[MODEL];
  const relations = [...members.values()].filter((m): m is Relation => m.kind !== 'field' && !m.name.startsWith('+'));
  return Object.fromEntries(relations.map((r) => [r.name, [kindOf(r), r.target.name, r.nullable]]));
}

describe.each([
  ['the pizzeria', defineShop(db), shop, shopAccessors],
  ['the company', defineCompany(db), company, companyAccessors],
] as const)('%s at run time', (_name, models, relations, accessors) => {
  test('has these relations, and no others', () => {
    expect(Object.fromEntries(Object.entries(models).map(([name, model]) => [name, told(model)]))).toEqual(relations);
  });

  test('has these accessors, and no others', () => {
    for (const [name, model] of Object.entries(models)) {
      const prototype = (model as { prototype: object }).prototype;
      const found = Object.getOwnPropertyNames(prototype).filter((key) => key.startsWith('a$'));
      expect(found.sort(), name).toEqual([...accessors[name as keyof typeof accessors]].sort());
    }
  });

  test('every relation can be asked for and walked', () => {
    for (const [name, model] of Object.entries(models)) {
      const manager = (model as unknown as { aobjects: { filter(l: object): { toSQL(): { sql: string } } } }).aobjects;
      for (const relation of Object.keys(relations[name as keyof typeof relations])) {
        expect(manager.filter({ [`${relation}__isnull`]: false }).toSQL().sql).toMatch(
          /^SELECT .* WHERE .*IS NOT NULL/s,
        );
        expect(manager.filter({ [`${relation}__pk__isnull`]: false }).toSQL().sql).toMatch(/^SELECT /);
      }
    }
  });
});
