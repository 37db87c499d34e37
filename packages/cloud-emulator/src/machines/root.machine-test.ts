import { runMachineSuite } from "../../test/machine-suite.ts";

runMachineSuite("root");
