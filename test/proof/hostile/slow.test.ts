import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Doors, openDoors } from "./open-doors.ts";
import { CLEAN, written } from "./raw-calls.ts";
import { talk } from "./raw-http.ts";

const REQUEST_MS = 1_500;
/** More than may be in hand at once. */
const MANY = 300;
const ENDING = Buffer.from("GET /healthz HTTP/1.1\r\nHost: worker.example\r\nConnection: close\r\n\r\n");

const inbox = { push: async () => "add" as const };

test("a body that comes a byte at a time holds its place no longer than any request may take", async () => {
  const doors = await openDoors(inbox, REQUEST_MS);
  const slow = Array.from({ length: MANY }, () => slowCall(doors));
  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(503), 10_000);

  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(200), { timeout: 10_000 });

  for (const call of slow) expect(await call.closed).toMatch(/^(HTTP\/1\.1 (408|503) [^]*)?$/);
  doors.expectQuiet();
});

test("a body whose sender hangs up half way gives its place back at once", async () => {
  const doors = await openDoors(inbox);
  const slow = Array.from({ length: MANY }, () => slowCall(doors));
  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(503), 10_000);

  for (const call of slow) call.hangUp();

  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(200), 10_000);
  doors.expectQuiet();
});

async function statusOfGenuine({ port }: Doors): Promise<number | undefined> {
  const { wire } = written(CLEAN, Math.floor(Date.now() / 1_000));
  return (await talk(port, Buffer.concat([wire, ENDING]))).statuses[0];
}

/** Genuine in all that has come so far. */
function slowCall({ port }: Doors) {
  const { wire } = written({ ...CLEAN, framing: "a length too long" }, Math.floor(Date.now() / 1_000));
  const socket = connect(port, "127.0.0.1");
  const closed = Promise.withResolvers<string>();
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => {}).on("close", () => closed.resolve(text));
  socket.write(wire);
  const timer = setInterval(() => socket.write(" "), 200);
  socket.on("close", () => clearInterval(timer));
  onTestFinished(() => void socket.destroy());
  return { closed: closed.promise, hangUp: () => socket.resetAndDestroy() };
}
