/**
 * Proxies on the way to the vendors. A bad address is only noted, because these variables are usually set for the whole
 * machine.
 */
import { http } from "../core/node-http.ts";
import { httpUrl } from "../settings/fields.ts";

export function isUsableProxy(url: string | undefined): boolean {
  return url !== undefined && httpUrl(url) !== undefined;
}

export function notesOnProxies(
  proxies: Readonly<Record<string, string | undefined>>,
  supported = nodeTakesProxies(),
): readonly string[] {
  return Object.entries(proxies).flatMap(([name, url]) => {
    if (url === undefined) return [];
    if (!isUsableProxy(url)) return [`${name}: is not an http:// or https:// URL and is not used`];
    if (supported) return [];
    return [
      `${name}: Node ${process.versions.node} cannot use it, calls to vendors go directly; run Node 24.5 or newer`,
    ];
  });
}

/** An agent that supports proxies throws on a bad address. Agents up to Node 24.4 ignore the setting. */
function nodeTakesProxies(): boolean {
  try {
    new http.Agent({ proxyEnv: { HTTP_PROXY: "http://:no-port:" } }).destroy();
    return false;
  } catch {
    return true;
  }
}
