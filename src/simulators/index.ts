/**
 * Simulated vendors on this machine, for the tests of a worker and for a look at it without an account:
 *
 *     const fleet = await startFleet({ "tencent-vod": {}, zegocloud: {} });
 *     const worker = await startWorker({ env: { ...fleet.env, PORT: "0" }, handlers });
 *     fleet.callWorkerAt(worker.url);
 *     const door = fleet.doors["tencent-vod"];
 *     const id = door.publish(door.sample("NewFileUpload"));
 *     // ... until door.heard(id)?.confirmations is 1
 *     await worker.stop();
 *     await fleet.close();
 *
 * Each speaks its vendor's protocol over HTTP with real signatures. What a vendor does not document is an option. Doors
 * that are pulled from have a `simulator` of their own, in which calls can be made to fail.
 */
export { DOOR_NAMES, type DoorName, type Fleet, type FleetOptions, startFleet } from "./fleet.ts";
export type { Counts, Door, EventBody, Heard } from "./kit/door.ts";
export type { PushedDoor } from "./kit/pushed.ts";
