import type { LongWork } from "../../ports/work.ts";
import type { DeployableApp } from "../types.ts";

/** One function's code, ready to upload. */
export interface BundledFunction {
  root: string;
  /** All tasks whose code is inside. */
  tasks: string[];
  /** `index.mjs` and its source map. */
  files: Record<string, Uint8Array>;
  zip: Uint8Array;
  /** base64 of the zip's SHA-256, as Lambda reports it. */
  codeSha256: string;
}

/** Keeps what it has built, so that after an edit only the functions that hold the edited module are built again. */
export interface Bundler {
  /**
   * @throws BundleError (a UserError `bundle-failed`) when the source cannot be bundled, with all places.
   */
  bundle(app: DeployableApp, work?: LongWork): Promise<BundledFunction[]>;
  /** Frees what is kept, and ends the build process once no bundler needs it. */
  dispose(): Promise<void>;
}
