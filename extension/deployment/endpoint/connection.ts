import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { IAMClient } from "@aws-sdk/client-iam";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { STSClient } from "@aws-sdk/client-sts";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { LongWork } from "../../ports/work.ts";
import type { Target } from "../target.ts";
import { isLoopback } from "./loopback.ts";

/** How long to wait between looks at something that is about to change, ms. */
export interface Pace {
  first: number;
  most: number;
  /** Given up after this. */
  patience: number;
}

/** An endpoint and everything that calls to it share. */
export interface Connection {
  target: Target;
  lambda: LambdaClient;
  logs: CloudWatchLogsClient;
  /** Made when first used: only `managed` roles need them. */
  iam(): IAMClient;
  sts(): STSClient;
  pace: Pace;
  work: LongWork;
  close(): void;
}

/** Lambda updates a function in about a second; an emulator on this machine in milliseconds. */
const REMOTE_PACE: Pace = { first: 400, most: 2000, patience: 180_000 };
const LOOPBACK_PACE: Pace = { first: 5, most: 500, patience: 60_000 };

export function connect(target: Target, work: LongWork): Connection {
  const requestHandler = new NodeHttpHandler({ connectionTimeout: 5000 });
  const settings = {
    region: target.region,
    ...(target.endpoint !== undefined && { endpoint: target.endpoint }),
    ...(target.credentials && { credentials: target.credentials }),
    ...(target.profile !== undefined && { profile: target.profile }),
    requestHandler,
  };
  let iam: IAMClient | undefined;
  let sts: STSClient | undefined;
  const lambda = new LambdaClient(settings);
  const logs = new CloudWatchLogsClient(settings);
  return {
    target,
    lambda,
    logs,
    iam: () => (iam ??= new IAMClient(settings)),
    sts: () => (sts ??= new STSClient(settings)),
    pace: isLoopback(target.endpoint) ? LOOPBACK_PACE : REMOTE_PACE,
    work,
    close() {
      for (const client of [lambda, logs, iam, sts]) client?.destroy();
      requestHandler.destroy();
    },
  };
}
