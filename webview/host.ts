/** The extension host as the page sees it. */
import type { FromWebview, ToWebview } from "./protocol.ts";
import { validateToWebview } from "./validate.ts";

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare const acquireVsCodeApi: () => VsCodeApi;

export interface Host {
  post(message: FromWebview): void;
  /** What `save` stored last, also before a restart. */
  saved(): unknown;
  save(state: unknown): void;
}

export function connect(onMessage: (message: ToWebview) => void): Host {
  const api = acquireVsCodeApi();
  window.addEventListener("message", (event: MessageEvent<unknown>) => {
    const checked = validateToWebview(event.data);
    if (checked.ok) onMessage(checked.value);
    else console.error("A message of the extension host was refused:", checked.reason);
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is the editor's API, not a window
  const post = (message: FromWebview) => api.postMessage(message);
  return {
    post,
    saved: () => api.getState(),
    save: (state) => {
      api.setState(state);
      post({ type: "viewState", state });
    },
  };
}
