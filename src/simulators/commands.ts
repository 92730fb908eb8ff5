/** The simulators that also run alone, by the names that `--vendor` takes. A new one adds its line; the first is the default. */
import type { Simulate } from "./kit/command.ts";

type Command = { readonly about: string; readonly load: () => Promise<{ readonly simulate: Simulate }> };

export const COMMANDS: Readonly<Record<string, Command>> = {
  "tencent-vod": {
    about: "an account, to pull (the default)",
    load: () => import("./tencent-vod/simulate.ts"),
  },
  "alibaba-mns": {
    about: "queues of MNS with Alibaba Cloud VOD's events, to pull",
    load: () => import("./alibaba-mns/simulate.ts"),
  },
  "alibaba-vod": {
    about: "Alibaba Cloud VOD, calling a worker",
    load: () => import("./alibaba-vod/simulate.ts"),
  },
  zegocloud: {
    about: "ZEGOCLOUD, calling a worker",
    load: () => import("./zegocloud/simulate.ts"),
  },
  "aws-sqs": {
    about: "queues of SQS with AWS MediaConvert's events, to pull",
    load: () => import("./aws-sqs/simulate.ts"),
  },
};
