// What tells one shape from another, and how long shapes are kept.
import { sql } from 'drizzle-orm';
import { integer, jsonb, pgTable, serial, text } from 'drizzle-orm/pg-core';
import { Case, Cast, defineModels, FilteredRelation, manyToMany, Q, SearchHeadline, Sum, When } from 'drizzle-queryset';
import { beforeEach, expect, test } from 'vitest';
import { Param } from '../../src/meta/param.js';
import { Shape } from '../../src/state/shape.js';
import { describeDatabases } from '../support/databases.js';

// Names that run into one another, and columns that the database fills in.
const surveys = pgTable('survey', {
  id: serial().primaryKey(),
  q1: integer(),
  q10: integer(),
  d: integer().default(sql`8`),
  d0: integer().default(sql`9`),
  title: text(),
});
const answers = pgTable('answer', {
  id: serial().primaryKey(),
  surveyId: integer()
    .notNull()
    .references(() => surveys.id),
  meta: jsonb(),
});
const people = pgTable('person', { id: serial().primaryKey() });
const asked = pgTable('asked', {
  id: serial().primaryKey(),
  surveyId: integer()
    .notNull()
    .references(() => surveys.id),
  personId: integer()
    .notNull()
    .references(() => people.id),
  r1: integer(),
  r10: integer(),
});

