/** Opens the ports of this process: callbacks and probes on PORT, and the pages on PORT too, on their own port, or nowhere. */
import { isLoopback } from "../settings/fields.ts";
import { type HttpOptions, type HttpServer, startHttp } from "./server.ts";

export type ServeOptions = Omit<HttpOptions, "portSetting" | "requestMs" | "maxConnections"> & {
  readonly host: string;
  /** 0 takes any free port, also below. */
  readonly port: number;
  readonly pagesPort?: number | undefined;
};

export type Served = {
  readonly url: string;
  /** Missing if this process has no pages. */
  readonly pagesUrl?: string;
  close(): Promise<void>;
};

/**
 * A proxy that passes callbacks on from outside connects from loopback, as the operator's browser does. So without a
 * password callbacks and pages never share a port.
 */
export type PagesPlace = "beside callbacks" | "apart" | "nowhere";

const NO_PAGES =
  "no pages are served: this process takes callbacks, and a proxy could pass strangers on to them; " +
  "set DASHBOARD_PASSWORD, or PAGES_PORT for pages that answer this machine only";

export function placeOfPages(options: {
  readonly pagesPort?: number | undefined;
  readonly dashboard?: unknown;
  readonly takesCallbacks: boolean;
}): PagesPlace {
  if (options.pagesPort !== undefined) return "apart";
  return options.dashboard !== undefined || !options.takesCallbacks ? "beside callbacks" : "nowhere";
}

/** Without a password the pages answer loopback only, so they listen nowhere else. */
export function hostOfPages({ host, dashboard }: { readonly host: string; readonly dashboard?: unknown }): string {
  return dashboard !== undefined || host === "::1" || isLoopback(host) ? host : "127.0.0.1";
}

export async function serve(options: ServeOptions): Promise<Served> {
  const { pages, callbacks, readCallbacks, pagesPort, ...shared } = options;
  const place = placeOfPages({ ...options, takesCallbacks: callbacks !== undefined });
  if (pages && place === "nowhere") options.log.warn(NO_PAGES);

  const beside = place === "beside callbacks" ? pages : undefined;
  const open = await startHttp({ ...shared, callbacks, readCallbacks, pages: beside });
  const { url } = open.address;
  if (!pages || pagesPort === undefined) return { url, ...(beside && { pagesUrl: url }), close: () => open.close() };

  const host = hostOfPages(options);
  const apart = await startHttp({ ...shared, pages, host, port: pagesPort, portSetting: "PAGES_PORT" }).catch(
    closing(open),
  );
  return {
    url,
    pagesUrl: apart.address.url,
    close: async () => void (await Promise.all([open.close(), apart.close()])),
  };
}

/** Closes the server, then rethrows. */
function closing(server: HttpServer): (err: unknown) => Promise<never> {
  return async (err) => {
    await server.close();
    throw err;
  };
}
