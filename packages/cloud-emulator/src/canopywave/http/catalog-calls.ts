import type { Reply } from "../../http/reply.ts";
import type { Flavor } from "../catalog.ts";
import type { World } from "../world/world.ts";
import { createSuccess, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { readPlace, readProject, readText } from "./read-parameters.ts";

export function listProjects(world: World): Reply {
  return createSuccess(world.settings.projects);
}

export function listRegions(world: World, request: CallRequest): Reply {
  readProject(world, request);
  return createSuccess(world.settings.regions);
}

export function listImages(world: World): Reply {
  return createSuccess(world.settings.images);
}

export function listInstanceTypes(world: World, request: CallRequest): Reply {
  readProject(world, request);
  return createSuccess(
    world.settings.flavors.map(({ flavor, name, specs, priceCentsPerHour, priceHour, images }) => ({
      flavor,
      images,
      name,
      price: priceCentsPerHour,
      priceHour,
      specs,
    })),
  );
}

export function getFlavorAvailability(world: World, request: CallRequest): Reply {
  const { region } = readPlace(world, request);
  const available = isInStock(findFlavor(world, readText(request, "flavor")), region);
  return createSuccess({ available, status: available ? "available" : "out_of_stock" });
}

export function getBalance(world: World): Reply {
  return createSuccess({ balance: world.settings.balanceUsd, currency: "USD" });
}

export function getBilling(world: World, request: CallRequest): Reply {
  readProject(world, request);
  const month = new Date(world.clock.now()).toISOString().slice(0, 7);
  return createSuccess({
    billing_num: `CW-${month}`,
    period_from: `${month}-01`,
    period_to: `${month}-28`,
    due_date: `${month}-28`,
    amount: 0,
    timestamp: new Date(world.clock.now()).toISOString(),
  });
}

export function findFlavor(world: World, name: string): Flavor {
  const flavor = world.settings.flavors.find((candidate) => candidate.flavor === name);
  if (flavor === undefined) throw new Refusal(404, `Flavor ${name} could not be found.`);
  return flavor;
}

export function isInStock(flavor: Flavor, region: string): boolean {
  return flavor.regions?.includes(region) ?? true;
}