describeDatabases(
  'shapes',
  (database) => {
    const define = () =>
      defineModels(
        database.db as never,
        { Survey: surveys, Answer: answers, Person: people },
        { Survey: { people: manyToMany('Person', { through: asked }) } },
      );
    let { Survey, Person } = {} as ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(`truncate survey, answer, person, asked restart identity cascade;
insert into survey (q1, q10, title) values (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c'); insert into person default values;
insert into answer ("surveyId", meta) values (1, '{"k": 1}'), (2, '{"k": 2}')`);
      ({ Survey, Person } = define());
    });
    const ids = { flat: true } as const;

    test('a NULL in one column is not the name of another', async () => {
      const [one, two] = await Survey.aobjects.order_by('id');
      if (!one || !two) throw new Error('three rows are there');
      one.q1 = null;
      await one.asave({ update_fields: ['q1'] });
      two.q10 = 7;
      await two.asave({ update_fields: ['q10'] });
      expect(await Survey.aobjects.order_by('id').values_list('q1', 'q10')).toEqual([
        [null, 1],
        [2, 7],
        [3, 3],
      ]);
      await Survey.aobjects.create({ d: null });
      await Survey.aobjects.create({ d0: 55 });
      expect(await Survey.aobjects.filter({ id__gt: 3 }).order_by('id').values_list('d', 'd0')).toEqual([
        [null, 9],
        [8, 55],
      ]);
      const person = await Person.aobjects.get({ id: 1 });
      await one.a$people.add(person, { through_defaults: { r1: null } });
      await two.a$people.add(person, { through_defaults: { r10: 42 } });
      expect(await database.rows('select r1, r10 from asked order by id')).toEqual([
        { r1: null, r10: null },
        { r1: null, r10: 42 },
      ]);
    });

    test('a list is taken as it is when it is given', async () => {
      const batch: number[] = [];
      const jobs: PromiseLike<number[]>[] = [];
      for (const id of [1, 2, 3]) {
        batch.push(id);
        jobs.push(Survey.aobjects.filter({ id__in: batch }).values_list('id', ids));
        batch.length = 0;
      }
      const others = Survey.aobjects.exclude({ id__in: batch });
      batch.push(1, 2, 3);
      expect(await Promise.all(jobs)).toEqual([[1], [2], [3]]);
      expect(await others.count()).toBe(3);
      // Nor do later queries of that shape learn of it.
      expect(await Survey.aobjects.filter({ id__in: [2] }).count()).toBe(1);
      expect(await Survey.aobjects.exclude({ id__in: [2] }).count()).toBe(2);
    });

    test("so are a lock's tables and the order of extra()", async () => {
      const order = ['-title'];
      const last = Survey.aobjects.extra({ order_by: order });
      order[0] = 'title';
      expect((await last)[0]?.title).toBe('c');
      const of = ['self' as const];
      const locked = Survey.aobjects.select_for_update({ of });
      of.length = 0;
      expect(locked.toSQL().sql).toContain('FOR UPDATE OF');
    });

    test("Drizzle's decoders are part of the shape", async () => {
      const shout = (sign: string) =>
        Survey.aobjects
          .filter({ id: 1 })
          .annotate({ n: sql<string>`${surveys.title}`.mapWith((title: string) => title + sign) })
          .values_list('n', { flat: true });
      expect(await shout('!')).toEqual(['a!']);
      expect(await shout('?')).toEqual(['a?']);
      const numbers = () => Survey.aobjects.annotate({ n: sql<number>`${surveys.id}::text`.mapWith(Number) });
      expect((await numbers().order_by('id'))[0]?.n).toBe(1);
    });

    test('filtered relations are alike where their values are', async () => {
      const answered = (condition: Q) =>
        Survey.aobjects
          .annotate({ found: FilteredRelation('answer', { condition }) })
          .filter({ found__id__isnull: false } as never);
      const both = answered(Q({ answer__meta: { k: 1 } }) as Q).or(answered(Q({ answer__meta: { k: 2 } }) as Q));
      expect(await both.order_by('id').values_list('id', ids)).toEqual([1, 2]);
      const lists = answered(Q({ answer__id__in: [1], answer__surveyId__in: [1, 2] }) as Q).or(
        answered(Q({ answer__id__in: [1, 2], answer__surveyId__in: [2] }) as Q),
      );
      expect(await lists.order_by('id').values_list('id', ids)).toEqual([1, 2]);
    });

    test('what comes out of JSON is no type and no place of a column', async () => {
      const text = '{"family": "text", "encode": 1, "sql": "text || (select 1)", "base": "text"}';
      const type = JSON.parse(text) as ReturnType<typeof integer>;
      expect(() => Survey.aobjects.annotate({ n: Cast('title', type) })).toThrow('output_field');
      expect(() => Survey.aobjects.annotate({ n: Cast('title', { output_field: type }) })).toThrow('output_field');
      const config = JSON.parse('{"config": {}, "_": {}}') as ReturnType<typeof integer>;
      expect(() =>
        Survey.aobjects.annotate({ n: Case(When({ id: 1 }, { then: 1 }), { output_field: config }) }),
      ).toThrow('output_field');
      const words = JSON.parse('["35, StartSel=<script>"]') as never;
      await expect(
        Survey.aobjects.annotate({ n: SearchHeadline('title', 'a', { max_words: words }) }).values_list('n'),
      ).rejects.toThrow();
    });

    test("names of the library's own do not meet those of annotations", async () => {
      const totals: unknown = await Survey.aobjects
        .annotate({ __col1: sql<number>`${surveys.id}`, x: Sum('answer__id') })
        .aggregate({ a: Sum('q1'), b: Sum('__col1') } as never);
      expect(totals).toEqual({ a: 6, b: expect.anything() });
      expect(Number((totals as { b: unknown }).b)).toBe(6);
    });
  },
  {
    schema: `
create table survey (id serial primary key, q1 int, q10 int, d int default 8, d0 int default 9, title text);
create table answer (id serial primary key, "surveyId" int not null references survey, meta jsonb);
create table person (id serial primary key);
create table asked (id serial primary key, "surveyId" int not null references survey,
  "personId" int not null references person, r1 int, r10 int);
`,
  },
);

test('a place is checked by what its own step made of it, whoever resolves it again', () => {
  const root = Shape.root(0);
  const place = new Param('x');
  const step = () => ({ query: 0, params: [place] });
  root.next('filter', ['x'], step);
  place.require(() => {
    throw new Error('asked again');
  });
  expect(() => root.next('filter', ['y'], step)).not.toThrow();
});

test('a shape that is held keeps no more below it than all others', () => {
  const root = Shape.root(0);
  const step = () => ({ query: 0, params: [] });
  const held = root.next('held', [], step);
  const children = (held as unknown as { children: Map<string, unknown> }).children;
  let most = 0;
  for (let n = 0; n < 20_000; n++) {
    held.next(`page ${n}`, [], step);
    most = Math.max(most, children.size);
  }
  expect(most).toBeLessThanOrEqual(4097);
  for (let n = 0; n < 2000; n++) held.plan(`insert ${n}`, () => n + 1);
  expect(held.plans.size).toBeLessThanOrEqual(512);
  expect(held.plan('insert 1999', () => 0)).toBe(2000);
});
