import type { Logger } from "pino";
import type { EventRef, JsonValue } from "./event.ts";
import type { Handlers } from "./handlers.ts";
import type { Hold } from "./holder.ts";
import type { DueConfirmation, Inbox } from "./inbox.ts";
import type { IsolationOptions } from "./isolation.ts";
import type { Gate } from "./limits.ts";
import type { Meter } from "./meter.ts";
import type { Sink } from "./sink.ts";
import type { Timer } from "./sleep.ts";
import type { StepStore } from "./step-store.ts";

export type ProcessorOptions = {
  readonly handlers: Pick<Handlers, "find">;
  readonly inbox: Pick<Inbox, "mark" | "ran">;
  readonly steps: StepStore;
  /** Keeps the limits of handlers. Without it there are no limits. */
  readonly gate?: Pick<Gate, "enter" | "leave" | "endCarried">;
  readonly confirm: (confirmation: DueConfirmation) => void;
  /** Gets each event after its handler succeeded, before the event counts as handled. */
  readonly sink?: Sink | undefined;
  /** Keeps the event's window open while it runs, if the vendor allows it. */
  readonly hold?: Hold;
  /** Writes a line on the event's page, while the page exists. */
  readonly note?: (event: EventRef, line: string) => void;
  /** Shows how far an event is while it runs, while the page exists. */
  readonly showProgress?: (event: EventRef, progress: JsonValue) => void;
  /** Without it, an event that kills its process is started again and again without end. */
  readonly isolation?: IsolationOptions;
  readonly unhandled: "park" | "confirm";
  readonly log: Logger;
  readonly meter: Meter;
  /** For tests in virtual time: the timer of attempts, and the jitter of pauses. */
  readonly timer?: Timer | undefined;
  readonly chance?: (() => number) | undefined;
};
