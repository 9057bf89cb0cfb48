import { parse, type ParserOptions } from "@babel/parser";
import type { CallExpression, Node, Program } from "@babel/types";
import { extname } from "node:path";

/**
 * Source text in which `task("x", handler)` of the named tasks is `task("x")`. What is taken out leaves its line breaks
 * behind, so that lines in the file stay what they are. Source that does not parse comes back as it is: the bundler
 * reports it better.
 */
export function stripHandlers(source: string, file: string, tasks: ReadonlySet<string>): string {
  let program: Program;
  try {
    program = parse(source, dialect(file)).program;
  } catch {
    return source;
  }
  const callees = taskCallees(program);
  const cuts: [from: number, to: number, by: string][] = [];
  walk(program, (call) => {
    const [name, handler] = call.arguments;
    if (!handler || !names(name, tasks) || !isTaskCallee(call, callees)) return false;
    cuts.push([name!.end!, handler.end!, ""]);
    // A name that nobody uses can go.
    cuts.push([call.start!, call.start!, "/* @__PURE__ */ "]);
    return true;
  });
  let text = source;
  for (const [from, to, by] of cuts.sort((x, y) => y[0] - x[0])) {
    text = text.slice(0, from) + by + text.slice(from, to).replace(/[^\r\n]/g, "") + text.slice(to);
  }
  return text;
}

function names(node: Node | undefined, tasks: ReadonlySet<string>): boolean {
  if (node?.type === "StringLiteral") return tasks.has(node.value);
  return node?.type === "TemplateLiteral" && node.expressions.length === 0 && tasks.has(node.quasis[0]?.value.cooked ?? "");
}

/** What the module calls `task`: by its own name (it may come through another module), or as it was imported. */
function taskCallees(program: Program): Set<string> {
  const callees = new Set(["task"]);
  for (const statement of program.body) {
    if (statement.type !== "ImportDeclaration" || statement.source.value !== "fusionize") continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== "ImportSpecifier") continue;
      const imported = specifier.imported.type === "Identifier" ? specifier.imported.name : specifier.imported.value;
      if (imported === "task") callees.add(specifier.local.name);
    }
  }
  return callees;
}

function isTaskCallee({ callee }: CallExpression, callees: ReadonlySet<string>): boolean {
  if (callee.type === "Identifier") return callees.has(callee.name);
  return callee.type === "MemberExpression" && callee.property.type === "Identifier" && callee.property.name === "task";
}

/** `visit` says whether what the call holds is done with. */
function walk(node: Node, visit: (call: CallExpression) => boolean): void {
  if (node.type === "CallExpression" && visit(node)) return;
  for (const value of Object.values(node) as unknown[]) {
    for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (typeof child === "object" && child !== null && "type" in child && typeof child.type === "string")
        walk(child as Node, visit);
    }
  }
}

function dialect(file: string): ParserOptions {
  const typescript = /^\.[cm]?tsx?$/.test(extname(file));
  const jsx = !typescript || file.endsWith("x");
  return {
    sourceType: "unambiguous",
    plugins: [...(typescript ? (["typescript"] as const) : []), ...(jsx ? (["jsx"] as const) : []), "decorators-legacy"],
    allowReturnOutsideFunction: true,
    errorRecovery: true,
  };
}
