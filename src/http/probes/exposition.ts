/** Metrics in the text format of Prometheus. */

/** Of our own metrics, apart from those of the process. */
const PREFIX = "reliable_callback_";
export const CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

export type Labels = Readonly<Record<string, string>>;

/** `labels`: as `labelsText` writes them. `suffix`: the text after the metric's name. */
export type Sample = { readonly suffix?: string; readonly labels: string; readonly value: number };

export type Family = {
  readonly name: string;
  readonly help: string;
  readonly kind: "counter" | "gauge" | "histogram";
  readonly samples: readonly Sample[];
};

export function textOf(families: readonly Family[], prefix = PREFIX): string {
  return families.map((family) => familyText(family, prefix)).join("\n\n");
}

function familyText({ name, help, kind, samples }: Family, prefix: string): string {
  const full = `${prefix}${name}`;
  const lines = samples.map(({ suffix = "", labels, value }) => `${full}${suffix}${braced(labels)} ${value}`);
  return [`# HELP ${full} ${help}`, `# TYPE ${full} ${kind}`, ...lines].join("\n");
}

function braced(labels: string): string {
  return labels === "" ? "" : `{${labels}}`;
}

/** A gauge without labels. A value that is unknown is left out. */
export function gauge(name: string, help: string, value: number | undefined): Family {
  return { name, help, kind: "gauge", samples: value === undefined ? [] : [{ labels: "", value }] };
}

/** In the order of `names`. A label that is not named, or has no value, is left out. */
export function labelsText(names: readonly string[], labels: Labels): string {
  return names.flatMap((name) => (labels[name] ? `${name}="${escaped(labels[name])}"` : [])).join(",");
}

function escaped(value: string): string {
  return value.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
