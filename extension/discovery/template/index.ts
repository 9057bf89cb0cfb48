/** Templates of existing Lambda applications: which functions they declare. Pure. */
import type { Declared } from "./declared.ts";
import { declaredInTemplate } from "./cloudformation.ts";
import { isRecord, readTemplate } from "./document.ts";
import { declaredInService } from "./serverless.ts";

export type { Declared, DeclaredFunction } from "./declared.ts";
export { handlerModule, splitHandler } from "./handler-module.ts";

/** Templates that are looked for in an app's folder, the first that is there first. */
export const TEMPLATE_FILES = [
  "template.yaml",
  "template.yml",
  "template.json",
  "serverless.yml",
  "serverless.yaml",
  "serverless.json",
] as const;

/** Reads a template; `file` is relative to the app's folder. Never throws: what cannot be understood is a diagnostic. */
export function readDeclared(file: string, text: string): Declared {
  const document = readTemplate(file, text);
  const folder = file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : "";
  const root = document.root;
  if (isRecord(root) && "service" in root && "provider" in root) return declaredInService(document);
  if (isRecord(root) && isRecord(root["Resources"])) return declaredInTemplate(document, folder);
  if (document.diagnostics.length > 0) return { functions: [], diagnostics: document.diagnostics };
  const message = `${file} declares no functions: it has neither “Resources” (SAM, CloudFormation) nor “functions” and “provider” (Serverless).`;
  return { functions: [], diagnostics: [{ ...document.at([]), severity: "error", code: "template-invalid", message }] };
}
