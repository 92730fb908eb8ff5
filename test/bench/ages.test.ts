import { expect, test } from "vitest";
import { Ages } from "../../bench/parts/ages.ts";

test("the bench counts an event's age until its confirmation, and up to now while it is unconfirmed", () => {
  const ages = new Ages();
  const confirmed = new Map<string, number>();
  const look = (now: number): void => ages.look((id) => confirmed.get(id), now);
  ages.published({ id: "a", publishedAt: 1_000 });
  ages.published({ id: "b", publishedAt: 1_100 });

  confirmed.set("a", 1_050);
  look(1_200);
  expect(ages.found()).toEqual({ oldestMs: 100, confirmedAfterMs: [50] });

  look(9_000);
  expect(ages.found()).toEqual({ oldestMs: 7_900, confirmedAfterMs: [50] });

  confirmed.set("b", 9_100);
  look(9_200);
  expect(ages.found()).toEqual({ oldestMs: 8_000, confirmedAfterMs: [50, 8_000] });
});
