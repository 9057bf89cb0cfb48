import {
  AddPermissionCommand,
  CreateFunctionUrlConfigCommand,
  DeleteFunctionUrlConfigCommand,
  GetFunctionUrlConfigCommand,
  RemovePermissionCommand,
  UpdateFunctionUrlConfigCommand,
  type AddPermissionCommandInput,
} from "@aws-sdk/client-lambda";
import { LIVE } from "../names.ts";
import { pool } from "../pool.ts";
import type { FunctionStep } from "../release/blueprint.ts";
import type { Target } from "../target.ts";
import type { Action } from "../types.ts";
import type { Connection } from "./connection.ts";
import { found, patiently } from "./retry.ts";

/** Who may invoke an entry over HTTPS. */
export type UrlAccess = "iam" | "public" | "none";

interface ExistingUrl {
  url: string;
  access: UrlAccess;
}

export interface UrlPlan {
  actions: Action[];
  /** Function name -> URL, after everything is as planned. The alias `live` has to exist. */
  apply(): Promise<Map<string, string>>;
}

const AUTH = { iam: "AWS_IAM", public: "NONE" } as const;

/** Since October 2025 a URL that anybody may use needs both; a URL with IAM needs neither for callers of the same account. */
const PUBLIC_STATEMENTS: Omit<AddPermissionCommandInput, "FunctionName">[] = [
  { StatementId: "fusionize-url", Action: "lambda:InvokeFunctionUrl", Principal: "*", FunctionUrlAuthType: "NONE" },
  { StatementId: "fusionize-url-invoke", Action: "lambda:InvokeFunction", Principal: "*", InvokedViaFunctionUrl: true },
];

export function urlAccess({ kind, urls }: Target): UrlAccess | undefined {
  // Functions on this machine are invoked through the API only: nothing is asked of an endpoint that may not have URLs.
  return urls ?? (kind === "aws" ? "iam" : undefined);
}

export async function planUrls(connection: Connection, steps: readonly FunctionStep[]): Promise<UrlPlan> {
  const wanted = urlAccess(connection.target);
  if (wanted === undefined) return { actions: [], apply: async () => new Map() };
  const entries = steps.filter(({ isEntry }) => isEntry);
  const existing = await pool(entries, 5, ({ deployed }) =>
    deployed?.aliases.has(LIVE) ? readUrl(connection, deployed.functionName) : Promise.resolve(undefined),
  );
  const actions = entries.flatMap(({ desired }, index): Action[] => {
    const resource = `url ${desired.functionName}:${LIVE}`;
    const url = existing[index];
    if (wanted === "none") return url ? [{ kind: "delete", resource, reason: "not wanted any more" }] : [];
    const who = wanted === "iam" ? "callers with IAM rights" : "anybody";
    if (!url) return [{ kind: "create", resource, reason: `for ${who}` }];
    return [{ kind: url.access === wanted ? "keep" : "update", resource, reason: `for ${who}` }];
  });
  return {
    actions,
    async apply() {
      const urls = new Map<string, string>();
      await pool(entries, 5, async ({ desired: { functionName } }, index) => {
        const url = await bringUrl(connection, functionName, existing[index], wanted);
        if (url !== undefined) urls.set(functionName, url);
      });
      return urls;
    },
  };
}

async function readUrl(connection: Connection, FunctionName: string): Promise<ExistingUrl | undefined> {
  const request = new GetFunctionUrlConfigCommand({ FunctionName, Qualifier: LIVE });
  const answer = await found(patiently(connection, (options) => connection.lambda.send(request, options)));
  return answer && { url: answer.FunctionUrl ?? "", access: answer.AuthType === "NONE" ? "public" : "iam" };
}

async function bringUrl(
  connection: Connection,
  FunctionName: string,
  existing: ExistingUrl | undefined,
  wanted: UrlAccess,
): Promise<string | undefined> {
  const { lambda } = connection;
  const place = { FunctionName, Qualifier: LIVE };
  if (wanted === "none") {
    if (!existing) return undefined;
    await found(patiently(connection, (options) => lambda.send(new DeleteFunctionUrlConfigCommand(place), options)));
    await forbidPublic(connection, place);
    return undefined;
  }
  if (existing?.access === wanted) return existing.url;
  const AuthType = AUTH[wanted];
  const answer = existing
    ? await patiently(connection, (options) => lambda.send(new UpdateFunctionUrlConfigCommand({ ...place, AuthType }), options))
    : await createUrl(connection, { ...place, AuthType });
  // What was allowed for a URL stays behind when the URL changes or goes.
  if (wanted === "public") await allowPublic(connection, place);
  else if (existing) await forbidPublic(connection, place);
  return answer.FunctionUrl;
}

async function createUrl(
  connection: Connection,
  input: { FunctionName: string; Qualifier: string; AuthType: "AWS_IAM" | "NONE" },
): Promise<{ FunctionUrl?: string | undefined }> {
  const { lambda } = connection;
  try {
    return await patiently(connection, (options) => lambda.send(new CreateFunctionUrlConfigCommand(input), options));
  } catch (error) {
    // A repeated request whose first answer was lost.
    if (!isConflict(error)) throw error;
    return await patiently(connection, (options) => lambda.send(new UpdateFunctionUrlConfigCommand(input), options));
  }
}

async function allowPublic(connection: Connection, place: { FunctionName: string; Qualifier: string }): Promise<void> {
  for (const statement of PUBLIC_STATEMENTS) {
    const request = new AddPermissionCommand({ ...place, ...statement });
    await patiently(connection, (options) => connection.lambda.send(request, options)).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
    });
  }
}

async function forbidPublic(connection: Connection, place: { FunctionName: string; Qualifier: string }): Promise<void> {
  for (const { StatementId } of PUBLIC_STATEMENTS) {
    const request = new RemovePermissionCommand({ ...place, StatementId });
    await found(patiently(connection, (options) => connection.lambda.send(request, options)));
  }
}

function isConflict(error: unknown): boolean {
  return error instanceof Error && /^(?:Resource)?ConflictException$/.test(error.name);
}
