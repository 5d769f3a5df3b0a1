// Keys of several columns as Django 5.2 has them: a tenant's users and their comments, whose tenant is a relation too.
import { foreignKey as reference, integer, pgTable, primaryKey, serial, text } from 'drizzle-orm/pg-core';
import { Count, defineModels, Exists, FieldError, foreignKey, Max, OuterRef, Subquery } from 'drizzle-queryset';
import { beforeEach, expect, expectTypeOf, test } from 'vitest';
import { describeDatabases, type AnyDatabase } from '../support/databases.js';

const tenants = pgTable('tenant', { id: serial().primaryKey(), name: text().notNull() });
const ofTenant = () => ({
  tenantId: integer('tenant_id')
    .notNull()
    .references(() => tenants.id, { onDelete: 'cascade' }),
  id: integer().notNull(),
});
const users = pgTable('tenant_user', { ...ofTenant(), email: text().notNull() }, (t) => [
  primaryKey({ columns: [t.tenantId, t.id] }),
]);
const comments = pgTable(
  'tenant_comment',
  { ...ofTenant(), userId: integer('user_id'), body: text().notNull().default('') },
  (t) => [
    primaryKey({ columns: [t.tenantId, t.id] }),
    reference({ columns: [t.tenantId, t.userId], foreignColumns: [users.tenantId, users.id] }),
  ],
);
const schema = `
  create table tenant (id serial primary key, name text not null);
  create table tenant_user (tenant_id integer not null references tenant (id) on delete cascade, id integer not null,
    email text not null, primary key (tenant_id, id));
  create table tenant_comment (tenant_id integer not null references tenant (id) on delete cascade, id integer not null,
    user_id integer, body text not null default '', primary key (tenant_id, id),
    foreign key (tenant_id, user_id) references tenant_user (tenant_id, id));
`;
const rows = `
  truncate tenant, tenant_user, tenant_comment restart identity;
  insert into tenant (name) values ('one'), ('two');
  insert into tenant_user (tenant_id, id, email) values (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'c');
  insert into tenant_comment (tenant_id, id, user_id, body) values (1, 1, 1, 'x'), (1, 2, 1, 'y'), (2, 1, 1, 'z'), (2, 2, null, 'w');
`;
const define = (db: AnyDatabase) =>
  defineModels(
    db,
    { Tenant: tenants, User: users, Comment: comments },
    {
      User: { Meta: { primary_key: ['tenantId', 'id'] } },
      Comment: {
        user: foreignKey(['tenantId', 'userId'], 'User', { related_name: 'comments' }),
        Meta: { primary_key: ['tenantId', 'id'], ordering: ['pk'] },
      },
    },
  );

describeDatabases(
  'models with keys of several columns',
  (database) => {
    let { Tenant, User, Comment } = {} as ReturnType<typeof define>;
    beforeEach(async () => {
      await database.run(rows);
      ({ Tenant, User, Comment } = define(database.db));
      database.forget();
    });

    test('a column of the key is a relation of its own beside it', async () => {
      const comment = await Comment.aobjects.select_related('tenant', 'user').get({ pk: [1, 2] });
      expectTypeOf(comment.tenant.name).toEqualTypeOf<string>();
      expectTypeOf(comment.user).not.toBeAny();
      expect([comment.tenant.name, comment.user?.email]).toEqual(['one', 'a']);
      expect(database.statements.length).toBe(1);
      const tenant = await Tenant.aobjects.get({ name: 'two' });
      expect((await tenant.a$comment_set.order_by('id')).map((each) => each.body)).toEqual(['z', 'w']);
      expect(await Comment.aobjects.filter({ tenant__name: 'one', user__email: 'a' }).count()).toBe(2);
    });

    test('rows are made by their key as one value', async () => {
      const user = await User.aobjects.create({ pk: [2, 7], email: 'd' });
      expect({ ...user }).toEqual({ tenantId: 2, id: 7, email: 'd' });
      const comment = new Comment({ pk: [2, 9], user });
      await comment.asave();
      expect((await comment.a$user)?.email).toBe('d');
      expect((await user.a$comments).map((each) => each.pk)).toEqual([[2, 9]]);
    });

    test('keys compare as rows do', async () => {
      const keys = (qs: PromiseLike<readonly { pk: unknown }[]>) => qs.then((all) => all.map((each) => each.pk));
      const all = User.aobjects.order_by('pk');
      expect(await keys(all.filter({ pk__gt: [1, 1] }))).toEqual([
        [1, 2],
        [2, 1],
      ]);
      expect(await keys(all.filter({ pk__gte: [2, 0] }))).toEqual([[2, 1]]);
      expect(await keys(all.filter({ pk__lt: [1, 2] }))).toEqual([[1, 1]]);
      expect(await keys(all.filter({ pk__lte: [1, 2] }))).toEqual([
        [1, 1],
        [1, 2],
      ]);
      expect(await keys(all.exclude({ pk__lt: [2, 1] }))).toEqual([[2, 1]]);
      expect(
        await keys(
          all.filter({
            pk__in: [
              [2, 1],
              [1, 1],
              [9, 9],
            ],
          }),
        ),
      ).toEqual([
        [1, 1],
        [2, 1],
      ]);
      expect(await keys(all.filter({ pk__in: [] }))).toEqual([]);
      expect(await keys(all.exclude({ pk__in: [[2, 1]] }).filter({ pk__gt: [1, 1] }))).toEqual([[1, 2]]);
      // The first column decides, though the second one is NULL in one of them.
      expect(await Comment.aobjects.filter({ user__gt: [1, 1] }).count()).toBe(2);
      expect(await Comment.aobjects.filter({ user__lte: await User.aobjects.get({ pk: [1, 1] }) }).count()).toBe(2);
      await expect(async () => all.filter({ pk__gt: 1 as never }).eval()).rejects.toThrow(
        "'pk' takes an instance or 2",
      );
    });

    test('an outer key', async () => {
      const own = Comment.aobjects.filter({ user: OuterRef('pk') });
      expect(await User.aobjects.filter(Exists(own)).order_by('pk').values_list('email', { flat: true })).toEqual([
        'a',
        'c',
      ]);
      expect(await User.aobjects.filter(Exists(own).not()).values_list('email', { flat: true })).toEqual(['b']);
      const last = Subquery(own.order_by('-id').values('body').slice(0, 1));
      expect(await User.aobjects.annotate({ last }).order_by('pk').values_list('email', 'last')).toEqual([
        ['a', 'y'],
        ['b', null],
        ['c', 'z'],
      ]);
      const same = Comment.aobjects.filter({ pk: OuterRef('pk'), body__in: ['x', 'w'] });
      expect(await Comment.aobjects.filter(Exists(same)).values_list('body', { flat: true })).toEqual(['x', 'w']);
      expect(() => Comment.aobjects.filter({ pk__in: OuterRef('pk') as never })).toThrow(FieldError);
    });

    test('groups, counts and aggregates', async () => {
      expect(
        await User.aobjects
          .annotate({ n: Count('comments') })
          .order_by('pk')
          .values_list('pk', 'n'),
      ).toEqual([
        [[1, 1], 2],
        [[1, 2], 0],
        [[2, 1], 1],
      ]);
      expect(await Comment.aobjects.aggregate({ n: Count('pk'), last: Max('id') })).toEqual({ n: 4, last: 2 });
    });
  },
  { schema },
);
