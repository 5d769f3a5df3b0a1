import { expectError, expectType } from 'tsd';
import { Count, F, Lower } from 'drizzle-queryset';
import { sql } from 'drizzle-orm';
import { Book, Sample } from './schemas/library.js';
import { Pizza, pizzas } from './schemas/pizza.js';

const P = Pizza.aobjects;
P.order_by('name', '-id', 'box__name', '-price__amount', 'box', '?', 'pk');
P.order_by();
P.order_by(F('name').desc({ nulls_last: true }), Lower('box__name').asc({ nulls_first: true }), Lower('name'));
P.order_by(sql`${pizzas.name} collate "C"`);
P.annotate({ n: Count('toppings') }).order_by('-n', 'name');
Sample.aobjects.order_by('doc__a__b', '-moment__year', 'words__0');
expectError(P.order_by('nme'));
expectError(P.order_by('-nme'));
expectError(P.order_by('+name'));
expectError(P.order_by('name', '-box__nme'));
expectError(P.order_by('name__icontains'));
expectError(P.order_by(5));
expectError(P.order_by(F('name').desc({ nulls: 'last' })));
// What is an order already has nothing to be told about NULLs.
P.order_by(F('name').asc({ nulls_first: true }).desc(), F('id').desc().asc().reverse_ordering());
expectError(P.order_by(F('name').asc().desc({ nulls_last: true })));
expectError(P.order_by(F('nme')));
expectError(P.order_by('name', F('nme').desc()));
expectError(P.order_by(Lower('nme').asc()));
expectError(P.order_by(P));
expectError(P.order_by({ name: 'x' }));
P.order_by(pizzas.name);
P.annotate({ n: Count('toppings') }).order_by(F('n').desc());

P.distinct('name', 'box__name');
P.distinct();
expectError(P.distinct('nme'));
expectError(P.distinct('-name'));

expectType<Pizza>(await P.latest('name', '-id'));
expectType<Pizza>(await P.earliest());
expectError(P.latest('nme'));
expectType<Pizza>(await P.latest(F('id')));
expectType<Pizza>(await P.earliest(Lower('name').desc(), 'id'));
expectError(P.latest(F('nme')));
expectType<Book>(await Book.aobjects.latest());
