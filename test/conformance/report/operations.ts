import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as lambda from "@aws-sdk/client-lambda";
import { createFunction, handlerZip, role, startEmulatorProcess, until } from "../lambda/emulator-process.ts";
import type { EmulatorProcess } from "../lambda/emulator-process.ts";
import { lambdaSteps, logsSteps } from "./inputs.ts";

/** What became of one operation of a client. */
export interface OperationRow {
  service: "Lambda" | "CloudWatch Logs";
  operation: string;
  /** `pass`: answered as a client expects; `refused`: a refusal in the service's form; `fail`: an unknown path, an internal error, an answer the client cannot read. */
  result: "pass" | "refused" | "fail";
  detail: string;
}

type Command = new (input: object) => object;
type Answer = Record<string, unknown> & { $metadata: { httpStatusCode?: number } };

const operations = (module: object): Map<string, Command> =>
  new Map(
    Object.entries(module)
      .filter((entry): entry is [string, Command] => /^[A-Z]\w+Command$/.test(entry[0]) && typeof entry[1] === "function")
      .map(([name, command]) => [name.replace(/Command$/, ""), command]),
  );

const broken = new Set([
  "Unknown",
  "InternalServerException",
  "ServiceException",
  "TypeError",
  "SyntaxError",
  "TimeoutError",
  "Error",
]);

/** Calls every operation that the two clients export, on an emulator of its own, and says what became of it. */
export async function callOperations(): Promise<OperationRow[]> {
  const emulator = await startEmulatorProcess("--fidelity", "fast");
  try {
    return await callAll(emulator);
  } finally {
    await emulator.stop();
  }
}

async function callAll(emulator: EmulatorProcess): Promise<OperationRow[]> {
  await createFunction(emulator.lambda, "subject", handlerZip("return event;"));
  await createFunction(emulator.lambda, "doomed", handlerZip("return event;"));
  const rows: OperationRow[] = [];
  for (const { service, client, module, steps } of [
    {
      service: "Lambda" as const,
      client: emulator.lambda,
      module: lambda,
      steps: lambdaSteps(handlerZip("return 2;"), role),
    },
    { service: "CloudWatch Logs" as const, client: emulator.logs, module: logs, steps: logsSteps() },
  ]) {
    const commands = operations(module);
    const answers = new Map<string, Answer>();
    for (const operation of new Set([...Object.keys(steps), ...commands.keys()])) {
      const command = commands.get(operation);
      if (command === undefined) throw new Error(`The client of ${service} has no ${operation}`);
      const step = steps[operation] ?? {};
      const send = (): Promise<Answer> =>
        (client as { send(command: object, options: object): Promise<Answer> }).send(
          new command(typeof step === "function" ? step(answers) : step),
          { abortSignal: AbortSignal.timeout(15_000) },
        );
      try {
        // A query is asked for its rows until it has them.
        const answer = await until(`${operation} is complete`, async () => {
          const found = await send();
          return found["status"] !== "Running" && found["status"] !== "Scheduled" && found;
        });
        answers.set(operation, answer);
        rows.push({ service, operation, result: "pass", detail: String(answer.$metadata.httpStatusCode) });
      } catch (error) {
        const { name, message, $metadata } = error as lambda.LambdaServiceException;
        // An unknown path of Lambda is ours to know; Logs names operations in a header, and answers like this for those it has not.
        const failed = broken.has(name) || (service === "Lambda" && name === "UnknownOperationException");
        const detail = `${$metadata?.httpStatusCode ?? ""} ${name}: ${message}`.trim();
        rows.push({ service, operation, result: failed ? "fail" : "refused", detail });
      }
    }
  }
  return rows;
}
