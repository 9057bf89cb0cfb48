/** The real bundle in plain Chromium, with the editor's side of the boundary played by the test. */
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildWebview } from "../../webview/build.mjs";
import { panelHtml } from "../../webview/html.ts";
import type { FromWebview, PanelState, ToWebview } from "../../webview/protocol.ts";
import { validateFromWebview } from "../../webview/validate.ts";
import { type Theme, themes, type ThemeName } from "./themes.ts";

const ORIGIN = "https://panel.test";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];
export const ARTIFACTS = new URL("../artifacts/webview/", import.meta.url).pathname;

export interface Opened {
  page: Page;
  /** What the page sent, checked as the host would. */
  sent: FromWebview[];
  /** Errors and refused resources that the page reported. */
  problems: string[];
  send(message: ToWebview): Promise<void>;
  show(state: PanelState): Promise<void>;
  /** Until the layout of what was sent last is drawn. */
  drawn(): Promise<void>;
  /** Until a message of this type has come. */
  until<T extends FromWebview["type"]>(type: T): Promise<Extract<FromWebview, { type: T }>>;
  screenshot(name: string): Promise<void>;
  /** As when a person picks another theme while the panel is open. */
  theme(name: ThemeName): Promise<void>;
}

export interface OpenOptions {
  theme?: ThemeName;
  width?: number;
  height?: number;
  /** Device pixels per CSS pixel times the editor's zoom. */
  zoom?: number;
  reducedMotion?: boolean;
  /** What `getState` returns: the state before a restart. */
  saved?: unknown;
  strings?: Record<string, string>;
  /** Workers are refused, as an editor with a stricter policy would. */
  noWorker?: boolean;
}

export interface Harness {
  open(options?: OpenOptions): Promise<Opened>;
  close(): Promise<void>;
}

export async function startHarness(): Promise<Harness> {
  const outdir = await mkdtemp(join(tmpdir(), "fusionize-webview-"));
  await buildWebview({ outdir });
  mkdirSync(ARTIFACTS, { recursive: true });
  const browser: Browser = await chromium.launch({
    executablePath: process.env["FUSIONIZE_CHROMIUM"] ?? "/usr/bin/chromium",
    args: FLAGS,
  });
  return {
    open: (options) => open(browser, outdir, options ?? {}),
    async close() {
      await browser.close();
      await rm(outdir, { recursive: true, force: true });
    },
  };
}

async function open(browser: Browser, outdir: string, options: OpenOptions): Promise<Opened> {
  const { width = 1600, height = 1000, zoom = 1, theme = "Dark Modern" } = options;
  const context: BrowserContext = await browser.newContext({
    viewport: { width: Math.round(width / zoom), height: Math.round(height / zoom) },
    deviceScaleFactor: zoom,
    reducedMotion: options.reducedMotion ? "reduce" : "no-preference",
  });
  const html = document(theme, options);
  await context.route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(1);
    if (path === "") return route.fulfill({ contentType: "text/html", body: html });
    const type = path.endsWith(".css") ? "text/css" : "text/javascript";
    return route.fulfill({ contentType: type, body: await readFile(join(outdir, path)) });
  });
  const page = await context.newPage();
  const sent: FromWebview[] = [];
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  await page.exposeFunction("receiveFromPage", (value: unknown) => {
    const checked = validateFromWebview(value);
    if (checked.ok) sent.push(checked.value);
    else problems.push(`refused: ${checked.reason}`);
  });
  await page.addInitScript((saved: unknown) => {
    const key = "state";
    if (saved !== undefined && sessionStorage.getItem(key) === null) sessionStorage.setItem(key, JSON.stringify(saved));
    const receive = Reflect.get(globalThis, "receiveFromPage") as (value: unknown) => void;
    Reflect.set(globalThis, "acquireVsCodeApi", () => ({
      postMessage: (message: unknown) => receive(structuredClone(message)),
      getState: () => JSON.parse(sessionStorage.getItem(key) ?? "null") ?? undefined,
      setState: (state: unknown) => sessionStorage.setItem(key, JSON.stringify(state)),
    }));
  }, options.saved);
  if (options.noWorker) {
    await page.addInitScript(() => {
      Reflect.set(globalThis, "Worker", function refuse() {
        throw new DOMException("refused", "SecurityError");
      });
    });
  }
  await page.goto(`${ORIGIN}/`);
  const send = (message: ToWebview) => page.evaluate((value) => window.postMessage(value, "*"), message);
  const opened: Opened = {
    page,
    sent,
    problems,
    send,
    show: async (state) => {
      await send({ type: "state", state });
      await opened.drawn();
    },
    async drawn() {
      await page.locator("svg.graph[data-layout], .overlay .empty").first().waitFor({ state: "attached" });
      await page.locator("svg.graph[data-pending]").waitFor({ state: "detached" });
      await settled(page);
    },
    async until(type) {
      const deadline = Date.now() + 20_000;
      for (;;) {
        const found = sent.findLast((each) => each.type === type);
        if (found) return found as Extract<FromWebview, { type: typeof type }>;
        if (Date.now() > deadline) throw new Error(`no ${type} message; got ${JSON.stringify(sent.map((each) => each.type))}`);
        await page.waitForFunction(() => true);
        await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      }
    },
    async screenshot(name) {
      await settled(page);
      await page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
    },
    async theme(name) {
      await page.evaluate(setTheme, themes[name]);
      await settled(page);
    },
  };
  return opened;
}

/** Until nothing moves. */
async function settled(page: Page): Promise<void> {
  // Two frames, so that what a message or a press sets going has begun.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await page.waitForFunction(() => {
    const graph = globalThis.document.querySelector("svg.graph");
    // `__transition` is where d3 keeps what is scheduled or running for an element.
    const moving = graph && [graph, ...graph.querySelectorAll("*")].some((each) => "__transition" in each);
    const animated = globalThis.document
      .getAnimations()
      .some((each) => each.playState === "running" && each.effect?.getTiming().iterations !== Infinity);
    return !moving && !animated;
  });
}

function setTheme({ tokens, bodyClass }: Theme): void {
  const { documentElement, body } = globalThis.document;
  documentElement.removeAttribute("style");
  for (const [key, value] of Object.entries(tokens)) documentElement.style.setProperty(`--vscode-${key}`, value);
  body.className = bodyClass;
}

function document(name: ThemeName, options: OpenOptions): string {
  const theme = themes[name];
  const html = panelHtml({
    cspSource: ORIGIN,
    scriptUri: `${ORIGIN}/panel.js`,
    styleUri: `${ORIGIN}/panel.css`,
    workerUri: `${ORIGIN}/elk-worker.min.js`,
    nonce: "test-nonce",
    ...(options.strings ? { strings: options.strings } : {}),
  });
  // The editor sets tokens on <html> and classes on <body> by script; a nonce lets this one run under the page's own policy.
  const tokens = JSON.stringify(theme.tokens);
  const script = `<script nonce="test-nonce">for (const [key, value] of Object.entries(${tokens})) document.documentElement.style.setProperty("--vscode-" + key, value); document.body.className = "${theme.bodyClass}${options.reducedMotion ? " vscode-reduce-motion" : ""}";</script>`;
  return html.replace("<body>", `<body>${script}`);
}
