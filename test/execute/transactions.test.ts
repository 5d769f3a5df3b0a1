// atomic, on_commit, locks, races, cursors.
import {
  atomic,
  Count,
  DatabaseError,
  IntegrityError,
  on_commit,
  TransactionManagementError,
  Value,
  ValueError,
} from 'drizzle-queryset';
import { beforeEach, describe, expect, test } from 'vitest';
import { defineShop, freshRows, schema } from '../asgimod/pizzeria.js';
import { describeDatabases } from '../support/databases.js';

describeDatabases(
  'transactions',
  (database) => {
    let { Topping, Pizza } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Pizza } = defineShop(database.db));
      database.forget();
    });
    type Options = Parameters<typeof atomic>[2];
    const within = <T>(body: () => PromiseLike<T> | T, options?: Options) =>
      atomic(database.db as never, body, options);
    const add = (name: string) => Topping.aobjects.create({ name });
    const added = async () => Topping.aobjects.filter({ id__gt: 3 }).order_by('id').values_list('name', { flat: true });
    const fail = () => {
      throw new Error('undo');
    };

    describe('atomic', () => {
      test('gives what the function gives, and commits', async () => {
        expect(await within(async () => (await add('a')).name)).toBe('a');
        expect(await within(() => 7)).toBe(7);
        expect(await added()).toEqual(['a']);
      });
      test('rolls back on an error, which goes on to the caller', async () => {
        const error = new Error('mine');
        await expect(
          within(async () => {
            await add('a');
            throw error;
          }),
        ).rejects.toBe(error);
        expect(await added()).toEqual([]);
      });
      test('holds however deep the call', async () => {
        const deep = async (depth: number): Promise<void> => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          if (depth === 0) await add('deep');
          else await deep(depth - 1);
        };
        await within(async () => {
          await deep(5);
          fail();
        }).catch(() => {});
        expect(await added()).toEqual([]);
      });
      test('nested: a savepoint of its own', async () => {
        await within(async () => {
          await add('outer');
          await within(async () => {
            await add('inner');
            fail();
          }).catch(() => {});
          await within(async () => add('second'));
          await add('after');
        });
        expect(await added()).toEqual(['outer', 'second', 'after']);
      });
      test('nested: an error of the database leaves the outer one whole', async () => {
        await within(async () => {
          await add('outer');
          await expect(within(() => Topping.aobjects.create({ id: 1, name: 'x' }))).rejects.toBeInstanceOf(
            IntegrityError,
          );
          await add('after');
        });
        expect(await added()).toEqual(['outer', 'after']);
      });
      test('an outer error takes the inner ones with it', async () => {
        await within(async () => {
          await within(async () => add('inner'));
          fail();
        }).catch(() => {});
        expect(await added()).toEqual([]);
      });
      test('savepoint: false: what fails inside spoils the whole, caught or not', async () => {
        await within(async () => {
          await add('outer');
          await within(
            async () => {
              await add('inner');
              fail();
            },
            { savepoint: false },
          ).catch(() => {});
        }).catch(() => {});
        expect(await added()).toEqual([]);
        await within(async () => {
          await within(fail, { savepoint: false }).catch(() => {});
          await expect(Topping.aobjects.count()).rejects.toBeInstanceOf(TransactionManagementError);
        });
        await within(async () => {
          await within(async () => {
            await add('lost');
            await within(fail, { savepoint: false }).catch(() => {});
          });
          // The savepoint around what failed is undone, and no more.
          await add('kept');
        });
        expect(await added()).toEqual(['kept']);
        await Topping.aobjects.filter({ name: 'kept' }).delete();
        await within(async () => {
          await within(async () => add('good'), { savepoint: false });
        });
        expect(await added()).toEqual(['good']);
      });
      describe('an error of the database, caught inside', () => {
        const refused = () => Topping.aobjects.create({ id: 1, name: 'x' });
        const later = (seen: string[], name: string) => on_commit(database.db as never, () => void seen.push(name));

        test('no query until the end of the block, which is rolled back in silence', async () => {
          const seen: string[] = [];
          const given = await within(async () => {
            later(seen, 'hook');
            await add('a');
            const error = await refused().catch((e: unknown) => e);
            expect(error).toBeInstanceOf(IntegrityError);
            database.forget();
            for (const next of [
              () => Topping.aobjects.count(),
              () => add('b'),
              () => Topping.aobjects.raw('select 1'),
            ]) {
              const told = await Promise.resolve(next()).catch((e: unknown) => e);
              expect(told).toBeInstanceOf(TransactionManagementError);
              expect(told).toMatchObject({
                message:
                  "An error occurred in the current transaction. You can't execute queries until the end of the 'atomic' block.",
                cause: error,
              });
            }
            expect(database.statements).toEqual([]);
            return 'given';
          });
          expect(given).toBe('given');
          expect(seen).toEqual([]);
          expect(await added()).toEqual([]);
        });
        test('of every kind of statement', async () => {
          const kinds: (() => PromiseLike<unknown>)[] = [
            () => Topping.aobjects.filter({ id: 1 }).update({ name: 'x'.repeat(31) }),
            () => Topping.aobjects.bulk_create([new Topping({ id: 1, name: 'x' })]),
            () => Topping.aobjects.raw('select nosuch from topping'),
            () => Topping.aobjects.annotate({ n: Value(1).div(Value(0)) }),
          ];
          for (const kind of kinds) {
            const seen: string[] = [];
            await within(async () => {
              await add('a');
              later(seen, 'hook');
              await expect(kind()).rejects.toBeInstanceOf(DatabaseError);
              await expect(Topping.aobjects.count()).rejects.toBeInstanceOf(TransactionManagementError);
            });
            expect(seen).toEqual([]);
            expect(await added()).toEqual([]);
          }
        });
        test('nested: back to the savepoint, and the outer one goes on', async () => {
          const seen: string[] = [];
          await within(async () => {
            await add('outer');
            later(seen, 'outer');
            const given = await within(async () => {
              await add('inner');
              later(seen, 'inner');
              await refused().catch(() => {});
              return 'given';
            });
            expect(given).toBe('given');
            await add('after');
          });
          expect(seen).toEqual(['outer']);
          expect(await added()).toEqual(['outer', 'after']);
        });
        test('a block inside what is broken makes no savepoint', async () => {
          let ran = false;
          await within(async () => {
            await refused().catch(() => {});
            await within(() => {
              ran = true;
            });
            await expect(within(() => Topping.aobjects.count())).rejects.toBeInstanceOf(TransactionManagementError);
          });
          expect(ran).toBe(true);
        });
      });
      test('a queryset that is given, not awaited, is asked inside', async () => {
        const given = await within(async () => {
          await add('inside');
          await Topping.aobjects.filter({ name: 'bacon' }).update({ name: 'other' });
          return Topping.aobjects.filter({ name__in: ['inside', 'other'] }).select_for_update();
        });
        expect(given.map((topping) => topping.name).sort()).toEqual(['inside', 'other']);
        expect((await within(() => Topping.aobjects.select_for_update().filter({ id: 1 }))).length).toBe(1);
      });
      test('durable refuses to be nested', async () => {
        await within(async () => add('a'), { durable: true });
        await expect(within(async () => within(async () => add('b'), { durable: true }))).rejects.toBeInstanceOf(
          TransactionManagementError,
        );
        expect(await added()).toEqual(['a']);
      });
      test('isolation_level', async () => {
        const level = async () =>
          (await Topping.aobjects.raw("select 1 as id, current_setting('transaction_isolation') as name"))[0]!.name;
        for (const wanted of ['read committed', 'repeatable read', 'serializable'] as const)
          expect(await within(level, { isolation_level: wanted })).toBe(wanted);
        expect(await within(level, { isolation_level: 'SERIALIZABLE' })).toBe('serializable');
        await expect(within(level, { isolation_level: 'total' as never })).rejects.toBeInstanceOf(ValueError);
        await expect(within(() => within(level, { isolation_level: 'serializable' }))).rejects.toBeInstanceOf(
          TransactionManagementError,
        );
      });
      test('takes a database and a function', async () => {
        await expect(atomic({} as never, () => 1)).rejects.toBeInstanceOf(ValueError);
        await expect(atomic(database.db as never, 1 as never)).rejects.toBeInstanceOf(ValueError);
      });
      describe('several at once in one block', () => {
        const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
        const addAll = async (...names: string[]) => {
          for (const name of names) await add(name);
        };

        test('when one fails, the others write nothing more', async () => {
          let others: Promise<unknown> = Promise.resolve();
          await expect(
            within(() => {
              others = Promise.allSettled([
                addAll('a', 'b', 'c', 'd', 'e'),
                Topping.aobjects.get_or_create({ name: 'f' }).then(() => addAll('g', 'h')),
                within(() => addAll('i', 'j', 'k')),
                within(() => addAll('l', 'm')),
              ]);
              return Promise.all([others, fail()]);
            }),
          ).rejects.toThrow('undo');
          expect(await others).toMatchObject(Array(4).fill({ status: 'rejected' }));
          expect(await added()).toEqual([]);
          await expect(
            within(() => {
              others = Promise.allSettled([add('a').then(() => addAll('b', 'c')), within(() => addAll('d', 'e'))]);
              return Promise.all([others, Topping.aobjects.create({ id: 1, name: 'x' })]);
            }),
          ).rejects.toBeInstanceOf(IntegrityError);
          await others;
          expect(await added()).toEqual([]);
        });
        test('a nested block that was not awaited is undone whole', async () => {
          let inner: Promise<unknown> = Promise.resolve();
          await within(async () => {
            await add('outer');
            inner = within(() => addAll('a', 'b', 'c'));
            inner.catch(() => {});
            await wait(5);
          });
          const ended = await inner.then(
            () => true,
            () => false,
          );
          expect(await added()).toEqual(ended ? ['outer', 'a', 'b', 'c'] : ['outer']);
        });
        test('nested blocks do not undo one another', async () => {
          const given = await within(() =>
            Promise.allSettled([
              within(async () => {
                await addAll('a', 'b');
                await wait(20);
                await add('c');
              }),
              within(async () => {
                await add('lost');
                fail();
              }),
              within(async () => {
                await wait(5);
                await Topping.aobjects.create({ id: 1, name: 'lost' });
              }),
              within(() => within(() => add('d'))),
            ]),
          );
          expect(given.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
          expect(await added()).toEqual(['a', 'b', 'c', 'd']);
        });
        test('what goes on beside a get_or_create() that comes too late is kept', async () => {
          await database.run('create unique index one_name on topping (name)');
          await within(() =>
            Promise.all(
              ['x', 'x', 'y', 'x', 'y', 'z'].map(async (name, i) => {
                await Topping.aobjects.get_or_create({ name });
                await add(`${name}${i}`);
                await Topping.aobjects.filter({ name: `${name}${i}` }).update({ name: `${name}${i}!` });
              }),
            ),
          );
          await database.run('drop index one_name');
          expect((await added()).sort()).toEqual(['x', 'x0!', 'x1!', 'x3!', 'y', 'y2!', 'y4!', 'z', 'z5!']);
        });
        test('the transaction of the outer block, named in a nested one, is the nested one', async () => {
          await atomic(database.db as never, async (tx) => {
            await within(async () => {
              await Topping.aobjects.using(tx as never).get_or_create({ name: 'lost' });
              fail();
            }).catch(() => {});
            await Topping.aobjects.using(tx as never).create({ name: 'kept' });
          });
          expect(await added()).toEqual(['kept']);
        });
      });
      test('a query of Drizzle itself, refused and caught: nothing is committed, and it is told', async () => {
        const seen: string[] = [];
        await expect(
          atomic(database.db as never, async (tx) => {
            await add('a');
            on_commit(database.db as never, () => void seen.push('hook'));
            const { execute } = tx as unknown as { execute(text: string): Promise<unknown> };
            await execute.call(tx, 'select 1 / 0').catch(() => {});
          }),
        ).rejects.toBeInstanceOf(DatabaseError);
        expect(seen).toEqual([]);
        expect(await added()).toEqual([]);
      });
      test.runIf(database.driver === 'node-postgres')(
        'its refusal comes before the status of the transaction',
        async () => {
          type Emit = (event: string, ...given: unknown[]) => unknown;
          type Inside = {
            session: { client: { connection: { emit: Emit } } };
            execute(text: string): Promise<unknown>;
          };
          await expect(
            atomic(database.db as never, async (given) => {
              await add('a');
              const tx = given as unknown as Inside;
              const { connection } = tx.session.client;
              const emit = connection.emit.bind(connection);
              // As where the server's answer is cut between its packets.
              connection.emit = (event, ...rest) => {
                if (event !== 'readyForQuery') return emit(event, ...rest);
                connection.emit = emit;
                return setTimeout(() => emit(event, ...rest), 20);
              };
              await tx.execute('select 1 / 0').catch(() => {});
            }),
          ).rejects.toBeInstanceOf(DatabaseError);
          expect(await added()).toEqual([]);
        },
      );
      test.runIf(database.driver === 'node-postgres')(
        'a connection lost meanwhile: the error of the function goes on',
        async () => {
          const error = new TypeError('mine');
          await expect(
            within(async () => {
              await add('a');
              const [row] = await Topping.aobjects.raw('select 1 as id, pg_backend_pid()::text as name');
              await database.run(`select pg_terminate_backend(${row!.name})`);
              await new Promise((resolve) => setTimeout(resolve, 50));
              throw error;
            }),
          ).rejects.toBe(error);
          expect(await added()).toEqual([]);
        },
      );
      test('what is not awaited inside is told so afterwards', async () => {
        let late: Promise<unknown> = Promise.resolve();
        await within(() => {
          late = new Promise((resolve) => setTimeout(resolve, 20)).then(() => Topping.aobjects.count());
          late.catch(() => {});
        });
        await expect(late).rejects.toBeInstanceOf(TransactionManagementError);
        expect(await Topping.aobjects.count()).toBe(3);
      });
    });

    describe('on_commit', () => {
      test('runs after the outermost commit, in order; what is rolled back is forgotten', async () => {
        const seen: string[] = [];
        const later = (name: string) => on_commit(database.db as never, () => void seen.push(name));
        await within(async () => {
          later('first');
          await within(async () => later('inner'));
          await within(async () => {
            later('lost');
            fail();
          }).catch(() => {});
          later('last');
          await add('a');
          expect(seen).toEqual([]);
        });
        expect(seen).toEqual(['first', 'inner', 'last']);
        await within(async () => {
          later('never');
          fail();
        }).catch(() => {});
        expect(seen).toEqual(['first', 'inner', 'last']);
      });
      test('robust: its error is passed over, and the others run', async () => {
        const seen: string[] = [];
        const commit = (fn: () => unknown, options?: { robust?: boolean }) =>
          on_commit(database.db as never, fn, options);
        await within(async () => {
          commit(fail, { robust: true });
          commit(async () => fail(), { robust: true });
          commit(() => void seen.push('second'));
        });
        expect(seen).toEqual(['second']);
        await commit(fail, { robust: true });
        await expect(commit(fail)).rejects.toThrow('undo');
        await expect(within(async () => void commit(fail))).rejects.toThrow('undo');
      });
      test('called when its transaction has ended is an error', async () => {
        let late: Promise<unknown> = Promise.resolve();
        let ran = false;
        await within(() => {
          late = new Promise((resolve) => setTimeout(resolve, 20)).then(() =>
            on_commit(database.db as never, () => {
              ran = true;
            }),
          );
          late.catch(() => {});
        });
        await expect(late).rejects.toBeInstanceOf(TransactionManagementError);
        expect(ran).toBe(false);
      });
      test('what is no function is told at the call, awaited or not', async () => {
        // @ts-expect-error no function
        expect(() => void on_commit(database.db as never, 5)).toThrow(ValueError);
        const seen: string[] = [];
        await within(async () => {
          // @ts-expect-error no function
          expect(() => void on_commit(database.db as never, undefined)).toThrow(ValueError);
          on_commit(database.db as never, () => void seen.push('after'));
        });
        expect(seen).toEqual(['after']);
      });
      test('at once where there is no transaction', async () => {
        let ran = false;
        await on_commit(database.db as never, () => {
          ran = true;
        });
        expect(ran).toBe(true);
      });
      test('sees what was committed', async () => {
        let seen: string[] | undefined;
        await within(async () => {
          await add('a');
          on_commit(database.db as never, async () => {
            seen = await added();
          });
        });
        expect(seen).toEqual(['a']);
      });
    });

    describe('select_for_update', () => {
      test('an error before anything is sent is not kept', async () => {
        const locked = Topping.aobjects.filter({ id: 1 }).select_for_update();
        await expect(locked.eval()).rejects.toBeInstanceOf(TransactionManagementError);
        await atomic(database.db as never, async () => {
          expect((await locked).map((topping) => topping.id)).toEqual([1]);
        });
      });
      test('outside a transaction is an error before anything is sent', async () => {
        await expect(Topping.aobjects.select_for_update().eval()).rejects.toBeInstanceOf(TransactionManagementError);
        await expect(Topping.aobjects.select_for_update().get({ id: 1 })).rejects.toBeInstanceOf(
          TransactionManagementError,
        );
        const locked = Topping.aobjects.select_for_update();
        for (const asked of [
          () => locked.exists(),
          () => locked.contains(new Topping({ id: 1, name: 'x' })),
          () => locked.explain(),
          () => locked.in_bulk([1]),
          () => locked.first(),
          () => locked.iterator()[Symbol.asyncIterator]().next(),
        ])
          await expect(asked()).rejects.toBeInstanceOf(TransactionManagementError);
        expect(database.statements).toEqual([]);
        // What counts and sums locks nothing.
        expect(await locked.count()).toBe(await Topping.aobjects.count());
        expect((await locked.aggregate(Count('id'))).id__count).toBe(await Topping.aobjects.count());
      });
      test('inside says so in SQL', async () => {
        await within(async () => {
          expect((await Topping.aobjects.select_for_update().get({ id: 1 })).name).toBe('bacon');
          expect((await Topping.aobjects.select_for_update({ skip_locked: true }).filter({ id: 1 })).length).toBe(1);
          expect(
            (await Pizza.aobjects.select_related('box').select_for_update({ of: ['self'], no_key: true, nowait: true }))
              .length,
          ).toBe(3);
        });
        const [one, two, three] = database.statements.map((s) => s.sql);
        expect(one).toMatch(/FOR UPDATE$/);
        expect(two).toMatch(/FOR UPDATE SKIP LOCKED$/);
        expect(three).toMatch(/FOR NO KEY UPDATE OF "pizza" NOWAIT$/);
      });
      test.skipIf(database.driver === 'pglite')('holds others off', async () => {
        await within(async () => {
          await Topping.aobjects.select_for_update().get({ id: 1 });
          const outside = database.db;
          // Another connection of the pool, past this transaction.
          const other = await outside.transaction(async (tx) =>
            Topping.aobjects
              .using(tx)
              .select_for_update({ skip_locked: true })
              .order_by('id')
              .values_list('id', { flat: true }),
          );
          expect(other).toEqual([2, 3]);
          await expect(
            outside.transaction(async (tx) =>
              Topping.aobjects.using(tx).select_for_update({ nowait: true }).get({ id: 1 }),
            ),
          ).rejects.toMatchObject({ name: 'OperationalError', code: '55P03' });
        });
      });
    });

    describe('two callers at once', () => {
      beforeEach(() => database.run('drop index if exists one_name; create unique index one_name on topping (name)'));

      test('get_or_create: one row, no error, one who made it', async () => {
        for (let round = 0; round < 5; round++) {
          const all = await Promise.all(
            Array.from({ length: 4 }, () => Topping.aobjects.get_or_create({ name: `race ${round}` })),
          );
          expect(new Set(all.map(([topping]) => topping.id)).size).toBe(1);
          expect(all.filter(([, created]) => created).length).toBe(1);
        }
        expect((await added()).length).toBe(5);
      });
      test('update_or_create', async () => {
        for (let round = 0; round < 5; round++) {
          const name = `race ${round}`;
          const all = await Promise.all(
            Array.from({ length: 3 }, () => Topping.aobjects.update_or_create({ name, defaults: { name } })),
          );
          expect(new Set(all.map(([topping]) => topping.id)).size).toBe(1);
          expect(all.filter(([, created]) => created).length).toBe(1);
        }
        expect((await added()).length).toBe(5);
      });
      test('another error is not taken for a race', async () => {
        await expect(Topping.aobjects.get_or_create({ name: 'x', defaults: { id: 1 } })).rejects.toBeInstanceOf(
          IntegrityError,
        );
        await within(async () => {
          await expect(Topping.aobjects.get_or_create({ name: 'x', defaults: { id: 1 } })).rejects.toBeInstanceOf(
            IntegrityError,
          );
          // The transaction around is whole.
          expect(await Topping.aobjects.count()).toBe(3);
        });
      });
      test('separate transactions do not see each other', async () => {
        if (database.driver === 'pglite') return;
        const seen: number[] = [];
        let go = () => {};
        const gate = new Promise<void>((resolve) => {
          go = resolve;
        });
        const first = within(async () => {
          await add('a');
          go();
          await new Promise((r) => setTimeout(r, 30));
        });
        await gate;
        await within(async () => {
          seen.push(await Topping.aobjects.count());
        });
        await first;
        seen.push(await Topping.aobjects.count());
        expect(seen).toEqual([3, 4]);
      });
    });

    describe('iterator', () => {
      beforeEach(async () => {
        await database.run("insert into topping (name) select 't' || i from generate_series(4, 250) as i");
        database.forget();
      });
      const take = async (rows: AsyncIterable<{ id: number }>, most = Number.POSITIVE_INFINITY) => {
        const ids: number[] = [];
        for await (const row of rows) {
          ids.push(row.id);
          if (ids.length >= most) break;
        }
        return ids;
      };
      const all = Array.from({ length: 250 }, (_, i) => i + 1);

      test('gives every row in order, in chunks of any size', async () => {
        for (const chunk_size of [1, 7, 125, 250, 1000])
          expect(await take(Topping.aobjects.order_by('id').iterator({ chunk_size })), String(chunk_size)).toEqual(all);
        expect(await take(Topping.aobjects.filter({ id: 0 }).iterator())).toEqual([]);
      });
      test('left early it frees its connection', async () => {
        for (let i = 0; i < 10; i++)
          expect(await take(Topping.aobjects.order_by('id').iterator({ chunk_size: 10 }), 5)).toEqual([1, 2, 3, 4, 5]);
        expect(await Topping.aobjects.count()).toBe(250);
        expect(await Promise.all(Array.from({ length: 8 }, () => Topping.aobjects.count()))).toEqual(
          Array(8).fill(250),
        );
      });
      test('left by an error, too', async () => {
        await expect(
          (async () => {
            for await (const _ of Topping.aobjects.iterator({ chunk_size: 10 })) fail();
          })(),
        ).rejects.toThrow('undo');
        expect(await Topping.aobjects.count()).toBe(250);
      });
      test('its rows may be worked on while it goes', async () => {
        let n = 0;
        for await (const topping of Topping.aobjects.order_by('id').iterator({ chunk_size: 20 })) {
          if (topping.id % 50 === 0) {
            topping.name = `seen ${topping.id}`;
            await topping.asave();
            n += await Topping.aobjects.filter({ name__startswith: 'seen' }).count();
          }
        }
        expect(n).toBe(1 + 2 + 3 + 4 + 5);
      });
      test('inside atomic it sees the transaction', async () => {
        await within(async () => {
          await add('mine');
          expect((await take(Topping.aobjects.order_by('id').iterator({ chunk_size: 50 }))).length).toBe(251);
          expect(await take(Topping.aobjects.order_by('id').iterator({ chunk_size: 50 }), 3)).toEqual([1, 2, 3]);
          expect(await Topping.aobjects.count()).toBe(251);
          fail();
        }).catch((error: Error) => expect(error.message).toBe('undo'));
        expect(await Topping.aobjects.count()).toBe(250);
      });
      test('with relations: joined, and prefetched a chunk at a time', async () => {
        const rows: [string, string | undefined, number][] = [];
        for await (const pizza of Pizza.aobjects
          .select_related('box')
          .prefetch_related('toppings')
          .order_by('id')
          .iterator({ chunk_size: 2 }))
          rows.push([pizza.name, pizza.box?.name, pizza.toppings.length]);
        expect(rows).toEqual([
          ['Hawaiian', 'medium box', 1],
          ['Weird', undefined, 0],
          ['Aloha', 'medium box', 2],
        ]);
      });
      test('two at once', async () => {
        const [a, b] = await Promise.all([
          take(Topping.aobjects.order_by('id').iterator({ chunk_size: 30 })),
          take(Topping.aobjects.order_by('-id').iterator({ chunk_size: 40 })),
        ]);
        expect([a, b]).toEqual([all, [...all].reverse()]);
      });
      test('as many with relations as there are connections', async () => {
        const names = async () => {
          const found: string[] = [];
          for await (const pizza of Pizza.aobjects
            .prefetch_related('toppings')
            .order_by('id')
            .iterator({ chunk_size: 1 }))
            found.push(`${pizza.name} ${pizza.toppings.length}`);
          return found;
        };
        const expected = ['Hawaiian 1', 'Weird 0', 'Aloha 2'];
        expect(await Promise.all(Array.from({ length: 4 }, names))).toEqual(Array(4).fill(expected));
      });
    });
  },
  { schema },
);

