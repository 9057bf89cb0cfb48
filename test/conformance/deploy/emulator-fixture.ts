import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import {
  createDeployer,
  destroy,
  type Deployer,
  type Deployment,
  type DeployOptions,
  type Target,
} from "../../../extension/deployment/index.ts";
import { emulatorApi } from "../../../extension/application/emulator-api.ts";
import { startEmulator, type RunningEmulator } from "../../../extension/local/emulator.ts";
import { chooseNode } from "../../../extension/local/node.ts";
import { sampleApp, type SampleApp } from "../../unit/deployment/sample-app.ts";
import { clientsOf, inventory, targetAt, type Clients } from "./journey.ts";
import { startProxy, type Proxy } from "./proxy.ts";

/** What the hooks of a `describe` block fill in: read the members inside its tests only. */
export interface EmulatorFixture {
  emulator: RunningEmulator;
  proxy: Proxy;
  /** The emulator behind the proxy. */
  target: Target;
  /** Past the proxy. */
  clients: Clients;
  deployer: Deployer;
  /** New for every test. */
  app: SampleApp;
  deploy: (this: void, options?: DeployOptions) => Promise<Deployment>;
}

/** Registers hooks: one emulator behind a proxy for the block; after each test everything is destroyed, and nothing may be left. */
export function emulatorFixture(): EmulatorFixture {
  const fixture = { deploy: (options = {}) => fixture.deployer.deploy(fixture.app, fixture.target, options) } as EmulatorFixture;
  beforeAll(async () => {
    const node = await chooseNode({ runtime: "nodejs24.x" });
    fixture.emulator = await startEmulator({ node, fidelity: "fast", port: 0 });
    fixture.proxy = await startProxy(fixture.emulator.endpoint);
    fixture.target = targetAt(fixture.proxy.endpoint, {
      kind: "local",
      roles: { arn: "arn:aws:iam::000000000000:role/fusionize-local" },
      environment: { AWS_ENDPOINT_URL_LAMBDA: fixture.emulator.endpoint },
    });
    fixture.clients = clientsOf(targetAt(fixture.emulator.endpoint));
    fixture.deployer = createDeployer();
  });
  afterAll(async () => {
    fixture.clients?.close();
    await fixture.deployer?.dispose();
    await fixture.proxy?.close();
    await fixture.emulator?.stop();
  });
  beforeEach(async () => {
    fixture.app = await sampleApp();
    fixture.proxy.reset();
  });
  afterEach(async () => {
    fixture.proxy.reset();
    // A function that still handles an event writes the end of its log after its group is deleted, here as on AWS.
    await emulatorApi(fixture.emulator.endpoint).settled();
    await destroy("sample", fixture.target, { logs: true });
    expect(await inventory(fixture.clients, { roles: false })).toEqual([]);
    await fixture.app.remove();
  });
  return fixture;
}
