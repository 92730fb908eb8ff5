/** Answers in the vendor's envelope. An error is an answer like any other: HTTP 200. */
import { randomUUID } from "node:crypto";

export type Answer = {
  /** `ok` or the error's code. */
  readonly outcome: string;
  /** The members of Response, RequestId apart, as JSON text. */
  readonly members: string;
  /** Whether the call changed something at the vendor. */
  readonly effect: boolean;
};

export function refusal(code: string, message: string, effect = false): Answer {
  return { outcome: code, members: `"Error":${JSON.stringify({ Code: code, Message: message })}`, effect };
}

/** `members`: an object, or its JSON text without the braces if that exists already. */
export function success(members: Readonly<Record<string, unknown>> | string = "", effect = true): Answer {
  const text = typeof members === "string" ? members : JSON.stringify(members).slice(1, -1);
  return { outcome: "ok", members: text, effect };
}

export function envelope({ members }: Answer): string {
  return `{"Response":{${members}${members && ","}"RequestId":"${randomUUID()}"}}`;
}
