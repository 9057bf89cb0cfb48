import { parse } from "@babel/parser";
import type { ParserOptions } from "@babel/parser";
import type { Program } from "@babel/types";

export interface ParsedSource {
  /** Absent when nothing could be made of the text. */
  program?: Program;
  /** The first fault; `offset` in UTF-16 units. A program may exist beside it: what could still be understood. */
  fault?: { message: string; offset: number; code: "source-syntax" | "source-too-large" | "source-too-deep" };
}

/** UTF-16 units. Larger files are data or bundles: parsing them would stall the editor for seconds. */
const MAX_SOURCE = 3_000_000;

/** Parses one source file; the dialect follows from its name. Never throws, never executes anything. */
export function parseSource(file: string, text: string): ParsedSource {
  if (text.length > MAX_SOURCE) {
    return {
      fault: {
        code: "source-too-large",
        offset: 0,
        message: `The file has more than ${MAX_SOURCE / 1e6} million characters and is not read.`,
      },
    };
  }
  try {
    const { program, errors } = parse(text, optionsFor(file));
    const first = errors?.[0] as SyntaxFault | undefined;
    return first ? { program, fault: describe(first) } : { program };
  } catch (error) {
    if (error instanceof RangeError) return { fault: tooDeep() };
    return { fault: describe(error as SyntaxFault) };
  }
}

export const tooDeep = (): NonNullable<ParsedSource["fault"]> => ({
  code: "source-too-deep",
  offset: 0,
  message: "The file nests its code too deeply to be read.",
});

interface SyntaxFault {
  message: string;
  pos?: number;
}

const describe = ({ message, pos = 0 }: SyntaxFault): NonNullable<ParsedSource["fault"]> => ({
  code: "source-syntax",
  offset: pos,
  message: `The file does not parse: ${message.replace(/ \(\d+:\d+\)$/, "").replace(/\.$/, "")}.`,
});

function optionsFor(file: string): ParserOptions {
  const extension = /\.([^./]*)$/.exec(file)?.[1] ?? "";
  const typescript = /^[mc]?tsx?$/.test(extension);
  const jsx = !typescript || extension === "tsx";
  return {
    sourceType:
      extension === "cjs"
        ? "script"
        : extension === "js" || extension === "jsx" || extension === "cts"
          ? "unambiguous"
          : "module",
    plugins: [
      ...(typescript ? (["typescript"] as const) : []),
      ...(jsx ? (["jsx"] as const) : []),
      "decorators-legacy",
      "decoratorAutoAccessors",
      "explicitResourceManagement",
    ],
    errorRecovery: true,
    attachComment: false,
    allowReturnOutsideFunction: true,
    allowAwaitOutsideFunction: true,
    allowNewTargetOutsideFunction: true,
    allowSuperOutsideMethod: true,
    allowUndeclaredExports: true,
  };
}
