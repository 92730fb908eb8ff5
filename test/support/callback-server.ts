import { createServer, type IncomingHttpHeaders } from "node:http";
import { onTestFinished } from "vitest";

export type ReceivedCall = {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly at: number;
};

/** A server for a simulator's callbacks. It gives these answers in order, then repeats the last. `hang` never answers. */
export async function callbackServer(...answers: readonly (number | "hang")[]) {
  const calls: ReceivedCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const answer = answers[calls.length] ?? answers.at(-1) ?? 200;
      const { url: path = "", headers } = request;
      calls.push({ path, headers, text: Buffer.concat(chunks).toString(), at: performance.now() });
      if (answer !== "hang") response.writeHead(answer, { location: "/elsewhere" }).end("thank you");
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => void server.close(resolve));
  });
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/callbacks/here`, calls };
}
