import { task, type TaskContext } from "fusionize";
import { effect } from "./effects.ts";

/** What a context says, without what differs from run to run. */
function card(context: TaskContext, longest: number): Record<string, unknown> {
  const { functionName, invokedFunctionArn, logGroupName, awsRequestId, clientContext, trace } = context;
  const left = context.getRemainingTimeInMillis();
  return {
    members: Object.keys(context).sort(),
    // No setup and no alias in it: the qualifier is the release's everywhere.
    functionName,
    arn: invokedFunctionArn.split(":").slice(5, 7).join(":"),
    logGroupName,
    requestId: /^[0-9a-f-]{36}$/.test(awsRequestId),
    clientContext: clientContext ?? null,
    time: left > 0 && left <= longest,
    caller: trace.caller ?? null,
    trace: typeof trace.id === "string" && trace.id !== trace.span,
  };
}

const TIMEOUT = 20_000;

export const whoAmI = task("whoAmI", async (_input: void, context) => ({
  card: card(context, TIMEOUT),
  id: context.awsRequestId,
  trace: context.trace.id,
}));

export const ask = task("ask", async (_input: void, context) => {
  const answer = await whoAmI();
  return { card: card(context, TIMEOUT), answer: answer.card, sameTrace: answer.trace === context.trace.id };
});

/** Called asynchronously: what it sees becomes an effect. */
export const whoCalled = task("whoCalled", async (_input: void, context) => {
  await effect(JSON.stringify(card(context, TIMEOUT)));
});

/** Calls on, so that its callee's caller is neither the entry nor the root of its function. */
export const askLater = task("askLater", async () => {
  await whoCalled.async();
  const answer = await whoAmI();
  await effect(`askLater asked ${JSON.stringify(answer.card)}`);
});

/** Entry: asks around who everyone is. */
export const identity = task("identity", async (_input: unknown, context) => {
  const direct = await whoAmI();
  const again = await whoAmI();
  const throughAsk = await ask();
  await whoCalled.async();
  await askLater.async();
  return {
    direct: direct.card,
    ownIds: direct.id !== again.id && direct.id !== context.awsRequestId,
    sameTrace: direct.trace === context.trace.id,
    throughAsk,
  };
});
