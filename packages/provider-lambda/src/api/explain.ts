import { createErrorExplainer, type ErrorMeaning } from "@unitrain/core/http";
import { api } from "./api.ts";

const payment: ErrorMeaning = {
  code: "PAYMENT_REQUIRED",
  hint: "Verify your email address, and add a payment method and a valid billing address in Lambda's console.",
};
const stock: ErrorMeaning = {
  code: "OUT_OF_STOCK",
  hint: "Try again later, or choose another region or GPU.",
  action: { type: "list-offers" },
};
const quota: ErrorMeaning = {
  code: "QUOTA_EXCEEDED",
  hint: "Terminate instances that you no longer need, or ask Lambda for a larger quota.",
};

/** The codes of the specification, which the error shows after the message. The message itself may change. */
const codes: readonly (readonly [RegExp, ErrorMeaning])[] = [
  [/launch\/insufficient-capacity|not enough capacity/i, stock],
  [/global\/(?:account-inactive|invalid-address)/i, payment],
  [/quota-exceeded|ssh-key-limit/i, quota],
];

export const { findMessageMeaning, toUnitrainError, explainFailures } = createErrorExplainer(api, {
  payment,
  notAllowed: {
    code: "PROVIDER_ACCESS",
    hint: "Check the workspace and the rights of the key in Lambda's console: the key is valid but not allowed to do this.",
  },
  notFound: {
    code: "NOT_AVAILABLE",
    hint: "Compare region, instance type and image with the offers: one of them does not exist.",
    action: { type: "list-offers" },
  },
  messages: codes,
});
