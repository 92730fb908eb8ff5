/** One event of the simulated vendor, and its description for people. */
import { type Held, historyOf as historyOfHeld, type History, hold, type Named } from "../kit/held.ts";

export type HeldEvent = Held & {
  readonly subAppId: number | undefined;
  /** The JSON text after the handle. Dropped once no call can need it any more. */
  rest: string;
  /** The first delivery carries this handle instead of a generated one. */
  readonly givenHandle: string | undefined;
};

/** `members`: those of the event as JSON text, the handle apart. */
export function holdEvent(
  named: Named,
  event: Pick<HeldEvent, "type" | "subAppId" | "givenHandle"> & { readonly members: string },
): HeldEvent {
  const { type, subAppId, givenHandle, members } = event;
  return { ...hold(named, type), subAppId, givenHandle, rest: `${members && ","}${members}}` };
}

export type EventHistory = History & { readonly subAppId?: number };

export function historyOf(held: HeldEvent): EventHistory {
  return { ...historyOfHeld(held), ...(held.subAppId !== undefined && { subAppId: held.subAppId }) };
}
