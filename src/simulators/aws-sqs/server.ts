/**
 * Queues of SQS on this machine, over HTTP and with signatures: a standard queue as the worker meets it. A handle that is
 * not a message's newest is taken without a word, and deletes nothing.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { sleep } from "../../core/sleep.ts";
import { isSigned, readClaim, timeOf } from "./signature.ts";

export type SqsSimulatorOptions = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly queues: readonly string[];
  /** Shorter than the seconds a call asks for, for tests that cannot wait. */
  readonly visibilityMs?: number | undefined;
  /** The longest a call is held, whatever it asks for. */
  readonly longPollMs?: number | undefined;
  readonly attributes?: Readonly<Record<string, string>> | undefined;
};

type Action = "ReceiveMessage" | "DeleteMessageBatch" | "ChangeMessageVisibility" | "GetQueueAttributes";

type Fault = { readonly status: number; readonly code: string; readonly message?: string; readonly date?: Date };

export type SqsSimulator = {
  readonly queueUrl: (queue: string) => string;
  /** A text is put into the queue as it is. */
  readonly publish: (queue: string, event: object | string) => void;
  readonly stats: () => { readonly calls: Readonly<Record<string, number>>; readonly deleted: number };
  /** The next call of this action is answered so, or the entries of the next batch. */
  readonly failNext: (action: Action, fault: Fault) => void;
  readonly failNextEntries: (codes: readonly string[]) => void;
  readonly close: () => Promise<void>;
};

type Message = { readonly body: string; handle: string; visibleAt: number };

const ACCOUNT = "000000000000";
/** As a worker calls the one of 127.0.0.1. */
const REGION = "local";
const LOOK_AGAIN_MS = 5;
const MOST_SKEW_MS = 300_000;

const Input = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  WaitTimeSeconds: z.int().min(0).max(20).default(0),
  VisibilityTimeout: z.int().min(0).max(43_200).default(30),
  ReceiptHandle: z.string().default(""),
  Entries: z
    .array(z.object({ Id: z.string(), ReceiptHandle: z.string() }))
    .max(10)
    .default([]),
});
type Input = z.infer<typeof Input>;

class Refused extends Error {
  readonly fault: Fault;
  constructor(code: string, fault: Fault = { code, status: 400 }) {
    super(code);
    this.fault = fault;
  }
}

