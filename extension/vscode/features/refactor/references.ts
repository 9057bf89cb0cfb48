/** Places in source text that name a task by a literal: `task("name"`, also of the name alone. Pure. */

/** Call of the library's function, whatever it is imported as is decided by discovery; here the literal counts. */
const call = (name: string) => new RegExp(`\\b[\\w$.]*[tT]ask\\s*(?:<[^()]*>)?\\(\\s*(["'\`])${name}\\1`, "g");

export interface Literal {
  /** Of the name, without its quotes. */
  offset: number;
  length: number;
}

/** @param name a valid task name: letters, digits, `-` and `_` */
export function nameLiterals(text: string, name: string): Literal[] {
  return [...text.matchAll(call(name))].map((match) => ({
    offset: match.index + match[0].length - 1 - name.length,
    length: name.length,
  }));
}
