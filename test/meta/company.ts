// A schema for what the pizzeria has not: circular, self and doubled references, keys of other kinds, other SQL schemas.
import {
  type AnyPgColumn,
  integer,
  pgEnum,
  pgSchema,
  pgTable,
  primaryKey,
  serial,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import { defineModels, foreignKey, manyToMany, oneToOne } from 'drizzle-queryset';
import type { AnyDatabase } from '../support/databases.js';

export const level = pgEnum('level', ['junior', 'senior']);

/** Circular with `employees`: a department has a lead, who is in a department. */
export const departments = pgTable('department', {
  id: uuid().primaryKey().defaultRandom(),
  name: text().notNull(),
  leadId: integer('lead_id').references((): AnyPgColumn<{ tableName: 'employee' }> => employees.id),
});

export const employees = pgTable('employee', {
  id: serial().primaryKey(),
  email: text().notNull().unique(),
  fullName: text('full_name').notNull(),
  level: level().notNull().default('junior'),
  departmentId: uuid('department_id')
    .notNull()
    .references((): AnyPgColumn<{ tableName: 'department' }> => departments.id),
  managerId: integer('manager_id').references((): AnyPgColumn<{ tableName: 'employee' }> => employees.id),
});

/** The primary key is the reference: one badge an employee. */
export const badges = pgTable('badge', {
  employeeId: integer('employee_id')
    .primaryKey()
    .references(() => employees.id, { onDelete: 'cascade' }),
  code: text().notNull(),
});

/** Points at a column that is unique, and not the primary key. */
export const parkings = pgTable('parking', {
  id: serial().primaryKey(),
  place: text().notNull(),
  holderId: text('holder_email').references(() => employees.email),
});

/** Two references to one table: nothing but `related_name` tells them apart. */
export const messages = pgTable('message', {
  id: serial().primaryKey(),
  body: text().notNull(),
  senderId: integer('sender_id')
    .notNull()
    .references(() => employees.id),
  recipientId: integer('recipient_id').references(() => employees.id),
});

export const friendships = pgTable(
  'friendship',
  {
    id: serial().primaryKey(),
    oneId: integer('one_id')
      .notNull()
      .references(() => employees.id),
    otherId: integer('other_id')
      .notNull()
      .references(() => employees.id),
  },
  (t) => [unique().on(t.oneId, t.otherId)],
);

export const followings = pgTable('following', {
  id: serial().primaryKey(),
  followerId: integer('follower_id')
    .notNull()
    .references(() => employees.id),
  followedId: integer('followed_id')
    .notNull()
    .references(() => employees.id),
});

/** A text for a primary key. */
export const skills = pgTable('skill', { slug: text().primaryKey(), title: text().notNull() });

/** A through table that is a model too, with a column of its own and a third key. */
export const expertises = pgTable('expertise', {
  id: serial().primaryKey(),
  employeeId: integer('employee_id')
    .notNull()
    .references(() => employees.id),
  skillId: text('skill_id')
    .notNull()
    .references(() => skills.slug),
  endorserId: integer('endorser_id').references(() => employees.id),
  years: integer().notNull().default(0),
});

const depot = pgSchema('depot');

/** In a schema of its own; the names in the database are not those of the keys. */
export const shelves = depot.table('shelf', {
  id: serial('shelf_no').primaryKey(),
  label: text('shelf_label').notNull(),
});
export const parts = depot.table('part', {
  id: serial('part_no').primaryKey(),
  partName: text('part_name').notNull(),
  shelf_id: integer('kept_on').references(() => shelves.id),
});

/** A key of two columns, which the table's extra config says and `Meta` repeats. */
export const stocks = pgTable(
  'stock',
  { region: text().notNull(), item: integer().notNull(), amount: integer().notNull() },
  (t) => [primaryKey({ columns: [t.region, t.item] })],
);

export const companySql = `
  create type level as enum ('junior', 'senior');
  create table department (id uuid primary key default gen_random_uuid(), name text not null, lead_id integer);
  create table employee (id serial primary key, email text not null unique, full_name text not null,
    level level not null default 'junior', department_id uuid not null references department (id),
    manager_id integer references employee (id));
  alter table department add foreign key (lead_id) references employee (id);
  create table badge (employee_id integer primary key references employee (id) on delete cascade, code text not null);
  create table parking (id serial primary key, place text not null, holder_email text references employee (email));
  create table message (id serial primary key, body text not null, sender_id integer not null references employee (id),
    recipient_id integer references employee (id));
  create table friendship (id serial primary key, one_id integer not null references employee (id),
    other_id integer not null references employee (id), unique (one_id, other_id));
  create table following (id serial primary key, follower_id integer not null references employee (id),
    followed_id integer not null references employee (id));
  create table skill (slug text primary key, title text not null);
  create table expertise (id serial primary key, employee_id integer not null references employee (id),
    skill_id text not null references skill (slug), endorser_id integer references employee (id),
    years integer not null default 0);
  create schema depot;
  create table depot.shelf (shelf_no serial primary key, shelf_label text not null);
  create table depot.part (part_no serial primary key, part_name text not null,
    kept_on integer references depot.shelf (shelf_no));
  create table stock (region text not null, item integer not null, amount integer not null, primary key (region, item));
`;

/** Ann leads, and manages Bob and Cid; Bob manages Dee. Bob and Cid are friends; Dee follows Ann. */
export const companyRows = `
  truncate department, employee, badge, parking, message, friendship, following, skill, expertise,
    depot.shelf, depot.part, stock restart identity cascade;
  insert into department (id, name) values ('11111111-1111-4111-8111-111111111111', 'Sales'),
    ('22222222-2222-4222-8222-222222222222', 'Works');
  insert into employee (email, full_name, level, department_id, manager_id) values
    ('ann@x', 'Ann', 'senior', '11111111-1111-4111-8111-111111111111', null),
    ('bob@x', 'Bob', 'junior', '11111111-1111-4111-8111-111111111111', 1),
    ('cid@x', 'Cid', 'senior', '22222222-2222-4222-8222-222222222222', 1),
    ('dee@x', 'Dee', 'junior', '22222222-2222-4222-8222-222222222222', 2);
  update department set lead_id = 1 where name = 'Sales';
  insert into badge values (1, 'A-1'), (2, 'B-2');
  insert into parking (place, holder_email) values ('P1', 'ann@x'), ('P2', 'ann@x'), ('P3', null);
  insert into message (body, sender_id, recipient_id) values ('hello', 1, 2), ('hi', 2, 1), ('all', 1, null);
  insert into friendship (one_id, other_id) values (2, 3), (3, 2);
  insert into following (follower_id, followed_id) values (4, 1);
  insert into skill values ('sql', 'SQL'), ('ts', 'TypeScript');
  insert into expertise (employee_id, skill_id, endorser_id, years) values (1, 'sql', 2, 9), (1, 'ts', null, 2), (2, 'sql', 1, 1);
  insert into depot.shelf (shelf_label) values ('top'), ('low');
  insert into depot.part (part_name, kept_on) values ('bolt', 1), ('nut', 1), ('rod', null);
  insert into stock values ('eu', 1, 10), ('eu', 2, 20), ('us', 1, 30);
`;

export function defineCompany(db: AnyDatabase) {
  return defineModels(
    db,
    {
      Department: departments,
      Employee: employees,
      Badge: badges,
      Parking: parkings,
      Message: messages,
      Skill: skills,
      Expertise: expertises,
      Shelf: shelves,
      Part: parts,
      Stock: stocks,
    },
    {
      Department: { lead: oneToOne('leadId', 'Employee', { related_name: 'leads' }) },
      Message: {
        sender: foreignKey('senderId', 'Employee', { related_name: 'sent' }),
        recipient: foreignKey('recipientId', 'Employee', { related_name: 'received', related_query_name: 'inbox' }),
      },
      Expertise: { endorser: foreignKey('endorserId', 'Employee', { related_name: '+' }) },
      Employee: {
        manager: foreignKey('managerId', 'Employee', { related_name: 'reports' }),
        friends: manyToMany('Employee', { through: friendships }),
        follows: manyToMany('Employee', { through: followings, symmetrical: false, related_name: 'followers' }),
        skills: manyToMany('Skill', {
          through: expertises,
          through_fields: ['employeeId', 'skillId'],
          related_name: 'experts',
        }),
      },
      Stock: { Meta: { primary_key: ['region', 'item'] } },
    },
  );
}
