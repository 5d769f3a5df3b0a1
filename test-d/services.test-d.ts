import { expectError, expectType } from 'tsd';
import { type Box, Pizza, type Price, type Topping } from './schemas/pizza.js';
import { cheap, counted, first, joined, Kitchen, menu, names } from './schemas/services.js';

// --- what a package exports keeps its types, where its models are registered by name ---
expectType<Pizza[]>(await cheap('1'));
expectType<Box | null | undefined>((await first('x'))?.box);
expectType<[string, string | null][]>(await cheap('1').values_list('price__currency', 'box__name'));
expectType<Topping[]>(await (await cheap('1').get({ id: 1 })).a$toppings.filter({ name__startswith: 'x' }));
expectType<[string, number][]>((await counted()).map((box): [string, number] => [box.name, box.n]));
expectType<[string | undefined, Price][]>(
  (await joined().filter({ box__name: 'x' })).map((p): [string | undefined, Price] => [p.box?.name, p.price]),
);
expectType<string[]>((await menu()).flatMap((box) => box.pizzas.flatMap((p) => p.toppings.map((t) => t.name))));
expectType<[number, string][]>(await names().filter({ pizza__box__name: 'x' }));
expectType<{ id: number; label: string }[]>(await new Kitchen().labels());
const one = await Pizza.aobjects.get({ id: 1 });
await new Kitchen().toppings(one).add(1, { through_defaults: {} });
await (await cheap('1').get({ id: 1 })).asave({ update_fields: ['name', 'box'] });
const passed = (pizza: Pizza) => pizza.name;
(await cheap('1')).map(passed);
expectError(cheap('1').filter({ nme: 'x' }));
expectError(joined().values_list('nope'));
expectError((await cheap('1').get({ id: 1 })).nme);
expectError((await menu())[0]!.pizza_set);
// Nothing has become `any` on the way.
expectError((await counted())[0]!.m);
expectError((await joined())[0]!.price.nme);
expectError((await names())[0]![0].trim());
expectError((await new Kitchen().labels())[0]!.name);
expectError((await new Kitchen().toppings(one))[0]!.nme);
expectError(await (await cheap('1').get({ id: 1 })).asave({ update_fields: ['nme'] }));
