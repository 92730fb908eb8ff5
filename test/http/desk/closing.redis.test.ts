import { expect, test } from "vitest";
import { setup } from "../setup.ts";

test("an open live stream does not delay the closing of the server", async () => {
  const { url, server } = await setup();
  const stream = await fetch(`${url}/live`);

  const before = performance.now();
  await server.close();

  expect(performance.now() - before).toBeLessThan(1_500);
  expect(await stream.text()).toContain("event: open");
});
