/** What can be configured of a function, as it is kept on disk. Names follow AWS's members. */
export interface Settings {
  role: string;
  runtime: string;
  handler: string;
  description: string;
  /** Seconds. */
  timeout: number;
  /** MB. */
  memorySize: number;
  ephemeralStorage: number;
  environment?: Record<string, string>;
  architectures: string[];
  tracingMode: string;
  deadLetterArn?: string;
  kmsKeyArn?: string;
  logging: { format: "Text" | "JSON"; applicationLevel?: string; systemLevel?: string; group: string };
}

/** Deployed code; `folder` is the hex digest that names it in the code store. */
export interface Code {
  sha256: string;
  size: number;
  folder: string;
}

/** One version of a function, `$LATEST` included: code and settings with their state. */
export interface Version {
  version: string;
  settings: Settings;
  code: Code;
  /** ISO text as AWS gives it. */
  lastModified: string;
  revisionId: string;
  state: "Pending" | "Active" | "Failed";
  update?: "InProgress" | "Successful" | "Failed";
}

export interface Alias {
  name: string;
  version: string;
  description: string;
  additional?: { version: string; weight: number };
  revisionId: string;
}

export interface EventInvokeConfig {
  lastModified: number;
  maximumRetryAttempts?: number;
  maximumEventAge?: number;
  onSuccess?: string;
  onFailure?: string;
}

export interface PolicyStatement {
  Sid: string;
  Effect: "Allow" | "Deny";
  Principal: unknown;
  Action: string | string[];
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export interface FunctionUrl {
  id: string;
  authType: "NONE" | "AWS_IAM";
  invokeMode: "BUFFERED" | "RESPONSE_STREAM";
  invokeModeGiven: boolean;
  cors?: Record<string, unknown>;
  creationTime: string;
  lastModifiedTime: string;
}

export interface FunctionRecord {
  name: string;
  latest: Version;
  /** What `$LATEST` runs while an update is in progress; else absent. */
  running?: Version;
  /** Published versions, oldest first. */
  versions: Version[];
  nextVersion: number;
  aliases: Record<string, Alias>;
  tags: Record<string, string>;
  reserved?: number;
  /** By qualifier, `$LATEST` for the function itself. The same holds for the next three. */
  eventInvoke: Record<string, EventInvokeConfig>;
  policies: Record<string, { revisionId: string; statements: PolicyStatement[] }>;
  urls: Record<string, FunctionUrl>;
  provisioned: Record<string, { requested: number; lastModified: string }>;
  recursiveLoop: "Allow" | "Terminate";
}

/** Names given by users to things: no prototype, so that `constructor` and `__proto__` are names like any other. */
export const dictionary = <T>(from: Record<string, T> = {}): Record<string, T> =>
  Object.assign(Object.create(null) as Record<string, T>, from);

/** Names of one account in one region. */
export interface Place {
  region: string;
  accountId: string;
}

export function functionArn(place: Place, name: string, qualifier?: string): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:function:${name}${qualifier === undefined ? "" : `:${qualifier}`}`;
}
