// A lookup, a transform and a rule of your own get their types by module augmentation.
import { expectError, expectType } from 'tsd';
import type { Call, Expression, SpecOf, Typed } from 'drizzle-queryset';
import { Sample } from './schemas/library.js';

declare module 'drizzle-queryset' {
  interface TextLookups {
    soundslike: 'text';
    longer_than: 'number';
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
expectError(Sample.aobjects.filter({ txt__longer_than: 'x' }));
expectError(Sample.aobjects.filter({ txt__words: 'x' }));
expectError(Sample.aobjects.filter({ int__soundslike: 'x' }));
expectError(Sample.aobjects.values_list(Soundex('tx')));
