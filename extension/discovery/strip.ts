import { summarise } from "./summarise.ts";

/** A `task(…)` call in one file; offsets in UTF-16 units, ends exclusive. */
export interface TaskDefinition {
  /** Undefined when the name is not a literal. */
  name: string | undefined;
  /** The whole call, `task` to the closing bracket. */
  start: number;
  end: number;
  nameStart: number;
  nameEnd: number;
  /** The handler argument; absent in `task("name")`, which only refers to a task. */
  handlerStart?: number;
  handlerEnd?: number;
}

/** All `task(…)` calls of a file, in order. A file that does not parse has none. */
export function taskDefinitions(file: string, text: string): TaskDefinition[] {
  if (!mayDefineTasks(text)) return [];
  return summarise(file, text)
    .definitions.map(({ name, start, end, nameStart, nameEnd, handlerStart, handlerEnd }) => {
      const definition: TaskDefinition = { name, start, end, nameStart, nameEnd };
      if (handlerStart !== undefined && handlerEnd !== undefined) Object.assign(definition, { handlerStart, handlerEnd });
      return definition;
    })
    .sort((a, b) => a.start - b.start);
}

/**
 * Leaves out the code of all tasks but `keep`: `task("x", handler)` becomes `task("x")`. What is left out is replaced by
 * blanks, line by line, so every other character stays at its line and column and source maps stay true. A definition
 * without a literal name is left as it is, as is a file that does not parse.
 */
export function stripTasks(file: string, text: string, keep: ReadonlySet<string>): string {
  let stripped = "";
  let done = 0;
  for (const { name, nameEnd, end, handlerStart } of taskDefinitions(file, text)) {
    // A definition inside a handler that is left out is gone with it.
    if (name === undefined || handlerStart === undefined || keep.has(name) || nameEnd < done) continue;
    // Brackets around the name belong to it: up to the comma that ends the argument.
    const from = closingOf(text, nameEnd);
    stripped += text.slice(done, from) + blank(text.slice(from, end - 1));
    done = end - 1;
  }
  return stripped + text.slice(done);
}

/** End of the argument that ends at `offset` apart from brackets, blanks and comments around it. */
function closingOf(text: string, offset: number): number {
  const around = /\s+|\)|\/\/[^\n\r]*|\/\*[^]*?\*\//y;
  around.lastIndex = offset;
  let end = offset;
  for (let match = around.exec(text); match; match = around.exec(text)) if (match[0] === ")") end = around.lastIndex;
  return end;
}

const blank = (text: string) => text.replace(/[^\n\r\u2028\u2029]/g, " ");

/** Cheap test that spares most files the parser: the library's name must stand in the file. */
const mayDefineTasks = (text: string) => text.includes("fusionize") || text.includes("\\");
