import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Files of the runtime inside a function. */
export interface RuntimeFiles {
  /** What `fusionize` stands for. */
  library: string;
  /** What `fusionize/handler` stands for. */
  handler: string;
  /** The module that the handler loads when a call leaves the function; imports the AWS SDK. */
  client: string;
  /** What `fusionize/lambda-tasks` and `fusionize/lambda-client` stand for: only in functions of existing Lambda applications. */
  lambdaTasks: string;
  substitute: string;
  /** What `fusionize/lambda-client-v2` stands for: only where the second SDK is used. */
  substituteV2: string;
  /** The client with the SDK inside, where it was built beforehand. */
  builtClient: string | undefined;
}

/**
 * The runtime that this program ships, never one that the app has installed, so that handler and deployer never differ:
 * `runtime/*.mjs` beside the bundle this code is in (`dist/`), or the source when this runs from source.
 */
export function runtimeFiles(from: string = dirname(fileURLToPath(import.meta.url))): RuntimeFiles {
  for (let folder = from; ; folder = dirname(folder)) {
    for (const extension of ["ts", "mjs"]) {
      const file = (name: string) => join(folder, "runtime", `${name}.${extension}`);
      const [library, handler, client] = [file("index"), file("handler"), file("lambda")];
      if (![library, handler, client].every(existsSync)) continue;
      const built = file("lambda-client");
      const [lambdaTasks, substitute] = [file("lambda-tasks"), file("lambda-client/index")] as const;
      const substituteV2 = file("lambda-client/v2");
      return {
        library,
        handler,
        client,
        lambdaTasks,
        substitute,
        substituteV2,
        builtClient: existsSync(built) ? built : undefined,
      };
    }
    if (folder === dirname(folder)) throw new Error(`no runtime/handler above ${from}: this installation is incomplete`);
  }
}
