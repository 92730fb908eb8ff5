import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { codeOf } from "../../core/failure.ts";
import type { Check } from "./check.ts";

/** Checks that something listens there, and that its certificate is valid. Sends no event. */
export function forwardCheck(url: string): Check {
  // Paths of receivers may be secret.
  const { origin } = new URL(url);
  return {
    group: "Forwarding",
    about: `reaching ${origin}`,
    async run(signal) {
      try {
        await reachable(new URL(url), signal);
        return [{ level: "ok", fact: `${origin} can be reached; whether it takes events shows when the first comes` }];
      } catch (err) {
        const code = codeOf(err);
        return [{ level: "error", fact: `${origin} cannot be reached: ${code}`, fix: fixFor(code) }];
      }
    },
  };
}

function reachable({ protocol, hostname, port }: URL, signal: AbortSignal): Promise<void> {
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  return new Promise((resolve, reject) => {
    const done = (): void => {
      socket.destroy();
      resolve();
    };
    const socket = protocol === "https:" ? overTls(host, port, done) : connectTcp(Number(port || 80), host, done);
    socket.on("error", reject);
    signal.addEventListener("abort", () => socket.destroy(), { once: true });
  });
}

/** The name selects the certificate of a server that has several. An IP address is not a name. */
function overTls(host: string, port: string, done: () => void): Socket {
  return connectTls({ host, port: Number(port || 443), ...(isIP(host) === 0 && { servername: host }) }, done);
}

function fixFor(code: string): string {
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "check the host in FORWARD_URL, and name resolution";
  if (code === "ECONNREFUSED") return "start the receiver, or correct the port in FORWARD_URL";
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) {
    return "the receiver's certificate is not accepted: name its authority in NODE_EXTRA_CA_CERTS, or correct FORWARD_URL";
  }
  if (/^ERR_SSL|EPROTO/.test(code)) return "nobody speaks TLS there: correct the scheme or the port in FORWARD_URL";
  return "check FORWARD_URL, and what lies between: firewall, VPN, routing";
}
