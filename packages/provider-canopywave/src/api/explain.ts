import { createErrorExplainer, type ErrorMeaning } from "@unitrain/core/http";
import { api } from "./api.ts";

const payment: ErrorMeaning = {
  code: "PAYMENT_REQUIRED",
  hint: "Add a default payment method or balance in CanopyWave's console, then try again. Some GPUs are charged 24 hours upfront.",
};
const network: ErrorMeaning = {
  code: "NO_NETWORK",
  hint: "Create a network for the project in CanopyWave's console that allows SSH, then try again.",
};
const stock: ErrorMeaning = {
  code: "OUT_OF_STOCK",
  hint: "Try again later, or choose another region or GPU.",
  action: { type: "list-offers" },
};
const quota: ErrorMeaning = {
  code: "QUOTA_EXCEEDED",
  hint: "Delete resources that you no longer need in this project, or ask CanopyWave for a larger quota.",
};
const notAllowed: ErrorMeaning = {
  code: "PROVIDER_ACCESS",
  hint: "Check the project and the rights of the key in CanopyWave's console: the key is valid but not allowed to do this.",
};
const notFound: ErrorMeaning = {
  code: "NOT_AVAILABLE",
  hint: "Compare project, region, flavor and image with the offers: one of them does not exist.",
  action: { type: "list-offers" },
};

/** Patterns of messages, in this order: "insufficient" may mean money, hosts or a quota. */
const messagePatterns: readonly (readonly [RegExp, ErrorMeaning])[] = [
  [
    /default payment method|payment|billing|insufficient (?:balance|funds|credits?)|(?:balance|credits?) (?:is )?(?:too low|insufficient)/i,
    payment,
  ],
  [/project network not found|network (?:was )?not found|no network/i, network],
  [
    /no valid host|out[ _-]of[ _-]stock|sold out|not available in|unavailable in|no capacity|insufficient (?:capacity|resources?|stock|hosts?)/i,
    stock,
  ],
  [/quota|limit exceeded|insufficient/i, quota],
];

export const { findMessageMeaning, toUnitrainError, explainFailures } = createErrorExplainer(api, {
  payment,
  notAllowed,
  notFound,
  messages: messagePatterns,
});
