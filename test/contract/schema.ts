// A schema as somebody writes it who has never seen this library, given to defineModels whole.
import * as drizzle from 'drizzle-orm';
import {
  type AnyPgColumn,
  boolean,
  date,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);
export const billing = pgSchema('billing');
export const PAGE_SIZE = 20;
export function slug(name: string): string {
  return name.toLowerCase().replaceAll(' ', '-');
}

// Keys in snake_case, the column's name left to Drizzle.
export const teams = pgTable('team', {
  id: serial().primaryKey(),
  name: text().notNull(),
  parent_team_id: integer().references((): AnyPgColumn<{ tableName: 'team' }> => teams.id, { onDelete: 'cascade' }),
});

export const people = pgTable(
  'person',
  {
    id: uuid().primaryKey().defaultRandom(),
    email: varchar({ length: 200 }).notNull().unique(),
    mood: mood().notNull().default('ok'),
    born: date(),
    team_id: integer()
      .notNull()
      .references(() => teams.id),
    active: boolean().notNull().default(true),
    joined_at: timestamp({ withTimezone: true }).notNull().defaultNow(),
    settings: jsonb().$type<{ theme?: string; limits: { daily: number } }>(),
  },
  (t) => [index('person_born').on(t.born)],
);

// A one-to-one whose column is the primary key.
export const profiles = pgTable('profile', {
  person_id: uuid()
    .primaryKey()
    .references(() => people.id, { onDelete: 'cascade' }),
  bio: text().notNull().default(''),
});

// A text key, and a foreign key to a unique column that is not the primary key.
export const countries = pgTable('country', { code: text().primaryKey(), name: text().notNull() });
export const visits = pgTable('visit', {
  id: serial().primaryKey(),
  country_code: text()
    .notNull()
    .references(() => countries.code),
  visitor_email: varchar({ length: 200 })
    .notNull()
    .references(() => people.email, { onUpdate: 'cascade' }),
  days: integer().notNull().default(1),
});

// A table of a pgSchema, with camelCase keys and other column names.
export const invoices = billing.table('invoice', {
  id: serial().primaryKey(),
  payerId: uuid('payer').references(() => people.id, { onDelete: 'set null' }),
  total: numeric({ precision: 12, scale: 2 }).notNull(),
});

// A composite key that only the extra config says.
export const seats = pgTable(
  'seat',
  { row: integer().notNull(), number: integer().notNull(), label: text().notNull() },
  (t) => [primaryKey({ columns: [t.row, t.number] })],
);

export const memberships = pgTable(
  'friendship',
  {
    id: serial().primaryKey(),
    from_person_id: uuid()
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    to_person_id: uuid()
      .notNull()
      .references(() => people.id, { onDelete: 'cascade' }),
    since: integer(),
  },
  (t) => [unique().on(t.from_person_id, t.to_person_id)],
);

export const busyTeams = pgView('busy_team').as((qb) => qb.select().from(teams));

// Drizzle 1.0 has them elsewhere.
export const teamRelations =
  'relations' in drizzle
    ? drizzle.relations(teams, ({ many, one }) => ({
        people: many(people),
        parent: one(teams, { fields: [teams.parent_team_id], references: [teams.id] }),
      }))
    : undefined;
export const nothing = drizzle.sql`select 1`;

export const ddl = `
  create type mood as enum ('sad', 'ok', 'happy');
  create schema billing;
  create table team (id serial primary key, name text not null, parent_team_id integer references team (id) on delete cascade);
  create table person (id uuid primary key default gen_random_uuid(), email varchar(200) not null unique, mood mood not null default 'ok',
    born date, team_id integer not null references team (id), active boolean not null default true,
    joined_at timestamptz not null default now(), settings jsonb);
  create table profile (person_id uuid primary key references person (id) on delete cascade, bio text not null default '');
  create table country (code text primary key, name text not null);
  create table visit (id serial primary key, country_code text not null references country (code),
    visitor_email varchar(200) not null references person (email) on update cascade, days integer not null default 1);
  create table billing.invoice (id serial primary key, payer uuid references person (id) on delete set null, total numeric(12, 2) not null);
  create table seat (row integer not null, number integer not null, label text not null, primary key (row, number));
  create table friendship (id serial primary key, from_person_id uuid not null references person (id) on delete cascade,
    to_person_id uuid not null references person (id) on delete cascade, since integer, unique (from_person_id, to_person_id));
`;
