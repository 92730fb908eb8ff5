/** A simulated account of queues behind an address. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AnyFault, FaultReport, Faults } from "./faults.ts";
import type { MessageHistory } from "./message.ts";
import type { QueueAccount, QueueSettings } from "./queue-account.ts";
import type { Page, Stats } from "./register.ts";
import { type Listening, startServer } from "./server.ts";
import type { Optional } from "./settings.ts";

type Body = Readonly<Record<string, unknown>> | string;

export type QueueSimulator<S, F, PublishOptions> = {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly settings: S;
  /** Changes settings at once. A new visibility time applies to later deliveries. */
  set(changes: Optional<S>): void;
  /** A body that is text is sent unchanged. Returns this simulator's message ids, which clients never see. */
  publish(body: Body, options?: PublishOptions): readonly string[];
  history(page?: Page): readonly MessageHistory[];
  find(id: string): MessageHistory | undefined;
  stats(): Stats;
  readonly faults: { inject(fault: F): void; list(): readonly FaultReport<F>[]; clear(): void };
  close(): Promise<void>;
};

type Serve = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

type Options<S extends QueueSettings, F extends AnyFault, PublishOptions> = {
  readonly account: QueueAccount<S, F> & { readonly faults: Faults<F> };
  readonly listening: Listening;
  readonly publish: (body: Body, options?: PublishOptions) => readonly string[];
  readonly api: Serve;
  /** The handler of paths below /control/. */
  readonly control: Serve;
};

export async function startQueueSimulator<S extends QueueSettings, F extends AnyFault, PublishOptions>(
  options: Options<S, F, PublishOptions>,
): Promise<QueueSimulator<S, F, PublishOptions>> {
  const { account, listening, publish, api, control } = options;
  const { url, close } = await startServer(listening, (request, response, target) =>
    target.pathname.startsWith("/control/") ? control(request, response, target) : api(request, response, target),
  );
  return {
    url,
    get settings() {
      return account.settings;
    },
    set: (changes) => account.set(changes),
    publish,
    history: (page) => account.history(page),
    find: (id) => account.find(id),
    stats: () => account.stats(),
    faults: account.faults,
    close,
  };
}
