/**
 * Loaded before the emulator and its instances (`--import`): the wall clock they see is the real one plus what the file named in this
 * module's query says, in ms. All of them are JavaScript, which has no other way to it; the clock that only goes forward stays real.
 */
import { readFileSync, watchFile } from "node:fs";

const file = new URL(import.meta.url).searchParams.get("file") ?? "";
let shift = 0;
const read = (): void => {
  try {
    shift = Number(readFileSync(file, "utf8")) || 0;
  } catch {
    // Not written yet, or gone with the trial.
  }
};
read();
watchFile(file, { interval: 20, persistent: false }, read);

const RealDate = Date;
class ShiftedDate extends RealDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(RealDate.now() + shift);
    else super(...(args as [number]));
  }
  static override now(): number {
    return RealDate.now() + shift;
  }
}
globalThis.Date = ShiftedDate as DateConstructor;
