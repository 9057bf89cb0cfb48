import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { functionCredentials } from "./credentials.ts";
import { CODE_OPTIONS } from "./options.ts";
import type { RuntimeFiles } from "./runtime-files.ts";

/** Name of the Lambda client's module in a function's zip. */
export const CLIENT_FILE = "lambda-client.mjs";

const built = new Map<string, Promise<Uint8Array>>();

/**
 * The module that calls between functions go through, the AWS SDK inside. It is the same for all functions, so it is
 * built once, and loaded by an instance only when its function has callees.
 */
export function lambdaClient({ client, builtClient }: RuntimeFiles, runtime: string): Promise<Uint8Array> {
  if (builtClient !== undefined) return readFile(builtClient);
  const key = `${client} ${runtime}`;
  let module = built.get(key);
  if (!module) {
    module = build({
      ...CODE_OPTIONS,
      target: runtime,
      absWorkingDir: dirname(client),
      entryPoints: [client],
      outfile: CLIENT_FILE,
      plugins: [functionCredentials],
    }).then(({ outputFiles }) => outputFiles[0]!.contents);
    module.catch(() => built.delete(key));
    built.set(key, module);
  }
  return module;
}
