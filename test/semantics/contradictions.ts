/** Checks the records of one request against each other and against the setup they were made under. */
import type { InvocationRecord, Span } from "../../extension/core/record.ts";
import type { Variant } from "./platform/platform.ts";

/** Sentences, one for each thing that cannot be. */
export function contradictions(records: readonly InvocationRecord[], variant: Variant): string[] {
  const found: string[] = [];
  const traces = new Set(records.map(({ trace }) => trace));
  if (traces.size !== 1) found.push(`${traces.size} traces for one request`);
  const ids = new Map<string, Span>();
  const requests = new Map<string, number>();
  for (const record of records) {
    const parts = requests.get(record.request) ?? 0;
    requests.set(record.request, parts + 1);
    for (const span of record.spans) {
      if (ids.has(span.id)) found.push(`two spans with the id ${span.id}`);
      ids.set(span.id, span);
    }
    found.push(...withinRecord(record), ...againstSetup(record, variant));
  }
  found.push(...betweenRecords(records, ids));
  return [...new Set(found)].sort();
}

function withinRecord({ function: root, spans, duration, cpu, parent, invoked }: InvocationRecord): string[] {
  const found: string[] = [];
  const own = new Map(spans.map((span) => [span.id, span]));
  const [first] = spans;
  if (first?.kind !== "entry" || first.task !== root) found.push(`the record of ${root} does not begin with its own run`);
  if ((invoked === "unknown") !== (parent === undefined))
    found.push(`${root} was invoked ${invoked} but has the parent ${parent}`);
  for (const span of spans) {
    if (span.duration < 0 || span.start < 0 || span.start + span.duration > duration + 1)
      found.push(`${span.task} runs outside of its invocation`);
    if (span.cpu[0] < 0 || span.cpu[1] < span.cpu[0] || span.cpu[1] > cpu + 1)
      found.push(`${span.task} has CPU times that do not add up`);
    if (span.kind === "entry") continue;
    const caller = own.get(span.parent ?? "");
    if (!caller || caller.task !== span.caller)
      found.push(`${span.caller} is said to call ${span.task}, but the span's parent is of ${caller?.task}`);
    else if (caller.kind !== "entry" && caller.mode !== "inline")
      found.push(`${span.caller} calls ${span.task} from a run that is elsewhere`);
  }
  return found;
}

function againstSetup({ function: root, spans, invoked }: InvocationRecord, { setup, lossTolerated }: Variant): string[] {
  const { inline = [], inlineAsync = [] } = setup[root] ?? {};
  const found: string[] = [];
  const own = new Map(spans.map((span) => [span.id, span]));
  for (const { task, kind, mode, parent } of spans) {
    if (mode !== "inline" || kind === "entry") continue;
    const listed = kind === "sync" ? inline : inlineAsync;
    if (!listed.includes(task)) found.push(`${task} ran inline in ${root}, ${kind}, against the setup`);
    if (kind === "async" && invoked !== "async" && !lossTolerated.includes(task))
      found.push(`the event for ${task} could have got lost in ${root}`);
    if (kind !== "async") continue;
    for (let above = own.get(parent ?? ""); above; above = own.get(above.parent ?? "")) {
      if (above.task === task) found.push(`${task} follows itself inside one invocation of ${root}`);
    }
  }
  return found;
}

/** Every remote call has its invocation, every invocation its call. */
function betweenRecords(records: readonly InvocationRecord[], ids: ReadonlyMap<string, Span>): string[] {
  const found: string[] = [];
  const invocations = new Map<string, InvocationRecord[]>();
  for (const record of records) {
    if (record.parent === undefined) continue;
    invocations.set(record.parent, [...(invocations.get(record.parent) ?? []), record]);
    const span = ids.get(record.parent);
    if (span?.task !== record.function) found.push(`${record.function} was invoked by a span of ${span?.task}`);
    else if (span.mode === "inline" && !span.handedOver) found.push(`${record.function} was invoked for a call that ran inline`);
  }
  for (const span of ids.values()) {
    if (span.mode === "inline" && !span.handedOver) continue;
    const seen = invocations.get(span.id) ?? [];
    const requests = new Set(seen.map(({ request }) => request));
    // A call that was refused or ended by force leaves no record.
    if (requests.size === 0 && span.error === undefined)
      found.push(`nothing ran for the ${span.kind} call of ${span.task} by ${span.caller}`);
    if (requests.size > 1) found.push(`the ${span.kind} call of ${span.task} by ${span.caller} ran ${requests.size} times`);
    if (span.kind === "sync" && seen.length > 1) found.push(`the sync call of ${span.task} was repeated`);
  }
  return found;
}
