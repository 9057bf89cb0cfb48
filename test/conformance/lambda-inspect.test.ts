/** `--inspect`: a debugger gets every process before the function's code, and nothing runs out of time meanwhile. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { once } from "node:events";
import { expect, test } from "vitest";
import { createFunction, handlerZip, startEmulatorProcess, until } from "./lambda/emulator-process.ts";

interface State {
  functions: { name: string; instances: { inspector?: string; root: string; lastDurationMs?: number }[] }[];
}

/** A debugger that does nothing but let the process go. */
async function release(url: string): Promise<void> {
  const socket = new WebSocket(url);
  await once(socket, "open");
  socket.send(JSON.stringify({ id: 1, method: "Runtime.runIfWaitingForDebugger" }));
  await once(socket, "message");
  socket.close();
}

test("an instance waits for its debugger, longer than its timeout, and its log says nothing of it", async () => {
  const emulator = await startEmulatorProcess("--fidelity", "fast", "--inspect");
  try {
    const { lambda, endpoint } = emulator;
    const state = async () => ((await (await fetch(`${endpoint}/_emulator/state`)).json()) as State).functions[0]?.instances[0];
    await createFunction(
      lambda,
      "held",
      handlerZip(
        `await new Promise((go) => setTimeout(go, 1300)); console.log("ran"); return context.getRemainingTimeInMillis() > 60000;`,
      ),
      { Timeout: 1 },
    );
    const answer = lambda.send(new InvokeCommand({ FunctionName: "held", LogType: "Tail" }));
    const url = await until("the address of its inspector", async () => (await state())?.inspector);
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\//);
    expect((await state())?.lastDurationMs).toBeUndefined();
    await release(url);
    const { Payload, FunctionError, LogResult = "" } = await answer;
    expect(FunctionError).toBeUndefined();
    expect(Payload?.transformToString()).toBe("true");
    const log = Buffer.from(LogResult, "base64").toString();
    expect(log).toContain("\tINFO\tran");
    expect(log).not.toMatch(/[Dd]ebugger/);
    expect((await state())?.lastDurationMs).toBeGreaterThan(1200);
  } finally {
    await emulator.stop();
  }
});
