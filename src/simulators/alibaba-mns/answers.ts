/** Answers of the simulated MNS. */
import { writeElement, writeXml } from "./xml.ts";

export type Answer = {
  readonly status: number;
  /** Empty: no body. */
  readonly text: string;
  /** `ok` or the error's code. */
  readonly outcome: string;
};

export function success(status: number, text = ""): Answer {
  return { status, text, outcome: "ok" };
}

export function refusal(status: number, code: string, message: string): Answer {
  const fields = { Code: code, Message: message, RequestId: "5F290C926D472878", HostId: "http://simulator" };
  const content = Object.entries(fields).map(([name, value]) => writeElement(name, value));
  return { status, text: writeXml("Error", content), outcome: code };
}
