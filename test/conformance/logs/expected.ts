import { expect } from "vitest";

export const GROUP = "/aws/lambda/iot-local-analyzeSensor";
export const STREAM = "2026/11/24/[$LATEST]0123456789abcdef0123456789abcdef";
/** ms. */
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** An error of the service as the client throws it. */
export const refusal = (name: string, message?: string): unknown =>
  expect.objectContaining({ name, ...(message === undefined ? {} : { message }) });
export const invalid = (message?: string): unknown => refusal("InvalidParameterException", message);
export const noGroup = refusal("ResourceNotFoundException", "The specified log group does not exist.");
export const noStream = refusal("ResourceNotFoundException", "The specified log stream does not exist.");
