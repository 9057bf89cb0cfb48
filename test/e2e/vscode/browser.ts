/** Headless Chromium on VS Code's server. */
import { type Browser, chromium as playwright } from "playwright-core";
import { chromium } from "./setup.ts";

/** No GPU, no sandbox (tests run as root in containers), and no word to the network. */
const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

export async function openBrowser(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium(), args: flags });
}
