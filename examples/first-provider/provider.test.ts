import { providerSuite } from "@unitrain/conformance";
import { describe, it } from "vitest";
import { lacks, start } from "./subject.ts";

providerSuite({ describe, it, name: "the toy cloud", lacks, start });
