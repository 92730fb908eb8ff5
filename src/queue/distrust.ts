import { messageOf } from "../core/failure.ts";

/** The fix if the server's certificate was refused. All of Node's messages for that contain this word. */
export function distrustIn(err: unknown): string | undefined {
  // Node adds advice of its own after a semicolon.
  const [said = ""] = messageOf(err).split(";");
  if (!/certificate/i.test(said)) return undefined;
  return `shows a certificate that this process does not trust (${said}); put its authority's into a file and that file's path into NODE_EXTRA_CA_CERTS, before the process starts`;
}
