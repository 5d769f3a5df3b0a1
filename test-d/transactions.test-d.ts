import { expectAssignable, expectError, expectType } from 'tsd';
import {
  atomic,
  DatabaseError,
  FieldError,
  IntegrityError,
  on_commit,
  ProtectedError,
  timezone,
  ValueError,
} from 'drizzle-queryset';
import { db, Pizza, pizzas } from './schemas/pizza.js';

expectType<Pizza>(await atomic(db, async () => Pizza.aobjects.get({ id: 1 })));
expectType<number>(await atomic(db, () => 5, { durable: true, savepoint: false, isolation_level: 'serializable' }));
expectError(atomic(db, async () => 1, { isolation_level: 'snapshot' }));
expectError(atomic('default', async () => 1));
expectType<Promise<void>>(on_commit(db, () => undefined));
expectType<number>(
  await atomic(db, async (transaction) => {
    await transaction.insert(pizzas).values({ name: 'x', priceId: 1 });
    return Pizza.aobjects.using(transaction).count();
  }),
);
expectType<number>(await atomic<number>(db, () => 5, { isolation_level: 'REPEATABLE READ' }));
expectError(atomic(db, async (transaction) => transaction.insrt(pizzas)));
on_commit(db, () => undefined, { robust: true });
expectError(on_commit(db, () => undefined, { robst: true }));
expectError(on_commit(db));
expectType<Promise<number>>(timezone.override('Europe/Paris', async () => Pizza.aobjects.count()));
timezone.set_default('UTC');
expectError(timezone.override('Europe/Paris'));

// --- errors and their fields ---
const error = new IntegrityError('x', { code: '23505', constraint: 'y' });
expectType<string | undefined>(error.code);
expectAssignable<DatabaseError>(new ProtectedError('x'));
expectAssignable<TypeError>(new ValueError('x'));
expectType<readonly string[]>(new FieldError('x').choices);
expectError(new FieldError('x', { key: 5 }));
