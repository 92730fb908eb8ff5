import { expect, test } from "vitest";
import { awakeMs } from "../../support/awake-time.ts";
import { setup } from "../setup.ts";

test("an open live stream does not delay the closing of the server", async () => {
  const { url, server } = await setup();
  const stream = await fetch(`${url}/live`);

  expect(await awakeMs(() => server.close())).toBeLessThan(1_500);

  expect(await stream.text()).toContain("event: open");
});
