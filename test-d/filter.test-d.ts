import { expectError, expectType } from 'tsd';
import { eq, sql } from 'drizzle-orm';
import { boolean, pgTable, serial, text } from 'drizzle-orm/pg-core';
import {
  Case,
  Count,
  defineModels,
  Exists,
  ExpressionWrapper,
  F,
  Lower,
  OuterRef,
  Q,
  RawSQL,
  Subquery,
  Value,
  When,
} from 'drizzle-queryset';
import { Author, Book, Country, Sample } from './schemas/library.js';
import { Box, db, Pizza, Price, pizzas, Topping } from './schemas/pizza.js';

const box = await Box.aobjects.get({ id: 1 });
const price = await Price.aobjects.get({ id: 1 });
const topping = await Topping.aobjects.get({ id: 1 });

// --- relations: an instance, a key, null, a queryset ---
Pizza.aobjects.filter({ box, price, toppings: topping });
Pizza.aobjects.filter({ box: 1, boxId: 1, box__id: 1, box__pk: 1, pk: 1, box__in: [box, 2], toppings__in: [topping] });
Pizza.aobjects.filter({ box: null, box__isnull: true, toppings: null, toppings__isnull: false });
Pizza.aobjects.filter({ box__in: Box.aobjects.filter({ name: 'x' }), box__gt: 1 });
Pizza.aobjects.filter({
  id__in: Pizza.aobjects.values_list('id', { flat: true }),
  name__in: Box.aobjects.values('name'),
});
Book.aobjects.filter({ loan: 1, id__in: Book.aobjects.all() });
expectError(Pizza.aobjects.filter({ box: price }));
expectError(Pizza.aobjects.filter({ box: 'x' }));
expectError(Pizza.aobjects.filter({ price: null }));
// A key to another unique column than the primary key: instances for whichever it is, values of that column.
const foods = pgTable('food', { id: serial().primaryKey(), name: text().notNull().unique() });
const meals = pgTable('meal', { id: serial().primaryKey(), foodId: text().references(() => foods.name) });
const { Food, Meal } = defineModels(db, { Food: foods, Meal: meals });
Meal.aobjects.filter({ food__in: Food.aobjects.filter({ name: 'x' }).order_by('id').slice(0, 1), food: 'x' });
Meal.aobjects.filter({ food__in: Food.aobjects.values('name') }, Q({ food__in: ['x', null] }));
Meal.aobjects.exclude({ food__in: Food.aobjects.values_list('meal__foodId', { flat: true }) });
Food.aobjects.filter({ meal__in: Meal.aobjects.select_related('food').only('food') });
expectError(Meal.aobjects.filter({ food__in: Meal.aobjects.all() }));
expectError(Meal.aobjects.filter({ food__in: Food.aobjects.values('id') }));
expectError(Food.aobjects.filter({ meal__in: Food.aobjects.all() }));
expectError(Pizza.aobjects.filter({ box__in: [price] }));
expectError(Pizza.aobjects.filter({ box__in: Box.aobjects.values_list('id', 'name') }));
expectError(Pizza.aobjects.filter({ id__in: Box.aobjects.values_list('name', { flat: true }) }));
expectError(Pizza.aobjects.filter({ box__contains: 'x' }));
expectError(Pizza.aobjects.filter({ box__isnull: 1 }));

// --- paths of any depth ---
Topping.aobjects.filter({ pizza__box__pizza__price__amount__gte: '9.99' });
Book.aobjects.filter({ author__mentor__mentor__country__name__istartswith: 'x' });
Country.aobjects.filter({ author__book__sequel__sequel_to__author__friends__followers__fullName: 'x' });
expectError(Topping.aobjects.filter({ pizza__bx__name: 'x' }));
expectError(Topping.aobjects.filter({ pizza__box__name__yeer: 'x' }));
expectError(Topping.aobjects.filter({ pizza_set__name: 'x' }));
expectError(Book.aobjects.filter({ author__full_name: 'x' }));
expectError(Pizza.aobjects.filter({ name__: 'x' }));

