// One column of each kind and mode that decides what an expression gives.
import {
  bigint,
  boolean,
  date,
  doublePrecision,
  integer,
  interval,
  jsonb,
  numeric,
  pgTable,
  real,
  serial,
  smallint,
  text,
  time,
  timestamp,
} from 'drizzle-orm/pg-core';
import { defineModels } from 'drizzle-queryset';

export const owners = pgTable('owner', { id: serial().primaryKey(), name: text().notNull(), rank: integer() });
export const samples = pgTable('sample', {
  id: serial().primaryKey(),
  ownerId: integer().references(() => owners.id),
  int: integer().notNull(),
  intNull: integer(),
  small: smallint().notNull(),
  big: bigint({ mode: 'number' }).notNull(),
  bigBig: bigint({ mode: 'bigint' }),
  double: doublePrecision(),
  real: real().notNull(),
  decimal: numeric({ precision: 10, scale: 2 }).notNull(),
  decimalNumber: numeric({ precision: 10, scale: 2, mode: 'number' }),
  decimalBig: numeric({ precision: 20, mode: 'bigint' }),
  flag: boolean().notNull(),
  flagNull: boolean(),
  text: text().notNull(),
  textNull: text(),
  day: date().notNull(),
  dayDate: date({ mode: 'date' }),
  at: timestamp({ withTimezone: true }).notNull(),
  atText: timestamp({ mode: 'string' }),
  clock: time(),
  span: interval(),
  json: jsonb().$type<{ a: number }>(),
  words: text().array().notNull(),
});

export const samplesSql = `
  create table owner (id serial primary key, name text not null, rank integer);
  create table sample (id serial primary key, "ownerId" integer references owner (id), int integer not null, "intNull" integer,
    small smallint not null, big bigint not null, "bigBig" bigint, double double precision, real real not null,
    decimal numeric(10, 2) not null, "decimalNumber" numeric(10, 2), "decimalBig" numeric(20), flag boolean not null,
    "flagNull" boolean, text text not null, "textNull" text, day date not null, "dayDate" date, at timestamptz not null,
    "atText" timestamp, clock time, span interval, json jsonb, words text[] not null);
  insert into owner (name, rank) values ('Ann', 1), ('Ben', null);
  insert into sample ("ownerId", int, "intNull", small, big, "bigBig", double, real, decimal, "decimalNumber", "decimalBig", flag,
    "flagNull", text, "textNull", day, "dayDate", at, "atText", clock, span, json, words) values
    (1, 5, 2, 3, 7, 9007199254740995, 1.5, 2.5, 9.90, 1.25, 1234567890123456789, true, false, 'Hello', 'x', '2024-01-31',
      '2024-02-01', '2024-01-31T10:11:12Z', '2024-01-31 10:11:12', '10:11:12', '1 day 02:00:00', '{"a": 1}', '{a, b}'),
    (1, 1, 1, 1, 1, 1, 1, 1, 1.00, 1.00, 1, false, true, '1', '1', '2024-01-01', '2024-01-01', '2024-01-01T00:00:00Z',
      '2024-01-01 00:00:00', '00:00:01', '1 day', '{"a": 2}', '{c, d}'),
    (null, 4, null, 2, 8, null, null, 0.5, 3.30, null, null, true, null, '', null, '2023-12-31', null, '2023-12-31T23:59:59Z',
      null, null, null, null, '{e, f}');
`;

export const sampleModels = (db: Parameters<typeof defineModels>[0]) =>
  defineModels(db, { Owner: owners, Sample: samples });
