// asgimod's documented accesses, in Drizzle: run it with `npm run example`.
import { Avg, Count, F, Q } from 'drizzle-queryset';
import { Box, client, Pizza, Price, Topping } from './models.js';
import { note, section, show, showError, title } from './show.js';

title(
  "drizzle-queryset: Django's QuerySet API on plain Drizzle tables",
  'Each step: what is written, the SQL that Drizzle logged, and what came back. PostgreSQL runs embedded (PGlite).',
);

section('Rows to ask for');
await show(() => Topping.aobjects.bulk_create([new Topping({ name: 'bacon' }), new Topping({ name: 'mushroom' })]));
await show(() => Box.aobjects.bulk_create(['medium box', 'big box'].map((name) => new Box({ name }))));
await show(() =>
  Price.aobjects.bulk_create([
    new Price({ amount: '9.99' }),
    new Price({ amount: '19.99', currency: 'eur' }),
    new Price({ amount: '29.99' }),
  ]),
);
await show(() => Pizza.aobjects.create({ name: 'Hawaiian', boxId: 1, priceId: 1 }));
await show(async () => {
  const weird = new Pizza({ name: 'Weird', price: await Price.aobjects.get({ id: 2 }) });
  await weird.asave();
  return weird;
});
await show(() => Pizza.aobjects.create({ name: 'Aloha', boxId: 1, priceId: 3 }));

section('One object');
const price = await show(() => Price.aobjects.get({ id: 1 }), 'price');
const pizza = await show(() => Pizza.aobjects.get({ id: 1 }), 'pizza');
const weird_pizza = await show(() => Pizza.aobjects.get({ id: 2 }), 'weird_pizza');
const bacon = await show(() => Topping.aobjects.get({ id: 1 }), 'bacon');
const mushroom = await show(() => Topping.aobjects.get({ id: 2 }), 'mushroom');
const medium_box = await show(() => Box.aobjects.get({ id: 1 }), 'medium_box');

section('One to one, and forward many to one');
await show(() => pizza.a$price);
await show(() => price.a$pizza);
await show(() => pizza.a$box);
await show(() => weird_pizza.a$box);

section('Reverse many to one');
await show(() => medium_box.a$pizza_set.all().get({ id: 1 }));
await show(() => medium_box.a$pizza_set.filter({ id__gt: 1 }).order_by('name').count());
await show(() => medium_box.a$pizza_set.add(weird_pizza));
await show(() => medium_box.a$pizza_set.values_list('name', { flat: true }));
await show(() => medium_box.a$pizza_set.clear());
await show(() => medium_box.a$pizza_set.count());

section('Forward many to many');
await show(() => pizza.a$toppings.all().exists());
await show(() => pizza.a$toppings.add(bacon, mushroom));
await show(() => pizza.a$toppings.filter({ name__startswith: 'b' }).exists());
await show(() => pizza.a$toppings.remove(bacon));
await show(() => pizza.a$toppings.all());
await show(() => pizza.a$toppings.clear());

section('Reverse many to many');
await show(() => mushroom.a$pizza_set.all().exists());
await show(() => mushroom.a$pizza_set.add(pizza));
await show(() => mushroom.a$pizza_set.set([pizza, weird_pizza]));
await show(() => mushroom.a$pizza_set.order_by('id').values('id', 'name'));

section('Iterating');
await show(async () => {
  for await (const price of Price.aobjects.filter({ currency: 'usd' })) {
    console.log(`      one price: ${price.amount} ${price.currency}`);
  }
});

section('Slicing and indexing');
await show(() => Price.aobjects.all().slice(0, 2).eval());
await show(() => Price.aobjects.all().slice(1, 2).eval());
await show(() => Price.aobjects.all().order_by('-amount').slice(1).eval());
await show(() => Price.aobjects.all()[0]);
await show(() => Price.aobjects.all().slice(0, 5)[0]);
await show(() => Price.aobjects.filter({ amount__gte: '9.99' })[0]);
await show(() => Price.aobjects.order_by('amount').item(2));

section('Operators');
await show(() => {
  const qa = Price.aobjects.filter({ amount__gt: '2.99' });
  const qb = Price.aobjects.filter({ amount__gt: '19.99' });
  return qa.and(qb);
});
await show(() => {
  const qa = Price.aobjects.filter({ currency: 'usd' });
  const qb = Price.aobjects.filter({ currency: 'eur' });
  return qa.or(qb);
});

section('Evaluating');
await show(() => Topping.aobjects.all().eval());
await show(() => Topping.aobjects.filter({ name__startswith: 'B' }).eval());
await show(() => Topping.aobjects.filter({ name__istartswith: 'B' }));
await show(() => String(Pizza.aobjects.filter({ name: 'Weird' })));

section('Further than asgimod: the rest of Django');
await show(() =>
  Pizza.aobjects.select_related('price').order_by('-price__amount').values_list('name', 'price__amount'),
);
await show(async () => {
  const pizzas = await Pizza.aobjects.prefetch_related('toppings').order_by('id');
  return pizzas.map((pizza) => `${pizza.name}: ${pizza.toppings.map((topping) => topping.name).join(', ') || 'plain'}`);
});
await show(() =>
  Topping.aobjects
    .annotate({ pizzas: Count('pizza') })
    .order_by('-pizzas')
    .values('name', 'pizzas'),
);
await show(() => Price.aobjects.aggregate(Avg('amount'), { n: Count('id') }));
await show(() => Pizza.aobjects.filter(Q({ box: null }).or(Q({ name: 'x' })), { toppings__name: 'mushroom' }).count());
await show(() => Price.aobjects.filter({ currency: 'usd' }).update({ amount: F('amount').add(1) }));
await show(() => Topping.aobjects.get_or_create({ name: 'olive' }));
await show(() => Pizza.aobjects.in_bulk([1, 3]));

section('Errors have names');
await showError(() => Pizza.aobjects.get({ name: 'Margherita' }));
await showError(() => Pizza.aobjects.get({ id__gt: 0 }));
await showError(() => Price.aobjects.all()[99]);
await showError(() => Pizza.aobjects.create({ name: 'Copy', priceId: 1 }));
note('And what is misspelt does not compile; at run time it is an error all the same:');
await showError(() => Pizza.aobjects.filter({ ['nmae' as 'name']: 'x' }));

await client.close();
console.log();
