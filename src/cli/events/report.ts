import type { EventPage, EventWithLife, LifeEntry } from "../../desk/contract.ts";
import { dim, heading, visible } from "../terminal.ts";

export function listLines({ events, cursor }: EventPage): readonly string[] {
  if (events.length === 0) return ["No event matches."];
  const lines = events.flatMap((event) => [
    `${event.state.padEnd(10)}${event.firstSeen}  ${heading(visible(event.type))}  ${visible(event.subjects.join(" "))}`,
    dim(`${" ".repeat(10)}${visible(event.id)}  ${visible(event.source)}`),
    ...(event.error === undefined ? [] : [`${" ".repeat(10)}${visible(firstLine(event.error))}`]),
  ]);
  return cursor === undefined ? lines : [...lines, "There are more: name what you look for, or raise --limit."];
}

export function showLines({ life, body, neighbours = [], ...event }: EventWithLife): readonly string[] {
  const { steps = [], lines = [], stack, areAllNeighbours = true } = event;
  const near = neighbours.map(({ state, type, id }) => `${state.padEnd(10)}${type}  ${id}`);
  return [
    `${heading(visible(event.type))}  ${event.state}  ${visible(event.id)}`,
    ...factsOf(event).map(([name, value]) => `  ${name.padEnd(14)}${visible(value)}`),
    "",
    ...life.map(entryLine),
    "",
    ...titled(
      "Steps",
      steps.map(({ name, isDone, seenAt }) => (isDone ? `${name}: done` : `${name}: began, seen ${seenAt}`)),
    ),
    ...titled("What its handler logged", lines),
    ...titled("The error with its causes", stack?.split("\n") ?? []),
    ...titled("Other events of the same subject", areAllNeighbours ? near : [...near, "There may be more."]),
    ...(body === undefined ? ["Its body is gone with its job."] : visible(JSON.stringify(body, null, 2)).split("\n")),
  ];
}

function titled(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [heading(title), ...lines.map((line) => `  ${visible(line)}`), ""];
}

/** Names the limit that holds an event, in the words of the API: `key (HANDLER, key KEY), behind ID`. */
function heldText({ heldFor, inBatchOf, nextAttemptAt }: Omit<EventWithLife, "life">): string | undefined {
  if (inBatchOf !== undefined) return `it runs in the batch of ${inBatchOf}`;
  if (heldFor) {
    const { what, handler, key, after } = heldFor;
    return `${what} (${handler}${key === undefined ? "" : `, key ${key}`})${after === undefined ? "" : `, behind ${after}`}`;
  }
  return nextAttemptAt === undefined ? undefined : `its next attempt at ${nextAttemptAt}`;
}

function factsOf(event: Omit<EventWithLife, "life">): readonly (readonly [name: string, value: string])[] {
  const { source, door, subjects, firstSeen, deliveries, attempts, handledAt, confirmedAt, worker, expiresAt } = event;
  const facts = [
    ["source", `${source}, by ${door}`],
    ["subjects", subjects.join(" ")],
    ["first seen", firstSeen],
    ["deliveries", String(deliveries)],
    ["last delivery", event.lastDelivery],
    ["attempts", String(attempts)],
    ["waits for", heldText(event)],
    ["receipt until", event.receiptUntil],
    ["progress", event.progress === undefined ? undefined : JSON.stringify(event.progress)],
    ["parked", event.parkedAt],
    ["handled", handledAt],
    ["confirmed", confirmedAt],
    ["worker", worker],
    ["forgotten at", expiresAt],
    ["error", event.error],
  ] as const;
  return facts.flatMap(([name, value]) => (value === undefined || value === "" ? [] : [[name, value] as const]));
}

function entryLine({ at, what, by, endedAt, result, receipt, error, calls }: LifeEntry): string {
  const parts = [
    at,
    what.padEnd(10),
    result,
    calls !== undefined && calls > 1 ? `(${calls} calls)` : undefined,
    receipt,
    endedAt && `until ${endedAt}`,
    by && `by ${by}`,
    error && `: ${firstLine(error)}`,
  ];
  return `  ${visible(parts.filter((part) => part !== undefined).join(" "))}`;
}

function firstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
