/** An existing application's functions as its own tools deploy them: unchanged code, one function each, nothing of ours inside. */
import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  InvokeCommand,
  LambdaClient,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { build, type Plugin } from "esbuild";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { App, LocalRun } from "../../extension/application/types.ts";
import { zip } from "../../extension/deployment/zip.ts";
import type { Answer } from "./platform/platform.ts";

/** The second SDK does not look for the emulator's address in the environment, as the third does: told before each request. */
const addressFromEnvironment: Plugin = {
  name: "address-from-environment",
  setup(build) {
    build.onLoad({ filter: /[\\/]aws-sdk[\\/]clients[\\/]lambda\.js$/ }, async ({ path }) => ({
      contents: `${await readFile(path, "utf8")}
        const { prototype } = module.exports, { setupRequestListeners } = prototype;
        prototype.setupRequestListeners = function (request) {
          this.setEndpoint(process.env.AWS_ENDPOINT_URL_LAMBDA);
          request.httpRequest.endpoint = this.endpoint;
          setupRequestListeners.call(this, request);
        };`,
    }));
  },
};

/** The emulator's own. */
const REGION = "eu-central-1";

export class OriginalFunctions {
  readonly #client: LambdaClient;
  readonly #stack: string;
  readonly #created: string[] = [];

  private constructor(client: LambdaClient, stack: string) {
    this.#client = client;
    this.#stack = stack;
  }

  static async create(app: App, { endpoint, target }: LocalRun): Promise<OriginalFunctions> {
    const client = new LambdaClient({
      endpoint,
      region: REGION,
      credentials: { accessKeyId: "local", secretAccessKey: "local" },
      maxAttempts: 1,
    });
    const one = new OriginalFunctions(client, `${app.config?.app ?? "app"}-original`);
    const tasks = app.graph.tasks.flatMap(({ name, lambda }) => (lambda ? [{ name, lambda }] : []));
    const nameOf = new Map(tasks.map(({ name, lambda }) => [name, lambda.names[0]?.replaceAll("${AWS::StackName}", one.#stack)]));
    const known: Record<string, string> = {
      "AWS::Partition": "aws",
      "AWS::Region": REGION,
      "AWS::AccountId": "123456789012",
      "AWS::StackName": one.#stack,
    };
    const deployed = (text: string): string =>
      text
        .replaceAll(/\$\{fn:([\w-]+)\}/g, (_, task: string) => nameOf.get(task) ?? one.#name(task))
        .replaceAll(/\$\{(AWS::\w+)\}/g, (whole, key: string) => known[key] ?? whole);
    for (const { name, lambda } of tasks) {
      const { outputFiles } = await build({
        entryPoints: [join(app.folder, lambda.module)],
        absWorkingDir: dirname(join(app.folder, lambda.module)),
        bundle: true,
        write: false,
        platform: "node",
        format: "cjs",
        target: "node22",
        logLevel: "silent",
        plugins: [addressFromEnvironment],
      });
      const environment = { ...lambda.environment, ...target.environment };
      const FunctionName = nameOf.get(name) ?? one.#name(name);
      await client.send(
        new CreateFunctionCommand({
          FunctionName,
          Runtime: lambda.runtime as "nodejs22.x",
          Handler: `index.${lambda.handler}`,
          Role: "arn:aws:iam::000000000000:role/original",
          Timeout: lambda.timeout,
          MemorySize: lambda.memory,
          Environment: { Variables: Object.fromEntries(Object.entries(environment).map(([k, v]) => [k, deployed(v)])) },
          Code: { ZipFile: zip({ "index.js": outputFiles[0]!.contents }) },
        }),
      );
      one.#created.push(FunctionName);
      await waitUntilFunctionActiveV2({ client, maxWaitTime: 30, minDelay: 0.1, maxDelay: 0.1 }, { FunctionName });
    }
    one.#names = nameOf;
    return one;
  }

  #names = new Map<string, string | undefined>();
  #name(task: string): string {
    return `${this.#stack}-${task}`;
  }

  async invoke(task: string, event: unknown): Promise<Answer> {
    const FunctionName = this.#names.get(task) ?? this.#name(task);
    const { Payload, FunctionError } = await this.#client.send(
      new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
    );
    return { payload: Payload?.transformToString() ?? "null", failed: FunctionError !== undefined };
  }

  async remove(): Promise<void> {
    for (const FunctionName of this.#created) await this.#client.send(new DeleteFunctionCommand({ FunctionName }));
    this.#client.destroy();
  }
}
