import type { LogSink } from "../execution/platform-log.ts";
import type { Outcome } from "../execution/revision.ts";
import { functionArn } from "../lambda/model.ts";
import type { EventInvokeConfig, FunctionRecord, Place } from "../lambda/model.ts";
import { parseName } from "../lambda/names.ts";
import type { QueuedEvent } from "./journal.ts";
import type { Condition, EventQueue } from "./queue.ts";

/**
 * Where finished asynchronous events go: a function gets AWS's record as its event; a queue, topic, bus or bucket, which the emulator has not, gets it as an
 * event of the log group `/aws/lambda/destinations`, in a stream named after its ARN.
 */
export class Destinations {
  private readonly place: Place;
  private readonly logs: LogSink;

  constructor(place: Place, logs: LogSink) {
    this.place = place;
    this.logs = logs;
  }

  send(
    queue: EventQueue,
    event: QueuedEvent,
    record: FunctionRecord,
    config: EventInvokeConfig,
    condition: Condition,
    outcome?: Outcome,
  ): void {
    const arn = condition === "Success" ? config.onSuccess : config.onFailure;
    if (arn !== undefined) this.put(queue, arn, JSON.stringify(this.invocationRecord(event, condition, outcome)));
    const { deadLetterArn } = record.latest.settings;
    if (condition !== "Success" && deadLetterArn !== undefined) this.put(queue, deadLetterArn, event.payload);
  }

  private put(queue: EventQueue, arn: string, body: string): void {
    if (arn.includes(":lambda:")) {
      const { name, qualifier } = parseName(arn, undefined, this.place);
      queue.enqueue(name, qualifier, body);
    } else this.logs.append("/aws/lambda/destinations", arn.replaceAll(/[:*]/g, "/"), [{ timestamp: Date.now(), message: body }]);
  }

  private invocationRecord(event: QueuedEvent, condition: Condition, outcome: Outcome | undefined): Record<string, unknown> {
    const ran = condition === "Success" ? event.attempts + 1 : event.attempts;
    return {
      version: "1.0",
      timestamp: new Date().toISOString(),
      requestContext: {
        requestId: event.id,
        functionArn: functionArn(this.place, event.functionName, event.qualifier ?? "$LATEST"),
        condition,
        approximateInvokeCount: ran,
      },
      requestPayload: jsonOrText(event.payload),
      ...(outcome === undefined
        ? {}
        : {
            responseContext: {
              statusCode: 200,
              executedVersion: outcome.executedVersion,
              ...(outcome.failed ? { functionError: "Unhandled" } : {}),
            },
            responsePayload: jsonOrText(outcome.payload.toString()),
          }),
    };
  }
}

/** A custom runtime may answer what is no JSON. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
