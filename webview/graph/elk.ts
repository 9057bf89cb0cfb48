/** ELK off the main thread. A worker of another origin is refused, so its script is fetched and started from a blob. */
import ELKConstructor, { type ELK } from "elkjs/lib/elk-api.js";

export interface LayoutEngine extends Pick<ELK, "layout"> {
  /** Where layout runs; `page` blocks the page while it runs. */
  readonly where: "worker" | "page";
}

export async function startElk(workerUri: string, nonce: string): Promise<LayoutEngine> {
  try {
    return await inWorker(workerUri);
  } catch (error) {
    console.warn("The layout worker could not be started; layout runs in the page.", error);
    return inPage(workerUri, nonce);
  }
}

async function inWorker(workerUri: string): Promise<LayoutEngine> {
  const response = await fetch(workerUri);
  if (!response.ok) throw new Error(`${workerUri}: ${response.status}`);
  const url = URL.createObjectURL(new Blob([await response.text()], { type: "text/javascript" }));
  const worker = new Worker(url);
  const refused = new Promise<never>((_, reject) => {
    worker.addEventListener("error", (event) => reject(new Error(event.message || "worker refused")), { once: true });
  });
  const elk = new ELKConstructor({ workerFactory: () => worker });
  // A first, empty layout tells whether the worker runs at all: a policy that forbids it reports only by an event.
  await Promise.race([elk.layout({ id: "root", children: [] }), refused]);
  URL.revokeObjectURL(url);
  refused.catch(() => {});
  return { where: "worker", layout: (graph, args) => elk.layout(graph, args) };
}

interface WorkerModule {
  exports: { Worker?: new () => Worker };
}

/** ELK's worker file also offers a stand-in for a worker to whoever loads it as a CommonJS module. */
async function inPage(workerUri: string, nonce: string): Promise<LayoutEngine> {
  const holder = globalThis as typeof globalThis & { module?: WorkerModule; exports?: WorkerModule["exports"] };
  const module: WorkerModule = { exports: {} };
  holder.module = module;
  holder.exports = module.exports;
  try {
    await new Promise<void>((resolve, reject) => {
      const script = document.createElement("script");
      script.src = workerUri;
      script.nonce = nonce;
      script.addEventListener("load", () => resolve(), { once: true });
      script.addEventListener("error", () => reject(new Error(`${workerUri} could not be loaded`)), { once: true });
      document.head.append(script);
    });
  } finally {
    delete holder.module;
    delete holder.exports;
  }
  const StandIn = module.exports.Worker;
  if (!StandIn) throw new Error("ELK's worker file offers no stand-in");
  const elk = new ELKConstructor({ workerFactory: () => new StandIn() });
  return { where: "page", layout: (graph, args) => elk.layout(graph, args) };
}
