/**
 * `sqs-consumer` on an SQS queue, used like its manual says: batches of 10, deleted after the handler. Several run side
 * by side, since each waits for its batch.
 */
import { type Message, SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";
import { z } from "zod";
import { noteStart, serveConsumer } from "./handling.ts";

const Start = z.object({
  env: z.object({
    AWS_ACCESS_KEY_ID: z.string(),
    AWS_SECRET_ACCESS_KEY: z.string(),
    AWS_MEDIACONVERT_QUEUE_URLS: z.string(),
  }),
});
const Body = z.record(z.string(), z.unknown());
const CONSUMERS = 8;

serveConsumer((input) => {
  const { env } = Start.parse(input);
  const queueUrl = env.AWS_MEDIACONVERT_QUEUE_URLS;
  const sqs = new SQSClient({
    region: "local",
    endpoint: new URL(queueUrl).origin,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
    // the simulator sends no checksums
    md5: false,
  });
  for (let n = 0; n < CONSUMERS; n += 1) startConsumer(queueUrl, sqs);
});

function startConsumer(queueUrl: string, sqs: SQSClient): void {
  const consumer = Consumer.create({
    queueUrl,
    sqs,
    batchSize: 10,
    waitTimeSeconds: 20,
    visibilityTimeout: 60,
    handleMessageBatch: async (messages) => {
      for (const message of messages) noteStart(bodyOf(message));
      return messages;
    },
  });
  consumer.on("error", fail);
  consumer.on("processing_error", fail);
  consumer.start();
}

function bodyOf({ Body: text = "" }: Message): Readonly<Record<string, unknown>> {
  return Body.parse(JSON.parse(text));
}

function fail(err: Error): never {
  throw err;
}
