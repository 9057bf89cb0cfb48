import type { Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { DeployableApp } from "../types.ts";
import { sdkFolder } from "./client.ts";
import type { RuntimeFiles } from "./runtime-files.ts";

/** Whether the app's tasks are existing Lambda functions. */
export const isExisting = ({ graph }: Pick<DeployableApp, "graph">): boolean => graph.tasks.some(({ lambda }) => lambda);

const NAMESPACE = "fusionize-sdk";
/** Marks the import of the SDK itself, by what stands for it. */
const REAL = "fusionize-real-sdk";
const ERRORS = [
  "LambdaServiceException",
  "InvalidRequestContentException",
  "RequestTooLargeException",
  "ResourceNotFoundException",
  "ServiceException",
  "TooManyRequestsException",
];

/**
 * Gives the app's code `@aws-sdk/client-lambda`, and the second SDK's Lambda client, with clients whose invocations go through the fusion handler. Every copy and
 * version of the SDK among its packages is wrapped on its own, so that classes stay what they are.
 */
export function substituteClient(runtime: RuntimeFiles, folder: string): Plugin {
  return {
    name: "lambda-client",
    setup(build) {
      build.onResolve({ filter: /^fusionize\/lambda-(?:tasks|client|client-v2)$/ }, ({ path }) => ({
        path: path.endsWith("tasks") ? runtime.lambdaTasks : path.endsWith("v2") ? runtime.substituteV2 : runtime.substitute,
      }));
      // However the second SDK is imported, its Lambda client comes from this module.
      build.onLoad({ filter: /[\\/]aws-sdk[\\/]clients[\\/]lambda\.js$/ }, async ({ path }) => ({
        contents: `${await readFile(path, "utf8")}\nrequire("fusionize/lambda-client-v2").fuseService(module.exports);\n`,
        loader: "js",
      }));
      build.onResolve({ filter: /^@aws-sdk\/client-lambda$/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
        if (pluginData === REAL || importer === runtime.client) return undefined;
        const real = await build.resolve(path, { kind, resolveDir, pluginData: REAL });
        // Lambda's runtimes bring the SDK along, so an application need not have it installed.
        const from = real.errors.length > 0 ? sdkFolder(runtime, folder) : undefined;
        const found = from === undefined ? real : await build.resolve(path, { kind, resolveDir: from, pluginData: REAL });
        return found.errors.length > 0 ? undefined : { path: found.path, namespace: NAMESPACE, pluginData: found.path };
      });
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ pluginData }) => ({
        contents: wrapper(String(pluginData)),
        resolveDir: dirname(String(pluginData)),
        loader: "js",
      }));
    },
  };
}

function wrapper(path: string): string {
  const real = JSON.stringify(path);
  return [
    `import * as sdk from ${real};`,
    `import { fused } from "fusionize/lambda-client";`,
    `export * from ${real};`,
    // Each only where it is used: the aggregated client brings every command of the service along.
    `const faults = { ${ERRORS.map((name) => `${name}: sdk.${name}`).join(", ")} };`,
    `export const LambdaClient = /* @__PURE__ */ fused(sdk.LambdaClient, faults);`,
    `export const Lambda = /* @__PURE__ */ fused(sdk.Lambda, faults);`,
    "",
  ].join("\n");
}
