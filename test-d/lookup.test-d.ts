import { expectError } from 'tsd';
import { F, Lower } from 'drizzle-queryset';
import { Sample } from './schemas/library.js';

const S = Sample.aobjects;

// --- text ---
S.filter({
  txt: 'x',
  txt__exact: 'x',
  txt__iexact: 'x',
  txt__contains: 'x',
  txt__icontains: 'x',
  txt__startswith: 'x',
});
S.filter({
  txt__istartswith: 'x',
  txt__endswith: 'x',
  txt__iendswith: 'x',
  txt__regex: 'x',
  txt__iregex: 'x',
  txt__search: 'x',
});
S.filter({
  txt__in: ['a', 'b'],
  txt__range: ['a', 'b'],
  txt__isnull: true,
  txt__gt: 'a',
  txt__gte: 'a',
  txt__lt: 'a',
  txt__lte: 'a',
});
expectError(S.filter({ txt: 1 }));
expectError(S.filter({ txt: null }));
expectError(S.filter({ txt: undefined }));
expectError(S.filter({ txt__in: 'abc' }));
expectError(S.filter({ txt__in: [1] }));
expectError(S.filter({ txt__range: ['a'] }));
expectError(S.filter({ txt__isnull: 'yes' }));
expectError(S.filter({ txt__year: 2020 }));
expectError(S.filter({ txt__starts: 'x' }));
S.filter({ nothing: null });

// --- a text column's enum, and PostgreSQL's ---
S.filter({ kind: 'a', kind__in: ['a', 'b'], mood: 'happy', mood__in: ['sad'], mood__icontains: 'a' });
expectError(S.filter({ kind: 'c' }));
expectError(S.filter({ mood: 'angry' }));
expectError(S.filter({ mood__in: ['sad', 'angry'] }));

// --- numbers, each in its column's mode ---
S.filter({ small: 1, int__gt: 1, big__gte: 1, huge__lt: 1n, real__lte: 1.5, double__range: [1, 2] });
S.filter({ dec: '1.50', decNumber: 1.5, int__in: [1, 2], huge__in: [1n] });
expectError(S.filter({ int: '1' }));
expectError(S.filter({ huge: 1 }));
expectError(S.filter({ dec: 1.5 }));
expectError(S.filter({ decNumber: '1.5' }));
expectError(S.filter({ int__contains: '1' }));
expectError(S.filter({ int__range: [1, 2, 3] }));
expectError(S.filter({ flag: 1 }));
S.filter({ flag: true, flag__in: [true, false] });

// --- dates and times ---
S.filter({
  day: '2020-01-31',
  dayDate: new Date(),
  moment__gt: new Date(),
  momentText: '2020-01-01',
  clock__lt: '12:00',
  span: '1 day',
});
S.filter({ day__year: 2020, day__month__in: [1, 2], day__week_day: 1, day__iso_year__gte: 2020, day__quarter: 1 });
S.filter({
  moment__date: new Date(),
  moment__date__gt: '2020-01-31',
  moment__time: '12:00',
  moment__hour__lt: 12,
  clock__minute: 5,
});
S.filter({
  momentText__date: '2020-01-31',
  moment__date__year: 2020,
  moment__iso_week_day: 7,
  moment__second__range: [0, 30],
});
expectError(S.filter({ day: new Date() }));
expectError(S.filter({ dayDate: 5 }));
expectError(S.filter({ day__hour: 1 }));
expectError(S.filter({ clock__year: 1 }));
expectError(S.filter({ day__year: '2020' }));
expectError(S.filter({ moment__date__hour: 1 }));
expectError(S.filter({ day__yeer: 2020 }));
expectError(S.filter({ day__contains: '2020' }));

// --- uuid, bytes, addresses ---
S.filter({ uid: 'x', uid__startswith: 'x', raw: new Uint8Array(), host__startswith: '10.', host: null });
expectError(S.filter({ uid: 1 }));
expectError(S.filter({ raw: 'x' }));

// --- documents, typed by $type ---
S.filter({ doc__a__b: 1, doc__a__b__gt: 1, doc__list__0: 'x', doc__list__0__icontains: 'x', doc__maybe: null });
S.filter({
  doc__has_key: 'a',
  doc__has_keys: ['a'],
  doc__has_any_keys: ['a', 'b'],
  doc__contains: { a: { b: 1 } },
  doc__a__isnull: true,
});
S.filter({ doc__contained_by: { a: { b: 1 }, list: [] }, anything__x__y__0: 1, anything__x__gt: 'a' });
expectError(S.filter({ doc__c: 1 }));
expectError(S.filter({ doc__a__b: 'x' }));
expectError(S.filter({ doc__has_key: 1 }));
expectError(S.filter({ doc__has_keys: 'a' }));
expectError(S.filter({ doc__contains: { a: { b: 'x' } } }));
expectError(S.filter({ doc__list__x: 1 }));

// --- arrays ---
S.filter({
  words: ['a'],
  words__contains: ['a'],
  words__contained_by: ['a'],
  words__overlap: ['a', 'b'],
  words__len: 2,
  words__len__gt: 1,
});
S.filter({ words__0: 'a', words__0__icontains: 'a', words__0_2: ['a', 'b'], numbers__1__gt: 5 });
S.filter({ words__contains: [Lower(F('txt')), 'a'], numbers__overlap: [F('int'), 1] });
S.filter({
  words__overlap: Sample.aobjects.values('txt'),
  numbers__in: Sample.aobjects.values_list('numbers', { flat: true }),
});
expectError(S.filter({ words__in: Sample.aobjects.values_list('numbers', { flat: true }) }));
expectError(S.filter({ words__contains: 'a' }));
expectError(S.filter({ words__contains: [1] }));
expectError(S.filter({ words__len: '2' }));
expectError(S.filter({ words__0__gt: 1 }));
expectError(S.filter({ words__year: 1 }));

// --- a custom type may be a text, a moment, a range: its SQL type is not seen ---
S.filter({
  ages: '[1,5)',
  ages__contains: 4,
  ages__contained_by: '[1,5)',
  ages__overlap: '[1,2)',
  ages__fully_lt: '[1,2)',
});
S.filter({ ages__adjacent_to: '[1,2)', ages__isempty: false, ages__upper_inf: true, ages__startswith__gte: 3 });
S.filter({
  ages__icontains: 'x',
  ages__year: 2020,
  ages__contains: F('int'),
  cost: { amount: 1 },
  cost__gt: { amount: 1 },
});
expectError(S.filter({ ages: 1 }));
expectError(S.filter({ ages__isempty: 'yes' }));
expectError(S.filter({ ages__nosuch: 1 }));
expectError(S.filter({ cost: 5 }));

// --- an expression of a fitting type stands for a value ---
S.filter({ int: F('small'), dec__gt: F('int').mul(2), txt: F('nothing'), moment__lt: F('dayDate') });
expectError(S.filter({ int: F('txt') }));
expectError(S.filter({ txt: F('int') }));
expectError(S.filter({ flag: F('int') }));
