/** Screenshots of what a person sees, by name: `node test/webview/look.ts [part of a name …]`. Written to `test/artifacts/webview/`. */
import { iot, iotFused, iotTrace, tree } from "./fixtures.ts";
import { generated, web } from "./fixtures-large.ts";
import { startHarness, type Opened, type OpenOptions } from "./page.ts";
import type { PanelState } from "../../webview/protocol.ts";

interface Shot {
  name: string;
  state?: PanelState;
  options?: OpenOptions;
  act?: (opened: Opened) => Promise<unknown>;
}

const small = { width: 800, height: 600 };
const after = (opened: Opened) => opened.page.getByRole("button", { name: "After" }).click();
const tab = (name: string) => (opened: Opened) => opened.page.getByRole("tab", { name }).click();
const pick = (name: string) => (opened: Opened) => opened.page.locator(`.row[data-task="${name}"]`).click();

const shots: Shot[] = [
  { name: "iot-base", state: iot({ suggestion: false }) },
  { name: "iot-before", state: iot() },
  { name: "iot-after", state: iot(), act: after },
  { name: "iot-fused", state: iotFused() },
  { name: "iot-selected", state: iot({ suggestion: false }), act: pick("checkAir") },
  { name: "iot-small-before", state: iot(), options: small },
  { name: "iot-small-after", state: iot(), options: small, act: after },
  { name: "iot-light-before", state: iot(), options: { theme: "Light Modern" } },
  { name: "iot-light-after", state: iot(), options: { theme: "Light Modern" }, act: after },
  { name: "iot-hc-dark", state: iot(), options: { theme: "Dark High Contrast" } },
  { name: "iot-hc-light", state: iot(), options: { theme: "Light High Contrast" }, act: after },
  { name: "iot-zoom200", state: iot(), options: { zoom: 2 } },
  { name: "iot-unmeasured", state: iot({ measured: false, suggestion: false }), options: small },
  { name: "tree", state: tree(), options: small },
  { name: "web", state: web() },
  { name: "web-small", state: web(), options: small },
  { name: "g60", state: generated(60, { grouped: true }) },
  { name: "g300", state: generated(300, { grouped: true }) },
  {
    name: "long-names",
    state: generated(8, { grouped: true, prefix: "a-very-long-task-name-that-somebody-really-wrote-in-their-app-" }),
    options: small,
  },
  { name: "trace", state: { ...iot(), trace: iotTrace() }, act: tab("Trace") },
  {
    name: "trace-small-light",
    state: { ...iot(), trace: iotTrace() },
    options: { ...small, theme: "Light Modern" },
    act: tab("Trace"),
  },
  { name: "empty", state: { ...iot(), tasks: [], calls: [] }, options: small },
  { name: "empty-front", state: iot({ measured: false, suggestion: false }), options: small, act: tab("Front") },
  { name: "front", state: iot(), act: tab("Front") },
  { name: "front-small-light", state: iot(), options: { ...small, theme: "Light Modern" }, act: tab("Front") },
];

const wanted = process.argv.slice(2);
const harness = await startHarness();
for (const { name, state, options, act } of shots) {
  if (wanted.length > 0 && !wanted.some((each) => name.includes(each))) continue;
  const opened = await harness.open(options);
  if (state) await opened.show(state);
  await act?.(opened);
  await opened.screenshot(name);
  if (opened.problems.length > 0) console.log(name, opened.problems);
  await opened.page.context().close();
}
await harness.close();