// --- null where the way can be missing ---
Pizza.aobjects.filter({ box__name: null });
expectError(Pizza.aobjects.filter({ price__currency: null }));

// --- wrong keys and values ---
expectError(Pizza.aobjects.filter({ nme: 'x' }));
expectError(Pizza.aobjects.filter({ name: 'x', nme: 'x' }));
expectError(Pizza.aobjects.exclude({ name: 1 }));
expectError(Pizza.aobjects.filter({ name: undefined }));
expectError(Pizza.aobjects.get({ ID: 1 }));
expectError(Pizza.aobjects.filter('name'));
expectError(Pizza.aobjects.filter(5));

// --- Q ---
Pizza.aobjects.filter(Q({ box: null }).or(Q({ name: 'x' })), { id__gt: 3 });
Pizza.aobjects.filter(Q({ name: 'x' }), Q({ id: 1 }).not(), { box__name: 'y' });
Pizza.aobjects.exclude(
  Q({ name: 'x' })
    .and(Q({ id__in: [1] }))
    .xor(Q({ box })),
);
Pizza.aobjects.get(Q({ id: 1 }));
Pizza.aobjects.complex_filter(Q({ id: 1 }));
Pizza.aobjects.complex_filter({ id: 1 });
expectError(Pizza.aobjects.filter(Q({ nme: 'x' })));
expectError(Pizza.aobjects.filter(Q({ name: 1 })));
expectError(Pizza.aobjects.filter(Q({ name: 'x' }).or(Q({ nme: 'x' }))));
expectError(Pizza.aobjects.filter(Q({ name: 'x' }), { nme: 1 }));

// --- a Q of its own is checked where it is used ---
const named = Q({ name__icontains: 'x' });
Pizza.aobjects.filter(named);
Box.aobjects.filter(named.not());
expectError(Author.aobjects.filter(named));
expectError(Pizza.aobjects.filter(Q({ name: 'x' }).or(named), Q({ stars: 5 })));
const wrong = Q({ name: 5 });
expectError(Box.aobjects.filter(wrong));

// --- Drizzle's own conditions, and expressions that are conditions ---
Pizza.aobjects.filter(sql`true`);
Pizza.aobjects.filter(eq(pizzas.name, 'x'), { id: 1 });
Box.aobjects.filter(Exists(Pizza.aobjects.filter({ box: OuterRef('pk') })));
Box.aobjects.filter(Exists(Pizza.aobjects.filter({ box: OuterRef('pk') })).not());
Box.aobjects.filter(Q({ name: 'x' }).or(Exists(Pizza.aobjects.all())));
// A value stands as a condition where it is true or false.
Sample.aobjects.filter(F('flag'), ExpressionWrapper(Q({ flag: true }), { output_field: boolean() }));
Pizza.aobjects.exclude(Case(When({ name: 'x', then: Value(true) }), { default: Value(false) }));
Pizza.aobjects.filter(RawSQL('true'), Subquery(Sample.aobjects.values('flag')));
expectError(Pizza.aobjects.filter(F('id')));
expectError(Pizza.aobjects.exclude({ id: 1 }, Lower('name')));
expectError(Pizza.aobjects.get(Case(When({ name: 'x', then: 1 }))));
expectError(Pizza.aobjects.annotate({ n: Count('toppings', { filter: F('id') }) }));

// --- expressions on the right ---
Pizza.aobjects.filter({ name: F('box__name'), id__gt: F('price__id').add(1) });
expectError(Pizza.aobjects.filter({ name: F('bx__name') }));
expectError(Pizza.aobjects.filter({ name: F('id') }));
const boxName = F('box__name');
Pizza.aobjects.filter({ name: boxName });
expectError(Box.aobjects.filter({ name: boxName }));

