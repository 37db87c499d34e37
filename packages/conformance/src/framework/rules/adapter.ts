import { checkAdapter } from "@unitrain/core/spec";
import { demand, demandNoError } from "../../suite/demand.ts";
import { findControlCharacters, findJsonFault, findSecret } from "../../suite/texts.ts";
import { frameworkRules } from "../rule.ts";

/** Rules about the adapter, and how it describes a training before anything is checked. */
export const adapterRules = frameworkRules([
  {
    id: "framework/has-all-members",
    demand: "The framework has every required member with its type, because core refuses any other object.",
    needs: [],
    async check(start) {
      const { subject } = await start();
      demandNoError(() => checkAdapter("framework", subject.framework));
    },
  },
  {
    id: "framework/recipe-is-json",
    demand: "The recipe is plain JSON, because another process reads it from disk.",
    needs: ["recipe"],
    async check(start) {
      const fault = findJsonFault((await start()).subject.framework.recipe);
      demand(fault === undefined, `In the recipe, ${fault}, which JSON does not keep.`);
    },
  },
  {
    id: "framework/describe-is-pure",
    demand: "`describe` returns the same JSON each time, because plan, screen and record call it.",
    needs: [],
    async check(start) {
      const { framework } = (await start()).subject;
      const described = framework.describe();
      const fault = findJsonFault(described);
      demand(fault === undefined, `In the description, ${fault}, which JSON does not keep.`);
      demand(
        JSON.stringify(framework.describe()) === JSON.stringify(described),
        "describe() returned something else the second time. Derive it from the options only.",
      );
    },
  },
  {
    id: "framework/job-is-one-line",
    demand: "`describe().job` is one line of text, because it stands in the plan and in lists.",
    needs: [],
    async check(start) {
      const { job } = (await start()).subject.framework.describe();
      demand(
        job !== "" && !/[\n\r]/.test(job) && findControlCharacters(job) === undefined,
        `describe().job is ${JSON.stringify(job)}. Return one line without control characters.`,
      );
    },
  },
  {
    id: "framework/plan-holds-no-secret",
    demand:
      "Recipe, description and job contain no secret, because they are written to disk; a job only names its variables.",
    needs: ["secrets"],
    async check(start) {
      const { subject, jobInput } = await start();
      const { framework, secrets = [] } = subject;
      const outputs = {
        recipe: framework.recipe,
        describe: framework.describe(),
        job: framework.job(jobInput),
      };
      for (const [name, output] of Object.entries(outputs)) {
        demand(
          findSecret(output, secrets) === undefined,
          `The ${name} contains a secret. Name its variable in \`secrets\` instead.`,
        );
      }
    },
  },
]);
