import { task } from "fusionize";
import { KINDS } from "./error-kinds.ts";

class PaymentRefused extends RangeError {
  readonly code = "E_REFUSED";
  override readonly name = "PaymentRefused";
}

/** What can be told about an error: as a task would look at it. */
export async function told(work: Promise<unknown>): Promise<unknown> {
  try {
    return { result: await work };
  } catch (error) {
    if (!(error instanceof Error)) return { notAnError: typeof error, text: String(error) };
    return {
      name: error.name,
      message: error.message,
      constructor: error.constructor.name,
      refused: error instanceof PaymentRefused,
      range: error instanceof RangeError,
      keys: Object.keys(error),
      code: (error as { code?: unknown }).code ?? null,
      cause: String(error.cause),
      text: String(error),
    };
  }
}

/** Fails in the way it is told. */
export const fail = task("fail", (kind: string): Promise<string> => {
  if (kind === "early") throw new TypeError("before any promise");
  return failLater(kind);
});

async function failLater(kind: string): Promise<string> {
  await Promise.resolve();
  const error = new Error("told so");
  switch (kind) {
    case "subclass":
      throw new PaymentRefused("no money", { cause: new Error("account") });
    case "code":
      throw Object.assign(error, { code: "ENOENT", extra: { deep: true } });
    case "aggregate":
      throw new AggregateError([error], "several");
    case "renamed":
      error.name = "Custom.Name";
      throw error;
    case "nameless":
      error.name = "";
      throw error;
    case "number name":
      throw Object.assign(error, { name: 5 });
    case "silent":
      throw new Error();
    case "getter":
      throw Object.defineProperty(error, "message", {
        get: () => {
          throw new Error("no message for you");
        },
      });
    case "text":
      throw "only text";
    case "number":
      throw 42;
    case "undefined":
      throw undefined;
    case "null":
      throw null;
    case "object":
      throw { message: "looks like one", name: "Fake" };
    case "delete":
      throw new Error("a \u007F b");
    default:
      throw error;
  }
}

/** Lets the error of its callee pass. */
export const relay = task("relay", async (kind: string) => `relayed ${await fail(kind)}`);

/** Entry: looks at every error, from one call away and from two. */
export const failures = task("failures", async () => {
  const seen: unknown[] = [];
  for (const kind of KINDS) {
    seen.push([kind, await told(fail(kind)), await told(relay(kind))]);
  }
  return seen;
});

/** Entry: fails as its callee does. */
export const surface = task("surface", async (kind: string) => await relay(kind));
