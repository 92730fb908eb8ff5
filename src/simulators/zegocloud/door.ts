/** ZEGOCLOUD, which calls the worker, with the duplicates and forged calls that a real door gets. */
import { type EventBody, inTurn } from "../kit/door.ts";
import { pushed, type PushedDoor } from "../kit/pushed.ts";
import type { Optional } from "../kit/settings.ts";
import type { Encoding } from "./calls.ts";
import { createSamples, EVENT_KINDS } from "./samples.ts";
import { startZegoSender, type ZegoSender, type ZegoSenderOptions } from "./sender.ts";

export type ZegocloudOptions = Optional<ZegoSenderOptions> & {
  /** The types of the traffic's events. Default: all. */
  readonly types?: readonly string[] | undefined;
  /** Without one, events take all encodings in turn. */
  readonly encoding?: Encoding | undefined;
  /** One event in this many is sent twice at once. 0, the default: never. */
  readonly twiceEvery?: number | undefined;
  /** One event in this many gets a forged twin. 0, the default: never. */
  readonly forgedEvery?: number | undefined;
};

export type ZegocloudDoor = PushedDoor & {
  /** The outcomes of all calls in one line, with the reason of the last failure. */
  summary(): string;
};

export async function openZegocloud(options: ZegocloudOptions): Promise<ZegocloudDoor> {
  const {
    url,
    secret = "simulator",
    types = EVENT_KINDS,
    twiceEvery = 0,
    forgedEvery = 0,
    encoding,
    ...more
  } = options;
  const samples = createSamples(more.seed ?? Date.now(), more.appId);
  const nextKind = inTurn(types);
  const senders: ZegoSender[] = [];
  let sent = 0;
  const door = pushed({
    vendor: "zegocloud",
    url,
    env: { ZEGO_CALLBACK_SECRETS: secret },
    sample: (kind = nextKind()) => samples.fields(kind),
    senderTo(address) {
      const sender = startZegoSender({ ...more, url: address, secret });
      senders.push(sender);
      return {
        send: (event) => send(sender, event),
        sendBroken: async () => toSent(await sender.send("record", { whole: { event: "record" }, broken: true })),
        close: () => sender.close(),
      };
    },
  });
  return { ...door, summary: () => senders.map(summaryOf).join("; ") || "nobody was called" };

  async function send(sender: ZegoSender, whole: EventBody) {
    sent += 1;
    const kind = kindOf(whole);
    if (isEvery(forgedEvery, sent)) void sender.send(kind, { whole, encoding, forged: true });
    return toSent(await sender.send(kind, { whole, encoding, copies: isEvery(twiceEvery, sent) ? 2 : 1 }));
  }
}

function toSent({ outcome, tries }: Awaited<ReturnType<ZegoSender["send"]>>) {
  return { delivered: outcome === "taken", answers: tries.map(({ status }) => status) };
}

/** Products with numbered events have their own schedules. A field that only they send tells them apart. */
function kindOf(event: EventBody): string {
  const { event: name, Event: capital = name, event_type: recording, EventType: player } = event;
  if (typeof recording === "number") return `cloud_recording/${recording}`;
  if (typeof player === "number") return `cloud_player/${player}`;
  return typeof capital === "string" ? capital : "";
}

function isEvery(count: number, nth: number): boolean {
  return count > 0 && nth % count === 0;
}

function summaryOf({ stats, history }: ZegoSender): string {
  const { sent, taken, lost, pending, retries, forged, forgedTaken } = stats();
  const failed = history.findLast(({ outcome, forged: isForged }) => outcome !== "taken" && !isForged)?.tries.at(-1);
  const why = failed && pending + lost > 0 ? `; the last one not taken: ${failed.status}` : "";
  return `${sent} events: ${taken} taken, ${pending} pending, ${lost} lost, ${retries} retries; ${forged} forged, ${forgedTaken} of them taken${why}`;
}
