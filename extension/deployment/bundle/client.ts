import { build } from "esbuild";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
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
export function lambdaClient(
  { client, builtClient }: Pick<RuntimeFiles, "client"> & Partial<RuntimeFiles>,
  target: string,
): Promise<Uint8Array> {
  if (builtClient !== undefined) return readFile(builtClient);
  const key = `${client} ${target}`;
  let module = built.get(key);
  if (!module) {
    module = build({
      ...CODE_OPTIONS,
      target,
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

/**
 * The folder from which `@aws-sdk/client-lambda` is taken when the client is bundled with a function that uses the SDK
 * itself: where the runtime lies in development, else the app's. Undefined = the module built beforehand has to do.
 */
export function sdkFolder({ client }: Pick<RuntimeFiles, "client">, app: string): string | undefined {
  return [dirname(client), app].find((folder) => {
    try {
      return createRequire(join(folder, "resolve.js")).resolve("@aws-sdk/client-lambda") !== "";
    } catch {
      return false;
    }
  });
}
