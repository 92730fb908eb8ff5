import type { EventType } from "../../../src/vendors/aws-mediaconvert/public.ts";
import { type Case, failed, IN_PROGRESS, SUCCEEDED } from "./cases.ts";

const GOES_ON: readonly Case[] = [["of a job", { detail: { jobId: "j" } }, IN_PROGRESS]];

export const AWS_MEDIACONVERT = {
  PROGRESSING: GOES_ON,
  INPUT_INFORMATION: GOES_ON,
  STATUS_UPDATE: GOES_ON,
  QUEUE_HOP: GOES_ON,
  NEW_WARNING: [["of a job", { detail: { warnings: [{ code: 230_001, count: 1 }] } }, IN_PROGRESS]],
  COMPLETE: [["of a job that has warnings", { detail: { warnings: [{ code: 230_001, count: 1 }] } }, SUCCEEDED]],
  CANCELED: [["of a job", { detail: { jobId: "j" } }, failed("CANCELED")]],
  ERROR: [
    ["with a code", { detail: { errorCode: 1_404, errorMessage: "no such bucket" } }, failed("1404", "no such bucket")],
    ["without a detail", {}, failed()],
  ],
} as const satisfies Record<EventType, readonly Case[]>;
