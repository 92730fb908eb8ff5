import { expect, vi } from "vitest";
import { z } from "zod";

const Board = z.object({
  queues: z.tuple([
    z.looseObject({
      jobs: z.array(z.looseObject({ id: z.string(), name: z.string(), failedReason: z.string(), data: z.unknown() })),
    }),
  ]),
});

/** The failed jobs on bull-board. Waits until there are `count` of them. */
export async function parkedOn({ pagesUrl }: { readonly pagesUrl?: string }, count: number) {
  return await vi.waitFor(async () => {
    const answer = await fetch(
      `${pagesUrl}/dashboard/api/queues?activeQueue=events&status=failed&page=1&jobsPerPage=100`,
    );
    const { jobs } = Board.parse(await answer.json()).queues[0];
    expect(jobs).toHaveLength(count);
    return jobs;
  });
}
