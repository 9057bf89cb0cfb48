/** One emulator on a data folder, a function that notes outside of it what it handled, and what must hold whatever happens. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  createFunction,
  handlerZip,
  instanceProcesses,
  logLines,
  startEmulatorWith,
  until,
  type EmulatorProcess,
} from "../conformance/lambda/emulator-process.ts";

/** Where the data folder lies, and what Node and the emulator are told besides. */
export interface Setting {
  /** Of a file system of its own. */
  data?: string;
  node?: string[];
  args?: string[];
}

export class Bench {
  readonly folder = mkdtempSync(join(tmpdir(), "reliability-"));
  readonly data: string;
  emulator!: EmulatorProcess;
  /** Numbers of the events that were accepted (202). */
  readonly accepted: number[] = [];
  private next = 0;
  private readonly setting: Setting;

  constructor(setting: Setting) {
    this.setting = setting;
    this.data = setting.data ?? join(this.folder, "data");
  }

  static async open(setting: Setting = {}): Promise<Bench> {
    const bench = new Bench(setting);
    writeFileSync(join(bench.folder, "effects"), "");
    await bench.start();
    await createFunction(bench.emulator.lambda, "noting", bench.noting(), { Timeout: 20 });
    return bench;
  }

  async start(): Promise<void> {
    const { node = [], args = [] } = this.setting;
    const own = ["--fidelity", "fast", "--data", this.data, "--retry-scale", "0.002"];
    this.emulator = await startEmulatorWith(node, [...own, ...args]);
  }

  /** Notes the event's number in a file, takes `ms`, and returns the number; fails the first time where told so. */
  private noting(): Uint8Array {
    return handlerZip(
      `if (event.ms) await new Promise((resolve) => setTimeout(resolve, event.ms));
       if (event.failOnce) {
         const tried = ${JSON.stringify(join(this.folder, "tried-"))} + event.n;
         if (!existsSync(tried)) { writeFileSync(tried, ""); throw new Error("not yet"); }
       }
       console.log("handled " + event.n);
       appendFileSync(${JSON.stringify(join(this.folder, "effects"))}, event.n + "\\n");
       return event.n;`,
      `import { appendFileSync, existsSync, writeFileSync } from "node:fs";`,
    );
  }

  /** Sends one asynchronous event, which may fail at its first attempt; what is refused or cut off is not counted as accepted. */
  async send(ms: number, failOnce = false): Promise<void> {
    const n = this.next++;
    try {
      const { StatusCode } = await this.emulator.lambda.send(
        new InvokeCommand({ FunctionName: "noting", InvocationType: "Event", Payload: JSON.stringify({ n, ms, failOnce }) }),
      );
      if (StatusCode === 202) this.accepted.push(n);
    } catch {
      // Refused or cut off: the sender knows that it was not accepted.
      await delay(5);
    }
  }

  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.emulator.process.once("exit", resolve));
    this.emulator.process.kill("SIGKILL");
    await gone;
    this.emulator.lambda.destroy();
    this.emulator.logs.destroy();
  }

  handled(): Set<number> {
    return new Set(readFileSync(join(this.folder, "effects"), "utf8").split("\n").filter(Boolean).map(Number));
  }

  logged(): Promise<string[]> {
    return logLines(this.emulator.logs, "noting");
  }

  /** The invariants: every accepted event is handled, and every line of the log is whole. */
  async check(): Promise<void> {
    await until("every accepted event is handled", async () => {
      const state = (await (await fetch(`${this.emulator.endpoint}/_emulator/state`)).json()) as { queuedEvents: number };
      return state.queuedEvents === 0;
    });
    const handled = this.handled();
    const lost = this.accepted.filter((n) => !handled.has(n));
    if (lost.length > 0) throw new Error(`lost: ${lost.join(", ")} of ${this.accepted.length} accepted`);
    const { StatusCode } = await this.emulator.lambda.send(
      new InvokeCommand({ FunctionName: "noting", Payload: JSON.stringify({ n: -1, ms: 0 }) }),
    );
    if (StatusCode !== 200) throw new Error(`the next invocation answered ${StatusCode}`);
    const lines = await this.logged();
    if (!lines.some((line) => line.endsWith("handled -1"))) throw new Error("what the next invocation logged is not in the log");
    const odd = lines.find(
      (line) =>
        !/^(?:(?:INIT_START|INIT_REPORT|START|END|REPORT|RequestId:) |\S+\t\S+\tINFO\thandled -?\d+$|\S+\t\S+\tERROR\tInvoke Error \t\{"errorType":"Error","errorMessage":"not yet",.*\}$)/.test(
          line,
        ),
    );
    if (odd !== undefined) throw new Error(`a line of the log is not whole: ${JSON.stringify(odd)}`);
  }

  async close(): Promise<void> {
    await this.emulator.stop();
    await until(
      "no process of the emulator is left",
      () => process.platform !== "linux" || instanceProcesses(this.data).length === 0,
    );
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Opens, runs, checks that nothing is left, whatever `run` did. */
export async function withBench(run: (bench: Bench) => Promise<string>, setting?: Setting): Promise<string> {
  const bench = await Bench.open(setting);
  try {
    const seen = await run(bench);
    await bench.check();
    return seen;
  } finally {
    await bench.close();
  }
}
