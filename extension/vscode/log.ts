/** The output channel: made on first use, one for the whole window. */
import * as vscode from "vscode";

let channel: vscode.LogOutputChannel | undefined;

export function log(): vscode.LogOutputChannel {
  return (channel ??= vscode.window.createOutputChannel("Fusionize", { log: true }));
}

export function disposeLog(): void {
  channel?.dispose();
  channel = undefined;
}

/** A line of the emulator, a service or a function. Records of the fusion handler are data, not reading: trace level. */
export function logLine(line: string): void {
  const text = line.trimEnd();
  if (!text) return;
  if (text.includes('"fusionize":1')) log().trace(text);
  else log().info(text);
}
