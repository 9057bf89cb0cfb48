import { setTimeout as delay } from "node:timers/promises";
import type { Connection } from "./connection.ts";

/** What every `send` of the SDK takes. */
export interface SendOptions {
  abortSignal?: AbortSignal;
}

/** Faults that pass by themselves, beyond those that the SDK repeats on its own (throttles three times, broken connections). */
type Passing = "busy" | "throttled" | "role" | "concurrent";

/**
 * Lambda's words while a new role, or a new policy of it, is not yet known everywhere. Texts as Terraform's provider
 * recognises them; it takes 5 to 15 s as a rule, sometimes over a minute.
 */
const ROLE_NOT_READY =
  /role defined for the function cannot be assumed|execution role does not have permissions|KMS key is invalid for CreateGrant|ARN does not refer to a valid principal/i;
const BUSY = /update is in progress|operation cannot be performed at this time|is currently in the following state: Pending/i;
const THROTTLES =
  /^(?:TooManyRequestsException|Throttling|ThrottlingException|ThrottledException|RequestLimitExceeded|SlowDown)$/;

/** ms between attempts while a role propagates, and for how long. */
const ROLE_PACE = { first: 2000, most: 2000, patience: 120_000 };

function passing(error: unknown): Passing | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "ResourceConflictException") return BUSY.test(error.message) ? "busy" : undefined;
  if (error.name === "InvalidParameterValueException") return ROLE_NOT_READY.test(error.message) ? "role" : undefined;
  if (THROTTLES.test(error.name)) return "throttled";
  // IAM and CloudWatch Logs: somebody else is at the same resource.
  return /^(?:ConcurrentModification(?:Exception)?|OperationAbortedException)$/.test(error.name) ? "concurrent" : undefined;
}

/** Sends, and sends again while the answer is one that passes. Throws the last answer when patience is at its end. */
export async function patiently<Result>(
  { pace, work }: Pick<Connection, "pace" | "work">,
  send: (options: SendOptions) => Promise<Result>,
): Promise<Result> {
  const { signal } = work;
  const start = performance.now();
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await send(signal ? { abortSignal: signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      const kind = passing(error);
      const { first, most, patience } = kind === "role" ? ROLE_PACE : pace;
      if (kind === undefined || performance.now() - start > patience) throw error;
      // Full jitter, but never at once: five functions at a time must not knock in step.
      const longest = Math.min(most, first * 2 ** attempt);
      await delay(longest * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {}).catch((reason: unknown) => {
        signal?.throwIfAborted();
        throw reason;
      });
    }
  }
}

/** `undefined` where the thing asked for does not exist. */
export async function found<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Error && /^(?:ResourceNotFoundException|NoSuchEntity(?:Exception)?)$/.test(error.name)) return undefined;
    throw error;
  }
}
