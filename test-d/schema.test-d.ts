import { bit, halfvec, integer, pgSchema, pgTable, serial, text, vector } from 'drizzle-orm/pg-core';
import { defineModels, foreignKey } from 'drizzle-queryset';
import { expectAssignable, expectError, expectType } from 'tsd';
import { Author, Book, type Country, type Loan, Passport, Shop, Stock } from './schemas/library.js';
import { Box, db, Pizza, Price, Topping } from './schemas/pizza.js';

// --- forward: the column's key less its Id ---
const pizza = await Pizza.aobjects.get({ id: 1 });
expectType<Promise<Box | null>>(pizza.a$box);
expectType<Promise<Price>>(pizza.a$price);
expectType<Box | null | undefined>(pizza.box);
expectType<Price | undefined>(pizza.price);
expectError(pizza.a$boxId);
expectError(pizza.a$topping);

// --- reverse: <model>_set, or <model> for a one-to-one ---
const box = await Box.aobjects.get({ id: 1 });
expectType<Pizza[]>(await box.a$pizza_set);
expectError(box.a$pizza);
const price = await Price.aobjects.get({ id: 1 });
expectType<Promise<Pizza>>(price.a$pizza);
expectError(price.a$pizza_set);
const topping = await Topping.aobjects.get({ id: 1 });
expectType<Pizza[]>(await topping.a$pizza_set.all());

// --- _id, as well as Id; a key that is a reference; a key of text ---
const author = await Author.aobjects.get({ id: 1 });
expectType<Promise<Country | null>>(author.a$country);
expectType<string | null>(author.country_id);
const passport = await Passport.aobjects.get({ pk: 1 });
expectType<Promise<Author>>(passport.a$author);
expectType<number>(passport.pk);
expectType<Promise<Passport>>(author.a$passport);

// --- self, twice to one table, related_name, related_query_name ---
expectType<Promise<Author | null>>(author.a$mentor);
expectType<Author[]>(await author.a$students);
expectError(author.a$author_set);
expectType<Book[]>(await author.a$book_set);
expectType<Book[]>(await author.a$edited);
expectError(author.a$edited_book);
expectType<number>(await Author.aobjects.filter({ edited_book__title: 'x' }).count());
expectError(Author.aobjects.filter({ edited__title: 'x' }));

// --- one-to-one with itself ---
const book = await Book.aobjects.get({ isbn: 'x' });
expectType<Promise<Book | null>>(book.a$sequel_to);
expectType<Promise<Book>>(book.a$sequel);
expectType<string>(book.pk);
expectError(book.a$sequelTo);

// --- to a unique column that is not the key ---
expectType<Loan[]>(await book.a$loan_set);
expectType<number>(await Book.aobjects.filter({ loan__due: '2020-01-31' }).count());

// --- many to many: to itself, one-sided, with extra columns, in another schema ---
expectType<Author[]>(await author.a$friends);
expectType<Author[]>(await author.a$follows);
expectType<Author[]>(await author.a$followers);
const shop = await Shop.aobjects.get({ name: 'x' });
expectType<Book[]>(await shop.a$books);
expectType<Shop[]>(await book.a$shops);
expectType<Promise<Shop | null>>(shop.a$head);
expectError(author.a$friends_set);

// --- a key of several columns ---
const stock = await Stock.aobjects.get({ copies: 1 });
expectType<[number, string]>(stock.pk);
expectType<number>(await Stock.aobjects.filter({ pk: [1, 'x'] }).count());
expectError(Stock.aobjects.filter({ pk: [1] }));
expectError(Stock.aobjects.filter({ pk: 1 }));

// --- a spread is the row ---
expectAssignable<{ id: number; name: string; boxId: number | null; priceId: number }>({ ...pizza });
expectError({ ...pizza }.asave());

// --- the dimensions of a vector are no array's ---
const embeddings = pgTable('embedding', {
  id: serial().primaryKey(),
  whole: vector({ dimensions: 3 }).notNull(),
  half: halfvec({ dimensions: 3 }),
  bits: bit({ dimensions: 3 }).notNull(),
  tags: text().array().notNull(),
});
const { Embedding } = defineModels(db, { Embedding: embeddings });
expectType<[number[], number[] | null, string, string[]]>(
  await Embedding.aobjects.values_list('whole', 'half', 'bits', 'tags').get({ id: 1 }),
);
expectType<number[]>((await Embedding.aobjects.get({ id: 1 })).whole);

// --- row-level security, as 0.45 says it: the table keeps its keys, and references to it lead to it ---
const owners = pgTable('owner', { id: serial().primaryKey(), name: text().notNull() });
const files = pgTable('file', {
  id: serial().primaryKey(),
  ownerId: integer().references(() => owners.id),
}).enableRLS();
const pages = pgTable('page', { id: serial().primaryKey(), fileId: integer().references(() => files.id) }).enableRLS();
const { Owner, File, Page } = defineModels(db, { Owner: owners, File: files, Page: pages });
Owner.aobjects.filter({ file__page__id: 1 });
Page.aobjects.filter({ file__owner__name: 'x' });
expectError(File.aobjects.filter({ owner__nme: 'x' }));
expectAssignable<typeof files.$inferInsert>({ ownerId: 1 });
expectError(files.enableRLS());

// --- tables of one name in two schemas: which one a key leads to is declared ---
const users = pgTable('user', { id: serial().primaryKey(), nick: text() });
const authUsers = pgSchema('auth').table('user', { id: serial().primaryKey(), login: text() });
const posts = pgTable('post', { id: serial().primaryKey(), userId: integer().references(() => authUsers.id) });
const { User, AuthUser, Post } = defineModels(
  db,
  { User: users, AuthUser: authUsers, Post: posts },
  { Post: { user: foreignKey('userId', 'AuthUser') } },
);
expectType<Promise<InstanceType<typeof AuthUser> | null>>((await Post.aobjects.get({ id: 1 })).a$user);
Post.aobjects.filter({ user__login: 'x' });
AuthUser.aobjects.filter({ post__id: 1 });
expectError(Post.aobjects.filter({ user__nick: 'x' }));
expectError(User.aobjects.filter({ post__id: 1 }));
