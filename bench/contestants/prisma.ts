import { PrismaPg } from '@prisma/adapter-pg';
import type { Contestant } from '../contestant.js';
import { PrismaClient } from '../dist/prisma/client.js';
import type { CustomerRow } from '../workloads.js';

export function open(url: string, poolSize: number): Contestant {
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: poolSize }) });

  const get = (id: number) => prisma.pizza.findUniqueOrThrow({ where: { id } });
  const pageAfter = (after: number) =>
    prisma.pizza.findMany({ where: { id: { gt: after } }, orderBy: { id: 'asc' }, take: 1000 });
  const getOrCreate = (c: CustomerRow) => prisma.customer.upsert({ where: { email: c.email }, create: c, update: {} });

  return {
    operations: {
      key: get,
      join: ({ box, amount }) =>
        prisma.pizza.findMany({
          where: { box: { name: box }, price: { amount: { gte: amount } } },
          orderBy: [{ price: { amount: 'desc' } }, { id: 'asc' }],
          take: 50,
        }),
      values: (after) =>
        prisma.pizza.findMany({
          select: {
            id: true,
            name: true,
            box: { select: { name: true } },
            price: { select: { amount: true } },
          },
          where: { id: { gt: after } },
          orderBy: { id: 'asc' },
          take: 1000,
        }),
      instances: pageAfter,
      prefetch: (after) =>
        prisma.pizza.findMany({
          include: { box: true, price: true, toppings: { include: { topping: true } } },
          where: { id: { gt: after } },
          orderBy: { id: 'asc' },
          take: 200,
        }),
      aggregate: (least) =>
        prisma.pizza.groupBy({
          by: ['boxId'],
          where: { boxId: { not: null } },
          _count: { id: true },
          _max: { rating: true },
          _sum: { rating: true },
          having: { id: { _count: { gt: least } } },
          orderBy: { boxId: 'asc' },
        }),
      bulk_create: (all) => prisma.customer.createManyAndReturn({ data: all }),
      // Prisma has no statement for it: one update a row, in a transaction.
      bulk_update: (changes) =>
        prisma.$transaction(
          changes.map(({ id, visits, credit }) => prisma.customer.update({ where: { id }, data: { visits, credit } })),
        ),
      get_or_create: async ({ hit, miss }) => [await getOrCreate(hit), await getOrCreate(miss)],
      create: (c) => prisma.customer.create({ data: c }),
      // No stream: pages by cursor.
      stream: async () => {
        const folded = { count: 0, ids: 0, ratings: 0 };
        for (let after = 0; ; ) {
          const page = await pageAfter(after);
          for (const pizza of page) {
            folded.count += 1;
            folded.ids += pizza.id;
            folded.ratings += pizza.rating;
          }
          if (page.length < 1000) return folded;
          after = page[page.length - 1]!.id;
        }
      },
      concurrent: (ids) => Promise.all(ids.map(get)),
    },
    plain: {
      values: (rows) =>
        rows.map((r: { id: number; name: string; box: { name: string } | null; price: { amount: unknown } }) => [
          r.id,
          r.name,
          r.box?.name ?? null,
          r.price.amount,
        ]),
      aggregate: (rows) =>
        rows.map(
          (r: { boxId: number; _count: { id: number }; _max: { rating: number }; _sum: { rating: number } }) => ({
            boxId: r.boxId,
            n: r._count.id,
            top: r._max.rating,
            total: r._sum.rating,
          }),
        ),
    },
    close: () => prisma.$disconnect(),
  };
}
