import { afterAll, afterEach, beforeAll, expect } from "vitest";
import type { PanelState } from "../../webview/protocol.ts";
import { startHarness, type Harness, type Opened, type OpenOptions } from "./page.ts";

/** Registers hooks: one browser for the file, one page a test, and no page may have complained when its test ends. */
export function shownPages(): {
  show: (this: void, state: PanelState, options?: OpenOptions) => Promise<Opened>;
  /** A page that has been shown nothing yet. */
  open: (this: void, options?: OpenOptions) => Promise<Opened>;
} {
  let harness: Harness;
  let opened: Opened | undefined;
  beforeAll(async () => {
    harness = await startHarness();
  });
  afterAll(() => harness.close());
  afterEach(async () => {
    const problems = opened?.problems ?? [];
    await opened?.page.context().close();
    opened = undefined;
    expect(problems).toEqual([]);
  });
  const open = async (options?: OpenOptions): Promise<Opened> => (opened = await harness.open(options));
  return {
    open,
    async show(state, options) {
      const page = await open(options);
      await page.show(state);
      return page;
    },
  };
}
