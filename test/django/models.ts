// The judge's models: what the tables cannot say is what Django's models say with `related_name` and `Meta`.
import { defineModels, foreignKey, manyToMany, oneToOne } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/connect.js';
import * as tables from './tables.js';

/** All models over one database, which has two aliases as it has in Django's settings. */
export function djangoModels(db: AnyDatabase) {
  return defineModels(
    { default: db, other: db },
    {
      Topping: tables.toppings,
      Box: tables.boxes,
      Price: tables.prices,
      Pizza: tables.pizzas,
      Country: tables.countries,
      Publisher: tables.publishers,
      Category: tables.categories,
      Author: tables.authors,
      Profile: tables.profiles,
      Passport: tables.passports,
      Book: tables.books,
      Store: tables.stores,
      Stock: tables.stocks,
      Review: tables.reviews,
      Loan: tables.loans,
      Contract: tables.contracts,
      Event: tables.events,
      Num: tables.nums,
    },
    {
      Pizza: { toppings: manyToMany('Topping', { through: tables.pizzaToppings }) },
      Publisher: {
        country: foreignKey('country_id', 'Country', { related_name: 'publishers' }),
        Meta: { ordering: ['name'] },
      },
      Category: {
        parent: foreignKey('parent_id', 'Category', {
          related_name: 'children',
          related_query_name: 'child',
        }),
      },
      Author: {
        mentor: foreignKey('mentor_id', 'Author', { related_name: 'students' }),
        friends: manyToMany('Author', { through: tables.authorFriends }),
        follows: manyToMany('Author', {
          through: tables.authorFollows,
          symmetrical: false,
          related_name: 'followers',
        }),
        Meta: { get_latest_by: 'joined' },
      },
      Profile: { favourite: foreignKey('favourite_id', 'Book', { related_name: 'fans' }) },
      Book: {
        publisher: foreignKey('publisher_id', 'Publisher', { related_name: 'books' }),
        editor: foreignKey('editor_id', 'Author', {
          related_name: 'edited',
          related_query_name: 'edited_book',
        }),
        sequel_to: oneToOne('sequel_to_id', 'Book', { related_name: 'sequel' }),
        authors: manyToMany('Author', { through: tables.bookAuthors, related_name: 'books' }),
        categories: manyToMany('Category', { through: tables.bookCategories }),
        Meta: { get_latest_by: ['pubdate', 'id'] },
      },
      Store: { books: manyToMany('Book', { through: tables.stocks, related_name: 'stores' }) },
      Review: {
        book: foreignKey('book_id', 'Book', { related_name: 'reviews' }),
        reviewer: foreignKey('reviewer_id', 'Author', {
          related_name: 'reviews_written',
          related_query_name: 'review',
        }),
        Meta: { ordering: ['-stars', 'id'], get_latest_by: 'created' },
      },
      Loan: {
        book: foreignKey('book_id', 'Book', { related_name: 'loans' }),
        borrower: foreignKey('borrower_id', 'Author', { related_name: 'loans' }),
      },
      Contract: {
        publisher: foreignKey('publisher_id', 'Publisher', { related_name: 'contracts' }),
        author: foreignKey('author_id', 'Author', { related_name: 'contracts' }),
      },
      Num: { Meta: { ordering: ['i', '-id'] } },
    },
  );
}
