/** Faults that a test or a person asks for. */
import { z } from "zod";
import { FAULT_FIELDS, Faults } from "../kit/faults.ts";
import { ACTIONS } from "./settings.ts";

const LATE = ["drop-after"] as const;
const SPOILS = ["http-500", "drop-before", "non-json", "error", ...LATE] as const;

export const FaultSchema = z.strictObject({
  /** Without one, every action. */
  action: z.enum(ACTIONS).optional(),
  /**
   * - `latency`: the call waits `ms` before it does anything
   * - `http-500`, `non-json`, `error` (with `code`, `status` and `message`): the answer is that instead; the call has no
   *   effect unless `effect` is true
   * - `drop-before`, `drop-after`: the connection is cut without an answer, before the call took effect or after it
   * - `entries`: of a batch, the first entries fail with `codes`, and delete nothing
   */
  kind: z.enum(["latency", ...SPOILS, "entries"]),
  ...FAULT_FIELDS,
  status: z.int().min(200).max(599).optional(),
  codes: z.array(z.string().min(1)).min(1).readonly().optional(),
  /** How far the Date of the spoiled answer is ahead of this machine's clock. */
  clockOffsetMs: z.number().optional(),
});

export type Fault = Readonly<z.input<typeof FaultSchema>>;

export function createFaults(): Faults<Fault> {
  return new Faults({ schema: FaultSchema, spoils: SPOILS, late: LATE });
}
