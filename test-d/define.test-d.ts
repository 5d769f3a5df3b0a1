import { expectError, expectType } from 'tsd';
import { defineModels, foreignKey, manyToMany } from 'drizzle-queryset';
import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import * as library from './schemas/library.js';
import { boxes, db, pizzas, pizzaToppings, prices, toppings } from './schemas/pizza.js';

const tables = { Topping: toppings, Box: boxes, Price: prices, Pizza: pizzas };

// --- models by the keys of the tables ---
const models = defineModels(db, tables);
expectType<'Pizza'>(models.Pizza.name);
expectError(models.Pizzas);
expectType<number>(await models.Box.aobjects.count());

// --- a whole module: what is no table is left out ---
const { mood: _mood, countries, authors } = { ...library };
const some = defineModels(db, { countries, authors, mood: _mood, note: 'x' });
expectType<'countries'>(some.countries.name);
expectError(some.mood);
expectError(some.note);
const author = await some.authors.aobjects.get({ id: 1 });
expectType<InstanceType<typeof some.countries> | null>(await author.a$country);

// --- a table that is no model leads nowhere ---
const { Loan } = defineModels(db, { Loan: library.loans });
expectType<string>((await Loan.aobjects.get({ id: 1 })).bookId);
expectError(Loan.aobjects.filter({ book__title: 'x' }));

// --- what a foreign key points at is a column ---
expectError(integer().references(() => 5));
expectError(integer().references(() => people));
expectError(integer().references(() => integer()));

// --- aliases ---
defineModels({ default: db, replica: db }, tables);
expectError(defineModels({ replica: db }, tables));
expectError(defineModels('postgres://localhost', tables));

// --- declarations: targets and columns by name ---
expectError(defineModels(db, tables, { Pizza: { toppings: manyToMany('Toping', { through: pizzaToppings }) } }));
expectError(defineModels(db, tables, { Pizza: { box: foreignKey('bxId', 'Box') } }));
expectError(defineModels(db, tables, { Pizza: { box: foreignKey('boxId', 'Bx') } }));
expectError(defineModels(db, tables, { Piza: { box: foreignKey('boxId', 'Box') } }));
expectError(manyToMany('Topping'));
// `'self'` is the model that declares it.
const { Writer } = defineModels(
  db,
  { Writer: library.authors, Country: library.countries },
  {
    Writer: {
      friends: manyToMany('self', { through: library.follows }),
      follows: manyToMany('self', { through: library.follows, symmetrical: false, related_name: 'followers' }),
    },
  },
);
const writer = await Writer.aobjects.filter({ friends__id: 1, follows__id: 2, followers__in: [3] })[0];
expectType<InstanceType<typeof Writer>[]>(await writer.a$friends);
expectType<InstanceType<typeof Writer>[]>(await writer.a$followers);
expectError(writer.a$friends_set);
expectError(defineModels(db, tables, { Pizza: { Meta: { ordering: ['-nme'] } } }));
expectError(defineModels(db, tables, { Pizza: { Meta: { primary_key: ['nme'] } } }));

// --- definitions that cannot stand ---
const people = pgTable('person', { id: serial().primaryKey(), name: text().notNull() });
const letters = pgTable('letter', {
  id: serial().primaryKey(),
  fromId: integer().references(() => people.id),
  toId: integer().references(() => people.id),
});
expectError(defineModels(db, { Person: people, Letter: letters }));
const cured = defineModels(
  db,
  { Person: people, Letter: letters },
  { Letter: { to: foreignKey('toId', 'Person', { related_name: 'received' }) } },
);
const person = await cured.Person.aobjects.get({ id: 1 });
expectType<InstanceType<typeof cured.Letter>[]>(await person.a$letter_set);
expectType<InstanceType<typeof cured.Letter>[]>(await person.a$received);
const hidden = defineModels(
  db,
  { Person: people, Letter: letters },
  { Letter: { to: foreignKey('toId', 'Person', { related_name: '+' }) } },
);
expectError((await hidden.Person.aobjects.get({ id: 1 })).a$received);
expectError(defineModels(db, tables, { Pizza: { name: manyToMany('Topping', { through: pizzaToppings }) } }));
expectError(defineModels(db, tables, { Pizza: { toppings: manyToMany('Topping', { through: boxes }) } }));
expectError(defineModels(db, tables, { Pizza: { box: foreignKey('boxId', 'Box', { related_name: 'name' }) } }));
const visits = pgTable('visit', { id: serial().primaryKey(), person: integer().references(() => people.id) });
expectError(defineModels(db, { Person: people, Visit: visits }));
defineModels(db, { Person: people, Visit: visits }, { Visit: { guest: foreignKey('person', 'Person') } });
defineModels(db, { Visit: visits });
