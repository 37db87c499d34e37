import { machineSuite } from "../__fixtures__/machine-suite.ts";

machineSuite("root");
