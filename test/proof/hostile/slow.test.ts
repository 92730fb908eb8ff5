import { connect } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { type Doors, openDoors } from "./open-doors.ts";
import { CLEAN, written } from "./raw-calls.ts";
import { talk } from "../../support/raw-http.ts";

const REQUEST_MS = 8_000;
/** More calls than the server handles at once. */
const MANY = 300;
const ENDING = Buffer.from("GET /healthz HTTP/1.1\r\nHost: worker.example\r\nConnection: close\r\n\r\n");

/** A busy machine takes seconds to open so many connections. */
const BUSY_MACHINE = { timeout: 30_000 };

const inbox = { push: async () => "add" as const };

test("a body that arrives byte by byte is ended when the request takes too long", async () => {
  const doors = await openDoors(inbox, REQUEST_MS);
  const slow = Array.from({ length: MANY }, () => slowCall(doors));
  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(503), BUSY_MACHINE);

  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(200), BUSY_MACHINE);

  for (const call of slow) expect(await call.closed).toMatch(/^(HTTP\/1\.1 (408|503) [^]*)?$/);
  doors.expectQuiet();
});

test("a body whose sender hangs up frees its room at once", async () => {
  const doors = await openDoors(inbox);
  const slow = Array.from({ length: MANY }, () => slowCall(doors));
  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(503), BUSY_MACHINE);

  for (const call of slow) call.hangUp();

  await vi.waitFor(async () => expect(await statusOfGenuine(doors)).toBe(200), BUSY_MACHINE);
  doors.expectQuiet();
});

test("a declared length takes no room before the bytes arrive", async () => {
  const doors = await openDoors(inbox);
  const slow = Array.from({ length: 200 }, () => slowCall(doors, "a length of which little comes"));
  await Promise.all(slow.map(({ sent }) => sent));

  expect(await statusOfGenuine(doors)).toBe(200);

  for (const call of slow) call.hangUp();
  doors.expectQuiet();
});

async function statusOfGenuine({ port }: Doors): Promise<number | undefined> {
  const { wire } = written(CLEAN, Math.floor(Date.now() / 1_000));
  return (await talk(port, Buffer.concat([wire, ENDING]))).statuses[0];
}

/** The bytes so far belong to a genuine call. */
function slowCall({ port }: Doors, framing = "a length too long") {
  const { wire } = written({ ...CLEAN, framing }, Math.floor(Date.now() / 1_000));
  const socket = connect(port, "127.0.0.1");
  const closed = Promise.withResolvers<string>();
  let text = "";
  socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
  socket.on("error", () => {}).on("close", () => closed.resolve(text));
  const sent = new Promise((resolve) => void socket.write(wire, resolve));
  const timer = setInterval(() => socket.write(" "), 200);
  socket.on("close", () => clearInterval(timer));
  onTestFinished(() => void socket.destroy());
  return { closed: closed.promise, sent, hangUp: () => socket.resetAndDestroy() };
}
