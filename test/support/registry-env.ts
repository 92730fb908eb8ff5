/** Variables that a program needs to reach a package registry: proxies, certificates, npm's configuration. */
const REACHING = [
  /^(https?|all|no)_proxy$/i,
  /^NODE_(EXTRA_CA_CERTS|USE_SYSTEM_CA|USE_ENV_PROXY)$/,
  /^SSL_CERT_(FILE|DIR)$/,
  // These omit the variables that npm sets for its scripts, such as the calling directory.
  /^npm_config_(registry|.*:registry|\/\/.*|ca|cafile|cert|certfile|key|keyfile|strict_ssl)$/i,
  /^npm_config_((https?_)?proxy|noproxy|userconfig|globalconfig|cache|fetch_.*)$/i,
];

export function isForRegistry(name: string): boolean {
  return REACHING.some((pattern) => pattern.test(name));
}

/** An environment with nothing else of this machine. HOME is needed for the user's `.npmrc` and npm's cache. */
export function registryEnv(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined && (name === "PATH" || name === "HOME" || isForRegistry(name)) ? [[name, value]] : [],
    ),
  );
}
