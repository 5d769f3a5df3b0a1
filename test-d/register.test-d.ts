// A lookup, a transform and a rule of your own get their types by module augmentation.
import { type SQL, sql } from 'drizzle-orm';
import { bigint, date, doublePrecision, integer, text } from 'drizzle-orm/pg-core';
import { expectError, expectType } from 'tsd';
import {
  type Call,
  define_function,
  type Expression,
  register_lookup,
  register_transform,
  type SpecOf,
  type Typed,
  Value,
} from 'drizzle-queryset';
import { Sample } from './schemas/library.js';

declare module 'drizzle-queryset' {
  interface TextLookups {
    soundslike: 'text';
    longer_than: 'number';
  }
  interface OtherLookups {
    descends_from: 'text';
  }
  interface TextTransforms {
    words: Typed<'int', number>;
  }
}
declare function Soundex<const A extends string>(expression: A): Expression<Call<'text', [SpecOf<A>]>>;

Sample.aobjects.filter({ txt__soundslike: 'x', txt__longer_than: 5, txt__words__gt: 3, nothing__words: 3 });
expectType<[number, string, string | null][]>(
  await Sample.aobjects.values_list('txt__words', Soundex('txt'), Soundex('nothing')),
);
// A column of a custom type takes what is of texts, and what is of other types.
Sample.aobjects.filter({
  ages__soundslike: 'x',
  ages__words__gt: 3,
  ages__descends_from: 'x',
  cost__descends_from: 'x',
});
expectError(Sample.aobjects.filter({ txt__descends_from: 'x' }));
expectError(Sample.aobjects.filter({ txt__longer_than: 'x' }));
expectError(Sample.aobjects.filter({ txt__words: 'x' }));
expectError(Sample.aobjects.filter({ int__soundslike: 'x' }));
expectError(Sample.aobjects.values_list(Soundex('tx')));

// --- what is registered is what is declared ------------------------------------------------------------------------

declare module 'drizzle-queryset' {
  interface AnyLookups {
    distinct_from: 'same';
  }
  interface NumberLookups {
    strictly_between: 'pair';
    in_any: 'list';
  }
  interface NumberTransforms {
    doubled: Typed<'int', number>;
  }
  interface DateTimeTransforms {
    half_year: Typed<'int', number>;
  }
}

register_lookup('text', 'soundslike', { rhs: 'text', sql: (lhs, rhs) => sql`soundex(${lhs}) = soundex(${rhs})` });
register_lookup('any', 'distinct_from', { rhs: 'same', sql: (lhs, rhs) => sql`${lhs} is distinct from ${rhs}` });
register_lookup('number', 'strictly_between', {
  rhs: 'pair',
  sql: (lhs, low, high) => sql`${lhs} > ${low} and ${lhs} < ${high}`,
});
expectError(register_lookup('text', 'soundslike', { rhs: 'number', sql: (lhs, rhs) => sql`${lhs} = ${rhs}` }));
expectError(register_lookup('text', 'nowhere', { rhs: 'text', sql: (lhs: SQL, rhs: SQL) => sql`${lhs} = ${rhs}` }));
expectError(register_lookup('texts', 'soundslike', { rhs: 'text', sql: (lhs, rhs) => sql`${lhs} = ${rhs}` }));
expectError(register_lookup('text', 'soundslike', { rhs: 'text', sql: (lhs, rhs) => `${lhs} = ${rhs}` }));
expectError(register_lookup('text', 'soundslike', { rhs: 'text' }));

Sample.aobjects.filter({ txt__distinct_from: 'x', int__distinct_from: 1, int__strictly_between: [1, 5] });
expectError(Sample.aobjects.filter({ int__distinct_from: 'x' }));
expectError(Sample.aobjects.filter({ int__strictly_between: [1] }));

register_transform('text', 'words', { output_field: integer(), sql: (lhs) => sql`length(${lhs})` });
register_transform('number', 'doubled', { sql: (lhs) => sql`${lhs} * 2` });
register_transform('datetime', 'half_year', {
  output_field: integer(),
  sql: (lhs) => sql`extract(quarter from ${lhs})`,
});
expectError(register_transform('text', 'words', { output_field: text(), sql: (lhs) => sql`length(${lhs})` }));
expectError(register_transform('text', 'nowhere', { sql: (lhs) => sql`length(${lhs})` }));

const Initials = define_function('Initials', { arity: 1, output_field: text(), sql: (name) => sql`left(${name}, 1)` });
const Similarity = define_function('Similarity', { function: 'similarity', arity: 2, output_field: doublePrecision() });
const Twice = define_function('Twice', { arity: 1, sql: (value) => sql`${value} * 2` });
const Matching = define_function('Matching', {
  arity: 2,
  output_field: text(),
  nullable: true,
  sql: (value, pattern) => sql`substring(${value} from ${pattern})`,
});
const Clamp = define_function('Clamp', {
  arity: 3,
  sql: (x, low, high) => sql`least(greatest(${x}, ${low}), ${high})`,
});
const Today = define_function('Today', { arity: 0, output_field: date(), sql: () => sql`current_date` });
const Widest = define_function('Widest', { function: 'greatest', output_field: bigint({ mode: 'bigint' }) });

expectType<[string, string | null][]>(await Sample.aobjects.values_list(Initials('txt'), Initials('nothing')));
expectType<[number, number | null][]>(
  await Sample.aobjects.values_list(Similarity('txt', Value('x')), Similarity('txt', 'nothing')),
);
expectType<[number, string | null][]>(await Sample.aobjects.values_list(Twice('int'), Matching('txt', Value('a+'))));
expectType<[number, string, bigint][]>(
  await Sample.aobjects.values_list(Clamp('int', 0, 10), Today(), Widest('int', 2, 3, 4)),
);
Sample.aobjects
  .annotate({ start: Initials('txt') })
  .filter({ start__startswith: 'A' })
  .order_by(Twice('int').desc());
expectError(Sample.aobjects.values_list(Initials('tx')));
expectError(Initials());
expectError(Initials('txt', 'txt'));
expectError(Similarity('txt'));
expectError(define_function('Broken', { arity: 1 }));
expectError(define_function('Broken', { arity: 1, function: 'x', sql: (value: SQL) => sql`${value}` }));
expectError(define_function('Broken', { arity: 1, sql: (value: SQL, other: SQL) => sql`${value}${other}` }));
