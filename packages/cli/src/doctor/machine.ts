import type { Inspection, MachineCalls, NotReady } from "@unitrain/core";
import { UnitrainError } from "@unitrain/core/spec";
import { formatCount, formatDuration, formatUsd } from "@unitrain/view";
import { formatHint } from "../terminal/render/hint.ts";
import type { CheckResult } from "./check-result.ts";
import { checkFacts } from "./facts.ts";
import { inspectStored } from "./stored.ts";

/** Connects to the machine of a provider and inspects it. If it would have to be rented, only its offer is read. */
export async function checkMachine(
  machine: Pick<MachineCalls, "inspect">,
  showStatus: (message: string) => void,
): Promise<CheckResult[]> {
  try {
    return describeInspection(await machine.inspect({ showStatus }));
  } catch (error) {
    return [createFailedResult("machine", error)];
  }
}

function describeInspection(inspection: Inspection): CheckResult[] {
  if (inspection.state === "for-rent") return checkOffer(inspection);
  if (inspection.state === "unreachable") return [describeUnreachable(inspection.answer)];
  const { machine, connectedAfterSeconds, facts, environmentRoom, stored } = inspection;
  const found =
    machine.connectionKind === "local"
      ? "none is needed"
      : `reached and logged in within ${formatDuration(connectedAfterSeconds)}`;
  return [
    { state: "ok", name: "connection", found },
    ...checkFacts(facts, environmentRoom),
    ...inspectStored(stored),
  ];
}

function checkOffer({ quote, offers }: Extract<Inspection, { state: "for-rent" }>): CheckResult[] {
  const found = `${quote.machine}, ${formatUsd(quote.priceUsdPerHour)}/h, in stock: ${quote.available}`;
  const more = offers.length === 0 ? "" : `; ${formatCount(offers.length, "offer")} in all`;
  return [
    { state: "ok", name: "offer", found: `${found}${more}` },
    { state: "note", name: "machine", found: "not checked, because it would have to be rented" },
  ];
}

function describeUnreachable({ step, reason }: NotReady): CheckResult {
  return {
    state: "fail",
    name: "connection",
    found: `${step}: ${reason}`,
    hint: hints[step] ?? hints.tcp ?? "",
  };
}

/** Hints by the connection step that failed. */
const hints: Readonly<Record<string, string>> = {
  tcp: "Check that the machine is switched on, that its address and port are right, and that no firewall is in between.",
  banner: "Check the port: something answers there, but it is not an SSH server.",
  login:
    "Connect to the same name, port and user with `ssh` to see the reason: unitrain uses the same keys, agent and known_hosts.",
};

export function createFailedResult(name: string, error: unknown): CheckResult {
  const found = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
  const hint = UnitrainError.isInstance(error) ? formatHint(error) : undefined;
  return { state: "fail", name, found, ...(hint === undefined ? {} : { hint }) };
}
