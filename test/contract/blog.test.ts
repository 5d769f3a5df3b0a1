// A schema in camelCase with Drizzle's `casing`, as an application would have it.
import { desc, eq, inArray, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { PGlite } from '@electric-sql/pglite';
import { integer, pgTable, serial, text, timestamp, boolean, jsonb, date, bigint } from 'drizzle-orm/pg-core';
import { mysqlTable, int } from 'drizzle-orm/mysql-core';
import {
  defineModels,
  F,
  FieldError,
  DefinitionError,
  Q,
  Count,
  Subquery,
  OuterRef,
  Window,
  RowNumber,
  TruncMonth,
  foreignKey,
  timezone,
} from 'drizzle-queryset';
import { expect, test, expectTypeOf } from 'vitest';

const authors = pgTable('author', {
  id: serial().primaryKey(),
  firstName: text().notNull(),
  bornOn: date({ mode: 'date' }),
  isActive: boolean().notNull().default(true),
});
const posts = pgTable('post', {
  id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  title: text().notNull(),
  authorId: integer()
    .notNull()
    .references(() => authors.id),
  editorId: integer().references(() => authors.id),
  publishedAt: timestamp({ withTimezone: true, mode: 'date' }).notNull(),
  meta: jsonb().$type<{ tags: string[]; views: number }>(),
  tags: text().array().notNull().default([]),
});
// Drizzle 1.0 has no `casing` of a database.
test.skipIf(process.env['TEST_DRIZZLE'] === '1')(
  'casing, bigint identity keys, two foreign keys to one table, Meta, time zones, documents, arrays',
  async () => {
    const client = new PGlite();
    const db = drizzle({ client, casing: 'snake_case', schema: { authors, posts } });
    await client.exec(`create table author (id serial primary key, first_name text not null, born_on date, is_active boolean not null default true);
  create table post (id bigint primary key generated always as identity, title text not null, author_id integer not null references author(id), editor_id integer references author(id), published_at timestamptz not null, meta jsonb, tags text[] not null default '{}')`);
    // @ts-expect-error two foreign keys to one table clash
    expect(() => defineModels(db, { Author: authors, Post: posts })).toThrow(DefinitionError);
    // @ts-expect-error two foreign keys to one table clash
    expect(() => defineModels(db, { Author: authors, Post: posts })).toThrow(/post_set|post/);
    expect(() => defineModels(db as never, { X: mysqlTable('x', { id: int() }) } as never)).toThrow(DefinitionError);
    const { Author, Post } = defineModels(
      db,
      { Author: authors, Post: posts },
      {
        Author: { Meta: { ordering: ['-firstName'] } },
        Post: {
          editor: foreignKey('editorId', 'Author', { related_name: 'edited', related_query_name: 'edit' }),
          Meta: { ordering: ['-publishedAt', 'id'], get_latest_by: ['publishedAt'] },
        },
      },
    );
    const a = await Author.aobjects.create({ firstName: 'Ann', bornOn: new Date('1990-05-05') });
    const b = await Author.aobjects.create({ firstName: 'Bob' });
    const p = await Post.aobjects.create({
      title: 'One',
      author: a,
      editor: b,
      publishedAt: new Date('2024-01-31T23:30:00Z'),
      meta: { tags: ['x'], views: 3 },
      tags: ['t1', 't2'],
    });
    expect(typeof p.id).toBe('bigint');
    await Post.aobjects
      .create({ title: 'Two', author_id: 1, authorId: b.id, publishedAt: new Date('2024-02-10T00:00:00Z') } as never)
      .catch((e: Error) => expect(e.message).toMatch(/author_id/));
    const p2 = await Post.aobjects.create({
      title: 'Two',
      authorId: b.id,
      publishedAt: new Date('2024-02-10T00:00:00Z'),
    });
    expect((await Author.aobjects.all()).map((x) => x.firstName)).toEqual(['Bob', 'Ann']);
    expect((await Author.aobjects.reverse()).map((x) => x.firstName)).toEqual(['Ann', 'Bob']);
    expect((await Post.aobjects.latest()).title).toBe('Two');
    expect((await Post.aobjects.first())!.title).toBe('Two');
    expect(await Author.aobjects.filter({ edit__title: 'One' }).count()).toBe(1);
    expect(await b.a$edited.count()).toBe(1);
    expect(await Post.aobjects.filter({ author__firstName__in: ['Ann'], editor__firstName: 'Bob' }).count()).toBe(1);
    expect(
      await Post.aobjects
        .filter({ meta__views__gte: 3, meta__tags__0: 'x', tags__contains: ['t1'], tags__len: 2, tags__0: 't1' })
        .count(),
    ).toBe(1);
    await timezone.override('Europe/Rome', async () => {
      expect(await Post.aobjects.filter({ publishedAt__month: 2 }).count()).toBe(2);
    });
    expect(await Post.aobjects.filter({ publishedAt__month: 2 }).count()).toBe(1);
    expect(await Post.aobjects.filter({ id: p2.id }).values_list('id', 'author__bornOn').first()).toEqual([
      p2.id,
      null,
    ]);
    expect(
      await Post.aobjects.filter({ author__bornOn__year: 1990, author__bornOn: new Date('1990-05-05') }).count(),
    ).toBe(1);
    expect(await Author.aobjects.dates('bornOn', 'month')).toEqual([new Date('1990-05-01')]);
    expect(
      await Post.aobjects
        .annotate({ m: TruncMonth('publishedAt') })
        .values('m')
        .annotate({ n: Count('id') })
        .order_by('m')
        .values_list('m', 'n'),
    ).toEqual([
      [new Date('2024-01-01'), 1],
      [new Date('2024-02-01'), 1],
    ]);
    const w = await Post.aobjects
      .annotate({ r: Window(RowNumber(), { partition_by: ['authorId'], order_by: F('id').asc() }) })
      .values_list('r', { flat: true });
    expect(w).toEqual([1, 1]);
    const sub = await Author.aobjects
      .annotate({
        last: Subquery(
          Post.aobjects
            .filter({ author: OuterRef('pk') })
            .order_by('-id')
            .values('title')
            .slice(0, 1),
        ),
      })
      .order_by('id')
      .values_list('last', { flat: true });
    expect(sub).toEqual(['One', 'Two']);
    expect(() => Post.aobjects.filter({ author__fistName: 'x' } as never)).toThrow(/Did you mean 'firstName'/);
    expect(() => Post.aobjects.filter({ author__fistName__icontains: 'x' } as never)).toThrow(
      /Author has no field 'fistName'. Did you mean 'firstName'/,
    );
    expect(() => Post.aobjects.filter({ title__year: 1 } as never)).toThrow(FieldError);
    expect(() => Post.aobjects.filter({ id: 'abc' } as never)).toThrow(TypeError);
    expect(() => Post.aobjects.filter({ author: p } as never)).toThrow(TypeError);
    expect(() => Post.aobjects.order_by('nope' as never)).toThrow(FieldError);
    expect(() => Post.aobjects.values('nope' as never)).toThrow(FieldError);
    expect(JSON.stringify(await Post.aobjects.values('title', 'author__firstName').order_by('id'))).toBe(
      '[{"title":"One","author__firstName":"Ann"},{"title":"Two","author__firstName":"Bob"}]',
    );
    const both = await Post.aobjects.select_related('author', 'editor').order_by('id');
    expect(both.map((x) => [x.author.firstName, x.editor?.firstName ?? null])).toEqual([
      ['Ann', 'Bob'],
      ['Bob', null],
    ]);
    expectTypeOf(both[0]!.author.firstName).toEqualTypeOf<string>();
    expect(await Post.aobjects.filter(Q({ author__in: Author.aobjects.filter({ firstName: 'Ann' }) })).count()).toBe(1);
    expect(await Author.aobjects.filter({ post__isnull: false }).distinct().count()).toBe(2);
    expect(await Author.aobjects.exclude({ post__title: 'One' }).values_list('firstName', { flat: true })).toEqual([
      'Bob',
    ]);
    expect(await Author.aobjects.filter(eq(authors.firstName, 'Ann'), sql`${authors.isActive}`).count()).toBe(1);
    expect(
      await Post.aobjects.filter({ author__in: Author.aobjects.filter(eq(authors.firstName, 'Ann')) }).count(),
    ).toBe(1);
    expect((await Author.aobjects.order_by(desc(authors.firstName)))[0]!.firstName).toBe('Bob');
    const inside = Author.aobjects.filter({ firstName: 'Ann' }).values('id');
    expect(await db.select().from(posts).where(inArray(posts.authorId, inside.getSQL()))).toHaveLength(1);
    p.title = 'Changed';
    await p.asave();
    expect((await Post.aobjects.get({ pk: p.pk })).title).toBe('Changed');
    const copy = await Post.aobjects.get({ pk: p.pk });
    copy.pk = null;
    await copy.asave({ force_insert: true });
    expect(await Post.aobjects.count()).toBe(3);
    expect(copy.id).not.toBe(p.id);
    const M2 = defineModels(db, { A: authors }, { A: { Meta: { ordering: [F('firstName').desc()] } } });
    expect((await M2.A.aobjects.all()).map((x) => x.firstName)).toEqual(['Bob', 'Ann']);
    await client.close();
  },
);
