import { createErrorExplainer, type ErrorMeaning } from "@unitrain/core/http";
import { api } from "./api.ts";

const payment: ErrorMeaning = {
  code: "PAYMENT_REQUIRED",
  hint: "Add credit in RunPod's console: a pod starts only if the balance pays for at least one hour of it.",
};
const stock: ErrorMeaning = {
  code: "OUT_OF_STOCK",
  hint: "Try again later, or choose another GPU, number of GPUs or data center.",
  action: { type: "list-offers" },
};
const quota: ErrorMeaning = {
  code: "QUOTA_EXCEEDED",
  hint: "Terminate pods that you no longer need, or ask RunPod for a higher spending limit.",
};

/** Patterns of messages, in this order. RunPod has no code for a lack of capacity, only text. */
const messages: readonly (readonly [RegExp, ErrorMeaning])[] = [
  [
    /(?:insufficient|not enough|low|add) (?:account )?(?:balance|funds|credits?)|balance (?:is )?too low|payment/i,
    payment,
  ],
  [/spend(?:ing)? limit|quota|limit (?:reached|exceeded)|too many pods/i, quota],
  [
    /no longer any instances|no (?:\w+ )?instances? (?:\w+ )?available|not enough free gpus|does not have the resources|out of stock|no capacity|insufficient capacity|could not be placed|no (?:gpus?|machines?) available/i,
    stock,
  ],
];

export const { findMessageMeaning, toUnitrainError, explainFailures } = createErrorExplainer(api, {
  payment,
  notAllowed: {
    code: "PROVIDER_ACCESS",
    hint: "Give the key the permission Read/Write in RunPod's console, for GraphQL too: the key is valid but not allowed to do this. Without GraphQL, set option ownDeadline to false.",
  },
  notFound: {
    code: "NOT_AVAILABLE",
    hint: "Compare GPU, data center and image with the offers: one of them does not exist.",
    action: { type: "list-offers" },
  },
  messages,
});
