/** Faults that a test or a person asks for. */
import { z } from "zod";
import { FAULT_FIELDS, Faults } from "../kit/faults.ts";
import { ACTIONS } from "./settings.ts";

const LATE = ["drop-after", "cut-off"] as const;
const SPOILS = ["bad-gateway", "drop-before", "non-xml", "error", ...LATE] as const;

export const FaultSchema = z.strictObject({
  /** Without one, every action. */
  action: z.enum(ACTIONS).optional(),
  /**
   * - `latency`: the call waits `ms` before it does anything
   * - `bad-gateway`: HTTP 502 with a proxy's page; `non-xml`: the expected status with such a page; `error`: an error with
   *   `code`, `status` and `message`; the call has no effect unless `effect` is true
   * - `drop-before`, `drop-after`: the connection is cut without an answer, before the call took effect or after it
   * - `cut-off`: the call takes effect, and its answer ends half way
   * - `stale`: of a deletion's handles the first `items` count as stale, or all
   * - `early-empty`: an empty queue answers at once, as over its limit of long polls
   */
  kind: z.enum(["latency", ...SPOILS, "stale", "early-empty"]),
  ...FAULT_FIELDS,
  items: z.int().positive().optional(),
  status: z.int().min(400).max(599).optional(),
});

export type Fault = Readonly<z.input<typeof FaultSchema>>;

export function createFaults(): Faults<Fault> {
  return new Faults({ schema: FaultSchema, spoils: SPOILS, late: LATE });
}
