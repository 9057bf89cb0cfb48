/** The app on a local emulator: services, emulator, deployment, requests, measurements, and the end of all of it. */
import { UserError } from "../core/errors.ts";
import type { FusionSetup } from "../core/setup.ts";
import { createDeployer } from "../deployment/index.ts";
import type { Deployment } from "../deployment/types.ts";
import type { Target } from "../deployment/target.ts";
import { startEmulator } from "../local/emulator.ts";
import { chooseNode } from "../local/node.ts";
import { startServices } from "../local/services.ts";
import { assertUsable } from "./app.ts";
import { emulatorApi } from "./emulator-api.ts";
import { createInvoker, newTraceId } from "./invoke.ts";
import { measure } from "./measure.ts";
import type { App, InstanceView, LocalRun, LocalRunOptions } from "./types.ts";

/** What the emulator accepts: it checks no signature, and no real account is ever named. */
export const LOCAL_REGION = "eu-central-1";
const LOCAL_ROLE = "arn:aws:iam::000000000000:role/fusionize-local";
/**
 * Seconds. Each saved edit is a release, and one that may still be sent an event is kept: AWS's six hours would pile them up.
 * Both repetitions of a failed event come within three minutes.
 */
const LOCAL_EVENT_AGE = 900;
const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

export interface StartOptions extends LocalRunOptions {
  nodePath?: string;
  /** Single calibrated values for the emulator, e.g. `--hop-ms`. */
  emulatorArgs?: string[];
  /** Do not keep measurements in `.fusionize/`. */
  forget?: boolean;
}

export async function startLocal(app: App, options: StartOptions): Promise<LocalRun> {
  assertUsable(app);
  const { fidelity, log, signal, progress, nodePath, emulatorArgs } = options;
  const node = await chooseNode({ runtime: app.config.runtime, ...(nodePath && { setting: nodePath }) });
  if (node.difference) log?.(`Note: ${node.difference}.`);
  const { services: commands, environment: wanted } = app.config.local;
  const work = { ...(signal && { signal }), ...(progress && { progress }), ...(log && { log }) };
  const services = await startServices({ folder: app.folder, services: commands, environment: wanted, node, ...work });
  progress?.("Starting the emulator");
  const emulator = await startEmulator({
    node,
    fidelity,
    port: options.port ?? 0,
    args: ["--region", LOCAL_REGION, ...(emulatorArgs ?? [])],
    ...(signal && { signal }),
    ...(log && { log }),
  }).catch(async (error: unknown) => {
    await services.stop();
    throw error;
  });
  const target: Target = {
    kind: "local",
    endpoint: emulator.endpoint,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
    stage: "local",
    roles: { arn: LOCAL_ROLE },
    eventAge: LOCAL_EVENT_AGE,
    environment: { ...services.environment, AWS_ENDPOINT_URL_LAMBDA: emulator.endpoint },
  };
  return new RunningApp(app, target, options, emulator, () => services.stop());
}

class RunningApp implements LocalRun {
  readonly endpoint: string;
  readonly target: Target;
  readonly fidelity: "aws" | "fast";
  readonly exited: LocalRun["exited"];
  deployment: Deployment | undefined;
  private app: App;
  private readonly options: StartOptions;
  private readonly emulator: Awaited<ReturnType<typeof startEmulator>>;
  private readonly stopServices: () => Promise<void>;
  private readonly deployer = createDeployer();
  private readonly invoker: ReturnType<typeof createInvoker>;
  private readonly api: ReturnType<typeof emulatorApi>;
  private stopping: Promise<void> | undefined;

  constructor(
    app: App,
    target: Target,
    options: StartOptions,
    emulator: RunningApp["emulator"],
    stopServices: () => Promise<void>,
  ) {
    this.app = app;
    this.target = target;
    this.options = options;
    this.fidelity = options.fidelity;
    this.emulator = emulator;
    this.stopServices = stopServices;
    this.endpoint = emulator.endpoint;
    this.invoker = createInvoker(target);
    this.api = emulatorApi(emulator.endpoint);
    this.exited = emulator.exited.then(async (end) => {
      // An emulator that ended by itself leaves no service behind.
      await this.stopServices();
      return end;
    });
  }

  async deploy(app: App, options: Parameters<LocalRun["deploy"]>[1] = {}): Promise<Deployment> {
    assertUsable(app);
    const { setup = app.setup, ...work } = options;
    this.app = app;
    const deployable = { folder: app.folder, config: app.config, graph: app.graph, setup };
    this.deployment = await this.deployer.deploy(deployable, this.target, work);
    return this.deployment;
  }

  invoke(task: string, event: unknown, options: Parameters<LocalRun["invoke"]>[2] = {}): ReturnType<LocalRun["invoke"]> {
    const { signal } = options;
    return this.invoker.invoke(this.deployed(), task, event, { trace: newTraceId(), tail: true, ...(signal && { signal }) });
  }

  workload(options: Parameters<LocalRun["workload"]>[0]): ReturnType<LocalRun["workload"]> {
    return measure(
      {
        app: this.app,
        deployment: this.deployed(),
        target: this.target,
        fidelity: this.options.fidelity,
        invoker: this.invoker,
        settle: () => this.api.settled(options.signal),
        reset: () => this.api.reset(),
        keep: !this.options.forget,
      },
      options,
    );
  }

  async instances(): Promise<Record<string, InstanceView[]>> {
    const { functions } = await this.api.state();
    const roots = new Map(this.deployment?.functions.map(({ functionName, root }) => [functionName, root]));
    return Object.fromEntries(functions.map(({ name, instances }) => [roots.get(name) ?? name, instances]));
  }

  stop(): Promise<void> {
    this.stopping ??= (async () => {
      this.invoker.close();
      await Promise.all([this.emulator.stop(), this.stopServices(), this.deployer.dispose()]);
    })();
    return this.stopping;
  }

  private deployed(): Deployment {
    if (!this.deployment)
      throw new UserError("not-deployed", "The app is not deployed yet.", "Wait until “Run Locally” has finished.");
    return this.deployment;
  }
}

export type { FusionSetup };
