import * as z from "zod";
import { MEMORY_RANGE } from "./setup.ts";
import { TASK_NAME, TASK_NAME_RULE } from "./task-name.ts";

/** Version of the format of `fusionize.json`. A file may name it; one that names a later version is refused, not guessed at. */
export const CONFIG_VERSION = 1;

/** Lambda's own variables, which `UpdateFunctionConfiguration` refuses, and ours. */
const RESERVED_VARIABLE =
  /^(?:AWS_(?:ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_.*)|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR|_HANDLER|_X_AMZN_TRACE_ID|FUSIONIZE_.*)$/;

const taskName = z
  .string()
  .regex(TASK_NAME, `A task's name has only ${TASK_NAME_RULE}.`)
  .meta({ title: "Task", description: "Name of a task of this app." });

const taskList = (title: string, description: string) => z.array(taskName).meta({ title, description });

const memory = z
  .int(`Memory is a whole number of MB.`)
  .min(MEMORY_RANGE.min, `Lambda offers at least ${MEMORY_RANGE.min} MB.`)
  .max(MEMORY_RANGE.max, `Lambda offers at most ${MEMORY_RANGE.max} MB.`);

const environment = (description: string) =>
  z
    .record(
      z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "A variable's name has only letters, digits and _.")
        .refine((name) => !RESERVED_VARIABLE.test(name), "This variable is set by Lambda or Fusionize: choose another name."),
      z.string("The value of a variable is a string: put it in quotes."),
    )
    .meta({ title: "Environment", description });

const milliseconds = (description: string) =>
  z
    .number()
    .positive()
    .meta({ description: `${description}, ms.` });

const goal = z
  .union(
    [
      z.enum(["latency", "cost", "balanced"]),
      z.strictObject({
        minimize: z.enum(["latency", "cost"]).meta({ title: "Minimize", description: "What is made as small as possible." }),
        latency: z
          .strictObject({
            mean: milliseconds("Largest mean").optional(),
            p50: milliseconds("Largest median").optional(),
            p95: milliseconds("Largest 95th percentile").optional(),
          })
          .meta({ title: "Latency limit", description: "Setups that are slower than this are not suggested." })
          .optional(),
      }),
    ],
    'The goal is "latency", "cost", "balanced", or { "minimize": "latency" or "cost", "latency": { "p95": ms } }.',
  )
  .meta({ title: "Goal", description: "What suggested setups are chosen by." });

const functionSetup = z
  .strictObject({
    memory: memory.meta({ title: "Memory", description: "MB. Default: 128." }).optional(),
    inline: taskList("Inline", "Tasks whose synchronous calls run inside this function.").optional(),
    inlineAsync: taskList("Inline asynchronous calls", "Tasks whose asynchronous calls run inside this function.").optional(),
  })
  .meta({ title: "Function", description: "A Lambda function; the key is its root task." });

const constraints = z
  .strictObject({
    apart: z
      .array(z.array(taskName).min(2, "Name at least two tasks to keep apart."))
      .meta({ title: "Apart", description: "Groups of tasks of which no two may share a function." })
      .optional(),
    memory: z
      .record(
        taskName,
        z
          .strictObject({
            min: memory.meta({ description: "Smallest memory of a function that runs the task, MB." }).optional(),
            max: memory.meta({ description: "Largest memory of a function that runs the task, MB." }).optional(),
          })
          .refine(({ min, max }) => min === undefined || max === undefined || min <= max, "min is larger than max."),
      )
      .meta({ title: "Memory", description: "Limits of memory per task, MB." })
      .optional(),
    exclusive: taskList("Exclusive", "Tasks that never run twice at once in one process.").optional(),
    lossTolerated: taskList(
      "Loss tolerated",
      "Tasks whose asynchronous calls may run inline even where the platform would not repeat a lost one.",
    ).optional(),
  })
  .meta({ title: "Constraints", description: "What suggested setups must respect." });

const glob = z.string().min(1, "An empty pattern matches no file.");

/** The validator of `fusionize.json`; the editor's JSON Schema is generated from it. */
export const configValidator = z
  .strictObject({
    $schema: z.string().meta({ title: "Schema", description: "Where editors find the schema of this file." }).optional(),
    version: z
      .literal(CONFIG_VERSION, `This version of Fusionize reads version ${CONFIG_VERSION} of the file.`)
      .meta({ title: "Version", description: `Version of this file's format. Default: ${CONFIG_VERSION}.` })
      .optional(),
    app: z
      .string()
      .regex(
        /^[A-Za-z][A-Za-z0-9_-]{0,39}$/,
        "An app's name has only letters, digits, - and _, starts with a letter, at most 40 characters.",
      )
      .meta({ title: "App", description: "First part of every function's name. Default: the name of the folder." })
      .optional(),
    tasks: z
      .array(glob)
      .meta({
        title: "Tasks",
        description: 'Globs of the source files that define tasks, relative to this file. Default: ["src/**/*.ts"].',
      })
      .optional(),
    template: z
      .string()
      .min(1)
      .meta({
        title: "Template",
        description: "SAM or CloudFormation template that declares the functions, relative to this file.",
      })
      .optional(),
    runtime: z
      .enum(["nodejs20.x", "nodejs22.x", "nodejs24.x"])
      .meta({ title: "Runtime", description: "Lambda runtime of every function. Default: nodejs24.x." })
      .optional(),
    goal: goal.optional(),
    local: z
      .strictObject({
        services: z
          .array(z.string().min(1, "An empty command starts nothing."))
          .meta({ title: "Services", description: "Commands that run beside the app while it runs locally." })
          .optional(),
        environment: environment("Environment of every function while the app runs locally.").optional(),
      })
      .meta({ title: "Local", description: "What a local run needs beside the functions." })
      .optional(),
    environment: environment("Environment of every function, local and on AWS.").optional(),
    timeout: z
      .int("The timeout is a whole number of seconds.")
      .min(1, "Lambda's shortest timeout is 1 second.")
      .max(900, "Lambda's longest timeout is 900 seconds.")
      .meta({ title: "Timeout", description: "Seconds, of every function. Default: 30." })
      .optional(),
    constraints: constraints.optional(),
    functions: z
      .record(taskName, functionSetup)
      .meta({
        title: "Functions",
        description: "The fusion setup: root task -> function. Missing = base setup, every task its own function.",
      })
      .optional(),
  })
  .meta({ title: "Fusionize", description: "An app of tasks, and the fusion setup it runs under." });

export type WrittenConfig = z.infer<typeof configValidator>;

/** JSON Schema (draft 7, what editors know best) of `fusionize.json`. */
export function configSchema(): Record<string, unknown> {
  return z.toJSONSchema(configValidator, { target: "draft-7", io: "input" }) as Record<string, unknown>;
}
