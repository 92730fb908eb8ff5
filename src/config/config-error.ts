/** The operator must change something. Each mistake is one line that names the variable; no line shows a secret. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly mistakes: readonly string[];
  constructor(mistakes: readonly string[], options?: ErrorOptions) {
    super(mistakes.join("\n"), options);
    this.mistakes = mistakes;
  }
}
