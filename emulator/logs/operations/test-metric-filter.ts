import { compilePattern } from "../pattern/pattern.ts";
import type { Operation } from "../service.ts";
import { list, parse, required, string } from "../validation.ts";

/** Says which of some messages a pattern matches and what it takes out of them; events are counted from 0, as documented. */
export const testMetricFilter: Operation = (_service, body) => {
  const input = parse(
    { filterPattern: required(string({ max: 1024 })), logEventMessages: required(list(string({ min: 1 }), { min: 1, max: 50 })) },
    body,
  );
  const pattern = compilePattern(input.filterPattern);
  return {
    matches: input.logEventMessages
      .map((eventMessage, eventNumber) => ({ eventNumber, eventMessage }))
      .filter(({ eventMessage }) => pattern.matches(eventMessage))
      .map((match) => ({ ...match, extractedValues: pattern.extract(match.eventMessage) })),
  };
};
