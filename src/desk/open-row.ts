/** Turns an event from the form of `open-page.lua` into the form that people see. */
import { z } from "zod";
import { type DeskEvent, Held, type LifeEntry } from "./contract.ts";
import { factsOf, readLife } from "./life.ts";

export const OpenPage = z.tuple([z.string(), z.string()], z.array(z.string()));

const About = z
  .object({
    vendor: z.string(),
    source: z.string(),
    door: z.enum(["pull", "push"]),
    receivedAt: z.string(),
    subjects: z.array(z.string()),
  })
  .partial();

export type OpenRow = {
  readonly event: DeskEvent;
  readonly fingerprint: string;
  /** Only for events that were asked for by name. */
  readonly entries: readonly LifeEntry[];
};

/** `retentionOf`: how long a source's vendor keeps an event. */
export function readRow(
  row: readonly string[],
  { source: listed, retentionOf }: { readonly source: string; readonly retentionOf: (source: string) => number },
): OpenRow {
  const [id = "", fingerprint = "", recorded, seenMs, type, reason, attempts, addedMs, about, endedMs, worker] = row;
  const [inList = "", lifeText = "", held, carrier] = row.slice(11);
  const added = timeOf(addedMs) ?? timeOf(seenMs) ?? new Date(0).toISOString();
  const known = About.safeParse(JSON.parse(about || "{}")).data;
  const { vendor, source = listed, door = "pull", receivedAt = added } = known ?? {};
  const firstSeen = timeOf(seenMs) ?? receivedAt;
  const ended = timeOf(endedMs);
  const life = readLife(lifeText, Date.parse(firstSeen));
  const subjects = known?.subjects?.length ? known.subjects : (life?.subjects ?? []);
  const isAtVendor = recorded === "pending" || recorded === "handled";
  const state = stateOf(recorded, inList);
  const event: DeskEvent = {
    id,
    vendor: vendor ?? source.split("/", 1)[0] ?? "",
    source,
    door,
    type: type || life?.type || "?",
    state,
    subjects,
    firstSeen,
    deliveries: Math.max(1, life?.deliveries ?? 1),
    attempts: Math.max(Number(attempts), life?.attempts ?? 0),
    ...(reason && { error: reason }),
    ...(state === "parked" && ended && { parkedAt: ended }),
    ...((state === "handled" || state === "confirmed") && handledOf(life?.entries, ended)),
    ...(worker && { worker }),
    ...(isAtVendor && { expiresAt: new Date(Date.parse(firstSeen) + retentionOf(source)).toISOString() }),
    ...(held && { heldFor: Held.parse(JSON.parse(held)) }),
    ...(state === "running" && carrier && { inBatchOf: carrier }),
  };
  return { event, fingerprint, entries: life?.entries ?? [] };
}

/** Its job may be gone. */
function handledOf(entries: readonly LifeEntry[] = [], ended: string | undefined) {
  const { handledAt = ended } = factsOf(entries);
  return handledAt === undefined ? {} : { handledAt };
}

function stateOf(recorded: string | undefined, inList: string): DeskEvent["state"] {
  if (inList === "parked") return "parked";
  if (recorded === "handled") return "handled";
  if (inList === "delayed") return "delayed";
  if (inList === "active") return "running";
  return inList === "completed" ? "confirmed" : "waiting";
}

function timeOf(ms: string | undefined): string | undefined {
  return ms ? new Date(Number(ms)).toISOString() : undefined;
}
