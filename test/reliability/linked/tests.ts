import { LINKED } from "./faults.ts";
import { threats } from "./threats.ts";
import type { TestName } from "./types.ts";

/** Every test that a row, or a line of the threat model, names. */
export const linkedTests = (): TestName[] => [...LINKED, ...threats()].flatMap(({ tests }) => tests);

/** Files that vitest runs; those inside VS Code have a layer of their own. */
export const linkedFiles = (): string[] => [...new Set(linkedTests().map(({ file }) => file))].sort();
