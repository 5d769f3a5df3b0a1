import { integer, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import { defineModels, foreignKey, ObjectDoesNotExist } from 'drizzle-queryset';
import { Author, Country, Passport, Sample, Stock } from './schemas/library.js';
import { Box, db, Pizza, Price, pizzas } from './schemas/pizza.js';

const box = new Box({ name: 'x' });
const price = new Price({ amount: '1.00' });
expectType<Box>(box);

// --- new: required columns, defaults, a relation as an instance or by its column ---
expectType<Pizza>(new Pizza({ name: 'x', price, box }));
expectType<Pizza>(new Pizza({ name: 'x', priceId: 1, boxId: null }));
new Pizza({ id: 1, name: 'x', price, box: null });
new Pizza({ pk: 1, name: 'x', price });
expectError(new Pizza({ name: 'x' }));
expectError(new Pizza({ price }));
expectError(new Pizza({ name: 'x', price, nme: 'y' }));
expectError(new Pizza({ name: 5, price }));
expectError(new Pizza({ name: 'x', price: box }));
expectError(new Pizza({ name: 'x', price: 1 }));
expectError(new Pizza({ name: 'x', priceId: null }));
expectError(new Pizza({ name: 'x', price, toppings: [] }));
expectError(new Pizza());
// Data with keys that may be left out: not where the row needs them.
declare const data: { name: string; priceId: number; boxId?: number | null };
expectType<Pizza>(new Pizza(data));
expectType<Pizza>(await Pizza.aobjects.create({ ...data }));
new Pizza({ name: 'x', price, ...(box.id > 1 ? { box } : {}) });
new Pizza(box.id > 1 ? { name: 'x', priceId: 1 } : { name: 'y', priceId: 1, boxId: 2 });
declare const keyless: { name: string; priceId?: number };
declare const priceless: { name: string; price?: Price };
declare const misspelt: { name: string; priceId: number; boxid?: number };
// Drizzle's own type of a new row.
declare const row: typeof pizzas.$inferInsert;
expectType<Pizza>(await Pizza.aobjects.create(row));
expectType<Pizza>(new Pizza({ ...row, boxId: undefined }));
expectError(new Pizza({ ...row, name: undefined }));
// An instance spread is its row: the accessors stay behind when it runs.
declare const made: Pizza;
expectType<Pizza>(new Pizza({ ...made, id: undefined, name: 'copy' }));
const { id: _, ...rest } = made;
expectType<Pizza>(await Pizza.aobjects.create(rest));
expectType<Box>(new Box({ ...box, id: undefined }));
declare const stranger: { name: string; a$bx: Promise<Box> };
expectError(new Box(stranger));
expectError(new Pizza(keyless));
expectError(new Pizza(priceless));
expectError(new Pizza(misspelt));
new Author({ fullName: 'x' });
expectError(new Author({ id: 1, fullName: 'x' }));
new Stock({ shopId: 1, bookId: 'x' });
expectError(new Stock({ shopId: 1 }));
new Stock({ pk: [1, 'x'] });
expectError(new Stock({ pk: [1] }));
Country.aobjects.create({ pk: 'it', name: 'Italy' });
expectError(Country.aobjects.create({ pk: 'it' }));
expectError(Country.aobjects.create({ name: 'Italy' }));
new Passport({ authorId: 1, number: 'x' });
expectError(new Sample({ txt: 'x' }));

// --- a foreign key that is declared, of one column and of several; nothing that has to be given ---
const places = pgTable('place', { shelf: integer().notNull(), slot: integer().notNull() });
const notes = pgTable('note', { id: serial().primaryKey(), words: text() });
const jars = pgTable('jar', {
  id: serial().primaryKey(),
  noteId: integer().notNull(),
  shelf: integer().notNull(),
  slot: integer().notNull(),
  label: text().notNull(),
});
const { Place, Note, Jar } = defineModels(
  db,
  { Place: places, Note: notes, Jar: jars },
  {
    Place: { Meta: { primary_key: ['shelf', 'slot'] } },
    Jar: { note: foreignKey('noteId', 'Note'), place: foreignKey(['shelf', 'slot'], 'Place') },
  },
);
const note = new Note();
const place = new Place({ shelf: 1, slot: 2 });
new Jar({ note, place, label: 'x' });
new Jar({ noteId: 1, place, label: 'x' });
new Jar({ note, shelf: 1, slot: 2, label: 'x' });
await Jar.aobjects.create({ note, place, label: 'x' });
await note.a$jar_set.create({ place, label: 'x' });
expectError(new Jar({ note, label: 'x' }));
expectError(new Jar({ place, label: 'x' }));
expectError(new Jar({ note, place }));
expectError(new Jar({ note, shelf: 1, label: 'x' }));
expectError(new Jar({ note, place: note, label: 'x' }));
expectError(note.a$jar_set.create({ label: 'x' }));
declare const placeless: { note: InstanceType<typeof Note>; place?: InstanceType<typeof Place>; label: string };
expectError(new Jar(placeless));
expectType<InstanceType<typeof Note>>(await Note.aobjects.create());
expectType<InstanceType<typeof Note>>(new Note({}));
expectError(new Note({ wrds: 'x' }));
expectError(new Place());
expectError(Jar.aobjects.create());
expectError(note.a$jar_set.create());

// --- an instance ---
const pizza = new Pizza({ name: 'x', price });
expectType<string>(pizza.name);
expectType<number | null>(pizza.boxId);
expectType<number>(pizza.pk);
expectType<Promise<void>>(pizza.asave({ force_insert: true, using: 'default', update_fields: ['name', 'box'] }));
expectType<Promise<[number, Record<string, number>]>>(pizza.adelete({ using: 'replica' }));
expectType<Promise<void>>(pizza.arefresh_from_db({ fields: ['name'] }));
expectType<boolean>(pizza.equals(box));
pizza.name = 'y';
pizza.box = box;
pizza.box = null;
pizza.boxId = null;
expectError(pizza.asave({ update_fields: ['nme'] }));
// The key says which row: it is not written.
expectError(pizza.asave({ update_fields: ['id'] }));
expectError(pizza.arefresh_from_db({ fields: ['toppings'] }));
expectError((pizza.name = 5));
expectError((pizza.name = null));
expectError((pizza.box = price));
pizza.pk = 5;
pizza.pk = null;
expectError((pizza.pk = '5'));
expectError((pizza.a$box = Promise.resolve(box)));
expectError(pizza.save());

// --- models are not each other ---
expectNotAssignable<Pizza>(box);
expectNotAssignable<Box>(price);
expectAssignable<{ id: number; name: string }>(box);
expectError(Pizza.aobjects.contains(box));
expectType<boolean>(await Pizza.aobjects.contains(pizza));
// A text of its own, and not Object's.
expectAssignable<keyof Pizza>('toString');

// --- the class ---
expectAssignable<typeof ObjectDoesNotExist>(Pizza.DoesNotExist);
expectAssignable<ObjectDoesNotExist>(new Pizza.DoesNotExist('x'));
expectError(new Pizza.MultipleObjectsReturnd());
declare const missing: ObjectDoesNotExist;
if (!(missing instanceof Pizza.DoesNotExist)) {
  // Not Pizza's: there are others.
  expectType<string>(missing.message);
  expectType<boolean>(missing instanceof Box.DoesNotExist);
}
class Gone extends Pizza.DoesNotExist {}
expectAssignable<ObjectDoesNotExist>(new Gone('x'));
expectError(Pizza.objects);
declare const twofold: { name: string; priceId?: number; price?: Price };
expectError(new Pizza(twofold));
