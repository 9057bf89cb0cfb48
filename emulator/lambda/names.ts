import { accessDenied, invalidParameter, notFound, validation } from "./errors.ts";
import type { Place } from "./model.ts";

/** A function as a request names it. */
export interface Named {
  name: string;
  qualifier?: string;
}

const pattern =
  /^(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\d{1}:)?(\d{12}:)?(function:)?([a-zA-Z0-9-_.]+)(:(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]+))?$/;
const bare = /^[a-zA-Z0-9-_]{1,64}$/;
const shown =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_\\.]+)(:(\\$LATEST(\\.PUBLISHED)?|[a-zA-Z0-9-_]+))?";

/**
 * Reads a function name, partial ARN or ARN, with or without qualifier, and the query's Qualifier. Throws the service's errors for other regions and
 * accounts, names out of pattern, and a qualifier that differs.
 */
export function parseName(text: string, query: string | null | undefined, place: Place): Named {
  if ((query === null || query === undefined || query === "") && bare.test(text)) return { name: text };
  const match = pattern.exec(text);
  if (match === null || text.length > 256) {
    throw validation(
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${shown}`,
    );
  }
  const [, arn, , regionPart, , , , , , accountPart, , name, , inName] = match as unknown as string[];
  if (arn !== undefined && (regionPart === undefined || accountPart === undefined))
    throw validation(
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${shown}`,
    );
  const region = regionPart?.slice(0, -1);
  if (region !== undefined && region !== place.region)
    throw notFound(`Functions from '${region}' are not reachable in this region ('${place.region}')`);
  if (accountPart !== undefined && accountPart.slice(0, -1) !== place.accountId) throw accessDenied(null);
  if ((name as string).length > 64) {
    throw invalidParameter(
      `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 64`,
    );
  }
  if (query !== null && query !== undefined && query !== "") {
    if (!/^(\$LATEST(\.PUBLISHED)?|[a-zA-Z0-9-_]{1,128})$/.test(query)) {
      throw validation(
        `1 validation error detected: Value '${query}' at 'qualifier' failed to satisfy constraint: Member must satisfy regular expression pattern: \\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+`,
      );
    }
    if (inName !== undefined && inName !== query)
      throw invalidParameter("The derived qualifier from the function name does not match the specified qualifier.");
  }
  const qualifier = query !== null && query !== undefined && query !== "" ? query : inName;
  return qualifier === undefined ? { name: name as string } : { name: name as string, qualifier };
}
