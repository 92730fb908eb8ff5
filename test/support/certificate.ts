import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "./debian-programs.ts";

export type Certificate = { readonly keyFile: string; readonly certFile: string };

/** A self-signed certificate of 127.0.0.1. A client that trusts it as an authority trusts the server. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const openssl = await findProgram("openssl");
  const at = (name: string): string => join(folder, name);
  const [keyFile, certFile, config] = [at("key.pem"), at("ca.pem"), at("openssl.cnf")];
  await writeFile(config, "[req]\ndistinguished_name=dn\n[dn]\n");
  const made = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", keyFile, "-out", certFile];
  const told = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const env = { ...process.env, ...openssl.env };
  await promisify(execFile)(openssl.path, ["req", "-x509", "-config", config, ...made, ...told], { env });
  return { keyFile, certFile };
}
