// What the database reports, by name and with the driver's own error; and bad input that never gets there.
import { DrizzleQueryError } from 'drizzle-orm';
import { drizzle as drizzleNodePostgres } from 'drizzle-orm/node-postgres';
import { drizzle as drizzlePostgresJs } from 'drizzle-orm/postgres-js';
import {
  atomic,
  DatabaseError,
  DataError,
  FieldError,
  IntegrityError,
  InternalError,
  NotSupportedError,
  OperationalError,
  ProgrammingError,
  TransactionManagementError,
  ProtectedError,
  RawSQL,
  ValueError,
} from 'drizzle-queryset';
import { Pool } from 'pg';
import postgres from 'postgres';
import { beforeEach, describe, expect, inject, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
import { connect } from '../support/connect.js';
import { type AnyDatabase, describeDatabases } from '../support/databases.js';

describeDatabases(
  'errors',
  (database) => {
    let { Topping, Box, Price, Pizza } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Box, Price, Pizza } = defineShop(database.db));
      database.forget();
    });
    const failure = async (work: () => PromiseLike<unknown>) => {
      try {
        await work();
      } catch (error) {
        return error as DatabaseError;
      }
      throw new Error('It did not fail.');
    };

    describe('the database’s own, by class', () => {
      test('a unique value twice', async () => {
        const error = await failure(() => Pizza.aobjects.create({ name: 'x', priceId: 1 }));
        expect(error).toBeInstanceOf(IntegrityError);
        expect(error).toBeInstanceOf(DatabaseError);
        expect([error.code, error.constraint]).toEqual(['23505', 'pizza_price_id_key']);
        expect(error.cause).toMatchObject({ code: '23505' });
        expect(error.message).toContain('pizza_price_id_key');
      });
      test('a key that points nowhere, NULL where it may not be', async () => {
        expect(await failure(() => Pizza.aobjects.create({ name: 'x', priceId: 99 }))).toMatchObject({
          name: 'IntegrityError',
          code: '23503',
        });
        expect(
          await failure(() =>
            database.db
              .execute('insert into topping (name) values (null)')
              .then(() => 0)
              .catch(() => Topping.aobjects.create({ name: null as never })),
          ),
        ).toMatchObject({ name: 'IntegrityError', code: '23502' });
      });
      test('a row that others point at', async () => {
        await database.run(
          'create table keeper (id serial primary key, box_id integer references box (id)); insert into keeper (box_id) values (1)',
        );
        const error = await failure(() => Box.aobjects.filter({ id: 1 }).delete());
        expect(error).toBeInstanceOf(ProtectedError);
        expect(error).toBeInstanceOf(IntegrityError);
        const box = await Box.aobjects.get({ id: 1 });
        expect(await failure(() => box.adelete())).toBeInstanceOf(ProtectedError);
        expect(box.id).toBe(1);
        await database.run('drop table keeper');
      });
      test('a value that does not fit', async () => {
        expect(await failure(() => Topping.aobjects.create({ name: 'x'.repeat(31) }))).toMatchObject({
          name: 'DataError',
          code: '22001',
        });
        expect(await failure(() => Price.aobjects.create({ amount: '999999999.99' }))).toBeInstanceOf(DataError);
        expect(await failure(() => Topping.aobjects.create({ id: 2 ** 40, name: 'x' }))).toMatchObject({
          name: 'DataError',
          code: '22003',
        });
        expect(await failure(() => Topping.aobjects.filter({ name__regex: '(' }))).toMatchObject({
          name: 'DataError',
          code: '2201B',
        });
        expect(await failure(() => Price.aobjects.annotate({ n: RawSQL('1 / 0') }))).toMatchObject({
          name: 'DataError',
          code: '22012',
        });
      });
      test('after some of its rows, and what is asked next', async () => {
        const late = Price.aobjects.annotate({ n: RawSQL('1 / (2 - "price"."id")') }).order_by('id');
        // On each connection that the next one may take.
        await Promise.all(
          Array.from({ length: 4 }, async () => expect(await failure(() => late)).toBeInstanceOf(DataError)),
        );
        expect(await Topping.aobjects.filter({ id: 1 }).values_list('id', { flat: true })).toEqual([1]);
        expect(await failure(() => late)).toBeInstanceOf(DataError);
        expect((await Topping.aobjects.raw('select * from topping where id = 1')).length).toBe(1);
        expect(await failure(() => late)).toBeInstanceOf(DataError);
        const streamed: unknown[] = [];
        for await (const topping of Topping.aobjects.filter({ id: 1 }).iterator()) streamed.push(topping.pk);
        expect(streamed).toEqual([1]);
      });
      test('a table that is not there, SQL that is none', async () => {
        await database.run('alter table topping rename to elsewhere');
        const error = await failure(() => Topping.aobjects.count());
        await database.run('alter table elsewhere rename to topping');
        expect(error).toBeInstanceOf(ProgrammingError);
        expect(await failure(() => Topping.aobjects.raw('select nonsense from'))).toBeInstanceOf(ProgrammingError);
      });
      test('every class of SQLSTATE, as Django’s driver reads them', async () => {
        await database.run(
          `create function fail(code text) returns integer language plpgsql as
           $$ begin raise exception 'no' using errcode = code; end $$`,
        );
        const classes: [typeof DatabaseError, string[]][] = [
          [
            OperationalError,
            ['08006', '26000', '28P01', '34000', '40001', '40P01', '53300', '55P03', '58030', 'HV000'],
          ],
          [ProgrammingError, ['20000', '21000', '3D000', '3F000', '42601', '42P01', '44000']],
          [InternalError, ['24000', '25P01', '2B000', '2D000', '38000', '39000', '3B001', 'F0000', 'P0001', 'XX000']],
          [IntegrityError, ['23000', '23P01']],
          [DataError, ['22P02']],
          [NotSupportedError, ['0A000']],
          [DatabaseError, ['72000', 'ABCDE']],
        ];
        for (const [kind, codes] of classes)
          for (const code of codes) {
            const error = await failure(() => Topping.aobjects.annotate({ n: RawSQL(`fail('${code}')`) }));
            expect([code, error.constructor]).toEqual([code, kind]);
            expect(error).toMatchObject({ code, cause: { code } });
          }
      });
      test('a transaction that is broken already', async () => {
        const seen: unknown[] = [];
        await atomic(database.db as never, async () => {
          seen.push(await failure(() => Topping.aobjects.create({ id: 1, name: 'x' })));
          seen.push(await failure(() => Topping.aobjects.count()));
        }).catch(() => {});
        expect(seen[0]).toBeInstanceOf(IntegrityError);
        // Known before it is sent, as in Django; in a transaction of Drizzle's own the database says it.
        expect(seen[1]).toBeInstanceOf(TransactionManagementError);
        await database.db
          .transaction(async (tx) => {
            await failure(() => Topping.aobjects.using(tx).create({ id: 1, name: 'x' }));
            seen.push(await failure(() => Topping.aobjects.using(tx).count()));
          })
          .catch(() => {});
        expect(seen[2]).toBeInstanceOf(InternalError);
        expect(await Topping.aobjects.count()).toBe(3);
      });
      // PGlite has no clock that could interrupt it.
      test.skipIf(database.driver === 'pglite')(
        'a statement that takes too long',
        async () => {
          const error = await failure(() =>
            atomic(database.db as never, async () => {
              await Topping.aobjects.raw("select set_config('statement_timeout', '30', true) as id");
              await Topping.aobjects.annotate({ n: RawSQL('pg_sleep(2)') });
            }),
          );
          expect(error).toMatchObject({ name: 'OperationalError', code: '57014' });
        },
        15_000,
      );
      test('an error of the user’s own goes through as it is', async () => {
        class Mine extends Error {}
        const mine = new Mine('no');
        expect(
          await failure(() =>
            atomic(database.db as never, async () => {
              throw mine;
            }),
          ),
        ).toBe(mine);
      });
    });

    describe('refused before anything is sent', () => {
      const cases: [string, (s: ReturnType<typeof defineShop>) => unknown, unknown][] = [
        [
          'an unsaved instance as a related object',
          ({ Pizza, Box }) => Pizza.aobjects.filter({ box: new Box({ name: 'x' }) }),
          ValueError,
        ],
        [
          'an instance of another model',
          ({ Pizza, Topping }) => Pizza.aobjects.filter({ box: new Topping({ id: 1, name: 'x' }) as never }),
          ValueError,
        ],
        [
          'create() with an unsaved related object',
          ({ Pizza, Price }) => Pizza.aobjects.create({ name: 'x', price: new Price({ amount: '1' }) }),
          ValueError,
        ],
        ['create() with what is no field', ({ Topping }) => Topping.aobjects.create({ nmae: 'x' } as never), TypeError],
        ['create() with a wrong type', ({ Price }) => Price.aobjects.create({ amount: 'much' }), ValueError],
        [
          'create() with NUL in text',
          ({ Topping }) => Topping.aobjects.create({ name: String.fromCharCode(0) }),
          ValueError,
        ],
        ['update() with undefined', ({ Topping }) => Topping.aobjects.update({ name: undefined as never }), ValueError],
        [
          'update() with what is no field',
          ({ Topping }) => Topping.aobjects.update({ nmae: 'x' } as never),
          FieldError,
        ],
        ['update() with a wrong type', ({ Pizza }) => Pizza.aobjects.update({ boxId: 'big' as never }), ValueError],
        [
          'update() of a many-to-many relation',
          ({ Pizza }) => Pizza.aobjects.update({ toppings: [1] } as never),
          FieldError,
        ],
        [
          'bulk_create() of another model',
          ({ Topping, Box }) => Topping.aobjects.bulk_create([new Box({ name: 'x' })] as never),
          ValueError,
        ],
        [
          'bulk_create() of plain objects',
          ({ Topping }) => Topping.aobjects.bulk_create([{ name: 'x' }] as never),
          ValueError,
        ],
        [
          'bulk_create() with a batch size of 0',
          ({ Topping }) => Topping.aobjects.bulk_create([new Topping({ name: 'x' })], { batch_size: 0 }),
          ValueError,
        ],
        [
          'bulk_update() without fields',
          ({ Topping }) => Topping.aobjects.bulk_update([new Topping({ id: 1, name: 'x' })], []),
          ValueError,
        ],
        [
          'bulk_update() of a key',
          ({ Topping }) => Topping.aobjects.bulk_update([new Topping({ id: 1, name: 'x' })], ['id'] as never),
          ValueError,
        ],
        [
          'bulk_update() of the unsaved',
          ({ Topping }) => Topping.aobjects.bulk_update([new Topping({ name: 'x' })], ['name']),
          ValueError,
        ],
        [
          'iterator() in chunks of none',
          async ({ Topping }) => {
            for await (const _ of Topping.aobjects.iterator({ chunk_size: 0 })) void _;
          },
          ValueError,
        ],
        [
          'values_list(flat) of two',
          ({ Topping }) => Topping.aobjects.values_list('id', 'name', { flat: true } as never),
          TypeError,
        ],
        [
          'values_list(flat, named)',
          ({ Topping }) => Topping.aobjects.values_list('id', { flat: true, named: true } as never),
          TypeError,
        ],
        [
          'select_for_update(nowait, skip_locked)',
          ({ Topping }) => Topping.aobjects.select_for_update({ nowait: true, skip_locked: true }),
          ValueError,
        ],
        ['dates() of another kind', ({ Delivery }) => Delivery.aobjects.dates('day', 'hour' as never), ValueError],
        [
          'dates() in another order',
          ({ Delivery }) => Delivery.aobjects.dates('day', 'day', 'UP' as never),
          ValueError,
        ],
        [
          'explain() with unknown options',
          ({ Topping }) => Topping.aobjects.explain({ nonsense: true } as never),
          ValueError,
        ],
        [
          'prefetch_related() of nothing known',
          ({ Pizza }) => Pizza.aobjects.prefetch_related('nothing' as never),
          Error,
        ],
        [
          'update() of what was combined',
          ({ Topping }) => Topping.aobjects.union(Topping.aobjects.all()).update({ name: 'x' }),
          NotSupportedError,
        ],
      ];
      test.each(cases)('%s', async (_name, work, kind) => {
        const error = await failure(async () => work({ Topping, Box, Price, Pizza, ...rest() }));
        expect(error).toBeInstanceOf(kind as typeof Error);
        // Django's NotSupportedError is a DatabaseError; one of our own has no cause.
        expect((error as Error).cause).toBeUndefined();
        expect(database.statements.filter((s) => /^(insert|update|delete)/i.test(s.sql))).toEqual([]);
      });
      const rest = () => ({ Delivery: defineShop(database.db).Delivery });
    });

    test('a closed connection', async () => {
      const { db, close } = await connect(database.driver, {
        serverUrl: inject('serverUrl'),
        pgliteImage: inject('pgliteImage'),
      });
      const shop = defineShop(db);
      await close();
      for (const work of [
        () => shop.Topping.aobjects.count(),
        () => shop.Topping.aobjects.create({ name: 'x' }),
        () => shop.Topping.aobjects.all().eval(),
        () => shop.Topping.aobjects.get({ id: 1 }),
        () => atomic(db as never, () => shop.Topping.aobjects.count()),
      ]) {
        const error = await failure(work);
        expect(error).toBeInstanceOf(OperationalError);
        expect(error.cause).toBeInstanceOf(Error);
      }
    });

    test.skipIf(database.driver === 'pglite')('a server that is not there', async () => {
      const client =
        database.driver === 'postgres-js'
          ? postgres('postgres://nobody@127.0.0.1:1/none', { max: 1 })
          : new Pool({ connectionString: 'postgres://nobody@127.0.0.1:1/none' });
      const db = (database.driver === 'postgres-js'
        ? drizzlePostgresJs({ client: client as postgres.Sql })
        : drizzleNodePostgres({ client: client as Pool })) as unknown as AnyDatabase;
      const error = await failure(() => defineShop(db).Topping.aobjects.count());
      expect(error).toBeInstanceOf(OperationalError);
      expect(error.message).toContain('ECONNREFUSED');
      expect(error.cause).toMatchObject({ code: 'ECONNREFUSED' });
      await client.end();
    });

    test.skipIf(database.driver !== 'node-postgres')(
      'a connection or an answer that does not come in time',
      async () => {
        const options = { connectionString: `${inject('serverUrl')}/postgres`, max: 1 };
        const client = new Pool({ ...options, connectionTimeoutMillis: 50, query_timeout: 50 });
        const db = drizzleNodePostgres({ client }) as unknown as AnyDatabase;
        const shop = defineShop(db);
        const slow = shop.Topping.aobjects.raw("select pg_sleep(1)::text as name, 1 as id where 'secret' = %s", [
          'secret',
        ]);
        const late = [await failure(() => slow), await failure(() => atomic(db as never, () => slow.eval()))];
        await client.end();
        const busy = new Pool({ ...options, connectionTimeoutMillis: 50 });
        const taken = await busy.connect();
        const other = drizzleNodePostgres({ client: busy }) as unknown as AnyDatabase;
        const ask = () => defineShop(other).Topping.aobjects.filter({ name: 'secret' }).count();
        const none = [await failure(ask), await failure(() => atomic(other as never, ask))];
        taken.release();
        await busy.end();
        for (const error of [...late, ...none]) {
          expect(error).toBeInstanceOf(OperationalError);
          expect(error.message).toBe((error.cause as Error).message);
          // Drizzle's own message has the statement and its values.
          expect(error.message).not.toMatch(/secret|select/i);
        }
        expect(late[0]?.message).toMatch(/timeout/);
        expect(none[0]?.message).toMatch(/timeout/);
      },
    );

    test('what a driver cannot send: its own error, without the statement and its values', async () => {
      const cause = new TypeError('not to be sent');
      const session = {
        prepareQuery: () => ({
          execute: () => Promise.reject(new DrizzleQueryError('select $1', ['secret'], cause)),
        }),
      };
      const { dialect, transaction } = database.db as unknown as Record<string, unknown>;
      const db = { dialect, transaction, session } as unknown as AnyDatabase;
      expect(await failure(() => defineShop(db).Topping.aobjects.count())).toBe(cause);
    });

    test.skipIf(database.driver !== 'node-postgres')('a server that is at none of its addresses', async () => {
      // What Node makes of a name with several addresses: many errors in one, which has no message.
      const nowhere = Object.assign(new AggregateError([new Error('::1'), new Error('127.0.0.1')]), {
        code: 'ECONNREFUSED',
      });
      const client = new Pool();
      client.query = () => Promise.reject(nowhere);
      const db = drizzleNodePostgres({ client }) as unknown as AnyDatabase;
      const error = await failure(() => defineShop(db).Topping.aobjects.count());
      expect(error).toMatchObject({ name: 'OperationalError', message: 'ECONNREFUSED', cause: nowhere });
    });
  },
  { schema },
);
