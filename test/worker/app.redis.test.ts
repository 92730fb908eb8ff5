import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import { PermanentError, type Handler } from "reliable-callback";
import { readConfig } from "../../src/config/config.ts";
import { startApp } from "../../src/worker/app.ts";
import { failingLog } from "../support/failing.ts";
import { parkedOn } from "../support/parked-jobs.ts";
import { setupWorld } from "../support/worker-process.ts";

test("an error is logged without the objects that clients attach to it, also in the log of the embedding program", async () => {
  const { simulator, env } = await setupWorld();
  let text = "";
  const log = pino({}, { write: (line: string) => void (text += line) });
  const refused = Object.assign(new Error("the store said no"), { code: "E_NO", request: { token: "s3cret" } });
  const run: Handler["run"] = (context) => context.log.error({ err: refused }, "tried");

  const config = readConfig({ ...env, HANDLERS: undefined });
  const app = await startApp({ config, handlers: { list: [{ vendor: "*", type: "*", run }] }, log });
  onTestFinished(() => app.stop());
  simulator.publish("NewFileUpload");
  await expect.poll(() => simulator.stats().unconfirmed).toBe(0);

  expect(text).toMatch(/"message":"the store said no".*"msg":"tried"/);
  expect(text).toContain('"code":"E_NO"');
  expect(text).not.toContain("s3cret");
});

test("a log that fails at every line changes nothing: events are handled, tried again, parked and confirmed", async () => {
  const { simulator, env } = await setupWorld();
  const { log, tries } = failingLog();
  const attempts: string[] = [];
  const handler: Handler = {
    vendor: "*",
    type: "*",
    run({ event, attempt }) {
      attempts.push(`${event.type} ${attempt}`);
      if (event.type === "FileDeleted") throw new PermanentError("hopeless");
      if (attempt === 1) throw new Error("not now");
    },
  };

  const config = readConfig({ ...env, HANDLERS: undefined, BACKOFF_MS: "10" });
  const app = await startApp({ config, handlers: { list: [handler] }, log });
  onTestFinished(() => app.stop());
  for (const type of ["NewFileUpload", "FileDeleted"]) simulator.publish(type);

  await expect.poll(() => simulator.stats().unconfirmed).toBe(1);
  expect(await parkedOn(app, 1)).toMatchObject([{ name: "FileDeleted", failedReason: "hopeless" }]);
  expect(attempts.toSorted()).toEqual(["FileDeleted 1", "NewFileUpload 1", "NewFileUpload 2"]);
  await app.stop();
  expect(tries()).toBeGreaterThan(5);
});
