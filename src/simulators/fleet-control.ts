/** One address to publish through any door of a fleet, for people with curl. */
import { z } from "zod";
import { DOOR_NAMES, type DoorName } from "./fleet.ts";
import type { Door } from "./kit/door.ts";
import { send } from "./kit/http.ts";
import { createRoutes } from "./kit/routes.ts";
import { type Listening, startServer } from "./kit/server.ts";

const EventsSchema = z
  .strictObject({
    door: z.enum(DOOR_NAMES),
    type: z.string().min(1).max(200).optional(),
    /** The whole event. */
    body: z.record(z.string(), z.unknown()).optional(),
    count: z.int().min(1).max(10_000).optional(),
  })
  .refine(({ type, body }) => type === undefined || body === undefined, { error: "give either type or body" });

/** `POST /control/events` with `{"door":"zegocloud","type":"record"}`, and `GET /control/stats`. */
export function startFleetControl(
  doors: Readonly<Partial<Record<DoorName, Door>>>,
  listening: Listening = {},
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const control = createRoutes({
    routes: {
      "POST /control/events": ({ body: request }) => {
        const { door: name, type, body, count = 1 } = EventsSchema.parse(request);
        const door = doors[name];
        if (!door) throw new RangeError(`no door ${name} is open; there is ${Object.keys(doors).join(", ")}`);
        const ids = Array.from({ length: count }, () => door.publish(body ?? door.sample(type)));
        return { status: 201, json: { ids } };
      },
      "GET /control/stats": () => ({
        status: 200,
        json: Object.fromEntries(Object.entries(doors).map(([name, door]) => [name, door.counts()])),
      }),
    },
    find: () => undefined,
  });
  return startServer(listening, (request, response, url) =>
    url.pathname.startsWith("/control/")
      ? control(request, response, url)
      : send(response, 404, '{"error":"there is POST /control/events"}\n'),
  );
}
