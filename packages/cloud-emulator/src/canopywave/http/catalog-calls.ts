import type { Reply } from "../../http/reply.ts";
import type { Flavor } from "../catalog.ts";
import type { EmulatedCloud } from "../cloud/cloud.ts";
import { createRefusal, createSuccess } from "./answers.ts";
import type { CallRequest } from "./call.ts";
import { readPlace, readProject, readText } from "./read-parameters.ts";

export function listProjects(cloud: EmulatedCloud): Reply {
  return createSuccess(cloud.settings.projects);
}

export function listRegions(cloud: EmulatedCloud, request: CallRequest): Reply {
  readProject(cloud, request);
  return createSuccess(cloud.settings.regions);
}

export function listImages(cloud: EmulatedCloud): Reply {
  return createSuccess(cloud.settings.images);
}

export function listInstanceTypes(cloud: EmulatedCloud, request: CallRequest): Reply {
  readProject(cloud, request);
  return createSuccess(
    cloud.settings.flavors.map(({ flavor, name, specs, priceCentsPerHour, priceHour, images }) => ({
      flavor,
      images,
      name,
      price: priceCentsPerHour,
      priceHour,
      specs,
    })),
  );
}

export function getFlavorAvailability(cloud: EmulatedCloud, request: CallRequest): Reply {
  const { region } = readPlace(cloud, request);
  const available = isInStock(findFlavor(cloud, readText(request, "flavor")), region);
  return createSuccess({ available, status: available ? "available" : "out_of_stock" });
}

export function getBalance(cloud: EmulatedCloud): Reply {
  return createSuccess({ balance: cloud.settings.balanceUsd, currency: "USD" });
}

export function getBilling(cloud: EmulatedCloud, request: CallRequest): Reply {
  readProject(cloud, request);
  const month = new Date(cloud.clock.now()).toISOString().slice(0, 7);
  return createSuccess({
    billing_num: `CW-${month}`,
    period_from: `${month}-01`,
    period_to: `${month}-28`,
    due_date: `${month}-28`,
    amount: 0,
    timestamp: new Date(cloud.clock.now()).toISOString(),
  });
}

export function findFlavor(cloud: EmulatedCloud, name: string): Flavor {
  const flavor = cloud.settings.flavors.find((candidate) => candidate.flavor === name);
  if (flavor === undefined) throw createRefusal(404, `Flavor ${name} could not be found.`);
  return flavor;
}

export function isInStock(flavor: Flavor, region: string): boolean {
  return flavor.regions?.includes(region) ?? true;
}
