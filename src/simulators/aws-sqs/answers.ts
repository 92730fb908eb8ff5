/** Answers of the simulated SQS. */
export type Answer = {
  readonly status: number;
  /** Empty: no body. */
  readonly text: string;
  /** `ok` or the error's code. */
  readonly outcome: string;
};

/** Some actions answer nothing. */
export function success(body?: object): Answer {
  return { status: 200, text: body ? JSON.stringify(body) : "", outcome: "ok" };
}

export function refusal(status: number, code: string, message: string): Answer {
  return { status, text: JSON.stringify({ __type: `com.amazonaws.sqs#${code}`, message }), outcome: code };
}