export async function startSqsSimulator(options: SqsSimulatorOptions): Promise<SqsSimulator> {
  const { visibilityMs, longPollMs = Infinity } = options;
  const queues = new Map<string, Message[]>(options.queues.map((queue) => [queue, []]));
  const issued = new Set<string>();
  const faults = new Map<string, Fault>();
  const calls: Record<string, number> = {};
  let entryFaults: readonly string[] = [];
  let deleted = 0;

  const actions: Readonly<Record<string, (input: Input, messages: Message[], closed: AbortSignal) => unknown>> = {
    async ReceiveMessage(input, messages, closed) {
      const end = performance.now() + Math.min(input.WaitTimeSeconds * 1_000, longPollMs);
      const visible = () => messages.filter(({ visibleAt }) => visibleAt <= performance.now());
      while (visible().length === 0 && performance.now() < end && !closed.aborted) await sleep(LOOK_AGAIN_MS, closed);
      if (closed.aborted) return {};
      const taken = visible().slice(0, input.MaxNumberOfMessages);
      return taken.length === 0 ? {} : { Messages: taken.map((message) => deliver(message, input)) };
    },
    DeleteMessageBatch({ Entries }, messages) {
      const failed = Entries.flatMap(({ Id, ReceiptHandle }, index) => {
        const Code = entryFaults[index] ?? (issued.has(ReceiptHandle) ? undefined : "ReceiptHandleIsInvalid");
        const place = messages.findIndex(({ handle }) => handle === ReceiptHandle);
        if (Code === undefined && place !== -1) deleted += messages.splice(place, 1).length;
        return Code === undefined ? [] : [{ Id, Code, SenderFault: true }];
      });
      entryFaults = [];
      const ids = new Set(failed.map(({ Id }) => Id));
      return { Successful: Entries.filter(({ Id }) => !ids.has(Id)).map(({ Id }) => ({ Id })), Failed: failed };
    },
    ChangeMessageVisibility({ ReceiptHandle, VisibilityTimeout }, messages) {
      const message = messages.find(({ handle }) => handle === ReceiptHandle);
      if (!message || message.visibleAt <= performance.now()) throw new Refused("MessageNotInflight");
      message.visibleAt = performance.now() + VisibilityTimeout * 1_000;
      return undefined;
    },
    GetQueueAttributes(_, { length }) {
      const usual = { MessageRetentionPeriod: "345600", ApproximateNumberOfMessages: String(length) };
      return { Attributes: { ...usual, ...options.attributes } };
    },
  };

  const server = createServer((request, response) => void respond(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = z.object({ port: z.number() }).parse(server.address());
  const origin = `http://127.0.0.1:${port}`;

  return {
    queueUrl: (queue) => `${origin}/${ACCOUNT}/${queue}`,
    publish(queue, event) {
      const body = typeof event === "string" ? event : JSON.stringify(event);
      queues.get(queue)?.push({ body, handle: "", visibleAt: 0 });
    },
    stats: () => ({ calls: { ...calls }, deleted }),
    failNext: (action, fault) => void faults.set(action, fault),
    failNextEntries: (codes) => void (entryFaults = codes),
    async close() {
      server.closeAllConnections();
      await once(server.close(), "close");
    },
  };

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const closed = new AbortController();
    response.on("close", () => closed.abort());
    const answer = await act(request, closed.signal).catch((err: unknown) => {
      const fault: Fault = err instanceof Refused ? err.fault : { status: 500, code: "InternalError" };
      const { status, code, message = "", date } = fault;
      if (date) response.setHeader("date", date.toUTCString());
      response.statusCode = status;
      return { __type: `com.amazonaws.sqs#${code}`, message };
    });
    response.setHeader("content-type", "application/x-amz-json-1.0").end(answer && JSON.stringify(answer));
  }

  async function act(request: IncomingMessage, closed: AbortSignal): Promise<unknown> {
    const body = await text(request);
    const action = headerOf(request, "x-amz-target").replace("AmazonSQS.", "");
    calls[action] = (calls[action] ?? 0) + 1;
    verify(request, body);
    const fault = faults.get(action);
    faults.delete(action);
    if (fault) throw new Refused(fault.code, fault);
    const input = Input.safeParse(JSON.parse(body));
    if (!input.success) throw new Refused("InvalidParameterValue");
    const messages = queues.get(input.data.QueueUrl.replace(`${origin}/${ACCOUNT}/`, ""));
    if (!messages) throw new Refused("QueueDoesNotExist");
    return await actions[action]?.(input.data, messages, closed);
  }

  function verify(request: IncomingMessage, body: string): void {
    const { method = "", url: target = "", headers } = request;
    const call = { method, target, headers, body };
    const claim = readClaim(headerOf(request, "authorization"));
    if (claim?.accessKeyId !== options.accessKeyId) throw new Refused("UnrecognizedClientException");
    if (headerOf(request, "x-amz-security-token") !== (options.sessionToken ?? ""))
      throw new Refused("ExpiredTokenException");
    const isForHere = claim.region === REGION && claim.service === "sqs";
    const isFresh = Math.abs(Date.now() - timeOf(call)) <= MOST_SKEW_MS;
    if (!isForHere || !isFresh || !isSigned(claim, call, options.secretAccessKey))
      throw new Refused("InvalidSignatureException");
  }

  function deliver(message: Message, { VisibilityTimeout }: Input) {
    message.handle = randomBytes(48).toString("base64");
    message.visibleAt = performance.now() + (visibilityMs ?? VisibilityTimeout * 1_000);
    issued.add(message.handle);
    return { MessageId: randomUUID(), ReceiptHandle: message.handle, Body: message.body };
  }
}

function headerOf({ headers }: IncomingMessage, name: string): string {
  return String(headers[name] ?? "");
}