describeDatabases(
  'over one connection',
  (database) => {
    let { Topping, Pizza } = {} as ReturnType<typeof defineShop>;
    beforeEach(async () => {
      await database.run(freshRows);
      ({ Topping, Pizza } = defineShop(database.db));
    });
    const within = <T>(body: (tx: never) => PromiseLike<T> | T) => atomic<T>(database.db as never, body as never);
    const names = async () => Topping.aobjects.order_by('id').values_list('name', { flat: true });
    const toppings = () => Topping.aobjects.order_by('id').iterator({ chunk_size: 1 });

    test('the rows of an iterator are worked on while it goes', async () => {
      for await (const topping of toppings()) {
        // The pool of node-postgres drops a connection whose statement was refused, and the cursor with it.
        if (database.driver !== 'node-postgres')
          await Topping.aobjects.create({ id: 1, name: 'refused' }).catch(() => {});
        topping.name = topping.name.toUpperCase();
        await topping.asave();
        for await (const pizza of Pizza.aobjects.prefetch_related('toppings').iterator())
          await pizza.a$toppings.count();
        await within(() => Topping.aobjects.count());
      }
      expect(await names()).toEqual((await names()).map((name) => name.toUpperCase()));
      expect((await names()).length).toBe(3);
    });
    test('what was begun outside of a block goes on inside', async () => {
      const rows = toppings()[Symbol.asyncIterator]();
      await rows.next();
      await within(async () => {
        await Topping.aobjects.filter({ id: 1 }).update({ name: 'x' });
        expect((await rows.next()).value).toMatchObject({ id: 2 });
        await rows.return?.();
      });
    });
    test('an iterator that outlives its block leaves the next one alone', async () => {
      const begun = () =>
        within(async () => {
          const rows = toppings()[Symbol.asyncIterator]();
          await rows.next();
          return { rows };
        });
      const [left, read] = [await begun(), await begun()];
      await within(async () => {
        await Topping.aobjects.create({ name: 'a' });
        await left.rows.return?.();
        await expect(read.rows.next()).rejects.toBeInstanceOf(TransactionManagementError);
        await Topping.aobjects.create({ name: 'b' });
      });
      expect((await names()).slice(3)).toEqual(['a', 'b']);
    });
    test('using() of a transaction that has ended', async () => {
      const ended = await within((tx) => ({ tx }));
      await within(() =>
        expect(Topping.aobjects.using(ended.tx).create({ name: 'stray' })).rejects.toBeInstanceOf(
          TransactionManagementError,
        ),
      );
      expect((await names()).length).toBe(3);
    });
  },
  { schema, poolSize: 1 },
);
