/** moto behind a proxy, a deployer, and a fresh app for each test; nothing is left over. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { createDeployer, type Deployer, type DeployOptions, type Target } from "../../../extension/deployment/index.ts";
import { sampleApp, type SampleApp } from "../../unit/deployment/sample-app.ts";
import { clientsOf, targetAt, type Clients } from "./journey.ts";
import { isWrite, startProxy, type Proxy } from "./proxy.ts";
import { startMoto } from "./python.ts";

export interface MotoFixture {
  moto: Awaited<ReturnType<typeof startMoto>>;
  proxy: Proxy;
  /** Through the proxy. */
  target: Target;
  /** Past the proxy. */
  clients: Clients;
  deployer: Deployer;
  app: SampleApp;
  deploy: (options?: DeployOptions) => ReturnType<Deployer["deploy"]>;
  /** Requests that change something. */
  writes: () => string[];
}

/** Every request is cut off in the long run of the tests, every fifth one otherwise. */
export const STRIDE = process.env["FUSIONIZE_LONG"] === "1" ? 1 : 5;

/** Registers the hooks; the fixture is complete while a test runs. */
export function motoFixture(tools: { bin: string } | string): MotoFixture {
  const fixture = {
    deploy: (options = {}) => fixture.deployer.deploy(fixture.app, fixture.target, options),
    writes: () => fixture.proxy.seen.filter(isWrite).map(({ method, operation }) => `${method} ${operation}`),
  } as MotoFixture;
  beforeAll(async () => {
    if (typeof tools === "string") return;
    fixture.moto = await startMoto(tools);
    fixture.proxy = await startProxy(fixture.moto.endpoint);
    fixture.target = targetAt(fixture.proxy.endpoint);
    fixture.clients = clientsOf(targetAt(fixture.moto.endpoint));
    fixture.deployer = createDeployer();
  }, 400_000);
  afterAll(async () => {
    fixture.clients?.close();
    await fixture.deployer?.dispose();
    await fixture.proxy?.close();
    await fixture.moto?.stop();
  });
  beforeEach(async () => {
    fixture.app = await sampleApp();
    fixture.proxy.reset();
  });
  afterEach(async () => {
    fixture.proxy.reset();
    await fixture.app.remove();
    await fixture.moto.reset();
  });
  return fixture;
}
