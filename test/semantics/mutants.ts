/** Faults that a fusion handler could have, as changes of its source. Each text stands in its file exactly once. */
import type { Mutation } from "./platform/app-bundle.ts";

export const MUTANTS: Record<string, Mutation> = {
  "input is shared with an inlined callee": {
    "values.ts": [
      [
        'return JSON.stringify(value) ?? "null";',
        'const text = JSON.stringify(value) ?? "null"; shared.set(text, value); return text;',
      ],
      ["return JSON.parse(text);", "return shared.has(text) ? shared.get(text) : JSON.parse(text);"],
      ["/** Bytes of the largest event", "const shared = new Map();\n/** Bytes of the largest event"],
    ],
  },
  "result is shared with the callee": {
    "run.ts": [
      [
        "    return encodeResult(result);\n",
        "    const text = encodeResult(result); (globalThis.results ??= new Map()).set(text, result); return text;\n",
      ],
    ],
    "call.ts": [
      [
        "return decode(await callText(caller, task, encode(input)));",
        "const result = await callText(caller, task, encode(input)); return globalThis.results?.has(result) ? globalThis.results.get(result) : decode(result);",
      ],
    ],
  },
  "input is copied when the callee starts, not when it is called": {
    "values.ts": [
      [
        'return JSON.stringify(value) ?? "null";',
        'const text = JSON.stringify(value) ?? "null"; late.set(text, value); return text;',
      ],
      ["return JSON.parse(text);", 'return JSON.parse(late.has(text) ? (JSON.stringify(late.get(text)) ?? "null") : text);'],
      ["/** Bytes of the largest event", "const late = new Map();\n/** Bytes of the largest event"],
    ],
    "call.ts": [["  return await runInline(", "  await Promise.resolve();\n  return await runInline("]],
  },
  "undefined stays undefined": {
    "values.ts": [
      ['return JSON.stringify(value) ?? "null";', 'return JSON.stringify(value) ?? "";'],
      ["return JSON.parse(text);", 'return text === "" ? undefined : JSON.parse(text);'],
    ],
  },
  "error's name is lost": { "errors.ts": [['Object.defineProperty(error, "name"', 'Object.defineProperty(error, "title"']] },
  "error's message is lost": { "errors.ts": [['typeof errorMessage === "string" ? errorMessage : ""', '"Unhandled"']] },
  "inlined error arrives as itself": {
    "run.ts": [["throw crossError(thrown);", "throw thrown;"]],
    "call.ts": [
      ["    failure = crossError(error);\n  } finally {\n    // Before", "    failure = error;\n  } finally {\n    // Before"],
    ],
  },
  "failure of an inlined task is swallowed": {
    "run.ts": [["throw crossError(thrown);", 'return "null";']],
  },
  "root's error is answered as a result": { "handler.ts": [["throw reportable(error);", "return null;"]] },
  "inlined event is dropped": {
    "call.ts": [["setImmediate(() => void background(caller, task, text, span));", "invocation.leave();"]],
  },
  "inlined event is handled twice": {
    "call.ts": [
      [
        "setImmediate(() => void background(caller, task, text, span));",
        "invocation.enter(); setImmediate(() => void background(caller, task, text, span)); setImmediate(() => void background(caller, task, text, span));",
      ],
    ],
  },
  "event is sent twice": {
    "remote.ts": [
      [
        "    await this.#invoke(invocation, task, wrapEvent",
        '    await this.#invoke(invocation, task, wrapEvent({ ...context, kind: "async" }, input), { InvocationType: "Event" }, isPassing);\n    await this.#invoke(invocation, task, wrapEvent',
      ],
    ],
  },
  "synchronous call is repeated when the callee fails": {
    "remote.ts": [
      [
        "if (answer.FunctionError === undefined) return text;",
        "if (answer.FunctionError === undefined) return text;\n    if (!context.again) return await this.call(invocation, task, input, { ...context, again: true });",
      ],
    ],
  },
  "failed inlined event is not handed over": { "call.ts": [["    await handOver(caller, task, text, span, error);\n", ""]] },
  "handed over event is bare": {
    "call.ts": [
      [
        "    await send(caller, task, text, span);\n    span.handedOver",
        '    await send(caller, task, "null", span);\n    span.handedOver',
      ],
    ],
  },
  "handed over although it succeeded": {
    "call.ts": [
      [
        "    span.out = byteLength(result);\n    invocation.end(span);",
        "    await handOver(caller, task, text, span, undefined);\n    invocation.end(span);",
      ],
    ],
  },
  "caller is the function's root": {
    "call.ts": [["    caller: caller.task,\n", "    caller: caller.invocation.host.root,\n"]],
    "invocation.ts": [["span.caller = caller.task;", "span.caller = this.host.root;"]],
  },
  "parent is the root's span": { "invocation.ts": [["span.parent = caller.span.id;", "span.parent = this.spans[0].id;"]] },
  "inlined task sees the host's context": {
    "run.ts": [["const identity = invocation.host.identityOf(task, invocation);", "const identity = invocation.context;"]],
  },
  "trace ends at the function's border": {
    "trace.ts": [['    const trace = carried["trace"];', "    const trace = newTraceId();"]],
  },
  "client context is not stripped": {
    "trace.ts": [["const stripped = withoutOurs(client, custom);", "const stripped = client;"]],
  },
  "envelope is not taken off": { "trace.ts": [['input: envelope["event"],', "input: event,"]] },
  "whoever sends an envelope synchronously is believed": {
    "trace.ts": [["if (client && custom && carried?.", "if (client && custom && !(ENVELOPE in (event ?? {})) && carried?."]],
  },
  "invocation ends before its inlined events": { "handler.ts": [["  await invocation.idle();\n", ""]] },
  "event is inlined whatever the origin": {
    "fused.ts": [['if (caller.invocation.invoked !== "async" && !this.#lossTolerated.has(task)) return false;', ""]],
  },
  "a task that calls itself asynchronously stays inside": {
    "fused.ts": [["if (run.task === task) return false;", "if (run.task === task) break;"]],
  },
  "synchronous call is not awaited": {
    "call.ts": [
      [
        'result = mode === "inline" ? await inline(caller, task, text, span)',
        'result = mode === "inline" ? (await Promise.race([inline(caller, task, text, span), new Promise((end) => setTimeout(end, 1, "null"))]))',
      ],
    ],
  },
  "lists of synchronous and asynchronous callees are mixed up": {
    "fused.ts": [
      ['kind === "sync" ? this.#inline.has(task)', 'kind === "sync" ? this.#inline.has(task) || this.#inlineAsync.has(task)'],
    ],
  },
  "timeouts of inlined tasks are ignored": {
    "run.ts": [["began + timeout < invocation.deadline ?", "began + timeout < 0 ?"]],
  },
  "timeouts do not count while the thread is busy": {
    "run.ts": [["return expired(run) ? await late : result;", "return result;"]],
  },
  "a task whose time is up goes on": { "run.ts": [["    run.stopped = true;\n", ""]] },
  "requests have no limit": { "call.ts": [["if (bytes > MAX_SYNC_REQUEST) throw", "if (bytes < 0) throw"]] },
  "results have no limit": { "run.ts": [["if (byteLength(text) > MAX_SYNC_RESPONSE) throw", 'if (text === "") throw']] },
  "events have no limit": { "call.ts": [["if (bytes > MAX_EVENT - ENVELOPE_ROOM", "if (bytes < 0"]] },
  "the envelope does not count": {
    "call.ts": [["byteLength(wrapEvent(carried(caller, span, bytes), text)) > MAX_EVENT", "byteLength(text) > MAX_EVENT"]],
  },
  "length is counted in characters": { "values.ts": [['return Buffer.byteLength(text, "utf8");', "return text.length;"]] },
  "exclusive tasks overlap": {
    "run.ts": [["invocation.host.exclusive.has(task) ? await acquire(task) : undefined", "undefined"]],
  },
};
