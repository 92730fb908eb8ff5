/** The five actions of the API, each from its parameters to its answer. */
import { z } from "zod";
import type { Account } from "./account.ts";
import { type Answer, refusal, success } from "./answers.ts";
import { type Application, BATCH } from "./application.ts";
import type { Action } from "./settings.ts";

type Run = (account: Account, body: Buffer, signal: AbortSignal) => Promise<Answer>;

const Common = z.strictObject({ SubAppId: z.int().optional() });
const onOff = z.enum(["ON", "OFF"]).optional();

export const RUN: Readonly<Record<Action, Run>> = {
  PullEvents: action(Common.extend({ ExtInfo: z.string().optional() }), pullEvents),
  ConfirmEvents: action(
    Common.extend({ EventHandles: z.array(z.string().min(1)).min(1).max(BATCH), ExtInfo: z.string().optional() }),
    ({ account, application, parameters }) => confirmEvents(account, application, parameters.EventHandles),
  ),
  DescribeEventsState: action(Common, ({ application }) => {
    application.queue.refresh(Date.now());
    return success({ CountOfEventsToPull: application.queue.visible });
  }),
  DescribeEventConfig: action(Common, ({ application: { config } }) =>
    success({
      Mode: config.mode,
      NotificationUrl: config.notificationUrl,
      UploadMediaCompleteEventSwitch: config.switches.upload ? "ON" : "OFF",
      DeleteMediaCompleteEventSwitch: config.switches.delete ? "ON" : "OFF",
      PersistenceCompleteEventSwitch: config.switches.persistence ? "ON" : "OFF",
    }),
  ),
  ModifyEventConfig: action(
    Common.extend({
      Mode: z.enum(["PUSH", "PULL"]).optional(),
      NotificationUrl: z.string().optional(),
      UploadMediaCompleteEventSwitch: onOff,
      DeleteMediaCompleteEventSwitch: onOff,
      PersistenceCompleteEventSwitch: onOff,
      SignKey: z.string().optional(),
    }),
    ({ application, parameters: changes }) => {
      const { config } = application;
      application.configure({
        mode: changes.Mode ?? config.mode,
        notificationUrl: changes.NotificationUrl ?? config.notificationUrl,
        switches: {
          upload: isOn(changes.UploadMediaCompleteEventSwitch, config.switches.upload),
          delete: isOn(changes.DeleteMediaCompleteEventSwitch, config.switches.delete),
          persistence: isOn(changes.PersistenceCompleteEventSwitch, config.switches.persistence),
        },
      });
      return success();
    },
  ),
};

type Call<P> = {
  readonly account: Account;
  readonly application: Application;
  readonly parameters: P;
  readonly signal: AbortSignal;
};

function action<P extends z.infer<typeof Common>>(
  schema: z.ZodType<P>,
  run: (call: Call<P>) => Answer | Promise<Answer>,
): Run {
  return async (account, body, signal) => {
    const json = jsonOf(body);
    if (json === undefined) return refusal("InvalidParameter", "The request body is not a JSON object.");
    const read = schema.safeParse(json);
    if (!read.success) return parameterRefusal(read.error, json);
    const { SubAppId } = read.data;
    const application = account.application(SubAppId);
    // The vendor does not document its codes here. Both of these are documented for every action.
    if (!application && SubAppId === undefined) return refusal("InvalidParameterValue", "SubAppId is required.");
    if (!application) return refusal("FailedOperation.InvalidVodUser", `No application ${SubAppId} in this account.`);
    return run({ account, application, parameters: read.data, signal });
  };
}

async function pullEvents({ account, application, signal }: Call<unknown>): Promise<Answer> {
  const taken = await application.pull(signal);
  if (taken.length === 0) return refusal("ResourceNotFound", "no event");
  account.noteDelivered(taken.length);
  const events = taken.map(({ handle, held }) => `{"EventHandle":${JSON.stringify(handle)}${held.rest}`);
  return success(`"EventSet":[${events.join(",")}]`);
}

function isOn(change: "ON" | "OFF" | undefined, old: boolean): boolean {
  return change === undefined ? old : change === "ON";
}

/** The call is refused or accepted as a whole. `staleHandles` decides what happens to its handles. */
function confirmEvents(account: Account, { queue }: Application, handles: readonly string[]): Answer {
  const now = Date.now();
  queue.refresh(now);
  const areGood = account.faults.strike("ConfirmEvents", "stale") === undefined;
  const good = handles.filter((handle) => areGood && queue.isGood(handle, now));
  const stale = handles.length - good.length;
  account.noteStaleHandles(stale);
  const { staleHandles } = account.settings;
  const isRefused = stale > 0 && staleHandles !== "accept-silently";
  if (!isRefused || staleHandles === "take-good-refuse-call") for (const handle of good) queue.confirm(handle, now);
  for (const handle of handles) if (!good.includes(handle)) queue.noteRepeat(handle);
  if (!isRefused) return success();
  const took = staleHandles === "take-good-refuse-call" && good.length > 0;
  return refusal("InvalidParameterValue", "The event handle is invalid or has expired.", took);
}

function parameterRefusal({ issues }: z.ZodError, json: unknown): Answer {
  const [issue] = issues;
  const name = String(issue?.path[0] ?? "");
  if (issue?.code === "unrecognized_keys") {
    return refusal("UnknownParameter", `The parameter \`${issue.keys.join("`, `")}\` is not recognized.`);
  }
  if (issue?.code === "invalid_type" && issue.path.length === 0) {
    return refusal("InvalidParameter", "The request body is not a JSON object.");
  }
  if (typeof json === "object" && json !== null && !Object.hasOwn(json, name)) {
    return refusal("MissingParameter", `The request is missing a required parameter \`${name}\`.`);
  }
  if (issue?.code === "invalid_type") {
    return refusal("InvalidParameter", `The value type of parameter \`${name}\` is not valid.`);
  }
  return refusal("InvalidParameterValue", `The value of parameter \`${name}\` is not valid: ${issue?.message ?? ""}`);
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8")) ?? undefined;
  } catch {
    return undefined;
  }
}
