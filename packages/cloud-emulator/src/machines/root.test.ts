import { machineSuite } from "../../test/machine-suite.ts";

machineSuite("root");
