import { expectError, expectType } from 'tsd';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import {
  type AsyncManyToManyRelatedManager,
  type AsyncQuerySet,
  defineModels,
  foreignKey,
  manyToMany,
} from 'drizzle-queryset';
import { Author, Book, Country } from './schemas/library.js';
import { Box, db, Pizza, Price, type pizzaToppings, Topping } from './schemas/pizza.js';

const box = await Box.aobjects.get({ id: 1 });
const pizza = await Pizza.aobjects.get({ id: 1 });
const price = await Price.aobjects.get({ id: 1 });
const topping = await Topping.aobjects.get({ id: 1 });
const author = await Author.aobjects.get({ id: 1 });
const book = await Book.aobjects.get({ pk: 'x' });

// --- many to one, the key nullable: rows may be let go ---
expectType<Promise<void>>(box.a$pizza_set.add(pizza, { bulk: false }));
expectType<Promise<void>>(box.a$pizza_set.remove(pizza));
expectType<Promise<void>>(box.a$pizza_set.clear());
expectType<Promise<void>>(box.a$pizza_set.set([pizza], { clear: true }));
expectType<Pizza>(await box.a$pizza_set.create({ name: 'x', priceId: 1 }));
expectType<[Pizza, boolean]>(await box.a$pizza_set.get_or_create({ name: 'x', defaults: { price } }));
expectError(box.a$pizza_set.add(price));
expectError(box.a$pizza_set.add(1));
expectError(box.a$pizza_set.set([price]));
expectError(box.a$pizza_set.create({ name: 'x' }));

// --- the key not nullable: no remove, no clear; create fills it in ---
expectType<Promise<void>>(author.a$book_set.add(book));
expectError(author.a$book_set.remove(book));
expectError(author.a$book_set.clear());
expectType<Book>(await author.a$book_set.create({ title: 'x', isbn: 'x', tags: [] }));
expectError(author.a$book_set.create({ title: 'x', isbn: 'x' }));
const country = await Country.aobjects.get({ pk: 'x' });
expectType<Promise<void>>(country.a$author_set.remove(author));

// --- many to many: instances or keys, through_defaults by the through table ---
expectType<AsyncManyToManyRelatedManager<Topping, typeof pizzaToppings>>(pizza.a$toppings);
expectType<Promise<void>>(pizza.a$toppings.add(topping, 2, { through_defaults: { amount: 5 } }));
expectType<Promise<void>>(topping.a$pizza_set.set([pizza, 3], { clear: true, through_defaults: { amount: null } }));
expectType<Promise<void>>(pizza.a$toppings.remove(topping, 2));
expectType<Promise<void>>(pizza.a$toppings.clear());
expectType<Topping>(await pizza.a$toppings.create({ name: 'x' }));
expectType<[Topping, boolean]>(await pizza.a$toppings.get_or_create({ name: 'x', through_defaults: { amount: 1 } }));
author.a$friends.add(author, { through_defaults: { since: '2020-01-31' } });
expectError(pizza.a$toppings.add(pizza));
expectError(pizza.a$toppings.add('x'));
expectError(pizza.a$toppings.add(topping, { through_defaults: { amount: 'x' } }));
expectError(pizza.a$toppings.add(topping, { through_defaults: { pizzaId: 1 } }));
expectError(pizza.a$toppings.set(topping));
// A through table with a third foreign key: by its column, or by the name of the relation.
const people = pgTable('person', { id: serial().primaryKey(), name: text().notNull() });
const groups = pgTable('group', { id: serial().primaryKey() });
const memberships = pgTable('membership', {
  id: serial().primaryKey(),
  personId: integer()
    .notNull()
    .references(() => people.id),
  groupId: integer()
    .notNull()
    .references(() => groups.id),
  inviterId: integer().references(() => people.id),
  reason: text(),
});
const { Person, Group } = defineModels(
  db,
  { Person: people, Group: groups, Membership: memberships },
  {
    Group: { members: manyToMany('Person', { through: memberships, through_fields: ['group', 'person'] }) },
    Membership: { inviter: foreignKey('inviterId', 'Person', { related_name: 'invited' }) },
  },
);
const person = await Person.aobjects.get({ pk: 1 });
const group = await Group.aobjects.get({ pk: 1 });
group.a$members.add(person, { through_defaults: { inviter: person, reason: 'x' } });
group.a$members.set([person], { through_defaults: { inviterId: 1 } });
expectType<InstanceType<typeof Person>>(
  await group.a$members.create({ name: 'x', through_defaults: { inviter: null } }),
);
expectError(group.a$members.add(person, { through_defaults: { inviter: 'x' } }));
expectError(group.a$members.add(person, { through_defaults: { invited: 1 } }));
expectError(author.a$follows.add(author, { through_defaults: { since: '2020-01-31' } }));
expectError(pizza.a$toppings.create({ nme: 'x' }));

// --- a related manager is a queryset of its model ---
const named = (pizzas: AsyncQuerySet<Pizza>): AsyncQuerySet<Pizza> => pizzas.filter({ name: 'x' });
expectType<AsyncQuerySet<Pizza>>(named(box.a$pizza_set));
expectType<AsyncQuerySet<Pizza>>(named(topping.a$pizza_set));
expectError(named(pizza.a$toppings));
expectType<[Topping, boolean]>(await pizza.a$toppings.get_or_create());
// Without lookups, as Django takes it: the one row there is.
expectType<[Pizza, boolean]>(await Pizza.aobjects.get_or_create());
expectType<[Pizza, boolean]>(await box.a$pizza_set.update_or_create());
