import { createErrorExplainer } from "@unitrain/core/http";
import { cloud } from "./options.ts";

// 4. What the errors of your cloud mean for its users, and what they can do.
export const { explainFailures } = createErrorExplainer(cloud, {
  payment: {
    code: "PAYMENT_REQUIRED",
    hint: "Add a payment method in the console of Acme Name, then try again.",
  },
  notAllowed: {
    code: "PROVIDER_ACCESS",
    hint: "Check the rights of the key in the console of Acme Name: the key is valid but not allowed to do this.",
  },
  notFound: {
    code: "NOT_AVAILABLE",
    hint: "Choose another offer: this one no longer exists.",
    action: { type: "list-offers" },
  },
  messages: [
    [
      /sold out|no capacity/i,
      {
        code: "OUT_OF_STOCK",
        hint: "Try again later, or choose another GPU.",
        action: { type: "list-offers" },
      },
    ],
    [
      /quota/i,
      { code: "QUOTA_EXCEEDED", hint: "Delete what you no longer need, or ask for a larger quota." },
    ],
  ],
});
