/** The contract of every inbox, for any store. The rules are written down in `src/ledger/ledger.ts`. */
import { describe } from "vitest";
import { acceptContract } from "./inbox-accept.ts";
import { batchContract } from "./inbox-batch.ts";
import { confirmContract } from "./inbox-confirm.ts";
import { contentContract } from "./inbox-content.ts";
import { discardContract } from "./inbox-discard.ts";
import { gateContract } from "./inbox-gate.ts";
import { givenTwiceContract } from "./inbox-given-twice.ts";
import { holdContract } from "./inbox-hold.ts";
import { pageContract } from "./inbox-page.ts";
import { quietContract } from "./inbox-quiet.ts";
import { quotaContract } from "./inbox-quota.ts";
import { sharedReceiptContract } from "./inbox-shared-receipt.ts";
import { roomContract } from "./inbox-room.ts";
import { runsContract } from "./inbox-runs.ts";
import type { InboxSetup } from "./inbox-trial.ts";
import { stepsContract } from "./inbox-steps.ts";
import { twinContract } from "./inbox-twins.ts";

export type { InboxSetup } from "./inbox-trial.ts";

export function inboxContract(name: string, setup: InboxSetup): void {
  describe(name, () => {
    describe("accepts deliveries", () => acceptContract(setup));
    describe("tells identical events apart", () => twinContract(setup));
    describe("gives out and settles confirmations", () => confirmContract(setup));
    describe("knows which runs succeeded and which were lost", () => runsContract(setup));
    describe("notes when a receipt is sent twice", () => givenTwiceContract(setup));
    describe("learns from short pulls which events stay away", () => quietContract(setup));
    describe("discards events for an operator", () => discardContract(setup));
    describe("confirms a receipt of several events only when all are handled", () => sharedReceiptContract(setup));
    describe("stores deliveries unchanged", () => contentContract(setup));
    describe("keeps the windows of running events open", () => holdContract(setup));
    describe("grants room for pulls", () => roomContract(setup));
    describe("stores the results of steps", () => stepsContract(setup));
    describe("stores what an attempt leaves for the event's page", () => pageContract(setup));
    describe("enforces the limits of handlers", () => gateContract(setup));
    describe("gathers events into batches", () => batchContract(setup));
    describe("shares the vendor's quota", () => quotaContract(setup));
  });
}
