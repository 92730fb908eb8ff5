import { isObject } from "../../../src/core/event.ts";
import { isDeepStrictEqual } from "node:util";
import { tuple } from "fast-check";
import { expect, test } from "vitest";
import { eventId, fingerprint } from "../../../src/core/fingerprint.ts";
import { storable } from "../../../src/vendors/parsing/storable.ts";
import { jsonText } from "./arbitraries.ts";
import { payloadOf } from "./payloads.ts";
import { holds, timed, TIMEOUT } from "./runs.ts";
import { PUSHING } from "./vendors.ts";

const texts = tuple(payloadOf(PUSHING.flatMap(({ samples }) => samples)), jsonText);

test(
  "every storable body has one fingerprint, before and after storage, and no other body has it",
  TIMEOUT,
  async () => {
    await holds("fingerprints", texts, ([text, more]) => {
      const body = storable(parsed(text));
      if (!body) return;
      const one = timed(() => fingerprint("s", body));
      expect(one).toMatch(/^[\w-]{22}$/);
      expect(fingerprint("s", JSON.parse(JSON.stringify(body)))).toBe(one);
      expect(fingerprint("s", turned(body)), "whatever the order of its keys").toBe(one);
      const other = storable({ ...body, more: parsed(more) });
      expect(fingerprint("s", other) === one, "another body").toBe(isDeepStrictEqual(told(other), told(body)));
      expect(eventId("s", text, one)).toMatch(/^ev-[\w-]{22}$/);
    });
  },
);

/** Reverses the order of all keys. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, field]) => [key, turned(field)]),
  );
}

/** The part of a value that counts for its fingerprint. A field that is null does not count. */
function told(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(told);
  if (!isObject(value)) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([key, field]) => [key, told(field)]));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
