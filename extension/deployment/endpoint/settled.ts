import { GetFunctionCommand, type FunctionConfiguration } from "@aws-sdk/client-lambda";
import { setTimeout as delay } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";
import type { Connection } from "./connection.ts";
import { found, patiently } from "./retry.ts";

/**
 * Waits until the function can be changed and invoked, beginning with what an answer has told already. Unlike the SDK's
 * waiters, which take any error for "not yet", a refused or vanished function is reported at once; and GetFunction is
 * asked because it has a quota of its own (100 a second, the rest of the control plane shares 15).
 * @throws UserError `function-failed` when Lambda says that creation or update failed. With `earlier`, an update that somebody
 * has failed with before does not count: the next one mends it.
 */
export async function settled(
  connection: Connection,
  name: string,
  known?: FunctionConfiguration,
  { earlier = false } = {},
): Promise<FunctionConfiguration> {
  const { lambda, pace, work } = connection;
  const start = performance.now();
  let configuration = known;
  for (let look = 0; ; look++) {
    if (configuration && isSettled(configuration, name, earlier)) return configuration;
    if (performance.now() - start > pace.patience) {
      throw new UserError(
        "function-not-ready",
        `Lambda has not finished with ${name} after ${pace.patience / 1000} s.`,
        "Deploy again.",
      );
    }
    if (configuration) await pause(Math.min(pace.most, pace.first * 2 ** look), work.signal);
    configuration = (
      await patiently(connection, (options) => lambda.send(new GetFunctionCommand({ FunctionName: name }), options))
    ).Configuration;
  }
}

/** Waits until a function that was deleted is gone: its name is not free before. */
export async function vanished(connection: Connection, FunctionName: string): Promise<void> {
  const { lambda, pace, work } = connection;
  const start = performance.now();
  for (let look = 0; ; look++) {
    const request = new GetFunctionCommand({ FunctionName });
    if (!(await found(patiently(connection, (options) => lambda.send(request, options))))) return;
    if (performance.now() - start > pace.patience) {
      const message = `Lambda has not deleted ${FunctionName} after ${pace.patience / 1000} s.`;
      throw new UserError("function-not-ready", message, "Deploy again.");
    }
    await pause(Math.min(pace.most, pace.first * 2 ** look), work.signal);
  }
}

function isSettled(
  { State, StateReason, LastUpdateStatus, LastUpdateStatusReason }: FunctionConfiguration,
  name: string,
  earlier: boolean,
): boolean {
  if (State === "Failed") throw failed(name, StateReason);
  if (LastUpdateStatus === "Failed" && !earlier) throw failed(name, LastUpdateStatusReason);
  // Answers about published versions and of older implementations leave the state out.
  return State !== "Pending" && LastUpdateStatus !== "InProgress";
}

function failed(name: string, reason: string | undefined): UserError {
  return new UserError(
    "function-failed",
    `Lambda could not set up ${name}: ${reason ?? "no reason given"}.`,
    "Mend that, and deploy again.",
  );
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await delay(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
}
