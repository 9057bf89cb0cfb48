/** How the editor's JavaScript debugger is attached to one instance. Pure. */
import type { InstanceView } from "../../../application/types.ts";

/** Code that is not the user's: Node.js itself, the program that instances run, the fusion handler and what it brings. */
const notOurs = [
  "<node_internals>/**",
  "**/node_modules/**",
  "**/fusionize-emulator-*/runtime/**",
  "**/dist/emulator/**",
  "**/emulator/instance/**",
  "**/extension/runtime/**",
  "**/dist/runtime/**",
  "**/lambda-client.mjs",
];

export interface AttachConfiguration {
  type: "node";
  request: "attach";
  name: string;
  address: string;
  port: number;
  [key: string]: unknown;
}

/** @param folder the app's; bundles name their sources relative to it. Undefined while the process has no debugger port. */
export function attachConfiguration(root: string, instance: InstanceView, folder: string): AttachConfiguration | undefined {
  const { inspector, pid } = instance;
  if (inspector === undefined) return undefined;
  const { hostname, port } = new URL(inspector);
  return {
    type: "node",
    request: "attach",
    name: `${root} (${pid})`,
    address: hostname,
    port: Number(port),
    // The process tells nobody else where it can be debugged.
    websocketAddress: inspector,
    // It waits for the debugger before it runs anything, so no breakpoint comes too late.
    continueOnAttach: true,
    sourceMaps: true,
    // The map says `src/task.ts`, which the debugger would take for a file beside the bundle.
    sourceMapPathOverrides: { "*": `${folder.replaceAll("\\", "/")}/*` },
    resolveSourceMapLocations: null,
    outFiles: [],
    pauseForSourceMap: true,
    enableContentValidation: false,
    autoAttachChildProcesses: false,
    smartStep: true,
    skipFiles: notOurs,
    cwd: folder,
  };
}
