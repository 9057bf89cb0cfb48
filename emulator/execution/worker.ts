import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { command, decoder, encode, lineSplitter, logKind, report } from "./frames.ts";
import type { CpuShare, CpuSlot } from "./cpu/share.ts";
import type { Guard } from "./guard.ts";
import { PeakMemory } from "./memory.ts";

/** What a worker tells its instance. Frames and lines arrive in the order the process produced them. */
export interface WorkerListener {
  frame(type: number, body: Buffer): void;
  line(text: string): void;
  /** The process is gone and all it wrote has been read. */
  exit(code: number | null, signal: NodeJS.Signals | null): void;
}

/** Surroundings that all workers share. */
export interface WorkerHost {
  node: string;
  program: string;
  guard: Guard;
  cpu: CpuShare;
  /** Command-line prefix from `dieWithParent`. */
  prefix: string[];
  /** Node waits for a debugger before it runs anything. */
  inspect?: boolean;
}

/** What to start: our own program for Node, or the executable of a custom runtime. */
export interface Launch {
  command: string[];
  environment: Record<string, string>;
  cwd?: string;
}

/** Our program, waiting for an assignment. */
export function nodeLaunch(host: WorkerHost, flags: string[], environment: Record<string, string> = {}): Launch {
  const inspect = host.inspect ? ["--inspect-wait=127.0.0.1:0", "--inspect-publish-uid=stderr"] : [];
  return { command: [host.node, ...inspect, ...flags, host.program], environment: { ...systemEnvironment(), ...environment } };
}

/** Bytes that frames of a type have at least: a log's kind, the memory used before a result. */
const leastBytes: Record<number, number> = { [report.log]: 1, [report.response]: 8, [report.error]: 8, [report.streamEnd]: 8 };

const inspectorTalk =
  /^(?:Debugger (?:listening on ws:|attached\.|ending on ws:)|For help, see: https:\/\/nodejs\.org|Waiting for the debugger )/;

/** One operating-system process, first waiting for an assignment, then serving one function. Its own process group, so children go with it. */
export class Worker {
  readonly process: ChildProcess;
  readonly slot: CpuSlot | undefined;
  readonly peak: PeakMemory;
  /** performance.now() of the spawn. */
  readonly spawnedAt = performance.now();
  listener: WorkerListener | undefined;
  /** WebSocket URL of its inspector, once it has told. */
  inspector: string | undefined;
  gone = false;
  private stopped = false;
  private readonly host: WorkerHost;
  protected readonly commands: Writable;
  private readonly lines = {
    out: lineSplitter((line) => this.listener?.line(line)),
    err: lineSplitter((line) => this.errorLine(line)),
  };

  constructor(host: WorkerHost, launch: Launch) {
    this.host = host;
    const [file, ...args]: string[] = [...host.prefix, ...launch.command];
    this.process = spawn(file ?? host.node, args, {
      stdio: ["ignore", "pipe", "pipe", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
      env: launch.environment,
      cwd: launch.cwd,
    });
    const [, out, err, commands, reports] = this.process.stdio as unknown as [null, Readable, Readable, Writable, Readable];
    this.commands = commands;
    commands.on("error", () => {});
    const decode = decoder(
      (type, body) => this.receive(type, body),
      () => this.kill(),
    );
    reports.on("data", decode);
    reports.on("error", () => {});
    out.on("data", (bytes: Buffer) => this.lines.out.push(bytes));
    err.on("data", (bytes: Buffer) => this.lines.err.push(bytes));
    this.peak = new PeakMemory(this.pid);
    if (this.process.pid !== undefined) {
      host.guard.watch(this.process.pid);
      this.slot = host.cpu.slot(this.process.pid);
    }
    this.process.once("exit", () => this.killGroup());
    this.process.once("close", (code, signal) => this.end(code, signal));
    this.process.once("error", () => this.process.pid === undefined && this.end(1, null));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  send(type: number, ...parts: Uint8Array[]): void {
    if (this.stopped) this.thaw();
    this.commands.write(encode(type, ...parts));
  }

  /** Writes the module compile cache to disk, where it helps the next instance of the same code. */
  flushCompileCache(): void {
    this.send(command.flushCache);
  }

  /** Stops the process and its children; they notice nothing. */
  freeze(): void {
    if (this.gone || this.stopped) return;
    this.slot?.frozen?.(true);
    this.stopped = signalGroup(this.pid, "SIGSTOP");
  }

  thaw(): void {
    if (!this.stopped) return;
    this.stopped = false;
    this.slot?.frozen?.(false);
    signalGroup(this.pid, "SIGCONT");
  }

  kill(): void {
    if (!this.gone && !this.killGroup()) this.process.kill("SIGKILL");
  }

  /** Resolves when whatever the process had written to its raw output before now has been read: two turns of the event loop, as its buffer is smaller than one turn reads. */
  drained(): Promise<void> {
    return new Promise((resolve) =>
      setImmediate(() =>
        setImmediate(() => {
          this.lines.out.flush();
          this.lines.err.flush();
          resolve();
        }),
      ),
    );
  }

  /** For what a kind of worker has open besides its process. */
  protected ended(): void {}

  /** What the inspector says of itself is no line of the function's log. */
  private errorLine(line: string): void {
    if (this.host.inspect && inspectorTalk.test(line)) this.inspector = /ws:\S+/.exec(line)?.[0] ?? this.inspector;
    else this.listener?.line(line);
  }

  private receive(type: number, body: Buffer): void {
    // The function's code shares the process, and may write here whatever it likes.
    if (body.length < (leastBytes[type] ?? 0)) return this.kill();
    if (type !== report.log) {
      this.listener?.frame(type, body);
      return;
    }
    const kind = body.readUInt8(0);
    const bytes = body.subarray(1);
    if (kind === logKind.event) this.listener?.line(bytes.toString());
    else this.lines[kind === logKind.stderr ? "err" : "out"].push(bytes);
  }

  private killGroup(): boolean {
    return process.platform !== "win32" && this.process.pid !== undefined && signalGroup(this.process.pid, "SIGKILL");
  }

  private end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.gone) return;
    this.gone = true;
    this.lines.out.flush();
    this.lines.err.flush();
    this.slot?.release();
    this.peak.close();
    if (this.process.pid !== undefined) this.host.guard.forget(this.process.pid);
    this.ended();
    this.listener?.exit(code, signal);
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  if (process.platform === "win32") return false;
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

/** No variable of the user reaches an instance; Windows programs do not start without these. */
function systemEnvironment(): Record<string, string> {
  const kept: Record<string, string> = { PATH: "/usr/local/bin:/usr/bin:/bin", LANG: "en_US.UTF-8", TZ: ":UTC" };
  if (process.platform === "win32") {
    for (const name of ["SystemRoot", "SystemDrive", "windir", "PATH", "ComSpec", "TEMP"])
      if (process.env[name] !== undefined) kept[name] = process.env[name];
  }
  if (process.versions["electron"] !== undefined) kept["ELECTRON_RUN_AS_NODE"] = "1";
  return kept;
}
