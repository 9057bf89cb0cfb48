import { readFile } from "node:fs/promises";
import { readMemory } from "./execution/memory.ts";
import { json } from "./http/reply.ts";
import type { Reply } from "./http/reply.ts";
import type { Incoming } from "./http/server.ts";
import type { LambdaService } from "./lambda/service.ts";

/** What the emulator serves beyond AWS: its state, the retirement of idle instances, and the code archives that GetFunction points to. */
export async function answerOwn(service: LambdaService, request: Incoming): Promise<Reply> {
  const { method, path } = request;
  if (method === "GET" && path === "/_emulator/state") return json(200, state(service));
  if (method === "POST" && path === "/_emulator/reset-instances") {
    let functions: unknown;
    try {
      functions =
        request.body.length === 0 ? undefined : (JSON.parse(request.body.toString()) as { functions?: unknown }).functions;
    } catch {
      return json(400, { message: "The body must be JSON: { functions?: string[] }" });
    }
    if (functions !== undefined && !(Array.isArray(functions) && functions.every((name) => typeof name === "string"))) {
      return json(400, { message: "functions must be an array of function names" });
    }
    service.pool.retireIdle(functions === undefined ? undefined : new Set<string>(functions));
    return json(200, {});
  }
  const archive = method === "GET" ? /^\/_emulator\/code\/([0-9a-f]{64})\.zip$/.exec(path)?.[1] : undefined;
  if (archive !== undefined) {
    const body = await readFile(service.registry.code.archive(archive)).catch(() => undefined);
    if (body !== undefined) return { status: 200, headers: { "content-type": "application/zip" }, body };
  }
  return json(404, { message: `The emulator has no ${method} ${path}.` });
}

function state(service: LambdaService): object {
  const instances = service.pool.list();
  return {
    cpu: service.cpuKind,
    queuedEvents: service.queue.size,
    functions: service.registry.list().map((record) => ({
      name: record.name,
      instances: instances
        .filter(({ revision }) => revision.functionName === record.name)
        .map((instance) => ({
          id: instance.id,
          version: instance.revision.version,
          state: instance.state,
          memoryMb: instance.revision.settings.memorySize,
          memoryUsedMb: Math.round(
            (instance.pid === undefined ? 0 : (readMemory(instance.pid)?.resident ?? instance.maxMemory)) / 1_048_576,
          ),
          requests: instance.requests,
          lastDurationMs: instance.lastDurationMs,
          pid: instance.pid,
          inspector: instance.inspector,
          root: instance.revision.root,
        })),
    })),
  };
}
