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
