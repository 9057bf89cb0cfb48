/** What is drawn between tasks: per pair and kind one link, with how the call travels under each setup. */
import type { CallKind } from "../../extension/core/graph.ts";
import type { CallView } from "../protocol.ts";
import type { Homes } from "./homes.ts";
import type { Placement, Side } from "./refinement.ts";

export type Mode = "inlined" | "remote";

export interface Link {
  id: string;
  /** Placement of the caller. */
  from: string;
  /** Placement of the callee, or the clone of it that stands in the caller's function. */
  to: { placement: string } | { cloneIn: string };
  caller: string;
  callee: string;
  kind: CallKind;
  /** Absent under a setup where the call takes another way. */
  mode: Partial<Record<Side, Mode>>;
  perRequest: number | undefined;
  hopMs: number | undefined;
  /** US dollars per million requests, as measured under the current setup. */
  doubleBilled: number | undefined;
  /** See `CallView`; `unseen` only where no call site was seen. */
  evidence: CallView["evidence"];
  /** Call sites. */
  calls: CallView[];
}

/** Dollars per million requests from which waiting counts as paid twice; less rounds to nothing. */
const WORTH_WARNING = 0.005;

/** A remote synchronous call is paid twice by nature; a measurement may say that it does not matter. */
export function paysTwice(link: Link, side: Side): boolean {
  return link.kind === "sync" && link.mode[side] === "remote" && (link.doubleBilled ?? Number.POSITIVE_INFINITY) >= WORTH_WARNING;
}

export function linksOf(
  calls: readonly CallView[],
  placements: readonly Placement[],
  homes: Record<Side, Homes>,
  sides: readonly Side[],
  repeated: boolean,
): Link[] {
  const byTask = Map.groupBy(placements, (each) => each.task);
  const byId = new Map(placements.map((each) => [each.id, each]));
  const links = new Map<string, Link>();
  for (const call of calls) {
    for (const from of byTask.get(call.from) ?? []) {
      for (const side of sides) {
        const host = from.home[side];
        const mode: Mode = homes[side].inlines(host, call.to, call.kind) ? "inlined" : "remote";
        const to = target(call.to, host, mode, side);
        if (!to) continue;
        const id = JSON.stringify([from.id, call.to, call.kind, to]);
        let link = links.get(id);
        if (!link) {
          link = {
            id,
            from: from.id,
            to,
            caller: call.from,
            callee: call.to,
            kind: call.kind,
            mode: {},
            perRequest: undefined,
            hopMs: undefined,
            doubleBilled: undefined,
            evidence: call.evidence,
            calls: [],
          };
          links.set(id, link);
        }
        link.mode[side] = mode;
        if (!link.calls.includes(call)) add(link, call);
      }
    }
  }
  return [...links.values()];

  function target(callee: string, host: string, mode: Mode, side: Side): Link["to"] | undefined {
    if (repeated) {
      const placement = `${mode === "inlined" ? host : homes[side].home(callee)}/${callee}`;
      return byId.has(placement) ? { placement } : undefined;
    }
    if (!byId.has(callee)) return undefined;
    return mode === "inlined" && homes[side].home(callee) !== host ? { cloneIn: host } : { placement: callee };
  }
}

function add(link: Link, call: CallView): void {
  link.calls.push(call);
  if (call.evidence === undefined) link.evidence = undefined;
  link.perRequest ??= call.perRequest;
  link.doubleBilled ??= call.doubleBilledPerMillion;
  link.hopMs ??= call.hopMs;
}
