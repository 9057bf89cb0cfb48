/**
 * The parent of all debug sessions of an app: it has no code of its own to stop in, it starts and ends the run. Each
 * instance is a child session of the editor's own JavaScript debugger.
 */
import * as vscode from "vscode";

/** What of the Debug Adapter Protocol this session speaks. */
interface Request {
  seq: number;
  type: "request";
  command: string;
  arguments?: { breakpoints?: unknown[]; restart?: boolean };
}

export interface Debuggee {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Called once when the run has ended by itself. */
  onEnded(listener: () => void): void;
}

export class RunDebugAdapter implements vscode.DebugAdapter {
  readonly #sent = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly #debuggee: Debuggee;
  #sequence = 0;

  readonly onDidSendMessage = this.#sent.event;

  constructor(debuggee: Debuggee) {
    this.#debuggee = debuggee;
    debuggee.onEnded(() => this.#event("terminated"));
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const request = message as Request;
    if (request.type !== "request") return;
    void this.#answer(request).then(
      (body) => this.#send({ type: "response", request_seq: request.seq, command: request.command, success: true, body }),
      (error: unknown) => {
        const text = error instanceof Error ? error.message : String(error);
        const body = { error: { id: 1, format: "{text}", variables: { text }, showUser: false } };
        this.#send({ type: "response", request_seq: request.seq, command: request.command, success: false, message: text, body });
        if (request.command === "launch") this.#event("terminated");
      },
    );
  }

  async #answer({ command, arguments: given }: Request): Promise<unknown> {
    switch (command) {
      case "initialize":
        return { supportsConfigurationDoneRequest: true, supportsTerminateRequest: true };
      case "launch":
        await this.#debuggee.start();
        this.#event("initialized");
        return undefined;
      case "setBreakpoints":
        // Those that hold code verify them.
        return { breakpoints: (given?.breakpoints ?? []).map(() => ({ verified: false })) };
      case "threads":
        return { threads: [] };
      case "terminate":
        await this.#debuggee.stop();
        this.#event("terminated");
        return undefined;
      case "disconnect":
        await this.#debuggee.stop();
        return undefined;
      default:
        return undefined;
    }
  }

  #event(event: string): void {
    this.#send({ type: "event", event });
  }

  #send(message: object): void {
    this.#sent.fire({ seq: (this.#sequence += 1), ...message });
  }

  dispose(): void {
    this.#sent.dispose();
  }
}
