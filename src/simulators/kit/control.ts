/** The control API of a simulator, for curl: publish events, read their history, inject faults. */
import { z } from "zod";
import type { Page } from "./register.ts";
import { createRoutes, type RoutesOptions } from "./routes.ts";

const MAX_PAGE = 1000;

const PageSchema = z.strictObject({
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).optional(),
});

type Account<Fault, Changes> = {
  readonly settings: object;
  set(changes: Changes): void;
  history(page: Page): readonly { readonly id: string }[];
  find(id: string): object | undefined;
  stats(): object;
  readonly faults: { inject(fault: Fault): void; list(): readonly object[]; clear(): void };
};

type ControlOptions<Fault, Changes> = {
  readonly account: Account<Fault, Changes>;
  readonly FaultSchema: z.ZodType<Fault>;
  readonly ChangeSchema: z.ZodType<Changes>;
  /** Returns the ids. Throws for an invalid request. */
  readonly publish: (request: unknown) => readonly string[];
};

export function createControl<Fault, Changes>(options: ControlOptions<Fault, Changes>) {
  const { account, FaultSchema, ChangeSchema, publish } = options;
  const routes: RoutesOptions["routes"] = {
    "POST /control/events": ({ body }) => ({ status: 201, json: { ids: publish(body) } }),
    "GET /control/events": ({ query }) => {
      const { after, limit = 100 } = PageSchema.parse(Object.fromEntries(query));
      const events = account.history({ after, limit });
      return { status: 200, json: { events, next: events.length === limit ? (events.at(-1)?.id ?? null) : null } };
    },
    "GET /control/stats": () => ({ status: 200, json: account.stats() }),
    "GET /control/faults": () => ({ status: 200, json: { faults: account.faults.list() } }),
    "POST /control/faults": ({ body }) => {
      account.faults.inject(FaultSchema.parse(body));
      return { status: 201, json: { faults: account.faults.list() } };
    },
    "DELETE /control/faults": () => {
      account.faults.clear();
      return { status: 200, json: { faults: [] } };
    },
    "GET /control/settings": () => ({ status: 200, json: account.settings }),
    "POST /control/settings": ({ body }) => {
      account.set(ChangeSchema.parse(body));
      return { status: 200, json: account.settings };
    },
  };

  return createRoutes({ routes, find: (id) => account.find(id) });
}
