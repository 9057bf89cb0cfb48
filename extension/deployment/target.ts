/** Where functions are deployed to. Deployment and monitoring know nothing else about the endpoint: see ARCHITECTURE, invariant 3. */

export type Architecture = "x86_64" | "arm64";

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

export interface Target {
  /** For display, for the setup's history, and for choosing measurements. */
  kind: "local" | "aws";
  /** Absent = the SDK's own resolution (real AWS, or `AWS_ENDPOINT_URL*`). */
  endpoint?: string;
  region: string;
  /** Absent = the SDK's provider chain with `profile`. */
  credentials?: Credentials;
  profile?: string;
  /** Part of every resource name: `<app>-<stage>-<task>`. */
  stage: string;
  /** `managed`: one least-privilege role per function is made; else the ARN given is used for all. */
  roles: "managed" | { arn: string };
  /** Extra environment of every function, e.g. where `local.services` listen. Never contains credentials. */
  environment: Record<string, string>;
  /**
   * Seconds that an event may wait for its function, 60 to 21600; default: Lambda's own, six hours. A function that the
   * setup has no more is kept for as long.
   */
  eventAge?: number;
  /**
   * HTTPS addresses of entries: for callers with IAM rights, for anybody, or none. Default: `iam` on AWS; on this machine
   * functions are invoked through the API only.
   */
  urls?: "iam" | "public" | "none";
  /** Default `x86_64`. `arm64` costs a fifth less per GB-second; what was measured on the other says nothing about it. */
  architecture?: Architecture;
  /** With `managed` roles: ARNs of policies that every role gets besides its own, e.g. for the tables that tasks use. */
  policies?: string[];
  /** With `managed` roles: ARN of the permissions boundary that every role gets. */
  permissionsBoundary?: string;
}