// --- annotations are names, too ---
Pizza.aobjects.annotate({ n: Count('toppings') }).filter({ n__gt: 3, name: 'x' });
Pizza.aobjects.alias({ n: Count('toppings') }).exclude({ n: 0 });
expectError(Pizza.aobjects.annotate({ n: Count('toppings') }).filter({ n: 'x' }));
expectError(Pizza.aobjects.annotate({ n: Count('toppings') }).filter({ m__gt: 3 }));
expectError(Pizza.aobjects.filter({ n__gt: 3 }));

// --- related managers filter their own model ---
expectType<number>(await box.a$pizza_set.filter({ id__gt: 1, toppings__name: 'x' }).order_by('name').count());
expectError(box.a$pizza_set.filter({ amount: 1 }));

// --- any number of conditions, the keywords last ---
const one = Q({ id: 1 });
Pizza.aobjects.filter(one, one, one, { name: 'x', id__in: [1, 2], box });
Pizza.aobjects.exclude(one, one, one, one, one, { name: F('box__name') });
Book.aobjects.filter({}, {}, { tags: ['x'] }, Q({ title: 'x' }), sql`true`);
expectType<Pizza>(await Pizza.aobjects.get(one, one, one, { name: 'x' }));
expectError(Pizza.aobjects.filter(one, one, one, { nme: 'x' }));
expectError(Pizza.aobjects.filter(one, one, one, one, { id: 'x' }));
expectError(Pizza.aobjects.filter(one, one, one, Q({ nme: 'x' })));
expectError(Pizza.aobjects.filter(one, one, one, 'x'));

// --- conditions that are gathered: of any model, or of one, whose keys are checked where they are written ---
let gathered: Q = Q({ id: 1 });
gathered = gathered.or(Q({ name: 'x' }).not()).and(Exists(Box.aobjects.filter({ pizza: OuterRef('pk') })));
Pizza.aobjects.filter(gathered, { name: 'x' });
const several: Q[] = [Q({ id: 1 }), Q({ name: 'x' }).not(), Q({ id: 1 }).or(Q({ name: 'x' }))];
several.push(Q({ box__name__in: ['x'] }));
Pizza.aobjects.filter(...several).exclude(several.reduce((a, b) => a.or(b)));
let ofPizza: Q<Pizza> = Q({ name: 'x' });
ofPizza = ofPizza.and(Q({ box__name: 'x' })).or(Q({ id: 1 }).not());
const nameIs = (name?: string): Q<Pizza> => (name ? Q({ name }) : Q());
expectType<Pizza[]>(await Pizza.aobjects.filter(ofPizza, nameIs('x')));
Pizza.aobjects.annotate({ n: Case(When(nameIs('x'), { then: Value(1) }), { default: 0 }) });
const branches: When[] = [When({ id__lt: 5 }, { then: Value('low') }), When(Q({ id__lt: 50 }), { then: Value('mid') })];
Pizza.aobjects.annotate({ size: Case(...branches, { default: Value('high') }) });
expectError(Box.aobjects.filter(ofPizza));
declare const takes: (condition: Q<Pizza>) => void;
takes(Q({ name: 'x' }));
expectError(takes(Q({ nme: 'x' })));
expectError(takes(Q({ name: 5 })));
expectError(Pizza.aobjects.filter(ofPizza.and(Q({ nme: 'x' }))));
expectError(takes(ofPizza.and(Q({ nme: 'x' }))));
expectError(Pizza.aobjects.filter(Q({ nme: 'x' }).not()));
expectError(Pizza.aobjects.filter(Q({ id: 1 }).and(Q({ nme: 'x' }))));
expectError(
  Pizza.aobjects.filter(
    Q({ id: 1 })
      .or(Q({ nme: 'x' }))
      .not(),
  ),
);
let grown = Q({ id: 1 });
grown = grown.and(Q({ name: 'x' }));
Pizza.aobjects.filter(grown);
