import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { zipSync } from "fflate";
import { type Client, newClient, post } from "./client.ts";
import { type Target, startServer, stopServer } from "./server.ts";

/** The function of every target: gives its event back, after a while if the event says so. */
const HANDLER = "async (event) => { if (event.sleep) await new Promise((r) => setTimeout(r, event.sleep)); return event; }";
const PEERS = join(import.meta.dirname, "../.peers");
const BUILD = join(import.meta.dirname, "../../../emulator/build.mjs");
const run = promisify(execFile);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Installs the packages of the other emulators into a folder that is not kept in the repository. */
async function installed(...packages: string[]): Promise<{ absent: string } | undefined> {
  await mkdir(PEERS, { recursive: true });
  if (!existsSync(join(PEERS, "package.json"))) await writeFile(join(PEERS, "package.json"), '{ "private": true }\n');
  const missing = packages.filter((name) => !existsSync(join(PEERS, "node_modules", name.replace(/(.)@.*$/, "$1"))));
  if (missing.length === 0) return undefined;
  try {
    await run("npm", ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--save-exact", ...missing], { cwd: PEERS });
    return undefined;
  } catch (error) {
    return { absent: `npm could not install ${missing.join(", ")}: ${(error as Error).message.split("\n")[0]}` };
  }
}

/** The floor: an HTTP server of a few lines that does what the handler does. */
export function bareServer(): Target {
  return {
    name: "bare Node server",
    scalesOut: false,
    async prepare(folder) {
      const lines = [
        'import { createServer } from "node:http";',
        `const handler = ${HANDLER};`,
        "const server = createServer(async (request, response) => {",
        "  const chunks = []; for await (const chunk of request) chunks.push(chunk);",
        '  response.setHeader("content-type", "application/json");',
        "  response.end(JSON.stringify(await handler(JSON.parse(Buffer.concat(chunks)))));",
        "});",
        'server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));',
      ];
      await writeFile(join(folder, "server.mjs"), lines.join("\n"));
    },
    command: async (folder) => ({ program: process.execPath, args: ["server.mjs"], cwd: folder }),
    address: (output) => firstUrl(output, (url) => url),
    body: (event) => event,
  };
}

/**
 * The floor of a process for each instance: an HTTP server that hands events to child processes over Unix sockets, one at a time each, and starts another when
 * all are busy. It has no logs, limits, names, times or safety.
 */
export function plainTrial(): Target {
  return {
    name: "plain trial (processes over Unix sockets)",
    scalesOut: true,
    async prepare(folder) {
      const child = [
        'import { Socket } from "node:net";',
        `const handler = ${HANDLER};`,
        'const socket = new Socket({ fd: 3 }); let rest = ""; socket.setEncoding("utf8");',
        'socket.on("data", (data) => { rest += data; for (let at; (at = rest.indexOf("\\n")) >= 0; rest = rest.slice(at + 1)) void handler(JSON.parse(rest.slice(0, at))).then((result) => socket.write(JSON.stringify(result) + "\\n")); });',
        'socket.on("close", () => process.exit());',
      ];
      const server = [
        'import { createServer } from "node:http"; import { spawn } from "node:child_process";',
        "const idle = [];",
        'const start = () => { const child = spawn(process.execPath, ["child.mjs"], { stdio: ["ignore", "inherit", "inherit", "pipe"] }); const one = { socket: child.stdio[3], parts: [], done: undefined };',
        '  one.socket.on("error", () => {}).on("data", (data) => { one.parts.push(data); if (data[data.length - 1] !== 10) return; const all = Buffer.concat(one.parts); one.parts = []; const { done } = one; idle.push(one); done(all.subarray(0, all.length - 1)); }); return one; };',
        'const server = createServer((request, response) => { const chunks = []; request.on("data", (chunk) => chunks.push(chunk)); request.on("end", () => { const one = idle.pop() ?? start();',
        '  one.done = (body) => response.writeHead(200, { "content-type": "application/json", "content-length": body.length }).end(body); one.socket.write(Buffer.concat([...chunks, Buffer.from("\\n")])); }); });',
        'server.listen(0, "127.0.0.1", () => console.log("http://127.0.0.1:" + server.address().port));',
      ];
      await writeFile(join(folder, "child.mjs"), child.join("\n"));
      await writeFile(join(folder, "server.mjs"), server.join("\n"));
    },
    command: async (folder) => ({ program: process.execPath, args: ["server.mjs"], cwd: folder }),
    address: (output) => firstUrl(output, (url) => url),
    body: (event) => event,
  };
}

/** This emulator, as it is shipped: bundled. */
export function emulator(name: string, flags: readonly string[]): Target {
  const path = "/2015-03-31/functions/bench/invocations";
  const target: Target = {
    name,
    scalesOut: true,
    async prepare(folder) {
      // The bundler's script is plain JavaScript: it is run, not imported.
      const build = `import { buildEmulator } from ${JSON.stringify(pathToFileURL(BUILD).href)}; await buildEmulator({ outdir: process.argv[1] });`;
      await run(process.execPath, ["--input-type=module", "--eval", build, join(folder, "program")]);
      await createFunction(target, folder, path);
    },
    command: async (folder) => ({
      program: process.execPath,
      args: [join(folder, "program/main.mjs"), "--port", "0", "--data", join(folder, "data"), "--max-instances", "64", ...flags],
      cwd: folder,
    }),
    address: (output) => firstUrl(output, (url) => url + path),
    body: (event) => event,
  };
  return target;
}

async function createFunction(target: Target, folder: string, path: string): Promise<void> {
  const client = newClient(1);
  // Any answer will do before there is a function.
  const server = await startServer(
    { ...target, address: (output) => firstUrl(output, (url) => `${url}/2015-03-31/functions`), body: () => createBody() },
    folder,
    client,
  ).catch((error: Error) => {
    throw new Error(`the function could not be created: ${error.message}`);
  });
  try {
    const deadline = performance.now() + 10_000;
    const url = new URL(path, server.url).href;
    while ((await post(client, url, "{}")).status !== 200 && performance.now() < deadline);
  } finally {
    client.destroy();
    await stopServer(server);
  }
}

/** Creates a function of a name whose handler logs the number of its event. */
export async function createFunctionOf(client: Client, endpoint: string, name: string): Promise<void> {
  const body = createBody(name, 'async ({ n }) => { console.log("n=%d;", n); return n; }');
  const { status, text } = await post(client, `${endpoint}/2015-03-31/functions`, body);
  if (status !== 201) throw new Error(`the function could not be created: ${text}`);
  const deadline = performance.now() + 10_000;
  while ((await post(client, `${endpoint}/2015-03-31/functions/${name}/invocations`, '{"n":-1}')).status !== 200)
    if (performance.now() > deadline) throw new Error(`the function ${name} does not answer`);
}

/** CreateFunction's body, whatever the event. */
function createBody(name = "bench", handler = HANDLER): string {
  const zip = zipSync({ "index.mjs": new TextEncoder().encode(`export const handler = ${handler};`) });
  return JSON.stringify({
    FunctionName: name,
    Runtime: "nodejs24.x",
    Handler: "index.handler",
    Role: "arn:aws:iam::123456789012:role/bench",
    MemorySize: 1769,
    Timeout: 30,
    Code: { ZipFile: Buffer.from(zip).toString("base64") },
  });
}

/** serverless-offline under osls, the fork of Serverless that wants no login. */
export function serverlessOffline(name: string, flags: readonly string[]): Target {
  const path = "/2015-03-31/functions/bench-local-echo/invocations";
  return {
    name,
    scalesOut: true,
    async prepare(folder) {
      const absent = await installed("osls@3.77.1", "serverless-offline@14.8.2");
      if (absent) return absent;
      await symlink(join(PEERS, "node_modules"), join(folder, "node_modules"));
      await writeFile(join(folder, "index.js"), `exports.handler = ${HANDLER};`);
      const config = [
        "service: bench",
        'frameworkVersion: "*"',
        "provider: { name: aws, runtime: nodejs22.x, region: us-east-1, stage: local, memorySize: 1769 }",
        "plugins: [serverless-offline]",
        "functions: { echo: { handler: index.handler, timeout: 30 } }",
      ];
      await writeFile(join(folder, "serverless.yml"), config.join("\n"));
    },
    async command(folder) {
      const [lambdaPort, httpPort, socketPort] = await Promise.all([freePort(), freePort(), freePort()]);
      const ports = ["--lambdaPort", `${lambdaPort}`, "--httpPort", `${httpPort}`, "--websocketPort", `${socketPort}`];
      const program = join(PEERS, "node_modules/osls/bin/serverless.js");
      return {
        program: process.execPath,
        args: [program, "offline", "start", "--host", "127.0.0.1", ...ports, ...flags],
        cwd: folder,
        env: { SLS_TELEMETRY_DISABLED: "1", SLS_NOTIFICATIONS_MODE: "off" },
      };
    },
    address: (output) => {
      const found = /\[http for lambda\] listening on (http:\/\/[^\s]+)/.exec(output);
      return found ? { url: found[1] + path } : undefined;
    },
    body: (event) => event,
  };
}

/** lambda-local in its watch mode: any path, the event inside a member. */
export function lambdaLocal(): Target {
  return {
    name: "lambda-local",
    scalesOut: false,
    async prepare(folder) {
      const absent = await installed("lambda-local@2.2.0");
      if (absent) return absent;
      await writeFile(join(folder, "index.js"), `exports.handler = ${HANDLER};`);
    },
    async command(folder) {
      const program = join(PEERS, "node_modules/lambda-local/build/cli.js");
      return {
        program: process.execPath,
        args: [program, "-l", "index.js", "-h", "handler", "--watch", `${await freePort()}`],
        cwd: folder,
      };
    },
    address: (output) => {
      const found = /listening on http:\/\/localhost:(\d+)/.exec(output);
      return found ? { url: `http://127.0.0.1:${found[1]}/` } : undefined;
    },
    body: (event) => `{"event":${event}}`,
  };
}

function firstUrl(output: string, make: (url: string) => string): { url: string } | undefined {
  const found = /http:\/\/127\.0\.0\.1:\d+/.exec(output);
  return found ? { url: make(found[0]) } : undefined;
}
