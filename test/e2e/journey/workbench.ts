/** VS Code's window as a person uses it: the command palette, the status bar, notifications, the panel. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { FrameLocator, Locator, Page } from "playwright-core";

/** The window follows the browser's colour scheme, so that a change of theme disturbs nothing that is open. */
export const themeSettings = {
  "window.autoDetectColorScheme": true,
  "workbench.preferredDarkColorTheme": "Dark Modern",
  "workbench.preferredLightColorTheme": "Light Modern",
};
const themes = { dark: "vs-dark", light: "vs" } as const;
export type Theme = keyof typeof themes;

export class Workbench {
  readonly page: Page;
  readonly #artifacts: string;

  constructor(page: Page, artifacts: string) {
    this.page = page;
    this.#artifacts = artifacts;
  }

  async open(url: string, folder: string): Promise<void> {
    await this.page.goto(`${url}?${new URLSearchParams({ folder })}`);
    await this.page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 60_000 });
  }

  /** Runs a command by its full title, through the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input.input");
    await input.waitFor();
    await input.fill(`>${title}`);
    const entry = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first();
    await entry.waitFor({ timeout: 15_000 });
    await entry.click();
  }

  /** Chooses an entry of an open quick pick. */
  async pick(label: string | RegExp): Promise<void> {
    const entry = this.page.locator(".quick-input-list .monaco-list-row").filter({ hasText: label }).first();
    await entry.waitFor({ timeout: 15_000 });
    await entry.click();
  }

  /** Answers a question that stands in the way of everything else. */
  async answer(question: RegExp, button: string): Promise<void> {
    const dialog = this.page.locator(".monaco-dialog-box").filter({ hasText: question });
    await dialog.waitFor({ timeout: 15_000 });
    await dialog.locator(".monaco-button").filter({ hasText: button }).click();
  }

  statusBar(text: string | RegExp): Locator {
    return this.page.locator(".part.statusbar .statusbar-item").filter({ hasText: text });
  }

  notification(text: string | RegExp): Locator {
    return this.page.locator(".notifications-toasts .notification-list-item").filter({ hasText: text });
  }

  /** Waits for something to be seen, and gives up as soon as an error is shown instead. */
  async reach(wanted: Locator, timeout: number): Promise<void> {
    const failed = this.errors.first();
    await wanted.or(failed).first().waitFor({ timeout });
    if (await failed.isVisible()) throw new Error(`The window shows an error: ${await failed.innerText()}`);
  }

  get errors(): Locator {
    return this.page.locator(".notification-list-item:has(.codicon-error)");
  }

  /** The page of the call graph. */
  get graph(): FrameLocator {
    return this.page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
  }

  tab(label: string | RegExp): Locator {
    return this.page.locator(".tabs-container .tab").filter({ hasText: label });
  }

  async theme(theme: Theme): Promise<void> {
    await this.page.emulateMedia({ colorScheme: theme });
    await this.page.locator(`.monaco-workbench.${themes[theme]}`).waitFor({ timeout: 15_000 });
  }

  /** Keeps a picture of the window, in both themes. */
  async picture(name: string): Promise<void> {
    for (const theme of ["light", "dark"] as const) {
      await mkdir(join(this.#artifacts, theme), { recursive: true });
      await this.theme(theme);
      // Two frames, so that what listens to the theme has painted.
      await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await this.page.screenshot({ path: join(this.#artifacts, theme, `${name}.png`), animations: "disabled" });
    }
  }
}
