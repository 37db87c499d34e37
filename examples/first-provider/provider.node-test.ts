import { describe, it } from "node:test";
import { providerSuite } from "@unitrain/conformance";
import { lacks, start } from "./subject.ts";

providerSuite({ describe, it, name: "the toy cloud", lacks, start });
