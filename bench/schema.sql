create table box (id serial primary key, name varchar(50) not null);
create table price (
  id serial primary key,
  amount numeric(10, 2) not null,
  currency varchar(16) not null default 'usd'
);
create table topping (id serial primary key, name varchar(30) not null);
create table pizza (
  id serial primary key,
  name varchar(50) not null,
  rating integer not null,
  box_id integer references box on delete set null,
  price_id integer not null unique references price on delete cascade,
  baked_at timestamptz not null
);
create table pizza_toppings (
  id serial primary key,
  pizza_id integer not null references pizza on delete cascade,
  topping_id integer not null references topping on delete cascade,
  unique (pizza_id, topping_id)
);
create table customer (
  id serial primary key,
  email varchar(60) not null unique,
  name varchar(50) not null,
  visits integer not null,
  credit numeric(10, 2) not null,
  joined timestamptz not null
);
create index on pizza (box_id);
create index on pizza_toppings (topping_id);
