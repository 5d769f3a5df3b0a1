// One table a family of types, with the rows that every expectation beside it is read from.
import {
  bigint,
  boolean,
  customType,
  date,
  doublePrecision,
  inet,
  integer,
  interval,
  jsonb,
  numeric,
  pgEnum,
  pgTable,
  serial,
  text,
  time,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';
import { defineModels } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/databases.js';

export const mood = pgEnum('mood', ['sad', 'ok', 'happy']);

export const words = pgTable('word', { id: serial().primaryKey(), t: text(), part: text() });

export const numbers = pgTable('number', {
  id: serial().primaryKey(),
  i: integer(),
  b: bigint({ mode: 'bigint' }),
  d: doublePrecision(),
  n: numeric({ precision: 20, scale: 6 }),
});

export const moments = pgTable('moment', {
  id: serial().primaryKey(),
  day: date(),
  at: timestamp({ withTimezone: true }),
  local: timestamp({ mode: 'string' }),
  clock: time(),
});

const bytea = customType<{ data: Buffer | Uint8Array }>({ dataType: () => 'bytea' });
const int4range = customType<{ data: string }>({ dataType: () => 'int4range' });

export const things = pgTable('thing', {
  id: serial().primaryKey(),
  flag: boolean(),
  uid: uuid(),
  mood: mood(),
  tags: text().array(),
  doc: jsonb(),
  span: int4range(),
  raw: bytea(),
  ip: inet(),
  dur: interval(),
});

export const samplesSql = `
  create type mood as enum ('sad', 'ok', 'happy');
  create table word (id serial primary key, t text, part text);
  create table number (id serial primary key, i integer, b bigint, d double precision, n numeric(20, 6));
  create table moment (id serial primary key, day date, at timestamptz, local timestamp, clock time);
  create table thing (id serial primary key, flag boolean, uid uuid, mood mood, tags text[], doc jsonb, span int4range,
    raw bytea, ip inet, dur interval);

  insert into word (t, part) values
    ('100%', '%'), ('100x', '%'), ('a_b', '_'), ('axb', '_'), (E'back\\\\slash', E'\\\\'), ('it''s', 'x'), ('"quoted"', '"'),
    ('Éclair', 'é'), ('éclair', 'é'), ('', ''), (null, 'a'), (E'line\\nbreak', null), ('日本語 😀', '😀');

  insert into number (i, b, d, n) values
    (1, 1, 0.5, 1.50),
    (2147483647, 9223372036854775807, 1e300, 99999999999999.999999),
    (-5, -9223372036854775808, -0.1, -0.000001),
    (null, null, null, null);

  -- 31 December 2023 is a Sunday; in Paris the clocks go forward on 31 March 2024 at 1:00 UTC and back on 27 October.
  insert into moment (day, at, local, clock) values
    ('2023-12-31', '2023-12-31 23:30:00+00', '2023-12-31 23:30:00', '23:30:00'),
    ('2024-03-31', '2024-03-31 00:30:00+00', '2024-03-31 00:30:00', '00:30:00'),
    ('2024-03-31', '2024-03-31 01:30:00+00', '2024-03-31 01:30:00', '01:30:00'),
    ('2024-10-27', '2024-10-27 00:30:00+00', '2024-10-27 00:30:00', '00:30:00'),
    ('2024-10-27', '2024-10-27 01:30:00+00', '2024-10-27 01:30:00', '01:30:00'),
    (null, null, null, null),
    ('2024-12-30', '2024-12-30 12:00:00.123456+00', '2024-12-30 12:00:00.123456', '12:00:00.123456');

  insert into thing (flag, uid, mood, tags, doc, span, raw, ip, dur) values
    (true, 'aaaaaaaa-0000-4000-8000-00000000000a', 'sad', '{a,b}',
      '{"a": {"b": 1, "c": null}, "list": [1, "x", {"k": true}], "s": "50% off_"}', '[1,5)', '\\x00ff', '10.0.0.1', '1 day 02:00:00'),
    (false, 'bbbbbbbb-0000-4000-8000-00000000000b', 'happy', '{}', '{"a": null}', '[5,9)', '\\x', '10.0.0.2', '00:30:00'),
    (null, null, null, null, 'null', null, null, null, null),
    (true, null, 'ok', '{a,null}', null, 'empty', null, null, '-1 day'),
    (false, null, null, '{"we,ird \\"q\\" \\\\ {}","NULL"}', '"text"', '(,3)', null, null, null),
    (null, null, null, null, '[]', null, null, null, null),
    (null, null, null, null, '{"we''ird \\"k%": 1, "0": "zero"}', null, null, null, null);
`;

export function defineSamples(db: AnyDatabase) {
  return defineModels(db, { Word: words, Number: numbers, Moment: moments, Thing: things });
}

/** The models without their types: for keys in a table, and for what the types refuse. */
export interface Loose {
  readonly aobjects: LooseQuerySet;
}
export interface LooseQuerySet extends PromiseLike<{ id: number }[]> {
  filter(...lookups: unknown[]): LooseQuerySet;
  exclude(...lookups: unknown[]): LooseQuerySet;
  order_by(...keys: unknown[]): LooseQuerySet;
}
export const loosely = (models: object) => models as unknown as Record<'Word' | 'Number' | 'Moment' | 'Thing', Loose>;
