/** Policies of the functions' execution roles: each may write its own log and call exactly the functions its tasks call. */

export interface Place {
  partition: string;
  region: string;
  account: string;
}

export const TRUST_POLICY = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

/**
 * Callees are named with the qualifiers that the fusion handler uses: release aliases, and `live` for functions that were
 * invoked without one. No CreateLogGroup: the group is made beforehand, and one made by Lambda would have no retention.
 */
export function policyOf(logGroup: string, callees: readonly string[], { partition, region, account }: Place): string {
  const statements: object[] = [
    {
      Sid: "Logs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}:*`,
    },
  ];
  if (callees.length > 0) {
    const functions = callees.map((name) => `arn:${partition}:lambda:${region}:${account}:function:${name}`);
    statements.push({
      Sid: "Calls",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: functions.flatMap((arn) => [`${arn}:r*`, `${arn}:live`]),
    });
  }
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** Compares what policies say; IAM may hand them back with other white space. */
export function samePolicy(a: string | undefined, b: string): boolean {
  try {
    return a !== undefined && JSON.stringify(JSON.parse(a)) === JSON.stringify(JSON.parse(b));
  } catch {
    return false;
  }
}

/** What sending requests and measuring them needs besides. */
export const MEASURING_ACTIONS = ["lambda:InvokeFunction"] as const;

/** Everything the deployer ever asks of AWS (a canary reads the log), by what it is asked of. A test compares it with the requests it really sends. */
export const DEPLOYER_ACTIONS = {
  functions: [
    "lambda:AddPermission",
    "lambda:CreateAlias",
    "lambda:CreateFunction",
    "lambda:CreateFunctionUrlConfig",
    "lambda:DeleteAlias",
    "lambda:DeleteFunction",
    "lambda:DeleteFunctionUrlConfig",
    "lambda:GetAlias",
    "lambda:GetFunction",
    "lambda:GetFunctionUrlConfig",
    "lambda:ListAliases",
    "lambda:ListVersionsByFunction",
    "lambda:PublishVersion",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:RemovePermission",
    "lambda:TagResource",
    "lambda:UpdateAlias",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:UpdateFunctionUrlConfig",
  ],
  roles: [
    "iam:AttachRolePolicy",
    "iam:CreateRole",
    "iam:DeleteRole",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListAttachedRolePolicies",
    "iam:PutRolePolicy",
    "iam:TagRole",
  ],
  logGroups: [
    "logs:CreateLogGroup",
    "logs:DeleteLogGroup",
    "logs:FilterLogEvents",
    "logs:ListTagsForResource",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
  ],
  /** AWS knows no narrower resource for these. */
  everything: ["lambda:ListFunctions", "logs:DescribeLogGroups", "sts:GetCallerIdentity"],
} as const;

/**
 * The least that whoever deploys an app's stage must be allowed. Tags given at creation need rights of their own; without
 * `managedRoles` the role given is handed over, and nothing else about roles is needed.
 */
export function deployerPolicy(
  prefix: string,
  { partition, region, account }: Place,
  managedRoles: true | { role: string },
  { measure = false } = {},
): object {
  const lambda = `arn:${partition}:lambda:${region}:${account}:function:${prefix}*`;
  const logs = `arn:${partition}:logs:${region}:${account}:log-group:/aws/lambda/${prefix}*`;
  const own = `arn:${partition}:iam::${account}:role/${prefix}*`;
  const role = managedRoles === true ? own : managedRoles.role;
  const functions = [...DEPLOYER_ACTIONS.functions, ...(measure ? MEASURING_ACTIONS : [])].sort();
  return {
    Version: "2012-10-17",
    Statement: [
      { Sid: "Functions", Effect: "Allow", Action: functions, Resource: [lambda, `${lambda}:*`] },
      { Sid: "LogGroups", Effect: "Allow", Action: DEPLOYER_ACTIONS.logGroups, Resource: [logs, `${logs}:*`] },
      ...(managedRoles === true ? [{ Sid: "Roles", Effect: "Allow", Action: DEPLOYER_ACTIONS.roles, Resource: own }] : []),
      {
        Sid: "HandOver",
        Effect: "Allow",
        Action: "iam:PassRole",
        Resource: role,
        Condition: { StringEquals: { "iam:PassedToService": "lambda.amazonaws.com" } },
      },
      { Sid: "Listing", Effect: "Allow", Action: DEPLOYER_ACTIONS.everything, Resource: "*" },
    ],
  };
}
