type Fields = Readonly<Record<string, unknown>>;

const releases: Readonly<Record<string, string>> = { end: "delete", leave: "keep" };

/**
 * Returns a ledger entry with today's field names. Ledgers written before the fields were renamed are still read, because
 * their resources may still cost money.
 */
export function withCurrentNames(entry: Fields): Fields {
  const current: Record<string, unknown> = { ...entry };
  if ("resource" in entry) current.resource = resource(entry.resource);
  if ("resources" in entry) current.resources = each(entry.resources, resource);
  if ("proofs" in entry) current.proofs = each(entry.proofs, (proof) => changed(proof, "resource", resource));
  if ("plan" in entry) current.plan = plan(entry.plan);
  if (entry.type === "connected") current.machine = renamed(entry.machine, "reach", "connectionKind");
  if (entry.type !== "brought") return current;
  current.artifacts = each(entry.artifacts, (file) => changed(file, "role", role));
  return renamed(current, "left", "notDownloaded") as Fields;
}

/** Returns an event with today's field names, so that a run that an earlier version drove can still be replayed. */
export function withCurrentEventNames(event: Fields): Fields {
  switch (event.type) {
    case "job":
      return renamed(event, "why", "reason") as Fields;
    case "artifact":
      return changed(event, "role", role) as Fields;
    case "planned":
      return changed(event, "plan", plan) as Fields;
    case "finished":
      return changed(event, "receipt", receipt) as Fields;
    default:
      return event;
  }
}

function receipt(value: unknown): unknown {
  const current = changed(value, "artifacts", (files) => each(files, (file) => changed(file, "role", role)));
  return changed(current, "lease", (lease) => {
    const proven = changed(lease, "proofs", (proofs) =>
      each(proofs, (proof) => changed(proof, "resource", resource)),
    );
    return changed(proven, "unconfirmed", (resources) => each(resources, resource));
  });
}

function resource(value: unknown): unknown {
  return changed(renamed(value, "giveBack", "onRelease"), "onRelease", (release) =>
    typeof release === "string" ? (releases[release] ?? release) : release,
  );
}

function plan(value: unknown): unknown {
  const adapters = ["provider", "transport", "framework"];
  const changedPlan = adapters.reduce((current, name) => changed(current, name, adapter), value);
  return changed(changedPlan, "plugins", (plugins) => each(plugins, adapter));
}

function adapter(value: unknown): unknown {
  return changed(renamed(value, "origin", "recipe"), "recipe", (recipe) =>
    renamed(recipe, "make", "exportName"),
  );
}

function role(value: unknown): unknown {
  return value === "record" ? "extra" : value;
}

function each(list: unknown, change: (value: unknown) => unknown): unknown {
  return Array.isArray(list) ? list.map(change) : list;
}

function changed(value: unknown, name: string, change: (value: unknown) => unknown): unknown {
  return isFields(value) && name in value ? { ...value, [name]: change(value[name]) } : value;
}

function renamed(value: unknown, earlier: string, name: string): unknown {
  if (!isFields(value) || !(earlier in value) || name in value) return value;
  const { [earlier]: content, ...rest } = value;
  return { ...rest, [name]: content };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
