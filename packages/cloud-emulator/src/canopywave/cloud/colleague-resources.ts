import { computeFingerprint } from "../http/key-calls.ts";
import { createAddress, createInstance, type EmulatedCloud, type Place } from "./cloud.ts";

/** Names similar to ours. A cleanup by prefix or substring would delete a colleague's resources. */
const similarNames = [
  "unitrain",
  "unitrain-",
  "unitrain-box",
  "unitrain-00000000-someone-1",
  "my-unitrain-00000000-run-1",
  "UNITRAIN-00000000-run-1",
  "cynthia-2",
];

const colleagueKey =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGJ1aWx0IGJ5IGEgY29sbGVhZ3VlLCBub3QgYnkgdXMh cynthia";

/** Adds a colleague's instances, keys and addresses; one of the addresses is not associated. */
export function addColleagueResources(cloud: EmulatedCloud): void {
  for (const project of cloud.settings.projects) {
    for (const region of cloud.settings.regions) {
      const place = { project, region };
      for (const name of similarNames) {
        addColleagueResource(cloud, place, "instance", name);
        addColleagueResource(cloud, place, "key", name);
      }
      addColleagueResource(cloud, place, "address", "");
      const address = createAddress(cloud, place, true);
      const owner = cloud.state.instances.findLast(
        (candidate) => candidate.project === project && candidate.region === region,
      );
      address.instanceId = owner?.id ?? null;
    }
  }
  cloud.saveChanges();
}

/** Adds a resource of a colleague. */
export function addColleagueResource(
  cloud: EmulatedCloud,
  place: Place,
  kind: "instance" | "key" | "address",
  name: string,
): void {
  if (kind === "instance") {
    const [flavor] = cloud.settings.flavors;
    if (flavor !== undefined)
      createInstance(cloud, place, { name, flavor, image: flavor.images[0] ?? "", isForeign: true });
  } else if (kind === "address") {
    createAddress(cloud, place, true);
  } else {
    cloud.state.keys.push({
      name,
      ...place,
      publicKey: colleagueKey,
      fingerprint: computeFingerprint(colleagueKey),
      createdAtMs: cloud.clock.now(),
      isForeign: true,
      goneAtMs: null,
    });
  }
}
