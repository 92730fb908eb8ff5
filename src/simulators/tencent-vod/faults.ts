/** Faults that a test or a person asks for. */
import { z } from "zod";
import { FAULT_FIELDS, type FaultReport as ReportOf, Faults } from "../kit/faults.ts";
import { ACTIONS } from "./settings.ts";

const LATE = ["drop-after"] as const;
const SPOILS = ["http-500", "http-429", "drop-before", "non-json", "no-response-member", "error", ...LATE] as const;

export const FaultSchema = z.strictObject({
  /** Without one, every action. */
  action: z.enum(ACTIONS).optional(),
  /**
   * - `latency`: the call waits `ms` before it does anything
   * - `http-500`, `http-429`, `non-json`, `no-response-member`, `error` (with `code` and `message`): the answer is that instead;
   *   the call has no effect unless `effect` is true
   * - `drop-before`, `drop-after`: the connection is cut without an answer, before the call took effect or after it
   * - `stale`: all handles of a confirmation count as stale
   * - `duplicate`: delivered events stay visible and are delivered once more within their window
   * - `reorder`: a pull delivers the newest events first
   */
  kind: z.enum(["latency", ...SPOILS, "stale", "duplicate", "reorder"]),
  ...FAULT_FIELDS,
});

export type Fault = Readonly<z.input<typeof FaultSchema>>;
export type FaultReport = ReportOf<Fault>;

export function createFaults(): Faults<Fault> {
  return new Faults({ schema: FaultSchema, spoils: SPOILS, late: LATE });
}
