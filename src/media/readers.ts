import type { Handler, HandlerContext, HandlerOptions, HandlerResult } from "../core/handler.ts";
import { VENDORS } from "../vendors/index.ts";
import type { Vendor } from "../vendors/vendor.ts";

type Reader = { readonly types: readonly string[] };

export function vendorCalled(name: string): Vendor | undefined {
  return VENDORS.find((vendor) => vendor.name === name);
}

/** One handler for each type that a reader of any vendor covers. */
export function handlersOf(
  readerOf: (vendor: Vendor) => Reader | undefined,
  options: HandlerOptions,
  run: (context: HandlerContext) => HandlerResult,
): readonly Handler[] {
  return VENDORS.flatMap((vendor) => {
    const types = readerOf(vendor)?.types ?? [];
    return types.map((type) => toHandler(vendor.name, type));
  });

  function toHandler(vendor: string, type: string): Handler {
    return { ...options, vendor, type, run };
  }
}
