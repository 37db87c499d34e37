import { computeFingerprint } from "../http/key-calls.ts";
import { createAddress, createInstance, type Place, type World } from "./world.ts";

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
export function addColleagueResources(world: World): void {
  for (const project of world.settings.projects) {
    for (const region of world.settings.regions) {
      const place = { project, region };
      for (const name of similarNames) {
        addColleagueResource(world, place, "instance", name);
        addColleagueResource(world, place, "key", name);
      }
      addColleagueResource(world, place, "address", "");
      const address = createAddress(world, place, true);
      const owner = world.state.instances.findLast(
        (candidate) => candidate.project === project && candidate.region === region,
      );
      address.instanceId = owner?.id ?? null;
    }
  }
  world.saveChanges();
}

/** Adds a resource of a colleague. */
export function addColleagueResource(
  world: World,
  place: Place,
  kind: "instance" | "key" | "address",
  name: string,
): void {
  if (kind === "instance") {
    const [flavor] = world.settings.flavors;
    if (flavor !== undefined)
      createInstance(world, place, { name, flavor, image: flavor.images[0] ?? "", isForeign: true });
  } else if (kind === "address") {
    createAddress(world, place, true);
  } else {
    world.state.keys.push({
      name,
      ...place,
      publicKey: colleagueKey,
      fingerprint: computeFingerprint(colleagueKey),
      createdAtMs: world.clock.now(),
      isForeign: true,
      goneAtMs: null,
    });
  }
}
