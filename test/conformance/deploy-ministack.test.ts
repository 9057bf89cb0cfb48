import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createDeployer,
  destroy,
  rollback,
  type Deployer,
  type Deployment,
  type Target,
} from "../../extension/deployment/index.ts";
import { sampleApp, SOURCES, type SampleApp } from "../unit/deployment/sample-app.ts";
import { clientsOf, inventory, targetAt, type Clients } from "./deploy/journey.ts";
import { ministackPackage, startMinistack, type EndpointServer } from "./deploy/python.ts";

const tools = await ministackPackage();
const missing = typeof tools === "string" ? tools : undefined;

/** MiniStack runs the functions, so what was bundled is seen to work behind an API that is not ours. */
describe.skipIf(missing !== undefined)(
  `deployer against MiniStack${missing === undefined ? "" : `: skipped, ${missing}`}`,
  () => {
    let server: EndpointServer;
    let target: Target;
    let clients: Clients;
    let deployer: Deployer;
    let app: SampleApp;
    let deployment: Deployment;

    beforeAll(async () => {
      if (typeof tools === "string") return;
      server = await startMinistack(tools);
      target = targetAt(server.endpoint, { environment: { AWS_ENDPOINT_URL_LAMBDA: server.endpoint } });
      clients = clientsOf(target);
      deployer = createDeployer();
      app = await sampleApp();
      deployment = await deployer.deploy(app, target);
    }, 400_000);
    afterAll(async () => {
      clients?.close();
      await deployer?.dispose();
      await server?.stop();
      await app?.remove();
    });

    const invoke = async (event: unknown) => {
      const { functionName, qualifier } = deployment.entries["front"]!;
      const request = new InvokeCommand({ FunctionName: functionName, Qualifier: qualifier, Payload: JSON.stringify(event) });
      const { Payload, FunctionError } = await clients.lambda.send(request);
      return { error: FunctionError, result: JSON.parse(Buffer.from(Payload ?? []).toString() || "null") as unknown };
    };
    const logged = async (logGroupName: string, text: string) => {
      for (const deadline = Date.now() + 30_000; Date.now() < deadline; await delay(100)) {
        const { events = [] } = await clients.logs.send(new FilterLogEventsCommand({ logGroupName }));
        const line = events.find(({ message }) => message?.includes(text))?.message;
        if (line !== undefined) return line;
      }
      throw new Error(`"${text}" is not in ${logGroupName}`);
    };

    it("calls siblings within the release, synchronously and asynchronously", async () => {
      expect(await invoke({ value: 7 })).toEqual({
        error: undefined,
        result: { verdict: { rated: 7, marker: "RATE-CODE" }, marker: "FRONT-CODE" },
      });
      expect(await logged("/aws/lambda/sample-test-store", "STORE-CODE")).toContain(
        `{"value":7,"verdict":{"rated":7,"marker":"RATE-CODE"}}`,
      );
    });

    it("hands an error on by name and message", async () => {
      expect(await invoke({ value: 2000 })).toMatchObject({
        error: "Unhandled",
        result: { errorMessage: "CHECK-CODE 2000" },
      });
    });

    it("says in the records which setup a request came in under, also where a function was not deployed again", async () => {
      app.setup = { front: { memory: 256, inline: ["check", "rate"] } };
      const before = deployment.setupId;
      deployment = await deployer.deploy(app, target);
      expect(deployment.setupId).not.toBe(before);
      await invoke({ value: 8 });
      const record = JSON.parse(await logged("/aws/lambda/sample-test-front", `"setup":"${deployment.setupId}"`)) as {
        spans: { task: string; mode: string }[];
      };
      expect(record.spans.map(({ task, mode }) => `${task} ${mode}`)).toEqual([
        "front inline",
        "check inline",
        "rate inline",
        "store remote",
      ]);
      expect(deployment.functions.find(({ root }) => root === "store")!.version).toBe("1");
      await logged("/aws/lambda/sample-test-store", `"setup":"${deployment.setupId}"`);
    });

    it("serves new code after an update, and the old after rolling back", async () => {
      await app.write("src/front.ts", SOURCES["src/front.ts"]!.replace("FRONT-CODE", "FRONT-CODE-2"));
      deployment = await deployer.deploy(app, target);
      expect((await invoke({ value: 1 })).result).toMatchObject({ marker: "FRONT-CODE-2" });
      await rollback("sample", target);
      expect((await invoke({ value: 1 })).result).toMatchObject({ marker: "FRONT-CODE" });
    });

    it("leaves nothing behind", async () => {
      await destroy("sample", target, { logs: true });
      expect(await inventory(clients)).toEqual([]);
    });
  },
);
