/** The vendor's own client, which knows nothing of this project, against the simulator. */
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { KEYS, QUEUE, simulated } from "../../vendors/alibaba-vod/pull/simulated.ts";

const Answer = z.object({ code: z.number(), body: z.unknown() });
const Fields = z.record(z.string(), z.string());

/** It comes without types. */
const Client = z.custom<
  new (account: string, options: object) => Readonly<Record<string, (...args: unknown[]) => Promise<unknown>>>
>((value) => typeof value === "function");

const EVENT = { EventType: "SnapshotComplete", VideoId: "v1", Title: 'a <b> & "c"' };

describe("the MNS simulator with the client @alicloud/mns", () => {
  test("delivers waiting messages with their counters", async () => {
    const { simulator, ask } = await setup();
    simulator.publish(EVENT, { count: 2 });

    const { code, body } = await ask("batchReceiveMessage", QUEUE, 16, 1);

    const messages = z.array(Fields).parse(body);
    expect(code).toBe(200);
    expect(messages.map(({ MessageBody }) => JSON.parse(MessageBody ?? ""))).toEqual([EVENT, EVENT]);
    expect(messages[0]).toMatchObject({ DequeueCount: "1", Priority: "8" });
  });

  test("delivers a single message, and deletes it", async () => {
    const { simulator, ask } = await setup();
    const [id = ""] = simulator.publish(EVENT);
    const received = Fields.parse((await ask("receiveMessage", QUEUE)).body);

    const { code } = await ask("deleteMessage", QUEUE, encodeURIComponent(received["ReceiptHandle"] ?? ""));

    expect(code).toBe(204);
    expect(simulator.find(id)).toMatchObject({ state: "confirmed", confirmations: 1 });
  });

  test("changes a message's visibility, deletes it by the new receipt handle, and reports the old one as invalid", async () => {
    const { simulator, ask } = await setup();
    const [id = ""] = simulator.publish(EVENT);
    const received = Fields.parse((await ask("receiveMessage", QUEUE)).body);
    const old = received["ReceiptHandle"] ?? "";
    const changed = Fields.parse((await ask("changeMessageVisibility", QUEUE, encodeURIComponent(old), 60)).body);

    const { code, body } = await ask("batchDeleteMessage", QUEUE, [old, changed["ReceiptHandle"]]);

    expect(code).toBe(404);
    expect(body).toMatchObject([{ ErrorCode: "MessageNotExist", ReceiptHandle: old }]);
    expect(Number(changed["NextVisibleTime"]) - Number(received["NextVisibleTime"])).toBeGreaterThan(20_000);
    expect(simulator.find(id)?.state).toBe("confirmed");
  });

  test("accepts a message that this project's source then receives", async () => {
    const { create, ask } = await setup();
    const text = Buffer.from(JSON.stringify(EVENT)).toString("base64");

    const { code } = await ask("sendMessage", QUEUE, { MessageBody: text });

    expect(code).toBe(201);
    expect((await create().pull(16)).deliveries).toMatchObject([{ type: "SnapshotComplete", body: EVENT }]);
  });

  test("reports the attributes of the queue", async () => {
    const { ask } = await setup();

    expect((await ask("getQueueAttributes", QUEUE)).body).toMatchObject({ QueueName: QUEUE, VisibilityTimeout: "30" });
  });

  test("reports errors by their code", async () => {
    const { ask, as } = await setup();

    await expect(ask("receiveMessage", QUEUE)).rejects.toMatchObject({ name: "MNSMessageNotExistError" });
    await expect(ask("receiveMessage", "nowhere")).rejects.toMatchObject({ name: "MNSQueueNotExistError" });
    const stranger = as({ accessKeySecret: "wrong" });
    await expect(stranger("receiveMessage", QUEUE)).rejects.toMatchObject({ name: "MNSSignatureDoesNotMatchError" });
  });

  test("takes a proxy's page for a successful deletion, while this project's source does not", async () => {
    const { simulator, create, ask } = await setup();
    simulator.publish(EVENT);
    const source = create();
    const receipts = (await source.pull(16)).deliveries.map(({ receipt }) => receipt);
    simulator.faults.inject({ kind: "bad-gateway", times: 2 });

    await expect(ask("batchDeleteMessage", QUEUE, receipts)).resolves.toMatchObject({ body: undefined });
    await expect(source.confirm(receipts)).rejects.toMatchObject({ kind: "outage" });
    expect(simulator.stats().confirmed).toBe(0);
  });
});

async function setup() {
  const { simulator, create } = await simulated();
  const Foreign = Client.parse(createRequire(import.meta.url)("@alicloud/mns"));
  const as = (options: object) => {
    const client = new Foreign("1234567890", { ...KEYS, endpoint: simulator.url, ...options });
    return async (method: string, ...args: unknown[]) => Answer.parse(await client[method]?.(...args));
  };
  return { simulator, create, ask: as({}), as };
}
