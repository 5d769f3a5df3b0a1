import { eq, sql } from 'drizzle-orm';
import { Count, defineModels, F, foreignKey, manyToMany, Sum } from 'drizzle-queryset';
import { expect, expectTypeOf, test } from 'vitest';
import { describeDatabases, type AnyDatabase } from '../support/databases.js';
import * as schema from './schema.js';

const define = (db: AnyDatabase) =>
  defineModels(db, schema, {
    memberships: {
      from_person: foreignKey('from_person_id', 'people', { related_name: 'sent' }),
      to_person: foreignKey('to_person_id', 'people', { related_name: 'received' }),
    },
    people: {
      friends: manyToMany('people', {
        through: schema.memberships,
        through_fields: ['from_person_id', 'to_person_id'],
        symmetrical: false,
        related_name: 'admirers',
      }),
      Meta: { ordering: ['email'], get_latest_by: 'joined_at' },
    },
    visits: {
      country: foreignKey('country_code', 'countries'),
      visitor: foreignKey('visitor_email', 'people', { related_name: 'trips', related_query_name: 'trip' }),
    },
    seats: { Meta: { primary_key: ['row', 'number'] } },
  });

describeDatabases(
  'a whole schema module',
  (database) => {
    test('models are the tables among its exports', () => {
      const models = define(database.db);
      expect(Object.keys(models).sort()).toEqual(
        ['countries', 'invoices', 'memberships', 'people', 'profiles', 'seats', 'teams', 'visits'].sort(),
      );
      expectTypeOf<keyof typeof models>().toEqualTypeOf<
        'countries' | 'invoices' | 'memberships' | 'people' | 'profiles' | 'seats' | 'teams' | 'visits'
      >();
    });
    test('relations of snake_case keys, schemas, enums, uuid, text and composite keys', async () => {
      const {
        teams: Team,
        people: Person,
        profiles: Profile,
        countries: Country,
        visits: Visit,
        invoices: Invoice,
        seats: Seat,
        memberships: M,
      } = define(database.db);
      const root = await Team.aobjects.create({ name: 'root' });
      const sub = await Team.aobjects.create({ name: 'sub', parent_team: root });
      expect((await sub.a$parent_team)?.equals(root)).toBe(true);
      expect(await root.a$teams_set.count()).toBe(1);
      expect(await Team.aobjects.filter({ parent_team__name: 'root' }).get()).toMatchObject({ name: 'sub' });
      expect(await Team.aobjects.filter({ teams__name: 'sub' }).get()).toMatchObject({ name: 'root' });
      expect(await Team.aobjects.filter({ parent_team_id: root.id }).count()).toBe(1);
      expect(await Team.aobjects.filter({ parent_team: root.id }).count()).toBe(1);
      expect(await Team.aobjects.filter({ parent_team__isnull: true }).count()).toBe(1);
      const ann = await Person.aobjects.create({ email: 'ann@x', team: root, settings: { limits: { daily: 3 } } });
      expect(ann.id).toMatch(/^[0-9a-f-]{36}$/);
      expect(ann.mood).toBe('ok');
      expectTypeOf(ann.mood).toEqualTypeOf<'sad' | 'ok' | 'happy'>();
      const bob = new Person({ email: 'bob@x', team_id: sub.id, mood: 'sad', born: '2000-01-02' });
      await bob.asave();
      expect(bob.id).toMatch(/^[0-9a-f-]{36}$/);
      expect((await Person.aobjects.all()).map((p) => p.email)).toEqual(['ann@x', 'bob@x']);
      expect((await Person.aobjects.latest()).email).toBe('bob@x');
      const profile = await Profile.aobjects.create({ person: ann, bio: 'hi' });
      expect(profile.pk).toBe(ann.id);
      expectTypeOf(profile.pk).toEqualTypeOf<string>();
      expect((await ann.a$profiles).bio).toBe('hi');
      await expect(bob.a$profiles).rejects.toBeInstanceOf(Profile.DoesNotExist);
      expect(await Person.aobjects.filter({ profiles__bio: 'hi' }).count()).toBe(1);
      expect(await Person.aobjects.filter({ profiles__isnull: true }).values_list('email', { flat: true })).toEqual([
        'bob@x',
      ]);
      expect(await Profile.aobjects.filter({ person__team__name: 'root' }).count()).toBe(1);
      // A key that is a reference has the same values on both sides of it.
      for (const value of [profile, ann, ann.id])
        expect(await Profile.aobjects.filter({ pk: value as never }).count()).toBe(1);
      expect(await Person.aobjects.filter({ profiles__pk: profile as never }).count()).toBe(1);
      for (const all of [Profile.aobjects.all(), Person.aobjects.all(), Profile.aobjects.values('pk')])
        expect(await Profile.aobjects.filter({ pk__in: all as never }).count()).toBe(1);
      expect(() => Profile.aobjects.filter({ pk__in: Team.aobjects.all() as never })).toThrow(/Use a QuerySet/);
      await Country.aobjects.create({ code: 'it', name: 'Italy' });
      const visit = await Visit.aobjects.create({ country_code: 'it', visitor: ann, days: 3 });
      expect((await visit.a$country).name).toBe('Italy');
      expect(visit.visitor_email).toBe('ann@x');
      expect((await visit.a$visitor).equals(ann)).toBe(true);
      expect(await Visit.aobjects.filter({ visitor: ann }).count()).toBe(1);
      expect(await Visit.aobjects.filter({ visitor: 'ann@x' }).count()).toBe(1);
      expect(await Visit.aobjects.filter({ visitor__in: [ann, bob] }).count()).toBe(1);
      expect(await Visit.aobjects.filter({ visitor__id: ann.id }).count()).toBe(1);
      expect(await Visit.aobjects.filter({ visitor__pk: ann.id }).count()).toBe(1);
      expect(await Visit.aobjects.filter({ visitor__team__name: 'root', country__name__startswith: 'I' }).count()).toBe(
        1,
      );
      expect(await Person.aobjects.filter({ trip__days__gte: 3 }).count()).toBe(1);
      expect(await ann.a$trips.count()).toBe(1);
      await ann.a$trips.create({ country_code: 'it' });
      expect(await ann.a$trips.count()).toBe(2);
      expect(await Person.aobjects.filter({ trip: visit }).values_list('email', { flat: true })).toEqual(['ann@x']);
      const [withTrips] = await Person.aobjects.filter({ email: 'ann@x' }).prefetch_related('trips__country');
      expect(withTrips!.trips.map((t) => t.days).sort()).toEqual([1, 3]);
      const invoice = await Invoice.aobjects.create({ payer: ann, total: '12.50' });
      expect((await invoice.a$payer)?.email).toBe('ann@x');
      expect(await ann.a$invoices_set.aggregate({ n: Count('id'), s: Sum('total') })).toEqual({ n: 1, s: '12.50' });
      expect(await Person.aobjects.filter({ invoices__total__gt: '10' }).count()).toBe(1);
      expect(await Invoice.aobjects.filter(eq(schema.invoices.total, '12.50')).count()).toBe(1);
      expect(
        await Invoice.aobjects
          .annotate({ twice: sql<string>`${schema.invoices.total} * 2` })
          .values_list('twice', { flat: true }),
      ).toEqual(['25.00']);
      expect(
        await Person.aobjects
          .filter({ invoices__in: Invoice.aobjects.filter(eq(schema.invoices.total, '12.50')) })
          .count(),
      ).toBe(1);
      expect(
        await Invoice.aobjects
          .filter(eq(schema.invoices.id, invoice.id))
          .update({ total: sql`${schema.invoices.total} + 1` }),
      ).toBe(1);
      expect(await Invoice.aobjects.filter({ payer__team__name: 'root' }).update({ total: F('total').add(1) })).toBe(1);
      await invoice.arefresh_from_db();
      expect(invoice.total).toBe('14.50');
      expect(await Invoice.aobjects.select_related('payer').filter({ payer__email: 'ann@x' }).delete()).toEqual([
        1,
        { invoices: 1 },
      ]);
      const seat = await Seat.aobjects.create({ row: 1, number: 2, label: 'A' });
      expect(seat.pk).toEqual([1, 2]);
      expectTypeOf(seat.pk).toEqualTypeOf<[number, number]>();
      expect((await Seat.aobjects.get({ pk: [1, 2] })).label).toBe('A');
      expect(
        await Seat.aobjects
          .filter({
            pk__in: [
              [1, 2],
              [3, 4],
            ],
          })
          .count(),
      ).toBe(1);
      seat.label = 'B';
      await seat.asave();
      expect(await Seat.aobjects.values_list('pk', 'label')).toEqual([[[1, 2], 'B']]);
      expect(await Seat.aobjects.values('pk')).toEqual([{ pk: [1, 2] }]);
      expect(await seat.adelete()).toEqual([1, { seats: 1 }]);
      await ann.a$friends.add(bob, { through_defaults: { since: 2020 } });
      expect(await bob.a$friends.count()).toBe(0);
      expect((await bob.a$admirers.get()).equals(ann)).toBe(true);
      expect((await ann.a$sent.get()).since).toBe(2020);
      expect(await M.aobjects.filter({ to_person__email: 'bob@x' }).count()).toBe(1);
      expect(await Person.aobjects.filter({ friends__email: 'bob@x' }).get()).toMatchObject({ email: 'ann@x' });
      expect(await Person.aobjects.filter({ admirers__email: 'ann@x' }).get()).toMatchObject({ email: 'bob@x' });
      expect(await Person.aobjects.filter({ sent__since__gte: 2020, settings__limits__daily: 3 }).count()).toBe(1);
      expect(await ann.a$received.exists()).toBe(false);
    });
  },
  { schema: schema.ddl, drivers: ['pglite'] },
);
