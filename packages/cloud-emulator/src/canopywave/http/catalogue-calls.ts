import type { Reply } from "../../http/reply.ts";
import type { Flavor } from "../catalogue.ts";
import type { World } from "../world/world.ts";
import { data, Refusal } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { placeOf, projectOf, text } from "./place.ts";

export function projects(world: World): Reply {
  return data(world.settings.projects);
}

export function regions(world: World, request: CallRequest): Reply {
  projectOf(world, request);
  return data(world.settings.regions);
}

export function images(world: World): Reply {
  return data(world.settings.images);
}

export function instanceTypes(world: World, request: CallRequest): Reply {
  projectOf(world, request);
  return data(
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

export function flavorAvailability(world: World, request: CallRequest): Reply {
  const { region } = placeOf(world, request);
  const available = isInStock(flavorNamed(world, text(request, "flavor")), region);
  return data({ available, status: available ? "available" : "out_of_stock" });
}

export function balance(world: World): Reply {
  return data({ balance: world.settings.balanceUsd, currency: "USD" });
}

export function billing(world: World, request: CallRequest): Reply {
  projectOf(world, request);
  const month = new Date(world.clock.now()).toISOString().slice(0, 7);
  return data({
    billing_num: `CW-${month}`,
    period_from: `${month}-01`,
    period_to: `${month}-28`,
    due_date: `${month}-28`,
    amount: 0,
    timestamp: new Date(world.clock.now()).toISOString(),
  });
}

export function flavorNamed(world: World, name: string): Flavor {
  const flavor = world.settings.flavors.find((candidate) => candidate.flavor === name);
  if (flavor === undefined) throw new Refusal(404, `Flavor ${name} could not be found.`);
  return flavor;
}

export function isInStock(flavor: Flavor, region: string): boolean {
  return flavor.regions?.includes(region) ?? true;
}
